"""Districts, land and water, and lamps of the invented town."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame

from ..crs import METRIC
from . import plan
from .layout import Layout
from .siting import Ground

LAMP_SPACING = 38.0
"""Usual distance between lamps in a residential street [m]."""
FLOODPLAIN = 240.0
"""As far from the river, land is meadow rather than field [m]."""
ACROSS = 3_000.0
"""River and railway part districts as if they were this wide [m]."""
GREEN_STYLES = {"none", "huts"}


def district_areas(layout: Layout) -> dict[str, Any]:
    """
    Return name → area of every district.

    Every face between the roads goes to the district of the nearest quarter
    on its side of river and railway, so that districts cover the town without
    gap or overlap and their borders follow streets, river and railway.
    """
    inside = shapely.point_on_surface(layout.faces)
    quarters = np.array([layout.quarters[q.name] for q in plan.QUARTERS], dtype=object)
    way = shapely.shortest_line(inside[:, None], quarters[None, :])
    across = shapely.intersects(way, layout.terrain.river) | shapely.intersects(
        way, layout.terrain.railway
    )
    away = shapely.length(way) + np.where(across, ACROSS, 0)
    mine = np.array([q.district for q in plan.QUARTERS])[np.argmin(away, axis=1)]
    return {
        str(name): shapely.union_all(layout.faces[mine == name]) for name in dict.fromkeys(mine)
    }


def districts(layout: Layout) -> GeoDataFrame:
    """Return the districts before they are completed."""
    found = district_areas(layout)
    names = sorted(found)
    table = {"name": names, "kind": "Stadtteil"}
    layer = GeoDataFrame(table, geometry=[found[n] for n in names], crs=METRIC)
    layer.index = [f"district/{number}" for number in range(1, len(layer) + 1)]
    return layer


def areas(layout: Layout, ground: Ground) -> GeoDataFrame:
    """Return what the basemap draws, before it is completed; what is drawn first comes first."""
    rows = [
        *_fields(layout, ground),
        *(("wood", name, wood) for name, wood in layout.woods.items()),
        *_quarters(layout),
        *(("green", name, area) for name, area in _greens(layout, ground)),
        ("square", "Marktplatz", layout.quarters["market"].buffer(3, join_style="mitre")),
        ("water", "Muster", layout.terrain.water),
        ("railway", "", shapely.intersection(layout.terrain.railway, layout.terrain.boundary)),
        *_names(layout),
    ]
    rows = [
        (kind, name, part)
        for kind, name, whole in rows
        for part in shapely.get_parts(whole)
        if not part.is_empty
    ]
    table = DataFrame(rows, columns=["kind", "name", "geometry"])
    layer = GeoDataFrame(table[["kind", "name"]], geometry=table["geometry"].to_numpy(), crs=METRIC)
    layer.index = [f"area/{number}" for number in range(1, len(layer) + 1)]
    return layer


def _fields(layout: Layout, ground: Ground) -> list[tuple[str, str, Any]]:
    """Return what lies between tracks outside the town: fields, meadows, a few copses."""
    random = np.random.default_rng([ground.seed, 15])
    ways = ground.streets.named["line"].to_numpy()
    edges = [layout.terrain.railway, layout.terrain.river, layout.terrain.boundary.exterior]
    cells = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all([*ways, *edges], grid_size=0.01)))
    )
    cells = cells[shapely.area(cells) > 20]
    taken = shapely.union_all(
        [layout.built, layout.terrain.water, *layout.woods.values()], grid_size=0.01
    )
    valley = layout.terrain.river.buffer(FLOODPLAIN)
    rows = []
    outside = ~shapely.within(cells, layout.built.buffer(1))
    for cell in cells[outside & shapely.intersects(layout.terrain.boundary, cells)]:
        wet = shapely.intersection(cell, valley).area > 0.5 * cell.area
        kind = (
            "green" if wet else str(random.choice(("field", "green", "wood"), p=(0.78, 0.17, 0.05)))
        )
        rows += [
            (kind, "", part)
            for part in shapely.get_parts(shapely.difference(cell, taken))
            if part.area > 50
        ]
    return rows


def _quarters(layout: Layout) -> list[tuple[str, str, Any]]:
    kinds = {"halls": "industry", "huts": "green"}
    return [
        (
            kinds.get(q.style, "built"),
            "Kleingärten" if q.style == "huts" else "",
            layout.quarters[q.name],
        )
        for q in plan.QUARTERS
        if q.style != "none"
    ]


def _greens(layout: Layout, ground: Ground) -> list[tuple[str, Any]]:
    """Return the park as a whole, small parks, pitches and playgrounds."""
    opened = ground.open_places
    rest = opened[opened["kind"].ne("park") | opened["name"].ne("Stadtpark")]
    return [("Stadtpark", layout.quarters["park"]), *zip(rest["name"], rest["area"], strict=True)]


def _names(layout: Layout) -> list[tuple[str, str, Any]]:
    """Return names of the town and its districts, set where their streets are."""
    named = [("place", "Musterstadt", shapely.points(layout.terrain.place([(5, 45)])[0]))]
    for district in dict.fromkeys(q.district for q in plan.QUARTERS):
        parts = [layout.quarters[q.name] for q in plan.QUARTERS
                 if q.district == district and q.style not in GREEN_STYLES]  # fmt: skip
        named.append(("place", district, max(parts, key=shapely.area).centroid))
    return named


def lamps(streets: GeoDataFrame, *, seed: int) -> GeoDataFrame:
    """
    Set lamps along lit streets, and along some of which nobody noted that they are lit.

    Parameters
    ----------
    streets
        The streets layer.
    seed
        Seed of the variation.
    """
    random = np.random.default_rng([seed, 14])
    unnoted = streets["lit"].eq("unknown") & streets["kind"].isin(
        ["residential", "living_street", "footway"]
    )
    lit = streets[
        (streets["lit"].eq("yes") & ~streets["tunnel"])
        | (unnoted & (random.random(len(streets)) < 0.5))
    ]
    lines = lit.geometry.to_numpy()
    counts = np.maximum(1, np.round(shapely.length(lines) / LAMP_SPACING)).astype(int)
    row = np.repeat(np.arange(len(lines)), counts)
    order = np.concatenate([np.arange(c) for c in counts])
    at = (order + 0.5) / counts[row] * shapely.length(lines)[row]
    points = np.round(_beside(lines[row], at, np.where(order % 2, 4.2, -4.2)), 3)
    works = random.choice(["unknown", "yes", "no"], len(row), p=(0.74, 0.235, 0.025))
    reference = [f"L {number:04d}" for number in range(1, len(row) + 1)]
    layer = GeoDataFrame(
        {"works": works, "reference": reference}, geometry=shapely.points(points), crs=METRIC
    )
    layer.index = [f"lamp/{number}" for number in range(1, len(layer) + 1)]
    return layer


def _beside(lines: Any, at: NDArray[np.float64], offset: NDArray[np.float64]) -> Any:
    """Return places beside lines: distance along [m], and to the left of them [m]."""
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + 1))
    back = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - 1, 0)))
    along = ahead - back
    along = along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    return here + offset[:, None] * np.column_stack([-along[:, 1], along[:, 0]])
