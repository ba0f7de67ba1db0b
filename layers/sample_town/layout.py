"""From the plan to a drawing board full of ways: every face between the roads is filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from . import plan
from .patterns import PATTERNS, Site, Way, countryside, woodland
from .terrain import PATH_FROM_RIVER, Terrain

RIVERSIDE_NORTH, RIVERSIDE_SOUTH = "Flussweg", "Auenweg"
FACE_LEAST = 25_000
"""Smaller leftovers between roads stay green [m²]."""


@dataclass(frozen=True)
class Layout:
    """
    Faces between the roads of the plan, and what fills them.

    Parameters
    ----------
    terrain
        Where the plan lies.
    seed
        Seed of the variation.
    """

    terrain: Terrain
    seed: int

    @cached_property
    def roads(self) -> list[Way]:
        """Roads of the plan and the paths along the river, within the municipality."""
        ways = [
            Way(
                self.terrain.line(road.course, straight=road.straight),
                road.kind,
                road.name,
                lit="" if road.name else "no",  # the path through the park
                apart="bridge" if road.bridge else "tunnel" if road.tunnel else "",
            )
            for road in plan.ROADS
        ]
        inside = self.terrain.boundary
        ways = [replace(w, line=shapely.intersection(w.line, inside)) for w in ways]
        return ways + self._riverside + self._ramps

    @cached_property
    def _riverside(self) -> list[Way]:
        """Unlit paths on both banks; the southern one ends where the meadows begin."""
        inner = self.terrain.boundary.buffer(-60)
        river = shapely.intersection(self.terrain.river, inner)
        north = shapely.offset_curve(river, PATH_FROM_RIVER, join_style="round")
        south = shapely.offset_curve(river, -PATH_FROM_RIVER, join_style="round")
        ends = shapely.points(self.terrain.place([(-1500, -860), (1750, -950)]))
        near, far = np.sort(shapely.line_locate_point(south, ends) / south.length)
        south = _part(south, float(near), float(far))
        return [
            Way(north.simplify(0.3), "path", RIVERSIDE_NORTH, lit="no"),
            Way(south.simplify(0.3), "path", RIVERSIDE_SOUTH, lit="no"),
        ]

    @cached_property
    def _ramps(self) -> list[Way]:
        """Short ways from bridge heads and streets down to the river."""
        paths = [w.line for w in self._riverside]
        ways = []
        for place, kind in plan.RAMPS:
            start = shapely.points(self.terrain.place([place])[0])
            path = paths[int(np.argmin(shapely.distance(start, paths)))]
            # Slanting to one side, so that it does not lie under the bridge.
            at = shapely.line_locate_point(path, start) + 28
            end = shapely.line_interpolate_point(path, at)
            line = shapely.linestrings([start.coords[0], end.coords[0]])
            ways.append(Way(line, kind, lit="no"))
        return ways

    @cached_property
    def faces(self) -> Any:
        """Every face between roads, river, railway and boundary."""
        lines = [w.line for w in self.roads if w.name or w.apart] + [w.line for w in self._ramps]
        bounds = [self.terrain.river, self.terrain.railway, self.terrain.boundary.exterior]
        noded = shapely.union_all([*lines, *bounds], grid_size=0.001)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        return faces[shapely.within(shapely.point_on_surface(faces), self.terrain.boundary)]

    @cached_property
    def quarters(self) -> dict[str, Any]:
        """Name of a quarter → its face, without the strips along water and tracks."""
        places = shapely.points(self.terrain.place([q.within for q in plan.QUARTERS]))
        place, face = shapely.STRtree(self.faces).query(places, predicate="within")
        free = shapely.difference(self.faces[face], self.terrain.closed_to_streets)
        return {plan.QUARTERS[p].name: _largest(f) for p, f in zip(place, free, strict=True)}

    @cached_property
    def built(self) -> Any:
        """All quarters together."""
        return shapely.union_all(list(self.quarters.values()), grid_size=0.01)

    @cached_property
    def woods(self) -> dict[str, Any]:
        """Name of a wood → its outline, outside the quarters."""
        free = shapely.difference(self.terrain.boundary, self.built.buffer(35))
        free = shapely.difference(free, self.terrain.closed_to_streets)
        woods = {}
        for number, (name, outline) in enumerate(plan.WOODS):
            random = np.random.default_rng([self.seed, 16, number])
            rim = shapely.get_coordinates(shapely.segmentize(shapely.linearrings(outline), 230))
            rim = rim[:-1] + random.normal(0, 55, (len(rim) - 1, 2))
            wood = shapely.polygons(self.terrain.line([*rim, rim[0]]).coords).buffer(0)
            woods[name] = shapely.intersection(wood, free)
        return woods

    @cached_property
    def ways(self) -> list[Way]:
        """Everything on the drawing board."""
        return [*self.roads, *self._quarter_ways(), *self._wood_ways(), *self._field_ways()]

    def _edge(self, face: Any, *more: Any) -> Any:
        """Ways around a face that its streets may join."""
        ground = [w.line for w in self.roads if not w.apart]
        return shapely.intersection(shapely.union_all([*ground, *more]), face.buffer(0.6))

    def _quarter_ways(self) -> list[Way]:
        ways = []
        for number, quarter in enumerate(plan.QUARTERS):
            face = self.quarters[quarter.name]
            random = np.random.default_rng([self.seed, 1, number])
            laid = PATTERNS[quarter.pattern](Site(face, self._edge(face)), random)
            ways += [replace(way, quarter=quarter.name) for way in laid]
        return ways

    def _wood_ways(self) -> list[Way]:
        ways = []
        for number, wood in enumerate(self.woods.values()):
            random = np.random.default_rng([self.seed, 2, number])
            for part in shapely.get_parts(wood):
                rim = part.buffer(-12).simplify(2)
                if rim.area < FACE_LEAST or rim.geom_type != "Polygon":
                    continue
                ways.append(Way(rim.exterior, "track", lit="no"))
                ways += woodland(Site(rim, rim.exterior), random)
        return ways

    def _field_ways(self) -> list[Way]:
        taken = shapely.union_all(
            [self.built.buffer(-1), self.terrain.closed_to_streets, *self.woods.values()],
            grid_size=0.01,
        )
        open_land = shapely.get_parts(shapely.difference(self.faces, taken))
        rims = [w.line for w in self._wood_ways() if w.line.is_ring]
        ways = []
        for number, face in enumerate(f for f in open_land if f.area > FACE_LEAST):
            random = np.random.default_rng([self.seed, 3, number])
            near = Site(face, shapely.union_all([self._edge(face), *rims]))
            ways += countryside(near, random)
        return ways


def _part(line: Any, start: float, end: float) -> Any:
    """Return a line between two shares of its length."""
    at = shapely.line_locate_point(line, shapely.points(line.coords), normalized=True)
    inner = shapely.get_coordinates(line)[(at > start) & (at < end)]
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(line, [start, end], normalized=True)
    )
    return shapely.linestrings(np.vstack([ends[:1], inner, ends[1:]]))


def _largest(area: Any) -> Any:
    parts = shapely.get_parts(area)
    return parts[int(np.argmax(shapely.area(parts)))]
