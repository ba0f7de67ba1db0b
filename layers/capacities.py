"""How many people a place holds, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from .facts import facts
from .paths import Bools, Floats
from .text import Text

ASSUMED: dict[str, float] = {kind: e["people"] for kind, e in facts("capacities").items()}
"""People a place of each kind holds where nothing better is known, from data/capacities.toml."""

ENOUGH = 3
"""So many places of a kind must say how many they hold before their median speaks for others."""

UNKNOWN: dict[str, Text] = {
    "by_kind": Text("as others of their kind"),
    "left_out": Text("are left out"),
    "one_each": Text("each place counts the same"),
}
"""What happens to places whose capacity is unknown; the last ignores all capacities."""


@dataclass(frozen=True)
class Capacities:
    """
    Capacity of each place.

    Parameters
    ----------
    people
        (k,) people it holds; 0 where it is left out.
    known
        (k,) whether the place itself says so.
    unit
        "seats", or "places" where every place counts the same.
    """

    people: Floats
    known: Bools
    unit: str


def capacities_of(places: GeoDataFrame, unknown: str) -> Capacities:
    """
    Return how many people each place holds.

    Parameters
    ----------
    places
        (k,) meeting places with `capacity` and `kind`; services without
        these count one each.
    unknown
        What to do about places that do not say: one of `UNKNOWN`.
    """
    if "capacity" not in places or unknown == "one_each":
        return Capacities(np.ones(len(places)), np.ones(len(places), dtype=bool), "places")
    said = places["capacity"].to_numpy(dtype=float)
    known = np.isfinite(said)
    other = _by_kind(places) if unknown == "by_kind" else np.zeros(len(places))
    return Capacities(np.where(known, said, other), known, "seats")


def _by_kind(places: GeoDataFrame) -> NDArray[np.float64]:
    """Median of those of the kind that say it, if they are enough; else what is assumed."""
    grouped = places.groupby("kind")["capacity"]
    median = grouped.median().where(grouped.count() >= ENOUGH)
    assumed = pd.Series(ASSUMED)
    return np.asarray(places["kind"].map(median.fillna(assumed)).to_numpy(dtype=float))
