"""An officer shares out a week, looks at the plan and prints the sheet; narrow and dark, too."""

import pytest
from playwright.sync_api import expect

from tests.staff import WORDS

NARROW = {"width": 360, "height": 740}


def sign_in_as(page, login):
    """Sign in on the page that asks for it."""
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORDS)
    with page.expect_navigation():
        page.locator("main button").click()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark", "viewport": NARROW}])
def test_a_week_of_presence_from_the_form_to_the_sheet(desk, open_page_at, axe, look):
    """Form, plan, note of a finding, sheet: nothing wrong on any of them, and nothing too wide."""
    home, _ = desk
    page = open_page_at(home, "/presence", **look)
    sign_in_as(page, "pia")
    expect(page.locator("h1")).to_have_text("Präsenz")
    assert axe(page) == {}
    page.locator("#minutes").fill("450")
    page.locator("#seed").fill("11")
    with page.expect_navigation():
        page.get_by_role("button", name="Verteilen").click()
    expect(page.locator(".headline")).to_contain_text("an 5 Tagen")
    expect(page.locator(".stops > li").first).to_be_visible()
    assert axe(page) == {}
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    with page.expect_navigation():
        page.get_by_role("button", name="Festhalten").click()
    expect(page.locator("#found ~ ul li")).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("link", name="Einsatzblatt").click()
    sheets = page.locator(".sheets > li")
    expect(sheets.first).to_be_visible()
    assert axe(page) == {}
    assert page.evaluate(wide)
    page.emulate_media(media="print")
    expect(page.locator(".only-screen")).to_be_hidden()
    expect(page.locator("header.bar nav")).to_be_hidden()
    expect(sheets.first).to_be_visible()
