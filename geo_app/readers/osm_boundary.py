"""The outline of a city: from a file of polygons, or by its name in the extract itself."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import geopandas
import osmium
import pyogrio
import shapely
from geopandas import GeoSeries
from shapely import MultiPolygon, Polygon

from layers import Text
from layers.crs import DISPLAY

from .broken import disguised, lacking, unreadable
from .errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

MANY = 12
"""Names of boundaries that are listed where none comes close."""

NAME_KEYS = (
    "name", "name:de", "official_name", "de:regionalschluessel", "de:amtlicher_gemeindeschluessel"
)  # fmt: skip


@dataclass(frozen=True)
class Border:
    """One administrative boundary of an extract, not yet put together."""

    id: int
    names: frozenset[str]
    label: str
    level: str
    outer: tuple[int, ...]
    inner: tuple[int, ...]


def read_boundary(path: Path, boundary: str) -> GeoSeries:
    """
    Return the outline that `boundary` stands for, in longitude and latitude.

    Parameters
    ----------
    path
        The OpenStreetMap extract, searched where `boundary` is no file.
    boundary
        A file of polygons, or the name, official key or `relation/…` of an
        administrative boundary.

    Raises
    ------
    ReadError
        If neither exists (with names that come close), or it is not whole.
    """
    if Path(boundary).exists():
        return from_file(Path(boundary))
    return GeoSeries([by_name(path, boundary)], crs=DISPLAY)


def from_file(path: Path) -> GeoSeries:
    """
    Return the union of all polygons of a file, in longitude and latitude.

    Raises
    ------
    ReadError
        If the file cannot be read, has no CRS or no polygon.
    """
    wrong = disguised(path) or lacking(path)
    try:
        table = geopandas.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        advice = Text(
            "the boundary cannot be read; give a GeoPackage, GeoJSON or Shapefile with polygons"
        )
        raise ReadError(path.name, [wrong or unreadable(path), advice]) from error
    if not isinstance(table, geopandas.GeoDataFrame) or table.crs is None:
        raise ReadError(
            path.name,
            [
                Text(
                    "the boundary has no coordinate system; save it with one"
                    " (in QGIS: Export, Save Features As)"
                )
            ],
        )
    areas = table.geometry[table.geom_type.isin(["Polygon", "MultiPolygon"])].make_valid()
    if areas.empty:
        raise ReadError(path.name, [_no_polygon(table)])
    return GeoSeries([areas.to_crs(DISPLAY).union_all()], crs=DISPLAY)


def _no_polygon(table: geopandas.GeoDataFrame) -> Text:
    if table.empty:
        return Text(
            "the boundary file has no rows; export the outline of the city again (in QGIS: select"
            " it, then Export, Save Selected Features As)"
        )
    kinds = ", ".join(sorted({str(kind) for kind in table.geom_type.dropna()})) or "no shape"
    return Text(
        "the boundary has no polygon, only {kinds}; give the outline of the city as an area (in"
        " QGIS, lines become one by Vector, Geometry Tools, Lines to Polygons)",
        kinds=kinds,
    )


def by_name(path: Path, name: str) -> Any:
    """Return the polygon of an administrative boundary of an extract, in degrees."""
    borders = list(_borders(path))
    found = [border for border in borders if name.casefold() in border.names]
    if not found:
        raise ReadError(path.name, [_not_found(name, borders)])
    if len(found) > 1:
        raise ReadError(
            path.name,
            [
                Text(
                    "several boundaries are called “{name}”: {found};"
                    " give one of these instead of the name",
                    name=name,
                    found=", ".join(f"relation/{b.id} (admin_level {b.level})" for b in found),
                )
            ],
        )
    return _assembled(path, found[0])


def _not_found(name: str, borders: list[Border]) -> Text:
    labels = {border.label.casefold(): border.label for border in borders if border.label}
    close = get_close_matches(name.casefold(), labels, n=5, cutoff=0.5)
    if not labels:
        return Text(
            "“{name}” is no file, and this extract holds no administrative boundary with a name;"
            " give a file with the outline of the city (GeoPackage, GeoJSON or Shapefile)",
            name=name,
        )
    return Text(
        "“{name}” is neither a file nor one of the {count} administrative boundaries with a name in"
        " this extract; {what}: {names}. Give one of them, or a file with the outline of the city",
        name=name, count=len(labels),
        what=Text("close to it") if close else Text("among them"),
        names=", ".join([labels[c] for c in close] or sorted(labels.values())[:MANY]),
    )  # fmt: skip


def _borders(path: Path) -> Iterable[Border]:
    relations = osmium.FileProcessor(path, osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(("boundary", "administrative"))
    )
    for relation in cast("Iterable[osmium.osm.Relation]", relations):
        tags = dict(relation.tags)
        names = {tags[key].casefold() for key in NAME_KEYS if key in tags}
        ways = [(m.ref, m.role) for m in relation.members if m.type == "w"]
        yield Border(
            id=relation.id,
            names=frozenset(names | {f"relation/{relation.id}"}),
            label=tags.get("name", ""),
            level=tags.get("admin_level", "?"),
            outer=tuple(ref for ref, role in ways if role in {"outer", ""}),
            inner=tuple(ref for ref, role in ways if role == "inner"),
        )


def _assembled(path: Path, border: Border) -> Any:
    nodes = _node_ids(path, {*border.outer, *border.inner})
    places = _locations(path, {ref for refs in nodes.values() for ref in refs})
    outer, inner = (
        _polygon(
            [[places[ref] for ref in nodes[way] if ref in places] for way in ways if way in nodes]
        )
        for ways in (border.outer, border.inner)
    )
    area = outer.difference(inner)
    if area.is_empty:
        raise ReadError(path.name, [Text(
            "the boundary “{name}” is not whole in this extract ({missing} of its {count} lines are"
            " missing); give a file with its polygon",
            name=border.label, missing=len(border.outer) - len(nodes), count=len(border.outer),
        )])  # fmt: skip
    return area


def _node_ids(path: Path, ways: set[int]) -> dict[int, list[int]]:
    chosen = osmium.FileProcessor(path, osmium.osm.WAY).with_filter(osmium.filter.IdFilter(ways))
    ways_found = cast("Iterable[osmium.osm.Way]", chosen)
    return {way.id: [node.ref for node in way.nodes] for way in ways_found}


def _locations(path: Path, nodes: set[int]) -> dict[int, tuple[float, float]]:
    chosen = osmium.FileProcessor(path, osmium.osm.NODE).with_filter(osmium.filter.IdFilter(nodes))
    nodes_found = cast("Iterable[osmium.osm.Node]", chosen)
    return {node.id: (node.lon, node.lat) for node in nodes_found}


def _polygon(lines: list[list[tuple[float, float]]]) -> Polygon | MultiPolygon:
    whole = [shapely.LineString(line) for line in lines if len(line) > 1]
    return shapely.union_all(shapely.get_parts(shapely.polygonize(whole)))
