"""Long work in the browser: start it, leave, come back, cancel, survive a restart."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from geo_app import create_app
from geo_app.config import Settings
from layers import ANALYSES, Analysis, Text
from layers.question import Question
from layers.watch import Watch, nobody
from tests.serving import Served

COVERAGE = ANALYSES["coverage"]
LONG = 60_000
"""Milliseconds until a test gives up waiting for work."""


class Gate:
    """Holds the work up until a test lets it go on."""

    def __init__(self):
        self.go = threading.Event()


@pytest.fixture
def gate(monkeypatch):
    """Coverage as long work with a quick answer; it waits until the gate is opened."""
    made = Gate()

    def answer(population, streets, meeting_places, *, question: Question = Question()):
        return COVERAGE.run(population, streets, meeting_places, question=question)

    def waiting(
        population, streets, meeting_places, *, question: Question = Question(),
        watch: Watch = nobody,
    ):  # fmt: skip
        while not made.go.wait(0.05):
            watch(0.4, Text("looking for a good answer"))
        return answer(population, streets, meeting_places, question=question)

    def quick(population, streets, meeting_places, *, question: Question = Question()):
        found = answer(population, streets, meeting_places, question=question)
        return replace(found, final=False)

    about = {"title": Text("Coverage on foot"), "about": COVERAGE.about}
    slow = Analysis(waiting, **about, columns=COVERAGE.columns, quick=quick)
    monkeypatch.setitem(ANALYSES, "waiting", slow)
    yield made
    made.go.set()


class Town:
    """A server over the invented town that can be started anew."""

    def __init__(self, town, folder):
        # a store of its own: every start marks what is under way in its store as interrupted
        folder.mkdir(parents=True)
        own = folder / "store.sqlite"
        with (
            closing(sqlite3.connect(town.store.removeprefix("sqlite:///"))) as shared,
            closing(sqlite3.connect(own)) as copy,
        ):
            shared.backup(copy)
        text = {"GEO_APP_STORE": f"sqlite:///{own}", "GEO_APP_VAR": str(folder)}
        self.settings = Settings.from_environment(text)
        self.start()

    def start(self):
        """Start, as after a restart of the machine."""
        self.app = create_app(self.settings)
        self.served = Served(self.app, threads=8)
        self.home = self.served.home

    def stop(self):
        """Stop, without a word to whoever works."""
        self.served.stop()


@pytest.fixture
def server(town, tmp_path, gate):
    made = Town(town, tmp_path / "var")
    yield made
    gate.go.set()
    made.app.extensions["jobs"].close()
    made.stop()


def test_work_goes_on_when_the_page_is_left_and_its_answer_comes_by_itself(
    open_page_at, server, gate, axe
):
    """Start the proof, read the map meanwhile, come back to the progress; then it is there."""
    page = open_page_at(server.home, "/analyses/waiting?minutes=10")
    page.get_by_role("button", name="Beste Antwort suchen").click()
    progress = page.locator(".job-words")
    progress.wait_for()
    page.wait_for_function(
        "() => document.querySelector('.job-words').textContent.includes('40')", timeout=LONG
    )
    assert page.locator("progress").get_attribute("aria-label") == "Fortschritt"
    assert not axe(page)
    page.goto(f"{server.home}/analyses")
    page.goto(f"{server.home}/analyses/waiting?minutes=10")
    assert page.locator("[data-job][data-active]").count() == 1
    gate.go.set()
    page.wait_for_selector("#work", state="detached", timeout=LONG)
    assert page.locator("#answer").inner_text()


def test_cancelled_work_can_be_started_again(open_page_at, server, gate, axe):
    """On its own page: cancel, then start again, then go to the answer."""
    page = open_page_at(server.home, "/analyses/waiting?minutes=11")
    page.get_by_role("button", name="Beste Antwort suchen").click()
    page.get_by_role("link", name="Adresse dieser Berechnung").click()
    page.wait_for_url("**/jobs/*")  # the page before has such a button too
    page.get_by_role("button", name="Abbrechen").click()
    page.get_by_text("abgebrochen").wait_for()
    assert not axe(page)
    page.get_by_role("button", name="Neu starten").click()
    page.locator("progress").wait_for()
    gate.go.set()
    page.get_by_role("link", name="Zur Antwort").wait_for(timeout=LONG)
    page.get_by_role("link", name="Zur Antwort").click()
    page.wait_for_url("**/analyses/waiting*")
    page.wait_for_load_state("load")
    assert page.locator("#work").count() == 0


def test_a_restart_says_that_the_work_was_interrupted(open_page_at, server, gate):
    """The next server tells it on the page of the question, and starts it again on request."""
    page = open_page_at(server.home, "/analyses/waiting?minutes=12")
    page.get_by_role("button", name="Beste Antwort suchen").click()
    page.locator(".job-words").wait_for()
    page.goto("about:blank")
    server.stop()
    server.start()
    page = open_page_at(server.home, "/analyses/waiting?minutes=12")
    page.get_by_text("unterbrochen").wait_for()
    page.get_by_role("button", name="Neu starten").click()
    gate.go.set()
    page.wait_for_selector("#work", state="detached", timeout=LONG)


def test_without_a_script_the_page_asks_again_by_itself(open_page_at, server, gate):
    """A button starts the work, the page refreshes itself, the answer replaces the first one."""
    page = open_page_at(server.home, "/analyses/waiting?minutes=13", java_script_enabled=False)
    page.get_by_role("button", name="Beste Antwort suchen").click()
    page.locator("progress").wait_for()
    gate.go.set()
    page.wait_for_selector("#work", state="detached", timeout=LONG)


def test_new_sites_stand_on_the_map_as_numbered_pins(open_page, axe):
    """Two pins with their number and the name of their street; a click tells whom they gain."""
    page = open_page("/analyses/siting?places_more=2")
    pins = page.locator(".pin.marked")
    pins.first.wait_for(timeout=LONG)
    assert sorted(pins.all_inner_texts()) == ["1", "2"]
    assert page.locator(".legend .numbered").count() == 1
    first = page.get_by_role("button", name="1: ").first
    first.focus()
    page.keyboard.press("Enter")
    page.locator(".told").get_by_text("rechtzeitig hin").wait_for()
    page.keyboard.press("Escape")
    assert not axe(page)


def test_questions_are_listed_and_lead_to_their_pages(open_page, axe):
    """The list of all questions is a page of its own, reached from the menu."""
    page = open_page("/")
    page.get_by_role("link", name="Planen").first.click()
    page.get_by_role("heading", name="Was möchten Sie wissen?").wait_for()
    assert not axe(page)
    page.get_by_role("link", name="Wo sollten die nächsten Treffpunkte stehen?").click()
    page.wait_for_url("**/analyses/siting")
