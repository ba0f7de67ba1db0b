"""Siting against brute force: on small towns every model must find and prove the best."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import siting
from layers.errors import InfeasibleError
from layers.siting.bounding import bound
from layers.siting.finding import tolerance
from layers.siting.judging import judge
from layers.siting.reducing import reduced

SLOW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MODELS = ("lscp", "mclp", "p_median", "p_center", "backup")


@st.composite
def towns(draw, model=None, *, capacities=False, floors=False):
    """A question on a small town, with any of the options that its model takes."""
    model = model or draw(st.sampled_from(MODELS))
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    cost = st.one_of(st.just(np.inf), st.integers(0, 6).map(float))
    costs = np.array(draw(st.lists(cost, min_size=n * m, max_size=n * m))).reshape(n, m)
    many = {"min_size": n, "max_size": n}
    weights = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, 5.0, 2.5]), **many)))
    asked = {}
    marks = draw(st.lists(st.sampled_from("..-.k"), min_size=m, max_size=m))
    asked["fixed"] = [j for j, mark in enumerate(marks) if mark == "k"]
    asked["excluded"] = [j for j, mark in enumerate(marks) if mark == "-"]
    prices = draw(st.one_of(st.none(), st.lists(st.integers(0, 4), min_size=m, max_size=m)))
    if model == "lscp":
        asked["cost"] = prices
    elif prices is None:
        asked["p"] = max(1, len(asked["fixed"])) + draw(st.integers(0, 2))
    else:
        asked["cost"] = prices
        asked["closing"] = draw(
            st.one_of(st.none(), st.lists(st.integers(0, 2), min_size=m, max_size=m))
        )
        asked["budget"] = float(draw(st.integers(0, 9)))
    if capacities or floors:
        people = st.one_of(st.none(), st.lists(st.sampled_from([0.0, 1.0, 3.0]), **many))
        drawn = draw(people)
        least = 1.0 * (weights > 0) if capacities else 0.0
        asked["people"] = None if drawn is None else np.maximum(drawn, least)
    if capacities:
        asked["capacity"] = draw(st.lists(st.integers(0, 8), min_size=m, max_size=m))
    if floors:
        asked["groups"] = draw(st.lists(st.integers(-1, 2), **many))
        asked["floor"] = draw(st.sampled_from([0.25, 0.5, 0.8]))
    if model == "backup":
        asked["second"] = draw(st.sampled_from([0.0, 0.5, 1.0]))
    asked = {name: value for name, value in asked.items() if value is not None}
    return siting.Problem(model, costs, weights, **asked)


def choices(problem):
    """Every choice that may be made."""
    m = problem.costs.shape[1]
    open_ones = [j for j in range(m) if j not in problem.fixed and j not in problem.excluded]
    for size in range(len(open_ones) + 1):
        for some in itertools.combinations(open_ones, size):
            chosen = np.sort(np.array([*problem.fixed, *some], dtype=np.intp))
            if problem.net_cost[chosen].sum() <= problem.limit + 1e-9:
                yield chosen


def dense(problem):
    """Write the costs out, inf where none is stored."""
    table = np.full(problem.costs.shape, np.inf)
    for i in range(len(table)):
        for q in range(problem.costs.indptr[i], problem.costs.indptr[i + 1]):
            table[i, problem.costs.indices[q]] = problem.costs.data[q]
    return table


def plainly_judged(problem, chosen):
    """Value and what is missing, written down from the definitions; without capacities."""
    table = dense(problem)
    mine = np.sort(table[:, chosen], axis=1)
    nearest = mine[:, 0] if len(chosen) else np.full(len(table), np.inf)
    second = mine[:, 1] if len(chosen) > 1 else np.full(len(table), np.inf)
    usable = np.delete(table, problem.excluded, axis=1)
    could = np.isfinite(usable).any(axis=1)
    reached = np.isfinite(nearest)
    asked_for = could & (problem.weights > 0)
    out = np.delete(np.arange(table.shape[1]), chosen)
    closing = 0.0 if problem.closing is None else problem.closing[out].sum()
    value = {
        "lscp": problem.cost[chosen].sum() + closing,
        "mclp": problem.weights[reached].sum(),
        "backup": problem.weights[reached].sum()
        + problem.second * problem.weights[np.isfinite(second)].sum(),
        "p_median": sum(problem.weights[could] * np.minimum(nearest[could], problem.penalty)),
        "p_center": nearest[asked_for].max(initial=0.0),
    }[problem.model]
    missing = 0.0
    if problem.model in {"lscp", "p_center"}:
        missing += (asked_for & ~reached).sum()
    for d, floor in enumerate(problem.floors):
        inside = problem.districts == d
        lacking = floor * problem.people[inside].sum() - problem.people[inside & reached].sum()
        missing += max(0.0, lacking)
    return float(value), float(missing)


def best_by_hand(problem, judged):
    """Best value of all choices that keep what is asked; None if there are none."""
    values = [judged(problem, chosen) for chosen in choices(problem)]
    kept = [value for value, missing in values if missing <= tolerance(problem)]
    if not kept:
        return None
    return max(kept) if problem.most else min(kept)


def by_judge(problem, chosen):
    judged = judge(problem, chosen)
    return judged.value, judged.missing


def holds(problem, best):
    """The quick answer is bounded rightly, and the proof finds the best."""
    try:
        start = siting.quick(problem)
        found = siting.proof(problem, start)
    except InfeasibleError:
        assert best is None
        return
    if best is None:
        assert found.missing > 0
        return
    sign = 1 if problem.most else -1
    assert sign * start.bound >= sign * best - 1e-6
    if start.missing == 0:
        assert sign * start.value <= sign * best + 1e-6
    assert found.proven
    assert found.gap == 0
    assert found.value == pytest.approx(best, abs=1e-6)
    assert set(problem.fixed) <= set(found.chosen)
    assert not set(problem.excluded) & set(found.chosen)
    assert problem.net_cost[found.chosen].sum() <= problem.limit + 1e-6
    assert (found.shares >= np.append(problem.floors, [0.0] * 9)[: len(found.shares)] - 1e-9).all()


@pytest.mark.parametrize("model", MODELS)
def test_the_proof_is_what_trying_everything_finds(model):
    @SLOW
    @given(towns(model))
    def check(problem):
        holds(problem, best_by_hand(problem, plainly_judged))

    check()


@pytest.mark.parametrize("model", ["mclp", "p_median", "backup"])
def test_floors_are_kept_or_refused_with_reason(model):
    @SLOW
    @given(towns(model, floors=True))
    def check(problem):
        holds(problem, best_by_hand(problem, plainly_judged))

    check()


@pytest.mark.parametrize("model", ["lscp", "mclp", "p_median"])
def test_places_with_limited_room_are_chosen_as_well_as_can_be(model):
    """The judge shares people out by a linear program; its own law is tested below."""

    @SLOW
    @given(towns(model, capacities=True))
    def check(problem):
        holds(problem, best_by_hand(problem, by_judge))

    check()


@SLOW
@given(towns("mclp", capacities=True, floors=True))
def test_floors_and_limited_room_together(problem):
    holds(problem, best_by_hand(problem, by_judge))


@SLOW
@given(towns())
def test_the_judge_agrees_with_the_definitions(problem):
    for chosen in choices(problem):
        value, missing = plainly_judged(problem, chosen)
        judged = judge(problem, chosen)
        if missing == 0:
            assert judged.value == pytest.approx(value)
        assert judged.missing == pytest.approx(missing)


@SLOW
@given(towns(floors=False))
def test_a_bound_holds_after_any_number_of_steps(problem):
    if problem.model == "p_center":
        return
    best = best_by_hand(problem, plainly_judged)
    if best is None:
        return
    core = reduced(problem)
    for steps in (1, 2, 7, 60):
        limit = bound(core, best, steps=steps).value
        assert (limit >= best - 1e-6) if problem.most else (limit <= best + 1e-6)


@SLOW
@given(towns(floors=False), st.integers(0, 3))
def test_merging_demand_never_changes_the_best(problem, times):
    """Everybody twice as often, or in several pieces: the same choice, the same value."""
    if problem.model == "p_center":
        return
    again = np.repeat(np.arange(problem.costs.shape[0]), times + 1)
    split = problem.but(costs=problem.costs[again], weights=problem.weights[again] / (times + 1))
    before, after = (best_by_hand(of, plainly_judged) for of in (problem, split))
    if before is not None:
        assert after == pytest.approx(before)
        assert len(reduced(split).w) <= len(reduced(problem).w)
        assert siting.proof(split, siting.quick(split)).value == pytest.approx(before)
