"""The map as people use it: by mouse, by keyboard, from the list; and what it must never do."""

import pytest
from playwright.sync_api import expect

from geo_app import create_app
from geo_app.origin import Import
from tests.serving import Served

COVERAGE = "/analyses/coverage"
HOSTILE = '<img src="x" onerror="window.hacked = 1">${window.hacked = 2}</script><b>Café</b>'
CITY = "Object.values(window).find(one => one && one.city instanceof City).city"
"""What the script of the map keeps: features by source, what is drawn, words."""


def ready(page):
    """Wait until everything the map fetches at first has come."""
    expect(page.locator(".map")).to_have_attribute("data-ready", "true")
    expect(page.locator(".map-status")).to_be_hidden()
    return page


def spot_of_a_cell(page, condition):
    """Bring a cell into the middle of the map and return where it is on the page [px]."""
    return page.evaluate(
        f"""() => {{
            const city = {CITY};
            const cell = city.features.get("cells").find(f => {{ const p = f.properties; return {condition}; }});
            const spot = L.geoJSON(cell).getBounds().getCenter();
            city.map.setView(spot, 17, {{animate: false}});
            const box = city.map.getContainer().getBoundingClientRect();
            const point = city.map.latLngToContainerPoint(spot);
            return [box.left + point.x, box.top + point.y];
        }}"""  # noqa: E501, one script
    )


def drawn(page, source):
    """Return how many things of a source are on the map."""
    return page.evaluate(
        f"name => {CITY}.shown.has(name) ? {CITY}.shown.get(name).getLayers().length : 0", source
    )


def test_the_basemap_is_drawn(open_page):
    """At least one tile holds ink; a basemap that fails leaves them clear."""
    page = ready(open_page("/"))
    page.wait_for_function(
        """() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].some(tile =>
            tile.width && tile.getContext("2d").getImageData(0, 0, tile.width, tile.height)
                .data.some(byte => byte > 0))"""
    )


def test_names_stay_clear_of_pins_and_of_each_other(open_page):
    """A free name stands at its place, one below a pin or another name a little aside."""
    page = ready(open_page("/"))
    free, pinned, crowded = page.evaluate(
        """() => {
            const point = (x, y) => ({ x, y, add: (by) => point(x + by.x, y + by.y) });
            const text = { place: (_, [[{ x, y }]]) =>
                [{ bboxes: [{ minX: x - 30, maxX: x + 30, minY: y - 6, maxY: y + 6 }] }] };
            const other = { minX: -30, maxX: 30, minY: -6, maxY: 6 };
            const written = (pins, names) => new Aside(text, 1, () => pins).place(
                { zoom: 15, index: { bboxCollides: (box) => names.some((one) => shared(box, one)) } },
                [[point(0, 0)]], { props: { name: "Altstadt" } })[0].bboxes[0];
            const pin = { minX: -12, maxX: 12, minY: -16, maxY: 16 };
            return [written([], []).minY, shared(written([pin], []), pin), shared(written([], [other]), other)];
        }"""  # noqa: E501, one script
    )
    assert free == -6
    assert (pinned, crowded) == (0, 0)


def test_a_small_map_shows_the_city_and_not_its_legend(open_page):
    """On a phone the legend is folded to its title; a tap opens it, and on a desk it stays open."""
    page = ready(open_page(COVERAGE, viewport={"width": 360, "height": 740}))
    legend, fold = page.locator(".map .legend"), page.locator(".map .legend .fold")
    covered = legend.bounding_box()
    assert covered["height"] < 60
    assert covered["width"] < 200
    fold.click()
    expect(page.locator("#legend")).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "true")
    page = ready(open_page(COVERAGE))
    expect(page.locator("#legend")).to_be_visible()
    expect(page.locator(".map .legend .fold")).to_be_hidden()


def test_the_scale_does_not_lie_on_the_attribution(open_page):
    page = ready(open_page("/", viewport={"width": 360, "height": 740}))
    scale = page.locator(".leaflet-control-scale").bounding_box()
    told = page.locator(".map .attr").bounding_box()
    assert scale["y"] + scale["height"] <= told["y"]


def test_every_pin_has_a_name(open_page):
    page = ready(open_page("/"))
    names = page.locator(".leaflet-marker-icon").evaluate_all(
        "pins => pins.map(pin => pin.getAttribute('aria-label'))"
    )
    assert len(names) > 20
    assert all(names)


def test_a_click_on_a_cell_tells_minutes_and_draws_the_walk(open_page):
    page = ready(open_page(COVERAGE))
    page.mouse.click(*spot_of_a_cell(page, "p.minutes > 4 && p.minutes < 14"))
    popup = page.locator(".leaflet-popup")
    expect(popup).to_be_visible()
    expect(popup).to_contain_text("min")
    expect(page.locator("path.walked")).to_have_count(1)
    assert page.locator("path.walked").evaluate("path => path.getTotalLength()") > 50


def test_closing_a_popup_takes_the_walk_away(open_page):
    page = ready(open_page(COVERAGE))
    page.mouse.click(*spot_of_a_cell(page, "p.minutes > 4 && p.minutes < 14"))
    expect(page.locator("path.walked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.locator("path.walked")).to_have_count(0)


def test_gaps_are_drawn_as_squares_and_only_where_people_are(open_page):
    """The map draws a square for each cell with at least half a person in the gap."""
    page = ready(open_page(f"{COVERAGE}?minutes=5"))
    gaps = page.evaluate(
        f"""() => {{ const city = {CITY};
            const source = city.config.sources.find(one => one.kind === "squares");
            return city.features.get("squares").filter(f =>
                f.properties[source.values] >= 0.5).length; }}"""
    )
    assert gaps > 10
    assert drawn(page, "squares") == gaps


def test_squares_in_the_legend_compare_by_area(open_page):
    """Ten times the people fill ten times the area, in the legend as on the map."""
    page = ready(open_page(f"{COVERAGE}?minutes=5"))
    line = page.locator(".legend .sizes")
    few, many = (int(text.replace(".", "")) for text in line.inner_text().split())
    small, large = (
        line.locator(".size").nth(place).evaluate("square => parseFloat(square.style.width)")
        for place in (0, 1)
    )
    assert few < many
    assert (large / small) ** 2 == pytest.approx(many / few, rel=0.01)
    page.locator(".tools summary").click()
    page.locator("[data-source=squares]").uncheck()
    expect(line).to_have_count(0)


def test_all_of_a_long_walk_is_in_view(open_page):
    """From close up the map moves back as far as the walk needs, and the cell stays told."""
    page = ready(open_page(f"{COVERAGE}?minutes=5"))
    page.mouse.click(*spot_of_a_cell(page, "p.minutes > 20 && p.minutes < 30"))
    expect(page.locator("path.walked")).to_have_count(1)
    page.wait_for_function(
        f"""() => {{ const city = {CITY};
            const walks = city.extra.getLayers().map(walk => walk.getBounds());
            return walks.length && walks.every(box => city.map.getBounds().contains(box)); }}"""
    )
    expect(page.locator(".leaflet-popup")).to_be_visible()


def test_keyboard_opens_a_pin_and_escape_brings_the_focus_back(open_page):
    page = ready(open_page("/"))
    pin = page.locator(".leaflet-marker-icon").nth(3)
    name = pin.get_attribute("aria-label")
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_keyboard_turns_a_layer_off_and_on(open_page):
    page = ready(open_page(COVERAGE))
    assert drawn(page, "places") > 0
    page.locator(".tools summary").focus()
    page.keyboard.press("Enter")
    box = page.locator("[data-source=places]")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_function(f"!{CITY}.shown.has('places')")
    page.keyboard.press("Space")
    page.wait_for_function(f"{CITY}.shown.has('places')")


def test_tab_alone_reaches_the_tools_of_the_map(open_page):
    page = ready(open_page(COVERAGE))
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.tools') !== null"):
            return
    pytest.fail("the tools of the map are not reached")


def test_the_list_beside_the_map_finds_its_place(open_page):
    page = ready(open_page("/"))
    entry = page.locator("ul.places details").first
    name = entry.locator("summary b").inner_text()
    entry.locator("summary").click()
    entry.locator("[data-show]").click()
    expect(page.locator(".leaflet-popup h3")).to_have_text(name)


def test_the_largest_gap_in_the_list_is_shown_on_the_map(open_page):
    page = ready(open_page(f"{COVERAGE}?minutes=5"))
    page.locator(".gaps [data-show]").first.click()
    expect(page.locator(".leaflet-popup")).to_be_visible()


def test_the_map_follows_the_device_into_the_dark(open_page):
    page = ready(open_page(COVERAGE))
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    page.mouse.click(*spot_of_a_cell(page, "p.minutes > 4 && p.minutes < 14"))
    expect(page.locator(".leaflet-popup")).to_be_visible()


@pytest.mark.parametrize("path", ["/", COVERAGE])
def test_axe_finds_nothing_in_an_open_popup(open_page, axe, path):
    page = ready(open_page(path))
    page.locator(".leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_be_visible()
    assert axe(page) == {}


def test_on_a_phone_the_map_comes_first(open_page):
    page = ready(open_page(COVERAGE, viewport={"width": 360, "height": 740}, has_touch=True))
    box = page.locator(".map").bounding_box()
    assert box["y"] < 300
    assert box["height"] > 250
    assert box["width"] == 360


def test_a_layer_too_large_for_one_answer_is_fetched_as_the_map_moves(open_page):
    """Buildings are thousands; the map asks for those in view."""
    page = open_page("/layers/buildings")
    expect(page.locator(".map-status")).to_contain_text("Teil")
    with page.expect_request(lambda request: "bbox=" in request.url):
        page.evaluate(f"void {CITY}.map.setZoom(17)")
    page.wait_for_function(f"{CITY}.shown.get('buildings').getLayers().length > 0")


@pytest.fixture
def hostile_url(settings, store, main_street, now):
    """Address of a server whose only place has a name that wants to be a script."""
    imports = [
        Import(item.layer, item.table.assign(name=HOSTILE), item.origin)
        if item.layer.name == "meeting_places"
        else item
        for item in main_street
    ]
    store.write(imports, at=now)
    served = Served(create_app(settings), threads=8)
    yield served.home
    served.stop()


@pytest.mark.parametrize("path", ["/", COVERAGE, "/layers/meeting_places"])
def test_the_name_of_a_place_is_never_more_than_text(open_page_at, hostile_url, path):
    page = ready(open_page_at(hostile_url, path))
    pin = page.locator(".leaflet-marker-icon").first
    assert pin.get_attribute("aria-label") == HOSTILE
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup h3")).to_have_text(HOSTILE)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0
