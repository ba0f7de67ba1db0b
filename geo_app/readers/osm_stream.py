"""One pass over an extract: every object that matters becomes a row, the rest flows by."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmium
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from layers.crs import DISPLAY

from . import osm_tags as osm
from .osm_streets import FACTORY, Ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .osm_tags import Tags
    from .progress import Progress

BIG = 200_000_000
"""Size of a file [bytes] above which node locations are kept on disk instead of in memory."""

LARGEST = 0.1
"""No street, building or place reaches farther than this [degrees], about 7 to 11 km."""

Box = tuple[float, float, float, float]
LEVELS = frozenset({"9", "10", "11"})


@dataclass
class Harvest:
    """
    Rows found so far, by layer.

    Parameters
    ----------
    box
        Only objects near this box [degrees] are kept; None keeps everything.
    dated
        The file says its day itself; otherwise the newest edit is looked for.
    """

    box: Box | None = None
    dated: bool = False
    ways: Ways = field(default_factory=Ways)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shapes: dict[str, list[bytes]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    relations: dict[int, bool] = field(default_factory=dict)
    seen: int = 0
    newest: str = ""

    @cached_property
    def wide(self) -> Box:
        """The box and all around it where something that reaches into it may begin."""
        west, south, east, north = self.box or (-180, -90, 180, 90)
        return west - LARGEST, south - LARGEST, east + LARGEST, north + LARGEST

    def take(self, thing: Any) -> None:
        """Look at one object of the stream."""
        self.seen += 1
        if not self.dated:
            self.newest = max(self.newest, _day(thing))
        if thing.is_way():
            # most closed ways are buildings, which come again as areas
            if ("highway" in thing.tags or not thing.is_closed()) and self._near(thing.nodes):
                self._way(thing, dict(thing.tags))
        elif thing.is_area():
            if not thing.from_way() or self._near(next(iter(thing.outer_rings()), ())):
                self._area(thing, dict(thing.tags))
        elif thing.is_node():
            if self.box is None or _inside(self.box, thing.lon, thing.lat):
                self._node(thing, dict(thing.tags))
        else:
            self._relation(thing, dict(thing.tags))

    def table(self, layer: str) -> GeoDataFrame:
        """Return what was found for one layer, in longitude and latitude."""
        if layer == "streets":
            return self.ways.segments()
        rows = pd.DataFrame(self.rows.get(layer, []))
        table = GeoDataFrame(
            rows, geometry=shapely.from_wkb(self.shapes.get(layer, [])), crs=DISPLAY
        )
        return table if table.empty else table.set_index("id")

    @property
    def broken(self) -> int:
        """Number of areas whose outline is not closed or not whole."""
        return self.counts["broken"] + sum(not whole for whole in self.relations.values())

    def _near(self, nodes: Any) -> bool:
        """Tell whether a line or ring begins or ends so close to the box that it may touch it."""
        if self.box is None or not len(nodes):
            return True
        ends = [end for end in (nodes[0].location, nodes[-1].location) if end.valid()]
        return not ends or any(_inside(self.wide, end.lon, end.lat) for end in ends)

    def _relation(self, relation: Any, tags: Tags) -> None:
        if tags.get("type") in {"multipolygon", "boundary"} and _has_area(tags):
            self.relations.setdefault(relation.id, False)

    def _node(self, node: Any, tags: Tags) -> None:
        if tags.get("highway") == "street_lamp":
            lamp = {
                "works": "no" if tags.get("disused") == "yes" else "unknown",
                "reference": tags.get("ref", ""),
            }
            self._keep("street_lamps", f"node/{node.id}", lamp, FACTORY.create_point(node))
        if tags.get("place") in osm.PLACES and tags.get("name"):
            place = {"kind": "place", "name": tags["name"]}
            self._keep("areas", f"node/{node.id}", place, FACTORY.create_point(node))
        if self._place(tags):
            self._keep_places(f"node/{node.id}", tags, FACTORY.create_point(node))

    def _way(self, way: Any, tags: Tags) -> None:
        highway = tags.get("highway")
        if highway and highway not in osm.NOT_WAYS:
            self.ways.add(way, tags)
        if not way.is_closed():
            self._line(way, tags)
            self.counts["broken"] += not highway and _must_be_area(tags)

    def _line(self, way: Any, tags: Tags) -> None:
        water = tags.get("waterway") in osm.WATERS
        if tags.get("railway") not in osm.RAILWAYS and not water:
            return
        if tags.get("tunnel", "no") != "no":
            return
        row = {"kind": "water" if water else "railway", "name": tags.get("name", "")}
        try:
            self._keep("areas", f"way/{way.id}", row, FACTORY.create_linestring(way))
        except (osmium.InvalidLocationError, RuntimeError):
            self.counts["broken"] += 1

    def _area(self, area: Any, tags: Tags) -> None:
        if not _has_area(tags):
            return
        name = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        try:
            shape = FACTORY.create_multipolygon(area)
        except (osmium.InvalidLocationError, RuntimeError):
            self.counts["broken"] += area.from_way()
            return
        if not area.from_way():
            self.relations[area.orig_id()] = True
        if tags.get("building", "no") not in {"no", "entrance"}:
            self._keep("buildings", name, building(tags), shape)
        kind = osm.theme(tags)
        if kind:
            self._keep("areas", name, {"kind": kind, "name": osm.public_name(tags)}, shape)
        if tags.get("boundary") == "administrative" and tags.get("admin_level") in LEVELS:
            row = {"name": tags.get("name", ""), "kind": f"admin_level {tags['admin_level']}"}
            self._keep("districts", name, row, shape)
        if self._place(tags):
            self._keep_places(name, tags, shape)

    def _place(self, tags: Tags) -> bool:
        return any(
            tags.get(key)
            for key in ("amenity", "leisure", "shop", "healthcare", "office", "social_facility")
        )

    def _keep_places(self, name: str, tags: Tags, shape: str) -> None:
        if osm.is_protected(tags):
            self._keep("counselling_services", name, counselling(name, tags), shape)
            return
        kind = osm.meeting_place(tags)
        if kind and tags.get("access") in osm.NO:
            self._keep("private", name, {"kind": kind}, shape)
        elif kind:
            self._keep("meeting_places", name, meeting_place(name, kind, tags), shape)
        if osm.is_counselling(tags):
            self._keep("counselling_services", name, counselling(name, tags), shape)
        elif osm.is_association(tags):
            self._keep("associations", name, {}, shape)

    def _keep(self, layer: str, name: str, row: dict[str, Any], shape: str) -> None:
        self.rows.setdefault(layer, []).append({"id": name, **row})
        # bytes take half the memory of hexadecimal text and are read ten times faster
        self.shapes.setdefault(layer, []).append(bytes.fromhex(shape))


def harvest(path: Path, box: Box | None, progress: Progress, *, dated: bool) -> Harvest:
    """
    Stream an extract once (relations twice) and keep what matters.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    box
        Only objects near it [degrees] become rows.
    progress
        Told every interesting object.
    dated
        The header of the file says its day.
    """
    found = Harvest(box, dated)
    keys = osmium.filter.KeyFilter(*osm.KEYS)
    with tempfile.TemporaryDirectory(prefix="osm-nodes-") as folder:
        storage = "flex_mem"
        if path.stat().st_size > BIG:
            storage = f"sparse_file_array,{folder}/nodes"
        stream = (
            osmium.FileProcessor(path).with_locations(storage).with_areas(keys).with_filter(keys)
        )
        for thing in progress(_told(stream), path.name, unit="objects"):
            found.take(thing)
    return found


def _told(stream: Any) -> Iterator[Any]:
    yield from stream


def building(tags: Tags) -> dict[str, Any]:
    """Return the columns of `buildings` that tags can give; a shelter stays nameless."""
    kind = tags["building"]
    return {
        "kind": "" if kind == "yes" or osm.is_protected(tags) else kind,
        "levels": osm.number(tags.get("building:levels"), high=120),
        "address": osm.address(tags),
        "name": osm.public_name(tags),
    }


def meeting_place(name: str, kind: str, tags: Tags) -> dict[str, Any]:
    """Return the columns of `meeting_places` that tags can give."""
    return {
        "name": tags.get("name", ""),
        "kind": kind,
        "opening_hours": tags.get("opening_hours", ""),
        "step_free": osm.step_free(tags),
        "fee": osm.fee(tags),
        "languages": osm.languages(tags),
        "capacity": osm.number(tags.get("capacity")),
        "operator": tags.get("operator", ""),
        "website": osm.first_of(tags, "website", "contact:website", "url"),
        "source": f"OpenStreetMap {name}",
        "checked_on": osm.checked_on(tags),
    }


def counselling(name: str, tags: Tags) -> dict[str, Any]:
    """Return the columns of `counselling_services`; a protected place keeps name and phone only."""
    secret = osm.is_protected(tags)
    phone = osm.first_of(tags, "phone", "contact:phone", "contact:mobile")
    return {
        "name": tags.get("name", ""),
        "topics": "violence" if secret else osm.topics(tags),
        "languages": osm.languages(tags),
        "opening_hours": "" if secret else tags.get("opening_hours", ""),
        "phone": phone,
        "website": osm.first_of(tags, "website", "contact:website", "url"),
        "by_phone": "yes" if secret and phone else "unknown",
        "online": "unknown",
        "step_free": osm.step_free(tags),
        "protected": secret,
        "address": "" if secret else osm.address(tags),
        "operator": tags.get("operator", ""),
        "source": "OpenStreetMap" if secret else f"OpenStreetMap {name}",
        "checked_on": osm.checked_on(tags),
    }


def _has_area(tags: Tags) -> bool:
    return (
        any(key in tags for key in osm.AREA_KEYS)
        or bool(osm.theme(tags))
        or (tags.get("boundary") == "administrative" and tags.get("admin_level") in LEVELS)
    )


def _must_be_area(tags: Tags) -> bool:
    return any(key in tags for key in ("building", "landuse")) or tags.get("leisure") in {
        "park", "playground", "pitch", "sports_centre",
    }  # fmt: skip


def _day(thing: Any) -> str:
    """Return the day of the last edit, or "" where the extract does not keep it."""
    edited = thing.timestamp
    return f"{edited:%Y-%m-%d}" if edited.year > 1970 else ""


def _inside(box: Box, lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
