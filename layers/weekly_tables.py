"""Tables of a week: every hour as a coloured cell, the course of the week, districts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .frames import frame_of
from .open_when import DAYS, SHORT
from .opening_hours import DAY, WEEK
from .paths import Bools, Floats, Ints
from .registry import Table
from .schema import Column
from .shares import quantile
from .text import Text
from .weekly import Week, shares_by_hour


def heat_of(people: Floats, week: Week) -> tuple[Table, ...]:
    """Return the share of people reached in each hour, at worst and, where it differs, at best."""
    worst, best = shares_by_hour(people, week.worst), shares_by_hour(people, week.best)
    if np.array_equal(worst, best, equal_nan=True):
        return (_heat("hours", Text("Reached in each hour [%]"), worst),)
    return (
        _heat("hours_worst", Text("Reached in each hour, worst case [%]"), worst),
        _heat("hours_best", Text("Reached in each hour, best case [%]"), best),
    )


def _heat(name: str, title: Text, shares: Floats) -> Table:
    """Lay hours below each other and days side by side, as in a timetable."""
    by_day = shares.reshape(len(DAYS), DAY).round()
    frame = pd.DataFrame(dict(zip(DAYS, by_day, strict=True)))
    frame.insert(0, "hour", np.arange(DAY))
    columns = (
        Column("hour", int, Text("From"), "o’clock"),
        *(Column(day, float, SHORT[day], "%") for day in DAYS),
    )
    return Table(name, title, frame, columns, chart="heat")


def curve_of(people: Floats, week: Week, chosen: Ints) -> Table:
    """Return the course of the week: share of people reached, at worst and at best [%]."""
    frame = pd.DataFrame(
        {
            "hour": np.arange(WEEK, dtype=float),
            "worst": shares_by_hour(people, week.worst[:, :WEEK]),
            "best": shares_by_hour(people, week.best[:, :WEEK]),
        }
    )
    columns = [
        Column("hour", float, Text("Hours since Monday 0:00"), "h"),
        Column("worst", float, Text("worst case"), "%"),
        Column("best", float, Text("best case"), "%"),
    ]
    if (frame["worst"] == frame["best"]).all():
        frame, columns = frame.drop(columns="best"), columns[:2]
        columns[1] = Column("worst", float, Text("reached"), "%")
    one = float(chosen[0]) if len(chosen) == 1 and chosen[0] < WEEK else None
    title = Text("The course of the week, from Monday 0:00 to Sunday 24:00")
    return Table("week", title, frame, tuple(columns), chart="line", marked=one)


def by_district(
    table: GeoDataFrame,
    week: Week,
    chosen: Ints,
    number: Ints,
    districts: GeoDataFrame | None,
) -> Iterator[Table]:
    """
    Tell for each district who reaches an open place in the chosen hours.

    Parameters
    ----------
    table
        (n,) rows with `people` and `hours`.
    week, chosen
        Who reaches an open place, and the hours that are told.
    number
        (n,) district of each cell; -1 outside all of them.
    districts
        The districts, if there are any.
    """
    if districts is None or districts.empty or table.empty:
        return
    rows = [
        _row(table, week, chosen, number == place, str(districts.index[place]), name)
        for place, name in enumerate(districts["name"])
    ]
    if (number < 0).any():
        outside = Text("outside all districts")
        rows.append(_row(table, week, chosen, number < 0, "", outside))
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        Column("worst", float, Text("reached, worst case"), "%"),
        Column("best", float, Text("reached, best case"), "%"),
        Column("hours", float, Text("hours a week, median"), "h"),
    )
    frame = frame_of(rows, columns, [str(row["id"]) for row in rows])
    yield Table("districts", Text("Districts, in the chosen hours"), frame, columns)


def _row(
    table: GeoDataFrame, week: Week, chosen: Ints, here: Bools, row: str, name: str
) -> dict[str, object]:
    people = table["people"].to_numpy()[here]
    return {
        "id": row,
        "district": name,
        "people": float(np.nansum(people)),
        "worst": float(shares_by_hour(people, week.worst[here][:, chosen]).mean()),
        "best": float(shares_by_hour(people, week.best[here][:, chosen]).mean()),
        "hours": quantile(table["hours"].to_numpy()[here], people, 0.5),
    }
