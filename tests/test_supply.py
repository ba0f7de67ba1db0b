"""Supply against demand on towns that can be counted by hand, and the law of conservation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.supply import (
    balanced_catchment,
    by_decay,
    by_zones,
    floating_catchment,
    opportunities,
    same_within,
)

ZONES = (10.0, 20.0, 30.0)
WEIGHTS = (1.0, 0.68, 0.22)

# Two places and three cells; minutes on foot, 0 is out of reach:
#            A (60 seats)   B (30 seats)
#   cell 0        5               .         10 people
#   cell 1       15               5         20 people
#   cell 2        .              25         30 people
REACH = csr_array(np.array([[5.0, 0], [15, 5], [0, 25]]))
PEOPLE, SEATS = np.array([10.0, 20, 30]), np.array([60.0, 30])


@st.composite
def towns(draw):
    """Return a random sparse town: reach, people, capacities."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, k = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    minutes = rng.uniform(1, 40, (n, k)) * (rng.random((n, k)) < 0.5)
    people = np.where(rng.random(n) < 0.2, 0.0, rng.integers(1, 100, n))
    return csr_array(minutes), people, rng.uniform(0, 50, k)


def test_2sfca_by_pencil():
    """A serves 30 people (2 seats each), B serves 50 (0.6 seats each)."""
    supply = floating_catchment(same_within(REACH), PEOPLE, SEATS)
    assert supply.demand == pytest.approx([30, 50])
    assert supply.access == pytest.approx([2.0, 2.6, 0.6])


def test_e2sfca_by_pencil():
    """A: 60 / (10 + .68·20) = 2.5424; B: 30 / (20 + .22·30) = 1.1278."""
    supply = floating_catchment(by_zones(REACH, ZONES, WEIGHTS), PEOPLE, SEATS)
    a, b = 60 / 23.6, 30 / 26.6
    assert supply.access == pytest.approx([a, 0.68 * a + b, 0.22 * b])


def test_balanced_catchment_counts_nobody_twice():
    """Cell 1 stands half in each queue: A serves 20, B serves 40 people."""
    supply = balanced_catchment(same_within(REACH), PEOPLE, SEATS)
    assert supply.demand == pytest.approx([20, 40])
    assert supply.access == pytest.approx([3.0, 0.5 * 3 + 0.5 * 0.75, 0.75])


def test_zones_include_their_upper_end():
    """Exactly ten minutes still counts fully; beyond the last zone nothing counts."""
    weights = by_zones(csr_array(np.array([[10.0, 10.1, 30, 30.1]])), ZONES, WEIGHTS)
    assert weights.toarray().ravel() == pytest.approx([1, 0.68, 0.22, 0])


def test_opportunities_are_shared_with_nobody():
    """Everybody near has all seats; with decay a walk of one half-length counts half."""
    assert opportunities(same_within(REACH), SEATS) == pytest.approx([60, 90, 30])
    assert opportunities(by_decay(REACH, 5.0), SEATS)[0] == pytest.approx(30)


@pytest.mark.parametrize("share", [floating_catchment, balanced_catchment])
@given(town=towns())
def test_all_that_is_offered_is_handed_out(share, town):
    """People × access adds up to the capacity of all places that somebody reaches."""
    reach, people, seats = town
    for weights in (same_within(reach), by_zones(reach, ZONES, WEIGHTS), by_decay(reach, 7.0)):
        supply = share(weights, people, seats)
        reached = (weights.toarray() * people[:, None]).sum(axis=0) > 0
        assert supply.offered == pytest.approx(seats[reached].sum())
        assert supply.handed_out == pytest.approx(supply.offered)
        assert supply.conserved


@given(towns())
def test_balanced_demand_is_everybody_who_reaches_a_place(town):
    """No inflation: the queues together hold each person once."""
    reach, people, seats = town
    supply = balanced_catchment(same_within(reach), people, seats)
    near = np.diff(reach.indptr) > 0
    assert supply.demand.sum() == pytest.approx(people[near].sum())


@given(towns(), st.floats(0.1, 10))
def test_scaling_all_capacity_scales_all_access(town, factor):
    """Twice the seats is twice the access, everywhere."""
    reach, people, seats = town
    plain = floating_catchment(same_within(reach), people, seats)
    scaled = floating_catchment(same_within(reach), people, seats * factor)
    assert scaled.access == pytest.approx(plain.access * factor)


@given(towns())
def test_another_place_takes_from_nobody(town):
    """A further place only adds to what falls to each cell under 2SFCA."""
    reach, people, seats = town
    without = seats.copy()
    without[-1] = 0.0
    fewer = floating_catchment(same_within(reach), people, without).access
    more = floating_catchment(same_within(reach), people, seats).access
    assert (more >= fewer - 1e-12).all()


def test_inputs_stay_as_they_are():
    """Nothing that was given is changed, and unknown people count as nobody."""
    people = np.array([10.0, np.nan, 30])
    data = REACH.data.copy()
    supply = floating_catchment(by_decay(REACH, 3.0), people, SEATS)
    assert np.isfinite(supply.access).all()
    assert np.isnan(people[1])
    assert (REACH.data == data).all()
