"""Nobody is singled out: counts of one or two people are not shown for a single cell."""

from __future__ import annotations

from collections.abc import Sequence

from geopandas import GeoDataFrame

from .schema import Column
from .sources.population import GROUPS
from .text import Text

LEAST = 3
"""Fewest people that a public page tells of one cell; an assumption of caution."""

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
        What its columns mean: those in people are looked at. Where a row
        tells how many people it is about (`people`), all of them go together,
        so that none can be worked out from another; else each goes by itself.

    Returns
    -------
    shown
        Same rows; NaN where a count is withheld. The same object if nothing is.
    """
    counts = [column.name for column in columns if column.unit == "people"]
    if "people" in counts:
        few = _few(table[["people"]])["people"]
        return (
            table.assign(**{name: table[name].mask(few) for name in counts}) if few.any() else table
        )
    counts = [name for name in counts if name in GROUPS]
    few = _few(table[counts])
    if not few.to_numpy().any():
        return table
    return table.assign(**{name: table[name].mask(few[name]) for name in counts})


def _few(counts: GeoDataFrame) -> GeoDataFrame:
    return (counts > 0) & (counts < LEAST)
