"""What was found among the marks, in the units that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from .hot_spots import Tested
from .hot_spots_question import Marks
from .multiple_tests import Found
from .paths import Bools, Floats, Ints
from .power import Power
from .scan import Cluster
from .tessellation import Tessellation

SCAN_DRAWS = 999
FARTHEST = 1500.0
"""Largest radius of a circle of the scan [m]; an assumption: what is larger is no place."""


@dataclass(frozen=True, eq=False)
class Finding:
    """
    What was found in the units that are shown.

    Parameters
    ----------
    how
        "compare", "exposure", "counts", "gi_star" or "density": what could be done.
    enough
        Whether marks suffice; if not, nothing is told of any single unit.
    power
        Power for a threefold excess, where a test with known power was made.
    tested
        All tessellations, the one that is shown first; none without a test.
    shown
        Its m units.
    cases, controls
        (m,) marks of the kind looked for and of the other kind.
    hot
        (m,) a name from `hot_spots_columns.HOT`.
    expected, p, adjusted, z, density
        (m,) NaN where it does not apply.
    times
        (m,) in how many tessellations a unit is found.
    in_scan
        (m,) whether it lies in a cluster of the scan.
    clusters
        Clusters of the scan with p up to the rate, the most telling first.
    scanned
        Side of the squares that were scanned [m], 0 without a scan.
    found
        Correction where units were tested in no other tessellation.
    needed_cases
        Further marks of the kind looked for that would do against residents.
    coarser
        Power with the largest squares where marks do not suffice for those asked for, else 0.
    """

    how: str
    enough: bool
    power: Power | None
    tested: tuple[Tested, ...]
    shown: Tessellation
    cases: Ints
    controls: Ints
    hot: Any
    expected: Floats
    p: Floats
    adjusted: Floats
    times: Ints
    in_scan: Bools
    z: Floats
    density: Floats
    clusters: tuple[tuple[Cluster, Any], ...] = ()
    scanned: float = 0.0
    found: Found | None = None
    needed_cases: int | None = None
    coarser: float = 0.0

    @property
    def tests(self) -> int:
        """How many tests were made in the units that are shown."""
        if self.found is not None:
            return self.found.tests
        return self.tested[0].found.tests if self.tested else 0


def blank(how: str, shown: Tessellation, marks: Marks, *, enough: bool, **more: Any) -> Finding:
    """Return units that nothing is said of but their marks."""
    m = len(shown)
    nothing = np.full(m, np.nan)
    told: dict[str, Any] = {
        "how": how,
        "enough": enough,
        "power": None,
        "tested": (),
        "shown": shown,
        "cases": shown.counts(marks.case, marks.sender),
        "controls": shown.counts(~marks.case, marks.sender),
        "hot": np.full(m, "few", dtype=object),
        "expected": nothing,
        "p": nothing,
        "adjusted": nothing,
        "times": np.zeros(m, dtype=np.intp),
        "in_scan": np.zeros(m, dtype=bool),
        "z": nothing,
        "density": nothing,
    }
    return Finding(**(told | more))


def with_scan(
    how: str,
    tested: tuple[Tested, ...],
    marks: Marks,
    hot: Any,
    times: Ints,
    power: Power,
    scan: tuple[Sequence[Cluster], Tessellation],
    rate: float,
) -> Finding:
    """Put a test of every unit and its scan together."""
    first, (clusters, grid) = tested[0], scan
    telling = [cluster for cluster in clusters if cluster.p <= rate]
    held = np.zeros(len(grid) + 1, dtype=bool)
    for cluster in telling:
        held[cluster.members] = True
    shapes = grid.squares()
    return blank(
        how,
        first.units,
        marks,
        enough=True,
        power=power,
        tested=tested,
        hot=hot,
        expected=first.expected,
        p=first.p,
        adjusted=first.found.adjusted,
        times=times,
        in_scan=first.units.share(marks.case, held[grid.unit]) >= 0.5,
        clusters=tuple((c, shapely.union_all(shapes[c.members])) for c in telling),
        scanned=grid.side,
    )


def middles(grid: Tessellation) -> tuple[Floats, Floats]:
    """(m,) middles of squares [m]."""
    x, y = ((grid.key + grid.shift + 0.5) * grid.side).T
    return np.asarray(x), np.asarray(y)
