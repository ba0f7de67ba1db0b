"""The right of reply in a real browser: without scripts, on a phone, by ear, then on the desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.staff import WORDS

SMALL = {"width": 360, "height": 740}
NUMBER = "030 23125 417"
"""A telephone number that is kept for fiction."""


def go(page, button):
    """Press a button at the thumb and wait until what follows is there."""
    with page.expect_navigation(wait_until="load"):
        page.locator(f".foot-actions [value={button}]").click()


def begin(open_page_at, home, **wanted):
    """Open the form of the first spot of the list, from the list."""
    page = open_page_at(home, "/spots", **wanted)
    with page.expect_navigation(wait_until="load"):
        page.locator("ul.spots a[href$='/reply']").first.click()
    return page


def send(page):
    """Send after as long as a person needs at least."""
    page.wait_for_timeout(4500)
    go(page, "send")
    expect(page.locator("h1")).to_have_text("Danke. Ihre Äußerung ist angekommen.")


def sign_in(open_page_at, home, path, login="mara", **wanted):
    """Sign in and open a page of staff."""
    page = open_page_at(home, "/login", **wanted)
    page.locator("#login").fill(login)
    page.locator("#password").fill(WORDS)
    with page.expect_navigation(wait_until="load"):
        page.locator("main button").click()
    page.goto(home + path)
    return page


def test_a_reply_goes_from_a_citizen_to_an_answer_beside_the_spot(desk, open_page_at):
    """Without any script on the citizen's side; details are shown before they are sent."""
    home, app = desk
    page = begin(open_page_at, home, java_script_enabled=False, viewport=SMALL)
    page.locator("[name=stance][value=changed]").check()
    page.locator("#note").fill(f"Die Lampe brennt wieder. Fragen an {NUMBER}")
    go(page, "check")
    expect(page.locator("mark")).to_have_text(NUMBER)
    page.locator(".personal button").click()
    expect(page.locator("#note")).to_have_value(f"Die Lampe brennt wieder. Fragen an {NUMBER}")
    expect(page.locator("[value=changed]")).to_be_checked()
    page.locator("#note").fill("Die Lampe brennt wieder.")
    go(page, "check")
    expect(page.locator("main")).to_contain_text("keinen geheimen Code")
    send(page)
    assert app.extensions["replies"].queue()[0].note == "Die Lampe brennt wieder."

    staff = sign_in(open_page_at, home, "/moderation/replies")
    expect(staff.locator("blockquote")).to_have_text("Die Lampe brennt wieder.")
    staff.locator("textarea[name=words]").fill("Die Lampe wurde am Montag repariert.")
    with staff.expect_navigation(wait_until="load"):
        staff.get_by_role("button", name="Antwort veröffentlichen").click()
    expect(staff.locator(".done")).to_contain_text("Die Antwort ist öffentlich.")
    page.goto(f"{home}/spots")
    expect(page.locator(".city-says").first).to_contain_text("am Montag repariert")
    expect(page.locator("main")).not_to_contain_text("Die Lampe brennt wieder")

    with staff.expect_navigation(wait_until="load"):
        staff.get_by_role("button", name=re.compile("^Herausnehmen")
                          ).first.click()  # fmt: skip
    page.reload()
    expect(page.locator(".city-says")).to_have_count(0)


def test_under_attack_the_browser_computes_and_goes_on_by_itself(desk, open_page_at, monkeypatch):
    home, _ = desk
    monkeypatch.setattr("geo_app.spam.under_attack", lambda _: True)
    page = begin(open_page_at, home)
    page.locator("[name=stance][value=otherwise]").check()
    go(page, "check")
    page.wait_for_timeout(4500)
    page.locator(".foot-actions [value=send]").click()
    expect(page.locator("h1")).to_have_text("Danke. Ihre Äußerung ist angekommen.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(desk, open_page_at, axe, scheme):
    home, _ = desk
    page = begin(open_page_at, home, color_scheme=scheme)
    assert axe(page) == {}
    page.locator("[name=stance][value=correct]").check()
    page.locator("#note").fill(f"Rufen Sie an: {NUMBER}")
    go(page, "check")
    assert axe(page) == {}
    send(page)
    assert axe(page) == {}
    page.goto(f"{home}/spots")
    assert axe(page) == {}
    staff = sign_in(open_page_at, home, "/moderation/replies", color_scheme=scheme)
    expect(staff.locator("mark.covered")).to_be_visible()
    assert axe(staff) == {}


def test_it_fits_a_phone(desk, open_page_at):
    home, _ = desk
    page = begin(open_page_at, home, viewport=SMALL)

    def wider(one):
        return one.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert wider(page) <= 0
    page.locator("[name=stance][value=changed]").check()
    page.locator("#note").fill("Ein langes Wort: " + "Straßenbeleuchtungsanlage" * 4)
    go(page, "check")
    assert wider(page) <= 0
    send(page)
    assert wider(page) <= 0
    staff = sign_in(open_page_at, home, "/moderation/replies", viewport=SMALL)
    assert wider(staff) <= 0


def test_the_way_out_and_the_language_are_at_the_top(desk, open_page_at):
    """Another language loses nothing that was written."""
    home, _ = desk
    page = begin(open_page_at, home, viewport=SMALL)
    expect(page.get_by_role("link", name="Schnell weg")).to_be_visible()
    page.locator("#note").fill("Bleibt stehen")
    page.locator("[name=stance][value=changed]").check()
    with page.expect_navigation(wait_until="load"):
        page.locator("button[name=language][value=en]").click()
    expect(page.locator("#note")).to_have_value("Bleibt stehen")
    expect(page.locator("h1")).to_have_text("What do you want to say about this spot?")
