"""An officer's morning at the work list, and the citizen who knows better."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from geo_app.results import compute
from layers import ANALYSES
from layers.marks import Mark

from .test_moderation import sign_in

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
FITS = "document.documentElement.scrollWidth <= innerWidth"
WORDS = "Die Lampe an der Brücke wurde am Dienstag ersetzt."
EMPHASISED = ".map path.emphasised"


@pytest.fixture(autouse=True)
def _dark(desk):
    """Compute beforehand what the list would compute in the background."""
    _, app = desk
    analysis = ANALYSES["criticality"]
    compute(app.extensions["store"], analysis, analysis.parse({}))


@pytest.fixture
def code(desk):
    """Send and accept a mark beside a named street, older than all others; return its code."""
    _, app = desk
    streets = app.extensions["store"].read("streets")
    street = streets[(streets["name"] != "") & (streets.length > 60)].geometry.iloc[0]
    spot = street.interpolate(10)
    old = datetime.now(UTC) - timedelta(days=300)
    marks = app.extensions["marks"]
    added = marks.add(Mark("unsafe", spot.x, spot.y, ("poor_light",), "night"), at=old)
    marks.accept(added.id, by="mara", at=old + timedelta(days=1))
    return added.code


def test_an_officer_puts_a_task_right_and_a_citizen_opens_it_again(desk, open_page_at, code):
    """Filter, map in step, export, done; the code asks “better now?”, and it is still so."""
    home, _ = desk
    page = sign_in(open_page_at, home, "pia", viewport=DESK)
    expect(page).to_have_url(f"{home}/prevention")
    page.get_by_text("Nur manche zeigen").click()
    page.get_by_label("Wer etwas tun kann").select_option(label="Straßenbeleuchtung")
    page.get_by_label("Wann es darauf ankommt").select_option(label="im Dunkeln")
    with page.expect_navigation():
        page.get_by_role("button", name="Zeigen", exact=True).click()
    assert "office=street_lighting" in page.url
    row = page.locator("[data-task]").first
    expect(row).to_contain_text("überfällig: seit 300 Tagen offen")

    row.hover()
    expect(page.locator(EMPHASISED)).to_have_count(1)
    row.get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-task].here")).to_have_count(1)
    expect(page.locator("[data-task]").nth(1)).to_have_class("here")

    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV").click()
    told = fetched.value.path().read_text(encoding="utf-8-sig")
    assert told.splitlines()[1].split(",")[1] == "schlechtes Licht"

    with page.expect_navigation():
        row.get_by_role("link").click()
    page.get_by_label("Was getan wurde").fill(WORDS)
    with page.expect_navigation():
        page.get_by_role("button", name="Es ist behoben").click()
    expect(page.get_by_role("status").filter(has_text="Behoben")).to_contain_text("liest")
    assert "office=street_lighting" in page.url

    citizen = open_page_at(home, f"/report/{code}", viewport=PHONE)
    expect(citizen.get_by_role("heading", name="Ist es jetzt besser?")).to_be_visible()
    expect(citizen.locator("main")).to_contain_text(WORDS)
    with citizen.expect_navigation():
        citizen.get_by_role("button", name="Es ist noch so").click()
    expect(citizen.locator("main")).to_contain_text("Die Aufgabe ist wieder offen")

    page.reload()
    expect(page.locator("[data-task]").first).to_contain_text("wieder offen")


def test_what_is_put_right_by_mistake_is_undone_with_one_press(desk, open_page_at, code):
    """The list is as it was, and the citizen is asked nothing."""
    home, _ = desk
    page = sign_in(open_page_at, home, "pia", viewport=DESK)
    first = page.locator("[data-task]").first.get_attribute("data-task")
    with page.expect_navigation():
        page.locator("[data-task] h3 a").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Es ist behoben").click()
    expect(page.locator(f"[data-task='{first}']")).to_have_count(0)
    with page.expect_navigation():
        page.locator(".done").get_by_role("button", name="Rückgängig").click()
    expect(page.locator("[data-task]").first).to_have_attribute("data-task", first)
    citizen = open_page_at(home, f"/report/{code}")
    expect(citizen.get_by_role("heading", name="Ist es jetzt besser?")).to_have_count(0)


@pytest.mark.usefixtures("code")
def test_a_click_on_the_map_finds_its_row(desk, open_page_at):
    """By the button of the row, which every keyboard reaches; the card leads to the task."""
    home, _ = desk
    page = sign_in(open_page_at, home, "pia", viewport=DESK)
    row = page.locator("[data-task]").nth(2)
    row.get_by_role("button", name="Auf der Karte").click()
    expect(row).to_have_class("here")
    card = page.locator(".leaflet-popup .told")
    expect(card).to_be_visible()
    with page.expect_navigation():
        card.get_by_role("link").click()
    expect(page).to_have_url(f"{home}/prevention/tasks/{page.url.rsplit('/', 1)[1]}")
    expect(page.get_by_role("button", name="Es ist behoben")).to_be_visible()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(
    desk, open_page_at, axe, code, viewport, scheme
):
    home, _ = desk
    page = sign_in(open_page_at, home, "pia", viewport=viewport, color_scheme=scheme)
    task = page.locator("[data-task]").first.get_attribute("data-task")
    for path in ("/prevention?office=planning", f"/prevention/tasks/{task}", "/prevention/print"):
        page.goto(path)
        assert axe(page) == {}
        assert page.evaluate(FITS)
    with page.expect_navigation():
        page.goto(f"/prevention/tasks/{task}")
    with page.expect_navigation():
        page.get_by_role("button", name="Es ist behoben").click()
    assert axe(page) == {}
    page.goto(f"/report/{code}")
    assert axe(page) == {}
    assert page.evaluate(FITS)
