"""How streets were laid out: lanes that grew, bent grids, closes with footpaths, park paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Random = np.random.Generator
STEP = 24.0
"""Distance between the vertices of a bent street [m]."""


@dataclass(frozen=True)
class Way:
    """
    A line on the drawing board, before junctions are made.

    Parameters
    ----------
    line
        Its course.
    kind, name
        Kind of way in OpenStreetMap's words and name.
    quarter
        Short name of the quarter it was laid out in; "" for roads of the plan.
    apart
        A bridge or tunnel ("bridge", "tunnel"): joins others only at its ends.
    lit
        Light at night where the plan knows it; "" leaves it to the kind of way.
    """

    line: Any
    kind: str
    name: str = ""
    quarter: str = ""
    apart: str = ""
    lit: str = ""


@dataclass(frozen=True)
class Site:
    """A face between roads that is to be filled: its outline and the ways it may join."""

    face: Any
    edge: Any

    def joined(self, end: NDArray[np.float64], reach: float) -> list[tuple[float, float]]:
        """Return the place on the edge where a street from `end` arrives, if it is near."""
        stub = shapely.shortest_line(shapely.points(end), self.edge)
        if stub is None or shapely.is_empty(stub) or shapely.length(stub) > reach:
            return []
        return [tuple(shapely.get_coordinates(stub)[-1])]


def _turned(points: NDArray[np.float64], angle: float, centre: NDArray[np.float64]) -> Any:
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]]) + centre


def _frame(face: Any) -> tuple[NDArray[np.float64], float, float]:
    """Return middle, half diagonal [m] and direction of the longer side [rad] of a face."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(face))
    sides = np.diff(box[:3], axis=0)
    longer = sides[np.argmax(np.hypot(*sides.T))]
    half = float(np.hypot(*(box[2] - box[0])) / 2)
    return box[:4].mean(axis=0), half, float(np.arctan2(longer[1], longer[0]))


def _positions(half: float, gaps: tuple[float, float], random: Random) -> NDArray[np.float64]:
    steps = random.uniform(*gaps, int(2 * half / gaps[0]) + 2)
    at: NDArray[np.float64] = np.cumsum(steps) - half - random.uniform(0, gaps[0])
    return at[at < half]


def bent_lines(
    face: Any,
    random: Random,
    *,
    gaps: tuple[float, float],
    bend: float,
    across: bool,
    turn: float = 0,
) -> list[Any]:
    """
    Draw parallel lines over a face that bend together.

    Parameters
    ----------
    face
        Area to cover.
    random
        Source of the variation.
    gaps
        Least and greatest distance between neighbours [m].
    bend
        How far a line swings from straight [m].
    across
        Across the longer side instead of along it.
    turn
        Further angle [rad].
    """
    centre, half, angle = _frame(face)
    angle += turn + (np.pi / 2 if across else 0)
    along = np.arange(-half, half + STEP, STEP)
    length, phase = random.uniform(500, 900), random.uniform(0, 2 * np.pi)
    swing = bend * np.sin(2 * np.pi * along / length + phase)
    lines = []
    for at in _positions(half, gaps, random):
        slant = random.normal(0, 0.018) * along
        points = np.column_stack([along, at + swing + slant])
        lines.append(shapely.linestrings(_turned(points, angle, centre)))
    return lines


def _pieces(lines: list[Any], area: Any, least: float) -> list[Any]:
    parts = shapely.get_parts(shapely.intersection(lines, area))
    return [p for p in parts if p.geom_type == "LineString" and p.length > least]


def fitted(lines: list[Any], site: Site, *, inset: float, least: float = 45) -> list[Any]:
    """
    Cut lines to a face and lead their ends straight to the roads around it.

    A line that would run close beside a road is left out: houses stand there.
    """
    streets = []
    core = site.face.buffer(-inset)
    for piece in _pieces(lines, core, least):
        points = shapely.get_coordinates(piece)
        cut = shapely.distance(shapely.points(points[[0, -1]]), core.boundary) < 0.01
        head, tail = (
            site.joined(points[end], 1.5 * inset) if led else []
            for end, led in zip((0, -1), cut, strict=True)
        )
        streets.append(_rounded(np.array([*head, *map(tuple, points), *tail])))
    return streets


def _rounded(points: NDArray[np.float64]) -> Any:
    """Cut the corners of a line (Chaikin), so that it bends as vehicles turn."""
    quarter = 0.75 * points[:-1] + 0.25 * points[1:]
    three = 0.25 * points[:-1] + 0.75 * points[1:]
    cut = np.stack([quarter, three], axis=1).reshape(-1, 2)[1:-1]
    return shapely.simplify(shapely.linestrings(np.vstack([points[:1], cut, points[-1:]])), 0.4)


def grown(
    face: Any, random: Random, *, spacing: float, stretch: float = 1.0, loose: float = 0.3
) -> list[Any]:
    """Draw an irregular net such as lanes that grew: edges of cells around scattered places."""
    centre, half, angle = _frame(face)
    u, v = np.meshgrid(np.arange(-half, half, spacing * stretch), np.arange(-half, half, spacing))
    u = u + (np.arange(len(u)) % 2)[:, None] * spacing * stretch / 2
    scattered = np.column_stack([u.ravel(), v.ravel()])
    scattered += random.normal(0, loose * spacing, scattered.shape) * [stretch, 1]
    cells = shapely.multipoints(_turned(scattered, angle + random.normal(0, 0.15), centre))
    edges = shapely.get_parts(shapely.voronoi_polygons(cells, only_edges=True))
    return [_crooked(edge, random) for edge in edges[shapely.intersects(edges, face)]]


def _crooked(edge: Any, random: Random) -> Any:
    """Give a straight lane a slight bow."""
    (x0, y0), (x1, y1) = shapely.get_coordinates(edge)[[0, -1]]
    bow = random.normal(0, 0.07)
    t = np.array([0, 0.25, 0.5, 0.75, 1])
    out = 4 * bow * t * (1 - t)
    return shapely.linestrings(
        np.column_stack(
            [x0 + t * (x1 - x0) - out * (y1 - y0), y0 + t * (y1 - y0) + out * (x1 - x0)]
        )
    )


def _lanes(site: Site, random: Random) -> list[Way]:
    kinds = ("living_street", "residential", "pedestrian", "footway")
    streets = fitted(
        grown(site.face, random, spacing=54, stretch=1.75, loose=0.25), site, inset=22, least=12
    )
    return [Way(s, str(random.choice(kinds, p=(0.45, 0.25, 0.18, 0.12)))) for s in streets]


def _blocks(site: Site, random: Random) -> list[Way]:
    turn = random.normal(0, 0.06)
    long = bent_lines(site.face, random, gaps=(88, 125), bend=14, across=False, turn=turn)
    short = bent_lines(site.face, random, gaps=(120, 190), bend=10, across=True, turn=turn)
    return [Way(s, "residential") for s in fitted(long + short, site, inset=48)]


def _rows(site: Site, random: Random) -> list[Way]:
    long = bent_lines(site.face, random, gaps=(105, 130), bend=26, across=True)
    short = bent_lines(site.face, random, gaps=(170, 240), bend=20, across=False)
    paths = bent_lines(site.face, random, gaps=(190, 260), bend=12, across=False)
    streets = [Way(s, "residential") for s in fitted(long + short, site, inset=55)]
    return streets + [Way(s, "footway") for s in fitted(paths, site, inset=30)]


def _closes(streets: list[Any], random: Random) -> list[Way]:
    """Turn some streets into closes whose ends a footpath joins to what lies beyond."""
    ways = []
    for street in streets:
        length = shapely.length(street)
        if length < 150 or random.random() < 0.35:
            ways.append(Way(street, "residential"))
            continue
        start = random.uniform(45, length - 90)
        gap = (start, start + random.uniform(22, 40))
        ways += [
            Way(between(street, 0, gap[0]), "residential"),
            Way(between(street, gap[1], length), "residential"),
        ]
        if random.random() < 0.75:
            ways.append(Way(between(street, *gap), "footway"))
    return ways


def between(line: Any, start: float, end: float) -> Any:
    """Return the part of a line between two distances from its start [m]."""
    points = shapely.get_coordinates(line)
    at = np.r_[0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    inner = points[(at > start + 0.5) & (at < end - 0.5)]
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [start, end]))
    return shapely.linestrings(np.vstack([ends[:1], inner, ends[1:]]))


def _suburb(site: Site, random: Random) -> list[Way]:
    across, turn = bool(random.random() < 0.5), random.normal(0, 0.1)
    rows = bent_lines(site.face, random, gaps=(60, 84), bend=22, across=across, turn=turn)
    cross = bent_lines(site.face, random, gaps=(190, 260), bend=24, across=not across, turn=turn)
    joining = [Way(s, "residential") for s in fitted(cross, site, inset=40)]
    return joining + _closes(fitted(rows, site, inset=42), random)


def _slope(site: Site, random: Random) -> list[Way]:
    """Streets along the slope, few roads up it, and one long stair as a short cut."""
    rows = bent_lines(site.face, random, gaps=(64, 80), bend=22, across=False)
    roads = bent_lines(site.face, random, gaps=(330, 420), bend=45, across=True, turn=0.35)
    stairs = bent_lines(site.face, random, gaps=(150, 210), bend=4, across=True)
    return [
        *(Way(s, "residential") for s in fitted(roads, site, inset=40)),
        *(Way(s, "steps") for s in fitted(stairs[len(stairs) // 2 :][:1], site, inset=40)),
        *_closes(fitted(rows, site, inset=42), random),
    ]


def _estate(site: Site, random: Random) -> list[Way]:
    drives = bent_lines(site.face, random, gaps=(210, 260), bend=35, across=True)
    paths = bent_lines(site.face, random, gaps=(85, 130), bend=34, across=False, turn=0.25)
    more = bent_lines(site.face, random, gaps=(110, 170), bend=30, across=True, turn=0.25)
    return [
        *(Way(s, "residential") for s in fitted(drives, site, inset=50)),
        *(Way(s, "footway") for s in fitted(paths + more, site, inset=30, least=20)),
    ]


def _yards(site: Site, random: Random) -> list[Way]:
    long = bent_lines(site.face, random, gaps=(150, 210), bend=8, across=False)
    short = bent_lines(site.face, random, gaps=(230, 330), bend=6, across=True)
    streets = fitted(long + short, site, inset=75)
    return [Way(s, str(random.choice(("residential", "service"), p=(0.7, 0.3)))) for s in streets]


def _allotments(site: Site, random: Random) -> list[Way]:
    long = bent_lines(site.face, random, gaps=(120, 150), bend=5, across=False)
    short = bent_lines(site.face, random, gaps=(48, 62), bend=3, across=True)
    return [Way(s, "path") for s in fitted(long + short, site, inset=26)]


def _hamlet(site: Site, random: Random) -> list[Way]:
    lanes = grown(site.face, random, spacing=105, stretch=1.4)
    kinds = ("residential", "living_street", "footway")
    streets = fitted(lanes, site, inset=36, least=20)
    return [Way(s, str(random.choice(kinds, p=(0.65, 0.2, 0.15)))) for s in streets]


def _park(site: Site, random: Random) -> list[Way]:
    long = bent_lines(site.face, random, gaps=(60, 110), bend=36, across=False)
    short = bent_lines(site.face, random, gaps=(100, 190), bend=34, across=True, turn=0.2)
    streets = fitted(long + short, site, inset=22, least=20)
    kinds = ("footway", "path")
    return [Way(s, str(random.choice(kinds, p=(0.6, 0.4))), lit="no") for s in streets]


def _square(site: Site, random: Random) -> list[Way]:
    """Paths straight over the market."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(site.face))[:4]
    ends = shapely.get_coordinates(shapely.shortest_line(shapely.points(corners), site.edge))[1::2]
    middle = shapely.get_coordinates(site.face.centroid)[0] + random.normal(0, 3, 2)
    return [
        Way(shapely.linestrings([end, middle]), "pedestrian", name="Marktplatz") for end in ends
    ]


def countryside(site: Site, random: Random) -> list[Way]:
    """Farm tracks in wide fields."""
    long = bent_lines(site.face, random, gaps=(230, 420), bend=12, across=False)
    short = bent_lines(site.face, random, gaps=(330, 560), bend=14, across=True)
    streets = fitted(long + short, site, inset=60, least=90)
    return [Way(s, str(random.choice(("track", "path"), p=(0.8, 0.2)))) for s in streets]


def woodland(site: Site, random: Random) -> list[Way]:
    """Paths through a wood."""
    paths = grown(site.face, random, spacing=230, stretch=1.4, loose=0.4)
    streets = fitted(paths, site, inset=6, least=25)
    return [Way(s, str(random.choice(("path", "track"), p=(0.6, 0.4))), lit="no") for s in streets]


PATTERNS: dict[str, Callable[[Site, Random], list[Way]]] = {
    "lanes": _lanes,
    "blocks": _blocks,
    "rows": _rows,
    "suburb": _suburb,
    "slope": _slope,
    "estate": _estate,
    "yards": _yards,
    "allotments": _allotments,
    "hamlet": _hamlet,
    "park": _park,
    "square": _square,
}
"""How the streets of a quarter were laid out."""
