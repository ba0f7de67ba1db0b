"""The page of methods in a real browser: readable, in the dark, on a phone, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SMALL = {"width": 360, "height": 740}
EARLY = {"width": 320, "height": 640}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, axe, scheme):
    assert axe(open_page("/methods", color_scheme=scheme)) == {}


@pytest.mark.parametrize("viewport", [SMALL, EARLY], ids=["360", "320"])
def test_it_fits_a_phone_and_everything_wide_scrolls_by_itself(open_page, axe, viewport):
    page = open_page("/methods", viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main :is(table, math)')].filter(one =>
            one.getBoundingClientRect().right > innerWidth && !one.closest('.scroll')).length"""
    )
    assert outside == 0
    assert axe(page) == {}


def test_it_needs_no_script(open_page):
    page = open_page("/methods", java_script_enabled=False)
    assert page.locator("svg.yes").count() > 40
    assert page.locator("svg.no").count() == 0
    page.get_by_role("link", name="Nahe Wiederholungen").first.click()
    assert page.url.endswith("#repeats")


def test_the_contents_stay_beside_the_chapters(open_page):
    """Wide screens only; every entry leads to a chapter that is there."""
    page = open_page("/methods")
    links = page.locator(".toc a")
    for number in range(links.count()):
        target = links.nth(number).get_attribute("href")
        expect(page.locator(f"h2{target}")).to_have_count(1)
    page.locator("h2#wdd, h2#measures").first.scroll_into_view_if_needed()
    box = page.locator(".toc").bounding_box()
    assert 0 <= box["y"] < 900


def test_formulas_are_drawn_as_formulas(open_page):
    """A fraction stands on a line: numerator above denominator."""
    page = open_page("/methods")
    above = page.evaluate(
        """() => [...document.querySelectorAll('mfrac:not([linethickness])')].every(one => {
            const [top, bottom] = one.children;
            return top.getBoundingClientRect().bottom <= bottom.getBoundingClientRect().top + 2;
        })"""
    )
    assert above


def test_on_paper_nothing_is_cut_off(open_page):
    page = open_page("/methods", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    wider = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('math, table')]"
        ".map(one => one.getBoundingClientRect().right - innerWidth))"
    )
    assert wider <= 0
