"""
What-if: who gains and who loses when the list of meeting places changes.

The city is prepared once: the ways open to the walker, where homes and places
meet them, the nearest place of every junction. A changed list is then compared
with it place by place, and only what the difference touches is searched again.
The numbers are those that a coverage of the changed list would give, to the
last bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries

from . import paths
from .asked import check_group, district_of
from .coverage_notes import about_people, about_places, about_walking, about_ways
from .doubts import Interval, cases_of, doubts_of, why_of
from .errors import ParameterError
from .network import SNAP_LIMIT, Network
from .paths import Floats, Ints, Nearest
from .question import Question
from .registry import Result, Style
from .shares import share
from .snapping import Snap, snap
from .text import Text
from .walkers import Walker
from .walks import Doors, Walks, direct, door_to_door
from .what_if_cells import Cells, People, Side
from .what_if_tables import (
    answer_of,
    by_district,
    by_group,
    by_place,
    figures_of,
    table_of,
)

BREAKS = (-5.0, -1.0, 1.0, 5.0)
"""Class borders of the map of differences [min]; a minute more or less is nobody's gain."""

Key = tuple[str, bytes]


@dataclass(frozen=True, eq=False)
class Ground:
    """
    What of the walks does not depend on the places.

    Parameters
    ----------
    streets
        Ways open to one walker.
    homes
        (n,) where people start.
    tree
        Index of the homes.
    """

    streets: Network
    homes: GeoSeries
    tree: shapely.STRtree

    @cached_property
    def doors(self) -> Doors:
        """Where homes meet the ways."""
        return self.streets.doors(self.homes)

    def meet(self, shapes: Floats) -> Snap:
        """Find where places meet the ways; of each place the same whatever others there are."""
        streets = self.streets
        return snap(streets.lines, streets.tree, streets.metres, shapes).within(SNAP_LIMIT)

    def within(self, shapes: Floats) -> tuple[Ints, Ints]:
        """Pairs of a home and the area it lies in, as `walks.inside` finds them."""
        areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
        target, home = self.tree.query(shapes[areas], predicate="contains")
        return home, areas[target]


@dataclass(frozen=True, eq=False)
class Field:
    """
    The places that count, and the nearest of them from every junction and every home.

    Parameters
    ----------
    ground
        Ways and homes.
    keys
        (k,) id and shape of each place.
    there
        Accesses of the places, in their order.
    within
        Homes inside areas, and these areas in ascending order.
    found
        Nearest access of every junction.
    """

    ground: Ground
    keys: tuple[Key, ...]
    there: Snap
    within: tuple[Ints, Ints]
    found: Nearest

    @classmethod
    def of(cls, ground: Ground, places: GeoDataFrame) -> Self:
        """Search everything for the first time."""
        shapes = np.asarray(places.geometry.array)
        there, streets = ground.meet(shapes), ground.streets
        found = paths.nearest(streets.graph, *streets.ends(there))
        return cls(ground, _keys(places), there, ground.within(shapes), found)

    @cached_property
    def walks(self) -> Walks:
        """Walk from each home to its nearest place."""
        ground, there = self.ground, self.there
        pairs = direct(ground.doors, there, ground.streets.slow)
        return door_to_door(ground.doors, there.owner, self.found, pairs, self.within)

    @property
    def connected(self) -> int:
        """How many of the places can be reached at all."""
        return len(np.unique(self.there.owner))

    def with_places(self, places: GeoDataFrame) -> Field:
        """
        Return what another list of places gives, searching only what is different.

        A place that kept its id but lies elsewhere is one closed and one opened.
        """
        keys = _keys(places)
        if keys == self.keys:
            return self
        known = {key: number for number, key in enumerate(self.keys)}
        old = np.array([known.get(key, -1) for key in keys], dtype=np.intp)
        if (np.diff(old[old >= 0]) < 0).any():
            # the order of the places decides between equally near ones, and it is another one
            return Field.of(self.ground, places)
        new = np.flatnonzero(old < 0)
        row = np.full(len(self.keys), -1)
        row[old[old >= 0]] = np.flatnonzero(old >= 0)
        shapes = np.asarray(places.geometry.array)[new]
        opened, (home, area) = self.ground.meet(shapes), self.ground.within(shapes)
        there, found = self._searched(opened, row, new)
        owner = np.concatenate([row[self.within[1]], new[area]])
        homes = np.concatenate([self.within[0], home])
        order = np.argsort(owner, kind="stable")
        order = order[owner[order] >= 0]
        return Field(self.ground, keys, there, (homes[order], owner[order]), found)

    def _searched(self, opened: Snap, row: Ints, new: Ints) -> tuple[Snap, Nearest]:
        """Accesses and nearest ones, where places go to `row` (-1: closed) and others are `new`."""
        streets, there = self.ground.streets, self.there
        owner = np.concatenate([row[there.owner], new[opened.owner]])
        closed = owner < 0
        # those that are closed stand last, so that ranks are the numbers of all others
        order = np.argsort(np.where(closed, len(row) + len(new), owner), kind="stable")
        rank = np.empty(len(order), dtype=np.intp)
        rank[order] = np.arange(len(order))
        opened_ends, opened_metres = streets.ends(opened)
        found = paths.changed(
            streets.graph,
            self.found,
            *streets.ends(there),
            closed=closed[: len(there.owner)],
            opened_ends=opened_ends,
            opened_metres=opened_metres,
            rank=rank,
        )
        order = order[: len(order) - closed.sum()]
        both = [
            np.concatenate([a, b])[order]
            for a, b in (
                (there.edge, opened.edge),
                (there.along, opened.along),
                (there.stub, opened.stub),
            )
        ]
        access = np.append(rank, -1)[found.access]
        return Snap(owner[order], *both), Nearest(found.metres, access, found.before)


@dataclass(frozen=True, eq=False)
class Standing:
    """
    How the city stands, prepared so that any change of its meeting places is judged at once.

    Parameters
    ----------
    population, streets, meeting_places, districts, question
        As in `coverage`.
    homes
        (n,) where people start.
    """

    population: GeoDataFrame
    streets: Network
    meeting_places: GeoDataFrame
    districts: GeoDataFrame | None
    question: Question
    homes: GeoSeries
    _fields: dict[tuple[str, str], Field] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        population: GeoDataFrame,
        streets: Network,
        meeting_places: GeoDataFrame,
        districts: GeoDataFrame | None = None,
        *,
        question: Question = Question(),
    ) -> Self:
        """
        Prepare a city.

        Raises
        ------
        ParameterError
            If the question is not about meeting places, or about people the
            census does not count.
        """
        if question.reach != "meeting_places":
            raise ParameterError([Text("only meeting places can be changed in a scenario")])
        check_group(population, question)
        standing = cls(
            population, streets, meeting_places, districts, question, population.centroid
        )
        standing._base  # noqa: B018, everything that takes its time, once
        return standing

    def after(self, changed: GeoDataFrame) -> Result:
        """
        Tell who gains and who loses if the meeting places were others.

        Parameters
        ----------
        changed
            Table of the layer, such as `scenarios.apply` gives.

        Returns
        -------
        result
            `table`: (n,) rows as in `population`, see `what_if_tables.COLUMNS`;
            figures and tables before and after; the map shows the difference.
        """
        return self.between(self.meeting_places, changed)

    def between(self, one: GeoDataFrame, other: GeoDataFrame) -> Result:
        """
        Tell who gains and who loses if the second list of places is chosen, not the first.

        Parameters
        ----------
        one, other
            Tables of the layer, such as those of two scenarios.

        Returns
        -------
        result
            As in `after`; "before" is the first list.
        """
        before, after = self._side(one), self._side(other)
        cells = Cells(before, after)
        return Result(
            table=table_of(self.population, cells),
            figures=figures_of(cells),
            answer=answer_of(cells, self.question.minutes),
            notes=self._notes(other, after),
            tables=(
                *by_place(cells),
                by_group(cells),
                *by_district(cells, self._district, self.districts),
            ),
            style=Style(
                column="change",
                legend=Text("Minutes on foot, compared with before"),
                breaks=BREAKS,
                scale="diverging",
                good="low",
                words=(
                    Text("at least 5 minutes shorter"),
                    Text("1 to 5 minutes shorter"),
                    Text("as before, give or take a minute"),
                    Text("1 to 5 minutes longer"),
                    Text("more than 5 minutes longer"),
                ),
            ),
        )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(self.homes.array))

    @cached_property
    def _district(self) -> Ints:
        """District of each cell."""
        return district_of(self.homes, self.districts)

    @cached_property
    def _people_notes(self) -> tuple[Text, ...]:
        return tuple(about_people(self.population, self.question))

    @cached_property
    def _way_notes(self) -> tuple[Text, ...]:
        table = self.population.assign(people=self.population[self.question.group])
        return tuple(about_ways(self.homes, self.streets, table, self.question))

    def _side(self, layer: GeoDataFrame) -> Side:
        """Return what one list of places means."""
        if layer is self.meeting_places:
            return self._base
        return self._judged(layer)

    @cached_property
    def _base(self) -> Side:
        """What the places mean that the city has."""
        return self._judged(self.meeting_places)

    def _judged(self, layer: GeoDataFrame) -> Side:
        question, walker = self.question, self.question.who_walks
        places = question.places(layer)
        walked = self._field("as asked", walker, places)
        return Side(
            layer,
            places,
            lost=len(places) - walked.connected,
            target=walked.walks.target,
            minutes=walker.minutes(walked.walks.metres),
            limit=question.minutes,
            people=self._people,
            interval=self._interval(layer),
        )

    @cached_property
    def _people(self) -> People:
        return People.of(self.population, self.question.group)

    def _field(self, doubt: str, walker: Walker, places: GeoDataFrame) -> Field:
        """Search places for a walker, beginning from what was searched first."""
        key = (doubt, walker.name)
        if key not in self._fields:
            ground = Ground(self.streets.open_to(walker), self.homes, self._tree)
            self._fields[key] = Field.of(ground, places)
        return self._fields[key].with_places(places)

    def _interval(self, layer: GeoDataFrame) -> Interval | None:
        """Worst and best case of the share [%], as coverage tells them."""
        doubts = doubts_of(self.question, layer)
        if not doubts:
            return None
        people = self.population[self.question.group].to_numpy()
        names = ("counts not", "counts")
        worst, best = (
            share(
                people,
                self._field(doubt, case.walker, case.places).walks.metres <= self.question.metres,
            )
            for doubt, case in zip(names, cases_of(self.question, layer), strict=True)
        )
        return Interval(worst, best, why_of(doubts))

    def _notes(self, layer: GeoDataFrame, side: Side) -> tuple[Text, ...]:
        """Tell what coverage tells of the changed list, and how differences are counted."""
        question = self.question
        return (
            Text(
                "Somebody gains who reaches a place within {minutes} {minutes:minute|minutes}"
                " afterwards and did"
                " not before; whoever loses did and no longer does.",
                minutes=question.minutes,
            ),
            Text("Walks of more than an hour, or none at all, count as an hour in the difference."),
            Text(
                "Everybody is counted at the nearest place. Whether it has room for all is not"
                " considered; see the people for each seat."
            ),
            Text(
                "Before and afterwards are computed from the same people and ways, so the"
                " difference is surer than either share; how sure shares are, coverage tells."
            ),
            *self._people_notes,
            *about_places(layer, side.places, side.lost, question),
            *self._way_notes,
            *about_walking(question),
        )


def _keys(places: GeoDataFrame) -> tuple[Key, ...]:
    """Id and shape of every place: whoever has both is the same place on the map."""
    return tuple(zip(places.index.to_numpy(), shapely.to_wkb(places.geometry.array), strict=True))
