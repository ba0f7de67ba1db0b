"""
Supply beside pysal's access, and how sure it is: Köln as it is, people and places on it invented.

Both share out the same places over the same walks; the numbers are compared
before anything is timed. Times depend on the machine, ratios less so.
"""

import numpy as np
import pandas as pd
import pytest
from access import Access, weights

from layers.network import Network
from layers.question import Question
from layers.supply import by_zones, floating_catchment
from layers.sureness import situation_of
from layers.uncertainty import CAUSES, sureness

from . import cities
from .bench_paths import median, told
from .bench_what_if import invented

LIMITS, ZONES = (5.0, 10.0, 15.0), (1.0, 0.68, 0.22)
DRAWS = 1000


def prepared():
    """Return city, network, and the walks from cells to places [min]."""
    network = Network.from_streets(cities.streets())
    city, question = invented(network, 1.0), Question()
    homes, places = city["population"].centroid, city["meeting_places"].geometry
    minutes = network.within_reach(homes, places, question.metres).copy()
    minutes.data = np.minimum(question.who_walks.minutes(minutes.data), LIMITS[-1])
    return city, network, question, minutes


def theirs(minutes, people, seats):
    """Return a function that computes E2SFCA by access, its tables made ready beforehand."""
    pairs = minutes.tocoo()
    costs = pd.DataFrame({"origin": pairs.row, "dest": pairs.col, "cost": pairs.data})
    demand = pd.DataFrame({"id": range(len(people)), "people": people})
    supply = pd.DataFrame({"id": range(len(seats)), "seats": seats})
    found = Access(
        demand_df=demand, demand_index="id", demand_value="people",
        supply_df=supply, supply_index="id", supply_value="seats",
        cost_df=costs, cost_origin="origin", cost_dest="dest", cost_name="cost",
    )  # fmt: skip
    step = weights.step_fn(dict(zip(LIMITS, ZONES, strict=True)))

    def run():
        return found.enhanced_two_stage_fca(name="e2sfca", weight_fn=step)["e2sfca_seats"]

    return run


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what access asks of pandas
def test_enhanced_two_step_floating_catchment(capsys):
    """E2SFCA over walks already known: the same numbers, then the time of each."""
    city, _, _, minutes = prepared()
    people = city["population"]["residents"].to_numpy()
    seats = np.random.default_rng(2).integers(10, 200, minutes.shape[1]).astype(float)

    def ours():
        return floating_catchment(by_zones(minutes, LIMITS, ZONES), people, seats)

    access = theirs(minutes, people, seats)
    np.testing.assert_allclose(
        ours().access, access().reindex(range(len(people))).fillna(0.0), rtol=1e-9, atol=1e-12
    )
    assert ours().conserved
    fast, _ = median(ours, 31)
    slow, _ = median(access, 5)
    told(
        capsys,
        f"{minutes.shape[0]:,} cells, {minutes.shape[1]} places, {minutes.nnz:,} walks"
        f" (access / ours: {slow / fast:.0f})",
        [("layers.supply, E2SFCA", fast), ("access, E2SFCA", slow)],
    )


def test_a_thousand_draws(capsys):
    """The interval of the share reached: a thousand cases, and a hundred for each cause."""
    city, network, question, _ = prepared()
    population, places = city["population"], city["meeting_places"]
    situation = situation_of(
        population, population.centroid, network, places, question, ["residents"]
    )
    once, found = median(lambda: sureness(situation, draws=DRAWS), 5)
    assert found.low[0] < found.high[0]
    assert set(found.causes) == set(CAUSES)
    told(
        capsys,
        f"{len(population):,} cells, {situation.reach.nnz:,} walks,"
        f" {found.low[0]:.1f} to {found.high[0]:.1f} %",
        [(f"sureness, {DRAWS:,} draws", once)],
    )
