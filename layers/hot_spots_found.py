"""What the marks say to a question: which test can be made, and what it finds."""

from __future__ import annotations

from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from .hot_spots import Tested, compared, found_in, stable
from .hot_spots_exposure import exposed
from .hot_spots_finding import FARTHEST, SCAN_DRAWS, Finding, blank, middles, with_scan
from .hot_spots_on_request import along_streets, gi_star
from .hot_spots_question import Looking, Marks
from .multiple_tests import RATE
from .network import Network
from .paths import Ints
from .power import ENOUGH, Power, local_excess
from .scan import bernoulli
from .tessellation import SIDES, Tessellation, squares, tessellations, units_with_ways

FEWEST_CONTROLS = 10
"""With fewer marks of the other kind there is nothing to compare with; an assumption."""
MANY = 2000
"""In so many units and more, power is told from fewer draws."""


def find(
    marks: Marks,
    looking: Looking,
    *,
    ways: Network,
    population: GeoDataFrame | None = None,
    rate: float = RATE,
) -> Finding:
    """
    Answer a question with the best test that the marks allow.

    Parameters
    ----------
    marks
        The marks that count.
    looking
        The question.
    ways
        The streets.
    population
        Residents, for the test against them.
    rate
        Share of false alarms among what is found that is accepted.
    """
    how = way_of(marks, looking, population)
    if how == "density":
        return along_streets(marks, looking, ways)
    if how == "gi_star":
        return gi_star(marks, looking, ways, rate)
    units = in_units(marks, looking, ways, streets=how != "exposure")
    if how == "counts":
        return blank(how, units[0], marks, enough=False)
    if how == "exposure" and population is not None:
        return exposed(marks, looking, units, population, rate)
    return _compared(marks, looking, units, ways, rate)


def way_of(marks: Marks, looking: Looking, population: GeoDataFrame | None) -> str:
    """Tell what can be done: as asked if it can, against residents if declared, else counts."""
    if looking.method in {"gi_star", "density"}:
        return looking.method
    if looking.method == "compare" and int((~marks.case).sum()) >= FEWEST_CONTROLS:
        return "compare"
    declared = looking.exposure == "residents" and population is not None and len(population)
    return "exposure" if declared else "counts"


def in_units(
    marks: Marks, looking: Looking, ways: Network, *, streets: bool = True
) -> tuple[Tessellation, ...]:
    """Lay every tessellation over the marks, the one that is shown first."""
    units = tessellations(marks.x, marks.y, size=looking.size, ways=ways if streets else None)
    if looking.unit == "segment" and streets:
        return (units[-1], *units[:-1])
    return units


def _power(tested: Tested, looking: Looking, ways: Network, rate: float) -> Power:
    """
    Tell how likely a threefold excess is found with so many marks where people can walk.

    The lesser of two: in imagined towns, which have a strong centre, and where the
    marks themselves lie, which may be spread so evenly that no place holds many.
    """
    units = max(len(tested.units), units_with_ways(tested.units, ways), 9)
    cases, controls = int(tested.cases.sum()), int(tested.controls.sum())
    told: dict[str, Any] = {"seed": int(looking.seed), "rate": rate}
    town = local_excess(cases, controls, units=units, draws=100 if units > MANY else 200, **told)
    if tested.units.side <= 0 or town.power < ENOUGH:
        return town
    marks = tested.cases + tested.controls
    beside = blocks(tested.units.key)
    here = local_excess(cases, controls, units=marks, beside=beside, draws=200, **told)
    return here if here.power < town.power else town


def blocks(key: Ints) -> Ints:
    """(m, 4) each square with those east, north and north-east of it; itself where one is empty."""
    at = {tuple(one): unit for unit, one in enumerate(key.tolist())}
    steps = ((0, 0), (1, 0), (0, 1), (1, 1))
    found = [
        [at.get((east + right, north + up), unit) for right, up in steps]
        for (east, north), unit in at.items()
    ]
    return np.array(found, dtype=np.intp).reshape(len(at), len(steps))


def _with_coarse_squares(marks: Marks, looking: Looking, ways: Network, rate: float) -> float:
    """Return the power with the largest squares, 0 where they are the ones asked for."""
    if looking.unit == "square" and looking.size == "coarse":
        return 0.0
    grid = squares(marks.x, marks.y, side=float(SIDES["coarse"][1]))
    tested = compared(marks.case, [grid], sender=marks.sender, rate=rate)[0]
    return _power(tested, looking, ways, rate).power


def _compared(
    marks: Marks,
    looking: Looking,
    units: tuple[Tessellation, ...],
    ways: Network,
    rate: float,
) -> Finding:
    tested = compared(marks.case, units, sender=marks.sender, rate=rate)
    first = tested[0]
    power = _power(first, looking, ways, rate)
    if power.power < ENOUGH:
        coarser = _with_coarse_squares(marks, looking, ways, rate)
        return blank(
            "compare",
            first.units,
            marks,
            enough=False,
            power=power,
            tested=tested,
            coarser=coarser,
        )
    grid = squares(marks.x, marks.y, side=float(SIDES[looking.size][1]))
    clusters = bernoulli(
        *middles(grid),
        grid.counts(marks.case, marks.sender),
        grid.counts(~marks.case, marks.sender),
        farthest=FARTHEST,
        draws=SCAN_DRAWS,
        seed=int(looking.seed),
    )
    sure = stable(tested, marks.case)
    times = found_in(tested, marks.case)
    hot = np.select(
        [sure, times > 0, np.isnan(first.p)], ["stable", "once", "few"], "nothing"
    ).astype(object)
    return with_scan("compare", tested, marks, hot, times, power, (clusters, grid), rate)
