"""Tables of fairness: group against group, and the Lorenz curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from . import inequality
from .fairness_words import RANKS
from .frames import frame_of
from .network import Network
from .paths import Floats
from .question import Question
from .registry import Table
from .schema import Column
from .sources.population import GROUPS
from .sureness import DRAWS, situation_of
from .text import Text
from .uncertainty import shares

WORSE, BETTER = Text("worse off"), Text("better off")
WORSE_BY_ESTIMATE = Text("worse off by estimate, not beyond doubt")
BETTER_BY_ESTIMATE = Text("better off by estimate, not beyond doubt")


def by_group(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> Table:
    """
    Compare every group with all people who are not in it.

    Parameters
    ----------
    population, homes, streets, layer, question, draws, seed
        As in `sureness.sure_of`.

    Returns
    -------
    table
        One row per group that is counted: share reached and its difference
        to all others [percentage points], each with its 90 % interval. Both
        are drawn together, so that what is unsure for all does not hide a difference.
        Estimated people may live anywhere in their coarser area: a difference
        is beyond doubt only if it stays one wherever they do, and has no ends
        where it could be anything.
    """
    names = [name for name in RANKS if population[name].notna().any()]
    split = population.assign(
        **{f"not_{name}": population["residents"] - population[name] for name in names}
    )
    columns = [*names, *(f"not_{name}" for name in names)]
    rows = []
    if names:
        args = (homes, streets, layer, question, columns)
        drawn = shares(situation_of(split, *args), draws=draws, seed=seed)
        table_of = _reached(split, homes, streets, layer, question, columns)
        for number, name in enumerate(names):
            rows.append(_group(name, number, len(names), drawn, table_of, split))
    wanted = (
        Column("group", str, Text("Group")),
        # beside the name, so that it is read without scrolling on a phone
        Column("verdict", str, Text("In words")),
        Column("people", float, Text("People"), "people"),
        Column("share", float, Text("reached"), "%"),
        Column("low", float, Text("at least"), "%"),
        Column("high", float, Text("at most"), "%"),
        Column("difference", float, Text("against all others"), "points"),
        Column("difference_low", float, Text("at least"), "points"),
        Column("difference_high", float, Text("at most"), "points"),
    )
    frame = frame_of(rows, wanted, names)
    return Table("groups", Text("Group against group"), frame, wanted)


def _reached(
    population: GeoDataFrame,
    homes: GeoSeries,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    columns: list[str],
) -> Floats:
    """Share of each column that is reached [%]."""
    places = question.places(layer)
    walks = streets.open_to(question.who_walks).nearest(homes, places.geometry)
    covered = walks.metres <= question.metres
    people = np.nan_to_num(population[columns].to_numpy(dtype=float))
    whole = people.sum(axis=0)
    return np.divide(
        100 * people[covered].sum(axis=0), whole, out=np.full(len(columns), np.nan), where=whole > 0
    )


def _group(
    name: str, at: int, groups: int, drawn: Floats, reached: Floats, population: GeoDataFrame
) -> dict[str, object]:
    low, high = np.quantile(drawn[:, at], [0.05, 0.95])
    apart = drawn[:, at] - drawn[:, groups + at]
    least, most = np.quantile(apart, [0.05, 0.95])
    doubt = sum(_estimated(population, one) for one in (name, f"not_{name}"))
    known = doubt < 100
    return {
        "group": GROUPS[name],
        "people": float(population[name].sum()),
        "share": reached[at],
        "low": low,
        "high": high,
        "difference": reached[at] - reached[groups + at],
        "difference_low": max(least - doubt, -100.0) if known else float("nan"),
        "difference_high": min(most + doubt, 100.0) if known else float("nan"),
        "verdict": _verdict(least, most, doubt),
    }


def _estimated(population: GeoDataFrame, name: str) -> float:
    """Share of a group that is estimated [%]: so far off may the share reached be at most."""
    people = np.nan_to_num(population[name].to_numpy(dtype=float))
    total = float(people.sum())
    part = float(people[population["downscaled"].to_numpy(dtype=bool)].sum())
    return 100 * part / total if total > 0 else 0.0


def _verdict(least: float, most: float, doubt: float) -> Text:
    """Tell a difference; `doubt` [points] is what estimated people may change."""
    if most < 0:
        return WORSE if most + doubt < 0 else WORSE_BY_ESTIMATE
    if least > 0:
        return BETTER if least - doubt > 0 else BETTER_BY_ESTIMATE
    return Text("no difference beyond doubt")


def answer_of(groups: Table) -> tuple[Text, ...]:
    """
    Name the groups that are worst off beyond doubt, or say that there is none.

    Parameters
    ----------
    groups
        As `by_group` made it.
    """
    frame = groups.frame
    if frame.empty:
        return (Text("Nobody counted any group here, so groups cannot be compared"),)
    worse = frame[frame["verdict"] == WORSE].sort_values("difference", kind="stable")
    if worse.empty:
        return (Text("No group is worse off beyond doubt"), *_by_estimate(frame))
    worst = worse.iloc[0]
    alike = worse.iloc[1:]
    alike = alike[alike["difference_low"] <= worst["difference"]]
    return (
        Text("Reaching a place less often than all others: {group}", group=worst["group"]),
        _against(worst),
        *(
            (Text("Not told apart from them: {groups}.", groups=tuple(alike["group"])),)
            if len(alike)
            else ()
        ),
    )


def _against(row: pd.Series[Any]) -> Text:
    return Text(
        "{share} of 100 against {others} of 100.",
        share=round(row["share"]),
        others=round(row["share"] - row["difference"]),
    )


def _by_estimate(frame: pd.DataFrame) -> tuple[Text, ...]:
    """Say what estimates hint at, and why it is no more than a hint."""
    hinted = frame[frame["verdict"] == WORSE_BY_ESTIMATE]
    if hinted.empty:
        return ()
    return (
        Text(
            "Estimates hint at: {groups}. Where each group lives within coarser areas is not"
            " known.",
            groups=tuple(hinted.sort_values("difference", kind="stable")["group"]),
        ),
    )


def lorenz_of(values: Floats, people: Floats) -> Table:
    """
    Draw share of everything against share of people, those with least first [%].

    Parameters
    ----------
    values
        (n,) value per person of each cell.
    people
        (n,) people per cell.
    """
    parts = np.arange(0.0, 101, 5)
    shares_of_all = inequality.lorenz(values, people, parts)
    frame = pd.DataFrame({"people": parts, "share": shares_of_all, "even": parts})
    columns = (
        Column("people", float, Text("People, those with least first"), "%"),
        Column("share", float, Text("their share of all"), "%"),
        Column("even", float, Text("if all had the same"), "%"),
    )
    return Table("lorenz", Text("How evenly it is spread"), frame, columns, chart="line")
