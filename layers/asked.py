"""What every analysis of a coverage question does with the layers it is given."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .errors import MissingLayerError, ParameterError
from .paths import Ints
from .question import REACH, Question
from .sources.population import GROUPS
from .text import Text


def check_group(population: GeoDataFrame, question: Question) -> None:
    """
    Refuse a question about a group that the census does not count.

    Raises
    ------
    ParameterError
        Names the groups it does count.
    """
    known = [name for name in GROUPS if population[name].notna().any()]
    if question.group not in known and len(population):
        raise ParameterError(
            [
                Text(
                    "the population layer does not count {group}; it knows {known}",
                    group=GROUPS[question.group],
                    known=tuple(GROUPS[name] for name in known),
                )
            ]
        )


def layer_asked(
    question: Question,
    meeting_places: GeoDataFrame | None,
    counselling_services: GeoDataFrame | None,
) -> GeoDataFrame:
    """
    Return the layer whose places the question is about.

    Raises
    ------
    MissingLayerError
        If the city has no such layer.
    """
    layers = {"meeting_places": meeting_places, "counselling_services": counselling_services}
    layer = layers[question.reach]
    if layer is None:
        raise MissingLayerError(
            [question.reach],
            [Text("there are no {layer} yet; import them first", layer=REACH[question.reach])],
        )
    return layer


def district_of(homes: GeoSeries, districts: GeoDataFrame | None) -> Ints:
    """
    Find the district of each cell, by its centre.

    Parameters
    ----------
    homes
        (n,) points.
    districts
        (d,) areas in the same CRS; the first one counts where they overlap.

    Returns
    -------
    number
        (n,) position of the district; -1 outside all of them.
    """
    number = np.full(len(homes), -1)
    if districts is None or districts.empty or not len(homes):
        return number
    # the districts are asked for their cells: shapely prepares what asks, and they are few
    area, cell = shapely.STRtree(np.asarray(homes.array)).query(
        np.asarray(districts.geometry.array), predicate="intersects"
    )
    order = np.argsort(area, kind="stable")[::-1]
    number[cell[order]] = area[order]
    return number
