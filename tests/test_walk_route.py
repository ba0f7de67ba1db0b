"""The order of stops and the choice among them: as good as trying everything, never too long."""

from itertools import chain, combinations, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import InfeasibleError
from layers import walk_route as routes
from layers.walk_route import choose, shortest, spared


def apart(spots):
    """Return distances between spots as the crow flies; any others would do."""
    spots = np.array(spots, dtype=float)
    return np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))


def length(metres, way):
    """Add up a walk by hand."""
    return sum(metres[a, b] for a, b in pairwise(way))


coordinates = st.tuples(st.integers(0, 1000), st.integers(0, 1000))
few = st.lists(coordinates, min_size=2, max_size=7)
many = st.lists(coordinates, min_size=16, max_size=20)


@given(few, st.booleans())
def test_no_order_of_a_few_stops_is_shorter(spots, loop):
    metres, end = apart(spots), 0 if loop else 1
    stops = [n for n in range(len(spots)) if n not in {0, end}]
    tour = shortest(metres, start=0, end=end, stops=stops)
    tried = min(length(metres, [0, *order, end]) for order in permutations(stops))
    assert tour.metres == pytest.approx(tried)
    assert length(metres, [0, *tour.stops, end]) == pytest.approx(tried)
    assert sorted(tour.stops) == stops
    assert tour.exact


@given(few, st.data())
def test_no_choice_of_a_few_stops_is_worth_more(spots, data):
    metres, stops = apart(spots), list(range(1, len(spots)))
    limit = data.draw(st.integers(0, 4000))
    worth = np.array(data.draw(st.lists(st.integers(0, 5), min_size=len(stops),
                                        max_size=len(stops))), dtype=float)  # fmt: skip
    tour = choose(metres, start=0, end=0, stops=stops, worth=worth, limit=limit,
                  must=np.zeros(len(stops), dtype=bool))  # fmt: skip
    every = chain.from_iterable(combinations(stops, n) for n in range(len(stops) + 1))
    best = max(
        (sum(worth[s - 1] for s in some), -shortest(metres, start=0, end=0, stops=some).metres)
        for some in every
        if shortest(metres, start=0, end=0, stops=some).metres <= limit + 1e-6
    )
    assert sum(worth[s - 1] for s in tour.stops) == best[0]
    assert tour.metres == pytest.approx(-best[1])
    assert tour.metres <= limit + 1e-6


@given(many, st.integers(0, 6000), st.booleans())
def test_a_walk_past_many_stops_is_never_longer_than_allowed(spots, limit, loop):
    metres, end = apart(spots), 0 if loop else 1
    stops = [n for n in range(len(spots)) if n not in {0, end}]
    must = np.zeros(len(stops), dtype=bool)
    given_ = {"start": 0, "end": end, "stops": stops}
    if metres[0, end] > limit:
        with pytest.raises(InfeasibleError):
            choose(metres, **given_, must=must, worth=np.ones(len(stops)), limit=limit)
        return
    tour = choose(metres, **given_, must=must, worth=np.ones(len(stops)), limit=limit)
    assert tour.metres <= limit + 1e-6
    assert length(metres, [0, *tour.stops, end]) == pytest.approx(tour.metres)
    assert len(set(tour.stops)) == len(tour.stops)


@given(many)
def test_turning_parts_around_or_moving_them_never_shortens_what_was_found(spots):
    metres, stops = apart(spots), list(range(1, len(spots)))
    tour = shortest(metres, start=0, end=0, stops=stops)
    assert sorted(tour.stops) == stops
    for a in range(len(stops)):
        for b in range(a + 2, len(stops) + 1):
            turned = [*tour.stops[:a], *reversed(tour.stops[a:b]), *tour.stops[b:]]
            assert length(metres, [0, *turned, 0]) >= tour.metres - 1e-5


@given(st.lists(coordinates, min_size=3, max_size=9, unique=True))
def test_what_many_stops_get_is_close_to_the_best(spots):
    """The rule for many stops, asked about few, where the best is known."""
    metres, stops = apart(spots), list(range(1, len(spots)))
    best = shortest(metres, start=0, end=0, stops=stops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "EXACT", 0)
        found = shortest(metres, start=0, end=0, stops=stops)
    assert not found.exact
    assert best.metres - 1e-6 <= found.metres <= 1.1 * best.metres + 1e-6


def test_stops_that_have_to_be_visited_are_even_if_others_are_worth_more():
    """East lies what must be, west what is worth a lot; there is time for one of them."""
    metres = apart([(0, 0), (100, 0), (-100, 0)])
    tour = choose(metres, start=0, end=0, stops=[1, 2], must=np.array([True, False]),
                  worth=np.array([0.0, 99]), limit=250)  # fmt: skip
    assert tour.stops == (1,)


def test_stops_that_do_not_fit_are_refused_with_the_metres_missing():
    metres = apart([(0, 0), (100, 0)])
    with pytest.raises(InfeasibleError, match="200 m long, 50 m more"):
        choose(metres, start=0, end=0, stops=[1], must=np.array([True]),
               worth=np.zeros(1), limit=150)  # fmt: skip


def test_stops_behind_a_river_are_no_walk():
    metres = np.array([[0, np.inf], [np.inf, 0]])
    with pytest.raises(InfeasibleError, match="no walk"):
        choose(metres, start=0, end=0, stops=[1], must=np.array([True]),
               worth=np.zeros(1), limit=9e9)  # fmt: skip


def test_it_is_told_what_leaving_out_a_stop_would_save():
    metres = apart([(0, 0), (100, 0), (300, 0)])
    assert spared(metres, start=0, end=0, stops=[1, 2]) == {1: 0, 2: 400}


def test_a_round_without_stops_is_no_walk_and_a_way_without_stops_is_the_way():
    metres = apart([(0, 0), (100, 0)])
    assert shortest(metres, start=0, end=0, stops=[]).metres == 0
    assert shortest(metres, start=0, end=1, stops=[]).metres == 100
