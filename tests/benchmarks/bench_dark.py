"""
What every dark way is worth, beside walking through the whole city once per way.

Both are exact and agree (tests/test_criticality.py); what counts is the ratio.
Every second way of the network is dark at random from a seed, because open
data hardly say which ways of a whole city are lit.
"""

import time

import numpy as np
import pytest
from geopandas import GeoSeries, points_from_xy

from layers.criticality import Projects, best_together, gains, losses
from layers.network import Network
from layers.pieces import Pieces

from . import cities

HOMES, PLACES, LIMIT, SHARE = 20_000, 200, 1000.0, 0.5


@pytest.mark.parametrize("across", [1, 4], ids=["one city", "sixteen copies joined"])
def test_every_dark_way_alone(across, capsys):
    streets = cities.streets()
    network = Network.from_streets(streets if across == 1 else cities.tiled(streets))
    rng = np.random.default_rng(1)
    homes, places = (
        GeoSeries(points_from_xy(*network.junctions[rng.integers(0, len(network.junctions), n)].T))
        for n in (HOMES * across**2, PLACES * across**2)
    )
    people = rng.uniform(1, 50, len(homes))
    slow = np.where(rng.random(len(network.metres)) < SHARE, 2.0, 1.0)
    dark = np.flatnonzero(slow > 1)
    pieces = Pieces.cut(network, homes, places)
    each = Projects.of(np.arange(len(dark)), dark, slow[dark], np.ones(len(dark)), len(dark))

    def measured(work):
        work()
        start = time.process_time()
        work()
        return time.process_time() - start

    whole = measured(lambda: network.slowed(slow).nearest(homes, places))
    rows = {
        "loss of each": measured(lambda: losses(pieces, people, LIMIT, each)),
        "gain of each": measured(lambda: gains(pieces, people, LIMIT, each, slow)),
        "best five together": measured(lambda: best_together(pieces, people, LIMIT, each, slow, 5)),
    }
    with capsys.disabled():
        print(f"\n{len(dark):,} dark ways of {len(network.metres):,}; one walk through all homes")
        print(f"  {'one walk, and so often as there are ways':<44}{whole:>8.2f} s"
              f" {whole * len(dark):>12.0f} s")  # fmt: skip
        for name, seconds in rows.items():
            print(f"  {name:<44}{seconds:>8.2f} s × {whole * len(dark) / seconds:,.0f} faster")
