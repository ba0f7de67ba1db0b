"""Who reaches an open place, hour by hour of a week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array

from .network import Network
from .open_when import ANY, slots_of, told
from .opening_hours import CLOSED, OPEN, UNKNOWN, WEEK, States, slots
from .paths import Bools, Floats, Ints
from .question import Question
from .text import Text
from .walkers import WALKERS, Walker

CHUNK = 16
"""So many sets of open places are multiplied at once."""


@dataclass(frozen=True, eq=False)
class Week:
    """
    Who reaches an open place in each of the 192 slots of `opening_hours`.

    Parameters
    ----------
    places
        The places that fit whatever their hours.
    states
        (k, 192) states of their hours.
    reach
        (n, k) what is stored is within reach of the walker asked for.
    always
        (n,) whether a cell reaches a place that fits, whatever the hour.
    asked, worst, best
        (n, 192) whether a cell reaches an open place: as the question counts
        what is not known, and at worst and at best.
    """

    places: GeoDataFrame
    states: States
    reach: csr_array[Any]
    always: Bools
    asked: Bools
    worst: Bools
    best: Bools

    @property
    def known(self) -> Bools:
        """(k,) whether anything is known of the hours of a place."""
        return np.asarray((self.states[:, :WEEK] != UNKNOWN).any(axis=1))


def week_of(homes: GeoSeries, streets: Network, layer: GeoDataFrame, question: Question) -> Week:
    """
    Tell for every hour of a week who reaches an open place.

    Parameters
    ----------
    homes
        (n,) points where people start.
    streets
        Walking network in the same CRS.
    layer
        The places that are asked for.
    question
        What is asked; when a place has to be open is left aside.
    """
    fitting = replace(question, open_when=ANY).places(layer, doubt="counts")
    states = slots(fitting["opening_hours"], question.land)
    stepless = (fitting["step_free"] == "yes").to_numpy() | (not question.step_free_only)
    sure, perhaps = (states == OPEN) & stepless[:, None], states != CLOSED
    as_asked = perhaps & stepless[:, None] if question.unknown_hours == "open" else sure
    walker = question.who_walks
    wheels = walker.needs == "step_free"
    worst, best = (
        (WALKERS["wheelchair_worst"], WALKERS["wheelchair_best"]) if wheels else (walker, walker)
    )
    reach = {
        one.name: _reach(streets, homes, fitting, one, question) for one in (walker, worst, best)
    }
    return Week(
        fitting,
        states,
        reach=reach[walker.name],
        always=by_hour(reach[walker.name], stepless[:, None])[:, 0],
        asked=by_hour(reach[walker.name], as_asked),
        worst=by_hour(reach[worst.name], sure),
        best=by_hour(reach[best.name], perhaps),
    )


def by_hour(reach: csr_array[Any], is_open: Bools) -> Bools:
    """
    Tell for every hour which cells reach an open place.

    Parameters
    ----------
    reach
        (n, k) what is stored is within reach.
    is_open
        (k, h) which places are open; hours with the same open places are
        computed once.

    Returns
    -------
    reached
        (n, h).
    """
    sets, which = np.unique(is_open, axis=1, return_inverse=True)
    there = csr_array((np.ones(reach.nnz, dtype=np.float32), reach.indices, reach.indptr),
                      shape=reach.shape)  # fmt: skip
    reached = np.zeros((reach.shape[0], sets.shape[1]), dtype=bool)
    for first in range(0, sets.shape[1], CHUNK):
        part = np.ascontiguousarray(sets[:, first : first + CHUNK], dtype=np.float32)
        reached[:, first : first + CHUNK] = there @ part > 0
    return reached[:, which.ravel()]


def shares_by_hour(people: Floats, reached: Bools) -> Floats:
    """Share of people reached in each hour [%]; NaN if nobody is counted."""
    counted = np.nan_to_num(people)
    total = counted.sum()
    if not total > 0:
        return np.full(reached.shape[1], np.nan)
    shares = np.empty(reached.shape[1])
    for first in range(0, reached.shape[1], CHUNK):
        part = reached[:, first : first + CHUNK]
        found, missing = counted @ part, counted @ ~part
        # everybody is 100, whatever the sums were rounded to
        shares[first : first + CHUNK] = np.where(missing == 0, 100.0, 100 * found / total)
    return shares


def mean_shares(people: Floats, week: Week, slots: Ints) -> tuple[float, float, float]:
    """Share of people reached in an average one of some hours: as asked, worst and best [%]."""
    cases = (week.asked, week.worst, week.best)
    asked, worst, best = (float(shares_by_hour(people, c[:, slots]).mean()) for c in cases)
    return asked, worst, best


def at_chosen_hours(question: Question) -> Question:
    """Return the question as it is told: for Sunday where no hours are asked for."""
    return question if question.asks_hours else replace(question, open_when="sunday")


def chosen_slots(question: Question) -> Ints:
    """Return the hours a question is told for."""
    asked = at_chosen_hours(question)
    return slots_of(asked.open_when, asked.open_hour)


def chosen_words(question: Question) -> Text:
    """Tell for which hours a question is told."""
    asked = at_chosen_hours(question)
    return told(asked.open_when, asked.open_hour, "closed")


def _reach(
    streets: Network, homes: GeoSeries, places: GeoDataFrame, walker: Walker, question: Question
) -> csr_array[Any]:
    return streets.open_to(walker).within_reach(homes, places.geometry, question.metres)
