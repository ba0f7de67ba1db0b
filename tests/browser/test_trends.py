"""Trends and near repeats in a real browser: bands, heat, sentences, on a phone and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.staff import WORDS

PAGES = ("/analyses/mark_trends", "/analyses/near_repeats")
SMALL = {"width": 360, "height": 740}


def sign_in(open_page_at, home, **wanted):
    """Sign in as somebody of the prevention office."""
    page = open_page_at(home, "/login", **wanted)
    page.locator("#login").fill("pia")
    page.locator("#password").fill(WORDS)
    with page.expect_navigation(wait_until="load"):
        page.locator("main button").click()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(desk, open_page_at, axe, scheme):
    home, _ = desk
    page = sign_in(open_page_at, home, color_scheme=scheme)
    for path in PAGES:
        page.goto(home + path)
        assert axe(page) == {}, path


def test_they_fit_a_phone(desk, open_page_at):
    home, _ = desk
    page = sign_in(open_page_at, home, viewport=SMALL)
    for path in PAGES:
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_the_question_is_changed_by_its_parts_and_the_curve_follows(desk, open_page_at):
    """The band lies behind the line; a part of the sentence opens its choices."""
    home, _ = desk
    page = sign_in(open_page_at, home)
    page.goto(home + PAGES[0])
    expect(page.locator("svg.chart .band")).to_have_count(1)
    before = page.locator("svg.chart .line").get_attribute("d")
    page.locator("button.part", has_text="unsicherer Stellen").click()
    page.locator("[name=kind][value=at_ease]").check()
    with page.expect_navigation(wait_until="load"):
        page.locator(".sheet:popover-open button[type=submit]").click()
    expect(page.locator("h1.question")).to_contain_text("angenehmer Stellen")
    assert page.locator("svg.chart .line").get_attribute("d") != before
