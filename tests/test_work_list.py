"""Tasks for offices from marks, counted by hand along one street, and laws that hold anywhere."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame
from shapely import Point

from layers.credible import MARKS
from layers.factors import FACTORS
from layers.work_list import COLUMNS, tasks, work_list

from . import citizens, towns
from .towns import SOUTH, WEST

AT = date(2026, 5, 31)
TOWN = citizens.town()
STREETS, DISTRICTS = TOWN["streets"], TOWN["districts"]
"""Long Street in four parts of 111 m from the west, Side Lane southwards from its middle."""


def marks(*rows):
    """Return credible marks; each row is (metre, factors, what else is said)."""
    first = {"kind": "unsafe", "state": "published", "received_on": "2026-05-01"}
    table = MARKS.empty(towns.CRS)
    for number, (metre, factors, more) in enumerate(rows):
        told = {c.name: c.unknown for c in MARKS.columns} | first | {"factors": factors} | more
        table.loc[f"m{number}", [c.name for c in MARKS.columns]] = [
            told[c.name] for c in MARKS.columns
        ]
        table.loc[f"m{number}", "geometry"] = Point(WEST + metre, SOUTH + told.get("off", 2))
    return MARKS.check(MARKS.complete(table))


def listed(found, **more):
    return work_list(found, STREETS, at=AT, districts=DISTRICTS, **more)


def only(found, **more):
    """Return the one task there is."""
    table = listed(found, **more).tasks
    assert len(table) == 1
    return table.iloc[0]


def test_without_marks_there_is_nothing_to_do():
    """The table has all its columns, so that a page can say so."""
    found = listed(marks())
    assert len(found.tasks) == 0
    assert list(found.tasks.columns[:-1]) == [c.name for c in COLUMNS]
    assert len(found.members) == 0


def test_one_mark_is_a_task_at_a_part_of_its_street_and_never_a_point():
    """The mark is at 30 m: its task is the whole first part of Long Street."""
    task = only(marks((30, "poor_light", {"daytime": "night", "strength": 3})))
    assert (task.factor, task.office, task.state) == ("poor_light", "street_lighting", "open")
    assert (task.place, task.unit) == ("Long Street", "street")
    assert task.geometry.equals(STREETS.geometry.iloc[0])
    assert (task.marks, task.voices, task.earlier) == (1, 1, 0)
    assert (task.first_on, task.waiting_days) == ("2026-05-01", 30)
    assert (task.when, task.night_share, task.strength_mean) == ("dark", 100, 3)


def test_neighbouring_parts_of_one_street_are_one_task():
    """Parts one and two touch; part four is 111 m away from part two and stands alone."""
    found = listed(
        marks((30, "poor_light", {}), (150, "poor_light", {}), (400, "poor_light", {}))
    ).tasks
    assert sorted(found["marks"]) == [1, 2]
    both = found[found["marks"] == 2].geometry.iloc[0]
    assert both.length == pytest.approx(222)


def test_streets_of_other_names_and_other_reasons_are_tasks_of_their_own():
    """The lane meets the street, and the hedge is not the lamp."""
    found = listed(
        marks(
            (200, "poor_light", {}),
            (222, "poor_light", {"off": -20}),
            (200, "overgrown", {}),
        )
    ).tasks
    assert sorted(zip(found["place"], found["factor"], strict=True)) == [
        ("Long Street", "overgrown"), ("Long Street", "poor_light"), ("Side Lane", "poor_light"),
    ]  # fmt: skip


def test_a_part_of_a_street_says_which_streets_it_lies_between():
    """Part two of Long Street ends at Side Lane."""
    assert only(marks((150, "poor_light", {})))["between"] == "Side Lane"


def test_far_from_every_street_and_for_behaviour_the_square_stands():
    """70 m beside the street is near none; being followed is told by its square even on it."""
    found = listed(marks((30, "poor_light", {"off": 70}), (30, "followed", {}))).tasks
    assert set(found["unit"]) == {"square"}
    assert found.geometry.area.to_numpy() == pytest.approx([10_000, 10_000], rel=0.01)
    assert set(found["place"]) == {""}
    assert found.set_index("factor")["sensitive"].to_dict() == {
        "poor_light": False, "followed": True
    }  # fmt: skip
    assert found.set_index("factor").loc["followed", "office"] == "prevention"


def test_marks_at_ease_are_no_tasks():
    """They are worth much, but there is nothing to do."""
    assert len(listed(marks((30, "good_light", {"kind": "at_ease"}))).tasks) == 0


def test_voices_are_marks_marks_joined_with_them_and_me_too():
    """Two marks, one with two joined, of a row with five voices: 2 + 2 + 5."""
    found = marks(
        (30, "poor_light", {"merged": 2, "pin": "a", "voices": 5}),
        (40, "poor_light", {"pin": "a", "voices": 5}),
    )
    assert only(found)["voices"] == 9


def test_me_too_is_counted_once_for_each_reason_where_most_marks_of_its_row_are():
    """Three marks of one row: two at the west end, one at the east end."""
    row = {"pin": "a", "voices": 5}
    found = listed(
        marks((30, "poor_light", row), (40, "poor_light", row), (430, "poor_light", row))
    ).tasks
    assert sorted(found["voices"]) == [1, 7]


def test_when_it_matters_needs_two_thirds_of_those_who_say():
    """Two of three after dark is dark, one of two is both; who says nothing does not count."""

    def when(*times):
        return only(marks(*((30, "poor_light", {"daytime": time}) for time in times)))["when"]

    assert when("night", "dusk", "day") == "dark"
    assert when("night", "day") == "both"
    assert when("day", "day", "", "") == "day"
    assert when("", "") == ""


def test_a_task_is_done_when_all_its_marks_are():
    """Put right one by one, closed altogether, or run out."""
    done = {"mended": "poor_light"}
    assert only(marks((30, "poor_light", done), (40, "poor_light", {"state": "resolved"})))[
        "state"
    ] == "done"  # fmt: skip
    assert only(marks((30, "poor_light", {"state": "expired"})))["state"] == "lapsed"
    again = only(
        marks(
            (30, "poor_light", done | {"received_on": "2026-01-01"}),
            (40, "poor_light", {"received_on": "2026-05-21"}),
        )
    )
    assert (again.state, again.marks, again.earlier) == ("open", 1, 1)
    assert (again.first_on, again.waiting_days) == ("2026-05-21", 10)


def test_one_reason_put_right_leaves_the_others_open():
    """The lamp is mended, the hedge is not cut."""
    found = listed(marks((30, "poor_light;overgrown", {"mended": "poor_light"}))).tasks
    assert found.set_index("factor")["state"].to_dict() == {
        "poor_light": "done", "overgrown": "open"
    }  # fmt: skip


def test_a_task_keeps_its_id_when_further_marks_come():
    """A newer mark on the next part joins the bundle, not the other way round."""
    first = (200, "poor_light", {"received_on": "2026-05-01"})
    newer = (100, "poor_light", {"received_on": "2026-05-09"})
    assert only(marks(first)).name == only(marks(first, newer)).name


def test_people_affected_after_dark_are_those_of_the_worst_part_and_else_unknown():
    """40 and 70 may be the same people: at least 70. Lit ways take nobody’s place."""
    found = marks((30, "poor_light", {}), (150, "poor_light", {}))
    ids = STREETS.index
    dark = DataFrame({"people_lost": [40.0, 70.0]}, index=[str(ids[0]), str(ids[1])])
    assert only(found, dark=dark)["people_dark"] == 70
    assert only(marks((400, "poor_light", {})), dark=dark)["people_dark"] == 0
    assert only(found)["people_dark"] != only(found)["people_dark"]


REASONS = [name for name, factor in FACTORS.items() if "unsafe" in factor.kinds]
ROWS = st.lists(
    st.tuples(
        st.floats(-50, 500),
        st.lists(st.sampled_from(REASONS), min_size=1, max_size=3, unique=True).map(";".join),
        st.fixed_dictionaries(
            {
                "off": st.floats(-90, 90),
                "merged": st.integers(0, 3),
                "pin": st.sampled_from(["", "a", "b"]),
                "state": st.sampled_from(["published", "resolved", "expired"]),
                "received_on": st.integers(0, 300).map(
                    lambda days: (AT - timedelta(days=days)).isoformat()
                ),
            }
        ),
    ),
    max_size=12,
)
VOICES = {"": 0, "a": 4, "b": 7}


@given(ROWS)
def test_every_reason_of_every_mark_is_in_exactly_one_task_and_voices_add_up(rows):
    """Nothing is lost, nothing counts twice."""
    told = [(m, f, more | {"voices": VOICES[more["pin"]]}) for m, f, more in rows]
    table = marks(*told)
    found = listed(table)
    pairs = [(id_, f) for id_, fs in table["factors"].items() for f in fs.split(";")]
    members = found.members
    assert sorted(zip(members["mark"], members["factor"], strict=True)) == sorted(pairs)
    assert set(members["task"]) == set(found.tasks.index)
    assert (found.tasks["marks"] + found.tasks["earlier"]).sum() == len(pairs)
    current = members[members["status"] == members["task"].map(found.tasks["state"])].join(
        table[["merged", "pin"]], on="mark"
    )
    for factor, group in current.groupby("factor"):
        voices = len(group) + group["merged"].sum() + sum(VOICES[p] for p in set(group["pin"]))
        assert found.tasks.loc[found.tasks["factor"] == factor, "voices"].sum() == voices


@given(ROWS)
def test_no_task_is_finer_than_a_part_of_a_street_or_a_square(rows):
    """Every shape is made of whole street parts, or is a square of 100 m."""
    found = tasks(marks(*rows), STREETS, at=AT, districts=DISTRICTS)
    for shape, unit in zip(found.geometry, found["unit"], strict=True):
        if unit == "square":
            assert shape.area == pytest.approx(10_000, rel=0.01)
        else:
            assert shape.length >= STREETS.length.min() - 1e-6
