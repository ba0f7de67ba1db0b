"""Changes to the list of meeting places: every fault is told, and nothing else changes."""

import json

import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers import LAYERS, ParameterError
from layers.scenarios import Change, apply, check, new_id

from . import towns

laws = settings(max_examples=60, deadline=None)


def three():
    """Return a library, a café and a park of 20 m, ids 0 to 2."""
    return towns.places(
        [(0, 0), (100, 0), box(200, 0, 220, 20)],
        kind=["library", "cafe", "park"],
        capacity=[40.0, np.nan, np.nan],
    )


def new(place="new-1", x=50.0, y=5.0, **values):
    return Change("add", place, x, y, {"kind": "library"} | values)


def test_a_new_place_stands_behind_the_others_with_all_else_unknown():
    changed = apply([new(name="Treff", capacity=30)], three())
    assert changed.index.tolist() == ["0", "1", "2", "new-1"]
    row = changed.loc["new-1"]
    assert (row["name"], row["kind"], row["capacity"]) == ("Treff", "library", 30)
    assert (row["opening_hours"], row["step_free"]) == ("", "unknown")
    assert row.geometry == Point(50, 5)
    LAYERS["meeting_places"].check(changed)


def test_points_are_put_where_they_are_moved_to_and_areas_go_as_a_whole():
    """The park's centre of gravity comes to lie at the new spot; its size stays."""
    changed = apply([Change("move", "0", 7, 8), Change("move", "2", 500, 500)], three())
    assert changed.geometry["0"] == Point(7, 8)
    assert changed.geometry["2"].equals(box(490, 490, 510, 510))


def test_what_is_closed_is_gone_until_it_is_opened_again():
    places = three()
    assert apply([Change("close", "1")], places).index.tolist() == ["0", "2"]
    again = apply([Change("close", "1"), Change("reopen", "1")], places)
    assert_geodataframe_equal(again, places)


def test_what_is_said_about_a_place_replaces_what_was_known():
    """Hours, access, fee and capacity; the other places keep theirs."""
    said = {"opening_hours": "24/7", "step_free": "yes", "fee": "no", "capacity": 12}
    changed = apply([Change("set", "1", values=said)], three())
    assert changed.loc["1", list(said)].to_dict() == said
    assert changed.loc["0", "capacity"] == 40
    assert np.isnan(
        apply([Change("set", "0", values={"capacity": float("nan")})], three())["capacity"]["0"]
    )


def test_the_table_it_starts_from_is_not_changed():
    places, before = three(), three()
    apply([new(), Change("move", "0", 1, 1), Change("set", "2", values={"name": "Park"})], places)
    assert_geodataframe_equal(places, before)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([Change("paint", "0")], "not a change"),
        ([Change("move", "9", 1, 1)], "no place with the id “9”"),
        ([Change("close", "0"), Change("close", "0")], "Change 2 (Place 0): it is closed already"),
        ([Change("close", "0"), Change("move", "0", 1, 1)], "open it again first"),
        ([Change("reopen", "0")], "it is not closed"),
        ([new("0")], "a place with the id “0” already"),
        ([new(), new()], "Change 2 (new-1): there is a place"),
        ([new("")], "needs an id"),
        ([new(x=float("nan"))], "no position"),
        ([Change("move", "0", 1, float("inf"))], "no position"),
        ([new(x=5000.0)], "outside the city"),
        ([Change("add", "new-1", 1, 1)], "what kind"),
        ([new(kind="castle")], "“castle” is not among"),
        ([Change("set", "0")], "nothing is said"),
        ([Change("set", "0", values={"capacity": -1})], "from 0 on"),
        ([Change("set", "0", values={"capacity": "many"})], "“many”"),
        ([Change("set", "0", values={"step_free": "maybe"})], "“maybe” is not among yes, no"),
        ([Change("set", "0", values={"name": "x" * 501})], "500 characters"),
        ([Change("set", "0", values={"opening_hours": "often"})], "“often” cannot be read"),
        ([Change("set", "0", values={"colour": "red"})], "“colour” cannot be changed"),
        ([Change("close", "0", values={"name": "x"})], "only a new or a changed place"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_the_number_of_the_change(changes, told):
    faults = check(changes, three(), box(-1000, -1000, 1000, 1000))
    assert [told in fault for fault in faults] == [True]
    assert faults[0].startswith("Change ")


def test_all_faults_are_told_at_once_and_nothing_is_applied():
    """A closed place that does not exist, a new one outside without a kind, a negative capacity."""
    changes = [
        Change("close", "9"),
        Change("add", "new-1", 5000, 0),
        Change("set", "0", values={"capacity": -3, "fee": "?"}),
    ]
    assert len(check(changes, three(), box(-1000, -1000, 1000, 1000))) == 5
    with pytest.raises(ParameterError, match=r"(?s)Change 1.*Change 2.*Change 3") as error:
        apply(changes, three())
    assert len(error.value.faults) == 4


def test_ids_of_new_places_are_never_given_twice():
    """Undoing the first of two leaves the second its id; the next one is the third."""
    places = three()
    assert new_id([], places) == "new-1"
    assert new_id([new("new-1"), new("new-2")], places) == "new-3"
    assert new_id([new("new-2")], places) == "new-3"
    adopted = apply([new("new-1")], places)
    assert new_id([], adopted) == "new-2"
    assert new_id([new("new-" + "9" * 5000)], places) == "new-1"


def test_changes_survive_being_written_as_json():
    changes = [
        new(name="Café „Ü“", capacity=3.5),
        Change("move", "0", 1.25, -7),
        Change("close", "1"),
        Change("set", "0", values={"capacity": float("nan")}),
    ]
    text = json.dumps([change.plain() for change in changes], allow_nan=False)
    read = [Change.of(told) for told in json.loads(text)]
    assert read[:3] == changes[:3]
    assert np.isnan(read[3].values["capacity"])


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"action": "close"},
        {"action": "close", "place": 3},
        {"action": "move", "place": "0", "x": "1", "y": 2},
        {"action": "move", "place": "0", "x": True, "y": 2},
        {"action": "set", "place": "0", "values": ["name"]},
        {"action": "set", "place": "0", "values": {"name": {"a": 1}}},
        {"action": "close", "place": "0", "also": 1},
    ],
)
def test_what_has_not_the_form_of_a_change_is_refused(told):
    with pytest.raises(ParameterError):
        Change.of(told)


def random_changes(seed, places, count=8):
    """Return `count` sensible changes in a row."""
    rng = np.random.default_rng(seed)
    changes = []
    for _ in range(count):
        known = [*places.index, *(c.place for c in changes if c.action == "add")]
        closed = {
            p
            for p in known
            if [c.action for c in changes if c.place == p and c.action in {"close", "reopen"}][-1:]
            == ["close"]
        }
        place = str(rng.choice(known)) if known else ""
        action = str(rng.choice(["add", "move", "close", "set"]))
        x, y = rng.uniform(0, 600, 2) + np.array([towns.WEST, towns.SOUTH])
        if action == "add" or not known:
            changes.append(new(new_id(changes, places), float(x), float(y)))
        elif place in closed:
            changes.append(Change("reopen", place))
        elif action == "move":
            changes.append(Change("move", place, float(x), float(y)))
        elif action == "set":
            changes.append(Change("set", place, values={"capacity": float(rng.integers(0, 90))}))
        else:
            changes.append(Change("close", place))
    return changes


def undone(change, before):
    """Return what takes a change back, given the table before it."""
    row = before.loc[change.place] if change.place in before.index else None
    if change.action == "move":
        return Change("move", change.place, row.geometry.x, row.geometry.y)
    if change.action == "set":
        return Change("set", change.place, values={name: row[name] for name in change.values})
    return Change(
        {"add": "close", "close": "reopen", "reopen": "close"}[change.action], change.place
    )


@laws
@given(st.integers(0, 10_000))
def test_changes_taken_back_in_reverse_leave_everything_as_it_was(seed):
    """Each change followed by its opposite, the last first, gives the table of the beginning."""
    places = towns.random_town(seed)["meeting_places"]
    changes = random_changes(seed, places)
    tables = [apply(changes[:n], places) for n in range(len(changes))]
    back = [undone(c, before) for c, before in zip(changes, tables, strict=True)][::-1]
    assert check([*changes, *back], places) == []
    assert_geodataframe_equal(apply([*changes, *back], places), places)


@laws
@given(st.integers(0, 10_000))
def test_applying_in_two_steps_is_applying_at_once(seed):
    """What was adopted half way can be built upon: rows, values and places agree."""
    places = towns.random_town(seed)["meeting_places"]
    changes = random_changes(seed, places)
    half = [c for c in changes[:4] if c.action not in {"close", "reopen"}]
    rest = [c for c in changes[4:] if c.action in {"add", "move", "set"}]
    ids = {*places.index, *(c.place for c in [*half, *rest] if c.action == "add")}
    half, rest = ([c for c in of if c.place in ids] for of in (half, rest))
    assert_geodataframe_equal(apply([*half, *rest], places), apply(rest, apply(half, places)))


def test_changes_to_different_places_may_come_in_any_order():
    """Order matters for one place alone: the last word counts."""
    a, b = Change("move", "0", 1, 2), Change("set", "1", values={"name": "B"})
    assert_geodataframe_equal(apply([a, b], three()), apply([b, a], three()))
    last = apply([a, Change("move", "0", 3, 4)], three())
    assert last.geometry["0"] == Point(3, 4)


def test_a_city_without_places_can_be_given_its_first():
    empty = LAYERS["meeting_places"].empty(towns.CRS)
    assert apply([new()], empty).index.tolist() == ["new-1"]
    assert apply([], empty).empty
