"""Nobody is singled out: counts of one or two people are not shown for a single cell."""

from __future__ import annotations

from collections.abc import Sequence

from geopandas import GeoDataFrame

from .schema import Column
from .sources.population import GROUPS
from .text import Text

LEAST = 3
"""Fewest people that a public page tells of one cell; an assumption of caution."""

TIMES_PEOPLE = ("person_hours",)
"""Columns that hold people times something, from which people can be worked out."""

NOTE = Text("Counts of one or two people are not shown for single cells; all figures count them.")
"""What stands beside a table from which counts were withheld."""


def withheld(table: GeoDataFrame, columns: Sequence[Column]) -> GeoDataFrame:
    """
    Return a table without counts of fewer than `LEAST` people.

    Parameters
    ----------
    table
        (n,) rows, one per cell.
    columns
        What its columns mean: those in people are looked at, and hours times
        people, from which people could be worked out. Where a row tells how
        many people it is about (`people`) and these are few, all of them go
        together, so that none can be worked out from another; else each goes
        by itself.

    Returns
    -------
    shown
        Same rows; NaN where a count is withheld. The same object if nothing is.
    """
    counts = [column.name for column in columns if column.unit == "people"]
    if "people" not in counts:
        # seats of places are counted in people, too, and single nobody out
        counts = [name for name in counts if name in GROUPS or name.startswith("people_")]
    few = _few(table[counts])
    if not few.to_numpy().any():
        return table
    hidden = {name: few[name] for name in counts}
    if "people" in counts:
        worked_out = [column.name for column in columns if column.name in TIMES_PEOPLE]
        hidden |= dict.fromkeys(worked_out, few["people"])
        hidden = {name: gone | few["people"] for name, gone in hidden.items()}
    return table.assign(**{name: table[name].mask(gone) for name, gone in hidden.items()})


def _few(counts: GeoDataFrame) -> GeoDataFrame:
    return (counts > 0) & (counts < LEAST)
