"""
Marks of the invented town, with the truth behind them.

Some spots really are darker, more overgrown or better loved than others; and
people of one district write three times as often as those of another. A
method that finds the spots and not the writers is a good one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame

from ..factors import factors_of
from ..schema import SEPARATOR

Rng = np.random.Generator

BACKGROUND = 380
"""Marks everywhere, whatever a spot is like."""
EXCESS = 26
"""Marks more around each true spot, where people write as often as on average."""
RADIUS = 80.0
"""How far around its middle a true spot reaches [m]."""
BESIDE = 6.0
"""How far beside a way marks fall [m]."""
MONTHS_BACK = 240
"""How long ago the first marks came [days]."""
SHOWN = 365
LOUD, SILENT = 3.0, 0.35
"""How often people of the loudest and the most silent district write, against the others."""

STATES = (("published", 0.82), ("rejected", 0.06), ("resolved", 0.04), ("asked", 0.03),
          ("withdrawn", 0.02), ("received", 0.03))  # fmt: skip
WAITING_DAYS = 9
"""Marks younger than this have not been read yet [days]."""

NOTES = (
    "Abends geht hier die Lampe nicht an.", "Man sieht nicht, wer um die Ecke kommt.",
    "Die Hecke ist über den halben Weg gewachsen.", "Hier sitzen oft nette Leute auf der Bank.",
    "Bitte einen Spiegel oder eine Lampe!", "مظلم جداً في المساء", "Too dark after the last bus 🌒",
    "Rufen Sie mich an: 030 23125 417",
)  # fmt: skip
"""Invented notes; the telephone number is from a range kept for fiction."""

TRUE = (
    ("underpass", "unsafe", ("poor_light", "no_overview"), "night"),
    ("unlit path", "unsafe", ("poor_light", "no_one_around"), "night"),
    ("overgrown path", "unsafe", ("overgrown", "no_overview"), "dusk"),
    ("main road", "unsafe", ("traffic",), "day"),
    ("lively square", "at_ease", ("people_around", "good_light"), ""),
    ("quiet street", "at_ease", ("traffic_calm", "well_kept"), "day"),
)
"""What is really so: name, kind, factors, when ("" at any time)."""


@dataclass(frozen=True)
class Spot:
    """A place where something is really different, and how people tell it."""

    name: str
    kind: str
    factors: tuple[str, ...]
    daytime: str
    middle: Any


def sample_marks(
    town: Mapping[str, GeoDataFrame], *, seed: int = 1, at: datetime
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """
    Invent marks of both kinds, with a known truth.

    Parameters
    ----------
    town
        What `sample_town` returns.
    seed
        The same seed and moment give the same marks.
    at
        Now: no mark is newer.

    Returns
    -------
    marks
        Points [m]; kind, factors, daytime, weekpart, strength, note, state,
        received_on, accepted_on, expires_on (ISO dates, "" for none).
    truth
        Areas [m]. `what` is "spot" (really different: kind, factors, daytime)
        or "reporting" (a district). `times` is how often people write there
        against others, for no reason of the place; `extra` how many marks
        more than elsewhere are to be expected around a spot.
    """
    rng = np.random.default_rng([seed, 3])
    spots = _spots(town)
    often = _often(town, spots)
    ways = _ways(town)
    here = _district_of(shapely.line_interpolate_point(ways.geometry.array, 0.5, normalized=True),
                        town["districts"])  # fmt: skip
    voices = np.array([often.get(name, 0.0) for name in here])
    everywhere = _along(ways.geometry.to_numpy(), shapely.length(ways.geometry) * voices,
                        BACKGROUND, rng)  # fmt: skip
    parts = [_told(everywhere, None, rng)]
    for spot in spots:
        district = str(_district_of(np.array([spot.middle]), town["districts"])[0])
        count = rng.poisson(EXCESS * often.get(district, 1.0))
        near = ways[ways.geometry.dwithin(spot.middle, RADIUS)]
        lines = shapely.intersection(near.geometry.to_numpy(), spot.middle.buffer(RADIUS))
        parts.append(_told(_along(lines, shapely.length(lines), count, rng), spot, rng))
    rows = [row for part in parts for row in part]
    marks = GeoDataFrame(DataFrame(rows), geometry="geometry", crs=ways.crs)
    marks = _dated(marks[_inside(marks, town)].reset_index(drop=True), at, rng)
    return marks, _truth(spots, often, town)


def _ways(town: Mapping[str, GeoDataFrame]) -> GeoDataFrame:
    """Return named or lit ways within the town: where people walk and write of."""
    streets = town["streets"]
    return streets[~streets["kind"].isin(["track"]) & (streets.length > 5)].sort_index()


def _spots(town: Mapping[str, GeoDataFrame]) -> list[Spot]:
    """Find six places of the town by what they are, so that every seed has them."""
    ways = _ways(town)
    homes = shapely.STRtree(town["buildings"].geometry[town["buildings"]["address"] != ""].array)
    places = shapely.STRtree(town["meeting_places"].geometry.array)
    paths = ways["kind"].isin(["footway", "path"]) & (ways["lit"] == "no") & ~ways["tunnel"]
    chosen: list[Any] = []

    def best(among: Any, tree: Any) -> Any:
        middles = shapely.line_interpolate_point(
            ways.geometry[among].to_numpy(), 0.5, normalized=True
        )
        counts = np.bincount(
            tree.query(middles, predicate="dwithin", distance=120)[0], minlength=len(middles)
        )
        apart = np.array([all(m.distance(c) > 3 * RADIUS for c in chosen) for m in middles])
        middle = middles[int(np.argmax(np.where(apart, counts, -1)))]
        chosen.append(middle)
        return middle

    among = {
        "underpass": ways["tunnel"],
        "unlit path": paths,
        "overgrown path": paths,
        "main road": ways["kind"] == "primary",
        "lively square": ways["kind"] == "pedestrian",
        "quiet street": ways["kind"] == "living_street",
    }
    return [
        Spot(name, kind, factors, daytime,
             best(among[name], places if name == "lively square" else homes))
        for name, kind, factors, daytime in TRUE
        if bool(among[name].any())
    ]  # fmt: skip


def _often(town: Mapping[str, GeoDataFrame], spots: list[Spot]) -> dict[str, float]:
    """Let the largest district without a spot write most, the largest one with a spot least."""
    districts = town["districts"].sort_values("name")
    taken = set(_district_of(np.array([spot.middle for spot in spots]), districts))
    people = _people(town, districts)
    often = dict.fromkeys(districts["name"], 1.0)
    with_spot = [name for name in often if name in taken]
    without = [name for name in often if name not in taken]
    if without:
        often[max(without, key=lambda name: people[name])] = LOUD
    if with_spot:
        often[max(with_spot, key=lambda name: people[name])] = SILENT
    return often


def _people(town: Mapping[str, GeoDataFrame], districts: GeoDataFrame) -> dict[str, float]:
    cells = town["population"]
    here = _district_of(shapely.centroid(cells.geometry.to_numpy()), districts)
    residents = cells["residents"].to_numpy()
    return {name: float(residents[here == name].sum()) for name in districts["name"]}


def _district_of(points: NDArray[Any], districts: GeoDataFrame) -> NDArray[Any]:
    names = np.full(len(points), "", dtype=object)
    point, area = shapely.STRtree(districts.geometry.array).query(points, predicate="intersects")
    names[point] = districts["name"].to_numpy()[area]
    return names


def _along(lines: NDArray[Any], weights: Any, count: int, rng: Rng) -> NDArray[Any]:
    """Draw points along lines, a little beside them."""
    weights = np.asarray(weights, dtype=float)
    chosen = lines[rng.choice(len(lines), count, p=weights / weights.sum())]
    points = shapely.line_interpolate_point(_single(chosen), rng.random(count), normalized=True)
    shift = rng.uniform(-BESIDE, BESIDE, (count, 2))
    return shapely.points(shapely.get_coordinates(points) + shift)


def _single(lines: NDArray[Any]) -> NDArray[Any]:
    """Return the longest part of each line that a cut has split."""
    return np.array(
        [max(shapely.get_parts(line), key=shapely.length, default=line) for line in lines]
    )


def _told(points: NDArray[Any], spot: Spot | None, rng: Rng) -> list[dict[str, Any]]:
    """Let people say what they find at some points: mostly the truth of the spot, if it is one."""
    rows = []
    for point in points:
        true = spot is not None and rng.random() < 0.85
        kind = spot.kind if spot and true else ("unsafe" if rng.random() < 0.55 else "at_ease")
        factors = _factors(kind, spot if true else None, rng)
        daytime = spot.daytime if spot and true and rng.random() < 0.8 else _any_time(rng)
        rows.append(
            {
                "kind": kind,
                "factors": SEPARATOR.join(factors),
                "daytime": daytime,
                "weekpart": str(rng.choice(["", "weekday", "weekend"], p=[0.6, 0.2, 0.2])),
                "strength": int(rng.choice(5, p=[0.3, 0.15, 0.25, 0.2, 0.1])),
                "note": str(rng.choice(NOTES)) if rng.random() < 0.12 else "",
                "geometry": point,
            }
        )
    return rows


def _factors(kind: str, spot: Spot | None, rng: Rng) -> list[str]:
    """Name one or two factors, in the order of the form; behaviour is told more rarely."""
    offered = factors_of(kind)
    weights = np.array([0.25 if factor.sensitive else 1.0 for factor in offered.values()])
    named = set(
        rng.choice(list(offered), rng.integers(1, 3), replace=False, p=weights / weights.sum())
    )
    if spot is not None:
        named = {f for f in spot.factors if rng.random() < 0.8} or {spot.factors[0]}
    return [name for name in offered if name in named]


def _any_time(rng: Rng) -> str:
    return str(rng.choice(["", "day", "dusk", "night"], p=[0.35, 0.25, 0.15, 0.25]))


def _inside(marks: GeoDataFrame, town: Mapping[str, GeoDataFrame]) -> NDArray[np.bool_]:
    """Tell which marks lie in the town and not in the water beside a way."""
    water = town["areas"].geometry[
        (town["areas"]["kind"] == "water") & (town["areas"].geom_type != "Point")
    ]
    points = marks.geometry.to_numpy()
    city = shapely.union_all(town["districts"].geometry.array)
    dry = ~shapely.intersects(shapely.union_all(water.array), points)
    return np.asarray(shapely.intersects(city, points) & dry)


def _dated(marks: GeoDataFrame, at: datetime, rng: Rng) -> GeoDataFrame:
    """Spread marks over the months before now, and let staff have read most of them."""
    today, count = at.date(), len(marks)
    ago = np.sort(rng.integers(0, MONTHS_BACK, count))[::-1]
    names, shares = zip(*STATES, strict=True)
    states = np.where(ago < WAITING_DAYS, "received", rng.choice(names, count, p=shares))
    read = rng.integers(1, WAITING_DAYS, count)
    received = [today - timedelta(days=int(days)) for days in ago]
    accepted = [
        (day + timedelta(days=int(wait))).isoformat() if state in {"published", "resolved"} else ""
        for day, wait, state in zip(received, read, states, strict=True)
    ]
    until = [
        (day + timedelta(days=int(wait) + SHOWN)).isoformat() if done else ""
        for day, wait, done in zip(received, read, accepted, strict=True)
    ]
    order = rng.permutation(count)
    dated = marks.iloc[order].reset_index(drop=True).assign(
        state=states, received_on=[day.isoformat() for day in received],
        accepted_on=accepted, expires_on=until,
    )  # fmt: skip
    dated.index = [f"mark/{number}" for number in range(1, count + 1)]
    dated.index.name = "id"
    return dated


def _truth(
    spots: list[Spot], often: Mapping[str, float], town: Mapping[str, GeoDataFrame]
) -> GeoDataFrame:
    middles = np.array([spot.middle for spot in spots])
    around = [often.get(name, 1.0) for name in _district_of(middles, town["districts"])]
    rows = [
        {"what": "spot", "name": spot.name, "kind": spot.kind,
         "factors": SEPARATOR.join(spot.factors), "daytime": spot.daytime,
         "times": times, "extra": EXCESS * times, "geometry": spot.middle.buffer(RADIUS)}
        for spot, times in zip(spots, around, strict=True)
    ]  # fmt: skip
    areas = town["districts"].set_index("name").geometry
    rows += [
        {"what": "reporting", "name": name, "kind": "", "factors": "", "daytime": "",
         "times": times, "extra": 0.0, "geometry": areas[name]}
        for name, times in often.items()
    ]  # fmt: skip
    return GeoDataFrame(DataFrame(rows), geometry="geometry", crs=town["districts"].crs)
