"""A night walk in a real browser: planned, taken along, the network cut, the server restarted."""

import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import waitress
from playwright.sync_api import expect

from geo_app import create_app, night_walks, shelf
from geo_app.store import People, Rating, Stop
from geo_app.store.walk_ratings import conflicts, table
from tests.staff import QUICK, STAFF, WORDS

from .test_plan import FITS

CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_FAILED", "404")
"""What a browser says of a network that is cut, a server that is down, a walk that is closed."""
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
SCHEMES = ("light", "dark")


class Office:
    """A server over a copy of the invented town that can be stopped and started again."""

    def __init__(self, settings):
        self.settings, self.port = settings, 0
        self.start()
        store = self.app.extensions["store"]
        for login, roles in STAFF.items():
            self.people(store).add(
                login, roles, at=datetime.now(UTC) - timedelta(days=30), password=WORDS
            )

    def people(self, store):
        """Accounts that hash as quickly as can be."""
        return People(store, self.settings, hasher=QUICK)

    def start(self):
        """Begin to serve, on the same port as before."""
        self.app = create_app(self.settings)
        self.app.extensions["people"] = self.people(self.app.extensions["store"])
        self.server = waitress.create_server(self.app, host="127.0.0.1", port=self.port, threads=4)
        self.port = self.server.effective_port
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        self.home = f"http://127.0.0.1:{self.port}"

    def stop(self):
        """Stop serving, and forget everything that is not in the store."""
        self.server.close()
        self.thread.join(timeout=10)
        self.app.extensions["store"].close()

    @property
    def walks(self):
        """Return the walks as they are kept."""
        return self.app.extensions["walks"]

    def newest(self):
        """Return the walk made last; the invented town has two already."""
        return self.walks.listed()[0]

    def ratings(self):
        """Return everything that was sent to the walk made last."""
        return self.app.extensions["walk_ratings"].all(self.newest().id)

    def walk(self):
        """Return a walk of three stops, open for ratings; planned as its page does it."""
        store = self.app.extensions["store"]
        homes = shelf.table(store, "meeting_places").geometry.centroid.iloc[:4]
        start, *spots = [(point.x, point.y) for point in homes]
        told = night_walks.USUAL | {
            "start": {"x": start[0], "y": start[1], "name": "Anfang"}, "limit": 9000.0,
        }  # fmt: skip
        stops = [Stop(x, y, f"Halt {number}") for number, (x, y) in enumerate(spots, 1)]
        at = datetime.now(UTC)
        made = self.walks.add("Rundgang", told, by="pia", at=at, stops=stops)
        stops, route = night_walks.planned(store, told, made.stops)
        self.walks.plan(made.id, settings=told, stops=stops, route=route, on=1, by="pia", at=at)
        return self.walks.open(made.id, by="pia", at=at)


@pytest.fixture
def office(town, tmp_path):
    """Return an office of its own for each test."""
    with (
        closing(sqlite3.connect(town.var / "store.sqlite")) as there,
        closing(sqlite3.connect(tmp_path / "store.sqlite")) as here,
    ):
        there.backup(here)
    shutil.copytree(town.var / "basemap", tmp_path / "basemap")
    made = Office(replace(town, var=tmp_path, store=f"sqlite:///{tmp_path}/store.sqlite"))
    yield made
    made.stop()


@pytest.fixture
def phone(open_page_at, office, page_faults):
    """Open a walk on a phone of its own, and wait until it needs no network any more."""

    def opened(walk, **wanted):
        page = open_page_at(office.home, f"/walks/go/{walk.token}", **(PHONE | wanted))
        page.wait_for_selector("body[data-begun]")
        page.wait_for_selector("body[data-kept=true]")
        return page

    yield opened
    # what the network was cut for is no fault of a page
    page_faults[:] = [told for told in page_faults if not any(cut in told for cut in CUT)]


def rate(page, number, **items):
    """Rate a stop by touching steps."""
    page.evaluate("hash => { location.hash = hash; }", f"#stop-{number}")
    expect(page.locator(".eyebrow")).to_contain_text(f"Haltepunkt {number} ")
    for name, step in items.items():
        touched = page.locator(f"[data-item={name}] [data-step='{step}']")
        touched.tap()
        expect(touched).to_have_attribute("aria-pressed", "true")


def pressed(page, number, name):
    """Return the step that is chosen, or None."""
    page.evaluate("hash => { location.hash = hash; }", f"#stop-{number}")
    expect(page.locator(".eyebrow")).to_contain_text(f"Haltepunkt {number} ")
    return page.evaluate(
        "name => document.querySelector(`[data-item=${name}] [aria-pressed=true]`)?.dataset.step",
        name,
    )


def synced(page):
    """Wait until nothing waits on the device any more."""
    page.wait_for_selector("body[data-waiting='0']")


def word_of(page):
    """Return the word of a device."""
    page.evaluate("() => { location.hash = ''; }")
    return page.locator("[data-word]").text_content()


def cut(*pages):
    """Cut the network."""
    for page in pages:
        page.context.set_offline(True)


def mend(*pages):
    """Bring the network back."""
    for page in pages:
        page.context.set_offline(False)


def medians(office):
    """Return what counts, as rows of stop, rater, light."""
    counted = table(office.ratings())
    return sorted(counted[["stop", "rater", "light"]].to_numpy().tolist())


def test_a_walk_without_network_loses_nothing_and_sends_nothing_twice(office, phone):
    """Two people, no network, a restart of the server, a page loaded anew in the dark."""
    walk = office.walk()
    anna, bert = phone(walk), phone(walk)
    cut(anna, bert)
    rate(anna, 1, light=0, path=2)
    rate(bert, 1, light=1)
    office.stop()
    rate(anna, 2, light=3)
    anna.reload()
    anna.wait_for_selector("body[data-begun]")
    assert pressed(anna, 1, "light") == "0"
    assert pressed(anna, 2, "light") == "3"
    rate(anna, 3, feeling=1)
    anna.locator("#note").fill("Die Lampe am Eingang flackert")
    anna.locator("#note").blur()
    expect(anna.locator("[data-net]")).to_contain_text("3 Einträge")
    office.start()
    mend(anna, bert)
    synced(anna)
    synced(bert)
    first, second, third = (one.id for one in walk.stops)
    counted = table(office.ratings())
    assert len(counted) == 4
    light = {(r.stop, r.rater): r.light for r in counted.itertuples() if r.light == r.light}
    assert sorted(light.values()) == [0, 1, 3]
    assert {stop for stop, _ in light} == {first, second}
    assert [one.note for one in office.ratings() if one.stop == third] == [
        "Die Lampe am Eingang flackert"
    ]
    before = len(office.ratings())
    anna.reload()
    anna.wait_for_selector("body[data-begun]")
    anna.locator("[data-overview]").tap()
    anna.locator("[data-send]").tap()
    expect(anna.locator("[data-net]")).to_contain_text("Alles ist gesendet")
    assert len(office.ratings()) == before
    assert not conflicts(office.ratings())


def test_an_answer_that_never_arrives_leads_to_no_second_entry(office, phone):
    """The server keeps what came, but the phone does not hear of it, and changes it once more."""
    walk = office.walk()
    anna = phone(walk)
    lost = []

    def loses(route):
        route.fetch()
        lost.append(1)
        route.abort()

    anna.route("**/entries", loses)
    rate(anna, 1, light=0)
    anna.locator(".onward button").tap()
    anna.wait_for_function(
        "() => document.querySelector('[data-net]').textContent.includes('Netz')"
    )
    assert lost
    rate(anna, 1, light=2)
    anna.unroute("**/entries")
    anna.locator("[data-overview]").tap()
    anna.locator("[data-send]").tap()
    synced(anna)
    assert [row[2] for row in medians(office)] == [2]
    assert not conflicts(office.ratings())


def test_two_versions_of_one_person_are_shown_and_a_person_decides(office, phone):
    """One word on two devices that do not know of each other."""
    walk = office.walk()
    one, other = phone(walk), phone(walk)
    rate(one, 1, light=0)
    one.locator(".onward button").tap()
    synced(one)
    other.locator("details", has_text="Anderes Gerät").locator("summary").first.tap()
    other.locator("#word").fill(word_of(one))
    other.locator("[data-continue] button").tap()
    expect(other.locator(".big").first).to_have_text("Weiter")
    assert pressed(other, 1, "light") == "0"
    cut(other)
    rate(other, 1, light=3)
    rate(one, 1, light=1)
    one.locator(".onward button").tap()
    synced(one)
    mend(other)
    synced(other)
    expect(other.locator(".conflict")).to_contain_text("Licht")
    assert len(conflicts(office.ratings())) == 1
    assert medians(office)[0][2] != medians(office)[0][2], "unknown until somebody decides"
    other.get_by_role("button", name="Die von diesem Gerät nehmen").tap()
    expect(other.locator("body")).to_have_attribute("data-conflicts", "0")
    synced(other)
    expect(other.locator("[data-net]")).to_contain_text("gesendet")
    assert [row[2] for row in medians(office)] == [3]
    assert not conflicts(office.ratings())
    one.locator("[data-overview]").tap()
    one.locator("[data-send]").tap()
    expect(one.locator("body")).to_have_attribute("data-conflicts", "0")
    synced(one)
    one.evaluate("() => { location.hash = '#stop-1'; }")
    expect(one.locator("[data-item=light] [data-step='3']")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_touch_is_undone_also_after_the_page_was_loaded_anew(office, phone):
    anna = phone(office.walk())
    rate(anna, 2, light=1)
    rate(anna, 2, light=3)
    anna.reload()
    anna.wait_for_selector("body[data-begun]")
    anna.locator("[data-undo]").tap()
    expect(anna.locator("[data-told]")).to_contain_text("Rückgängig gemacht")
    assert pressed(anna, 2, "light") == "1"
    anna.locator("[data-undo]").tap()
    expect(anna.locator("[data-item=light] [aria-pressed=true]")).to_have_count(0)


def test_a_walk_that_the_office_changes_or_closes_meanwhile_keeps_everything(office, phone):
    walk = office.walk()
    anna = phone(walk)
    cut(anna)
    rate(anna, 1, light=2)
    left = walk.stops[1:]
    now = datetime.now(UTC)
    store = office.app.extensions["store"]
    stops, route = night_walks.planned(store, walk.settings, left)
    office.walks.plan(walk.id, settings=walk.settings, stops=stops, route=route, on=walk.version,
                      by="pia", at=now)  # fmt: skip
    mend(anna)
    expect(anna.locator("[data-notices]")).to_contain_text(walk.stops[0].name)
    synced(anna)
    assert [one.stop for one in office.ratings()] == [walk.stops[0].id]
    office.walks.close(walk.id, by="pia", at=now)
    rate(anna, 1, light=1)
    anna.reload()
    anna.wait_for_selector("body[data-begun]")
    expect(anna.locator("[data-net]")).to_contain_text("geschlossen")
    assert pressed(anna, 1, "light") == "1"
    with anna.expect_download() as saved:
        anna.locator("[data-overview]").tap()
        anna.locator("[data-save]").tap()
    assert saved.value.suggested_filename.endswith(".json")
    office.walks.open(walk.id, by="pia", at=now)
    anna.locator("[data-send]").tap()
    synced(anna)
    assert len([one for one in office.ratings() if one.state == "live"]) == 2


def test_a_note_with_a_personal_detail_is_pointed_out(office, phone):
    anna = phone(office.walk())
    rate(anna, 1, light=2)
    anna.locator("#note").fill("Frau Beispiel wohnt hier, Tel. 0721 1234567")
    anna.locator(".onward button").tap()
    notice = anna.locator("[data-notices] a")
    expect(notice).to_contain_text("etwas Persönliches")
    notice.tap()
    expect(anna.locator("[data-personal]")).to_contain_text("Frau Beispiel")


def test_the_page_to_take_along_is_accessible_and_fits(office, phone, axe):
    anna = phone(office.walk())
    for hash_, wait in (("", "[data-word]"), ("#stop-1", ".item"), ("#end", ".overview")):
        anna.evaluate("hash => { location.hash = hash; }", hash_)
        anna.wait_for_selector(wait, state="attached")
        assert axe(anna) == {}, hash_
        assert anna.evaluate(FITS), hash_
    anna.evaluate("() => { location.hash = '#stop-1'; }")
    box = anna.locator(".steps button").first.bounding_box()
    assert box["height"] >= 56
    assert box["width"] >= 200


def enter(page, login="pia"):
    """Sign in."""
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORDS)
    with page.expect_navigation():
        page.locator("main button").click()


def test_an_evening_from_the_plan_to_the_layer(office, open_page_at, phone):
    """An officer plans a walk by hand, two people rate it, and it becomes a layer."""
    page = open_page_at(office.home, "/login?next=/walks")
    enter(page)
    page.locator("#name").fill("Rund um den Markt")
    with page.expect_navigation():
        page.get_by_role("button", name="Planen", exact=True).click()
    store = office.app.extensions["store"]
    streets = [name for name in shelf.table(store, "streets")["name"].unique() if name]
    for words, role in zip(streets, ("start", "stop"), strict=False):
        page.locator("#q").fill(words)
        with page.expect_navigation():
            page.locator("form.search button").click()
        with page.expect_navigation():
            page.locator(f".found li button[value={role}]").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="So viele wie möglich hinzufügen").click()
    expect(page.locator("#way h2")).to_contain_text("km")
    page.wait_for_function("() => document.querySelector('.map').dataset.ready === 'true'")
    box = page.locator(".map .canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    with page.expect_navigation():
        page.locator(".told button").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Für Bewertungen öffnen").click()
    walk = office.newest()
    assert walk.route["metres"] <= walk.settings["limit"]
    for light in (0, 1):
        rater = phone(walk)
        rate(rater, 1, light=light, feeling=1)
        rater.locator(".onward button").tap()
        synced(rater)
    page.goto(f"/walks/{walk.id}/results")
    expect(page.locator("table.rated")).to_contain_text("0,5")
    with page.expect_navigation():
        page.get_by_role("button", name="Abschließen und Ergebnisse schreiben").click()
    written = store.read("audits")
    assert written[written.walk == str(walk.id)].light.tolist() == [0.5]
    page.goto("/layers/audits")
    expect(page.locator("h1")).to_contain_text("Nachtspaziergänge")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_the_office_are_accessible(office, open_page_at, axe, scheme, width):
    walk = office.walk()
    word = "ANNA2345"
    for rater in (word, "BERT2345"):
        office.app.extensions["walk_ratings"].receive(
            walk.token, rater, ratings_of(walk, rater), at=datetime.now(UTC)
        )
    page = open_page_at(
        office.home, "/login?next=/walks", color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    enter(page)
    mine = f"/walks/{walk.id}"
    for path in ("/walks", f"{mine}?q=markt", f"{mine}/sheet", f"{mine}/results", f"{mine}/paper"):
        page.goto(path)
        assert axe(page) == {}, path
        assert page.evaluate(FITS), path


def ratings_of(walk, rater):
    """Return ratings of one person, and a second version that contradicts the first."""
    at = datetime.now(UTC)
    first = [Rating(str(uuid4()), one.id, {"light": 1, "path": 2}, "Hecke", (), at)
             for one in walk.stops]  # fmt: skip
    again = Rating(str(uuid4()), walk.stops[0].id, {"light": len(rater) % 3}, "", (), at)
    return [*first, again]
