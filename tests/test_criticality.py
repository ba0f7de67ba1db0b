"""What one dark way is worth: against walking through the whole city once per way."""

import numpy as np
import pytest
from geopandas import GeoSeries, points_from_xy
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from layers.criticality import Projects, best_together, gains, losses
from layers.network import Network
from layers.pieces import Pieces

from . import towns
from .benchmarks import cities

seeds = st.integers(0, 10_000)
laws = settings(max_examples=20, deadline=None)
LIMIT = 350.0


def prepared(seed, *, parks=False):
    """A random town cut into pieces, with a dark factor on some of its edges."""
    town = towns.random_town(seed)
    streets = Network.from_streets(town["streets"])
    rng = np.random.default_rng(seed)
    places = town["meeting_places"]
    if parks:
        x, y = rng.uniform(0, 500, 2) + np.array([towns.WEST, towns.SOUTH])
        places = towns.places([*places.geometry, box(x, y, x + 130, y + 90)])
    homes = town["population"].centroid
    people = town["population"]["residents"].to_numpy()
    slow = np.where(
        rng.random(len(streets.metres)) < 0.5, rng.uniform(1, 4, len(streets.metres)), 1
    )
    return streets, homes, places.geometry, people, slow


def per_edge(slow):
    """One project per dark edge."""
    edge = np.flatnonzero(slow > 1)
    return Projects.of(np.arange(len(edge)), edge, slow[edge], np.ones(len(edge)), len(edge))


def per_pair(slow):
    """Projects of several edges each, anywhere in the town."""
    edge = np.flatnonzero(slow > 1)
    return Projects.of(np.arange(len(edge)) % 5, edge, slow[edge], np.ones(len(edge)), 5)


def crossed(people, before, after, *, limit=LIMIT):
    """People within the limit before and beyond it after, with room for rounding."""
    return people[(before <= limit + 1e-6) & (after > limit + 1e-6)].sum()


def summed(people, before, after):
    both = np.isfinite(before)
    return (people[both] * np.maximum(after[both] - before[both], 0)).sum()


@laws
@given(seed=seeds, parks=st.booleans())
def test_a_walk_over_pieces_is_the_walk_over_the_network(seed, parks):
    streets, homes, places, _, slow = prepared(seed, parks=parks)
    pieces = Pieces.cut(streets, homes, places)
    felt, real = pieces.walks(pieces.spread(slow))
    np.testing.assert_allclose(felt, streets.slowed(slow).nearest(homes, places).metres, atol=1e-4)
    day = streets.nearest(homes, places).metres
    assert (real >= day - 1e-4)[np.isfinite(day)].all()
    assert (real <= felt + 1e-6)[np.isfinite(day)].all()


@laws
@given(seed=seeds, parks=st.booleans(), projects=st.sampled_from([per_edge, per_pair]))
def test_each_loss_is_what_a_walk_through_the_whole_city_finds(seed, parks, projects):
    streets, homes, places, people, slow = prepared(seed, parks=parks)
    pieces, chosen = Pieces.cut(streets, homes, places), projects(slow)
    found = losses(pieces, people, LIMIT, chosen)
    day = streets.nearest(homes, places).metres
    for number in range(len(chosen)):
        edges = chosen.edge[chosen.first[number] : chosen.first[number + 1]]
        dark = np.ones(len(slow))
        dark[edges] = slow[edges]
        walk = streets.slowed(dark).nearest(homes, places).metres
        assert found.people[number] == crossed(people, day, walk)
        assert found.metres[number] == pytest.approx(summed(people, day, walk), abs=0.1)


@laws
@given(seed=seeds, parks=st.booleans(), projects=st.sampled_from([per_edge, per_pair]))
def test_each_gain_is_what_a_walk_through_the_whole_city_finds(seed, parks, projects):
    streets, homes, places, people, slow = prepared(seed, parks=parks)
    pieces, chosen = Pieces.cut(streets, homes, places), projects(slow)
    found = gains(pieces, people, LIMIT, chosen, slow)
    now = streets.slowed(slow).nearest(homes, places).metres
    for number in range(len(chosen)):
        mended = slow.copy()
        mended[chosen.edge[chosen.first[number] : chosen.first[number + 1]]] = 1
        walk = streets.slowed(mended).nearest(homes, places).metres
        assert found.people[number] == crossed(people, walk, now)
        assert found.metres[number] == pytest.approx(summed(people, walk, now), abs=0.1)


@laws
@given(seed=seeds)
def test_the_best_together_are_as_good_as_they_say(seed):
    """What is promised for the first j ways is what mending just these gives."""
    streets, homes, places, people, slow = prepared(seed)
    pieces, projects = Pieces.cut(streets, homes, places), per_edge(slow)
    chosen, regained = best_together(pieces, people, LIMIT, projects, slow, 4)
    now = streets.slowed(slow).nearest(homes, places).metres
    mended = slow.copy()
    for project, promised in zip(chosen, regained, strict=True):
        mended[projects.edge[projects.first[project]]] = 1
        walk = streets.slowed(mended).nearest(homes, places).metres
        assert promised == crossed(people, walk, now)
    single = gains(pieces, people, LIMIT, projects, slow).people
    assert len(chosen) == 0 or regained[0] == single.max()


def test_two_dark_ways_in_a_row_help_only_together():
    """
    Library at 0 m, a home at 222 m, two dark blocks of 111 m that count twice.

    Within 400 m by day (222 m). Now 444 m. One of them alone leaves 333 m:
    within reach again. With a limit of 300 m one alone is not enough.
    """
    town = towns.main_street()
    streets = Network.from_streets(town["streets"].iloc[:2])
    homes = town["population"].centroid.iloc[[2]]
    pieces = Pieces.cut(streets, homes, town["meeting_places"].geometry)
    slow, people = np.array([2.0, 2.0]), np.array([30.0])
    each = per_edge(slow)
    assert gains(pieces, people, 400, each, slow).people.tolist() == [30, 30]
    assert losses(pieces, people, 400, each).people.tolist() == [0, 0]
    assert gains(pieces, people, 300, each, slow).people.tolist() == [0, 0]
    assert losses(pieces, people, 300, each).people.tolist() == [30, 30]
    assert losses(pieces, people, 300, each).metres == pytest.approx([30 * 111] * 2)
    assert len(best_together(pieces, people, 300, each, slow, 2)[0]) == 0
    both = Projects.of(np.array([0, 0]), np.array([0, 1]), slow, np.ones(2), 1)
    assert gains(pieces, people, 300, both, slow).people.tolist() == [30]


def test_the_progress_is_told_and_a_cancelled_count_stops():
    streets, homes, places, people, slow = prepared(3)
    pieces = Pieces.cut(streets, homes, places)
    told = []
    losses(pieces, people, LIMIT, per_edge(slow), watch=lambda done, _: told.append(done))
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1

    def nobody_waits(done, _):
        if done > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        gains(pieces, people, LIMIT, per_edge(slow), slow, watch=nobody_waits)


def test_nothing_to_mend_costs_nothing():
    streets, homes, places, people, _ = prepared(1)
    pieces = Pieces.cut(streets, homes, places)
    none = per_edge(np.ones(len(streets.metres)))
    assert len(losses(pieces, people, LIMIT, none).people) == 0
    assert len(best_together(pieces, people, LIMIT, none, np.ones(len(streets.metres)), 3)[0]) == 0


@pytest.mark.city
@pytest.mark.skipif(not cities.KOELN.exists(), reason="needs ../shared/data")
def test_on_the_streets_of_a_real_city_each_count_is_exact():
    """Forty of all ways of Köln, dark at random, against one walk through the city each."""
    streets = Network.from_streets(cities.streets())
    rng = np.random.default_rng(5)
    homes, places = (
        GeoSeries(points_from_xy(*streets.junctions[rng.integers(0, len(streets.junctions), n)].T))
        for n in (4000, 150)
    )
    people = rng.uniform(1, 50, len(homes))
    slow = np.where(rng.random(len(streets.metres)) < 0.3, 2.0, 1.0)
    pieces, projects = Pieces.cut(streets, homes, places), per_edge(slow)
    lost = losses(pieces, people, 1000, projects)
    regained = gains(pieces, people, 1000, projects, slow)
    day = streets.nearest(homes, places).metres
    now = streets.slowed(slow).nearest(homes, places).metres
    some = np.r_[np.argsort(-lost.people)[:10], np.argsort(-regained.people)[:10],
                 rng.integers(0, len(projects), 20)]  # fmt: skip
    for number in some:
        edge = projects.edge[projects.first[number]]
        alone, mended = np.ones(len(slow)), slow.copy()
        alone[edge], mended[edge] = slow[edge], 1
        dark = streets.slowed(alone).nearest(homes, places).metres
        lit = streets.slowed(mended).nearest(homes, places).metres
        assert lost.people[number] == pytest.approx(crossed(people, day, dark, limit=1000))
        assert regained.people[number] == pytest.approx(crossed(people, lit, now, limit=1000))
    assert lost.people.max() > 0
    assert regained.people.max() > 0
