"""Hot spots and silent areas in a real browser: calm with few marks, clear with many."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from geo_app import results
from layers import LAYERS
from layers.credible import MARKS
from layers.sample_town import marks as invented
from tests.staff import WORDS

PHONE = {"width": 360, "height": 740}
HOT, SILENT = "/analyses/hot_spots", "/analyses/silent_areas"


def sign_in(open_page_at, home, path, **wanted):
    """Open a page of the prevention office as somebody who works there."""
    page = open_page_at(home, f"/login?next={path}", **wanted)
    page.locator("#login").fill("pia")
    page.locator("#password").fill(WORDS)
    page.locator("main button").click()
    expect(page.locator(".answer .headline")).to_be_visible()
    return page


def drawn(page):
    """Return how the map draws the units: names of its colours."""
    config = json.loads(page.locator("#map-config").text_content())
    return next(source for source in config["sources"] if source["name"] == "cells")["inks"]


def fits(page):
    """Tell whether nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def many(desk, monkeypatch):
    """The same town twenty times as talkative."""
    home, app = desk
    store = app.extensions["store"]
    town = {name: store.read(name) for name in store.names() if name in LAYERS}
    monkeypatch.setattr(invented, "BACKGROUND", invented.BACKGROUND * 20)
    monkeypatch.setattr(invented, "EXCESS", invented.EXCESS * 20)
    table, truth = invented.sample_marks(town, seed=1, at=datetime.now(UTC))
    names = ["kind", "factors", "daytime", "state", "received_on", "geometry"]
    marks = MARKS.complete(table.loc[table["state"] == "published", names])
    monkeypatch.setattr(results, "credible_marks", lambda *_, **__: marks)
    return home, truth


def test_with_few_marks_the_page_is_calm_and_says_what_to_do(open_page_at, desk, axe):
    """No place is named, nothing has the colour of a hot spot; three things to do instead."""
    home, _ = desk
    page = sign_in(open_page_at, home, HOT)
    expect(page.locator(".headline")).to_contain_text("Zu wenige Markierungen für Auffälligkeiten")
    assert drawn(page) == ["g0", "g1", "g2", "g3"]
    assert page.locator(".legend .swatch.unsafe").count() == 0
    assert page.locator("[data-show]").count() == 0
    instead = page.locator("section", has=page.locator("#instead"))
    expect(instead.get_by_role("link", name="Arbeitsliste")).to_have_attribute(
        "href", "/prevention"
    )
    expect(page.get_by_text("exakter Test nach Fisher")).to_be_visible()
    assert axe(page) == {}
    page.emulate_media(color_scheme="dark")
    assert axe(page) == {}
    page.set_viewport_size(PHONE)
    assert fits(page)
    assert axe(page) == {}


def test_with_many_marks_places_are_named_listed_and_told(open_page_at, many, axe):
    """The list shows each place on the map; what is sure differs from a hint without colours."""
    home, _ = many
    page = sign_in(open_page_at, home, HOT)
    expect(page.locator(".headline")).to_contain_text("Orte fallen auf")
    assert drawn(page) == ["unsafe", "unsafe striped", "g0", "g3 hatched"]
    first = page.locator("table.gaps tbody tr").first
    expect(first).to_contain_text("auffällig, in den meisten Rastern")
    first.locator("[data-show]").click()
    told = page.locator(".told")
    expect(told).to_contain_text("auffällig, in den meisten Rastern")
    expect(told).to_contain_text("<\N{NO-BREAK SPACE}0,0001")
    page.keyboard.press("Escape")
    assert axe(page) == {}
    page.emulate_media(color_scheme="dark")
    assert axe(page) == {}
    page.set_viewport_size(PHONE)
    assert fits(page)


def test_silent_areas_are_hatched_and_say_where_to_ask_next(open_page_at, desk, axe):
    home, _ = desk
    page = sign_in(open_page_at, home, SILENT)
    expect(page.locator(".headline")).to_contain_text("kaum etwas bekannt")
    assert drawn(page) == ["known", "known striped", "g3 hatched"]
    unknown = page.locator(".legend li", has_text="nicht bekannt")
    assert "hatched" in unknown.locator(".swatch").get_attribute("class")
    pattern = "element => getComputedStyle(element).backgroundImage"
    assert "repeating-linear-gradient" in unknown.locator(".swatch").evaluate(pattern)
    first = page.locator("table.gaps tbody tr").first
    first.locator("[data-show]").click()
    expect(page.locator(".told")).to_contain_text("nicht bekannt")
    page.keyboard.press("Escape")
    assert axe(page) == {}
    page.emulate_media(color_scheme="dark")
    assert axe(page) == {}
    page.set_viewport_size(PHONE)
    assert fits(page)
