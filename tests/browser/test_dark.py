"""After dark, and which dark ways matter: as planners and the works department meet them."""

import re
import urllib.request

import pytest
from playwright.sync_api import expect

AFTER_DARK = "/analyses/after_dark"
CRITICALITY = "/analyses/criticality"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module", autouse=True)
def computed(base_url):
    """Let the server answer once without haste: on a fresh machine it compiles first."""
    for path in (AFTER_DARK, CRITICALITY):
        assert urllib.request.urlopen(base_url + path, timeout=240).status == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", [AFTER_DARK, CRITICALITY, f"{CRITICALITY}/rows"])
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(
    open_page, axe, path, viewport, scheme
):
    page = open_page(path, viewport=viewport, color_scheme=scheme)
    assert axe(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_day_and_dark_stand_side_by_side(open_page):
    """The headline is about the dark, the day follows, and a table has both for each group."""
    page = open_page(AFTER_DARK)
    expect(page.locator("#answer")).to_contain_text("Nach Einbruch der Dunkelheit")
    expect(page.locator(".perspective")).to_contain_text("Am Tag:")
    heads = page.locator("table", has_text="Für wen").locator("th[scope=col]").all_inner_texts()
    assert any("Am Tag" in head for head in heads)
    assert any("Im Dunkeln mindestens" in head for head in heads)
    expect(page.locator(".legend")).to_contain_text("Unbeleuchtete Wege")


def test_the_factor_is_an_assumption_that_can_be_changed(open_page):
    """With factors of 1 the dark changes nothing: nobody loses a place."""
    page = open_page(AFTER_DARK)
    expect(page.locator(".notes")).to_contain_text("Annahme")
    page.locator("details.further summary").click()
    page.locator("input[name=dark_factor]").fill("1")
    page.locator("input[name=spot_factor]").fill("1")
    page.locator("details.further button[type=submit]").click()
    page.wait_for_url(re.compile("dark_factor=1"))
    expect(page.locator(".perspective")).to_contain_text("verlieren: 0 ")


def test_a_way_of_the_list_is_shown_on_the_map(open_page):
    """The first of the list opens a card with the people it brings back."""
    page = open_page(f"{CRITICALITY}?unknown_light=dark&dark_factor=4")
    first = page.locator("table.gaps tbody tr").first
    expect(first).to_be_visible()
    first.locator("button.show").click()
    expect(page.locator(".leaflet-popup .told")).to_contain_text("Zwischen")


def test_it_says_that_unlit_is_not_dangerous_and_draws_no_way_around(open_page):
    for path in (AFTER_DARK, CRITICALITY):
        page = open_page(path)
        expect(page.locator(".notes")).to_contain_text("Unbeleuchtet heißt nicht gefährlich")


def test_without_scripts_the_lists_stand_there(open_page):
    page = open_page(CRITICALITY, java_script_enabled=False)
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("table.gaps tbody tr").first).to_be_visible()
