"""A moderator's day in a real browser: by mouse, by keyboard, on a phone, without scripts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from layers.marks import Mark, State
from tests.staff import WORDS

PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
PAGES = {
    "mara": ("/moderation", "/moderation?state=all", "/findings?place=Linden"),
    "pia": ("/release", "/findings"),
    "ada": ("/people", "/audit"),
    "paul": ("/password", "/moderation/log"),
}
"""Pages of staff by who may open them."""
NUMBER = "030 23125 417"
"""A telephone number that is kept for fiction."""


@pytest.fixture
def marks(desk):
    """Send three marks beside one street, older than all others; return their ids."""
    _, app = desk
    streets = app.extensions["store"].read("streets")
    street = streets[(streets["name"] != "") & (streets.length > 60)].geometry.iloc[0]
    said = (
        (("poor_light",), "Die Lampe ist dunkel.", 10),
        (("poor_light", "overgrown"), f"Rufen Sie mich an: {NUMBER}", 12),
        (("run_down",), "", 14),
    )
    old = datetime.now(UTC) - timedelta(days=700)
    ids = []
    for number, (factors, note, along) in enumerate(said):
        spot = street.interpolate(along)
        told = Mark("unsafe", spot.x, spot.y, factors, "night", "", 3, note)
        added = app.extensions["marks"].add(told, at=old + timedelta(hours=number))
        ids.append(added.id)
    return ids


def sign_in(open_page_at, home, login, **wanted):
    """Open the first page of staff and sign in."""
    page = open_page_at(home, "/login", **wanted)
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORDS)
    page.locator("main button").click()
    expect(page.locator(".desk")).to_contain_text(login)
    return page


def form(page, act):
    """Return the form of one act on the page of a mark; opened if it is folded."""
    found = page.locator(f"form[action*='/{act}']")
    folded = page.locator(f"details:not([open]):has(form[action*='/{act}']) > summary")
    if folded.count():
        folded.click()
    return found


def do(page, act):
    """Press the button of one act."""
    form(page, act).locator("button").click()


def state_of(desk, id_):
    """Return where a mark stands in the store."""
    return desk[1].extensions["marks"].get(id_).state


def test_a_moderators_day(desk, marks, open_page_at):
    """Sign in, read the oldest mark, ask, look with a reason, accept, join, undo, sign out."""
    home, app = desk
    page = sign_in(open_page_at, home, "mara")
    expect(page).to_have_url(re.compile("/moderation$"))
    expect(page.locator(".queue li").first).to_contain_text("überfällig")

    page.locator("a[data-key=n]").click()
    expect(page.locator("h1")).to_have_text("schlechtes Licht")
    form(page, "ask").locator("textarea").fill("Welche Lampe ist gemeint?")
    do(page, "ask")
    expect(page).to_have_url(re.compile(f"/{marks[1]}"))
    assert state_of(desk, marks[0]) is State.ASKED

    # the next mark has come by itself; the telephone number is covered until there is a reason
    expect(page.locator(".done")).to_contain_text("schlechtes Licht")
    expect(page.locator("blockquote")).not_to_contain_text(NUMBER)
    form(page, "reveal").locator("input[type=text]").fill("Lampe vor Ort ansehen")
    do(page, "reveal")
    expect(page.locator("blockquote mark")).to_have_text(NUMBER)
    expect(page.locator(".leaflet-marker-icon")).to_be_visible()
    do(page, "clean")
    expect(page.locator("blockquote")).to_contain_text("[…]")

    do(page, "accept")
    expect(page).to_have_url(re.compile(f"/{marks[2]}"))
    assert state_of(desk, marks[1]) is State.PUBLISHED
    form(page, "merge").locator(f"input[value='{marks[1]}']").check()
    do(page, "merge")
    expect(page).to_have_url(re.compile(f"done={marks[2]}"))
    assert state_of(desk, marks[2]) is State.MERGED

    page.goto(f"{home}/moderation/{marks[1]}")
    do(page, "resolve")
    expect(page).to_have_url(re.compile(f"done={marks[1]}"))
    assert state_of(desk, marks[1]) is State.RESOLVED
    do(page, "undo")
    expect(page.locator("ol.history")).to_be_visible()
    assert state_of(desk, marks[1]) is State.PUBLISHED
    [look] = app.extensions["marks"].looks(marks[1])
    assert look.reason == "Lampe vor Ort ansehen"

    do(page, "logout")
    expect(page.locator(".desk")).to_have_count(0)
    page.goto(f"{home}/moderation")
    expect(page).to_have_url(re.compile("/login"))


def test_everything_works_without_scripts(desk, marks, open_page_at):
    home, _ = desk
    page = sign_in(open_page_at, home, "mara", java_script_enabled=False)
    page.goto(f"{home}/moderation/{marks[0]}")
    form(page, "reject").locator("input[value=spam]").check()
    do(page, "reject")
    expect(page).to_have_url(re.compile(f"/{marks[1]}"))
    assert state_of(desk, marks[0]) is State.REJECTED
    do(page, "accept")
    expect(page).to_have_url(re.compile(f"done={marks[1]}"))
    assert state_of(desk, marks[1]) is State.PUBLISHED


def test_clear_marks_are_ticked_and_decided_together_without_scripts(desk, marks, open_page_at):
    home, _ = desk
    page = sign_in(open_page_at, home, "mara", java_script_enabled=False)
    for id_ in marks[:2]:
        page.locator(f".queue input[value='{id_}']").check()
    page.locator("form#several button").click()
    expect(page.locator("input[name=mark]:checked")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text(NUMBER)
    page.locator("button[value=accept]").click()
    expect(page.locator(".done").first).to_contain_text("2 Markierungen sind entschieden")
    assert [state_of(desk, id_) for id_ in marks[:2]] == [State.PUBLISHED] * 2


def test_marks_of_one_square_are_all_offered_by_a_click_on_it(desk, marks, open_page_at):
    """Only one of them lies on top of the map."""
    home, app = desk
    kept = app.extensions["marks"]
    queue = [one.mark for one in kept.queue(at=datetime.now(UTC), limit=1000)]
    here = [one.id for one in queue if one.coarse == kept.get(marks[0]).coarse]
    assert len(here) > 1
    page = sign_in(open_page_at, home, "mara")
    page.locator(f"[data-show='{marks[0]}']").click()
    expect(page.locator(".leaflet-popup h3")).to_have_text("schlechtes Licht")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.wait_for_timeout(300)  # a popup that closes fades
    page.locator(".canvas").click()
    expect(page.locator(".leaflet-popup h3")).to_have_text(f"{len(here)} Einträge hier")
    expect(page.locator(".stacked a")).to_have_count(len(here))
    page.locator(f".stacked a[href='/moderation/{marks[2]}']").click()
    expect(page.locator("h1")).to_have_text("verwahrlost oder schmutzig")


def test_decisions_by_keys_alone(desk, marks, open_page_at):
    """One slip of a finger accepts nothing; keys can be switched off; typing is typing."""
    home, _ = desk
    page = sign_in(open_page_at, home, "mara")
    expect(page.locator(".keys")).to_be_visible()  # the script is there
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(f"/{marks[0]}"))
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("[data-key=a]")).to_be_focused()
    assert state_of(desk, marks[0]) is State.RECEIVED
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile(f"/{marks[1]}"))
    assert state_of(desk, marks[0]) is State.PUBLISHED

    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("an alle")
    expect(page.locator("#question")).to_have_value("an alle")
    page.locator(".keys > summary").click()
    page.locator("[data-keys]").uncheck()
    page.locator("h1").click()
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile(f"/{marks[1]}"))


def test_a_mark_of_the_list_is_shown_on_the_map(desk, marks, open_page_at):
    home, _ = desk
    page = sign_in(open_page_at, home, "mara")
    expect(page.locator(".map[data-ready=true]")).to_be_visible()
    page.locator(f"[data-show='{marks[0]}']").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("schlechtes Licht")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.locator(f"[data-show='{marks[0]}']").click()
    page.locator(".leaflet-popup a.btn").click()
    expect(page).to_have_url(re.compile(f"/{marks[0]}"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_pages_of_staff(desk, marks, open_page_at, axe, scheme):
    home, _ = desk
    assert axe(open_page_at(home, "/login", color_scheme=scheme)) == {}
    for login, paths in PAGES.items():
        page = sign_in(open_page_at, home, login, color_scheme=scheme)
        for path in (*paths, *([f"/moderation/{marks[1]}"] if login == "mara" else [])):
            page.goto(home + path)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            assert axe(page) == {}, path


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["phone", "smallest"])
def test_pages_of_staff_fit_a_phone(desk, marks, open_page_at, viewport):
    home, _ = desk
    for login, paths in PAGES.items():
        page = sign_in(open_page_at, home, login, viewport=viewport)
        for path in (*paths, *([f"/moderation/{marks[1]}"] if login == "mara" else [])):
            page.goto(home + path)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, path
            expect(form(page, "logout").locator("button")).to_be_visible()
