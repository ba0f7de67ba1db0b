"""After dark beside the day: against walks counted by hand and laws that hold in any town."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from layers import MissingLayerError
from layers.analyses.after_dark import after_dark, walk_by_day
from layers.analyses.coverage import coverage
from layers.darkness import Darkness
from layers.network import Network
from layers.question import Question

from . import towns

seeds = st.integers(0, 10_000)
laws = settings(max_examples=20, deadline=None)


def prepared(town):
    return town | {"streets": Network.from_streets(town["streets"])}


def run(town, darkness=Darkness(), **parameters):
    return after_dark(**prepared(town), question=Question(**parameters), darkness=darkness)


def value(result, name):
    return result.figure(name).value


def underpass():
    r"""
    Main street with an unlit underpass as its second block; all else is lit.

        library
          0 ----- 1 = = = 2 ----- 3 ----- 4      blocks of 111 m
         10      20      30      40      50      residents
    """
    town = towns.main_street()
    town["streets"]["lit"] = ["yes", "no", "yes", "yes"]
    return town


def random_lit(seed):
    """A random town in which some streets are lit, some are not, and some say nothing."""
    town = towns.random_town(seed)
    rng = np.random.default_rng(seed + 1)
    count = len(town["streets"])
    town["streets"]["lit"] = rng.choice(["yes", "no", "unknown"], count, p=(0.3, 0.4, 0.3))
    spots = rng.uniform(0, 600, (20, 2)) + np.array([towns.WEST, towns.SOUTH])
    town["street_lamps"] = towns.layer("street_lamps", [Point(spot) for spot in spots])
    return town


def test_a_dark_underpass_costs_those_behind_it_a_block():
    """
    Blocks take 100 s; the underpass feels like 200 s at factor 2.

    By day 0, 100, 200, 300, 400 s; after dark 0, 100, 300, 400, 500 s. Within
    5 min: junctions 0 to 3 by day (100 of 150 people), 0 to 2 after dark (60).
    """
    result = run(underpass(), minutes=5)
    table = result.table
    np.testing.assert_allclose(table["day_minutes"] * 60, [0, 100, 200, 300, 400], atol=1e-4)
    np.testing.assert_allclose(table["felt_minutes"] * 60, [0, 100, 300, 400, 500], atol=1e-4)
    np.testing.assert_allclose(table["real_minutes"] * 60, [0, 100, 200, 300, 400], atol=1e-4)
    np.testing.assert_allclose(table["longer"] * 60, [0, 0, 100, 100, 100], atol=1e-4)
    assert table["when_reached"].tolist() == ["both", "both", "both", "day", "neither"]
    assert table["people_lose"].tolist() == [0, 0, 0, 40, 0]
    assert value(result, "share_by_day") == pytest.approx(100 / 1.5)
    assert value(result, "share_after_dark") == pytest.approx(60 / 1.5)
    assert value(result, "people_lose") == 40
    assert result.figure("people_lose").low is None
    assert str(result.answer[0]) == "After dark: 40 of 100 people"
    assert str(result.answer[1]) == "By day: 67 of 100 people."
    assert len(result.lines) == 1


def test_groups_and_districts_stand_side_by_side():
    """Of 15 people over 75, ten are within 5 min by day and six after dark."""
    result = run(underpass(), minutes=5)
    groups = next(t for t in result.tables if t.name == "groups").frame
    assert groups.loc["aged_75plus", ["share_by_day", "share_worst"]].tolist() == pytest.approx(
        [100 * 10 / 15, 40]
    )
    districts = next(t for t in result.tables if t.name == "districts").frame
    assert districts["district"].tolist() == ["West", "East"]
    assert districts["lose_least"].tolist() == districts["lose_most"].tolist() == [0, 40]


def test_unknown_light_gives_a_worst_and_a_best_case():
    """The underpass says nothing: after dark 40 % at worst and as by day at best."""
    town = underpass()
    town["streets"]["lit"] = ["yes", "unknown", "yes", "yes"]
    for unknown, chosen in (("lit", 100 / 1.5), ("dark", 40)):
        result = run(town, Darkness(unknown_light=unknown), minutes=5)
        figure = result.figure("share_after_dark")
        assert figure.value == pytest.approx(chosen)
        assert figure.low <= 40 + 1e-9
        assert figure.high >= 100 / 1.5 - 1e-9
        assert result.table["when_reached"].tolist()[3] == "depends"
        assert str(result.answer[0]) == "After dark: between 40 and 67 of 100 people"
        assert str(result.answer[2]).endswith("by day: 0 to 40 people.")


def test_if_nobody_has_noted_any_light_there_are_no_figures():
    """An honest sentence instead of numbers, and nothing about the dark in the table."""
    result = run(towns.main_street(), minutes=5)
    assert result.figures == ()
    assert "no figure after dark" in result.answer[1]
    assert result.table["felt_minutes"].isna().all()
    assert result.table["people_lose"].isna().all()
    assert (result.lines, result.style.squares) == (None, "")


def test_lamps_decide_where_the_street_says_nothing():
    """Lamps along the underpass light it; once they are broken, it is dark in either case."""
    town = underpass()
    town["streets"]["lit"] = ["yes", "unknown", "yes", "yes"]
    points = [Point(towns.WEST + 111 + a, towns.SOUTH) for a in (15, 55, 95)]
    lit = town | {"street_lamps": towns.layer("street_lamps", points)}
    assert value(run(lit, minutes=5), "people_lose") == 0
    broken = town | {"street_lamps": towns.layer("street_lamps", points, works=["no"] * 3)}
    assert value(run(broken, minutes=5), "people_lose") == 40


def test_a_marked_spot_is_told_apart_from_the_light():
    """All lit; a confirmed finding on the second block doubles 50 m of it: 45 s more."""
    town = underpass()
    town["streets"]["lit"] = "yes"
    spot = towns.layer(
        "pins", [Point(towns.WEST + 166.5, towns.SOUTH)], unit=["finding"], kind=["unsafe"],
        marks=[0], confirmed_on=["2026-05-04"], daytimes=["night"],
    )  # fmt: skip
    town["pins"] = spot
    result = run(town, Darkness(spot_factor=2), minutes=5)
    assert result.table["longer"].iloc[3] * 60 == pytest.approx(50 / 1.11, abs=0.5)
    assert value(result, "people_lose") == value(result, "people_lose_by_spots") == 40
    assert value(run(town, Darkness(spot_factor=1), minutes=5), "people_lose") == 0


def test_the_walk_by_day_is_drawn_and_no_way_around_the_dark():
    town = prepared(underpass())
    walk = walk_by_day(town["population"].index[4], **town)
    assert walk.length.tolist() == pytest.approx([444])


def test_a_missing_layer_is_named():
    with pytest.raises(MissingLayerError, match="counselling"):
        run(underpass(), reach="counselling_services")


@laws
@given(seed=seeds)
def test_by_day_it_is_the_coverage_and_after_dark_never_better(seed):
    town = random_lit(seed)
    result = run(town, minutes=6)
    day = {name: table for name, table in prepared(town).items() if name != "street_lamps"}
    same = coverage(**day, question=Question(minutes=6))
    np.testing.assert_array_equal(result.table["day_minutes"], same.table["minutes"])
    assert value(result, "share_by_day") == value(same, "share_covered")
    table = result.table
    reached = np.isfinite(table["day_minutes"])
    assert (table["felt_minutes"] >= table["day_minutes"] - 1e-9).all()
    assert (table["real_minutes"] >= table["day_minutes"] - 1e-6)[reached].all()
    assert (table["real_minutes"] <= table["felt_minutes"] + 1e-6)[reached].all()
    figure = result.figure("share_after_dark")
    if figure.low is not None:
        assert figure.low <= figure.value <= figure.high
    day_figure = result.figure("share_by_day")
    assert figure.value <= day_figure.value


@laws
@given(seed=seeds)
def test_a_factor_of_one_is_the_day(seed):
    result = run(random_lit(seed), Darkness(dark_factor=1, spot_factor=1), minutes=6)
    np.testing.assert_array_equal(result.table["felt_minutes"], result.table["day_minutes"])
    assert value(result, "people_lose") == 0


@laws
@given(seed=seeds, unknown=st.sampled_from(["lit", "dark"]))
def test_a_lit_street_never_lengthens_the_walk(seed, unknown):
    """Lighting one dark or unknown street leaves every walk as it is, or shortens it."""
    town = random_lit(seed)
    before = run(town, Darkness(3, unknown)).table["felt_minutes"].to_numpy()
    streets = town["streets"].copy()
    streets.loc[streets.index[seed % len(streets)], "lit"] = "yes"
    after = run(town | {"streets": streets}, Darkness(3, unknown)).table["felt_minutes"].to_numpy()
    assert (after[np.isfinite(before)] <= before[np.isfinite(before)] + 1e-9).all()


@laws
@given(seed=seeds)
def test_unknown_as_dark_is_never_shorter_than_unknown_as_lit(seed):
    town = random_lit(seed)
    lit = run(town, Darkness(unknown_light="lit")).table["felt_minutes"].to_numpy()
    dark = run(town, Darkness(unknown_light="dark")).table["felt_minutes"].to_numpy()
    assert (dark >= lit - 1e-9)[np.isfinite(lit)].all()


def test_both_shares_have_an_interval_and_so_has_their_difference():
    """Forty of a hundred lose their place by the underpass: told with both ends."""
    result = run(underpass(), minutes=5)
    for name in ("share_by_day", "share_after_dark"):
        figure = result.figure(name)
        assert figure.low <= figure.value <= figure.high
        assert figure.low < figure.high
    (told,) = [note for note in result.notes if "people fewer are reached after dark" in note]
    assert told.values["least"] <= value(result, "people_lose") <= told.values["most"]
