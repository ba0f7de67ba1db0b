"""Pages as people meet them: by mouse, by keyboard, on a phone, on paper, without scripts."""

import re

import pytest
from playwright.sync_api import expect

COVERAGE = "/analyses/coverage"
PATHS = (
    "/",
    "/?q=Haus",
    COVERAGE,
    f"{COVERAGE}?reach=counselling_services&walker=wheelchair_worst&minutes=5",
    f"{COVERAGE}/rows",
    "/layers",
    "/layers/meeting_places",
    "/layers/counselling_services",
    "/layers/population",
    "/about",
)
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
"""320 px is what is left of 1280 px at 400 % (WCAG 1.4.10)."""


def focused(page):
    """Return what holds the focus, as its text or label and its tag."""
    return page.evaluate(
        """() => {
            const e = document.activeElement;
            return [e.tagName, e.getAttribute("aria-label") || e.innerText || e.name];
        }"""
    )


def press_tab_until(page, locator, limit=80):
    """Press Tab until `locator` has the focus; fail if it never gets it."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if locator.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"{locator} is not reached by Tab; the focus stopped at {focused(page)}")


def headline(page):
    """Return the answer in words."""
    return page.locator("#answer").inner_text()


def open_part(page, name):
    """Open the sheet behind a part of the sentence and return it."""
    page.locator(f"[popovertarget=part-{name}].part").click()
    sheet = page.locator(f"#part-{name}")
    expect(sheet).to_be_visible()
    return sheet


@pytest.mark.parametrize(
    "path", ["/", COVERAGE, "/layers/meeting_places", "/layers/population", "/spots"]
)
def test_a_page_with_a_map_is_as_high_as_the_window(open_page, path):
    """At a desk the panel scrolls and the page does not: no blank page below the map."""
    page = open_page(path, viewport={"width": 1440, "height": 900})
    high = "document.documentElement.scrollHeight"
    assert page.evaluate(high) == 900
    panel = page.locator(".panel")
    assert panel.evaluate("e => e.scrollHeight > e.clientHeight")
    panel.evaluate("e => e.scrollTo(0, e.scrollHeight)")
    assert page.evaluate(high) == 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(open_page, axe, path, scheme):
    page = open_page(path, color_scheme=scheme)
    assert axe(page) == {}


@pytest.mark.parametrize("part", ["group", "places", "walk", "minutes"])
def test_axe_finds_nothing_in_an_open_sheet(open_page, axe, part):
    page = open_page(COVERAGE)
    open_part(page, part)
    assert axe(page) == {}


def test_axe_finds_nothing_on_a_phone(open_page, axe):
    for path in ("/", COVERAGE):
        assert axe(open_page(path, viewport=PHONE)) == {}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["phone", "smallest"])
def test_no_page_is_wider_than_its_window(open_page, path, viewport):
    page = open_page(path, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_says_that_the_town_is_invented(open_page, path):
    expect(open_page(path).locator(".invented")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "tag", "tab"),
    [("de-DE", "de", "Karte"), ("en-GB", "en", "Map"), ("fr-FR", "de", "Karte")],
)
def test_a_reader_is_met_in_their_language_or_in_german(open_page, locale, tag, tab):
    page = open_page("/", locale=locale)
    assert page.locator("html").get_attribute("lang") == tag
    expect(page.locator("nav.tabs a").first).to_have_text(tab)


def test_the_other_language_is_one_click_away_and_stays(open_page):
    """The question itself survives the change."""
    page = open_page(f"{COVERAGE}?minutes=7")
    german = headline(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "minutes=7" in page.url
    assert headline(page) != german
    page.locator("nav.tabs a").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_nothing_of_the_german_pages_is_left_in_english(open_page):
    """Words that only the English interface has; sources are quoted in their own language."""
    english = re.compile(r"\b(the|people|places|walk|minutes|unknown|covered|which|with)\b")
    for path in ("/", COVERAGE, "/layers", "/about"):
        page = open_page(path)
        page.evaluate("document.querySelectorAll('[lang=en]').forEach(e => e.remove())")
        words = page.locator("body").inner_text()
        assert not english.findall(words), path


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page(COVERAGE)
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator("#content").evaluate("e => e === document.activeElement")


def test_keyboard_finds_a_place_and_opens_it(open_page):
    page = open_page("/")
    press_tab_until(page, page.locator("#q"))
    page.keyboard.type("bib")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q=bib"))
    entry = page.locator("ul.places details").first
    press_tab_until(page, entry.locator("summary"))
    page.keyboard.press("Enter")
    expect(entry.locator("dl")).to_be_visible()


def test_keyboard_changes_the_question(open_page):
    """Open a part, change it, ask; Escape would have closed it and brought the focus back."""
    page = open_page(COVERAGE)
    before = headline(page)
    part = page.locator("[popovertarget=part-minutes].part")
    press_tab_until(page, part)
    page.keyboard.press("Enter")
    expect(page.locator("#part-minutes")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#part-minutes")).to_be_hidden()
    assert part.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    minutes = page.locator("input#minutes")
    if not minutes.evaluate("e => e === document.activeElement"):
        press_tab_until(page, minutes)
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("minutes=3"))
    assert headline(page) != before


def test_a_part_of_the_sentence_changes_the_answer(open_page):
    """Wheelchair users on known ways alone reach less than adults."""
    page = open_page(COVERAGE)
    before = headline(page)
    sheet = open_part(page, "walk")
    sheet.locator("input[value=wheelchair_worst]").check()
    sheet.get_by_role("button", name="Zeigen").click()
    page.wait_for_url(re.compile("walker=wheelchair_worst"))
    assert headline(page) != before
    expect(page.locator("h1.question")).to_contain_text("Rollstuhl")


def test_what_was_changed_but_not_asked_goes_back(open_page):
    page = open_page(COVERAGE)
    sheet = open_part(page, "minutes")
    sheet.locator("input#minutes").fill("44")
    page.keyboard.press("Escape")
    open_part(page, "minutes")
    expect(sheet.locator("input#minutes")).to_have_value("15")


def test_without_scripts_the_form_still_answers(open_page):
    page = open_page(COVERAGE, java_script_enabled=False)
    before = headline(page)
    sheet = open_part(page, "minutes")
    sheet.locator("input#minutes").fill("4")
    sheet.locator("button[type=submit]").click()
    page.wait_for_url(re.compile("minutes=4"))
    assert headline(page) != before
    expect(page.locator("table").first).to_be_visible()


def test_without_scripts_places_can_be_searched(open_page):
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill("zzz")
    page.locator(".search button").click()
    expect(page.locator("ul.places li")).to_have_count(0)


def test_a_question_out_of_bounds_is_answered_with_a_sentence(open_page, page_faults):
    """The browser itself refuses; an address typed by hand gets words."""
    page = open_page(f"{COVERAGE}?minutes=900")
    expect(page.locator("main")).to_contain_text("60 min")
    assert any(fault.startswith("400") for fault in page_faults)
    page_faults.clear()


def test_on_paper_the_answer_stands_without_the_controls(open_page):
    page = open_page(COVERAGE)
    page.emulate_media(media="print")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("table").first).to_be_visible()
    for control in ("nav.tabs", ".languages", ".btn >> nth=0"):
        expect(page.locator(control)).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_links_to_all_formats_give_files(open_page):
    page = open_page(COVERAGE)
    links = page.locator("a[href*='download.']").evaluate_all("all => all.map(a => a.href)")
    assert {link.split("download.")[1].split("?")[0] for link in links} == {
        "gpkg", "geojson", "parquet", "csv", "xlsx"
    }  # fmt: skip
    for link in links:
        answer = page.request.get(link)
        assert answer.ok
        assert len(answer.body()) > 1000
