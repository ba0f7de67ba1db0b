"""Night-walk audits: nine items at every stop, rated by several people, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from .agreement import Agreement, agreement
from .facts import facts
from .paths import Floats
from .text import Text

STEPS = (0, 1, 2, 3)
"""What an item can be rated, from poor to good."""
LEAST_RATERS = 2
"""A stop that fewer people have rated is in no layer: one opinion is nobody else's business."""
LEAST_STOPS = 5
"""Of fewer stops a mean has no interval: nobody can tell how much others would differ."""
EXACT = 12
"""Up to so many stops every pattern of signs is tried; beyond, they are drawn."""
TAIL = 0.05
"""So much of the bootstrap lies beyond each end of an interval: 90 % lie within."""


@dataclass(frozen=True)
class Item:
    """
    One thing that is rated at a stop.

    Parameters
    ----------
    name
        Name in tables and files.
    label, about
        Its heading, and what to look at.
    steps
        What 0, 1, 2 and 3 mean.
    source
        Who rates this.
    """

    name: str
    label: Text
    about: Text
    steps: tuple[Text, ...]
    source: str


ITEMS: dict[str, Item] = {
    name: Item(
        name,
        Text(entry["label"]),
        Text(entry["about"]),
        tuple(Text(entry[f"step_{step}"]) for step in STEPS),
        entry["source"],
    )
    for name, entry in facts("audit_items").items()
}
"""All items in the order of the form, from data/audit_items.toml."""


def by_stop(ratings: DataFrame) -> DataFrame:
    """
    Put together what several people rated at each stop.

    Parameters
    ----------
    ratings
        One row per stop and rater: `stop`, `rater` and the nine items, 0 to 3, NaN where
        somebody did not rate.

    Returns
    -------
    stops
        Index `stop`; for every item its median, and as `<item>_least`, `<item>_most` and
        `<item>_raters` the lowest and highest rating and how many rated it; `raters` is
        who rated anything. Nothing rated is NaN, never 0.
    """
    names = list(ITEMS)
    rated = ratings[ratings[names].notna().any(axis=1)]
    groups = rated.groupby("stop", sort=True)
    middle = groups[names].median()
    least, most = groups[names].min(), groups[names].max()
    count = groups[names].count()
    return pd.concat(
        [
            groups["rater"].nunique().rename("raters"),
            middle,
            least.add_suffix("_least"),
            most.add_suffix("_most"),
            count.add_suffix("_raters"),
        ],
        axis=1,
    )


def latest(stops: GeoDataFrame) -> GeoDataFrame:
    """Return what the last walk says of each spot; a stop without a number of its own stays."""
    ordered = stops.sort_values("walked_on", kind="stable")
    again = (ordered["stop"] != "") & ordered.duplicated("stop", keep="last")
    return ordered[~again]


def over_stops(stops: DataFrame, *, draws: int = 2000, seed: int = 0) -> DataFrame:
    """
    Return the mean of each item over stops, and what other stops like these could have given.

    Parameters
    ----------
    stops
        Rows of the layer: one rating of each item per stop, NaN where nobody rated it.
    draws, seed
        How often stops are drawn anew (bootstrap); the same seed draws the same.

    Returns
    -------
    means
        Index: items. `mean`, `low` and `high` (90 %) and `stops`, how many were rated;
        NaN where nothing is known, and no interval below `LEAST_STOPS`.
    """
    generator = np.random.default_rng(seed)
    rows = {}
    for name in ITEMS:
        values = stops[name].dropna().to_numpy(dtype=float)
        low = high = np.nan
        if len(values) >= LEAST_STOPS:
            drawn = generator.choice(values, (draws, len(values))).mean(axis=1)
            low, high = np.quantile(drawn, [TAIL, 1 - TAIL])
        mean = values.mean() if len(values) else np.nan
        rows[name] = {"mean": mean, "low": low, "high": high, "stops": len(values)}
    return DataFrame.from_dict(rows, orient="index")


def agreements(ratings: DataFrame, *, draws: int = 1000, seed: int = 0) -> dict[str, Agreement]:
    """
    Tell how well raters agree, on each item and ("") on all of them together.

    Parameters
    ----------
    ratings
        As in `by_stop`.
    draws, seed
        Of the intervals; stops are drawn anew, with all their items.

    Returns
    -------
    found
        Ordinal alpha by item; stops and items are the units of the one for everything.
    """
    tables = {
        name: ratings.pivot_table(index="stop", columns="rater", values=name, dropna=False)
        for name in ITEMS
    }
    matrices = {name: table.to_numpy(dtype=float) for name, table in tables.items()}
    found = {
        name: agreement(matrix, level="ordinal", draws=draws, seed=seed)
        for name, matrix in matrices.items()
    }
    stops = len(next(iter(matrices.values())))
    together = np.concatenate(list(matrices.values()))
    groups = np.tile(np.arange(stops), len(matrices))
    found[""] = agreement(together, level="ordinal", groups=groups, draws=draws, seed=seed)
    return found


def compare(before: DataFrame, after: DataFrame, *, draws: int = 2000, seed: int = 0) -> DataFrame:
    """
    Compare the same stops in two walks.

    Parameters
    ----------
    before, after
        Rows of the layer `audits`, or of `by_stop`: the nine items, with the column or index
        `stop`; only stops that are in both count.
    draws, seed
        Of the interval, and of the test where there are too many stops to try all signs.

    Returns
    -------
    items
        Index item: `stops` compared, means `before` and `after`, their difference `change`
        with `low` and `high` (90 %, stops drawn anew), `better`, `worse` and `same` (numbers
        of stops), and `p`: two-sided sign-flip test of no change, stop by stop. NaN where
        fewer than two stops can be compared. A walk shows what changed, not why: other
        nights, other raters and the season differ as well.

    Source
    ------
    Fisher's randomization test for paired differences: Good (2005), Permutation, Parametric
    and Bootstrap Tests of Hypotheses, 3.2.
    """
    first, second = _by_spot(before), _by_spot(after)
    stops = first.index.intersection(second.index)
    generator = np.random.default_rng(seed)
    rows = {
        name: _compared(
            first.loc[stops, name].to_numpy(dtype=float),
            second.loc[stops, name].to_numpy(dtype=float),
            draws,
            generator,
        )
        for name in ITEMS
    }
    return DataFrame.from_dict(rows, orient="index").rename_axis("item")


def _by_spot(table: DataFrame) -> DataFrame:
    kept = table.set_index("stop") if "stop" in table else table
    # a spot that stands twice, such as on two walks of one evening, is told by its median
    return DataFrame(kept[list(ITEMS)]).groupby(level=0).median()


def _compared(
    before: Floats, after: Floats, draws: int, generator: np.random.Generator
) -> dict[str, Any]:
    both = np.isfinite(before) & np.isfinite(after)
    before, after = before[both], after[both]
    change, stops = after - before, int(both.sum())
    told: dict[str, Any] = {
        "stops": stops,
        "before": before.mean() if stops else np.nan,
        "after": after.mean() if stops else np.nan,
        "change": change.mean() if stops else np.nan,
        "low": np.nan,
        "high": np.nan,
        "better": int((change > 0).sum()),
        "worse": int((change < 0).sum()),
        "same": int((change == 0).sum()),
        "p": np.nan,
    }
    if stops > 1:
        again = change[generator.integers(stops, size=(draws, stops))].mean(axis=1)
        low, high = np.quantile(again, [TAIL, 1 - TAIL])
        told |= {"low": float(low), "high": float(high), "p": _p(change, draws, generator)}
    return told


def _p(change: Floats, draws: int, generator: np.random.Generator) -> float:
    """Share of sign patterns with a mean change at least as large, ties included."""
    if len(change) <= EXACT:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(change))))
        return float(_at_least(signs @ change, change).mean())
    signs = generator.choice((-1.0, 1.0), size=(draws, len(change)))
    return float((1 + _at_least(signs @ change, change).sum()) / (1 + draws))


def _at_least(sums: Floats, change: Floats) -> Any:
    return np.abs(sums) >= abs(change.sum()) - 1e-9
