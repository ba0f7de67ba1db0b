"""Real street networks to measure on: Köln as it is, and a big city of joined copies of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame, GeoSeries, points_from_xy

from layers import LAYERS
from layers.network import Network
from layers.sample_town import sample_town

KOELN = Path(__file__).parents[3] / "shared" / "data" / "koeln" / "koeln.gpkg"
GAP, LINKS = 50.0, 40


def streets():
    """Return the ways of Köln where the open data are at hand, else those of the invented town."""
    if not KOELN.exists():
        return sample_town(seed=1)["streets"]
    lines = pyogrio.read_dataframe(KOELN, layer="strassenabschnitte")
    table = GeoDataFrame(geometry=lines.explode(ignore_index=True).geometry, crs=lines.crs)
    return LAYERS["streets"].complete(table)


def tiled(table, across=4, down=4):
    """
    Return copies of a city side by side, joined to one network.

    Real streets within each copy; between neighbours straight links of
    invented streets lead from the junctions nearest to the border to the
    nearest one behind it.
    """
    west, south, east, north = table.total_bounds
    dx, dy = east - west + GAP, north - south + GAP
    ends = np.unique(
        shapely.get_coordinates(shapely.get_point(table.geometry.array, [[0], [-1]])), axis=0
    )
    links = [
        *_links(ends, ends + np.array([dx, 0]), -ends[:, 0]),
        *_links(ends, ends + np.array([0, dy]), -ends[:, 1]),
    ]
    right, up = links[:LINKS], links[LINKS:]
    shapes = []
    for i in range(across):
        for j in range(down):
            here = [
                *table.geometry,
                *(right if i + 1 < across else []),
                *(up if j + 1 < down else []),
            ]
            shapes.append(GeoSeries(here).translate(i * dx, j * dy))
    return LAYERS["streets"].complete(
        GeoDataFrame(geometry=pd.concat(shapes, ignore_index=True).array, crs=table.crs)
    )


def _links(here, there, far):
    chosen = here[np.argsort(far)[:LINKS]]
    nearest = shapely.STRtree(shapely.points(there)).nearest(shapely.points(chosen))
    return [shapely.LineString(pair) for pair in zip(chosen, there[nearest], strict=True)]


def scattered(network: Network, count, seed):
    """Return points up to some 30 m beside junctions, at random."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(network.junctions), count)
    spots = network.junctions[chosen] + rng.normal(0, 30, (count, 2))
    return GeoSeries(points_from_xy(*spots.T), crs=network.crs)
