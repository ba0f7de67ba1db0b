"""Two ways to draw counts that staff may ask for; neither is proof against uneven reporting."""

from __future__ import annotations

import numpy as np
import shapely

from .getis_ord import getis_ord
from .hot_spots_finding import Finding, blank
from .hot_spots_question import Looking, Marks
from .multiple_tests import benjamini_hochberg
from .network import Network
from .network_density import density
from .paths import Ints
from .tessellation import SIDES, Tessellation, corners_of, segments, squares

GI_DRAWS = 9999


def gi_star(marks: Marks, looking: Looking, ways: Network, rate: float) -> Finding:
    """Counts of a square and of its neighbours against all; squares without marks count as 0."""
    side = float(SIDES[looking.size][1])
    corners = corners_of(ways, side)
    x, y = np.concatenate([marks.x, corners[:, 0]]), np.concatenate([marks.y, corners[:, 1]])
    everywhere = squares(x, y, side=side)
    shown = Tessellation(everywhere.name, side, 0.0, everywhere.unit[: len(marks)], everywhere.key)
    cases = shown.counts(marks.case, marks.sender)
    found = getis_ord(cases, *neighbours(shown.key), draws=GI_DRAWS, seed=int(looking.seed))
    p = found.p if cases.any() else np.full(len(shown), np.nan)
    bh = benjamini_hochberg(p, rate=rate)
    return blank(
        "gi_star",
        shown,
        marks,
        enough=bool(cases.any()),
        hot=np.where(bh.rejected, "found", "nothing").astype(object),
        p=p,
        adjusted=bh.adjusted,
        times=bh.rejected.astype(np.intp),
        z=found.z,
        found=bh,
    )


def neighbours(key: Ints) -> tuple[Ints, Ints]:
    """
    Return the up to eight neighbours of each square.

    Parameters
    ----------
    key
        (m, 2) column and row of each square.

    Returns
    -------
    pointers, neighbours
        As `getis_ord` takes them.
    """
    wide = int(np.ptp(key[:, 1])) + 3 if len(key) else 1
    code = (key[:, 0] - key[:, 0].min(initial=0)) * wide + key[:, 1] - key[:, 1].min(initial=0) + 1
    order = np.argsort(code)
    units, others = [], []
    for step in (-wide - 1, -wide, -wide + 1, -1, 1, wide - 1, wide, wide + 1):
        at = np.minimum(np.searchsorted(code, code + step, sorter=order), len(code) - 1)
        there = code[order[at]] == code + step
        units.append(np.flatnonzero(there))
        others.append(order[at][there])
    unit, other = np.concatenate(units), np.concatenate(others)
    by_unit = np.argsort(unit, kind="stable")
    pointers = np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=len(key)))])
    return pointers.astype(np.intp), other[by_unit].astype(np.intp)


def along_streets(marks: Marks, looking: Looking, ways: Network) -> Finding:
    """Spread every mark of the kind along the streets."""
    units = segments(marks.x, marks.y, ways)
    kept = np.flatnonzero(marks.case & (units.unit >= 0))
    edge = np.append(units.key[:, 0], -1)[units.unit]
    along = shapely.line_locate_point(
        ways.lines[edge[kept]], shapely.points(marks.x[kept], marks.y[kept])
    )
    per_edge = density(ways, edge[kept], along, bandwidth=looking.bandwidth)
    reached = np.flatnonzero(per_edge > 0)
    rank = np.full(len(ways.lines) + 1, -1, dtype=np.intp)
    rank[reached] = np.arange(len(reached))
    shown = Tessellation("segment", 0.0, 0.0, rank[edge], reached.reshape(-1, 1))
    return blank("density", shown, marks, enough=True, density=np.asarray(per_edge[reached] * 1000))
