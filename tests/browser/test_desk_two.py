"""Supply, fairness, standards, districts, replay and the doctor of streets, as people meet them."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from .conftest import sign_in

SUPPLY, FAIRNESS = "/analyses/supply", "/analyses/fairness"
DOCTOR = "/analyses/network_doctor"
RECORD = "/analyses/coverage/record.json?minutes=10"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module", autouse=True)
def computed(base_url):
    """Let the server answer once without haste: on a fresh machine it compiles first."""
    for path in (SUPPLY, FAIRNESS, DOCTOR, "/standards", "/districts"):
        assert urllib.request.urlopen(base_url + path, timeout=240).status == 200


@pytest.fixture(scope="module")
def district(base_url):
    """Return the address of the page of one district."""
    index = urllib.request.urlopen(f"{base_url}/districts", timeout=60).read().decode()
    return re.search(r'href="(/districts/[^"?]+)', index)[1]


@pytest.fixture
def record(base_url, tmp_path):
    """Return a result saved as a file."""
    saved = urllib.request.urlopen(base_url + RECORD, timeout=60).read()
    (tmp_path / "coverage.json").write_bytes(saved)
    return tmp_path / "coverage.json"


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"]
)
@pytest.mark.parametrize(
    "path", ["/analyses", SUPPLY, FAIRNESS, "/standards", "/districts", "/replay", DOCTOR]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_its_window(
    open_page, axe, path, viewport, scheme
):
    page = open_page(path, viewport=viewport, color_scheme=scheme)
    assert axe(page) == {}
    assert page.evaluate(FITS)


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"]
)
def test_a_district_has_a_page_that_is_sound(open_page, axe, district, viewport, scheme):
    """Its name stands in the title and above the question, its rank beside the others."""
    page = open_page(district, viewport=viewport, color_scheme=scheme)
    assert axe(page) == {}
    assert page.evaluate(FITS)
    name = page.locator(".district-name").inner_text()
    assert page.title().startswith(name)
    expect(page.locator("section[aria-labelledby=beside]")).to_contain_text("Rang")


def test_the_question_of_coverage_comes_first_and_the_books_are_linked(open_page):
    page = open_page("/analyses")
    links = page.locator("main h3 a").evaluate_all("all => all.map(a => a.pathname)")
    assert links[:5] == [
        f"/analyses/{name}"
        for name in ("coverage", "supply", "fairness", "compare_districts", "opening_hours")
    ]
    assert links[-3:] == ["/districts", "/standards", "/replay"]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_saved_result_is_asked_again(open_page, axe, record, viewport):
    """The same data: nothing has moved, every difference is none."""
    page = open_page("/replay", viewport=viewport)
    page.locator("#record").set_input_files(record)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#answer")).to_have_text("Nichts hat sich bewegt")
    assert axe(page) == {}
    assert page.evaluate(FITS)
    assert page.locator("table tbody tr").count() >= len(json.loads(record.read_text())["figures"])
    page.get_by_role("link", name="Ergebnis von heute").click()
    page.wait_for_url(re.compile("minutes=10"))


def test_who_is_not_signed_in_sees_the_faults_and_adds_nothing(open_page):
    page = open_page(DOCTOR)
    mend = page.locator("section[aria-labelledby=mend]")
    expect(mend.locator("ol.links li").first).to_be_visible()
    expect(mend.locator("form")).to_have_count(0)
    expect(mend.locator("a[href*='/login']")).to_be_visible()


def test_a_planner_adds_a_link_and_takes_it_out_again(desk, open_page_at, axe):
    """What was added is listed and no longer suspected; taken out, all is as it was."""
    page = open_page_at(desk[0], f"/login?next={DOCTOR}", viewport=PHONE)
    sign_in(page)
    answer = page.locator("#answer").inner_text()
    mend = page.locator("section[aria-labelledby=mend]")
    mend.get_by_role("button", name="Diese Verbindung ergänzen").first.click()
    taken = page.get_by_role("button", name="Wieder herausnehmen")
    expect(taken).to_have_count(1)
    assert axe(page) == {}
    assert page.evaluate(FITS)
    taken.click()
    expect(taken).to_have_count(0)
    expect(page.locator("#answer")).to_have_text(answer)
    page.wait_for_load_state("networkidle")  # the server ends with nothing left to answer
