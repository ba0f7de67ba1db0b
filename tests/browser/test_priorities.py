"""Priorities and focus themes in a real browser: weights move, order and map follow at once."""

import random
from urllib.parse import urlencode

import pytest
from pandas import DataFrame
from playwright.sync_api import expect

from geo_app import office_work
from geo_app.office_work import CANNOT, AfterDark
from tests.staff import WORDS

PRIORITIES, THEMES = "/prevention/priorities", "/prevention/themes"
PARTS = ("people_dark", "severity", "evidence", "repeated", "waiting", "near")
SHOWN = "document.querySelectorAll('[data-ranking] > li')"
ORDER = f"() => [...{SHOWN}].map(card => card.dataset.task)"
POINTS = f"() => [...{SHOWN}].map(card => Number(card.querySelector('[data-points]').textContent))"
MOVE = """([name, value]) => {
  const slider = document.querySelector(`[data-for="${name}"]`);
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return [...document.querySelectorAll("[data-ranking] > li")].map(card => card.dataset.task);
}"""
"""Moves a slider as a hand does, and tells the order of the list in the same moment."""
DRAWN = """() => Object.fromEntries([...window[document.querySelector(".map .canvas").id].city
  .dressing.get("cells")(window[document.querySelector(".map .canvas").id].city.features
  .get("cells"))].map(one => [one.id, one.properties.rank]))"""
SMALL = {"width": 360, "height": 740}
WIDER = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def dark(monkeypatch):
    """What is known of people after dark: nothing, unless a test says otherwise."""
    known = [AfterDark(None, CANNOT)]
    monkeypatch.setattr(office_work, "after_dark", lambda _: known[0])
    return known


@pytest.fixture
def enter(desk, dark, open_page_at):  # noqa: ARG001, nothing is computed in the background
    """Open a page as somebody of staff, straight from signing in."""

    def entered(path, login="pia", **wanted):
        home, _ = desk
        page = open_page_at(home, f"/login?{urlencode({'next': path})}", **wanted)
        page.locator("#login").fill(login)
        page.locator("#password").fill(WORDS)
        with page.expect_navigation():
            page.locator("main button").click()
        expect(page.locator(".desk")).to_contain_text(login)
        return page

    return entered


def told(page, act):
    """Do something after which the page asks for the sentences; return what the server says."""
    with page.expect_response(lambda got: f"{PRIORITIES}/state" in got.url) as answer:
        act()
    found = answer.value.json()
    first = page.locator(".ranked").first
    expect(first.locator("[data-why]")).to_have_text(found["rows"][found["order"][0]]["why"])
    return found


def test_a_slider_orders_list_and_map_at_once_and_as_the_server_does(enter):
    """The order is there before the server is asked, and is the same for twelve random weights."""
    page = enter(PRIORITIES)
    before = page.evaluate(ORDER)
    moved = []
    found = told(page, lambda: moved.extend(page.evaluate(MOVE, ["waiting", "10"])))
    assert moved != before
    assert moved == found["order"][: len(moved)] == page.evaluate(ORDER)
    chance = random.Random(7)
    for _ in range(12):
        name, value = chance.choice(PARTS), str(chance.randrange(1, 20) / 2)
        found = told(page, lambda name=name, value=value: page.evaluate(MOVE, [name, value]))
        assert page.evaluate(ORDER) == found["order"][: len(moved)]
        assert page.evaluate(POINTS) == found["points"][: len(moved)]
    ranks = page.evaluate(DRAWN)
    assert sorted(ranks) == sorted(found["order"])
    first = page.locator(".ranked").first
    assert ranks[found["order"][0]] == first.locator("[data-rank]").inner_text()


def test_an_order_has_an_address_that_leads_back_to_it_without_scripts_too(enter, desk):
    page = enter(PRIORITIES)
    found = told(page, lambda: page.locator("#near").fill("7.5"))
    address = page.url
    assert "near=7.5" in address
    page.reload()
    assert page.evaluate(ORDER) == found["order"][:25]
    plain = enter(address.removeprefix(desk[0]), java_script_enabled=False)
    assert plain.locator(".ranked").count() == 25
    assert plain.locator(".ranked").first.get_attribute("data-task") == found["order"][0]
    plain.locator("#near").fill("0")
    with plain.expect_navigation():
        plain.get_by_role("button", name="Rangfolge bilden").click()
    assert "near=0" in plain.url


def test_a_set_of_weights_is_one_click_and_more_tasks_come_with_another(enter):
    page = enter(PRIORITIES)
    oldest = page.get_by_role("link", name="Am längsten Wartende zuerst")
    found = told(page, oldest.click)
    expect(oldest).to_have_attribute("aria-current", "true")
    expect(page.locator("#waiting")).to_have_value("5")
    assert page.evaluate(ORDER) == found["order"][:25]
    found = told(page, page.locator("[data-more]").click)
    assert page.evaluate(ORDER) == found["order"][:50]
    expect(page.locator(".ranked").nth(25).locator("a")).to_be_focused()
    expect(page.locator(".ranked").nth(40).locator("[data-why]")).to_contain_text("Rang")


def test_all_of_it_works_with_keys_alone(enter):
    page = enter(PRIORITIES)
    page.locator("[data-for=near]").focus()
    found = told(page, lambda: page.keyboard.press("End"))
    expect(page.locator("#near")).to_have_value("10")
    assert page.evaluate(ORDER) == found["order"][:25]
    page.locator(".ranked").nth(1).locator("[data-show]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup h3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    link = page.locator(".ranked").first.locator("[data-link]")
    link.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/prevention/tasks/{found['order'][0]}")


def test_what_has_become_known_meanwhile_changes_list_and_map(enter, desk, dark):
    """A street with open tasks loses 5,000 people by night: from the next movement on it counts."""
    page = enter(PRIORITIES)
    expect(page.locator("[data-never]")).to_contain_text("Betroffene bei Dunkelheit")
    streets = desk[1].extensions["store"].read("streets")
    dark[0] = AfterDark(
        DataFrame({"people_lost": 5000.0}, index=streets.index[::2]), versions=("now",)
    )
    found = told(page, lambda: page.evaluate(MOVE, ["people_dark", "10"]))
    expect(page.locator("[data-never]")).to_have_count(0)
    expect(page.locator(".ranked").first.locator("[data-part=people_dark]")).to_contain_text("99")
    assert page.evaluate(ORDER) == found["order"][:25]
    assert page.evaluate(DRAWN)[found["order"][0]].startswith("1")


def test_without_any_weight_the_order_stays_and_the_page_says_why(enter):
    page = enter(PRIORITIES)
    before = None
    for name in PARTS:
        before = page.evaluate(ORDER)
        page.evaluate(MOVE, [name, "0"])
    expect(page.locator("[data-trouble]")).to_be_visible()
    assert page.evaluate(ORDER) == before
    told(page, lambda: page.evaluate(MOVE, ["near", "1"]))
    expect(page.locator("[data-trouble]")).to_be_hidden()


def test_weights_that_were_moved_become_those_of_the_city(enter, desk):
    page = enter(PRIORITIES)
    told(page, lambda: page.evaluate(MOVE, ["near", "9"]))
    page.locator("#own summary").click()
    page.locator("#reason").fill("Beschluss vom März")
    with page.expect_navigation():
        page.get_by_role("button", name="Als Gewichte der Stadt festlegen").click()
    own = desk[1].extensions["weighings"].latest()
    assert (own.weights["near"], own.reason, own.by) == (9.0, "Beschluss vom März", "pia")
    expect(page.locator(".done")).to_contain_text("Gewichte der Stadt")


def test_a_theme_is_chosen_and_closed_and_the_closing_undone(enter):
    page = enter(THEMES)
    page.locator("#new summary").click()
    page.locator("#name").fill("Sichere Schulwege")
    page.locator("#new").get_by_label("Verkehr", exact=True).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Thema anlegen").click()
    expect(page.locator("h1")).to_have_text("Sichere Schulwege")
    expect(page.locator(".months tbody tr")).to_have_count(13)
    page.get_by_text("Thema abschließen").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Thema abschließen").click()
    expect(page.locator(".done")).to_contain_text("Bearbeitet vom")
    with page.expect_navigation():
        page.get_by_role("button", name="Letzte Änderung rückgängig machen").click()
    expect(page.locator(".done")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, SMALL], ids=["desk", "phone"])
def test_everybody_can_use_these_pages(enter, axe, scheme, size):
    """Nothing for axe to find, nothing wider than the screen."""
    wanted = {"color_scheme": scheme} | ({"viewport": size} if size else {})
    page = enter(PRIORITIES, **wanted)
    for details in page.locator("main details").all():
        details.evaluate("one => { one.open = true; }")
    assert axe(page) == {}
    assert page.evaluate(WIDER) <= 0
    for path in (THEMES, f"{THEMES}/1"):
        page.goto(path)
        for details in page.locator("main details").all():
            details.evaluate("one => { one.open = true; }")
        assert axe(page) == {}, path
        assert page.evaluate(WIDER) <= 0, path
