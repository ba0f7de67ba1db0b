"""Marks of the invented town: the same every time, with a truth to judge statistics against."""

from datetime import UTC, date, datetime

import pytest
import shapely

from layers.factors import FACTORS
from layers.marks import DAYTIMES, KINDS, NOTE_MOST, STATES, WEEKPARTS, check_mark
from layers.publication import publish
from layers.sample_town import sample_town
from layers.sample_town.marks import EXCESS, LOUD, SILENT, sample_marks

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def town():
    return sample_town(seed=1)


@pytest.fixture(scope="module")
def made(town):
    return sample_marks(town, seed=1, at=NOW)


def test_the_same_seed_gives_the_same_marks(town, made):
    """And another seed others."""
    again, truth = sample_marks(town, seed=1, at=NOW)
    assert again.equals(made[0])
    assert truth.equals(made[1])
    assert not sample_marks(town, seed=2, at=NOW)[0].equals(made[0])


def test_there_are_some_hundred_of_both_kinds(made):
    """Enough to show every page, few enough to be a real town's year."""
    marks, _ = made
    assert 300 <= len(marks) <= 700
    assert marks["kind"].value_counts().min() > 100
    assert set(marks["state"]) <= {str(state) for state in STATES}
    assert set(marks["daytime"]) <= {"", *DAYTIMES}
    assert set(marks["weekpart"]) <= {"", *WEEKPARTS}


def test_every_mark_could_have_been_sent(town, made):
    """In the town, not on water, with reasons of its kind."""
    city = shapely.union_all(town["districts"].geometry.array)
    areas = town["areas"]
    water = shapely.union_all(areas.geometry[areas["kind"] == "water"].array)
    shapely.prepare([city, water])
    for row in made[0].itertuples():
        fields = {"kind": row.kind, "x": row.geometry.x, "y": row.geometry.y,
                  "factors": row.factors, "daytime": row.daytime, "weekpart": row.weekpart,
                  "strength": row.strength, "note": row.note,
                  "noticed_on": row.received_on}  # fmt: skip
        assert check_mark(fields, city=city, water=water, at=NOW) == []
        assert len(row.note) <= NOTE_MOST


def test_no_mark_is_newer_than_now_and_decisions_come_after_receipt(made):
    """Accepted ones expire a year later; the others have no such day."""
    marks, _ = made
    assert (marks["received_on"] <= NOW.date().isoformat()).all()
    accepted = marks[marks["accepted_on"] != ""]
    assert (accepted["accepted_on"] > accepted["received_on"]).all()
    assert (accepted["accepted_on"] <= NOW.date().isoformat()).all()
    assert set(accepted["state"]) <= {"published", "resolved"}
    assert set(marks.loc[marks["expires_on"] == "", "state"]) <= {
        "received", "rejected", "asked", "withdrawn",
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_around_a_true_spot_its_reason_is_told_more_than_anything_else(seed):
    """Where people write as often as on average, most marks have its kind and a reason of it."""
    town = sample_town(seed=seed)
    marks, truth = sample_marks(town, seed=seed, at=NOW)
    spots = truth[truth["what"] == "spot"]
    assert len(spots) == 6
    assert set(spots["kind"]) == set(KINDS)
    for spot in spots.itertuples():
        here = marks[marks.geometry.within(spot.geometry.buffer(10))]
        told = (
            here["factors"].str.split(";").map(set(spot.factors.split(";")).intersection).map(bool)
        )
        assert spot.times < 1 or (told & (here["kind"] == spot.kind)).mean() > 0.5
        assert set(spot.factors.split(";")) <= set(FACTORS)
        assert spot.extra == EXCESS * spot.times


def test_one_district_writes_more_and_one_less_for_no_reason_of_the_place(made):
    """The loud one has no true spot at all; the silent one has."""
    _, truth = made
    spots, reporting = (truth[truth["what"] == what] for what in ("spot", "reporting"))
    loud, silent = (reporting[reporting["times"] == times] for times in (LOUD, SILENT))
    assert len(loud) == len(silent) == 1
    assert not spots.geometry.centroid.within(loud.geometry.iloc[0]).any()
    assert spots.geometry.centroid.within(silent.geometry.iloc[0]).any()


def test_the_marks_can_be_published(town, made):
    """The first release of the invented town shows fine rows with reasons, and coarse counts."""
    marks, _ = made
    release = publish(
        marks[marks["state"] == "published"],
        streets=town["streets"],
        addresses=town["buildings"],
        districts=town["districts"],
        on=date(2026, 6, 1),
    )
    assert release.pins["marks"].min() >= 5
    assert (release.pins["factors"] != "").sum() >= 5
    assert {"district"} < set(release.pins["unit"])
