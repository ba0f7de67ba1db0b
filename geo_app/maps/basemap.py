"""
The basemap: our own vector tiles, made from the layers of the store.

A real city and the invented town take the same path: whatever was imported
is drawn. One PMTiles archive per theme, served with byte ranges, drawn by
`static/js/basemap.js`. Nothing is ever asked of anybody else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame

from layers.crs import to_display

from ..store import Store

MANIFEST = "basemap.json"
LARGEST_SCALE = 15
"""Zoom of the most detailed tiles; a map may be magnified beyond."""


@dataclass(frozen=True)
class Theme:
    """
    One archive: which rows of which layer, from which zoom on.

    Parameters
    ----------
    layer
        Layer of the store.
    columns
        Columns that decide how a feature is drawn or labelled.
    dimension
        0 for points, 1 for lines, 2 for areas.
    smallest_scale
        Zoom from which on it is drawn.
    """

    layer: str
    columns: tuple[str, ...]
    dimension: int
    smallest_scale: int


THEMES: dict[str, Theme] = {
    "land": Theme("areas", ("kind",), 2, 9),
    "rails": Theme("areas", ("kind",), 1, 10),
    "buildings": Theme("buildings", ("kind",), 2, 13),
    "streets": Theme("streets", ("kind", "name", "bridge", "tunnel"), 1, 9),
    "street_names": Theme("streets", ("kind", "name"), 1, 13),
    "names": Theme("areas", ("kind", "name"), 0, 9),
}
"""Archives by name."""


def build_basemap(
    store: Store, folder: Path, *, progress: Callable[[str], None] | None = None
) -> list[str]:
    """
    Draw the basemap of a city anew, if its layers have changed.

    Parameters
    ----------
    store
        Where the layers are; those that are missing are left out.
    folder
        Where the archives go. They replace the old ones all at once.
    progress
        Told the name of each theme before it is drawn.

    Returns
    -------
    themes
        Names of the archives there now.
    """
    version = version_of(store)
    if version == manifest(folder).get("version"):
        return list(manifest(folder)["themes"])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / "basemap"
        fresh.mkdir()
        themes = [name for name in THEMES if _draw(store, name, fresh, progress)]
        told = {"version": version, "themes": themes, "maxzoom": LARGEST_SCALE}
        (fresh / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
        _swap(fresh, folder, Path(scratch) / "old")
    return themes


def version_of(store: Store) -> str:
    """Return a short hash of everything the basemap is drawn from, rules included."""
    present = set(store.names())
    layers = sorted({theme.layer for theme in THEMES.values()} & present)
    told = [repr(THEMES), *(store.provenance(name).hash for name in layers)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def manifest(folder: Path) -> dict[str, Any]:
    """Return what is known of the basemap in `folder`: version, themes, maxzoom; {} if none."""
    path = folder / MANIFEST
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _draw(store: Store, name: str, folder: Path, progress: Callable[[str], None] | None) -> bool:
    theme = THEMES[name]
    if theme.layer not in store.names():
        return False
    table = store.read(theme.layer)
    chosen = table[shapely.get_dimensions(table.geometry.array) == theme.dimension]
    shaped = chosen if chosen.empty else _shaped(name, chosen)
    if shaped.empty:
        return False
    if progress:
        progress(name)
    _write(to_display(shaped), name, theme, folder / f"{name}.pmtiles")
    return True


def _shaped(name: str, table: GeoDataFrame) -> GeoDataFrame:
    """Keep what is drawn; large areas first, so that a pond in a park lies on the park."""
    columns = [*THEMES[name].columns, table.geometry.name]
    if name == "street_names":
        named = table[table["name"] != ""][columns]
        return named if named.empty else _joined(named)
    if THEMES[name].dimension == 2:
        order = (-table.geometry.area).argsort(kind="stable")
        return table.iloc[order][columns]
    return table[columns]


def _joined(streets: GeoDataFrame) -> GeoDataFrame:
    """Join the pieces of a street that follow each other: a name needs room."""
    ordered = streets.sort_values(["name", "kind"], kind="stable")
    number = ordered.groupby(["name", "kind"], sort=False).ngroup().to_numpy()
    whole = shapely.line_merge(shapely.multilinestrings(ordered.geometry.array, indices=number))
    first = ordered.iloc[np.unique(number, return_index=True)[1]]
    return first.set_geometry(whole).explode(ignore_index=True)


def _write(table: GeoDataFrame, name: str, theme: Theme, path: Path) -> None:
    with warnings.catch_warnings():
        # GDAL warns of tiles it had to simplify; a basemap may be simplified
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_dataframe(
            table,
            path,
            layer=name,
            driver="PMTiles",
            dataset_options={
                "MINZOOM": theme.smallest_scale,
                "MAXZOOM": LARGEST_SCALE,
                "NAME": name,
                "MAX_SIZE": 4_000_000,
                "MAX_FEATURES": 200_000,
            },
        )


def _swap(fresh: Path, folder: Path, old: Path) -> None:
    """Put the new folder in the place of the old one."""
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
