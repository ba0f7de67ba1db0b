"""Tables of fairness: group against group, indices in sentences, the Lorenz curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from . import inequality
from .frames import frame_of
from .network import Network
from .paths import Floats, Ints
from .question import Question
from .registry import Table
from .schema import Column
from .sources.population import GROUPS
from .sureness import DRAWS, situation_of
from .text import Text
from .uncertainty import shares

RANKS: dict[str, Text] = {name: label for name, label in GROUPS.items() if name != "residents"}
"""Groups whose share may rank neighbourhoods."""

WORSE, BETTER = Text("worse off"), Text("better off")
WORSE_BY_ESTIMATE = Text("worse off by estimate, not beyond doubt")
BETTER_BY_ESTIMATE = Text("better off by estimate, not beyond doubt")

EVEN = 0.02
"""A concentration index nearer to 0 than this is called even; an assumption."""


@dataclass(frozen=True)
class Spread:
    """
    One value per cell and the people it falls to.

    Parameters
    ----------
    values
        (n,) seats per 1,000 people, or minutes; inf where nothing is reached.
    people
        (n,) people per cell.
    district
        (n,) number of the district, -1 outside.
    rank
        (n,) what cells are ranked by; NaN is unknown.
    cost
        Whether less is better.
    """

    values: Floats
    people: Floats
    district: Ints
    rank: Floats
    cost: bool

    @cached_property
    def gini(self) -> float:
        """Gini coefficient."""
        return inequality.gini(self.values, self.people)

    @cached_property
    def theil(self) -> inequality.Theil:
        """Theil index, within and between districts."""
        return inequality.theil(self.values, self.people, self.district)

    @cached_property
    def concentration(self) -> float:
        """Concentration index over the ranking."""
        return inequality.concentration(self.values, self.people, self.rank)

    @cached_property
    def palma(self) -> float:
        """Palma ratio over the ranking."""
        return inequality.palma(self.values, self.people, self.rank)

    @property
    def standard(self) -> float:
        """What nobody should fall short of: half of the average; for a cost, twice the average."""
        known = np.isfinite(self.values)
        total = float(self.people[known].sum())
        mean = float(self.values[known] @ self.people[known]) / total if total > 0 else np.nan
        return 2 * mean if self.cost else mean / 2

    @property
    def crooked(self) -> bool:
        """Whether concentration index and Palma ratio point in opposite directions."""
        ends = self.palma - 1
        return bool(abs(self.concentration) >= EVEN and self.concentration * ends < 0)

    def shortfall(self, alpha: float) -> float:
        """
        Foster-Greer-Thorbecke shortfall; for a cost, of 1 / value below 1 / standard.

        Parameters
        ----------
        alpha
            As in `inequality.shortfall`.
        """
        if not self.standard > 0:
            return float("nan")
        if not self.cost:
            return inequality.shortfall(self.values, self.people, self.standard, alpha)
        quick = 1 / np.maximum(self.values, 1e-9)
        return inequality.shortfall(quick, self.people, 1 / self.standard, alpha)

    @property
    def short_label(self) -> Text:
        """What it means to fall short."""
        if self.cost:
            return Text("walk more than twice the average")
        return Text("less than half of the average")


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


def indices_of(spread: Spread, rank: str) -> Table:
    """Tell every index with its value and one plain sentence."""
    rows = [
        ("gini", Text("Gini coefficient"), spread.gini, _of_gini(spread)),
        ("theil", Text("Theil index"), spread.theil.total, _of_theil(spread)),
        (
            "concentration",
            Text("Concentration index"),
            spread.concentration,
            _of_rank(spread, rank),
        ),
        ("palma", Text("Palma ratio"), spread.palma, _of_palma(spread, rank)),
        ("fgt0", Text("Falling short (FGT 0)"), spread.shortfall(0), _of_short(spread)),
        (
            "fgt1",
            Text("Depth (FGT 1)"),
            spread.shortfall(1),
            Text("the same, times how far on average"),
        ),
        (
            "fgt2",
            Text("Severity (FGT 2)"),
            spread.shortfall(2),
            Text("the same, large gaps counting more"),
        ),
    ]
    columns = (
        Column("index", str, Text("Index")),
        Column("value", float, Text("Value, times 100")),
        Column("words", str, Text("In words")),
    )
    told = [{"index": name, "value": 100 * v, "words": words} for _, name, v, words in rows]
    frame = frame_of(told, columns, [key for key, *_ in rows])
    return Table("indices", Text("Indices, in words"), frame, columns)


def _of_gini(spread: Spread) -> Text:
    if np.isnan(spread.gini):
        return Text("cannot be told")
    return Text(
        "two people picked at random differ by {percent} % of the average, on average",
        percent=round(200 * spread.gini),
    )


def _of_theil(spread: Spread) -> Text:
    parts = spread.theil
    if not parts.total > 0:
        return Text("cannot be told")
    if not (spread.district >= 0).any():
        return Text("districts are not known, so it cannot be split")
    between = round(100 * max(parts.between, 0) / parts.total)
    return Text(
        "{between} % of the spread lies between districts, {within} % within them",
        between=between,
        within=100 - between,
    )


def _of_rank(spread: Spread, rank: str) -> Text:
    index = spread.concentration
    if np.isnan(index):
        return Text("cannot be told")
    if abs(index) < EVEN:
        return Text("hardly depends on the share of {group}", group=RANKS[rank])
    if spread.cost:
        longer = Text("neighbourhoods with more {group} walk longer", group=RANKS[rank])
        shorter = Text("neighbourhoods with more {group} walk less far", group=RANKS[rank])
        return longer if index > 0 else shorter
    more = Text("neighbourhoods with more {group} have more of it", group=RANKS[rank])
    less = Text("neighbourhoods with more {group} have less of it", group=RANKS[rank])
    return more if index > 0 else less


def _of_palma(spread: Spread, rank: str) -> Text:
    if np.isnan(spread.palma):
        return Text("cannot be told")
    words = {"group": RANKS[rank], "percent": round(100 * spread.palma)}
    if spread.cost:
        return Text(
            "the tenth with most {group} walks {percent} % of the minutes of the 40 % with fewest",
            **words,
        )
    return Text(
        "the tenth with most {group} has {percent} % of what the 40 % with fewest have", **words
    )


def _of_short(spread: Spread) -> Text:
    part = spread.shortfall(0)
    if np.isnan(part):
        return Text("cannot be told")
    return Text("{share} of 100 people: {label}", share=round(100 * part), label=spread.short_label)


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
