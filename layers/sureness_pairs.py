"""How sure two answers are that stand beside each other: lists of places, day and dark, hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import geopandas
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .network import Network
from .paired import Paired, paired
from .paths import Floats
from .question import Question
from .registry import Figure
from .sources.population import GROUPS
from .sureness import Sure, chance_of, situation_with
from .text import Text
from .uncertainty import CAUSES

DRAWS = 500
"""So often everything is drawn anew; an end moves by less than half a point from seed to seed."""
HOURLY = 200
"""Fewer where every hour is drawn: the mean of many hours moves little."""


@dataclass(frozen=True, eq=False)
class Beside:
    """
    Intervals of two shares and of the difference between them.

    Parameters
    ----------
    names
        Groups, the one asked about first.
    drawn
        Draws of both.
    people
        How many are counted of each group.
    """

    names: tuple[str, ...]
    drawn: Paired
    people: Floats

    @property
    def known(self) -> bool:
        """Whether there is anybody to be sure about."""
        return bool(self.names) and bool(self.people[0] > 0)

    def sure(self, case: int) -> Sure:
        """Return the interval of one share, in the form coverage tells it."""
        ends = [self.drawn.ends(case, group) for group in range(len(self.names))]
        lows, highs = ([end[side] for end in ends] for side in (0, 1))
        return Sure(
            dict(zip(self.names, lows, strict=True)),
            dict(zip(self.names, highs, strict=True)),
            self.drawn.causes,
        )

    def gained(self) -> tuple[float, float]:
        """Return between which two numbers the people gained lie in nine of ten draws."""
        low, high = self.drawn.difference(0, 1)
        return low / 100 * float(self.people[0]), high / 100 * float(self.people[0])


def lists_beside(
    population: GeoDataFrame,
    homes: GeoSeries,
    network: Network,
    question: Question,
    before: tuple[GeoSeries, Floats],
    after: tuple[GeoSeries, Floats],
) -> Beside:
    """
    Compare two lists of places.

    Parameters
    ----------
    population, homes
        (n,) cells, and where people start.
    network
        Ways open to whoever walks.
    question
        What is asked.
    before, after
        Where the places are, by id, and how likely each counts. What has the same id and
        the same shape is the same place, and drawn as one.
    """
    keys = [_keys(places) for places, _ in (before, after)]
    row = {key: number for number, key in enumerate(dict.fromkeys([*keys[0], *keys[1]]))}
    shapes = {key: shape for of, (places, _) in zip(keys, (before, after), strict=True)
              for key, shape in zip(of, places.array, strict=True)}  # fmt: skip
    every = geopandas.GeoSeries([shapes[key] for key in row], crs=homes.crs)
    chances = []
    for of, (_, chance) in zip(keys, (before, after), strict=True):
        mine = np.zeros(len(row))
        mine[[row[key] for key in of]] = chance
        chances.append(mine)
    names = _groups(population, question)
    common = situation_with(population, homes, network, every, chances[0], question, names)
    cases = [[replace(common, chance=chance)] for chance in chances]
    return Beside(tuple(names), paired(cases, draws=DRAWS), _counted(population, names))


def lists_of(question: Question, layer: GeoDataFrame) -> tuple[GeoSeries, Floats]:
    """Return the places that may count, and how likely each does."""
    places = question.places(layer, "counts")
    return places.geometry, chance_of(layer, places, question)


def ways_beside(
    population: GeoDataFrame,
    homes: GeoSeries,
    networks: tuple[Network, Network],
    question: Question,
    layer: GeoDataFrame,
) -> Beside:
    """Compare two costs of the same ways to the same places, such as by day and after dark."""
    places, chance = lists_of(question, layer)
    names = _groups(population, question)
    cases = [
        [situation_with(population, homes, network, places, chance, question, names)]
        for network in networks
    ]
    return Beside(tuple(names), paired(cases, draws=DRAWS), _counted(population, names))


def hours_beside(
    population: GeoDataFrame,
    homes: GeoSeries,
    network: Network,
    question: Question,
    places: GeoSeries,
    is_open: Floats,
) -> Beside:
    """
    Simulate the mean share of some hours; both shares of the answer are that one.

    Parameters
    ----------
    population, homes, network, question
        As in `lists_beside`.
    places
        (k,) where places are.
    is_open
        (k, h) how likely each is open in each of these hours; hours alike are drawn once.
    """
    names = _groups(population, question)
    sets, times = np.unique(is_open, axis=1, return_counts=True)
    common = situation_with(population, homes, network, places, sets[:, 0], question, names)
    chances = [sets[:, number] for number in range(len(times))]
    alike = [
        replace(common, chance=chance)
        for chance, many in zip(chances, times, strict=True)
        for _ in range(many)
    ]
    drawn = paired([alike], draws=HOURLY)
    return Beside(tuple(names), drawn, _counted(population, names))


def with_ends(figure: Figure, sure: Sure, group: str) -> Figure:
    """Give a share the interval of a simulation, beside its worst and best case if it has them."""
    low, high = sure.low.get(group, np.nan), sure.high.get(group, np.nan)
    if not np.isfinite([low, high, figure.value]).all():
        return figure
    ends = [low, high, figure.value, *(e for e in (figure.low, figure.high) if e is not None)]
    told = figure.note if figure.low is not None and figure.note else sure.why
    return replace(figure, low=min(ends), high=max(ends), note=told)


def with_intervals(
    figures: Iterable[Figure],
    beside: Beside,
    question: Question,
    *,
    before: str = "share_before",
    after: str = "share_covered",
) -> tuple[Figure, ...]:
    """
    Give two shares, and those of other groups, their intervals.

    Parameters
    ----------
    figures
        All figures of an answer.
    beside, question
        What was simulated, and for which question.
    before, after
        Names of the two shares; those of groups are called `after` and the group.
    """
    if not beside.known:
        return tuple(figures)
    one, other = beside.sure(0), beside.sure(-1)
    sures = {before: (one, question.group), after: (other, question.group)}
    sures |= {f"{after}_{name}": (other, name) for name in beside.names}
    return tuple(
        with_ends(figure, *sures[figure.name]) if figure.name in sures else figure
        for figure in figures
    )


def gained_told(beside: Beside) -> tuple[Text, ...]:
    """Tell how sure the difference is, and what makes both shares unsure."""
    if not beside.known:
        return ()
    low, high = (round(end) for end in beside.gained())
    cause = next(iter(beside.drawn.causes))
    told = Text(
        "How many more are reached is surer than either share, because both are drawn from the"
        " same people, speeds and homes: in nine of ten simulated cases between {low} and {high}"
        " people.",
        low=low,
        high=high,
    )
    if not beside.drawn.causes[cause]:
        return (told,)
    why = Text(
        "Most of the doubt about the share is {cause} ({part} %).",
        cause=CAUSES[cause],
        part=round(100 * beside.drawn.causes[cause]),
    )
    return told, why


def fewer_told(beside: Beside) -> tuple[Text, ...]:
    """Tell how sure it is how many lose their place after dark."""
    if not beside.known:
        return ()
    low, high = beside.gained()
    return (
        Text(
            "Day and dark are drawn from the same people, speeds and homes: in nine of ten"
            " simulated cases {least} to {most} people fewer are reached after dark, with unknown"
            " light as it counts here.",
            least=max(0, round(-high)),
            most=max(0, round(-low)),
        ),
    )


def _keys(places: GeoSeries) -> list[tuple[str, bytes]]:
    shapes = shapely.to_wkb(np.asarray(places.array))
    return list(zip(map(str, places.index), shapes, strict=True))


def _groups(population: GeoDataFrame, question: Question) -> list[str]:
    names = [question.group, *(name for name in GROUPS if name != question.group)]
    return [name for name in names if population[name].notna().any()]


def _counted(population: GeoDataFrame, names: list[str]) -> Floats:
    return np.asarray(pd.DataFrame(population[names]).sum().to_numpy(dtype=float))
