"""The page of methods: every figure agrees, and nothing is revealed that is not public."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from geo_app import methods
from geo_app.views.methods import EARLIER, RECIPES, SECTIONS
from layers.false_alarms import RECIPES as SIMULATED

from .citizens import imports, pins, town
from .staff import marked

IN_ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def main_street():
    """The small town with a public layer."""
    return imports(town() | {"pins": pins()})


@pytest.fixture
def page(client):
    """Return the page in English."""
    return client.get("/methods", headers=IN_ENGLISH).text


LINES = [(name, line) for name, one in methods.examples().items() for line in one.lines]


@pytest.mark.parametrize(("name", "line"), LINES, ids=[f"{n}: {line.what}" for n, line in LINES])
def test_every_example_comes_out_as_published(name, line):
    assert line.agrees, (name, line.expected, line.computed)


def test_a_wrong_figure_would_not_get_a_tick():
    """Half of the last decimal is the border."""
    assert methods._line("z", 1.23, 1.2349, 2).agrees
    assert not methods._line("z", 1.23, 1.2351, 2).agrees
    assert not methods._line("z", 3, 4).agrees


def test_the_page_shows_every_figure_with_its_tick(page):
    assert page.count('class="yes"') == len(LINES)
    assert 'class="no"' not in page
    assert f"{len(LINES)} of {len(LINES)} published or hand-made figures" in page


def test_every_chapter_is_in_the_table_of_contents(page):
    assert re.findall(r'<li><a href="#(\w+)">', page) == [name for name, _ in SECTIONS]
    assert re.findall(r'<h2 id="(\w+)">', page) == ["contents", *(name for name, _ in SECTIONS)]


def test_every_formula_is_well_formed_and_has_a_name(page):
    found = re.findall(r'aria-label="Formula: ([^"]+)"><math display="block">(.*?)</math>', page)
    assert len(found) >= 15
    for told, inner in found:
        assert told
        ET.fromstring(f"<math>{inner}</math>")


def test_the_simulation_says_of_every_recipe_what_it_shows(page):
    """Counts deceive, with or without correction; the default hardly ever does."""
    found = methods.simulated()
    assert set(RECIPES) <= set(SIMULATED)
    assert set(EARLIER) <= set(RECIPES)
    assert found.mean("gi") > 30
    assert found.mean("footfall_corrected") > 10
    assert found.mean("compared") < 0.5
    for name, words in RECIPES.items():
        row = page.split(f'<th scope="row">{words.replace("<", "&lt;")}')[1].split("</tr>")[0]
        digits = 2 if found.mean(name) < 1 else 0
        assert f">{found.mean(name):.{digits}f}<" in row


def test_a_town_is_drawn_cell_by_cell():
    assert methods.drawn(np.array([[True, False], [False, True]])) == "M0 0h1v1h-1zM1 1h1v1h-1z"


def test_the_volume_is_what_is_public_and_nothing_else(app, page, client):
    """Twelve unsafe, six at ease; marks that wait change not a letter."""
    assert "12 unsafe and 6 at-ease marks stand behind what is public today" in page
    marked(app)
    assert (
        client.get("/methods", headers=IN_ENGLISH).text.split("<main")[1]
        == (page.split("<main")[1])
    )


def test_few_marks_unlock_nothing_and_the_page_says_how_many_would_do(page):
    assert 'class="stands not-yet"' in page
    assert re.search(r"About [\d,]+ further marks of each kind would do", page)
    assert "not yet: too few marks" in page


def test_many_marks_unlock_hot_spots():
    found = methods.volume(pins(marks=[2000, 2000, 0]))
    assert found.unlocked
    assert found.power.power > 0.9


def test_one_kind_alone_cannot_be_compared():
    found = methods.volume(pins(kind=["unsafe", "unsafe", "unsafe"]))
    assert (found.unsafe, found.at_ease, found.power) == (18, 0, None)


def test_before_the_first_release_it_says_so(app, client):
    app.extensions["store"].remove("pins")
    page = client.get("/methods", headers=IN_ENGLISH).text
    assert "Nothing is public yet" in page


def test_it_is_found_from_every_foot(client):
    assert 'href="/methods"' in client.get("/about").text
