"""
Shortest paths beside networkx and pandana, in one run on one network.

Times are the least of several runs; what counts is the ratio. The network is
that of Köln where the open data are at hand, else the invented town.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from geopandas import GeoDataFrame, GeoSeries, points_from_xy

from layers import LAYERS, paths
from layers.network import Network
from layers.sample_town import sample_town

networkx = pytest.importorskip("networkx")
pandana = pytest.importorskip("pandana")

KOELN = Path(__file__).parents[3] / "shared" / "data" / "koeln" / "koeln.gpkg"
PLACES, HOMES, RUNS, REACH = 200, 20_000, 5, 1200.0


@pytest.fixture(scope="module")
def network():
    if not KOELN.exists():
        return Network.from_streets(sample_town(seed=1)["streets"])
    lines = pyogrio.read_dataframe(KOELN, layer="strassenabschnitte")
    table = GeoDataFrame(geometry=lines.explode(ignore_index=True).geometry, crs=lines.crs)
    return Network.from_streets(LAYERS["streets"].complete(table))


def scattered(network, count, seed):
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(network.junctions), count)
    spots = network.junctions[chosen] + rng.normal(0, 30, (count, 2))
    return GeoSeries(points_from_xy(*spots.T), crs=network.crs)


def least(work, runs=RUNS):
    """Return the least time of several runs [ms] and the last answer."""
    times, answer = [], None
    for _ in range(runs):
        start = time.perf_counter()
        answer = work()
        times.append(1000 * (time.perf_counter() - start))
    return min(times), answer


def told(capsys, title, rows):
    ours = rows[0][1]
    with capsys.disabled():
        print(f"\n{title}")
        for name, milliseconds in rows:
            print(f"  {name:<42}{milliseconds:>10.1f} ms  × {milliseconds / ours:.1f}")


def test_nearest_place_of_every_junction(network, capsys):
    """All three agree on every junction; the table says how long each took."""
    chosen = np.random.default_rng(1).choice(len(network.junctions), PLACES, replace=False)
    ends, zeros = np.column_stack([chosen, chosen]), np.zeros((PLACES, 2))
    ours, found = least(lambda: paths.nearest(network.graph, ends, zeros))

    peer = networkx.Graph()
    for a, b, metres in zip(network.start, network.end, network.metres, strict=True):
        if not peer.has_edge(a, b) or peer[a][b]["weight"] > metres:
            peer.add_edge(int(a), int(b), weight=float(metres))
    sources = set(chosen.tolist())
    theirs, distances = least(
        lambda: networkx.multi_source_dijkstra_path_length(peer, sources), runs=2
    )
    known = np.array(list(distances))
    np.testing.assert_allclose(found.metres[known], list(distances.values()), atol=0.01)

    x, y = network.junctions.T
    edges = pd.DataFrame({"metres": network.metres})
    other = pandana.Network(
        pd.Series(x), pd.Series(y), pd.Series(network.start), pd.Series(network.end), edges
    )
    other.precompute(50_000)
    other.set_pois("places", 50_000, 1, pd.Series(x[chosen]), pd.Series(y[chosen]))
    third, answer = least(lambda: other.nearest_pois(50_000, "places"))
    reached = np.isfinite(found.metres) & (found.metres < 49_000)
    np.testing.assert_allclose(
        answer[1].to_numpy()[reached], found.metres[reached], rtol=1e-3, atol=1
    )
    told(
        capsys,
        f"Nearest of {PLACES} places for {len(network.junctions):,} junctions",
        [
            ("layers.paths.nearest", ours),
            ("pandana, after its set-up", third),
            ("networkx", theirs),
        ],
    )


def test_walks_from_door_to_door(network, capsys):
    """Homes to places, snapped to edges; beside it what snapping to junctions gets wrong."""
    homes, places = scattered(network, HOMES, 2), scattered(network, PLACES, 3)

    def from_scratch():
        network._snapped.clear()
        return network.nearest(homes, places)

    cold, walks = least(from_scratch)
    warm, _ = least(lambda: network.nearest(homes, places))
    reach, _ = least(lambda: network.within_reach(homes, places, REACH), runs=2)
    told(
        capsys,
        f"{HOMES:,} homes, {PLACES} places, door to door",
        [
            ("layers: nearest, snapping included", cold),
            ("layers: nearest, homes known", warm),
            (f"layers: all within {REACH:g} m", reach),
        ],
    )
    x, y = network.junctions.T
    tree = GeoSeries(points_from_xy(x, y), crs=network.crs).sindex
    home, place = (tree.nearest(of.array, return_all=False)[1] for of in (homes, places))
    ends, zeros = np.column_stack([place, place]), np.zeros((PLACES, 2))
    rough = paths.nearest(network.graph, ends, zeros).metres[home]
    both = np.isfinite(rough) & np.isfinite(walks.metres)
    off = np.abs(rough[both] - walks.metres[both])
    with capsys.disabled():
        print(
            f"  snapped to the nearest junction instead, walks are off by {np.median(off):.0f} m in"
            f" the median, by more than 100 m for {100 * np.mean(off > 100):.0f} % of homes"
        )
