"""
Musterstadt: an invented German town of 30,000, built from a seed.

A river with three bridges, a railway with two underpasses, an old centre, an
estate on the edge and a village that joined late: enough of everything a
planner meets, and nobody who really lives there.
"""

import numpy as np
from geopandas import GeoDataFrame

from ..schema import Layer
from ..sources.areas import LAYER as AREAS
from ..sources.buildings import LAYER as BUILDINGS
from ..sources.counselling_services import LAYER as COUNSELLING_SERVICES
from ..sources.districts import LAYER as DISTRICTS
from ..sources.meeting_places import LAYER as MEETING_PLACES
from ..sources.population import LAYER as POPULATION
from ..sources.street_lamps import LAYER as STREET_LAMPS
from ..sources.streets import LAYER as STREETS
from . import land, people, services
from .buildings import Buildings
from .layout import Layout
from .siting import Ground, Siting
from .streets import Streets
from .terrain import Terrain

__all__ = ["NAME", "sample_town"]

NAME = "Musterstadt"


def sample_town(*, seed: int = 1) -> dict[str, GeoDataFrame]:
    """
    Build the invented town.

    Parameters
    ----------
    seed
        The same seed gives the same town, another seed another one of the same character.

    Returns
    -------
    tables
        Name of a source layer → its table in EPSG:25832, complete and checked.
    """
    layout = Layout(Terrain.drawn(np.random.default_rng([seed, 0])), seed)
    ways = Streets(layout, seed)
    ground = Ground(layout, ways, seed)
    siting = Siting(ground, Buildings(layout, ways, ground.reserved, seed), seed)
    street_table = ways.layer()
    tables = (
        (STREETS, street_table),
        (STREET_LAMPS, land.lamps(street_table, seed=seed)),
        (BUILDINGS, siting.buildings_layer()),
        (POPULATION, people.cells(people.residents(siting.houses, seed=seed), seed=seed)),
        (DISTRICTS, land.districts(layout)),
        (MEETING_PLACES, siting.layer()),
        (COUNSELLING_SERVICES, services.layer(siting, seed=seed)),
        (AREAS, land.areas(layout, ground)),
    )
    return {layer.name: _ready(layer, table) for layer, table in tables}


def _ready(layer: Layer, table: GeoDataFrame) -> GeoDataFrame:
    return layer.check(layer.complete(table))
