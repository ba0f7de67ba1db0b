"""Figures and tables of a comparison: before and after, groups, districts, places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .doubts import Interval
from .paths import Bools, Floats, Ints
from .question import Question
from .registry import Figure, Table
from .scenarios import JUDGES
from .schema import Column
from .shares import out_of_100, share
from .sources.population import GROUPS, OUT_OF_100
from .text import Text
from .walks import Walks

LONG = 60.0
"""Longer walks, and none at all, count as this in differences [min]: nobody walks them."""

COLUMNS = (
    Column("people", float, Text("people asked about in the cell"), "people"),
    Column("minutes_before", float, Text("walk to the nearest place before"), "min"),
    Column("minutes_after", float, Text("walk to the nearest place afterwards"), "min"),
    Column("change", float, Text("how much longer the walk is; less than 0 is shorter"), "min"),
    Column("people_gained", float, Text("people who gain a place in time"), "people"),
    Column("people_lost", float, Text("people who lose their place in time"), "people"),
    Column("place_before", str, Text("the nearest place before")),
    Column("place", str, Text("the nearest place afterwards")),
    Column("place_id", str, Text("its id")),
)
"""Columns of the table of a comparison, one row per cell."""

DONE: Mapping[str, Text] = {
    "new": Text("new"),
    "closed": Text("closed"),
    "moved": Text("moved"),
    "counts": Text("counts now"),
    "no longer": Text("counts no longer"),
    "changed": Text("changed"),
}
"""What has become of a place."""


@dataclass(frozen=True, eq=False)
class Side:
    """
    One list of places and what it means.

    Parameters
    ----------
    layer
        All meeting places.
    places
        Those that count.
    walks
        (n,) walk from each cell to the nearest of them.
    lost
        How many of them no way leads to.
    interval
        Worst and best case of the share [%], if something is not known.
    """

    layer: GeoDataFrame
    places: GeoDataFrame
    walks: Walks
    lost: int
    interval: Interval | None


@dataclass(frozen=True, eq=False)
class Cells:
    """
    Every cell before and after.

    Parameters
    ----------
    population
        (n,) cells.
    group
        Column of those asked about.
    before, after
        (n,) walk to the nearest place [min].
    was, now
        (n,) whether that is in time.
    """

    population: GeoDataFrame
    group: str
    before: Floats
    after: Floats
    was: Bools
    now: Bools

    @classmethod
    def of(cls, population: GeoDataFrame, one: Side, other: Side, question: Question) -> Self:
        """Compare two lists of places."""
        before, after = (question.who_walks.minutes(side.walks.metres) for side in (one, other))
        limit = question.minutes
        return cls(population, question.group, before, after, before <= limit, after <= limit)

    @property
    def people(self) -> Floats:
        """People asked about in each cell; NaN is not known."""
        return self.population[self.group].to_numpy()

    @property
    def change(self) -> Floats:
        """How much longer each walk is [min]; none is as long as `LONG`."""
        return np.minimum(self.after, LONG) - np.minimum(self.before, LONG)


def table_of(population: GeoDataFrame, cells: Cells, one: Side, other: Side) -> GeoDataFrame:
    """Return one row per cell, see `COLUMNS`."""
    people = cells.people
    return GeoDataFrame(
        {
            "people": people,
            "minutes_before": cells.before,
            "minutes_after": cells.after,
            "change": cells.change,
            "people_gained": np.where(~cells.was & cells.now, people, 0.0),
            "people_lost": np.where(cells.was & ~cells.now, people, 0.0),
            "place_before": _told(one.places["name"], one.walks.target),
            "place": _told(other.places["name"], other.walks.target),
            "place_id": _told(other.places.index.to_series(), other.walks.target),
        },
        index=population.index,
        geometry=population.geometry.array,
        crs=population.crs,
    )


def _told(values: pd.Series[str], target: Ints) -> Any:
    return values.array.take(target, allow_fill=True, fill_value="")


def figures_of(cells: Cells, one: Side, other: Side) -> tuple[Figure, ...]:
    """Return the headline figures, before and after, and the difference."""
    people, change = cells.people, cells.change
    before, after = share(people, cells.was), share(people, cells.now)
    points = Text("In percentage points.")
    return (
        _share("share_after", Text("reached afterwards"), after, other.interval),
        _share("share_before", Text("reached before"), before, one.interval),
        Figure("share_change", after - before, "%", Text("difference"), note=points),
        _people(
            "people_gained", Text("people gain a place in time"), people, ~cells.was & cells.now
        ),
        _people("people_lost", Text("people lose their place"), people, cells.was & ~cells.now),
        _people("people_not_covered", Text("without a place afterwards"), people, ~cells.now),
        _people("people_shorter", Text("walk less than before"), people, change < 0),
        _mean("minutes_shorter", Text("less for them, on average"), people, -change),
        _people("people_longer", Text("walk more than before"), people, change > 0),
        _mean("minutes_longer", Text("more for them, on average"), people, change),
        *_of_groups(cells),
    )


def _share(name: str, label: Text, value: float, interval: Interval | None) -> Figure:
    if interval is None:
        return Figure(name, value, "%", label)
    return Figure(name, value, "%", label, interval.low, interval.high, interval.why)


def _people(name: str, label: Text, people: Floats, chosen: Bools) -> Figure:
    return Figure(name, float(np.nansum(people[chosen])), "people", label)


def _mean(name: str, label: Text, people: Floats, minutes: Floats) -> Figure:
    """Average of what is above 0; cannot be told where there is nobody."""
    who = (minutes > 0) & (people > 0)
    total = people[who].sum()
    value = float((people[who] * minutes[who]).sum() / total) if total else float("nan")
    return Figure(name, value, "min", label)


def _of_groups(cells: Cells) -> Iterator[Figure]:
    for name, label, people in _groups(cells):
        if name != cells.group:
            yield Figure(f"share_before_{name}", share(people, cells.was), "%", label, aside=True)
            yield Figure(f"share_after_{name}", share(people, cells.now), "%", label, aside=True)


def _groups(cells: Cells) -> Iterator[tuple[str, Text, Floats]]:
    """Give every group the census knows, and how many live in each cell."""
    for name, label in GROUPS.items():
        people = cells.population[name].to_numpy()
        if not np.isnan(people).all():
            yield name, label, people


def answer_of(cells: Cells) -> tuple[Text, ...]:
    """Answer in words: who gains and who loses, then the share before and after."""
    people = cells.people
    if not np.nansum(people) > 0:
        return (Text("Nobody lives here, according to these data"),)
    gained, lost = (
        round(float(np.nansum(people[of])))
        for of in (~cells.was & cells.now, cells.was & ~cells.now)
    )
    words = {"group": GROUPS[cells.group], "gained": gained, "lost": lost}
    if gained and lost:
        first = Text("{gained} {group} gain a place in time, {lost} lose theirs", **words)
    elif gained:
        first = Text("{gained} {group} gain a place in time, nobody loses one", **words)
    elif lost:
        first = Text("{lost} {group} lose their place in time, nobody gains one", **words)
    else:
        first = Text("Nobody gains or loses a place in time", **words)
    before, after = (
        Text(OUT_OF_100[cells.group].template, share=out_of_100(share(people, of)))
        for of in (cells.was, cells.now)
    )
    return first, Text("Before: {before}. Afterwards: {after}.", before=before, after=after)


COMPARED = (
    Column("people", float, Text("People"), "people"),
    Column("share_before", float, Text("reached before"), "%"),
    Column("share_after", float, Text("reached afterwards"), "%"),
    Column("difference", float, Text("difference in points")),
    Column("gained", float, Text("gain a place"), "people"),
    Column("lost", float, Text("lose their place"), "people"),
)
"""Columns that groups and districts are compared by."""


def by_group(cells: Cells) -> Table:
    """Compare every group the census knows."""
    rows = {
        name: {"group": label, **_compared(people, cells.was, cells.now)}
        for name, label, people in _groups(cells)
    }
    frame = pd.DataFrame(
        {
            key: [row[key] for row in rows.values()]
            for key in ("group", *(c.name for c in COMPARED))
        },
        index=pd.Index(list(rows), name="id"),
    )
    columns = (Column("group", str, Text("Group")), *COMPARED)
    return Table("groups", Text("Who gains and who loses"), frame, columns)


def _compared(people: Floats, was: Bools, now: Bools) -> dict[str, Any]:
    before, after = share(people, was), share(people, now)
    return {
        "people": float(np.nansum(people)),
        "share_before": before,
        "share_after": after,
        "difference": after - before,
        "gained": float(np.nansum(people[~was & now])),
        "lost": float(np.nansum(people[was & ~now])),
    }


def by_district(cells: Cells, district: Ints, districts: GeoDataFrame | None) -> tuple[Table, ...]:
    """Compare districts; whoever lives outside all of them stands in a row of their own."""
    if districts is None or districts.empty or not len(district):
        return ()
    count, people = len(districts), np.nan_to_num(cells.people)
    where = np.where(district < 0, count, district)
    total, was, now, gained, lost = (
        np.bincount(where[of], weights=people[of], minlength=count + 1)
        for of in (
            np.ones(len(where), dtype=bool),
            cells.was,
            cells.now,
            ~cells.was & cells.now,
            cells.was & ~cells.now,
        )
    )
    safe = np.where(total > 0, total, np.nan)
    frame = pd.DataFrame(
        {
            "district": [*districts["name"], Text("outside all districts")],
            "people": total,
            "share_before": 100 * was / safe,
            "share_after": 100 * now / safe,
            "difference": 100 * now / safe - 100 * was / safe,
            "gained": gained,
            "lost": lost,
        },
        index=pd.Index([*districts.index, ""], name="id"),
    )
    columns = (Column("district", str, Text("District")), *COMPARED)
    shown = frame if (district < 0).any() else frame.iloc[:count]
    return (Table("districts", Text("Districts"), shown, columns),)


def by_place(cells: Cells, one: Side, other: Side) -> tuple[Table, ...]:
    """Tell of every place that was changed whom it serves, and who gains or loses by it."""
    done = _done(one, other)
    if not done:
        return ()
    people = np.nan_to_num(cells.people)
    sums = {
        "people_before": _by_target(people, cells.was, one),
        "people_after": _by_target(people, cells.now, other),
        "gained": _by_target(people, ~cells.was & cells.now, other),
        "lost": _by_target(people, cells.was & ~cells.now, one),
    }
    rows = [other.layer.loc[i] if i in other.layer.index else one.layer.loc[i] for i in done]
    frame = pd.DataFrame(
        {
            "place": [row["name"] for row in rows],
            "done": [DONE[word] for word in done.values()],
            **{name: [of.get(place, 0.0) for place in done] for name, of in sums.items()},
            "capacity": [float(row["capacity"]) for row in rows],
        },
        index=pd.Index(list(done), name="id"),
    )
    seats = frame["capacity"].where(frame["capacity"] > 0)
    frame["per_seat"] = frame["people_after"] / seats
    columns = (
        Column("place", str, Text("Place")),
        Column("done", str, Text("what changes")),
        Column("people_before", float, Text("served before"), "people"),
        Column("people_after", float, Text("served afterwards"), "people"),
        Column("gained", float, Text("gain a place by it"), "people"),
        Column("lost", float, Text("lose their place with it"), "people"),
        Column("capacity", float, Text("seats")),
        Column("per_seat", float, Text("people for each seat")),
    )
    title = Text("Places that change: for whom they are the nearest in time")
    return (Table("places", title, frame, columns),)


def _by_target(people: Floats, who: Bools, side: Side) -> dict[Any, float]:
    """Sum people by the place nearest to them."""
    chosen = who & (side.walks.target >= 0)
    sums = np.bincount(
        side.walks.target[chosen], weights=people[chosen], minlength=len(side.places)
    )
    return dict(zip(side.places.index, sums.tolist(), strict=True))


def _done(one: Side, other: Side) -> dict[Any, str]:
    """Tell what has become of every place that is not as it was, in the order of the lists."""
    if one.layer is other.layer:
        return {}
    was, now = set(one.layer.index), set(other.layer.index)
    counted, counts = set(one.places.index), set(other.places.index)
    both = [place for place in one.layer.index if place in now]
    a, b = one.layer.loc[both], other.layer.loc[both]
    moved = dict(zip(both, ~a.geometry.geom_equals_exact(b.geometry, 0).to_numpy(), strict=True))
    differs = np.zeros(len(both), dtype=bool)
    for name in JUDGES:
        x, y = a[name].to_numpy(), b[name].to_numpy()
        differs |= (x != y) & ~(pd.isna(x) & pd.isna(y))
    changed = dict(zip(both, differs, strict=True))
    done = {}
    for place in one.layer.index:
        if place not in now:
            done[place] = "closed"
        elif moved[place]:
            done[place] = "moved"
        elif (place in counted) != (place in counts):
            done[place] = "counts" if place in counts else "no longer"
        elif changed[place]:
            done[place] = "changed"
    return done | {place: "new" for place in other.layer.index if place not in was}
