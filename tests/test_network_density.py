"""Density along streets: counted by pencil, against the ordinary kernel, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from layers.network_density import density


@dataclass(frozen=True)
class Streets:
    """Edges between numbered junctions."""

    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray


def streets(*edges):
    """Make streets of (from, to, metres)."""
    start, end, metres = zip(*edges, strict=True)
    return Streets(np.array(start), np.array(end), np.array(metres, dtype=float))


def quartic(way, bandwidth):
    """Ordinary quartic kernel in one dimension, written out."""
    t = way / bandwidth
    return 15 / 16 * (1 - t * t) ** 2 / bandwidth if abs(t) < 1 else 0.0


NETWORKS = st.integers(2, 7).flatmap(
    lambda n: st.lists(
        st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0, 150) | st.just(0.0)),
        min_size=1,
        max_size=12,
    )
)


def test_a_junction_shares_equally():
    """
    An event 50 m before a junction of four ways, bandwidth 100 m.

        0 --- 100 m, event in its middle --- 1 with ways of 100 m to 2, 3 and 4

    Of each side, half of the event, 1/2 * (15 - 10/4 + 3/16) / 16 = 203/512 lies within
    50 m. The other 53/512 are shared by three ways; at the dead end they turn back.
    """
    cross = streets((0, 1, 100), (1, 2, 100), (3, 1, 100), (1, 4, 100))
    mass = density(cross, [0], [50.0], bandwidth=100) * cross.metres
    # the part that turned back lies on the event's own edge again
    assert mass == pytest.approx(np.array([2 * 203 + 53, 53 / 3, 53 / 3, 53 / 3]) / 512)


def test_on_a_single_line_it_is_the_ordinary_kernel():
    """Ten edges of 40 m in a row: each holds the integral of the kernel over it."""
    line = streets(*[(i, i + 1, 40) for i in range(10)])
    found = density(line, [4, 5], [13.0, 30.0], bandwidth=90)
    for i, mean in enumerate(found):
        wanted = sum(
            quad(lambda x, at=at: quartic(x - at, 90), 40 * i, 40 * i + 40, points=[at])[0]
            for at in (173.0, 230.0)
        )
        assert mean * 40 == pytest.approx(wanted, abs=1e-7)


def test_a_ring_adds_up_what_comes_round():
    """On a ring shorter than the bandwidth an event passes itself; it is still one event."""
    ring = streets((0, 1, 30), (1, 2, 30), (2, 0, 30))
    mass = density(ring, [0], [15.0], bandwidth=100) * 30
    assert mass.sum() == pytest.approx(1)
    assert mass[1] == pytest.approx(mass[2])
    # unrolled, edge 1 holds what lies 15 to 45 m one way and, the other way, 45 to 75 m,
    # and all that a full round of 90 m later
    parts = [(15, 45), (45, 75)]
    wanted = sum(quad(quartic, a, b, args=(100,))[0] for a, b in parts)
    assert mass[1] == pytest.approx(wanted)


@settings(deadline=None)
@given(NETWORKS, st.floats(1, 400), st.lists(st.floats(0, 1), min_size=0, max_size=5))
def test_no_event_is_lost_and_none_is_made(edges, bandwidth, shares):
    """Density times length adds up to the number of events, whatever the network."""
    net = streets(*edges)
    edge = np.arange(len(shares)) % len(edges)
    found = density(net, edge, shares * net.metres[edge], bandwidth=bandwidth)
    assert (found >= 0).all()
    assert found @ np.maximum(net.metres, 0.1) == pytest.approx(len(shares))


@settings(deadline=None)
@given(NETWORKS, st.floats(1, 300), st.floats(0, 1))
@example([(0, 1, 0.0), (0, 0, 0.0)], 1.0, 0.0)
def test_the_direction_in_which_an_edge_is_drawn_does_not_matter(edges, bandwidth, share):
    net = streets(*edges)
    turned = Streets(net.end, net.start, net.metres)
    one = density(net, [0], [share * net.metres[0]], bandwidth=bandwidth)
    other = density(turned, [0], [(1 - share) * net.metres[0]], bandwidth=bandwidth)
    np.testing.assert_allclose(one, other, atol=1e-4 / np.maximum(net.metres, 0.1).min())


def test_the_other_bank_of_a_river_gets_nothing():
    """Two streets 5 m apart in the plane that do not join: an event stays on its own."""
    banks = streets((0, 1, 200), (2, 3, 200))
    assert density(banks, [0], [100.0], bandwidth=80)[1] == 0


def test_no_event_no_density():
    assert density(streets((0, 1, 10)), [], [], bandwidth=50).tolist() == [0]


def test_a_bandwidth_is_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        density(streets((0, 1, 10)), [0], [5.0], bandwidth=0)
