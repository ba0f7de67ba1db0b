"""Money instead of a number of places, on towns whose cheapest answer a pencil finds."""

import numpy as np
import pytest

from layers import ANALYSES, InfeasibleError

from . import towns
from .test_siting_analysis import SOUTH, WEST, corners, ladder, run


def value(result, name):
    """Return a figure of a result."""
    return result.figure(name).value


@pytest.mark.parametrize(
    ("budget", "places", "people"), [(59_000, 0, 0), (100_000, 1, 51), (120_000, 2, 102)]
)
def test_as_many_places_as_the_budget_pays_for(budget, places, people):
    """At 60,000 € each: none, one between 51 people, or two for everybody."""
    result = run(ladder(), budget=str(budget), new_cost="60000")
    assert len(result.marked) == places
    assert value(result, "people_gained") == people
    assert value(result, "cost") == places * 60_000
    assert value(result, "budget_left") == budget - places * 60_000


@pytest.mark.parametrize(("budget", "gone", "people"), [(129_000, 1, 51), (130_000, 1, 102)])
def test_a_dear_place_is_closed_where_that_pays_for_better_ones(budget, gone, people):
    """
    A library nobody is near costs 80,000 €, closing it 10,000 €, a new one 60,000 €.

    Kept it leaves nothing to reach anybody with; closed it leaves one place, or for 130,000 € two.
    """
    dear = towns.places([(WEST + 4 * 333, SOUTH)], yearly_cost=[80_000.0], closing_cost=[10_000.0])
    asked = {"budget": str(budget), "new_cost": "60000", "existing": "movable"}
    result = run(ladder() | {"meeting_places": dear}, **asked)
    assert value(result, "people_gained") == people
    assert value(result, "cost") == 10_000 + 60_000 * people / 51
    given_up = [table for table in result.tables if table.name == "given_up"]
    assert len(given_up[0].frame) == gone


def test_what_a_place_costs_is_asked_of_whoever_asks_where_the_city_has_not_noted_it():
    """The same library with its costs on the form gives the same answer."""
    plain = towns.places([(WEST + 4 * 333, SOUTH)])
    result = run(
        ladder() | {"meeting_places": plain},
        budget="130000", new_cost="60000", keep_cost="80000", close_cost="10000",
        existing="movable",
    )  # fmt: skip
    assert corners(result) == [1, 7]
    assert value(result, "cost") == 130_000


def test_everybody_is_reached_as_cheaply_as_can_be_and_not_by_the_fewest():
    """A café on corner 1 reaches corners 0 to 2 alone for 100,000 €; two others do for 20,000 €."""
    spots = [(WEST + 333 * corner, SOUTH) for corner in (0, 1, 2)]
    cafes = towns.places(spots, "cafe", yearly_cost=[10_000.0, 100_000.0, 10_000.0])
    asked = {"aim": "all", "kinds": "library", "candidates": "places"}
    town = ladder() | {"meeting_places": cafes}
    assert corners(run(town, **asked)) == [0, 2]
    assert value(run(town, **asked), "cost") == 20_000
    free = cafes.assign(yearly_cost=np.nan)
    assert corners(run(ladder() | {"meeting_places": free}, **asked)) == [1]


def test_the_cost_of_places_that_stay_comes_out_of_the_budget():
    """A library that stays for 50,000 € leaves 60,000 € of 110,000 €: one more place."""
    town = ladder() | {"meeting_places": towns.places([(WEST + 333, SOUTH)])}
    asked = {"new_cost": "60000", "keep_cost": "50000"}
    assert corners(run(town, budget="110000", **asked)) == [7]
    assert corners(run(town, budget="109000", **asked)) == []


def test_a_budget_limits_nothing_while_places_cost_nothing():
    """Whoever forgets the cost of a new place is told so."""
    with pytest.raises(InfeasibleError, match="say what a new place costs"):
        run(ladder(), budget="100000")


def test_more_money_is_shown_beside_the_budget():
    """The front counts in euros, and never falls."""
    result = run(ladder(), budget="60000", new_cost="60000")
    (front,) = [table for table in result.tables if table.name == "front"]
    assert front.columns[0].unit == "€"
    told = front.frame.groupby("places")["share"].max()
    assert told.loc[60_000] == 50
    assert told.is_monotonic_increasing


def test_a_budget_is_told_in_the_question_and_large_sums_survive_an_address():
    """A figure of seven digits comes back as it was."""
    analysis = ANALYSES["siting"]
    values = analysis.parse({"budget": "1234567", "new_cost": "60001"})
    assert "at most 1,234,567 €" in values["question"].sentence()
    assert analysis.parse(analysis.write(values)) == values
