"""What-if: counted by hand on main street, and equal to a full coverage after any changes."""

import dataclasses

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers import ParameterError
from layers.analyses.coverage import _interval, _walks, coverage
from layers.network import Network
from layers.question import Question
from layers.scenarios import Change, apply
from layers.shares import share
from layers.sources.meeting_places import KINDS
from layers.what_if import Standing
from layers.what_if_tables import COLUMNS

from . import towns
from .test_scenarios import random_changes

seeds = st.integers(0, 10_000)
EVERYTHING = Question(kinds=tuple(KINDS), minutes=4)


def prepared(town, question):
    streets = Network.from_streets(town["streets"])
    return Standing.of(**town | {"streets": streets}, question=question)


def main_street(question=EVERYTHING):
    return prepared(towns.main_street(), question)


def library(action, **values):
    """Return a change to the only place of main street."""
    return Change(action, "0", **values)


def new(junction, place="new-1", **values):
    """Return a new library at a junction of main street."""
    return Change(
        "add", place, towns.WEST + 111 * junction, towns.SOUTH, {"kind": "library"} | values
    )


def after(standing, *changes):
    return standing.after(apply(changes, standing.meeting_places))


def figures(result):
    return {figure.name: figure.value for figure in result.figures}


def rows(result, name):
    return next(table for table in result.tables if table.name == name).frame


def test_a_library_at_the_other_end_of_main_street():
    """
    Within 4 min one walks two blocks: from the west end 0, 1, 2 are served, then 2, 3, 4 too.

    40 + 50 of 150 people gain; whoever lives at 3 walks 1 block, not 3; at 4 none, not 4.
    """
    result = after(main_street(), new(4, name="East", capacity=45))
    table = result.table
    blocks = np.array([[0, 1, 2, 3, 4], [0, 1, 2, 1, 0]])
    np.testing.assert_allclose(table["minutes_before"] * 60, 100 * blocks[0], atol=1e-4)
    np.testing.assert_allclose(table["minutes_after"] * 60, 100 * blocks[1], atol=1e-4)
    np.testing.assert_allclose(table["change"] * 60, 100 * (blocks[1] - blocks[0]), atol=1e-4)
    assert table["people_gained"].tolist() == [0, 0, 0, 40, 50]
    assert table["place"].tolist() == ["Library"] * 3 + ["East"] * 2
    told = figures(result)
    assert (told["share_before"], told["share_after"]) == (40, 100)
    assert (told["people_gained"], told["people_lost"], told["people_not_covered"]) == (90, 0, 0)
    assert told["people_shorter"] == 90
    assert told["minutes_shorter"] == pytest.approx((40 * 200 + 50 * 400) / 90 / 60)
    assert np.isnan(told["minutes_longer"])
    assert told["share_after_aged_75plus"] == 100
    assert str(result.answer[0]) == "90 people gain a place within 4 minutes, nobody loses one"
    assert str(result.answer[1]) == "Before: 40 of 100 people. Afterwards: 100 of 100 people."


def test_tables_say_which_groups_districts_and_places_gain():
    """Of 15 people of 75 and over nine gain; all in the East; two for each of 45 seats."""
    result = after(main_street(), new(4, name="East", capacity=45))
    groups = rows(result, "groups")
    assert groups.loc["aged_75plus", ["people", "gained", "lost"]].tolist() == [15, 9, 0]
    assert groups.loc["aged_75plus", "difference"] == pytest.approx(60)
    districts = rows(result, "districts")
    assert districts["district"].tolist() == ["West", "East"]
    assert districts["share_before"].tolist() == [100, 0]
    assert districts["share_after"].tolist() == [100, 100]
    assert districts["gained"].tolist() == [0, 90]
    places = rows(result, "places")
    assert places.index.tolist() == ["new-1"]
    told = places.loc["new-1"]
    assert (told["place"], str(told["done"])) == ("East", "new")
    assert told[["people_before", "people_after", "gained", "per_seat"]].tolist() == [0, 90, 90, 2]


def test_closing_the_only_place_takes_it_from_everybody():
    """60 people lose it; without any walk the difference is up to an hour."""
    result = after(main_street(), library("close"))
    told = figures(result)
    assert (told["people_lost"], told["people_gained"], told["share_after"]) == (60, 0, 0)
    assert np.isinf(result.table["minutes_after"]).all()
    np.testing.assert_allclose(result.table["change"], 60 - np.arange(5) * 100 / 60, atol=1e-6)
    assert str(result.answer[0]) == "60 people lose their place within 4 minutes, nobody gains one"
    closed = rows(result, "places").loc["0"]
    assert (str(closed["done"]), closed["people_before"], closed["lost"]) == ("closed", 60, 60)


def test_moving_the_library_to_the_other_end_has_winners_and_losers():
    """30 people at 0 and 1 lose it, 90 at 3 and 4 gain it; in the middle nothing changes."""
    spot = {"x": towns.WEST + 444, "y": towns.SOUTH}
    result = after(main_street(), library("move", **spot))
    assert str(result.answer[0]) == "90 people gain a place within 4 minutes, 30 lose theirs"
    assert result.table["change"].iloc[2] == pytest.approx(0, abs=1e-9)
    moved = rows(result, "places").loc["0"]
    assert (str(moved["done"]), moved["people_before"], moved["people_after"]) == ("moved", 60, 120)


def test_changing_nothing_changes_nothing():
    """No figure moves, no place is listed, and the answer says so."""
    result = after(main_street())
    assert str(result.answer[0]) == "Nobody gains or loses a place within 4 minutes"
    assert (result.table["change"] == 0).all()
    assert {table.name for table in result.tables} == {"groups", "districts"}


def test_hours_and_entrances_decide_whether_a_place_counts():
    """A library that closes on Sundays is lost to whoever asks for Sundays; so are steps."""
    town = towns.main_street()
    town["meeting_places"] = town["meeting_places"].assign(opening_hours="24/7", step_free="yes")
    sunday = dataclasses.replace(EVERYTHING, open_when="sunday", open_hour=15)
    shut = library("set", values={"opening_hours": "Mo-Fr 10:00-18:00"})
    result = after(prepared(town, sunday), shut)
    assert figures(result)["people_lost"] == 60
    assert str(rows(result, "places").loc["0", "done"]) == "counts no longer"
    steps = dataclasses.replace(EVERYTHING, step_free_only=True)
    result = after(prepared(town, steps), library("set", values={"step_free": "no"}))
    assert figures(result)["people_lost"] == 60
    back = Standing.of(
        **town | {"streets": Network.from_streets(town["streets"])}, question=steps
    ).between(
        apply([library("set", values={"step_free": "no"})], town["meeting_places"]),
        town["meeting_places"],
    )
    assert figures(back)["people_gained"] == 60
    assert str(rows(back, "places").loc["0", "done"]) == "counts now"


def test_a_name_or_a_capacity_moves_nobody():
    """What does not concern the walk is listed as changed and changes no figure."""
    result = after(main_street(), library("set", values={"capacity": 30}))
    assert (result.table["change"] == 0).all()
    told = rows(result, "places").loc["0"]
    assert (str(told["done"]), told["per_seat"]) == ("changed", 2)


def test_a_park_can_be_moved_and_closed():
    """An area is entered at its edge and where one lives inside; then it is gone."""
    town = towns.main_street()
    x, y = towns.WEST, towns.SOUTH
    park = box(x + 300, y - 50, x + 400, y + 50)
    town["meeting_places"] = towns.places([Point(x, y), park], kind=["library", "park"])
    standing = prepared(town, EVERYTHING)
    expected = np.array([0, 111, 78, 0, 44]) / 66.6
    np.testing.assert_allclose(after(standing).table["minutes_after"], expected, atol=1e-5)
    closed = after(standing, Change("close", "1"))
    np.testing.assert_allclose(closed.table["minutes_after"], 111 * np.arange(5) / 66.6, atol=1e-5)
    moved = after(standing, Change("move", "1", x + 461, y))
    expected = np.array([0, 111, 189, 78, 0]) / 66.6
    np.testing.assert_allclose(moved.table["minutes_after"], expected, atol=1e-5)


def test_the_notes_tell_how_it_is_counted_and_what_coverage_tells():
    """What a careful reader of a coverage is told, the reader of a comparison is told too."""
    town = towns.main_street()
    standing = prepared(town, EVERYTHING)
    changed = apply([new(4)], town["meeting_places"])
    streets = {"streets": standing.streets, "meeting_places": changed}
    told = after(standing, new(4)).notes
    assert set(coverage(**town | streets, question=EVERYTHING).notes) <= set(told)
    assert any("within 4 minutes afterwards" in note for note in told)


def test_questions_about_other_layers_or_unknown_groups_are_refused():
    town = towns.main_street()
    with pytest.raises(ParameterError, match="only meeting places"):
        prepared(town, Question(reach="counselling_services"))
    with pytest.raises(ParameterError, match="does not count"):
        prepared(town, Question(group="under_18"))


def test_a_town_without_people_or_places_is_an_answer():
    town = towns.main_street()
    nobody = town | {"population": town["population"].iloc[:0]}
    assert "Nobody lives here" in after(prepared(nobody, EVERYTHING), new(1)).answer[0]
    empty = town | {"meeting_places": town["meeting_places"].iloc[:0]}
    assert figures(after(prepared(empty, EVERYTHING), new(0)))["people_gained"] == 60
    nowhere = town | {"streets": town["streets"].iloc[:0]}
    assert figures(after(prepared(nowhere, EVERYTHING), new(0)))["people_gained"] == 0


def test_every_column_of_the_table_is_described():
    table = after(main_street(), new(1)).table
    assert [column.name for column in COLUMNS] == list(table.columns.drop("geometry"))


def test_unknown_numbers_of_people_are_left_out():
    """A cell of which the census says nothing neither gains nor loses anybody."""
    town = towns.main_street()
    people = town["population"]["residents"].mask(town["population"].index == "4")
    town["population"] = town["population"].assign(residents=people)
    result = after(prepared(town, EVERYTHING), new(4, capacity=10))
    assert figures(result)["people_gained"] == 40
    assert rows(result, "districts")["gained"].tolist() == [0, 40]
    assert rows(result, "places")["people_after"].tolist() == [40]


def random_city(seed):
    """Return a town with points and parks, of which something is not known."""
    rng = np.random.default_rng(seed)
    town = towns.random_town(seed, places_=int(rng.integers(1, 7)))
    count = len(town["meeting_places"])
    shapes = [
        point.buffer(rng.uniform(10, 120)) if rng.random() < 0.3 else point
        for point in town["meeting_places"].geometry
    ]
    choose = rng.choice
    kinds = choose(["library", "park", "cafe"], count).tolist()
    places = towns.places(
        shapes,
        kind=kinds,
        step_free=choose(["yes", "no", "unknown"], count).tolist(),
        opening_hours=choose(["24/7", "Mo-Fr 10:00-18:00", ""], count).tolist(),
    )
    ways = len(town["streets"])
    described = town["streets"].assign(
        surface=choose(["asphalt", "gravel", ""], ways, p=[0.6, 0.1, 0.3]).tolist()
    )
    return town | {"meeting_places": places, "streets": described}


QUESTIONS = (
    EVERYTHING,
    dataclasses.replace(EVERYTHING, kinds=("library", "park")),
    dataclasses.replace(EVERYTHING, walker="wheelchair_best"),
    dataclasses.replace(EVERYTHING, step_free_only=True, open_when="sunday"),
)


def random_step(seed, places):
    """Return a few changes, of which some say other hours or steps."""
    rng = np.random.default_rng(seed)
    changes = random_changes(seed, places, int(rng.integers(1, 7)))
    said = [
        {"opening_hours": "24/7"}, {"opening_hours": "Mo-Fr 08:00-12:00"}, {"step_free": "yes"},
        {"kind": "park"}, {"fee": "yes"},
    ]  # fmt: skip
    return [
        Change("set", c.place, values=said[rng.integers(len(said))]) if c.action == "set" else c
        for c in changes
    ]


def assert_as_coverage(result, side, town, streets, places, question):
    """The side of a comparison says what a coverage of its places says, to the last bit."""
    homes, counted = town["population"].centroid, question.places(places)
    full = _walks(town["population"], homes, streets, counted, question)
    np.testing.assert_array_equal(result.table[f"minutes_{side}"], full["minutes"])
    name = "place" if side == "after" else "place_before"
    assert result.table[name].tolist() == full["place"].tolist()
    people, figure = full["people"].to_numpy(), result.figure(f"share_{side}")
    assert figure.value == share(people, full["covered"].to_numpy() == "yes")
    interval = _interval(full, homes, streets, places, question)
    told = () if interval is None else (interval.low, interval.high, figure.value)
    ends = (min(told, default=None), max(told, default=None))
    assert (figure.low, figure.high) == ends
    if side == "after":
        assert result.table["place_id"].tolist() == full["place_id"].tolist()
        missing = full["people_uncovered"].sum()
        assert result.figure("people_not_covered").value == missing


@settings(max_examples=80, deadline=None)
@given(seeds, st.sampled_from(QUESTIONS), st.booleans())
def test_whatever_is_changed_the_numbers_are_those_of_a_full_coverage(seed, question, slow):
    """Places, ties, hours, steps, wheelchairs with their interval, ways slowed in the dark."""
    town = random_city(seed)
    streets = Network.from_streets(town["streets"])
    if slow:
        rng = np.random.default_rng(seed)
        streets = streets.slowed(rng.choice([1.0, 2.0, 3.0], len(streets.lines)))
    standing = Standing.of(**town | {"streets": streets}, question=question)
    places = town["meeting_places"]
    for step in range(3):
        changed = apply(random_step(seed + step, places), places)
        result = standing.after(changed)
        assert_as_coverage(result, "before", town, streets, places, question)
        assert_as_coverage(result, "after", town, streets, changed, question)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(QUESTIONS))
def test_two_scenarios_are_compared_as_if_the_first_were_the_city(seed, question):
    """Gains and losses between two lists are those of a city that has the first one."""
    town = random_city(seed)
    streets = {"streets": Network.from_streets(town["streets"])}
    one, other = (
        apply(random_step(seed + n, town["meeting_places"]), town["meeting_places"]) for n in (1, 2)
    )
    found = Standing.of(**town | streets, question=question).between(one, other)
    direct = Standing.of(**town | streets | {"meeting_places": one}, question=question).after(other)
    assert_frames_equal(found.table, direct.table)
    assert [str(of) for of in found.figures] == [str(of) for of in direct.figures]


def assert_frames_equal(one: GeoDataFrame, other: GeoDataFrame):
    for name in one.columns.drop("geometry"):
        np.testing.assert_array_equal(one[name].to_numpy(), other[name].to_numpy())


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_undoing_everything_restores_every_number(seed):
    """Changes taken back leave the standing as it was, bit by bit; the second time as the first."""
    town = random_city(seed)
    standing = prepared(town, EVERYTHING)
    places = town["meeting_places"]
    first = standing.after(places)
    changed = apply(random_step(seed, places), places)
    there, again = standing.after(changed), standing.after(changed)
    assert_frames_equal(there.table, again.table)
    assert_frames_equal(standing.after(places).table, first.table)
    back = standing.between(changed, places).table
    np.testing.assert_array_equal(back["change"], -there.table["change"])
    np.testing.assert_array_equal(back["people_gained"], there.table["people_lost"])


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_new_place_never_lengthens_a_walk_and_a_closed_one_never_shortens_any(seed):
    town = random_city(seed)
    standing = prepared(town, EVERYTHING)
    x, y = np.random.default_rng(seed).uniform(0, 600, 2) + np.array([towns.WEST, towns.SOUTH])
    added = after(standing, Change("add", "new-1", float(x), float(y), {"kind": "library"}))
    assert (added.table["change"] <= 0).all()
    assert added.figure("people_lost").value == 0
    closed = after(standing, Change("close", town["meeting_places"].index[0]))
    assert (closed.table["change"] >= 0).all()
    assert closed.figure("people_gained").value == 0


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_another_order_of_the_places_is_judged_anew(seed):
    """Order decides between equally near places, so a shuffled list names as coverage does."""
    town = random_city(seed)
    streets = Network.from_streets(town["streets"])
    standing = Standing.of(**town | {"streets": streets}, question=EVERYTHING)
    mixed = town["meeting_places"].sample(frac=1, random_state=seed)
    assert_as_coverage(standing.after(mixed), "after", town, streets, mixed, EVERYTHING)


def test_people_of_the_groups_add_up():
    """Who gains in the districts, by the places and in the headline are the same people."""
    town = random_city(3)
    x, y = towns.WEST, towns.SOUTH
    halves = [box(x - 99, y - 99, x + 300, y + 999), box(x + 300, y - 99, x + 999, y + 999)]
    town["districts"] = towns.layer("districts", halves, name=["West", "East"])
    result = after(prepared(town, EVERYTHING), *random_step(5, town["meeting_places"]))
    for column, figure in (("gained", "people_gained"), ("lost", "people_lost")):
        total = result.figure(figure).value
        assert rows(result, "districts")[column].sum() == total
        assert rows(result, "groups").loc["residents", column] == total
