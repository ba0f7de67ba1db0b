"""The ground of the invented town: how the plan is bent, where the river runs, how high it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from . import plan

ORIGIN = np.array([521_000.0, 5_477_000.0])
"""Where the market lies in EPSG:25832 [m]; what is really there has nothing to do with the town."""

RIVER_WIDTH = 42.0
PATH_FROM_RIVER = 36.0
RAIL_CLEARANCE = 16.0
BANK = RIVER_WIDTH / 2 + 5
SAMPLING = 18.0
WAVES = 5
Array = NDArray[np.float64]


def curve(points: Array, *, spacing: float = SAMPLING) -> Array:
    """
    Run a smooth line (Catmull-Rom) through points.

    Parameters
    ----------
    points
        Places to run through, (n, 2) [m]; a first place repeated at the end closes the line.
    spacing
        Distance between the vertices [m].
    """
    closed = bool(np.all(points[0] == points[-1])) and len(points) > 3
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    padded = np.vstack([before, points, after])
    pieces = [
        _arc(padded[i : i + 4], max(2, int(np.hypot(*(padded[i + 2] - padded[i + 1])) / spacing)))
        for i in range(len(points) - 1)
    ]
    return np.vstack([*pieces, points[-1:]])


def _arc(p: Array, steps: int) -> Array:
    """Return the part between the two middle ones of four places, without its end."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    # The classic matrix form of the cubic with tangents (p2 - p0) / 2 and (p3 - p1) / 2.
    bent: Array = 0.5 * (
        2 * p[1]
        + (p[2] - p[0]) * t
        + (2 * p[0] - 5 * p[1] + 4 * p[2] - p[3]) * t**2
        + (3 * p[1] - p[0] - 3 * p[2] + p[3]) * t**3
    )
    return bent


@dataclass(frozen=True)
class Terrain:
    """
    Where the plan comes to lie for one seed.

    Parameters
    ----------
    turn
        Angle by which the plan is turned [rad].
    waves, phases, swings
        Directions [1/m], phases [rad] and widths [m] of the waves that bend the plan.
    """

    turn: float
    waves: Array
    phases: Array
    swings: Array

    @classmethod
    def drawn(cls, random: np.random.Generator) -> Terrain:
        """Draw a terrain; its bends are too gentle to let any two lines of the plan cross."""
        heading, length = random.uniform(0, np.pi, WAVES), random.uniform(2200, 4200, WAVES)
        waves = (2 * np.pi / length)[:, None] * np.column_stack([np.cos(heading), np.sin(heading)])
        return cls(
            turn=float(random.uniform(-0.3, 0.3)),
            waves=waves,
            phases=random.uniform(0, 2 * np.pi, WAVES),
            swings=random.normal(0, 22, (WAVES, 2)),
        )

    def place(self, points: Sequence[plan.Place] | Array) -> Array:
        """Return where places of the plan lie in EPSG:25832 [m]."""
        flat = np.asarray(points, dtype=float)
        bent = flat + np.sin(flat @ self.waves.T + self.phases) @ self.swings
        placed: Array = bent @ self._turned.T + ORIGIN
        return placed

    @cached_property
    def _turned(self) -> Array:
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return np.array([[cos, -sin], [sin, cos]])

    def height(self, points: Array) -> Array:
        """Return heights above the river [m]: flat in the valley, a hill in the south."""
        flat = (points - ORIGIN) @ self._turned
        hill: Array = 62 / (1 + np.exp((flat[:, 1] + 1050) / 160))
        return hill + 0.004 * np.abs(flat[:, 1])

    def line(self, course: Sequence[plan.Place], *, straight: bool = False) -> Any:
        """Return a road, river or railway of the plan as a line."""
        placed = self.place(course)
        return shapely.linestrings(np.round(placed if straight else curve(placed), 3))

    @cached_property
    def river(self) -> Any:
        """Middle of the river."""
        return self.line(plan.RIVER)

    @cached_property
    def water(self) -> Any:
        """The river as an area; it swells and narrows a little."""
        points = shapely.get_coordinates(shapely.segmentize(self.river, 40))
        widths = RIVER_WIDTH / 2 + 2.5 * np.sin(np.arange(len(points)) / 5)
        reaches = shapely.convex_hull(
            shapely.multipoints(
                [
                    (
                        *shapely.buffer(shapely.points(a), wide).exterior.coords,
                        *shapely.buffer(shapely.points(b), wider).exterior.coords,
                    )
                    for a, b, wide, wider in zip(
                        points, points[1:], widths, widths[1:], strict=False
                    )
                ]
            )
        )
        return shapely.union_all(reaches).intersection(self.boundary)

    @cached_property
    def railway(self) -> Any:
        """Middle of the tracks."""
        return self.line(plan.RAILWAY)

    @cached_property
    def boundary(self) -> Any:
        """Outline of the municipality."""
        return shapely.polygons(curve(self.place((*plan.BOUNDARY, plan.BOUNDARY[0])), spacing=60))

    @cached_property
    def closed_to_streets(self) -> Any:
        """Water and tracks with the strip beside them that no street enters."""
        return shapely.union_all(
            [self.river.buffer(RIVER_WIDTH / 2 + 4), self.railway.buffer(RAIL_CLEARANCE)]
        )
