"""Tables of a supply: how evenly it is spread, by district, by place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .capacities import Capacities
from .further_tables import names_of
from .paths import Bools, Floats, Ints
from .registry import Table
from .schema import YES_NO_UNKNOWN, Column
from .sharing import PER
from .supply import Supply
from .text import Text


def by_district(
    table: GeoDataFrame, number: Ints, districts: GeoDataFrame | None
) -> tuple[Table, ...]:
    """Tell what falls to each 1,000 people of each district."""
    if districts is None or districts.empty:
        return ()
    people = np.nan_to_num(table["people"].to_numpy())
    rows = [
        _district(str(districts.index[one]), name, people, table, number == one)
        for one, name in enumerate(districts["name"])
    ]
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        Column("access", float, Text("share of each 1,000 people")),
        Column("people_nothing", float, Text("with nothing in reach"), "people"),
    )
    frame = pd.DataFrame(rows).set_index("id").sort_values(["access", "district"], kind="stable")
    return (Table("districts", Text("Districts, those with least first"), frame, columns),)


def _district(
    row: str, name: str, people: Floats, table: GeoDataFrame, here: Bools
) -> dict[str, object]:
    access, heads = table["access"].to_numpy()[here], people[here]
    total = float(heads.sum())
    return {
        "id": row,
        "district": name,
        "people": total,
        "access": float(heads @ access / total) if total > 0 else float("nan"),
        "people_nothing": float(heads[access <= 0].sum()),
    }


def by_place(places: GeoDataFrame, seats: Capacities, found: Supply) -> Table:
    """List every place with those who share it, the fullest first."""
    ratio = np.divide(
        PER * seats.people, found.demand, out=np.full(len(places), np.nan), where=found.demand > 0
    )
    frame = pd.DataFrame(
        {
            "place": pd.Series(names_of(places), index=places.index, dtype=object),
            "seats": seats.people,
            "known": np.where(seats.known, "yes", "no"),
            "sharing": found.demand,
            "per_person": ratio,
        },
        index=places.index,
    ).sort_values("per_person", kind="stable")
    columns = (
        Column("place", str, Text("Name")),
        Column("seats", float, Text("holds"), "people"),
        Column("known", str, Text("says so itself"), options=YES_NO_UNKNOWN),
        Column("sharing", float, Text("people who share it, by weight"), "people"),
        Column("per_person", float, Text("for each 1,000 of them")),
    )
    return Table("places", Text("Places, the fullest first"), frame, columns)


def about_seats(seats: Capacities) -> Iterator[Text]:
    """Tell how much of all that is shared out is assumed."""
    unsaid = int((~seats.known).sum())
    if unsaid:
        yield Text(
            "{count} of {all} places {count:does|do} not say how many people {count:it holds|they"
            " hold}; {seats} of {total} seats are assumed by kind.",
            count=unsaid,
            all=len(seats.people),
            seats=round(float(seats.people[~seats.known].sum())),
            total=round(float(seats.people.sum())),
        )
