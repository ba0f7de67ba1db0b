"""A citizen in a real browser: without scripts, on a phone, by ear, in a hurry to leave."""

import contextlib

import pytest
from playwright.sync_api import Error, expect

from tests.browser.test_pages import PHONE, SMALLEST, press_tab_until

NEUTRAL = "https://www.dwd.de/"
STEPS = ("kind", "what", "when", "where", "more", "check")


def meant(faults, *parts):
    """Forget the faults that a test provokes."""
    faults[:] = [fault for fault in faults if not any(part in fault for part in parts)]


def press_next(page):
    """Press the button at the thumb and wait until the screen that follows is there."""
    with page.expect_navigation(wait_until="load"):
        page.locator(".foot-actions [value=next]").click()


def fill(page, step):
    """Answer one screen with the least it needs."""
    if step == "kind":
        page.locator("[value=unsafe]").check()
    elif step == "what":
        page.locator("[value=poor_light]").check()
    elif step == "where":
        page.locator("#q").fill("Bahnhof")
        page.locator(".find button").click()
        page.locator("#spots input[data-longitude]").last.check()
    elif step == "more":
        page.locator("#note").fill("Die Lampe ist kaputt.")


def walk(page, until):
    """Walk through the form until one screen is shown."""
    for step in STEPS:
        expect(page.locator("[name=step]")).to_have_value(step)
        if step == until:
            return
        fill(page, step)
        press_next(page)
        if step == "where" and page.locator("ul.near").count():
            press_next(page)


def send(page):
    """Send after as long as a person needs at least."""
    page.wait_for_timeout(4500)
    page.locator(".foot-actions [value=send]").click()
    expect(page.locator("p.code")).to_be_visible()
    return page.locator("p.code").inner_text()


def test_a_citizen_without_scripts_sends_follows_and_takes_back(open_page):
    page = open_page("/report", java_script_enabled=False, viewport=PHONE)
    walk(page, "check")
    expect(page.locator("svg.sketch")).to_have_count(2)
    code = send(page)
    page.get_by_role("link", name="Zur Seite Ihrer Markierung").click()
    page.wait_for_url(f"**/{code}")
    expect(page.locator("h1")).to_have_text("Angekommen, wird noch gelesen")
    page.get_by_role("button", name="Zurücknehmen").click()
    page.get_by_role("button", name="Ja, zurücknehmen").click()
    expect(page.locator("h1")).to_have_text("Zurückgenommen")
    assert "Lampe" not in page.locator("main").inner_text()


def test_a_citizen_on_a_phone_taps_the_map(open_page, page_faults):
    page = open_page("/report", viewport=PHONE, has_touch=True)
    walk(page, "where")
    expect(page.locator(".map")).to_have_attribute("data-ready", "true")
    press_next(page)
    expect(page.locator("[role=alert]")).to_contain_text("Sagen Sie, wo")
    expect(page.locator(".map")).to_have_attribute("data-ready", "true")
    page.locator(".map .canvas").tap(position={"x": 180, "y": 130})
    expect(page.locator("[data-on-map] input")).to_be_checked()
    expect(page.locator("[data-status]")).to_contain_text("Auf der Karte gewählt")
    expect(page.locator(".chosen-spot")).to_have_count(1)
    press_next(page)
    if page.locator("ul.near").count():
        press_next(page)
    expect(page.locator("[name=step]")).to_have_value("more")
    meant(page_faults, "422")


def test_the_device_says_where_it_is_only_when_asked(open_page):
    """Somewhere in the invented town; the question is a click of the citizen."""
    page = open_page("/report", viewport=PHONE)
    page.context.grant_permissions(["geolocation"])
    walk(page, "where")
    expect(page.locator(".map")).to_have_attribute("data-ready", "true")
    centre = page.evaluate(
        "() => { const m = window[document.querySelector('.map .canvas').id].getCenter();"
        " return [m.lat, m.lng]; }"
    )
    page.context.set_geolocation({"latitude": centre[0], "longitude": centre[1], "accuracy": 20})
    assert page.locator("[name=latitude]").input_value() == ""
    page.locator("[data-here]").click()
    expect(page.locator("[data-status]")).to_contain_text("auf etwa 20 m genau")
    assert page.locator("[name=latitude]").input_value() == f"{centre[0]:.6f}"


def test_by_keyboard_alone(open_page):
    """Tab, space and Enter, as far as the second screen and back."""
    page = open_page("/report")
    press_tab_until(page, page.locator("[value=unsafe]"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[name=step]")).to_have_value("what")
    press_tab_until(page, page.locator("[value=overgrown]"))
    page.keyboard.press("Space")
    press_tab_until(page, page.locator(".foot-actions [value=back]"))
    page.keyboard.press("Enter")
    expect(page.locator("[value=unsafe]")).to_be_checked()


def test_by_ear_a_screen_tells_its_question_its_choices_and_what_is_wrong(open_page, page_faults):
    """What the accessibility tree says of the second screen, in its order."""
    page = open_page("/report")
    page.locator("[value=unsafe]").check()
    press_next(page)
    expect(page.locator("main")).to_match_aria_snapshot(
        """
        - img "Schritt 2 von 6"
        - heading "Was macht die Stelle unsicher?" [level=1]
        - group "Der Ort":
          - checkbox /schlechtes Licht/
        - group "Was jemand dort tut":
          - checkbox
        """
    )
    press_next(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Kreuzen Sie mindestens einen Grund an")
    assert alert.evaluate("e => e === document.activeElement")
    meant(page_faults, "422")


def test_by_ear_the_receipt_tells_its_maps_in_words(open_page):
    page = open_page("/report")
    walk(page, "check")
    for name in ("Was Mitarbeitende der Stadt sehen", "Was alle sehen", "Wann es gelöscht wird"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    pictures = page.get_by_role("img", name="Kleine Karte")
    expect(pictures).to_have_count(2)
    expect(page.get_by_role("button", name="Ändern: Gründe")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(open_page, axe, scheme):
    page = open_page("/report", color_scheme=scheme, viewport=PHONE)
    found = {}
    for step in STEPS:
        found |= {f"{step} {rule}": nodes for rule, nodes in axe(page).items()}
        if step == "check":
            break
        fill(page, step)
        found |= {f"{step}, filled {rule}": nodes for rule, nodes in axe(page).items()}
        press_next(page)
        if page.locator("ul.near").count():
            press_next(page)
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_after_sending_and_on_the_page_of_the_code(open_page, axe, scheme):
    page = open_page("/report", color_scheme=scheme)
    walk(page, "check")
    code = send(page)
    assert axe(page) == {}
    page.goto(f"/report/{code}")
    assert axe(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/spots", "/spots?daytime=night", "/report/code"])
def test_axe_finds_nothing_on_the_other_pages(open_page, axe, path, scheme):
    assert axe(open_page(path, color_scheme=scheme)) == {}


def test_no_screen_is_wider_than_the_smallest_window(open_page):
    page = open_page("/report", viewport=SMALLEST)
    for step in STEPS:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, step
        if step != "check":
            fill(page, step)
            press_next(page)
            if page.locator("ul.near").count():
                press_next(page)
    send(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/spots")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_our_own_back_button_loses_nothing(open_page):
    page = open_page("/report")
    walk(page, "when")
    page.locator(".foot-actions [value=back]").click()
    expect(page.locator("[name=step]")).to_have_value("what")
    expect(page.locator("[value=poor_light]")).to_be_checked()
    press_next(page)
    expect(page.locator("[name=step]")).to_have_value("when")


def test_a_double_click_on_sending_gives_one_code(open_page):
    page = open_page("/report")
    walk(page, "check")
    page.wait_for_timeout(4500)
    page.locator(".foot-actions [value=send]").dblclick()
    expect(page.locator("p.code")).to_have_count(1)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_leaving_quickly_leaves_nothing_to_go_back_to(open_page, page_faults, way):
    """The neutral page is fetched on leaving, never before."""
    page = open_page("/about")
    page.context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<h1>Wetter</h1>"))
    page.goto("/report")
    if way == "button":
        page.get_by_role("link", name="Schnell weg").click()
    else:
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        assert "/report" in page.url
        page.keyboard.press("Escape")
    page.wait_for_url(NEUTRAL)
    page.go_back()
    assert "/report" not in page.url
    meant(page_faults, NEUTRAL)


def test_after_leaving_in_the_middle_no_earlier_screen_can_be_read(open_page, page_faults):
    """The browser kept none of them; at most it sends a form again, after asking."""
    page = open_page("/report")
    page.context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<h1>Wetter</h1>"))
    walk(page, "when")
    page.get_by_role("link", name="Schnell weg").click()
    page.wait_for_url(NEUTRAL)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with contextlib.suppress(Error):
        page.go_back()
    assert any(url.endswith("/report") for url in asked)
    assert page.locator(":checked").count() == 0
    meant(page_faults, NEUTRAL, "ERR_CACHE_MISS")


@pytest.mark.parametrize(
    "path",
    [
        "/spots",
        "/",
        "/layers/counselling_services",
        "/analyses/coverage?reach=counselling_services",
    ],
)
def test_the_way_out_is_at_the_top_of_the_smallest_window(open_page, path):
    page = open_page(path, viewport=SMALLEST)
    button = page.get_by_role("link", name="Schnell weg").bounding_box()
    assert button["y"] >= 0
    assert button["y"] + button["height"] <= 80
    assert button["x"] + button["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_legend_of_spots_lies_beside_the_attribution_and_not_on_it(open_page):
    page = open_page("/spots", viewport=SMALLEST)
    legend, told = (page.locator(f".map .{name}").bounding_box() for name in ("legend", "attr"))
    beside = legend["x"] + legend["width"] <= told["x"]
    assert beside or legend["y"] + legend["height"] <= told["y"]


def test_without_scripts_no_empty_map_stands_in_the_way(open_page):
    page = open_page("/spots", java_script_enabled=False, viewport=PHONE)
    expect(page.locator(".map")).to_be_hidden()
    page.goto("/report")
    walk(page, "where")
    expect(page.locator(".map")).to_be_hidden()


def test_one_escape_leaves_nothing(open_page):
    page = open_page("/report")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url.endswith("/report")


def test_under_attack_the_browser_computes_and_goes_on_by_itself(open_page, monkeypatch):
    """The page solves its own task; nobody has to press anything."""
    monkeypatch.setattr("geo_app.spam.under_attack", lambda _: True)
    page = open_page("/report")
    walk(page, "check")
    page.wait_for_timeout(4500)
    page.locator(".foot-actions [value=send]").click()
    expect(page.locator("p.code")).to_be_visible()
