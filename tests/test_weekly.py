"""Coverage hour by hour: worked out with a pencil, and by asking for every hour alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from layers.analyses.coverage import coverage
from layers.analyses.opening_hours import opening_hours
from layers.doubts import cases_of, doubts_of
from layers.network import Network
from layers.open_when import DAYS
from layers.opening_hours import DAY, OPEN, SLOTS, UNKNOWN, WEEK, slots
from layers.question import Question
from layers.shares import share
from layers.weekly import shares_by_hour, week_of

from .towns import SOUTH, WEST, Town, main_street, places, random_town

FOUR = Question(minutes=4)
WEEKS = ("Mo-Fr 10:00-18:00", "Su 14:00-17:00; Mo 16:00-20:00; PH off", "24/7", "", "Sa,Su 09:00+")


def two_places(**columns: object) -> Town:
    """
    Return main street with a place at each end; in four minutes one walks two blocks.

    The one in the west reaches 10 + 20 + 30 = 60 of 150 people and opens on
    weekdays from 10 to 18, the one in the east 30 + 40 + 50 = 120 and opens
    on Sundays from 14 to 17 and on Mondays from 16 to 20.
    """
    ends = [(WEST, SOUTH), (WEST + 444, SOUTH)]
    hours = {"opening_hours": list(WEEKS[:2])}
    return main_street() | {"meeting_places": places(ends, **(hours | columns))}


def prepared(town: Town) -> dict[str, object]:
    """Return the town as analyses receive it."""
    return town | {"streets": Network.from_streets(town["streets"])}


def shares_at(town: Town, slot: int, question: Question = FOUR) -> list[float]:
    """Return the share at one hour by shortest paths: what coverage says, worst and best case."""
    asked = replace(question, open_when=DAYS[slot // DAY], open_hour=slot % DAY)
    layer, homes = town["meeting_places"], town["population"].centroid
    streets = Network.from_streets(town["streets"])
    walks = (
        streets.open_to(case.walker).nearest(homes, case.places.geometry).metres
        for case in cases_of(asked, layer)
    )
    people = town["population"]["residents"].to_numpy()
    told = coverage(**prepared(town), question=asked).figure("share_covered").value
    return [told, *(share(people, metres <= asked.metres) for metres in walks)]


@pytest.mark.parametrize(
    ("day", "hour", "worst", "best"),
    [
        ("tuesday", 11, 40, 40),
        ("monday", 17, 100, 100),
        ("monday", 19, 80, 80),
        ("sunday", 15, 80, 80),
        ("sunday", 10, 0, 0),
        ("saturday", 12, 0, 0),
        # the west says nothing of holidays, the east is closed
        ("public_holiday", 11, 0, 40),
        ("public_holiday", 20, 0, 0),
    ],
)
def test_who_reaches_an_open_place_can_be_counted_by_hand(day, hour, worst, best):
    town = two_places()
    question = replace(FOUR, open_when=day, open_hour=hour)
    figure = opening_hours(**prepared(town), question=question).figure("share_chosen")
    assert figure.value == pytest.approx(worst)
    # what is simulated is at least as wide as what is not known, and says which it is
    assert figure.low <= worst + 1e-9
    assert figure.high >= best - 1e-9
    assert figure.note.startswith("Worst and best case") == (worst < best)


def test_the_hours_of_a_cell_are_those_of_all_its_places_together():
    """40 h in the west; 45 h where both are near, as they share two hours on Mondays; 7 h else."""
    result = opening_hours(**prepared(two_places()), question=FOUR)
    assert result.table["hours"].tolist() == [40, 40, 45, 7, 7]
    assert result.figure("people_never").value == 0
    assert result.figure("median_hours").value == 7


def test_every_district_has_its_own_hours():
    """West: 60 people in three cells; East: 90 people in two."""
    asked = replace(FOUR, open_when="sunday", open_hour=15)
    result = opening_hours(**prepared(two_places()), question=asked)
    frame = next(t for t in result.tables if t.name == "districts").frame
    assert frame["district"].tolist() == ["West", "East"]
    assert_allclose(frame["worst"], [50, 100])


def test_unknown_hours_make_an_interval():
    """Whoever reaches only the place that says nothing is reached at best."""
    town = two_places(opening_hours=["", WEEKS[1]])
    asked = replace(FOUR, open_when="sunday", open_hour=15)
    figure = opening_hours(**prepared(town), question=asked).figure("share_chosen")
    assert (figure.value, figure.low, figure.high) == (80, 80, 100)
    bold = replace(asked, unknown_hours="open")
    figure = opening_hours(**prepared(town), question=bold).figure("share_chosen")
    assert (figure.value, figure.low, figure.high) == (100, 80, 100)


def test_without_any_hours_nothing_is_claimed():
    """No zeros: nobody knows."""
    result = opening_hours(**prepared(two_places(opening_hours=["", "nach Lust"])), question=FOUR)
    assert result.answer[0] == "It cannot be told who reaches an open place"
    assert result.table["hours"].isna().all()
    assert {figure.name for figure in result.figures} == {"places", "places_known"}
    assert not result.tables


@pytest.mark.parametrize("walker", ["adult", "wheelchair_best", "wheelchair_worst"])
@pytest.mark.parametrize("unknown", ["closed", "open"])
@pytest.mark.parametrize("step_free", [False, True])
def test_every_hour_is_what_coverage_says_of_it_alone(walker, unknown, step_free):
    """One matrix and 192 products, or 192 times shortest paths: the same shares and ends."""
    town = random_town(3, places_=5)
    town["meeting_places"]["opening_hours"] = list(WEEKS)
    town["meeting_places"]["step_free"] = ["yes", "no", "unknown", "yes", "unknown"]
    question = Question(minutes=5, walker=walker, unknown_hours=unknown, step_free_only=step_free)
    homes, people = town["population"].centroid, town["population"]["residents"].to_numpy()
    streets = Network.from_streets(town["streets"])
    week = week_of(homes, streets, town["meeting_places"], question)
    found = [shares_by_hour(people, case) for case in (week.asked, week.worst, week.best)]
    for slot in (0, 11, 19, 86, 5 * DAY + 10, 6 * DAY + 15, 7 * DAY + 11):
        assert_allclose([case[slot] for case in found], shares_at(town, slot, question))


spans = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 22)), max_size=5)
names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def written(opens: list[tuple[int, int]]) -> str:
    """Return opening hours that begin on these days at these hours and last for two hours."""
    return ", ".join(f"{names[day]} {hour:02}:00-{hour + 2:02}:00" for day, hour in opens) or "off"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 50), st.lists(spans, min_size=3, max_size=3), spans, st.integers(0, 2))
def test_opening_longer_never_loses_anybody(seed, opens, longer, which):
    """Whoever reached an open place still does; the best case is never below the worst."""
    town = random_town(seed, places_=3)
    homes, streets = town["population"].centroid, Network.from_streets(town["streets"])
    then = [of + longer * (number == which) for number, of in enumerate(opens)]
    before, after = (
        week_of(
            homes,
            streets,
            town["meeting_places"].assign(opening_hours=[written(of) for of in lists]),
            Question(minutes=5),
        )
        for lists in (opens, then)
    )
    assert (before.worst <= before.best).all()
    assert (before.worst[:, :WEEK] <= after.worst[:, :WEEK]).all()
    assert (before.best[:, :WEEK] <= after.best[:, :WEEK]).all()


def test_a_week_that_is_open_together_is_reached_together():
    """The union of the hours of two places on one spot is what either of them reaches."""
    town = two_places()
    one_spot = places([(WEST, SOUTH)] * 2, opening_hours=["Mo 08:00-12:00", "Mo 10:00-16:00"])
    joint = places([(WEST, SOUTH)], opening_hours=["Mo 08:00-16:00"])
    homes, streets = town["population"].centroid, Network.from_streets(town["streets"])
    both, single = (week_of(homes, streets, table, FOUR) for table in (one_spot, joint))
    assert (both.worst == single.worst).all()


# ---- the question ----


def test_a_question_counts_the_places_that_are_open():
    table = places(
        [(WEST, SOUTH)] * 4,
        opening_hours=["Su 14:00-17:00", "Mo-Fr 09:00-17:00", "", "unreadable"],
    )
    asked = Question(open_when="sunday", open_hour=15)
    assert asked.places(table)["name"].tolist() == ["Place 0"]
    assert len(asked.places(table, doubt="counts")) == 3
    assert len(replace(asked, unknown_hours="open").places(table)) == 3
    assert len(replace(asked, open_when="any").places(table)) == 4
    assert len(replace(asked, open_when="evenings_and_weekends").places(table)) == 1


def test_places_without_steps_are_asked_for_strictly():
    table = places([(WEST, SOUTH)] * 3, step_free=["yes", "no", "unknown"])
    asked = Question(step_free_only=True)
    assert asked.places(table)["name"].tolist() == ["Place 0"]
    assert asked.places(table, doubt="counts")["name"].tolist() == ["Place 0", "Place 2"]
    town = main_street()
    town["meeting_places"]["step_free"] = ["unknown"]
    figure = coverage(**prepared(town), question=replace(asked, minutes=60)).figure("share_covered")
    assert (figure.value, figure.low, figure.high) == (0, 0, 100)
    assert "steps" in figure.note


def test_without_doubt_there_is_no_interval():
    asked = replace(FOUR, open_when="sunday", open_hour=15)
    assert not doubts_of(asked, two_places()["meeting_places"])
    assert doubts_of(asked, two_places(opening_hours=["", ""])["meeting_places"])


def test_states_are_read_for_every_slot():
    states = slots(["24/7", ""])
    assert states.shape == (2, SLOTS)
    assert (states[0] == OPEN).all()
    assert (states[1] == UNKNOWN).all()
    assert np.array_equal(
        shares_by_hour(np.zeros(1), np.ones((1, 2), bool)), [np.nan] * 2, equal_nan=True
    )


def test_where_all_is_closed_nobody_is_told_to_live_too_far_away():
    """Places are there: they are closed, and the page says so."""
    asked = replace(FOUR, open_when="sunday", open_hour=3)
    notes = coverage(**prepared(two_places()), question=asked).notes
    assert notes[0].startswith("None of the places that fit is known to be open then.")
    assert any("half" in note or "30 minutes" in note for note in notes)


def test_no_share_lies_outside_its_ends():
    """Whatever is simulated, the worst and the best case hold every group's share."""
    town = random_town(5, places_=5)
    town["meeting_places"]["opening_hours"] = list(WEEKS)
    town["population"]["under_18"] = town["population"]["residents"] / 4
    asked = Question(minutes=5, open_when="sunday", open_hour=15)
    figures = coverage(**prepared(town), question=asked).figures
    shares = [f for f in figures if f.name.startswith("share_covered") and f.low is not None]
    assert len(shares) == 2
    assert all(f.low - 1e-9 <= f.value <= f.high + 1e-9 for f in shares)


def test_a_headline_about_hours_names_both_ends():
    """0 to 100 where the only place says nothing; one number where all is known."""
    asked = replace(FOUR, open_when="sunday", open_hour=15)
    unknown = coverage(**prepared(two_places(opening_hours=["", WEEKS[1]])), question=asked)
    assert unknown.answer[0] == "80 to 100 of 100 people"
    assert coverage(**prepared(two_places()), question=asked).answer[0] == "80 of 100 people"


def test_where_nobody_lives_no_share_is_made_up() -> None:
    """No people and no opening hours: the answer says so instead of failing."""
    town = main_street()
    town["population"] = town["population"].iloc[:0]
    assert "Nobody lives here" in opening_hours(**prepared(town)).answer[1]  # type: ignore[arg-type]
