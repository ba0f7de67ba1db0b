"""Where places come to lie: free ground for parks and halls, the right house for the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from ..crs import METRIC
from . import places
from .buildings import DRIVEABLE, HOMES, Buildings
from .layout import Layout
from .streets import Streets

MARGIN = 5.0
"""Ground kept free around a hall, a church or a playground [m]."""
REACH = 22.0
"""No hall, church or playground is further from a way than this [m]."""
TRIES = 160
PARK_AREA = (5_000, 30_000)


@dataclass(frozen=True)
class Ground:
    """
    Ground kept free before houses are built.

    Parameters
    ----------
    layout, streets
        What it lies between.
    seed
        Seed of the variation.
    """

    layout: Layout
    streets: Streets
    seed: int

    @cached_property
    def open_places(self) -> DataFrame:
        """Parks, pitches and playgrounds: `kind`, `name`, `area`."""
        park = self.layout.quarters["park"].buffer(-4)
        rows = [(places.PARK.kind, places.PARK.name, park)]
        for ground in places.GROUNDS:
            area = self._rectangle(ground) if ground.size else self._block(ground)
            rows.append((ground.kind, ground.name, area))
        return DataFrame(rows, columns=["kind", "name", "area"])

    @cached_property
    def new_houses(self) -> DataFrame:
        """Churches, halls and schools that need their own ground: `kind`, `name`, `area`."""
        entries = [
            places.Ground(places.HOUSE_KINDS[e.kind], e.name, e.near, e.built)
            for e in places.ENTRIES if e.built
        ]  # fmt: skip
        rows = []
        taken = list(self.open_places["area"])
        for ground in (*entries, *places.SCHOOLS):
            area = self._rectangle(ground, taken)
            taken.append(area.buffer(MARGIN))
            rows.append((ground.kind, ground.name, area))
        return DataFrame(rows, columns=["kind", "name", "area"])

    @cached_property
    def reserved(self) -> Any:
        """All of it with a margin, for the houses to keep off."""
        areas = [*self.open_places["area"], *self.new_houses["area"]]
        return shapely.union_all([*shapely.buffer(areas, MARGIN), self.layout.quarters["market"]])

    @cached_property
    def _lines(self) -> Any:
        return self.streets.named["line"].to_numpy()

    def _rectangle(self, ground: places.Ground, taken: list[Any] | None = None) -> Any:
        """
        Return a rectangle on free ground as near as possible to where the plan wants it.

        It lies along the nearest way, as houses do. Where nothing is free
        nearby the last try is taken, smaller.
        """
        random = np.random.default_rng([self.seed, 9, len(ground.name), int(abs(ground.near[0]))])
        wanted = self.layout.terrain.place([ground.near])[0]
        spread = np.linspace(0, 170, TRIES)[:, None]
        middles = wanted + spread * random.normal(0, 0.6, (TRIES, 2))
        blocked = shapely.union_all([self.layout.terrain.closed_to_streets, *(taken or [])])
        shapely.prepare(blocked)
        for scale in (1.0, 0.8, 0.6, 0.4):
            size = np.array(ground.size) * scale
            found = self._along_ways(middles, size)
            free = shapely.disjoint(blocked, found) & self._near(found, REACH)
            free &= ~self._near(found, MARGIN + 1.5)
            if free.any():
                return found[int(np.argmax(free))]
        raise AssertionError(ground.name)  # cannot happen on a terrain this gentle

    def _along_ways(self, middles: Any, size: Any) -> Any:
        points = shapely.points(middles)
        _, way = self._tree.query_nearest(points, all_matches=False)
        lines = self._lines[way]
        at = shapely.line_locate_point(lines, points)
        along = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + 5))
        along = along - shapely.get_coordinates(
            shapely.line_interpolate_point(lines, np.maximum(at - 5, 0))
        )
        along = along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        u, v = along * size[0] / 2, np.column_stack([-along[:, 1], along[:, 0]]) * size[1] / 2
        rings = np.stack(
            [middles - u - v, middles + u - v, middles + u + v, middles - u + v], axis=1
        )
        return shapely.polygons(np.round(rings, 3))

    def _near(self, areas: Any, metres: float) -> Any:
        hit, _ = self._tree.query(areas, predicate="dwithin", distance=metres)
        near = np.zeros(len(areas), dtype=bool)
        near[hit] = True
        return near

    @cached_property
    def _tree(self) -> Any:
        return shapely.STRtree(self._lines)

    def _block(self, ground: places.Ground) -> Any:
        """Return the nearest block of the size of a small park, within its streets."""
        blocks = self._blocks
        wanted = shapely.points(self.layout.terrain.place([ground.near])[0])
        nearest = blocks[int(np.argmin(shapely.distance(blocks, wanted)))]
        return nearest.buffer(-6).buffer(-4).buffer(4)

    @cached_property
    def _blocks(self) -> Any:
        blocks = shapely.get_parts(shapely.polygonize(self._lines))
        area = shapely.area(blocks)
        return blocks[(area > PARK_AREA[0]) & (area < PARK_AREA[1])]


@dataclass(frozen=True)
class Siting:
    """
    Meeting places in their houses.

    Parameters
    ----------
    ground, buildings
        What was kept free, and what was built.
    seed
        Seed of the variation.
    """

    ground: Ground
    buildings: Buildings
    seed: int

    @cached_property
    def _before(self) -> DataFrame:
        """Buildings with churches, halls and schools, before any other place moved in."""
        new = self.ground.new_houses
        fresh = DataFrame({
            "footprint": new["area"], "kind": new["kind"], "title": new["name"], "levels": 2.0,
            "quarter": "", "joined": False, "address": "", "street": "",
        })  # fmt: skip
        return pd.concat([self.buildings.table.assign(title=""), fresh], ignore_index=True)

    @cached_property
    def _rows(self) -> list[int]:
        """House of every entry: its own, or the nearest of fitting size not yet taken."""
        table = self._before
        area = shapely.area(table["footprint"].to_numpy())
        middles = shapely.get_coordinates(shapely.centroid(table["footprint"].to_numpy()))
        fit = (table["kind"].isin(HOMES | {"commercial"}) & (area > 75) & (area < 1200)).to_numpy(
            copy=True
        )
        own = {title: row for row, title in enumerate(table["title"]) if title}
        rows: list[int] = []
        for entry in places.ENTRIES:
            if not entry.built:
                wanted = self.ground.layout.terrain.place([entry.near])[0]
                row = int(np.argmin(np.where(fit, np.hypot(*(middles - wanted).T), np.inf)))
                fit[row] = False
            rows.append(own[entry.name] if entry.built else row)
        return rows

    @cached_property
    def houses(self) -> DataFrame:
        """All buildings once the places have moved in; `title` is the name of a building."""
        table = self._before.copy()
        for entry, row in zip(places.ENTRIES, self._rows, strict=True):
            if entry.kind in places.HOUSE_KINDS:
                table.loc[row, ["kind", "title"]] = [places.HOUSE_KINDS[entry.kind], entry.name]
        return table

    def buildings_layer(self) -> GeoDataFrame:
        """Return the buildings before they are completed; storeys are not noted everywhere."""
        table = self.houses.rename(columns={"title": "name"})
        unnoted = np.random.default_rng([self.seed, 8]).random(len(table)) < 0.15
        columns = table[["kind", "address", "name"]].assign(levels=table["levels"].where(~unnoted))
        layer = GeoDataFrame(columns, geometry=table["footprint"].to_numpy(), crs=METRIC)
        layer.index = [f"building/{number}" for number in range(1, len(layer) + 1)]
        return layer

    def entrances(self, rows: list[int]) -> Any:
        """Return a point before the side of each house that faces its street."""
        ways = self.ground.streets.named
        lines = ways.loc[ways["kind"].isin((*DRIVEABLE, "footway")) & ways["apart"].eq(""), "line"]
        footprints = self.houses["footprint"].to_numpy()[rows]
        _, way = shapely.STRtree(lines.to_numpy()).query_nearest(footprints, all_matches=False)
        steps = shapely.shortest_line(footprints, lines.to_numpy()[way])
        at = np.minimum(1.2, shapely.length(steps) / 2)
        points = shapely.get_coordinates(shapely.line_interpolate_point(steps, at))
        return shapely.points(np.round(points, 3))

    def layer(self) -> GeoDataFrame:
        """Return the meeting places before they are completed."""
        random = np.random.default_rng([self.seed, 10])
        inside = DataFrame(
            [(e.kind, e.name, e.hours, e.operator, e.fee, e.languages) for e in places.ENTRIES],
            columns=["kind", "name", "opening_hours", "operator", "fee", "languages"],
        ).assign(capacity=[e.capacity or np.nan for e in places.ENTRIES])
        opened = self.ground.open_places
        outside = opened[["kind", "name"]].assign(
            opening_hours=np.where(opened["kind"].eq("park"), "24/7", ""),
            operator=places.OWNED, fee="no", capacity=np.nan, languages="",
        )  # fmt: skip
        table = pd.concat([inside, outside], ignore_index=True)
        table["step_free"] = random.choice(
            ["yes", "no", "unknown"], len(table), p=(0.48, 0.22, 0.3)
        )
        table["source"] = places.INVENTED
        table["website"] = np.where(
            table["operator"].eq(places.OWNED) & (random.random(len(table)) < 0.8),
            "https://musterstadt.example/orte", "",
        )  # fmt: skip
        table["checked_on"] = checked(random, len(table))
        geometry = [*self.entrances(self._rows), *opened["area"]]
        layer = GeoDataFrame(table, geometry=geometry, crs=METRIC)
        layer.index = [f"place/{number}" for number in range(1, len(layer) + 1)]
        return layer


def checked(random: np.random.Generator, count: int) -> list[str]:
    """Return days on which somebody checked an entry; one in four was never checked."""
    days = np.datetime64("2025-02-03") + random.integers(0, 600, count)
    return [str(d) if c > 0.25 else "" for d, c in zip(days, random.random(count), strict=True)]
