"""Siting against values that others have published."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from layers import siting

PMED1 = Path(__file__).parents[2] / "shared" / "data" / "methods" / "pmed1.txt"
pytestmark = pytest.mark.skipif(not PMED1.exists(), reason="OR-Library pmed1 is not at hand")


@pytest.fixture(scope="module")
def ways():
    """(100, 100) shortest ways in pmed1; of an edge that is listed twice the last one counts."""
    numbers = np.array(PMED1.read_text(encoding="utf-8").split(), dtype=int)
    n, lines, p = numbers[:3]
    assert (n, p) == (100, 5)
    edges = {}
    for a, b, length in numbers[3:].reshape(-1, 3)[:lines]:
        edges[min(a, b), max(a, b)] = length
    pairs = np.array(list(edges)) - 1
    return shortest_path(csr_array((list(edges.values()), pairs.T), shape=(n, n)), directed=False)


def test_pmed1_has_a_p_median_of_5819(ways):
    """OR-Library, pmed1 (J. E. Beasley 1985): optimum 5819 with five places."""
    problem = siting.Problem("p_median", ways, p=5)
    found = siting.proof(problem, siting.quick(problem))
    assert found.value == 5819
    assert found.proven
    assert ways[:, found.chosen].min(axis=1).sum() == 5819


def test_pmed1_has_a_p_center_of_127(ways):
    """As published for pmed1: nobody is further than 127 from one of five places."""
    problem = siting.Problem("p_center", ways, p=5)
    found = siting.proof(problem, siting.quick(problem))
    assert found.value == 127
    assert found.proven
    assert ways[:, found.chosen].min(axis=1).max() == 127


def test_five_places_cover_pmed1_within_127_and_not_within_126(ways):
    """Full cover and the centre are two sides of one question."""
    for limit, few in ((127, True), (126, False)):
        problem = siting.Problem("lscp", np.where(ways <= limit, ways, np.inf))
        found = siting.proof(problem, siting.quick(problem))
        assert found.proven
        assert (found.value <= 5) is few


def test_order_of_candidates_and_demand_does_not_matter(ways):
    """Whoever joins by position instead of by id would notice here."""
    rng = np.random.default_rng(7)
    weights = rng.integers(1, 50, 100).astype(float)
    rows, columns = rng.permutation(100), rng.permutation(100)
    mixed = siting.Problem("p_median", ways[rows][:, columns], weights[rows], 5)
    plain = siting.Problem("p_median", ways, weights, 5)
    one, other = (siting.proof(of, siting.quick(of)) for of in (mixed, plain))
    assert one.value == other.value
    assert set(columns[one.chosen]) == set(other.chosen)
