"""OpenStreetMap extracts (`.osm.pbf`, `.osm`) become the layers of a city in one pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo_app.origin import Import, Origin, hash_of, whoever_is_here
from layers import LAYERS, Text
from layers.crs import DISPLAY, check_metric

from .errors import ReadError
from .osm_boundary import read_boundary
from .osm_stream import harvest
from .progress import Progress, silent
from .texts import EMPTY

if TYPE_CHECKING:
    from .osm_stream import Harvest

WALK_ACROSS = 1_000
"""Streets are kept this far beyond the border [m], so that walks across it stay possible."""

LAYER_NAMES = (
    "streets", "street_lamps", "buildings", "meeting_places", "counselling_services",
    "districts", "areas",
)  # fmt: skip
MULTIPOLYGON = shapely.GeometryType.MULTIPOLYGON
ENDINGS = (".pbf", ".osm", ".osm.bz2", ".osm.gz", ".osm.zst")


def read_osm(
    path: Path,
    *,
    crs: Any,
    boundary: str | None = None,
    progress: Progress = silent,
) -> list[Import]:
    """
    Read streets, lamps, buildings, places, services, districts and the basemap's areas.

    Parameters
    ----------
    path
        An extract as from Geofabrik, BBBike or Overpass: `.osm.pbf` or `.osm`.
    crs
        CRS of the city, in metres; the tables come back in it.
    boundary
        A file of polygons, or the name of an administrative boundary in the
        extract: cuts a city out while streaming. Streets reach 1 km beyond.
    progress
        Told how far the reading is.

    Returns
    -------
    imports
        One for each layer of which the extract holds anything, complete and checked.

    Raises
    ------
    ReadError
        If the file is missing, empty, cut off or no OpenStreetMap file, or the
        boundary cannot be found.

    Source
    ------
    OpenStreetMap contributors, ODbL 1.0; tags as documented in its wiki.
    """
    check_metric("streets", crs)
    _check_file(path)
    try:
        outline = read_boundary(path, boundary) if boundary else None
        day, box = _header(path)
        found = harvest(path, _box(outline, crs), progress, dated=bool(day))
        origin = _origin(path, day or found.newest, _extent(box, outline))
    except (RuntimeError, OSError) as error:
        raise ReadError(path.name, [_unreadable(path, error)]) from error
    if not found.seen:
        raise ReadError(
            path.name, [Text("the extract holds no street, building or place; download it again")]
        )
    return _imports(found, None if outline is None else outline.to_crs(crs).iloc[0], crs, origin)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise ReadError(path.name, [Text("there is no such file: {path}", path=str(path))])
    if not path.name.endswith(ENDINGS):
        raise ReadError(
            path.name,
            [Text("the name does not end in .osm.pbf or .osm; for other files use “import table”")],
        )
    if path.stat().st_size == 0:
        raise ReadError(path.name, [EMPTY])


def _unreadable(path: Path, error: Exception) -> Text:
    if isinstance(error, OSError) and error.strerror:  # a full disk, no right to read
        return Text("the system refused to read the file: {reason}", reason=error.strerror)
    return Text(
        "this is not an OpenStreetMap file, or it was cut off on the way ({size} bytes); download"
        " it again",
        size=path.stat().st_size,
    )  # fmt: skip


def _box(outline: GeoSeries | None, crs: Any) -> tuple[float, float, float, float] | None:
    if outline is None:
        return None
    wide = outline.to_crs(crs).buffer(WALK_ACROSS).to_crs(DISPLAY)
    west, south, east, north = wide.total_bounds
    return float(west), float(south), float(east), float(north)


def _header(path: Path) -> tuple[str, Any]:
    """Return the day and the box [degrees] that the header names, "" and None if it does not."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        header = reader.header()
    told = (header.get("osmosis_replication_timestamp", ""), header.get("timestamp", ""))
    box = header.box()
    corners = (box.bottom_left, box.top_right)
    bounds = [degree for corner in corners if corner.valid() for degree in (corner.lon, corner.lat)]
    day = next((time[:10] for time in told if time), "")
    return day, shapely.box(*bounds) if len(bounds) == 4 else None


def _extent(box: Any, outline: GeoSeries | None) -> str:
    """Return the land that was read completely, as WKT in degrees; "" if the file does not say."""
    if box is None and outline is None:
        return ""
    land = box if outline is None else outline.iloc[0]
    if box is not None:
        land = shapely.intersection(land, box)
    return shapely.to_wkt(land, rounding_precision=6)


def _origin(path: Path, day: str, extent: str) -> Origin:
    return Origin(
        file=path.name,
        file_hash=hash_of(path),
        source="OpenStreetMap contributors",
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        as_of=day,
        imported_by=whoever_is_here(),
        extent=extent,
    )


def _imports(found: Harvest, outline: Any, crs: Any, origin: Origin) -> list[Import]:
    tables = {
        name: _cut(_sound(found.table(name).to_crs(crs), name), name, outline)
        for name in LAYER_NAMES
    }
    left_out = {
        name: len(_cut(found.table(name).to_crs(crs), name, outline))
        for name in ("private", "associations")
    }
    tables["districts"] = _finest(tables["districts"])
    remarks = {name: _remarks(found, name, outline, left_out) for name in LAYER_NAMES}
    tables["counselling_services"], told = _hide_protected(tables["counselling_services"])
    remarks["counselling_services"] += told
    return [
        Import(
            LAYERS[name],
            LAYERS[name].check(LAYERS[name].complete(table)),
            replace(origin, remarks=tuple(remarks[name])),
        )
        for name, table in tables.items()
        if not table.empty
    ]


def _sound(table: GeoDataFrame, name: str) -> GeoDataFrame:
    """Mend outlines that cross themselves and drop what is not of the layer's geometry."""
    if table.empty:
        return table
    shapes = np.asarray(table.geometry.array)
    alone = (shapely.get_type_id(shapes) == MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = np.where(alone, shapely.get_geometry(shapes, 0), shapes)
    table = table.set_geometry(GeoSeries(shapes, index=table.index, crs=table.crs))
    valid = table.geometry.is_valid
    table.loc[~valid, table.geometry.name] = table.geometry[~valid].make_valid()
    return table[table.geom_type.isin(LAYERS[name].geometry) & ~table.geometry.is_empty]


def _cut(table: GeoDataFrame, name: str, outline: Any) -> GeoDataFrame:
    """Keep what lies inside; districts by their middle, since neighbours share an edge."""
    if outline is None or table.empty:
        return table
    area = outline.buffer(WALK_ACROSS) if name == "streets" else outline
    shapely.prepare(area)
    shapes = table.geometry.representative_point() if name == "districts" else table.geometry
    return table[shapely.intersects(area, shapes.array)]


def _finest(districts: GeoDataFrame) -> GeoDataFrame:
    """Return the finest level with two or more districts and most of the area of any level."""
    if districts.empty:
        return districts
    levels = {level: rows for level, rows in districts.groupby("kind") if len(rows) > 1}
    if not levels:
        return districts.iloc[:0]
    covered = {level: rows.area.sum() for level, rows in levels.items()}
    whole = [level for level, area in covered.items() if area > 0.8 * max(covered.values())]
    return levels[max(whole, key=lambda level: int(str(level).split()[-1]))]


def _hide_protected(services: GeoDataFrame) -> tuple[GeoDataFrame, list[Text]]:
    """
    Take place and object id from protected places, and leave out those one cannot call.

    Even the id would lead to the coordinates on openstreetmap.org.
    """
    if services.empty:
        return services, []
    secret = services["protected"].astype(bool)
    if not secret.any():
        return services, []
    callable_ = secret & (services["name"] != "") & (services["phone"] != "")
    hidden = services[callable_].sort_values("name").copy()
    hidden.index = pd.Index([f"protected/{i + 1}" for i in range(len(hidden))])
    hidden = hidden.set_geometry(
        GeoSeries([None] * len(hidden), index=hidden.index, crs=services.crs)
    )
    told = Text(
        "{count} protected {count:place was|places were} found; {kept} with name and phone"
        " {kept:is|are} listed, all without"
        " coordinates, address or object id",
        count=int(secret.sum()), kept=len(hidden),
    )  # fmt: skip
    return GeoDataFrame(pd.concat([services[~secret], hidden]), crs=services.crs), [told]


def _remarks(found: Harvest, name: str, outline: Any, left_out: dict[str, int]) -> list[Text]:
    if name == "streets":
        return _street_remarks(found, outline)
    remarks = []
    if name in {"areas", "buildings", "meeting_places"} and found.broken:
        remarks.append(
            Text(
                "{count} {count:area of the extract has|areas of the extract have} an outline that"
                " is open or not whole and {count:was|were} left out",
                count=found.broken,
            )
        )
    if name == "meeting_places" and left_out["private"]:
        remarks.append(
            Text(
                "{count} private {count:place, such as a pitch or a playground, was|places, such as"
                " pitches and playgrounds, were} left out",
                count=left_out["private"],
            )
        )
    if name == "counselling_services" and left_out["associations"]:
        remarks.append(
            Text(
                "{count} {count:office of an association that does|offices of associations that do}"
                " not say they advise people {count:was|were} left out",
                count=left_out["associations"],
            )
        )
    return remarks


def _street_remarks(found: Harvest, outline: Any) -> list[Text]:
    remarks = []
    if outline is not None:
        remarks.append(
            Text(
                "streets are kept up to {metres} m beyond the border,"
                " so that walks across it stay possible",
                metres=WALK_ACROSS,
            )
        )
    if found.ways.torn:
        remarks.append(
            Text(
                "{count} {count:way lacks|ways lack} nodes in this extract; what is known of"
                " {count:it|them} is kept",
                count=found.ways.torn,
            )
        )
    return remarks
