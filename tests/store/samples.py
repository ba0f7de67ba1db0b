"""A layer of one column of every kind, and tables of it."""

from datetime import UTC, datetime

import geopandas
import numpy as np
import pandas as pd
import shapely
from pandas.testing import assert_frame_equal
from shapely import Point

from geo_app.origin import Import, Origin
from layers import Column, Layer, Text
from layers.schema import AREAS, LINES, POINTS

UTM32 = "EPSG:25832"
OWN_CRS = (
    "+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=2500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
)
"""UTM 32 as some cities keep it: with the zone, 2, in front of the easting; no EPSG code."""

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
CORNER = (400_000.0, 5_400_000.0)

SAMPLER = Layer(
    name="sampler",
    title=Text("One column of every kind"),
    absent=Text("Not in these data: anything real."),
    geometry=POINTS | LINES | AREAS,
    columns=(
        Column("words", str, Text("words")),
        Column("count", int, Text("a count")),
        Column("share", float, Text("a share")),
        Column("known", bool, Text("whether it is known")),
    ),
    may_lack_geometry=True,
)
"""A layer that the program does not have: no migration knows of it."""


def sampler(geometry, crs=UTM32, **columns):
    """Return a table of the invented layer; ids are r0, r1 …, cells as unknown as can be."""
    ids = [f"r{n}" for n in range(len(geometry))]
    table = geopandas.GeoDataFrame(columns, geometry=list(geometry), index=ids, crs=crs)
    return SAMPLER.complete(table)


def points(*places):
    """Points some metres east and north of the corner of the town."""
    return [Point(CORNER[0] + east, CORNER[1] + north) for east, north in places]


def imported(table, layer=SAMPLER, **origin):
    """Return an import of a table from an invented file."""
    return Import(layer, table, Origin(**{"file": "invented.csv"} | origin))


def assert_same(read, written):
    """Same rows, order, ids, cells to the last bit, dtypes, geometry to the last bit, CRS."""
    assert_frame_equal(
        pd.DataFrame(read.drop(columns="geometry")),
        pd.DataFrame(written.drop(columns="geometry")),
        check_exact=True,
    )
    theirs, ours = (np.asarray(t.geometry.array, dtype=object) for t in (read, written))
    assert [shapely.to_wkb(g) for g in theirs] == [shapely.to_wkb(g) for g in ours]
    assert read.crs == written.crs
