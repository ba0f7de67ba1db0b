"""Opening hours as planners meet them: a week as a timetable, and who should open longer."""

import re

import pytest
from playwright.sync_api import expect

COVERAGE = "/analyses/coverage"
HOURS = "/analyses/opening_hours"
FURTHER = "/analyses/further_hours?open_when=evenings_and_weekends"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", [HOURS, FURTHER, f"{COVERAGE}?open_when=sunday&open_hour=15"])
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(
    open_page, axe, path, viewport, scheme
):
    page = open_page(path, viewport=viewport, color_scheme=scheme)
    assert axe(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_week_stands_as_a_timetable(open_page):
    """Eight days side by side, 24 hours below each other, at worst and at best."""
    page = open_page(HOURS)
    worst = page.locator("table.heat").first
    heads = worst.locator("thead th").all_inner_texts()
    assert " ".join(head.strip() for head in heads[1:]) == "Mo Di Mi Do Fr Sa So Feiert."
    assert worst.locator("tbody tr").count() == 24
    expect(page.locator(".perspective")).to_contain_text("Das gilt sonntags um 15 Uhr")


def test_a_day_and_an_hour_are_asked_for_and_stand_in_the_sentence(open_page):
    """The hour shows with the day, and the question tells both."""
    page = open_page(COVERAGE)
    page.locator("details.further summary").click()
    hour = page.locator("input[type=number][name=open_hour]")
    expect(hour).to_be_hidden()
    page.locator("input[name=open_when][value=sunday]").check()
    hour.fill("11")
    page.locator("details.further button[type=submit]").click()
    page.wait_for_url(re.compile("open_hour=11"))
    expect(page.locator("h1")).to_contain_text("der sonntags um 11 Uhr geöffnet hat")
    expect(page.locator("[popovertarget=part-open].part")).to_be_visible()


def test_the_land_is_asked_for_with_public_holidays(open_page):
    page = open_page(f"{COVERAGE}?open_when=public_holiday")
    page.locator("[popovertarget=part-open].part").click()
    page.locator("select[name=land]").select_option("NW")
    page.locator("#part-open button[type=submit]").click()
    page.wait_for_url(re.compile("land=NW"))
    expect(page.locator(".notes")).to_contain_text("Nordrhein-Westfalen: 11 gesetzliche Feiertage")


def test_who_should_open_longer_stands_on_the_map_and_in_a_table(open_page):
    """As many numbered pins as rows, and the proof is told."""
    page = open_page(FURTHER)
    table = page.locator("table", has_text="Wem jede nützt")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.locator("tbody tr").first).to_contain_text("Uhr")
    expect(page.locator(".perspective")).to_contain_text("Bewiesen")
    expect(page.locator(".leaflet-marker-icon[title^='3: ']")).to_be_visible()
