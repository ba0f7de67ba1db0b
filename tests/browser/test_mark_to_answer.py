"""From a mark to its answer in a real browser, over four roles; and the pages on the way."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from geo_app.store import Measures
from layers.measures import Status
from tests.browser.test_report import send, walk
from tests.staff import WORDS

SMALL = {"width": 360, "height": 780}
NAME = "Licht am Bahnhof"
WORDS_OF_CITY = "Die Lampen sind neu. Bitte sagen Sie uns, wie es jetzt ist."
STAFF_PAGES = ("/measures", "/measures/new", "/measures/{id}", "/measures/{id}/edit",
               "/measures/{id}/control", "/prevention/themes/{theme}/report")  # fmt: skip


class Time:
    """A clock that runs as all others do, but can be set forward."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        """Tell the time."""
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def time(desk):
    """The clock of the application."""
    _, app = desk
    app.config["CLOCK"] = Time()
    return app.config["CLOCK"]


def sign_in(open_page_at, home, login, **wanted):
    """Open the first page of staff and sign in."""
    page = open_page_at(home, "/login", **wanted)
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORDS)
    page.locator("main button").click()
    expect(page.locator(".desk")).to_contain_text(login)
    return page


def press(page, label, within="main"):
    """Press a button or follow a link, and wait for the page that comes."""
    with page.expect_navigation(wait_until="load"):
        page.locator(within).get_by_text(label, exact=True).first.click()


def write_down(pia, home, time):
    """Plan a measure within a theme that begins in ten days and is looked at for two months."""
    pia.goto(f"{home}/measures/new")
    pia.locator("#name").fill(NAME)
    pia.locator("#kind").select_option("lighting")
    pia.locator("#theme_id").select_option(index=1)
    pia.locator("#place_words").fill("Vor dem Bahnhof")
    pia.locator("#cost").fill("12.000")
    pia.locator("[name=factor][value=poor_light]").check()
    pia.locator("#expected").fill("50")
    begins = (time() + timedelta(days=10)).date()
    pia.locator("#from_on").fill(begins.isoformat())
    pia.locator("#until_on").fill((begins + timedelta(days=60)).isoformat())
    pia.locator("[name=baseline][value=before]").check()
    pia.locator("#buffer").fill("50")
    press(pia, "Speichern")


def place_and_lay_down(pia):
    """Give a measure a place and a control that is suggested, and lay down how it is judged."""
    pia.locator("#place").fill("Bahnhof")
    press(pia, "Suchen")
    pia.locator("[name=spot]").last.check()
    pia.locator("#metres").fill("200")
    press(pia, "Hinzufügen")
    press(pia, "Vergleichsgebiete vorschlagen")
    expect(pia.locator(".controls")).to_contain_text("Vorher:")
    with pia.expect_navigation():
        pia.locator(".controls button").first.click()
    expect(pia.locator(".outlook")).to_contain_text("ließe sich")
    press(pia, "Bewertungsplan festlegen")
    expect(pia.locator(".fixed")).to_contain_text("vor dem Beginn")


def test_from_a_mark_to_its_answer_over_four_roles(desk, time, open_page_at):
    home, app = desk
    kept = Measures(app.extensions["store"])

    # somebody marks a dark spot and keeps the code
    citizen = open_page_at(home, "/report", java_script_enabled=False, viewport=SMALL)
    walk(citizen, "check")
    code = send(citizen)
    citizen.goto(f"{home}/report/{code}")
    expect(citizen.locator(".timeline")).to_contain_text("wird von der Stadt gelesen")

    # a moderator reads it and gives it to an office
    mara = sign_in(open_page_at, home, "mara")
    marks = app.extensions["marks"]
    mara.goto(f"{home}/moderation/{marks.by_code(code).id}")
    with mara.expect_navigation():
        mara.locator("form[action*='/accept'] button").click()
    citizen.reload()
    expect(citizen.locator(".timeline")).to_contain_text("Straßenbeleuchtung")

    # the prevention office plans a measure within a theme
    pia = sign_in(open_page_at, home, "pia")
    write_down(pia, home, time)
    id_ = max(one.id for one in kept.all())
    expect(pia.locator("h1")).to_have_text(NAME)

    # at its place, with a control that is suggested, judged by what is laid down now
    place_and_lay_down(pia)
    citizen.reload()
    expect(citizen.locator("main")).not_to_contain_text(NAME)  # what is only planned is not told

    # it begins, and whoever spoke up reads so
    time.ahead += timedelta(days=10)
    pia = sign_in(open_page_at, home, "pia")
    pia.goto(f"{home}/measures/{id_}")
    press(pia, "Sie hat begonnen")
    citizen.reload()
    expect(citizen.locator(".timeline")).to_contain_text(f"in Arbeit: {NAME}")
    expect(citizen.locator(".timeline")).to_contain_text("was daraus wird, lesen Sie hier")

    # nothing is judged before its time; then the numbers say what may be said
    press(pia, "Sie ist umgesetzt")
    expect(pia.locator("#answer")).to_have_count(0)
    time.ahead += timedelta(days=61)
    pia = sign_in(open_page_at, home, "pia")
    pia.goto(f"{home}/measures/{id_}")
    expect(pia.locator("blockquote.verdict")).to_contain_text("kein")
    pia.locator("#words").fill(WORDS_OF_CITY)
    press(pia, "Antwort veröffentlichen")
    expect(pia.locator(".answered")).to_contain_text(WORDS_OF_CITY)
    assert kept.get(id_).status is Status.JUDGED

    # the citizen reads the answer with the code, and everybody reads it, too
    citizen.reload()
    expect(citizen.locator(".timeline")).to_contain_text(WORDS_OF_CITY)
    public = open_page_at(home, "/spots")
    with public.expect_navigation():
        public.locator(".spots-actions").get_by_text("Was daraus wurde").click()
    expect(public).to_have_url(re.compile("/answers"))
    expect(public.locator(f"#m{id_}")).to_contain_text(WORDS_OF_CITY)
    expect(public.locator(f"#m{id_}")).not_to_contain_text("12.000")
    assert code not in public.content()


def test_an_area_drawn_on_the_map_becomes_a_place(desk, open_page_at):
    home, app = desk
    kept = Measures(app.extensions["store"])
    planned = next(one for one in kept.all() if one.status is Status.PLANNED)
    page = sign_in(open_page_at, home, "pia")
    page.goto(f"{home}/measures/{planned.id}")
    expect(page.locator(".map[data-ready=true]")).to_be_visible()
    page.locator("[data-draw]").click()
    for x, y in ((120, 120), (320, 130), (220, 300)):
        page.locator(".map .canvas").click(position={"x": x, "y": y})
    with page.expect_navigation():
        page.locator("[data-add-drawn]").click()
    assert kept.get(planned.id).places.area > planned.places.area


def test_the_invented_town_shows_what_a_ledger_looks_like(desk):
    """One is planned though nothing could be told, one runs, one is judged without evidence."""
    _, app = desk
    found = {one.status: one for one in Measures(app.extensions["store"]).all()}
    assert {Status.PLANNED, Status.RUNNING, Status.JUDGED} <= set(found)
    every = Measures(app.extensions["store"]).all()
    judged = [one for one in every if one.answer is not None]
    assert {"too_few", "counted"} == {one.answer.evidence for one in judged}
    assert all(one.in_advance for one in judged if one.places is not None)
    assert any(one.places is None for one in judged)


@pytest.fixture
def paths(desk):
    """Pages of staff, of the measure that is planned."""
    _, app = desk
    store = app.extensions["store"]
    planned = next(one for one in Measures(store).all() if one.status is Status.PLANNED)
    told = {"id": planned.id, "theme": planned.theme_id}
    judged = [one.id for one in Measures(store).all() if one.status is Status.JUDGED]
    return [*(path.format(**told) for path in STAFF_PAGES), *(f"/measures/{i}" for i in judged)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way(desk, paths, open_page_at, axe, scheme):
    home, _ = desk
    assert axe(open_page_at(home, "/answers", color_scheme=scheme)) == {}
    page = sign_in(open_page_at, home, "pia", color_scheme=scheme)
    for path in paths:
        page.goto(home + path, wait_until="load")
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert axe(page) == {}, path


def test_everything_fits_a_small_phone(desk, paths, open_page_at):
    home, _ = desk
    page = sign_in(open_page_at, home, "pia", viewport=SMALL)
    for path in ("/answers", *paths):
        page.goto(home + path, wait_until="load")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path


def test_the_report_of_a_theme_is_printed_without_the_frame(desk, paths, open_page_at):
    """On paper there is the report alone, and no card is torn."""
    home, _ = desk
    page = sign_in(open_page_at, home, "pia")
    page.goto(home + paths[5], wait_until="load")
    page.emulate_media(media="print")
    for gone in (".bar .tabs", ".desk", ".subtabs", ".foot nav"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#missing")).to_be_visible()
    assert page.locator("article.card").first.evaluate("e => getComputedStyle(e).breakInside") == (
        "avoid"
    )
