"""
Hot spots beside esda and plain numpy: the same statistics, then the time of each.

Processor time of one run each, after one that compiles. Marks are invented,
on square cells; plain numpy scans fewer draws, and its time is told for all.
"""

import time

import numpy as np
import pytest
from scipy import stats

from layers import scan
from layers.exact_tests import hypergeometric
from layers.getis_ord import getis_ord
from layers.grid_towns import footfall
from layers.multiple_tests import benjamini_hochberg
from layers.power import local_excess

from .bench_paths import told

esda = pytest.importorskip("esda")
libpysal = pytest.importorskip("libpysal")

SIDE, DRAWS = 224, 999
"""224 * 224 are 50,176 cells."""
SCANNED, FEW = 45, 10
"""45 * 45 are 2,025 cells."""


def measured(work):
    """Return the processor time of a second run [ms], and its answer."""
    work()
    start = time.process_time()
    answer = work()
    return 1000 * (time.process_time() - start), answer


@pytest.mark.filterwarnings("ignore")  # what esda asks of others
def test_getis_ord(capsys):
    """Gi* of 50,176 cells with eight neighbours each: equal z, then the draws."""
    weights = libpysal.weights.lat2W(SIDE, SIDE, rook=False)
    y = np.random.default_rng(1).poisson(2.0, SIDE * SIDE).astype(float)
    pointers = np.concatenate(
        [[0], np.cumsum([len(weights.neighbors[i]) for i in weights.id_order])]
    )
    neighbours = np.concatenate([weights.neighbors[i] for i in weights.id_order])

    def theirs():
        return esda.G_Local(y, weights, transform="B", permutations=DRAWS, star=True, seed=1)

    esda_ms, other = measured(theirs)
    rows = []
    for draws in (DRAWS, 100 * (DRAWS + 1) - 1):
        ms, found = measured(lambda draws=draws: getis_ord(y, pointers, neighbours, draws=draws))
        rows.append((f"getis_ord, {draws:,} draws", ms))
    np.testing.assert_allclose(found.z, other.Zs, atol=1e-6)
    told(capsys, f"Gi*, {len(y):,} cells", [*rows, (f"esda, {DRAWS:,} permutations", esda_ms)])


def plain(x, y, cases, marks, draws, rng):
    """Scan by plain numpy: every circle of every draw, all its logarithms."""
    way = np.hypot(x[:, None] - x, y[:, None] - y)
    order = np.argsort(way, axis=1, kind="stable")
    size = np.cumsum(marks[order], axis=1)
    way = np.take_along_axis(way, order, axis=1)
    whole = np.ones(way.shape, dtype=bool)
    whole[:, :-1] = way[:, 1:] > way[:, :-1]
    inside = whole & (size <= marks.sum() / 2)
    held = size[inside]
    peaks = []
    for _ in range(draws):
        dealt = rng.multivariate_hypergeometric(marks, cases.sum())
        count = np.cumsum(dealt[order], axis=1)[inside]
        peaks.append(scan.bernoulli_gain(count, held, cases.sum(), marks.sum()).max())
    return np.array(peaks)


def test_scan(capsys):
    """The Bernoulli scan of 2,025 cells; the same circles, one by one in numpy."""
    rng = np.random.default_rng(1)
    x, y = (a.ravel() * 100.0 for a in np.meshgrid(np.arange(SCANNED), np.arange(SCANNED)))
    cases, controls = rng.poisson(1.0, (2, len(x)))
    controls = controls + 1
    ours, _ = measured(lambda: scan.bernoulli(x, y, cases, controls, draws=DRAWS))
    start = time.process_time()
    peaks = plain(x, y, cases, cases + controls, FEW, rng)
    theirs = 1000 * (time.process_time() - start) * DRAWS / FEW
    assert (peaks > 0).all()
    told(
        capsys,
        f"spatial scan, {len(x):,} cells, {DRAWS} draws",
        [("scan.bernoulli", ours), (f"plain numpy, from {FEW} draws", theirs)],
    )


def test_default_test(capsys):
    """Unsafe against at-ease marks in 50,176 cells, corrected; beside scipy's distribution."""
    rng = np.random.default_rng(1)
    share = footfall(rng, 1, side=SIDE)[0]
    cases, controls = rng.multinomial(20_000, share, size=2)
    marks = cases + controls

    def theirs():
        p = stats.hypergeom.sf(cases - 1, marks.sum(), cases.sum(), marks)
        return stats.false_discovery_control(p[marks > 0])

    ours, found = measured(lambda: benjamini_hochberg(hypergeometric(cases, controls)))
    scipy_ms, other = measured(theirs)
    np.testing.assert_allclose(found.adjusted[marks > 0], other, rtol=1e-6)
    told(
        capsys,
        f"exact test and false discovery rate, {len(marks):,} cells, {marks.sum():,} marks",
        [("hypergeometric, benjamini_hochberg", ours), ("scipy.stats", scipy_ms)],
    )


def test_power(capsys):
    """What a page computes before it shows any hot spot."""
    ours, found = measured(lambda: local_excess(200, 70))
    told(capsys, f"power, found {found}", [("local_excess", ours)])
