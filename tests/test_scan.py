"""Spatial scan: beside brute force, its p beside all ways there are, and what it must not do."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from layers import scan

MAPS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 6), st.integers(0, 6)),
    min_size=1,
    max_size=10,
    unique_by=lambda unit: unit[:2],
)


def circles(x, y, size, most, farthest=np.inf):
    """All circles, one by one: the units in each."""
    found = set()
    for i in range(len(x)):
        way = np.round(np.hypot(x - x[i], y - y[i]), 6)
        for radius in way[way <= farthest]:
            inside = way <= radius
            if size[i] > 0 and size[inside].sum() <= most * size.sum():
                found.add(tuple(np.flatnonzero(inside & (size > 0))))
    return sorted(found)


def log_likelihood(law, c, n):
    """Log likelihood of a rate that was chosen to fit c among n best."""
    if n == 0:
        return 0.0
    return law.logpmf(c, n, c / n) if law is stats.binom else law.logpmf(c, c)


def bernoulli_by_hand(c, n, cases, total):
    """Kulldorff's likelihood ratio, from binomial probabilities of circle, outside and all."""
    if total == n or c / n <= (cases - c) / (total - n):
        return 0.0
    law = stats.binom
    usual = law.logpmf(c, n, cases / total) + law.logpmf(cases - c, total - n, cases / total)
    apart = law.logpmf(c, n, c / n) + law.logpmf(cases - c, total - n, (cases - c) / (total - n))
    return apart - usual


def poisson_by_hand(c, e, cases):
    """Kulldorff's likelihood ratio, from Poisson probabilities of circle and outside."""
    if c <= e:
        return 0.0
    law = stats.poisson
    usual = law.logpmf(c, e) + law.logpmf(cases - c, cases - e)
    return law.logpmf(c, c) + law.logpmf(cases - c, cases - c) - usual


@settings(deadline=None, max_examples=60)
@given(MAPS, st.sampled_from([0.3, 0.5, 0.8]), st.sampled_from([0, 1, 2.5, np.inf]))
def test_the_first_bernoulli_cluster_is_the_best_of_all_circles(units, most, farthest):
    """Every circle tried one by one with binomial probabilities."""
    x, y, cases, controls = np.array(units, dtype=float).T
    marks = cases + controls
    gains = [
        bernoulli_by_hand(cases[list(c)].sum(), marks[list(c)].sum(), cases.sum(), marks.sum())
        for c in circles(x, y, marks, most, farthest)
    ]
    found = scan.bernoulli(x, y, cases, controls, most=most, farthest=farthest, draws=0)
    best = max(gains, default=0)
    assert (found[0].gain if found else 0) == pytest.approx(best, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(MAPS, st.sampled_from([0.3, 0.5, 0.8]))
def test_the_first_poisson_cluster_is_the_best_of_all_circles(units, most):
    """Every circle tried one by one with Poisson probabilities."""
    x, y, cases, due = np.array(units, dtype=float).T
    due += 0.5
    if not cases.sum():
        assert scan.poisson(x, y, cases, due, draws=0) == []
        return
    share = due / due.sum() * cases.sum()
    gains = [
        poisson_by_hand(cases[list(c)].sum(), share[list(c)].sum(), cases.sum())
        for c in circles(x, y, due, most)
    ]
    found = scan.poisson(x, y, cases, due, most=most, draws=0)
    assert (found[0].gain if found else 0) == pytest.approx(max(gains, default=0), abs=1e-9)


def test_p_is_that_of_all_labellings():
    """
    Six marks on a line, three of them cases: 20 labellings, equally likely.

    Marks stand at 0, 1, 2, 10, 11, 12; the first three are the cases. Only
    the labellings that put all three in one circle of three are as unlikely.
    """
    x = np.array([0.0, 1, 2, 10, 11, 12])
    y = np.zeros(6)

    def best(chosen):
        cases = np.isin(np.arange(6), chosen).astype(int)
        groups = [list(c) for c in circles(x, y, np.ones(6), 0.5)]
        return max(bernoulli_by_hand(cases[g].sum(), len(g), 3, 6) for g in groups)

    every = np.array([best(chosen) for chosen in combinations(range(6), 3)])
    exact = (every >= best((0, 1, 2)) - 1e-9).mean()
    assert exact == 2 / 20
    first = scan.bernoulli(x, y, [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], draws=9999)[0]
    assert first.members.tolist() == [0, 1, 2]
    assert first.p == pytest.approx(exact, abs=4 * np.sqrt(0.1 * 0.9 / 9999))


def test_poisson_p_is_that_of_all_ways_to_deal_out():
    """Two cases among three equal units far apart: 9 ways, in 3 of which both fall on one."""
    found = scan.poisson([0, 10, 50], [0, 0, 0], [2, 0, 0], [1, 1, 1], draws=9999)
    assert found[0].members.tolist() == [0]
    assert found[0].p == pytest.approx(1 / 3, abs=4 * np.sqrt(2 / 9 / 9999))


@pytest.mark.parametrize("model", [scan.bernoulli, scan.poisson])
def test_first_p_is_uniform_or_larger_when_nothing_is_worse(model):
    """Two hundred maps without a worse place: p at most 10 % in about 10 % of them, not more."""
    rng, p = np.random.default_rng(8), []
    x, y = rng.uniform(0, 1000, (2, 25))
    for seed in range(200):
        busy = rng.lognormal(0, 1, 25)
        if model is scan.bernoulli:
            cases, other = rng.multinomial(60, busy / busy.sum(), size=2)
        else:
            cases, other = rng.multinomial(60, busy / busy.sum()), busy
        found = model(x, y, cases, other, draws=99, seed=seed)
        p.append(found[0].p if found else 1.0)
    below = (np.array(p) <= 0.1).sum()
    assert stats.binom.sf(below - 1, 200, 0.1) > 1e-3


def town(seed=5, n=15):
    """A grid of cells with a worse place around its middle."""
    rng = np.random.default_rng(seed)
    x, y = (axis.ravel() * 100.0 for axis in np.meshgrid(np.arange(n), np.arange(n)))
    cases, controls = rng.poisson(2, (2, n * n))
    worse = np.hypot(x - 700, y - 700) <= 200
    return x, y, cases + rng.poisson(6, n * n) * worse, controls, worse


def test_a_worse_place_is_found_where_it_is():
    x, y, cases, controls, worse = town()
    first = scan.bernoulli(x, y, cases, controls)[0]
    assert first.p == 1 / 1000
    assert (np.isin(np.arange(len(x)), first.members) == worse).mean() > 0.97
    assert first.cases == cases[first.members].sum()
    marks = (cases + controls)[first.members].sum()
    assert first.expected == pytest.approx(cases.sum() * marks / (cases + controls).sum())
    assert first.ratio == pytest.approx(
        first.cases / marks / ((cases.sum() - first.cases) / ((cases + controls).sum() - marks))
    )


def test_clusters_do_not_overlap_and_the_least_likely_stands_first():
    x, y, cases, controls, _ = town()
    found = scan.bernoulli(x, y, cases, controls)
    members = np.concatenate([cluster.members for cluster in found])
    assert len(found) > 1
    assert len(np.unique(members)) == len(members)
    assert [c.gain for c in found] == sorted((c.gain for c in found), reverse=True)
    assert [c.p for c in found] == sorted(c.p for c in found)


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly_so():
    x, y, cases, controls, _ = town()
    one, again, other = (
        [c.p for c in scan.bernoulli(x, y, cases, controls, seed=seed)] for seed in (1, 1, 2)
    )
    assert one == again
    assert one == pytest.approx(other, abs=0.1)


def test_the_order_of_units_does_not_matter():
    """The clusters are the same places; only draws may differ."""
    x, y, cases, controls, _ = town()
    order = np.random.default_rng(1).permutation(len(x))
    there = scan.bernoulli(x[order], y[order], cases[order], controls[order], draws=0)[0]
    here = scan.bernoulli(x, y, cases, controls, draws=0)[0]
    assert sorted(order[there.members]) == here.members.tolist()
    assert there.gain == pytest.approx(here.gain)


def test_draws_are_compared_with_the_same_circles():
    """What the compiled kernel finds in a draw is what brute force finds in it."""
    x, y, cases, controls, _ = town(n=6)
    marks = cases + controls + 1
    dealt = np.random.default_rng(2).multivariate_hypergeometric(marks, cases.sum(), size=40)
    laid = [scan._lay(np.column_stack([x, y]), marks.astype(float), np.arange(36), 0.5, np.inf)]
    totals = int(cases.sum()), int(marks.sum())
    peaks = scan._peaks(
        laid,
        totals[0],
        lambda c, n: scan.bernoulli_gain(c, n, *totals),
        lambda rng, count: dealt[:count].astype(np.uint32),  # noqa: ARG005
        32,
        1,
    )
    groups = [list(c) for c in circles(x, y, marks, 0.5)]
    wanted = [
        max(bernoulli_by_hand(draw[g].sum(), marks[g].sum(), *totals) for g in groups)
        for draw in dealt[:32]
    ]
    assert peaks == pytest.approx(wanted)


def test_no_circle_is_larger_than_asked_for():
    x, y, cases, controls, _ = town()
    for cluster in scan.bernoulli(x, y, cases, controls, farthest=150, draws=9):
        assert cluster.radius <= 150
    for cluster in scan.bernoulli(x, y, cases, controls, most=0.05, draws=9):
        assert (cases + controls)[cluster.members].sum() <= 0.05 * (cases + controls).sum()


@pytest.mark.parametrize("units", [0, 1, 3])
def test_without_cases_there_is_no_cluster(units):
    none = np.zeros(units)
    assert scan.bernoulli(none, none, none, none + 1) == []
    assert scan.poisson(none, none, none, none + 1) == []


def test_a_case_where_none_can_be_is_refused():
    with pytest.raises(ValueError, match="wherever there is a case"):
        scan.poisson([0, 1], [0, 0], [1, 1], [0, 5])
