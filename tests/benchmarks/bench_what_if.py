"""
What-if: one change to the places of a city, judged exactly.

Median processor time. The ways are those of Köln and of sixteen joined copies
of it; people (one cell of 100 m for every junction's square, or for a third of
these), places and districts on them are invented.
"""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from layers import LAYERS
from layers.analyses.coverage import _walks
from layers.network import Network
from layers.question import Question
from layers.scenarios import Change, apply
from layers.what_if import Standing

from . import cities
from .bench_paths import median, told

PLACES, SIDE, DISTRICTS = 400, 100.0, 9


def invented(network, share, seed=1):
    """Return people, places and districts on a real network."""
    rng = np.random.default_rng(seed)
    corners = np.unique(np.floor(network.junctions / SIDE), axis=0) * SIDE
    corners = corners[rng.random(len(corners)) < share]
    people = {
        name: rng.integers(0, most, len(corners)).astype(float)
        for name, most in (("residents", 200), ("under_18", 40), ("aged_75plus", 20))
    }
    west, south, east, north = *network.junctions.min(axis=0), *network.junctions.max(axis=0)
    x, y = (np.linspace(*ends, DISTRICTS + 1) for ends in ((west, east), (south, north)))
    grid = [shapely.box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(9) for j in range(9)]
    squares = shapely.box(*corners.T, *(corners + SIDE).T)
    spots = cities.scattered(network, PLACES, 3).array
    tables = {
        "population": GeoDataFrame(people, geometry=squares, crs=network.crs),
        "meeting_places": GeoDataFrame(
            {"kind": ["library"] * PLACES}, geometry=spots, crs=network.crs
        ),
        "districts": GeoDataFrame(
            {"name": [str(i) for i in range(81)]}, geometry=grid, crs=network.crs
        ),
    }
    return {name: LAYERS[name].complete(table) for name, table in tables.items()}


@pytest.mark.parametrize(
    ("across", "share"),
    [(1, 1.0), (4, 0.33), (4, 1.0)],
    ids=["one city", "sixteen copies", "sixteen copies, a cell at every junction"],
)
def test_one_change(across, share, capsys):
    """Add, close or move one place: what the server computes for a page of the desk."""
    streets = cities.streets()
    network = Network.from_streets(
        streets if across == 1 else cities.tiled(streets, across, across)
    )
    city, question = invented(network, share), Question()
    places = city["meeting_places"]
    rng = np.random.default_rng(4)
    prepared, standing = median(lambda: Standing.of(**city, streets=network, question=question), 1)

    def change(action):
        x, y = network.junctions[rng.integers(len(network.junctions))] + rng.normal(0, 20, 2)
        spot = {} if action == "close" else {"x": float(x), "y": float(y)}
        values = {"values": {"kind": "library"}} if action == "add" else {}
        place = "new-1" if action == "add" else str(rng.integers(PLACES))
        return Change(action, place, **spot, **values)

    rows = []
    for action in ("add", "close", "move"):
        changed = [apply([change(action)], places) for _ in range(32)]
        standing.after(changed[0])
        tables = iter(changed[1:])
        time, _ = median(lambda tables=tables: standing.after(next(tables)), 31)
        rows.append((f"Standing.after, {action} one place: figures and tables", time))
    field = standing._field("as asked", question.who_walks, question.places(places))
    counted = [question.places(table) for table in changed]
    tables = iter(counted)
    core, _ = median(lambda: field.with_places(next(tables)).walks, 31)
    rows.append(("  of it: every home's nearest place", core))
    homes = city["population"].centroid
    full, table = median(
        lambda: _walks(city["population"], homes, network, counted[-1], question), 3
    )
    np.testing.assert_array_equal(
        standing.after(changed[-1]).table["minutes_after"], table["minutes"]
    )
    rows.append(("coverage's walks, everything anew", full))
    applied, _ = median(lambda: apply([change("add")], places), 31)
    rows += [("scenarios.apply", applied), ("Standing.of, once per city and question", prepared)]
    title = f"{len(network.junctions):,} junctions, {len(homes):,} cells, {PLACES} places"
    told(capsys, title, rows)
