"""Where the rows of a table lie: coordinates found, their system checked, shapes put in order."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from layers import Layer, Text
from layers.crs import DISPLAY

from .table_values import Values, text
from .texts import plain_name

WKT = ("wkt", "geom", "geometry", "thegeom", "geometrie", "shape")
EAST = (
    "lon", "lng", "long", "longitude", "laenge", "laengengrad", "geolaenge", "x", "xkoord",
    "xkoordinate", "rechtswert", "rw", "ost", "ostwert", "easting", "utmost", "utmx", "coordx",
)  # fmt: skip
NORTH = (
    "lat", "latitude", "breite", "breitengrad", "geobreite", "y", "ykoord",
    "ykoordinate", "hochwert", "hw", "nord", "nordwert", "northing", "utmnord", "utmy", "coordy",
)  # fmt: skip
"""Names of coordinate columns, without capitals and signs."""

GERMANY = (5.5, 47.0, 15.5, 55.5)
"""Box [degrees] in which every city of ours lies."""

ACCURATE = 1.0
"""Uncertainty of a change of coordinate system [m] above which it is told."""

SHOWN = 5


def coordinate_columns(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the column with WKT, or those of east and north; () if there are none."""
    names = {plain_name(str(name)): str(name) for name in frame.columns}
    wkt = [names[name] for name in WKT if name in names]
    for name in wkt:
        if frame[name].map(text).str.match(r"^(?:SRID=\d+;)?\s*[A-Za-z]+\s*(?:Z|M)?\s*\(").any():
            return (name,)
    for pair in zip(_named(EAST, names), _named(NORTH, names), strict=False):
        return pair
    return ()


def _named(candidates: tuple[str, ...], names: Mapping[str, str]) -> list[str]:
    return [names[name] for name in candidates if name in names]


def shapes_of(frame: pd.DataFrame, columns: tuple[str, ...], values: Values) -> GeoSeries:
    """Return the geometries that coordinate columns describe; None where they are empty."""
    if len(columns) == 1:
        wkt = frame[columns[0]].map(text).str.replace(r"^SRID=\d+;", "", regex=True)
        shapes = shapely.from_wkt(wkt.where(wkt != "", None).to_numpy(), on_invalid="ignore")
        broken = (wkt != "").to_numpy() & shapely.is_missing(shapes)
        if broken.any():
            values.nowhere |= set(frame.index[broken])
            values.faults.append(Text(
                "{count} {count:geometry|geometries} in column “{column}” cannot be read as WKT,"
                " such as POINT (8.4 49.0): {count:row|rows} {rows}",
                count=int(broken.sum()), column=columns[0], rows=_rows(frame.index[broken]),
            ))  # fmt: skip
        return GeoSeries(shapes, index=frame.index)
    east, north = (values.numbers(name, frame[name]) for name in columns)
    shapes = shapely.points(east, north)
    return GeoSeries(np.where(east.isna() | north.isna(), None, shapes), index=frame.index)


def joined(
    frame: pd.DataFrame, places: GeoDataFrame, theirs: str, ours: str, values: Values
) -> GeoSeries:
    """
    Return the geometry of the place that each row belongs to.

    Parameters
    ----------
    frame
        Rows with a column `theirs`.
    places
        A layer of the store; `ours` is one of its columns, or "id".
    theirs, ours
        Columns with the same keys on both sides.
    values
        Notes the faults: keys on our side that no row names are only a remark.
    """
    known = places.index.to_series() if ours == "id" else places[ours]
    keys = pd.Series(places.geometry.array, index=known.map(text))
    wanted = frame[theirs].map(text)
    for told, doubled in (
        (theirs, wanted[wanted.duplicated()]),
        (ours, keys.index[keys.index.duplicated()]),
    ):
        if len(doubled):
            values.faults.append(Text(
                "keys in “{column}” must be unique: {keys} occur more than once",
                column=told, keys=", ".join(map(str, list(doubled)[:SHOWN])),
            ))  # fmt: skip
    keys = keys[~keys.index.duplicated()]
    lost = wanted[~wanted.isin(keys.index)]
    values.nowhere |= set(lost.index)
    if len(lost):
        values.faults.append(_unmatched(lost, keys.index))
    return GeoSeries(keys.reindex(wanted).to_numpy(), index=frame.index, crs=places.crs)


def _unmatched(lost: pd.Series[Any], known: pd.Index[str]) -> Text:
    near = get_close_matches(str(lost.iloc[0]), list(known), n=3) or list(known[:3])
    return Text(
        "{count} {count:row belongs|rows belong} to no place in the store: {keys} ({count:row|rows}"
        " {rows}); keys there look like {near}. Is --key right, or are rows such as totals in the"
        " table?",
        count=len(lost), keys=", ".join(lost.head(SHOWN)), near=", ".join(near),
        rows=_rows(lost.index),
    )  # fmt: skip


def system(file_crs: Any, told: Any, *, firm: bool, faults: list[Text]) -> tuple[Any, list[Text]]:
    """Return the CRS of a table and remarks on it: told by the person, else by the file."""
    if told is None:
        if file_crs is None:
            faults.append(Text(
                "the file does not say which coordinate system it uses; name it with --crs:"
                " EPSG:4326 for longitude and latitude, EPSG:25832 for UTM zone 32,"
                " EPSG:31467 for Gauss-Krüger zone 3"
            ))  # fmt: skip
        return file_crs, []
    try:
        crs = CRS.from_user_input(told)
    except CRSError:
        faults.append(Text(
            "--crs {crs} is not a coordinate system; give a code such as EPSG:25832", crs=str(told)
        ))  # fmt: skip
        return None, []
    if file_crs is not None and firm and CRS.from_user_input(file_crs) != crs:
        return crs, [Text(
            "the file says that its coordinates are in {file}; read as {told} because of --crs",
            file=CRS.from_user_input(file_crs).name, told=crs.name,
        )]  # fmt: skip
    return crs, []


def accuracy(source: Any, target: Any) -> list[Text]:
    """Say how uncertain the change of coordinate system is, where that matters (Gauss-Krüger)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the missing grid is told below, in metres
        group = TransformerGroup(source, target, always_xy=True)
    metres = group.transformers[0].accuracy if group.transformers else -1
    if 0 <= metres <= ACCURATE:
        return []
    if metres < 0 and group.best_available:
        return []
    return [Text(
        "coordinates were changed from {source} without its datum grid: accurate to about"
        " {metres} m, enough for walks but not for parcels",
        source=CRS.from_user_input(source).name, metres=metres if metres > 0 else 5,
    )]  # fmt: skip


def misplaced(shapes: GeoSeries, source: Any, target: Any) -> list[Text]:
    """Say if the coordinates lie outside the country, and whether exchanging x and y would help."""
    here = shapes[~(shapes.isna() | shapes.is_empty)]
    points = shapely.get_coordinates(shapely.point_on_surface(here.array))
    if not len(points):
        return []
    meant = CRS.from_user_input(target).area_of_use
    boxes = [GERMANY, *([meant.bounds] if meant else [])]
    transformer = Transformer.from_crs(source, DISPLAY, always_xy=True)
    inside = _inside(transformer, points, boxes)
    if inside.all():
        return []
    example = "{:.10g}, {:.10g}".format(*points[~inside][0])
    swapped = _inside(transformer, points[:, ::-1], boxes)
    if inside.mean() > 0.5:
        return [_astray(here.index[~inside], example, all_swapped=bool(swapped[~inside].all()))]
    if swapped.mean() > 0.9:
        return [Text(
            "x and y (longitude and latitude) are exchanged: {example} lies far away; add --swap",
            example=example,
        )]  # fmt: skip
    return [Text(
        "the coordinates do not lie in this part of the world: {example} read as {crs}. {hint}",
        example=example, crs=CRS.from_user_input(source).name, hint=_hint(*points[~inside][0]),
    )]  # fmt: skip


def _astray(rows: Any, example: str, *, all_swapped: bool) -> Text:
    """Name single rows that lie far from all others."""
    return Text(
        "{count} {count:row lies|rows lie} far outside of this part of the world, such as {example}"
        " ({count:row|rows} {rows}); {likely}",
        count=len(rows), example=example, rows=_rows(rows),
        likely=Text("there x and y are exchanged: correct them in the table") if all_swapped
        else Text("correct or empty the coordinates there"),
    )  # fmt: skip


def _inside(transformer: Transformer, points: Any, boxes: list[Any]) -> NDArray[np.bool_]:
    """Tell of each point whether it lies in any of the boxes."""
    lon, lat = transformer.transform(points[:, 0], points[:, 1])
    inside = [(lon >= w) & (lon <= e) & (lat >= s) & (lat <= n) for w, s, e, n in boxes]
    return np.any(inside, axis=0)


def _hint(x: float, y: float) -> Text:
    """Say which system such numbers usually belong to."""
    x, y = min(x, y), max(x, y)
    if abs(x) <= 180 and abs(y) <= 180:
        return Text("Numbers like these are usually degrees: --crs EPSG:4326")
    if 32_000_000 <= y < 34_000_000:
        return Text("Numbers like these usually carry the zone: --crs EPSG:4647")
    if 2_000_000 < x < 6_000_000 and y > 5_000_000 and x < 5_900_000:
        zone = int(x // 1_000_000)
        return Text(
            "Numbers like these are usually Gauss-Krüger: --crs EPSG:{code}",
            code=str(31464 + zone) if 2 <= zone <= 5 else "31467",
        )
    return Text("Check --crs")


def in_order(
    table: GeoDataFrame, layer: Layer, *, repair: bool, faults: list[Text]
) -> tuple[GeoDataFrame, list[Text]]:
    """
    Bring shapes into the types of the layer: flat, valid, single where the layer wants single.

    Returns
    -------
    table, remarks
        Invalid outlines are mended only with `repair`, otherwise they are faults.
    """
    remarks = []
    shapes = GeoSeries(shapely.force_2d(table.geometry.array), index=table.index, crs=table.crs)
    table = table.set_geometry(shapes)
    broken = ~shapes.is_valid & ~shapes.isna()
    if broken.any():
        mended = shapes[broken].make_valid().map(_areas_of)
        shapes = shapes.copy()
        shapes[broken] = mended
        reasons = shapely.is_valid_reason(table.geometry[broken].array)
        table = table.set_geometry(shapes)
        if repair:
            remarks.append(Text(
                "{count} broken {count:outline was|outlines were} mended: {count:row|rows} {rows}",
                count=int(broken.sum()), rows=_rows(table.index[broken]),
            ))  # fmt: skip
        else:
            faults.append(Text(
                "{count} {count:outline is|outlines are} broken: {count:row|rows} {rows}; mend"
                " {count:it|them} with --repair or in QGIS (Fix geometries)",
                count=int(broken.sum()),
                rows=", ".join(f"{row} ({reason})" for row, reason in
                               zip(table.index[broken][:SHOWN], reasons, strict=False)),
            ))  # fmt: skip
    table, taken_apart = _single(table, layer)
    if taken_apart:
        remarks.append(Text(
            "{count} {count:row holds|rows hold} several shapes, which became one row each,"
            " numbered /1, /2 …",
            count=taken_apart,
        ))  # fmt: skip
    wrong = (
        ~table.geom_type.isin(layer.geometry) & ~table.geometry.isna() & ~table.geometry.is_empty
    )
    if wrong.any():
        kinds = table.geom_type[wrong].value_counts()
        faults.append(Text(
            "{kinds} cannot be used here: {layer} are {types} (row {rows}); keep one type per file"
            " or export the right ones",
            kinds=", ".join(f"{count} {kind}" for kind, count in kinds.items()),
            layer=layer.title, types=", ".join(sorted(layer.geometry)),
            rows=_rows(table.index[wrong]),
        ))  # fmt: skip
        table = table[~wrong]
    return table, remarks


def _areas_of(shape: Any) -> Any:
    """Return the polygons of a mended shape; lines and points left over by the mending go."""
    if shape.geom_type != "GeometryCollection":
        return shape
    areas = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(areas) if areas else shape


def _single(table: GeoDataFrame, layer: Layer) -> tuple[GeoDataFrame, int]:
    """Take shapes of several parts apart where the layer knows only single ones."""
    several = table.geom_type.str.startswith("Multi") & ~table.geom_type.isin(layer.geometry)
    alone = table.geom_type.str.startswith("Multi") & (
        shapely.get_num_geometries(table.geometry.array) == 1
    )
    if alone.any():
        shapes = table.geometry.copy()
        shapes[alone] = shapely.get_geometry(shapes[alone].array, 0)
        table, several = table.set_geometry(shapes), several & ~alone
    if not several.any():
        return table, 0
    parts = table[several].explode()
    number = parts.groupby(level=0).cumcount() + 1
    parts.index = parts.index.astype(str) + "/" + number.astype(str)
    whole = table[~several]
    whole.index = whole.index.astype(str)
    return GeoDataFrame(pd.concat([whole, parts]), crs=table.crs), int(several.sum())


def _rows(index: Any) -> str:
    return ", ".join(map(str, index[:SHOWN]))
