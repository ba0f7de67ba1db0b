"""What the page of methods shows: published examples computed anew, and what applies here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from layers import Text
from layers.agreement import alpha
from layers.displacement import Counts, difference, published_drop
from layers.exact_tests import hypergeometric, poisson_interval, rate_ratio
from layers.false_alarms import FalseAlarms, false_alarms
from layers.getis_ord import getis_ord
from layers.grid_towns import busy_places, footfall
from layers.marks import KINDS
from layers.multiple_tests import RATE, benjamini_hochberg
from layers.near_repeats import knox
from layers.power import ENOUGH, TIMES, Excess, Power, found_share, local_excess
from layers.priorities import score
from layers.scan import bernoulli_gain
from layers.small_numbers import marshall, needed_for, pai, pei, rri

RUNS, DRAWS, SEED = 20, 999, 1
"""Of the simulation that the page runs itself: enough to see the difference between the recipes."""
TOWNS = 300
"""Towns of the power, as many as in the earlier simulation."""
CHANCE = 3.0
"""Simulated shares agree if they differ by at most so many standard errors of both."""


@dataclass(frozen=True)
class Line:
    """
    One number of an example: as published, as computed, and whether they agree.

    Parameters
    ----------
    what
        What it is.
    expected, computed
        The two numbers.
    digits
        Decimals of the published one; the computed one has to agree to half of the last.
    unit
        Unit of both.
    agrees
        Whether they do.
    """

    what: Text
    expected: float
    computed: float
    digits: int
    unit: str
    agrees: bool


@dataclass(frozen=True)
class Example:
    """A published example, or one of a pencil: where it is from, and its numbers."""

    source: Text
    lines: tuple[Line, ...]

    @property
    def agrees(self) -> bool:
        """Whether every number does."""
        return all(line.agrees for line in self.lines)


@dataclass(frozen=True)
class Volume:
    """
    What is published of a city today, and what can be told from so much.

    Parameters
    ----------
    unsafe, at_ease
        Marks behind the published rows, by kind.
    power
        Of the default test, or None where nothing is published.
    """

    unsafe: int
    at_ease: int
    power: Power | None

    @property
    def unlocked(self) -> bool:
        """Whether hot spots could be told from so many marks."""
        return self.power is not None and self.power.power >= ENOUGH


def volume(pins: Any) -> Volume:
    """
    Tell what the published layer allows, and nothing else: the page reveals no other number.

    Parameters
    ----------
    pins
        The public layer, or None before its first release.
    """
    if pins is None:
        return Volume(0, 0, None)
    unsafe, at_ease = (int(pins["marks"][pins["kind"] == kind].sum()) for kind in KINDS)
    return Volume(unsafe, at_ease, _power(unsafe, at_ease) if unsafe and at_ease else None)


@cache
def _power(unsafe: int, at_ease: int) -> Power:
    return local_excess(unsafe, at_ease)


@cache
def simulated() -> FalseAlarms:
    """Return the simulation that the page runs itself: towns where no place is worse."""
    return false_alarms(runs=RUNS, seed=SEED, draws=DRAWS)


def drawn(cells: np.ndarray[Any, Any]) -> str:
    """Return the cells of a town that are called hot as one path; a cell is a square of 1."""
    return "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(cells).tolist())


@cache
def examples() -> dict[str, Example]:
    """Compute every example anew; by the name of its method."""
    return {
        "fisher": _fisher(),
        "bh": _bh(),
        "power": _powers(),
        "scan": _scan(),
        "gi": _gi(),
        "poisson": _poisson(),
        "garwood": _garwood(),
        "rates": _rates(),
        "marshall": _marshall(),
        "knox": _knox(),
        "pai": _pai(),
        "priorities": _priorities(),
        "alpha": _alpha(),
        "wdd": _wdd(),
        "drops": _drops(),
    }


def _line(what: Text, expected: float, computed: Any, digits: int = 0, unit: str = "") -> Line:
    value = float(computed)
    agrees = abs(value - expected) <= 0.5 * 10.0**-digits * (1 + 1e-9)
    return Line(what, expected, value, digits, unit, agrees)


def _fisher() -> Example:
    cups = hypergeometric([3, 1], [1, 3])
    return Example(
        Text("Fisher (1935), the lady tasting tea: 3 of 4 cups named rightly, p = 17/70"),
        (_line(Text("p, one-sided"), 0.2429, cups[0], 4),),
    )


P_VALUES = (.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
            .6528, .7590, 1.0)  # fmt: skip
"""Benjamini and Hochberg (1995), table of 15 hypotheses."""


def _bh() -> Example:
    found = benjamini_hochberg(P_VALUES, rate=0.05)
    return Example(
        Text("Benjamini and Hochberg (1995), 15 comparisons of a drug trial at 5 %"),
        (
            _line(Text("found by their procedure"), 4, found.rejected.sum()),
            _line(Text("found by Bonferroni’s, for comparison"), 3,
                  sum(p <= 0.05 / len(P_VALUES) for p in P_VALUES)),
        ),
    )  # fmt: skip


def _powers() -> Example:
    rng = np.random.default_rng(SEED)
    share = footfall(rng, TOWNS)
    excess = Excess.of(share, busy_places(rng, share), TIMES)
    lines = []
    for unsafe, at_ease, known in ((60, 20, 0), (200, 70, 6), (200, 200, 35), (800, 800, 84)):
        found = 100 * found_share(excess, unsafe, at_ease, SEED, RATE, every=True)
        spread = CHANCE * (2 * max(known, 1) * (100 - known) / TOWNS) ** 0.5
        what = Text("{unsafe} unsafe and {at_ease} at-ease marks", unsafe=unsafe, at_ease=at_ease)
        lines.append(Line(what, known, found, 0, "%", abs(found - known) <= spread))
    return Example(
        Text("Power to find a place that is three times as bad; earlier simulation of 300 runs,"
             " agreement up to chance"),
        tuple(lines),
    )  # fmt: skip


def _scan() -> Example:
    gain = bernoulli_gain([5], [5], 5, 10)
    return Example(
        Text("by hand: all 5 unsafe of 10 marks in one circle of 5, 10 ln 2"),
        (_line(Text("logarithm of the likelihood ratio"), 6.9315, gain[0], 4),),
    )


POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = (2, 3, 3.2, 5, 8, 7)
Z = (-1.397276, -0.289178, 0.650650, -0.289178, 1.234521, 2.024243)
BAND = 15.0


def _gi() -> Example:
    apart = np.hypot(*np.moveaxis(POINTS[:, None] - POINTS, 2, 0))
    near = (apart <= BAND) & (apart > 0)
    pointers = np.concatenate([[0], np.cumsum(near.sum(axis=1))])
    found = getis_ord(VALUES, pointers, np.nonzero(near)[1], draws=9, seed=SEED)
    return Example(
        Text("six points, band 15, each its own neighbour; values as PySAL’s esda gives them"),
        tuple(
            _line(Text("z at ({x}, {y})", x=int(x), y=int(y)), z, computed, 6)
            for (x, y), z, computed in zip(POINTS, Z, found.z, strict=True)
        ),
    )


def _poisson() -> Example:
    table = ((0.5, 3), (1, 4), (2, 6), (3, 7), (5, 10))
    return Example(
        Text("exact Poisson: so many have to be observed for p < .05"),
        tuple(
            _line(Text("where {expected} are expected", expected=mean), needed, needed_for(mean))
            for mean, needed in table
        ),
    )


def _garwood() -> Example:
    rows = ((0, 0.0, 3.6889), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904))
    lines = []
    for count, low, high in rows:
        found = poisson_interval(count, 0.95)
        lines += [
            _line(Text("{count} counted, lower end", count=count), low, found.low, 4),
            _line(Text("{count} counted, upper end", count=count), high, found.high, 4),
        ]
    return Example(Text("Garwood (1936), 95 % intervals of counts"), tuple(lines))


def _rates() -> Example:
    found = rate_ratio(11, 21, 800, 3011, 0.95)
    return Example(
        Text("11 cases in 800 person-years against 21 in 3,011; documentation of R, poisson.test"),
        (
            _line(Text("ratio"), 1.971488, found.ratio, 6),
            _line(Text("lower end"), 0.8584264, found.low, 7),
            _line(Text("upper end"), 4.2772659, found.high, 7),
        ),
    )


def _marshall() -> Example:
    found = marshall([1, 9], [10, 10])
    return Example(
        Text("by hand: 1 and 9 of 10 each; mean .5, variance .11, weight .6875"),
        (
            _line(Text("first rate, drawn to the mean"), 0.225, found.rate[0], 4),
            _line(Text("second rate"), 0.775, found.rate[1], 4),
        ),
    )


def _knox() -> Example:
    found = knox([0, 100], [0, 0], [0, 7], draws=9, seed=SEED)
    return Example(
        Text("two marks exactly 100 m and 7 days apart: the pair belongs to the bands above"),
        (
            _line(Text("pairs in [0, 100) m and [0, 7) days"), 0, found.observed[0, 0]),
            _line(Text("pairs in [100, 200) m and [7, 14) days"), 1, found.observed[1, 1]),
        ),
    )


def _pai() -> Example:
    return Example(
        Text(
            "30 of 100 events in 5 of 100 km² after Chainey, Tompson and Uhlig (2008); the others"
            " by hand"
        ),
        (
            _line(Text("PAI"), 6, pai(30, 100, 5, 100)),
            _line(Text("PEI, if the best 5 km² held 40"), 0.75,
                  pei([30, 40, 30], [True, False, False]), 2),
            _line(Text("RRI, if they held 60 of 100 before"), 0.5, rri(30, 100, 60, 100), 2),
        ),
    )  # fmt: skip


def _priorities() -> Example:
    points = score(np.array([[1.0, 0.5, np.nan], [0.0, 1.0, 0.25]]), np.array([2.0, 1.0, 1.0]))
    return Example(
        Text("by hand: weights 2, 1, 1; parts 1, .5, unknown and 0, 1, .25"),
        (
            _line(Text("first task, 2.5 of 3"), 0.8333, points[0], 4),
            _line(Text("second task, 1.25 of 4"), 0.3125, points[1], 4),
        ),
    )


N = float("nan")
RATINGS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]).T  # fmt: skip
"""Krippendorff (2011), section E: four observers, twelve units, gaps."""


def _alpha() -> Example:
    kinds = (
        (Text("of names"), "nominal", 0.743),
        (Text("of steps in an order"), "ordinal", 0.815),
        (Text("of numbers"), "interval", 0.849),
    )
    return Example(
        Text("Krippendorff (2011): four observers, twelve units, gaps"),
        tuple(_line(what, known, alpha(RATINGS, level=level), 3) for what, level, known in kinds),
    )


def _wdd() -> Example:
    found = difference(Counts((100, 80), (100, 90)))
    return Example(
        Text("Wheeler and Ratcliffe (2018): 100 → 80 where something was done, 100 → 90 elsewhere"),
        (
            _line(Text("difference"), -10, found.difference),
            _line(Text("standard error"), 19.235, found.error, 3),
        ),
    )


def _drops() -> Example:
    return Example(
        Text("smallest drop that can be found: power 80 %, one-sided 5 %, equal control area"),
        tuple(
            Line(
                Text("of {count} marks before", count=before),
                known,
                float(np.ceil(100 * published_drop(before))),
                0,
                "%",
                int(np.ceil(100 * published_drop(before))) == known,
            )
            for before, known in ((20, 97), (50, 65), (100, 47), (200, 34))
        ),
    )


def all_agree(found: Sequence[Example]) -> tuple[int, int]:
    """Return how many numbers agree, and how many there are."""
    lines = [line for one in found for line in one.lines]
    return sum(line.agrees for line in lines), len(lines)
