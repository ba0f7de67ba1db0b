"""Light in the places of a measure: near the places is exactly what the whole town says."""

import numpy as np
import pytest
from shapely import box

from layers import ANALYSES
from layers.darkness import Darkness
from layers.measure_light import light_in
from layers.network import Network
from layers.question import Question

from .towns import SOUTH, WEST, homes, main_street, places, random_town, streets

QUESTION = Question(kinds=("library",), minutes=7)


@pytest.fixture
def dark_street():
    """Main Street, unlit in its second block only: after dark nobody behind it comes through."""
    town = main_street()
    return town | {"streets": town["streets"].assign(lit=["yes", "no", "yes", "yes"])}


def losing(town, street_table):
    """Count over the whole town who loses a place after dark."""
    found = ANALYSES["after_dark"].run(
        town["population"],
        Network.from_streets(street_table),
        town["meeting_places"],
        question=QUESTION,
        darkness=Darkness(),
    )
    return float(found.table["people_lose"].sum())


def test_light_where_it_is_dark_gives_places_back(dark_street):
    block = box(WEST + 111, SOUTH - 20, WEST + 222, SOUTH + 20)
    found = light_in(
        block,
        dark_street["streets"],
        population=dark_street["population"],
        meeting_places=dark_street["meeting_places"],
        question=QUESTION,
    )
    assert found.metres == pytest.approx(111)
    assert (found.known, found.lit) == (pytest.approx(111), 0)
    assert found.before[1] == losing(dark_street, dark_street["streets"])
    assert found.before[1] > 0
    assert found.after == (0, 0, 0)


def test_light_where_it_is_light_already_changes_nothing(dark_street):
    block = box(WEST + 230, SOUTH - 20, WEST + 333, SOUTH + 20)
    found = light_in(
        block,
        dark_street["streets"],
        population=dark_street["population"],
        meeting_places=dark_street["meeting_places"],
        question=QUESTION,
    )
    assert found.lit == pytest.approx(111)
    assert found.before == found.after


@pytest.mark.parametrize("seed", range(6))
def test_only_a_part_of_the_town_is_counted_and_the_change_is_that_of_the_whole(seed):
    """What is far away cannot change: both counts have the same difference."""
    town = random_town(seed, places_=2)
    rng = np.random.default_rng(seed)
    lit = rng.choice(["yes", "no", "unknown"], len(town["streets"]))
    table = town["streets"].assign(lit=lit)
    town = town | {"meeting_places": town["meeting_places"].assign(kind="library")}
    area = box(WEST + 100, SOUTH + 100, WEST + 350, SOUTH + 350)
    found = light_in(
        area,
        table,
        population=town["population"],
        meeting_places=town["meeting_places"],
        question=QUESTION,
    )
    inside = table.geometry.intersection(area).length >= table.length / 2
    whole = table.assign(lit=np.where(inside, "yes", lit))
    change = losing(town, table) - losing(town, whole)
    assert found.before[1] - found.after[1] == pytest.approx(change)
    for low, middle, high in (found.before, found.after):
        assert low <= middle <= high


def test_the_streets_are_not_changed(dark_street):
    before = dark_street["streets"].copy(deep=True)
    light_in(
        box(WEST, SOUTH - 20, WEST + 444, SOUTH + 20),
        dark_street["streets"],
        population=dark_street["population"],
        meeting_places=dark_street["meeting_places"],
        question=QUESTION,
    )
    assert dark_street["streets"].equals(before)


def test_far_from_every_home_nothing_is_counted():
    found = light_in(
        box(WEST + 50_000, SOUTH, WEST + 50_100, SOUTH + 100),
        streets([[(WEST, SOUTH), (WEST + 100, SOUTH)]]),
        population=homes([(WEST, SOUTH)], [10]),
        meeting_places=places([(WEST, SOUTH)]),
        question=QUESTION,
    )
    assert found is None
