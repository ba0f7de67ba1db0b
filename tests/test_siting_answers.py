"""What comes with an answer of siting: promises, progress, reasons and other choices."""

import subprocess
import sys
import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from layers import siting
from layers.errors import Cancelled, InfeasibleError, ParameterError

INF = np.inf
HARD = 1_500, 150, 12


@pytest.fixture(scope="module")
def hard():
    """A question that takes a solver long: reach is scattered at random."""
    n, m, p = HARD
    rng = np.random.default_rng(5)
    costs = np.where(rng.random((n, m)) < 0.05, 1.0, INF)
    return siting.Problem("mclp", costs, rng.integers(1, 90, n).astype(float), p)


@pytest.fixture
def street():
    """Ten homes and five candidates along one street, a place reaching 1.5 homes either way."""
    homes, places = np.arange(10.0), np.array([1.0, 3.0, 5.0, 7.0, 8.0])
    ways = np.abs(homes[:, None] - places)
    return np.where(ways <= 1.5, ways, INF)


def test_the_same_seed_gives_the_same_answer(hard):
    one, other = (siting.quick(hard, seed=3) for _ in range(2))
    assert one.chosen.tolist() == other.chosen.tolist()
    assert (one.value, one.bound) == (other.value, other.bound)


def test_inputs_are_not_changed(street):
    costs, weights = csr_array(np.where(np.isfinite(street), street + 1, 0)), np.ones(10)
    before = costs.copy()
    problem = siting.Problem("p_median", costs, weights, 2, groups=np.arange(10) % 2)
    siting.proof(problem, siting.quick(problem))
    assert (costs != before).nnz == 0
    assert (weights == 1).all()


def test_cancelling_returns_the_best_so_far_within_a_second(hard):
    start = siting.quick(hard)
    raised = []

    def watch(_done, _doing):
        if len(raised) or time.perf_counter() - begun > 0.7:
            raised.append(time.perf_counter())
            raise Cancelled

    begun = time.perf_counter()
    found = siting.proof(hard, start, watch=watch, seconds=60)
    assert time.perf_counter() - raised[0] < 1.5  # a second, and what a busy machine adds
    assert not found.proven
    assert found.value >= start.value
    assert found.value <= found.bound <= start.bound
    assert 0 < found.gap < 1


def test_a_proof_that_runs_out_of_time_is_never_worse_and_tells_its_gap(hard):
    start, told = siting.quick(hard), []
    found = siting.proof(
        hard, start, watch=lambda done, doing: told.append((done, doing)), seconds=1.0
    )
    assert found.value >= start.value
    assert found.bound <= start.bound
    assert found.gap > 0
    shares = [done for done, _ in told]
    assert shares == sorted(shares)
    assert all(0 <= done <= 1 for done in shares)
    assert any("%" in doing for _, doing in told)


def test_a_fault_of_the_watch_is_not_swallowed(hard):
    def watch(_done, _doing):
        raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        siting.proof(hard, siting.quick(hard), watch=watch)


def test_a_floor_that_cannot_be_kept_is_refused_with_the_district_and_its_best(street):
    """District 1 is homes 8 and 9; home 9 is reached from place 4 alone, home 0 from place 0."""
    groups = np.array([0] * 8 + [1] * 2)
    costs = street.copy()
    costs[9] = INF
    problem = siting.Problem("mclp", costs, np.ones(10), 2, groups=groups, floor=[0.0, 0.9])
    with pytest.raises(InfeasibleError) as refused:
        siting.proof(problem, siting.quick(problem))
    assert refused.value.best == {1: 0.5}
    assert "50 %" in str(refused.value)


def test_floors_that_exclude_each_other_are_refused(street):
    groups = np.array([0] * 5 + [1] * 5)
    problem = siting.Problem("mclp", street, np.ones(10), 1, groups=groups, floor=0.4)
    with pytest.raises(InfeasibleError, match="not all of them at once"):
        siting.proof(problem, siting.quick(problem))


def test_too_few_places_for_everybody_is_refused(street):
    problem = siting.Problem("p_center", street, np.ones(10), 2)
    with pytest.raises(InfeasibleError, match="allow more places"):
        siting.proof(problem, siting.quick(problem))


def test_every_fault_of_a_question_is_told_at_once(street):
    with pytest.raises(ParameterError) as told:
        siting.Problem("p_center", street, -np.ones(9), capacity=np.ones(5), fixed=[7])
    assert len(told.value.faults) == 4


def test_a_way_of_zero_is_a_way(street):
    """A stored zero means at the door, not out of reach."""
    costs = csr_array((np.array([0.0, 3.0]), np.array([0, 1]), np.array([0, 1, 2])), shape=(2, 2))
    found = siting.p_median(costs, np.ones(2), 2)
    assert found.value == 0 + 3
    assert found.unserved.size == 0
    assert siting.mclp(street, np.ones(10), 1).value == 3


def test_who_cannot_be_reached_is_reported_and_never_infinite(street):
    costs = street.copy()
    costs[4] = INF
    problem = siting.Problem("p_median", costs, np.ones(10), 1, unreachable=10.0)
    found = siting.quick(problem)
    assert problem.stranded.tolist() == [False] * 4 + [True] + [False] * 5
    assert found.value == 1 + 0 + 1 + 6 * 10
    assert 4 in found.unserved
    assert found.unserved.size == 7


def test_people_can_be_weighed_by_group(street):
    """Old people count three times: their end of the street wins."""
    people = np.column_stack([np.arange(10, 0, -1.0), np.arange(10.0)])
    weights = siting.combined(people, [1.0, 3.0])
    assert siting.mclp(street, weights, 1).chosen.tolist() == [4]
    assert siting.mclp(street, people[:, 0], 1).chosen.tolist() == [0]


def test_gains_say_whom_a_place_reaches_alone(street):
    """Places 3 (homes 6, 7, 8) and 4 (homes 7, 8, 9) share homes 7 and 8."""
    problem = siting.Problem("mclp", street, np.arange(10.0), 2, fixed=[3, 4])
    told = siting.gains(problem, siting.quick(problem))
    assert told.only.ravel().tolist() == [6, 9]
    assert told.served.ravel().tolist() == [6 + 7, 8 + 9]
    assert told.worse.tolist() == [6, 9]


def test_limited_room_is_shared_and_never_overrun(street):
    problem = siting.Problem("mclp", street, np.full(10, 4.0), 2, capacity=np.full(5, 10.0))
    found = siting.proof(problem, siting.quick(problem))
    assert found.value == 20
    assert found.taken.sum(axis=0).max() <= 10 + 1e-9


def test_closing_a_place_is_worth_it_only_if_it_pays(street):
    """Place 3 exists and costs 1 a year; closing it costs 3, so 2 remain for others."""
    asked = {"cost": [2.0, 2, 2, 1, 2], "closing": [0.0, 0, 0, 3, 0]}
    stays = siting.Problem("mclp", street, np.ones(10), budget=3.0, **asked)
    assert siting.proof(stays, siting.quick(stays)).chosen.tolist() in ([0, 3], [1, 3])
    weights = np.array([9.0, 9, 9, 9, 9, 9, 0, 0, 0, 0])
    moves = siting.Problem("mclp", street, weights, budget=7.0, **asked)
    assert siting.proof(moves, siting.quick(moves)).value == 54


def test_alternatives_are_near_and_unlike(hard):
    best = siting.quick(hard)
    found = siting.alternatives(hard, best, 10, within=0.03)
    assert len(found) == 10
    choices = {tuple(one.chosen) for one in [best, *found]}
    assert len(choices) == 11
    assert all(one.value >= 0.97 * best.value for one in found)
    assert all(one.bound == best.bound or one.proven for one in found)


@pytest.mark.parametrize("model", ["lscp", "p_median", "p_center"])
def test_alternatives_answer_the_question_itself(street, model):
    """Without one place others still reach everybody who can be reached."""
    places = {} if model == "lscp" else {"p": 5}
    problem = siting.Problem(model, np.column_stack([street, street]), np.ones(10), **places)
    best = siting.quick(problem)
    found = siting.alternatives(problem, best, 4, within=0.5)
    assert found
    assert all(one.missing == 0 for one in found)
    assert all(one.value >= best.value - 1e-9 for one in found)


def test_the_front_holds_efficient_answers_only(hard):
    groups = np.random.default_rng(1).integers(0, 4, HARD[0])
    points = siting.front(hard.but(groups=groups), [4, 8, 12], steps=3)
    assert {point.places for point in points} == {4, 8, 12}
    for one in points:
        assert one.worst <= one.share <= 1
        assert len(one.solution.chosen) <= one.places
        assert not any(
            other.places <= one.places and other.share > one.share and other.worst > one.worst
            for other in points
        )


def test_more_places_never_reach_fewer(street):
    problems = [siting.Problem("mclp", street, np.arange(10.0), p) for p in (1, 2, 3, 4)]
    values = [siting.proof(of, siting.quick(of)).value for of in problems]
    assert values == sorted(values)
    assert values[0] == 7 + 8 + 9


def test_neither_compiler_nor_solver_is_loaded_at_start():
    """Both take their time: only who asks where to build shall wait for them."""
    asked = (
        "import layers.siting, sys; print([m for m in ('numba', 'highspy') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
