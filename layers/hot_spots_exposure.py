"""Marks against the people who live there: a hint where there is nothing better."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from .exact_tests import poisson
from .hot_spots import against_exposure, found_in, stable
from .hot_spots_finding import FARTHEST, SCAN_DRAWS, Finding, blank, middles, with_scan
from .hot_spots_question import Looking, Marks
from .multiple_tests import RATE
from .paths import Floats
from .power import ENOUGH, MOST, TIMES, Needed, Power
from .scan import poisson as scan
from .small_numbers import needed_for
from .tessellation import SIDES, Tessellation, squares

FEWEST_RESIDENTS = 20
"""Squares with fewer residents are not tested against residents: two marks of people who walk
there would count as a wonder. An assumption."""
NOTHING = Needed(None, None)


def exposed_power(expected: Floats, cases: int, *, rate: float = RATE) -> tuple[Power, int | None]:
    """
    Tell how likely a test against people finds a place with a threefold excess.

    Parameters
    ----------
    expected
        (m,) cases to expect in each unit; NaN where it is not tested.
    cases
        How many cases there are.
    rate
        Rate of false alarms; shared out to all tests (Bonferroni), so that
        the power told is rather too small.

    Returns
    -------
    power
        Exact, without draws; a unit is the more likely to be the place the
        more is expected of it.
    needed
        Further cases to reach `power.ENOUGH`; None: more than anybody collects.
    """
    known = expected[np.isfinite(expected) & (expected > 0)]
    if not len(known) or not cases:
        return Power(0.0, 0, NOTHING), None

    def reached(times: float) -> float:
        mean = known * times
        least = needed_for(mean, level=rate / len(known))
        return float(np.average(poisson(least, TIMES * mean), weights=known))

    now, times = reached(1.0), 1.0
    while reached(times) < ENOUGH and times * cases <= 2 * MOST + cases:
        times *= 1.2
    further = _rounded(int(np.ceil((times - 1) * cases)))
    return Power(now, 0, NOTHING), further if further <= MOST else None


def _rounded(count: int) -> int:
    """Round up to two digits: no number of marks to come is known better."""
    step = 10 ** max(len(str(count)) - 2, 0)
    return -(-count // step) * step


@dataclass(frozen=True, eq=False)
class Residents:
    """
    Where people live.

    Parameters
    ----------
    cells
        (k,) cells of the census [m].
    people
        (k,) residents of each.
    """

    cells: Any
    people: Floats

    @classmethod
    def of(cls, population: GeoDataFrame) -> Residents:
        """Take the cells of the layer `population`; unknown counts are left out."""
        people = population["residents"].to_numpy(dtype=float)
        kept = np.isfinite(people) & (people > 0)
        return cls(population.geometry.to_numpy()[kept], people[kept])

    def shared(self, shapes: Any) -> Floats:
        """
        Share the residents of each cell out to areas, in proportion to what they have in common.

        Parameters
        ----------
        shapes
            (m,) areas [m].
        """
        cell, unit = shapely.STRtree(shapes).query(self.cells, predicate="intersects")
        common = shapely.area(shapely.intersection(self.cells[cell], shapes[unit]))
        part = common / np.maximum(shapely.area(self.cells[cell]), 1e-9)
        return np.asarray(np.bincount(unit, self.people[cell] * part, len(shapes)))

    def within(self, units: Tessellation) -> Floats:
        """
        Return the residents of each square.

        Returns
        -------
        people
            (m,) NaN where fewer than `FEWEST_RESIDENTS` live: nobody knows
            who writes there.
        """
        people = self.shared(units.squares())
        return np.asarray(np.where(people >= FEWEST_RESIDENTS, people, np.nan))


def exposed(
    marks: Marks,
    looking: Looking,
    units: tuple[Tessellation, ...],
    population: GeoDataFrame,
    rate: float,
) -> Finding:
    """Test squares against their residents; what is found is a hint and no more."""
    people = Residents.of(population)
    tested = against_exposure(marks.case, units, people.within, sender=marks.sender, rate=rate)
    first = tested[0]
    power, needed = exposed_power(first.expected, int(first.cases.sum()), rate=rate)
    if power.power < ENOUGH:
        return blank(
            "exposure",
            first.units,
            marks,
            enough=False,
            power=power,
            tested=tested,
            needed_cases=needed,
        )
    grid = squares(marks.x, marks.y, side=float(SIDES[looking.size][1]))
    expected = people.within(grid)
    known = np.flatnonzero(np.isfinite(expected))
    cases = grid.counts(marks.case, marks.sender)
    share = expected[known] / max(expected[known].sum(), 1e-9)
    x, y = middles(grid)
    clusters = [
        replace(cluster, members=known[cluster.members])
        for cluster in scan(
            x[known],
            y[known],
            cases[known],
            share * cases[known].sum(),
            farthest=FARTHEST,
            draws=SCAN_DRAWS,
            seed=int(looking.seed),
        )
    ]
    sure = stable(tested, marks.case)
    hot = np.select([sure, np.isnan(first.p)], ["found", "few"], "nothing").astype(object)
    times = found_in(tested, marks.case)
    return with_scan("exposure", tested, marks, hot, times, power, (clusters, grid), rate)
