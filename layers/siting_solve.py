"""From people and streets to a question of siting on plain arrays, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries
from scipy.sparse import csr_array

from .asked import district_of
from .errors import InfeasibleError
from .network import Network
from .paths import Floats, Ints
from .sites import FACTS, Sites, sites
from .siting import Gains, Point, Problem, Solution, alternatives, combined, front, gains
from .siting import proof as prove
from .siting import quick as answer_quickly
from .siting_costs import Prices, prices_of
from .siting_question import Wish
from .sources.population import GROUPS
from .text import Text
from .watch import Watch, nobody, part

OTHERS = 10
"""So many other answers are looked for."""
WITHIN = 0.02
"""They may be worse by this share."""
AHEAD = 4
"""The front goes so many places beyond what was asked, and starts at none."""
MOST_AHEAD = 14
LARGE = 100_000
"""From so many pairs of home and candidate on, other answers wait for the background, and the
front does not try higher shares of the worst-off district."""
FEW = 6
"""So many numbers of places are looked at in a large city."""
PARTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
"""Parts of a budget that are looked at beside it."""
STEPS = 4
"""So many higher shares are tried where a city is not large."""


@dataclass(frozen=True, eq=False)
class Asked:
    """
    A question of siting with everything that stands behind its arrays.

    Parameters
    ----------
    wish
        What is asked.
    homes
        (n,) where people start.
    people
        (n,) people who count, 0 where not known.
    counted
        (r,) cells in which somebody counts: the rows of `problem`.
    standing
        (e,) places that count today and take part: the first columns of `problem`.
    sites
        (c,) candidates: the columns after them.
    groups
        (r, g) people of every known group, and their names in `known`.
    known
        (g,) names of these groups.
    district
        (n,) district of each cell; -1 for none.
    problem
        The question on plain arrays.
    prices
        What places cost, where that decides.
    """

    wish: Wish
    homes: GeoSeries
    people: Floats
    counted: Ints
    standing: GeoDataFrame
    sites: Sites
    groups: Floats
    known: tuple[str, ...]
    district: Ints
    problem: Problem
    prices: Prices | None = None

    def new(self, solution: Solution) -> Ints:
        """Return the chosen candidates, without places that stand already."""
        chosen = solution.chosen[solution.chosen >= len(self.standing)]
        return np.asarray(chosen - len(self.standing))

    @property
    def large(self) -> bool:
        """Whether only the answer itself comes at once."""
        return self.problem.costs.nnz > LARGE

    @property
    def heavy(self) -> bool:
        """Whether other answers are not waited for: a large city, or rooms that fill up."""
        return self.large or self.problem.capacity is not None

    def closed(self, solution: Solution) -> Ints:
        """Return the places that stand today and are not part of an answer."""
        return np.setdiff1d(np.arange(len(self.standing)), solution.chosen)


@dataclass(frozen=True, eq=False)
class Answered:
    """
    An answer, what else there is, and why.

    Parameters
    ----------
    best
        The answer.
    others
        Answers nearly as good.
    front
        What other numbers of places would give.
    gains
        Whom each place is there for.
    whole
        Whether other answers were looked for.
    """

    best: Solution
    others: tuple[Solution, ...]
    front: tuple[Point, ...]
    gains: Gains
    whole: bool = True


def ask(
    wish: Wish,
    population: GeoDataFrame,
    streets: Network,
    places: GeoDataFrame,
    districts: GeoDataFrame | None,
    buildings: GeoDataFrame | None,
) -> Asked:
    """
    Put a wish into numbers: who, from where, to which candidates, how far.

    Parameters
    ----------
    wish
        What is asked.
    population, streets, districts, buildings
        Layers of the city.
    places
        The layer whose places are asked for.

    Raises
    ------
    InfeasibleError
        If there is nowhere to put a place, or a budget that limits nothing.
    """
    counting = wish.places(places)
    found = sites(wish, population, streets, places, counting, buildings)
    if not found.ids:
        raise InfeasibleError([NOWHERE])
    standing = counting.iloc[:0] if wish.existing == "ignored" else counting
    homes = population.centroid
    people = population[wish.group].fillna(0.0).to_numpy(dtype=float)
    counted = np.flatnonzero(people > 0)
    known = tuple(name for name in GROUPS if population[name].notna().any())
    groups = population[list(known)].fillna(0.0).to_numpy(dtype=float)[counted]
    district = district_of(homes, districts)
    columns = _stacked(standing, found)
    costs = streets.open_to(wish.who_walks).within_reach(
        homes.iloc[counted], columns, wish.who_walks.metres(_farthest(wish))
    )
    prices = prices_of(wish, standing, places, found)
    problem = _problem(
        wish, costs, people[counted], groups, known, district[counted], len(standing), prices
    )
    return Asked(
        wish, homes, people, counted, standing, found, groups, known, district, problem, prices
    )


def at_once(asked: Asked) -> Answered:
    """Answer a question with what can be found in a moment."""
    best = answer_quickly(asked.problem)
    if not asked.heavy:
        return _answered(asked, best, nobody)
    points = _front(asked, nobody)
    return Answered(best, (), tuple(points), gains(_reach(asked), best, asked.groups), whole=False)


def proven(asked: Asked, watch: Watch) -> Answered:
    """Answer a question with the best there is, or the best found until time is up."""
    watch(0.05, Text("looking for a good answer"))
    best = answer_quickly(asked.problem)
    if not best.proven:
        best = prove(asked.problem, best, watch=part(watch, 0.1, 0.8), seconds=asked.wish.patience)
    return _answered(asked, best, part(watch, 0.8, 1.0))


def _answered(asked: Asked, best: Solution, watch: Watch) -> Answered:
    problem = asked.problem
    others = alternatives(problem, best, OTHERS, within=WITHIN, watch=part(watch, 0.0, 0.5))
    points = _front(asked, part(watch, 0.5, 1.0))
    return Answered(best, tuple(others), tuple(points), gains(_reach(asked), best, asked.groups))


def _front(asked: Asked, watch: Watch) -> list[Point]:
    """Weigh places, or money, against reach; whatever was asked, this is about reach."""
    kept = len(asked.standing)
    if asked.prices is not None and asked.wish.budget > 0:
        return front(_reach(asked), _budgets(asked, asked.prices), steps=0, watch=watch)
    most = min(asked.wish.more + AHEAD, MOST_AHEAD, asked.problem.costs.shape[1] - kept)
    numbers = [kept + more for more in range(most + 1) if kept + more >= 1]
    steps = 0 if asked.large else STEPS
    if asked.large and len(numbers) > FEW:
        some = np.linspace(0, len(numbers) - 1, FEW).round().astype(int)
        numbers = [numbers[n] for n in some]
    return front(_reach(asked), numbers, steps=steps, watch=watch)


def _budgets(asked: Asked, prices: Prices) -> list[float]:
    """Return budgets to compare: from what stands today alone to half as much more."""
    today = float(prices.cost[: len(asked.standing)].sum())
    more = max(asked.wish.budget - today, 0.0)
    return sorted({round(today + more * part, 2) for part in PARTS} - {0.0})


def _reach(asked: Asked) -> Problem:
    """Return the same people and candidates, asked who gets there in time."""
    by_budget = asked.prices is not None and asked.wish.budget > 0
    counted: dict[str, Any] = (
        {"budget": asked.wish.budget, "p": None}
        if by_budget
        else {
            "budget": None,
            "p": max(1, len(asked.standing)),
            "cost": None,
            "closing": None,
        }
    )
    return asked.problem.but(
        model="mclp",
        costs=_within(asked.problem.costs, asked.wish.metres),
        fixed=np.arange(len(asked.standing)),
        **counted,
        unreachable=None,
        capacity=None,
        floor=0.0,
    )


def _within(costs: csr_array[Any], limit: float) -> csr_array[Any]:
    """Leave out what is farther than the limit asked for."""
    if not costs.nnz or costs.data.max() <= limit:
        return costs
    near = costs.tocoo()
    kept = near.data <= limit
    return csr_array((near.data[kept], (near.row[kept], near.col[kept])), shape=costs.shape)


def _farthest(wish: Wish) -> float:
    """How far a walk may be that a search looks at [min]."""
    if wish.looks_far:
        return max(float(FACTS["far"][wish.aim]), wish.minutes)
    return wish.minutes


def _stacked(standing: GeoDataFrame, found: Sites) -> GeoSeries:
    """Geometry of every column: places that stand, then candidates."""
    both = pd.concat([standing.geometry.reset_index(drop=True), found.points], ignore_index=True)
    return geopandas.GeoSeries(both, crs=standing.crs)


def _problem(
    wish: Wish,
    costs: csr_array[Any],
    people: Floats,
    groups: Floats,
    known: tuple[str, ...],
    district: Ints,
    standing: int,
    prices: Prices | None,
) -> Problem:
    factors = [wish.factor - 1.0 if name in wish.weighed else 0.0 for name in known]
    weights = people + (combined(groups, np.array(factors)) if any(factors) else 0.0)
    # whole metres: sums stay exact, so that an answer can be proven to the last person
    whole = costs.copy()
    whole.data = np.rint(whole.data)
    chosen: dict[str, Any] = {}
    if prices is not None:
        chosen |= {"cost": prices.cost, "closing": prices.closing}
    if wish.aim != "all" and prices is not None:
        chosen["budget"] = wish.budget
    elif wish.aim != "all":
        chosen["p"] = min(standing + wish.more, costs.shape[1])
    if wish.existing == "kept":
        chosen["fixed"] = np.arange(standing)
    if wish.room > 0 and wish.model in {"lscp", "mclp", "p_median"}:
        everybody = float(people.sum()) + 1.0
        chosen["capacity"] = np.where(np.arange(costs.shape[1]) < standing, everybody, wish.room)
    if (district >= 0).any():
        chosen["groups"] = district
    if wish.has_floor:
        chosen["floor"] = wish.floor / 100
    return Problem(wish.model, whole, weights, people=people, **chosen)


NOWHERE = Text(
    "there is no candidate for a new place: choose other candidates, or import the layer that"
    " holds them"
)
