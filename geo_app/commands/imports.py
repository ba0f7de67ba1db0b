"""`import`: a city's files into the store, each command in one transaction."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers import LAYERS, Layer, LayersError, MissingLayerError, Text
from layers.crs import DISPLAY
from layers.downscaling import LEAST_ROOM, building_weights, street_weights
from layers.downscaling_check import are_fine

from ..config import Settings
from ..maps.basemap import build_basemap
from ..origin import Import
from ..readers.osm import read_osm
from ..readers.osm_boundary import from_file
from ..readers.progress import bar
from ..readers.spreading import Spread, spread_people
from ..readers.tables import Joining, Wishes, read_table
from ..readers.zensus import read_zensus
from ..store import Store

FILE = click.Path(dir_okay=False, path_type=Path)
DRAWN = frozenset({"streets", "buildings", "areas", "districts"})
"""Layers that the basemap is made of."""

FINE = 0.01
"""Longest straight piece of an outline in degrees that is still straight in metres."""

DOWNSCALE = click.option(
    "--downscale",
    type=click.Choice(["auto", "buildings", "streets", "none"]),
    default="auto",
    show_default=True,
    help="Put people of areas coarser than 100 m where homes are: by floor space of the buildings"
    " in the store, else by length of residential streets. “none” keeps the areas as they are.",
)


@click.group("import")
def command() -> None:
    """
    Import a city: OpenStreetMap, census grid, own tables.

    Each command replaces the layers it reads, all or nothing; “layers
    --restore NAME” undoes it.

    \b
    In this order:
      python -m geo_app import osm mycity.osm.pbf --boundary "Musterstadt"
      python -m geo_app import zensus Zensus2022_*_100m-Gitter.csv
      python -m geo_app import table places.xlsx --layer meeting_places --crs EPSG:4326
    """


@command.command("osm")
@click.argument("file", type=FILE)
@click.option(
    "--boundary",
    help="Cut out a city: a file of polygons, or the name of an administrative boundary in FILE.",
)
def osm(file: Path, boundary: str | None) -> None:
    """
    Import an OpenStreetMap extract (.osm.pbf or .osm).

    Reads streets, street lamps, buildings, meeting places, counselling
    services, districts and what the basemap draws. Extracts of every region:
    download.geofabrik.de; a box of your own: extract.bbbike.org.

    \b
    Examples:
      python -m geo_app import osm mycity.osm.pbf
      python -m geo_app import osm baden-wuerttemberg-latest.osm.pbf --boundary Karlsruhe
      python -m geo_app import osm region.osm.pbf --boundary border.geojson
    """
    _, store = _opened()
    _write(store, read_osm(file, crs=store.crs, boundary=boundary, progress=bar))


@command.command("zensus")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--boundary", type=FILE, help="A file of polygons: only cells inside it are kept.")
@click.option("--everything", is_flag=True, help="Keep all cells of the files.")
@DOWNSCALE
def zensus(
    files: tuple[Path, ...], boundary: Path | None, downscale: str, *, everything: bool
) -> None:
    """
    Import residents from grid files of the census 2022 or 2011 (CSV).

    Give all files of one grid at once: totals, ages, shares under 18 and over
    65, foreign nationals. Kept are the people inside the districts in the
    store, as far as its map data reach.

    \b
    Examples:
      python -m geo_app import zensus Zensus2022_*_100m-Gitter.csv
      python -m geo_app import zensus zensus2011_1km.csv --downscale buildings
      python -m geo_app import zensus zensus2011_1km.csv --boundary border.gpkg
    """
    _, store = _opened()
    known = None if everything else _known(store)
    within = None if everything else _within(store, boundary, known)
    spread = _spread(store, downscale)
    imports = read_zensus(
        files,
        crs=store.crs,
        within=within,
        known=known,
        spread=spread,
        finer=_finer(store),
        progress=bar,
    )
    _write(store, imports)


def _pairs(separator: str) -> Any:
    """Return a check that splits each option at its last separator."""

    def split(_: Any, option: Any, told: Sequence[str]) -> list[tuple[str, str]]:
        wrong = [pair for pair in told if separator not in pair]
        if wrong:
            raise click.BadParameter(
                f"“{wrong[0]}” has no “{separator}”; write it as {option.metavar}"
            )
        return [cast("tuple[str, str]", tuple(pair.rsplit(separator, 1))) for pair in told]

    return split


@command.command("table")
@click.argument("file", type=FILE)
@click.option("--layer", type=click.Choice(sorted(LAYERS)), required=True, help="What it becomes.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="THEIRS=OURS",
    callback=_pairs("="),
    help="Which of your columns is which of ours. “A + B=ours” adds numbers up and joins texts."
    " “…=id”, “…=x”, “…=y” and “…=wkt” name row ids and coordinates.",
)
@click.option(
    "--map",
    "words",
    multiple=True,
    metavar="OURS:WORD=OPTION",
    callback=_pairs("="),
    help="What a word in your table means: “kind:Bücherei=library”. “kind:*=” leaves out rows with"
    " any other word.",
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="OURS=VALUE",
    callback=_pairs("="),
    help="The same value for all rows: “kind=library”.",
)
@click.option(
    "--crs", help="Coordinate system of the file, if it does not say: EPSG:25832, EPSG:4326 …"
)
@click.option("--table", "sheet", help="Table or sheet, if FILE holds several.")
@click.option("--geometry-from", "places", help="Take the shapes from this layer of the store.")
@click.option("--key", metavar="THEIRS=OURS", help="With --geometry-from: the columns that match.")
@click.option("--delimiter", default="", help="Sign between two cells of a CSV, if not found.")
@click.option("--decimal", type=click.Choice([",", "."]), help="Decimal sign, if it is not clear.")
@click.option("--repair", is_flag=True, help="Mend broken outlines.")
@click.option("--swap", is_flag=True, help="Exchange x and y.")
@click.option("--source", default="", help="Who made the data.")
@click.option("--licence", default="", help="Licence, such as “dl-de/by-2-0”.")
@click.option("--attribution", default="", help="What must stand beside a map of it.")
@click.option("--as-of", default="", help="Day or year the data describe.")
@DOWNSCALE
def table(
    file: Path,
    layer: str,
    columns: list[tuple[str, str]],
    words: list[tuple[str, str]],
    constants: list[tuple[str, str]],
    crs: str | None,
    sheet: str | None,
    places: str | None,
    key: str | None,
    delimiter: str,
    decimal: str | None,
    downscale: str,
    **named: Any,
) -> None:
    """
    Import one of your own tables as a layer.

    GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GeoParquet, CSV or XLSX. “layers
    --template NAME” writes an example of each layer to fill in.

    \b
    Examples:
      python -m geo_app import table places.xlsx --layer meeting_places --crs EPSG:4326
      python -m geo_app import table city.gpkg --table stadtteile --layer districts \\
        --column NR=id --column NAME=name
      python -m geo_app import table libraries.csv --layer meeting_places --set kind=library \\
        --column Rechtswert=x --column Hochwert=y --crs EPSG:25832
      python -m geo_app import table residents.csv --layer population \\
        --geometry-from districts --key NR=id --column Einwohner=residents
    """
    _, store = _opened()
    wishes = Wishes(
        columns=columns,
        meanings=_meanings(words),
        constants=dict(constants),
        crs=crs,
        table=sheet,
        delimiter=delimiter.replace("\\t", "\t"),
        decimal=decimal or "",
        joining=_joining(store, places, key),
        **named,
    )
    imports = read_table(file, LAYERS[layer], crs=store.crs, wishes=wishes, progress=bar)
    if layer == "population":
        imports = [_downscaled(store, imports[0], downscale)]
    _write(store, imports)


def _opened() -> tuple[Settings, Store]:
    settings = Settings.from_environment()
    return settings, Store.open(settings.store, crs=settings.crs)


def _write(store: Store, imports: Sequence[Import]) -> None:
    """Write everything at once, tell what was written, and draw the basemap anew if need be."""
    if not imports:
        raise LayersError(
            [
                Text(
                    "nothing of the file lies inside the boundary, so nothing was changed; check"
                    " that --boundary and the file are of the same city"
                )
            ]
        )
    began = time.perf_counter()
    before = {name: store.provenance(name).rows for name in store.names()}
    written = store.write(imports, at=datetime.now(UTC))
    told = Counter(remark for entry in written for remark in entry.remarks)
    for entry in written:
        rows = f"{entry.rows:>9,} {'row ' if entry.rows == 1 else 'rows'}"
        click.echo(f"{entry.layer:<22}{rows}  {entry.attribution} {entry.as_of}".rstrip())
        if entry.layer in before:
            click.echo(f"  - {_replaced(entry.layer, before[entry.layer])}")
        for remark in entry.remarks:
            if told[remark] == 1:
                click.echo(f"  - {remark}")
    for remark in [remark for remark, often in told.items() if often > 1]:
        of = ", ".join(entry.layer for entry in written if remark in entry.remarks)
        click.echo(f"{of}:\n  - {remark}")
    if DRAWN & {entry.layer for entry in written}:
        build_basemap(store, Settings.from_environment().var / "basemap")
    click.echo(
        f"Written in {time.perf_counter() - began:.1f} s. Look at it: python -m geo_app serve"
    )


def _replaced(layer: str, rows: int) -> Text:
    return Text(
        "replaces {rows} {rows:row|rows}; undo with: python -m geo_app layers --restore {layer}",
        rows=rows,
        layer=layer,
    )


def _within(store: Store, boundary: Path | None, known: Any) -> Any:
    """Return where the city is: in a file, else its districts; None where the map data are."""
    if boundary is not None:
        return from_file(boundary).to_crs(store.crs).iloc[0]
    if "districts" in store.names():
        return store.read("districts").geometry.union_all()
    if known is not None:
        return None
    if "streets" in store.names():
        return store.read("streets").geometry.union_all().convex_hull
    raise MissingLayerError(
        ["districts"],
        [
            Text(
                "it is not known where the city ends: import districts or streets first, name its"
                " border with --boundary, or keep all cells with --everything"
            )
        ],
    )


def _known(store: Store) -> Any:
    """Return the land that streets and buildings cover completely, None if no file told it."""
    told = [
        store.provenance(name).extent for name in ("streets", "buildings") if name in store.names()
    ]
    lands = [shapely.from_wkt(wkt) for wkt in dict.fromkeys(told) if wkt]
    if not lands:
        return None
    # a straight line in degrees is a curve in metres
    land = shapely.segmentize(shapely.intersection_all(lands), FINE)
    return GeoSeries([land], crs=DISPLAY).to_crs(store.crs).iloc[0]


def _spread(store: Store, downscale: str) -> Spread | None:
    """Return the weights the store can give; None keeps coarse areas as they are."""
    makers = {
        "buildings": (building_weights, Text("floor space of buildings")),
        "streets": (street_weights, Text("length of residential streets")),
    }
    wanted = {"auto": list(makers), "none": []}.get(downscale, [downscale])
    there = [name for name in wanted if name in store.names()]
    if wanted and not there and downscale != "auto":
        raise MissingLayerError(
            [downscale],
            [Text("--downscale {layer} needs that layer; import it first", layer=downscale)],
        )
    if not there:
        return None
    weights = tuple(makers[name][0](store.read(name)) for name in there)
    room = LEAST_ROOM if there[0] == "buildings" else 0
    return Spread(weights, tuple(makers[name][1] for name in there), room)


def _finer(store: Store) -> GeoDataFrame | None:
    """Return the cells of 100 m that the store holds already, counted and not estimated."""
    if "population" not in store.names():
        return None
    cells = store.read("population")
    return cells if are_fine(cells) else None


def _downscaled(store: Store, read: Import, downscale: str) -> Import:
    """Put people of districts where homes are; cells of about 100 m stay as they are."""
    spread = _spread(store, downscale)
    if spread is None or read.table.area.median() <= SMALL:
        return read
    known = _known(store)
    city = None if known is None else read.table.geometry.union_all()
    cells, remarks = spread_people(read.table, spread, within=city, known=known)
    if cells.empty:
        raise LayersError([*remarks[:-1], NOWHERE])
    layer: Layer = read.layer
    origin = replace(read.origin, remarks=(*read.origin.remarks, *remarks))
    return Import(layer, layer.complete(cells), origin)


NOWHERE = Text(
    "none of these areas lies where the map data are, so nothing was changed; import the map of"
    " their city first, or keep them as they are with --downscale none"
)

SMALL = 40_000
"""Area [m²] up to which a cell is fine enough for walks."""


def _meanings(words: list[tuple[str, str]]) -> dict[str, dict[str, str]]:
    meanings: dict[str, dict[str, str]] = {}
    for told, option in words:
        ours, _, word = told.partition(":")
        meanings.setdefault(ours.strip(), {})[word.strip()] = option.strip()
    return meanings


def _joining(store: Store, places: str | None, key: str | None) -> Joining | None:
    if places is None and key is None:
        return None
    if places is None or key is None or "=" not in key:
        raise click.UsageError("--geometry-from LAYER and --key THEIRS=OURS belong together")
    if places not in store.names():
        raise MissingLayerError(
            [places], [Text("there is no layer “{layer}” in the store yet", layer=places)]
        )
    theirs, ours = key.rsplit("=", 1)
    return Joining(store.read(places), theirs.strip(), ours.strip())
