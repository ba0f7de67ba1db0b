"""The ranked list of dark ways: hand-countable, named, bundled, honest about ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers.analyses.after_dark import after_dark
from layers.analyses.criticality import at_once, criticality
from layers.darkness import Darkness
from layers.network import Network
from layers.question import Question

from . import towns
from .test_after_dark import prepared, random_lit, underpass

laws = settings(max_examples=15, deadline=None)


def run(town, darkness=Darkness(), by=criticality, **parameters):
    return by(**of(prepared(town)), question=Question(**parameters), darkness=darkness)


def of(town):
    return {name: table for name, table in town.items() if name != "districts"}


def value(result, name):
    return result.figure(name).value


def table_of(result, name):
    return next(table for table in result.tables if table.name == name).frame


def two_dark_blocks():
    r"""
    Blocks 1 and 2 of main street are dark, the last three are named Bahnhofstraße.

        library
          0 ----- 1 = = = 2 = = = 3 ----- 4      blocks of 111 m (100 s)
         10      20      30      40      50      residents
    """
    town = towns.main_street()
    town["streets"]["lit"] = ["yes", "no", "no", "yes"]
    town["streets"]["name"] = ["Am Markt", "Bahnhofstraße", "Bahnhofstraße", "Ring"]
    return town


def test_a_dark_underpass_is_worth_those_behind_it():
    """Within 5 min junction 3 (40 people) loses its place by the underpass, and only by it."""
    result = run(underpass(), minutes=5)
    assert len(result.table) == 1
    row = result.table.iloc[0]
    assert (row["what"], row["rank"]) == ("unlit", 1)
    assert (row["people_regained"], row["people_lost"]) == (40, 40)
    assert row["dark_metres"] == pytest.approx(111)
    assert row["minutes_regained"] == pytest.approx((30 + 40 + 50) * 100 / 60)
    assert value(result, "people_lose") == 40
    assert value(result, "people_regained_together") == 40


def test_two_dark_blocks_in_a_row():
    """
    Now 0, 100, 300, 500, 600 s, by day 0, 100, 200, 300, 400 s.

    Within 5 min: by day junctions 0 to 3, now 0 to 2. One block alone mended
    leaves 400 s at junction 3: nobody gains. Alone dark, either costs its 40
    people. Both at once, as one street, give them back.
    """
    result = run(two_dark_blocks(), minutes=5)
    assert result.table["people_regained"].tolist() == [0, 0]
    assert result.table["people_lost"].tolist() == [40, 40]
    assert value(result, "people_lose") == 40
    assert str(result.answer[0]) == "No single way gives anybody a place back"
    assert result.style.column == "people_lost"
    street = table_of(result, "streets").iloc[0]
    assert (street["name"], street["segments"], street["people_regained"]) == (
        "Bahnhofstraße",
        2,
        40,
    )
    assert table_of(result, "together").empty


def test_equal_ways_share_a_rank():
    """Junction 2 has no residents: the two blocks then cost and give exactly the same."""
    town = two_dark_blocks()
    town["population"].loc[town["population"].index[2], "residents"] = 0
    result = run(town, minutes=5)
    assert result.table["rank"].tolist() == [1, 1]
    assert any("share a rank" in note for note in result.notes)


def test_ends_are_named_by_the_other_streets_that_meet_there():
    """One end of either block meets only the rest of its own street."""
    table = run(two_dark_blocks(), minutes=5).table
    assert sorted(table["between"]) == ["Am Markt", "Ring"]


def test_a_marked_spot_is_listed_beside_the_ways():
    """All lit; a square around the second block makes it feel twice as long."""
    town = underpass()
    town["streets"]["lit"] = "yes"
    x = towns.WEST + 111
    town["pins"] = towns.layer(
        "pins", [box(x, towns.SOUTH - 50, x + 111, towns.SOUTH + 50)], unit=["cell_100"],
        kind=["unsafe"], marks=[7], place=["Bahnhof"], daytimes=["night"], factors=["poor_light"],
    )  # fmt: skip
    result = run(town, Darkness(spot_factor=2), minutes=5)
    row = result.table.iloc[0]
    assert (row["what"], row["name"], row["factors"]) == ("spot", "Bahnhof", "poor_light")
    assert (row["people_regained"], row["people_lost"]) == (40, 40)
    assert run(town, Darkness(spot_factor=1), minutes=5).table.empty


def test_without_any_known_light_there_is_no_list():
    for by in (criticality, at_once):
        result = run(towns.main_street(), by=by, minutes=5)
        assert result.table.empty
        assert result.figures == ()
        assert str(result.answer[0]) == "Nobody has noted yet where it is light after dark"


def test_if_everything_is_lit_there_is_nothing_to_list():
    town = underpass()
    town["streets"]["lit"] = "yes"
    result = run(town, minutes=5)
    assert result.table.empty
    assert str(result.answer[0]) == "No way is known to be unlit"


def test_ways_of_unknown_light_are_listed_only_in_the_worst_case():
    town = underpass()
    town["streets"]["lit"] = ["yes", "unknown", "yes", "yes"]
    assert run(town, minutes=5).table.empty
    worst = run(town, Darkness(unknown_light="dark"), minutes=5).table
    assert worst["what"].tolist() == ["unknown"]
    assert worst["people_regained"].tolist() == [40]


def test_a_street_of_several_edges_is_one_row():
    """Without junction ids a long street is cut where others meet it, but listed once."""
    x, y = towns.WEST, towns.SOUTH
    lines = [[(x, y), (x + 100, y), (x + 200, y)], [(x + 100, y), (x + 100, y + 80)]]
    town = {
        "streets": towns.streets(lines, lit=["no", "yes"], name=["Lange Straße", "Gasse"]),
        "population": towns.homes([(x + 200, y)], [10.0]),
        "meeting_places": towns.places([Point(x, y)]),
    }
    result = run(town, minutes=5)
    assert len(result.table) == 1
    assert result.table["dark_metres"].iloc[0] == pytest.approx(200)
    assert result.table["people_regained"].iloc[0] == 10


@laws
@given(seed=st.integers(0, 10_000), unknown=st.sampled_from(["lit", "dark"]))
def test_the_list_agrees_with_the_figures_after_dark(seed, unknown):
    """Who loses a place now is the same number, and lighting everything gives all of them back."""
    town, darkness = random_lit(seed), Darkness(2.5, unknown)
    dark = after_dark(**prepared(town), question=Question(minutes=6), darkness=darkness)
    result = run(town, darkness, minutes=6)
    assert value(result, "people_lose") == pytest.approx(value(dark, "people_lose"))
    assert (result.table["people_regained"] <= value(result, "people_lose") + 1e-9).all()
    quick = run(town, darkness, by=at_once, minutes=6)
    np.testing.assert_array_equal(quick.table["people_lost"], result.table["people_lost"])
    assert result.table["rank"].is_monotonic_increasing


@laws
@given(seed=st.integers(0, 10_000))
def test_the_order_of_streets_does_not_matter(seed):
    town = random_lit(seed)
    once = run(town, minutes=6, by=at_once).table
    again = run(towns.shuffled(town, seed), minutes=6, by=at_once).table.loc[once.index]
    np.testing.assert_allclose(once["people_regained"], again["people_regained"])
    np.testing.assert_allclose(once["people_lost"], again["people_lost"])
    assert once["rank"].tolist() == again["rank"].tolist()


def test_ways_keep_their_ids_so_that_a_map_can_show_them():
    town = underpass()
    result = run(town, minutes=5)
    assert result.table.index.tolist() == [town["streets"].index[1]]
    assert Network.from_streets(town["streets"]).street_id[1] == town["streets"].index[1]
    assert len(result.marked) == 1
