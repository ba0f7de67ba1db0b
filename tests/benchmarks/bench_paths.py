"""
Shortest paths beside scipy, pandana and networkx, in one run on the same networks.

Times are medians of processor time, so that whatever else runs on the machine
counts little; what counts is the ratio. The networks are that of Köln and
sixteen joined copies of it, or those of the invented town where the open data
are not at hand.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoSeries, points_from_xy
from scipy.sparse.csgraph import dijkstra

from layers import paths
from layers.network import Network
from tests import paths_by_scipy as twin

from . import cities

networkx = pytest.importorskip("networkx")
pandana = pytest.importorskip("pandana")

PLACES, HOMES, RUNS = 200, 20_000, 7
MANY, REACH, FAR = 2000, 1200.0, 5000.0
SMALL = 50_000
"""Networks with fewer junctions are small enough for networkx."""


@pytest.fixture(scope="module", params=[1, 4], ids=["one city", "sixteen copies joined"])
def network(request):
    streets = cities.streets()
    across = request.param
    return Network.from_streets(streets if across == 1 else cities.tiled(streets, across, across))


def median(work, runs=RUNS):
    """Return the median of the processor time of several runs [ms] and the last answer."""
    times, answer = [], None
    for _ in range(runs):
        start = time.process_time()
        answer = work()
        times.append(1000 * (time.process_time() - start))
    return float(np.median(times)), answer


def told(capsys, title, rows):
    ours = rows[0][1]
    with capsys.disabled():
        print(f"\n{title}")
        for name, milliseconds in rows:
            print(f"  {name:<52}{milliseconds:>10.2f} ms  × {milliseconds / ours:.2f}")


def pandana_of(network):
    x, y = network.junctions.T
    return pandana.Network(
        pd.Series(x),
        pd.Series(y),
        pd.Series(network.start),
        pd.Series(network.end),
        pd.DataFrame({"metres": network.metres}),
    )


def at_junctions(network, count, seed):
    """Return accesses at junctions, the only place where the peers can put them."""
    chosen = np.random.default_rng(seed).choice(len(network.junctions), count, replace=False)
    return chosen, np.column_stack([chosen, chosen]), np.zeros((count, 2))


def test_nearest_place_of_every_junction(network, capsys):
    """All agree on every junction; the table says how long each took."""
    chosen, ends, zeros = at_junctions(network, PLACES, 1)
    graph, n = network.graph, len(network.junctions)
    paths.nearest(graph, ends, zeros)
    ours, found = median(lambda: paths.nearest(graph, ends, zeros))
    whole = twin.with_accesses(graph, ends, zeros)
    theirs, answer = median(
        lambda: dijkstra(
            whole, indices=n + np.arange(PLACES), min_only=True, return_predecessors=True
        )
    )
    np.testing.assert_array_equal(answer[0][:n], found.metres)
    rows = [("layers.paths.nearest", ours), ("scipy dijkstra(min_only)", theirs)]
    other = pandana_of(network)
    other.precompute(FAR)
    x, y = network.junctions.T
    other.set_pois("places", FAR, 1, pd.Series(x[chosen]), pd.Series(y[chosen]))
    third, answer = median(lambda: other.nearest_pois(FAR, "places"), 3)
    near = found.metres < FAR - 10
    np.testing.assert_allclose(answer[1].to_numpy()[near], found.metres[near], rtol=1e-3, atol=1)
    rows.append((f"pandana, up to {FAR:g} m, after its set-up", third))
    if n < SMALL:
        peer = networkx.Graph()
        for a, b, metres in zip(network.start, network.end, network.metres, strict=True):
            if not peer.has_edge(a, b) or peer[a][b]["weight"] > metres:
                peer.add_edge(int(a), int(b), weight=float(metres))
        sources = set(chosen.tolist())
        fourth, distances = median(
            lambda: networkx.multi_source_dijkstra_path_length(peer, sources), 1
        )
        known = np.array(list(distances))
        np.testing.assert_allclose(found.metres[known], list(distances.values()), atol=0.01)
        rows.append(("networkx", fourth))
    told(capsys, f"Nearest of {PLACES} places for {n:,} junctions", rows)


def test_one_place_opened_or_closed(network, capsys):
    """What is mended equals what is searched anew; the table says what that saves."""
    _, ends, zeros = at_junctions(network, PLACES + 1, 2)
    graph, n = network.graph, len(network.junctions)
    old = paths.nearest(graph, ends[:-1], zeros[:-1])
    nobody = np.zeros(PLACES, dtype=bool)
    one = nobody.copy()
    one[7] = True
    none = {"opened_ends": ends[:0], "opened_metres": zeros[:0]}
    new = {"opened_ends": ends[-1:], "opened_metres": zeros[-1:]}
    paths.changed(graph, old, ends[:-1], zeros[:-1], closed=one, **new)
    opened, found = median(
        lambda: paths.changed(graph, old, ends[:-1], zeros[:-1], closed=nobody, **new), 51
    )
    anew, whole = median(lambda: paths.nearest(graph, ends, zeros))
    np.testing.assert_array_equal(found.metres, whole.metres)
    np.testing.assert_array_equal(found.access, whole.access)
    closed, found = median(
        lambda: paths.changed(graph, old, ends[:-1], zeros[:-1], closed=one, **none), 51
    )
    rest = np.flatnonzero(~one)
    np.testing.assert_array_equal(
        found.metres, paths.nearest(graph, ends[rest], zeros[rest]).metres
    )
    told(
        capsys,
        f"One of {PLACES} places changed, {n:,} junctions",
        [
            ("layers.paths.changed: one opened", opened),
            ("layers.paths.changed: one closed", closed),
            ("layers.paths.nearest: everything anew", anew),
        ],
    )


def test_all_junctions_within_reach_of_many_places(network, capsys):
    """Every pair within reach, sparse; scipy computes dense rows and is asked for fewer places."""
    chosen, ends, zeros = at_junctions(network, MANY, 3)
    n = len(network.junctions)
    every = np.column_stack([np.arange(n), np.arange(n)])
    origins = {"origin_ends": every, "origin_metres": np.zeros((n, 2)), "limit": REACH}
    paths.within_reach(network.graph, ends, zeros, **origins)
    ours, found = median(lambda: paths.within_reach(network.graph, ends, zeros, **origins))
    some = MANY // 20
    slow, dense = median(
        lambda: twin.within_reach(network.graph, ends[:some], zeros[:some], **origins), 1
    )
    np.testing.assert_array_equal(found[:, :some].toarray(), dense)
    other = pandana_of(network)
    other.precompute(REACH)
    third, answer = median(lambda: other.nodes_in_range(chosen.tolist(), REACH), 1)
    assert len(answer) == pytest.approx(found.nnz, rel=0.01)
    told(
        capsys,
        f"All junctions within {REACH:g} m of {MANY} places: {found.nnz:,} pairs, {n:,} junctions",
        [
            (f"layers.paths.within_reach, both of {paths.THREADS} threads", ours),
            ("pandana nodes_in_range, after its set-up", third),
            ("scipy dijkstra(limit), reckoned up from a twentieth", slow * MANY / some),
        ],
    )


def test_walks_from_door_to_door(network, capsys):
    """Homes to places, snapped to edges; beside it what snapping to junctions gets wrong."""
    homes = cities.scattered(network, HOMES, 2)
    places = cities.scattered(network, PLACES, 3)

    def from_scratch():
        network._snapped.clear()
        return network.nearest(homes, places)

    cold, walks = median(from_scratch, 3)
    warm, _ = median(lambda: network.nearest(homes, places))
    reach, _ = median(lambda: network.within_reach(homes, places, REACH), 3)
    told(
        capsys,
        f"{HOMES:,} homes, {PLACES} places, door to door",
        [
            ("layers: nearest, homes known", warm),
            ("layers: nearest, snapping included", cold),
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


def test_how_long_the_first_walk_waits(tmp_path, capsys):
    """Loading numba and compiling: once per machine, then from the folder that keeps them."""
    code = (
        "import time; from layers import paths; from geo_app.kernels import _walk;"
        "start = time.process_time(); _walk(); print(time.process_time() - start)"
    )
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", code],
                env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
                cwd=Path(__file__).parents[2],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(2)
    ]
    with capsys.disabled():
        print(
            f"\nKernels ready: compiled for the first time {times[0]:.1f} s,"
            f" kept on disk {times[1]:.2f} s, of which most is loading numba"
        )
