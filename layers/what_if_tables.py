"""Figures and tables of a comparison: before and after, groups, districts, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from .paths import Floats, Ints
from .registry import Figure, Table
from .scenarios import JUDGES
from .schema import Column
from .shares import out_of_100
from .sources.population import GROUPS, OUT_OF_100
from .text import Text
from .what_if_cells import Cells, Side, sums

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


def table_of(population: GeoDataFrame, cells: Cells) -> GeoDataFrame:
    """Return one row per cell, see `COLUMNS`."""
    people = population[cells.one.people.asked].to_numpy()
    gained, lost = np.zeros((2, len(people)))
    gained[cells.gained], lost[cells.lost] = people[cells.gained], people[cells.lost]
    place, place_id = cells.other.names
    return GeoDataFrame(
        {
            "people": people,
            "minutes_before": cells.one.minutes,
            "minutes_after": cells.other.minutes,
            "change": cells.change,
            "people_gained": gained,
            "people_lost": lost,
            "place_before": cells.one.names[0],
            "place": place,
            "place_id": place_id,
        },
        index=population.index,
        geometry=population.geometry.array,
    )


def figures_of(cells: Cells) -> tuple[Figure, ...]:
    """Return the headline figures, before and after, and the difference."""
    people, one, other = cells.people, cells.one, cells.other
    asked = one.people.asked
    changed = np.flatnonzero(cells.change)
    some, change = people[changed], cells.change[changed]
    points = Text("In percentage points.")
    return (
        _share("share_after", Text("reached afterwards"), other),
        _share("share_before", Text("reached before"), one),
        Figure(
            "share_change",
            other.shares[asked] - one.shares[asked],
            "%",
            Text("difference"),
            note=points,
        ),
        _people("people_gained", Text("people gain a place in time"), people[cells.gained]),
        _people("people_lost", Text("people lose their place"), people[cells.lost]),
        _people("people_not_covered", Text("without a place afterwards"), people[~other.covered]),
        _people("people_shorter", Text("walk less than before"), some[change < 0]),
        _mean("minutes_shorter", Text("less for them, on average"), some, -change),
        _people("people_longer", Text("walk more than before"), some[change > 0]),
        _mean("minutes_longer", Text("more for them, on average"), some, change),
        *_of_groups(cells),
    )


def _share(name: str, label: Text, side: Side) -> Figure:
    value, interval = side.shares[side.people.asked], side.interval
    if interval is None:
        return Figure(name, value, "%", label)
    # with more ways to start from a home may start from a worse one: neither case is always the end
    ends = (interval.low, interval.high, value)
    return Figure(name, value, "%", label, min(ends), max(ends), interval.why)


def _people(name: str, label: Text, people: Floats) -> Figure:
    return Figure(name, float(people.sum()), "people", label)


def _mean(name: str, label: Text, people: Floats, minutes: Floats) -> Figure:
    """Average of what is above 0; cannot be told where there is nobody."""
    who = minutes > 0
    total = people[who].sum()
    value = float((people[who] * minutes[who]).sum() / total) if total else float("nan")
    return Figure(name, value, "min", label)


def _of_groups(cells: Cells) -> Iterator[Figure]:
    for name, before in cells.one.shares.items():
        if name != cells.one.people.asked:
            after, label = cells.other.shares[name], GROUPS[name]
            yield Figure(f"share_before_{name}", before, "%", label, aside=True)
            yield Figure(f"share_after_{name}", after, "%", label, aside=True)


def answer_of(cells: Cells, minutes: float) -> tuple[Text, ...]:
    """Answer in words: who gains and who loses, then the share before and after."""
    people, asked = cells.people, cells.one.people.asked
    if not cells.one.people.totals[asked]:
        return (Text("Nobody lives here, according to these data"),)
    gained, lost = (round(float(people[of].sum())) for of in (cells.gained, cells.lost))
    words = {"group": GROUPS[asked], "gained": gained, "lost": lost, "minutes": minutes}
    if gained and lost:
        first = Text(
            "{gained} {group} gain a place within {minutes} {minutes:minute|minutes}"
            ", {lost} lose theirs",
            **words,
        )
    elif gained:
        first = Text(
            "{gained} {group} gain a place within {minutes} {minutes:minute|minutes}"
            ", nobody loses one",
            **words,
        )
    elif lost:
        first = Text(
            "{lost} {group} lose their place within {minutes} {minutes:minute|minutes}"
            ", nobody gains one",
            **words,
        )
    else:
        first = Text(
            "Nobody gains or loses a place within {minutes} {minutes:minute|minutes}", **words
        )
    before, after = (
        Text(OUT_OF_100[asked].template, share=out_of_100(side.shares[asked]))
        for side in (cells.one, cells.other)
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
    groups, one, other = cells.one.people.groups, cells.one.shares, cells.other.shares
    frame = pd.DataFrame(
        {
            "group": [GROUPS[name] for name in groups],
            "people": list(cells.one.people.totals.values()),
            "share_before": list(one.values()),
            "share_after": list(other.values()),
            "difference": [other[name] - one[name] for name in groups],
            "gained": [float(people[cells.gained].sum()) for people in groups.values()],
            "lost": [float(people[cells.lost].sum()) for people in groups.values()],
        },
        index=pd.Index(list(groups), name="id"),
    )
    columns = (Column("group", str, Text("Group")), *COMPARED)
    return Table("groups", Text("Who gains and who loses"), frame, columns)


def by_district(cells: Cells, district: Ints, districts: GeoDataFrame | None) -> tuple[Table, ...]:
    """Compare districts; whoever lives outside all of them stands in a row of their own."""
    if districts is None or districts.empty or not len(district):
        return ()
    count, people = len(districts), cells.people
    where = np.where(district < 0, count, district)
    total, was, now = (
        sums(where, of, count + 1)
        for of in (people, people * cells.one.covered, people * cells.other.covered)
    )
    gained, lost = (sums(where[of], people[of], count + 1) for of in (cells.gained, cells.lost))
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


def by_place(cells: Cells) -> tuple[Table, ...]:
    """Tell of every place that was changed whom it serves, and who gains or loses by it."""
    one, other = cells.one, cells.other
    done = _done(one, other)
    if not done:
        return ()
    before, after = (_at(side.places, done) for side in (one, other))
    here = _at(other.layer, done)
    was = _at(one.layer, done)
    frame = pd.DataFrame(
        {
            "place": _either(here, other.layer["name"], was, one.layer["name"]),
            "done": [DONE[word] for word in done.values()],
            "people_before": np.append(one.served, 0.0)[before],
            "people_after": np.append(other.served, 0.0)[after],
            "gained": np.append(_by_target(cells, cells.gained, other), 0.0)[after],
            "lost": np.append(_by_target(cells, cells.lost, one), 0.0)[before],
            "capacity": np.array(
                _either(here, other.layer["capacity"], was, one.layer["capacity"]), dtype=float
            ),
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


def _at(table: GeoDataFrame, places: Iterable[Any]) -> Ints:
    """Row of each place; -1 where it is not in the table."""
    return np.asarray(table.index.get_indexer(pd.Index(list(places))))


def _either(here: Ints, now: pd.Series[Any], there: Ints, was: pd.Series[Any]) -> list[Any]:
    """What a column says afterwards, or said before where a place is gone."""
    new, old = now.to_numpy(), was.to_numpy()
    return [new[i] if i >= 0 else old[j] for i, j in zip(here, there, strict=True)]


def _by_target(cells: Cells, some: Ints, side: Side) -> Floats:
    """Sum people of some cells by the place nearest to them."""
    return sums(side.target[some], cells.people[some], len(side.places))


def _done(one: Side, other: Side) -> dict[Any, str]:
    """Tell what has become of every place that is not as it was, in the order of the lists."""
    if one.layer is other.layer:
        return {}
    was, now = one.layer.index, other.layer.index
    there = now.get_indexer(was)
    both = np.flatnonzero(there >= 0)
    moved, changed, counted = np.zeros((3, len(was)), dtype=bool)
    shapes = np.asarray(other.layer.geometry.array)[there[both]]
    moved[both] = ~shapely.equals_exact(np.asarray(one.layer.geometry.array)[both], shapes)
    for name in JUDGES:
        a, b = one.layer[name].to_numpy()[both], other.layer[name].to_numpy()[there[both]]
        changed[both] |= (a != b) & ~(pd.isna(a) & pd.isna(b))
    counted, counts = (side.places.index.get_indexer(was) >= 0 for side in (one, other))
    words = np.select(
        [there < 0, moved, counts & ~counted, counted & ~counts, changed],
        ["closed", "moved", "counts", "no longer", "changed"],
        "",
    )
    done = {was[row]: str(words[row]) for row in np.flatnonzero(words != "")}
    return done | dict.fromkeys(now[was.get_indexer(now) < 0], "new")
