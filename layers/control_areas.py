"""
Areas to compare with: as like the places of a measure as can be, and far enough away.

A candidate is a bundle of neighbouring ways as long as those of the places. It
is compared by what is known before anything is done: marks, ways, light,
people. Nothing of the time after is looked at, so that nobody can choose a
control that makes a measure look good.

Source
------
That a control should have about as many events before, and not border on the
places: Wheeler & Ratcliffe (2018), Crime Science 7, 11. The scales by which
features are weighed are assumptions, see `SCALES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.spatial import KDTree

from .paths import Floats, Ints
from .text import Text

WIDTH = 25.0
"""So far to both sides of a way its area reaches [m]: a house front and a front garden."""
SEEDS = 400
"""So many bundles are tried at most, spread evenly over the ways."""
OFFERED = 5
SHORTEST = 50.0
"""Places without ways are compared with bundles of this length [m]."""
HOMES = 100.0
"""People live beside a way that is so near [m]."""
SCALES: Mapping[str, float] = {
    "marks": 0.5,  # of square roots: one standard deviation of a Poisson count
    "at_ease": 1.0,  # likewise, but half as important
    "metres": 0.2,  # of logarithms: a fifth longer
    "unlit": 0.2,  # share of the length
    "residents": 0.5,  # of logarithms: half as many more
    "kilometres": 3.0,  # away: other districts have other habits of reporting
}
"""A difference that counts as one; assumptions."""


@dataclass(frozen=True)
class Profile:
    """
    What is known of an area before a measure.

    Parameters
    ----------
    marks, at_ease
        Marks of the reasons that count, and of people at ease, in the time before.
    metres
        Length of its ways [m].
    unlit
        Share of that length that is known to be unlit; NaN if nothing is known.
    residents
        People who live beside its ways.
    """

    marks: int
    at_ease: int
    metres: float
    unlit: float
    residents: float


@dataclass(frozen=True)
class Suggestion:
    """
    One area to compare with.

    Parameters
    ----------
    area
        Its shape [m].
    profile
        What is known of it.
    kilometres
        How far it lies from the places.
    unlike
        How many differences that count as one it has; less is better.
    why
        The reason in words.
    """

    area: Any
    profile: Profile
    kilometres: float
    unlike: float
    why: Text


def suggest(
    places: Any,
    streets: GeoDataFrame,
    *,
    population: GeoDataFrame,
    unsafe: Any,
    at_ease: Any,
    apart: float,
    taken: Any = None,
    most: int = OFFERED,
) -> tuple[Profile, list[Suggestion]]:
    """
    Suggest areas to compare with.

    Parameters
    ----------
    places
        Area of the measure [m].
    streets
        The city's ways [m], with `lit`.
    population
        Cells with `residents`, or nothing.
    unsafe, at_ease
        Points of the marks that count, in the time before.
    apart
        Nearest distance between places and control [m]: both zones and a street.
    taken
        Area where something else is done; it is left out.
    most
        So many suggestions at most; they do not overlap.

    Returns
    -------
    ours, suggestions
        What is known of the places, and the areas most like them, the best first.
    """
    ways = streets[shapely.length(streets.geometry.array) > 0]
    known = _Ways.of(ways, population, unsafe, at_ease)
    ours = known.within(places, ways.geometry.to_numpy(), unsafe, at_ease)
    far = ~_touching(ways, places.buffer(apart))
    free = far if taken is None else far & ~_touching(ways, taken)
    pool = np.flatnonzero(free)
    if not len(pool):
        return ours, []
    wanted = max(ours.metres, SHORTEST)
    tried = [(bundle, known.profile(bundle)) for bundle in _bundles(known, pool, wanted)]
    away = [_kilometres(places, known.middle[bundle]) for bundle, _ in tried]
    unlike = [_unlike(ours, one, km) for (_, one), km in zip(tried, away, strict=True)]
    found: list[Suggestion] = []
    used: set[int] = set()
    for i in np.argsort(unlike, kind="stable"):
        bundle, profile = tried[int(i)]
        if len(found) == most or used & set(bundle.tolist()):
            continue
        used |= set(bundle.tolist())
        area = shapely.union_all(shapely.buffer(ways.geometry.to_numpy()[bundle], WIDTH))
        told = _why(ours, profile, away[int(i)])
        found.append(Suggestion(area, profile, away[int(i)], unlike[int(i)], told))
    return ours, found


@dataclass(frozen=True)
class _Ways:
    """Everything that is known of each way."""

    middle: Floats
    metres: Floats
    lit: Any
    residents: Floats
    marks: Ints
    at_ease: Ints

    @classmethod
    def of(cls, ways: GeoDataFrame, population: GeoDataFrame, unsafe: Any, at_ease: Any) -> _Ways:
        """Give people and marks to the ways they are beside."""
        lines = ways.geometry.to_numpy()
        tree = shapely.STRtree(lines)
        homes = shapely.centroid(population.geometry.to_numpy())
        people = population["residents"].to_numpy(dtype=float) if len(population) else np.zeros(0)
        return cls(
            shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True)),
            shapely.length(lines),
            ways["lit"].to_numpy(),
            _at_ways(tree, homes, people, HOMES),
            _at_ways(tree, np.asarray(unsafe), np.ones(len(unsafe)), WIDTH).astype(np.intp),
            _at_ways(tree, np.asarray(at_ease), np.ones(len(at_ease)), WIDTH).astype(np.intp),
        )

    def within(self, places: Any, lines: Any, unsafe: Any, at_ease: Any) -> Profile:
        """Sum up what is known of the places themselves: of each way only the part inside."""
        shapely.prepare(places)
        inside = shapely.length(shapely.intersection(places, lines))
        part = inside / self.metres
        known = inside[(self.lit == "yes") | (self.lit == "no")].sum()
        return Profile(
            int(shapely.intersects(places, np.asarray(unsafe)).sum()) if len(unsafe) else 0,
            int(shapely.intersects(places, np.asarray(at_ease)).sum()) if len(at_ease) else 0,
            float(inside.sum()),
            float(inside[self.lit == "no"].sum() / known) if known else float("nan"),
            float((self.residents * part).sum()),
        )

    def profile(self, chosen: Any) -> Profile:
        """Sum up what is known of some ways."""
        metres, lit = self.metres[chosen], self.lit[chosen]
        known = metres[(lit == "yes") | (lit == "no")].sum()
        return Profile(
            int(self.marks[chosen].sum()),
            int(self.at_ease[chosen].sum()),
            float(metres.sum()),
            float(metres[lit == "no"].sum() / known) if known else float("nan"),
            float(self.residents[chosen].sum()),
        )


def _at_ways(tree: shapely.STRtree, points: Any, weights: Floats, near: float) -> Floats:
    """Give what each point weighs to its nearest way, if one is near."""
    sums = np.zeros(len(tree.geometries))
    if len(points):
        which, way = tree.query_nearest(points, max_distance=near, all_matches=False)
        np.add.at(sums, way, np.nan_to_num(weights[which]))
    return sums


def _touching(ways: GeoDataFrame, area: Any) -> Any:
    shapely.prepare(area)
    return shapely.intersects(area, ways.geometry.array)


def _bundles(known: _Ways, pool: Ints, wanted: float) -> list[Ints]:
    """Gather around every so-manieth way its neighbours until they are as long as wanted."""
    tree = KDTree(known.middle[pool])
    step = max(1, len(pool) // SEEDS)
    typical = max(float(np.median(known.metres[pool])), 1.0)
    near = min(len(pool), int(4 * wanted / typical) + 8)
    _, found = tree.query(known.middle[pool[::step]], k=near)
    bundles = []
    for row in np.atleast_2d(found.reshape(-1, near)):
        length = np.cumsum(known.metres[pool[row]])
        if length[-1] >= wanted:
            bundles.append(pool[row[: int(np.searchsorted(length, wanted)) + 1]])
    return bundles


def _kilometres(places: Any, middles: Floats) -> float:
    spot = shapely.Point(*middles.mean(axis=0))
    return float(shapely.distance(places, spot)) / 1000


def _unlike(ours: Profile, other: Profile, kilometres: float) -> float:
    differences = {
        "marks": np.sqrt(ours.marks) - np.sqrt(other.marks),
        "at_ease": np.sqrt(ours.at_ease) - np.sqrt(other.at_ease),
        "metres": np.log((other.metres + 1) / (max(ours.metres, SHORTEST) + 1)),
        "unlit": np.nan_to_num(ours.unlit - other.unlit, nan=SCALES["unlit"]),
        "residents": np.log((other.residents + 10) / (ours.residents + 10)),
        "kilometres": kilometres,
    }
    return float(sum(abs(value) / SCALES[name] for name, value in differences.items()))


def _why(ours: Profile, other: Profile, kilometres: float) -> Text:
    light = (
        Text(
            "{there} % of the ways unlit against {here} %",
            there=round(100 * other.unlit),
            here=round(100 * ours.unlit),
        )
        if np.isfinite(ours.unlit + other.unlit)
        else Text("light not known")
    )
    return Text(
        "Before: {there} {there:mark|marks} against {here}; {metres_there} m of ways against"
        " {metres_here} m; {light}; about {people_there} residents against {people_here};"
        " {km} km away",
        there=other.marks,
        here=ours.marks,
        metres_there=round(other.metres, -1),
        metres_here=round(ours.metres, -1),
        light=light,
        people_there=round(other.residents, -1),
        people_here=round(ours.residents, -1),
        km=round(kilometres, 1),
    )
