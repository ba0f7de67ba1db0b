"""Tables of fairness: group against group, indices in sentences, the Lorenz curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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
            rows.append(_group(name, number, len(names), drawn, table_of, population))
    wanted = (
        Column("group", str, Text("Group")),
        Column("people", float, Text("People"), "people"),
        Column("share", float, Text("reached"), "%"),
        Column("low", float, Text("at least"), "%"),
        Column("high", float, Text("at most"), "%"),
        Column("difference", float, Text("against all others"), "points"),
        Column("difference_low", float, Text("at least"), "points"),
        Column("difference_high", float, Text("at most"), "points"),
        Column("verdict", str, Text("In words")),
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
    return {
        "group": GROUPS[name],
        "people": float(population[name].sum()),
        "share": reached[at],
        "low": low,
        "high": high,
        "difference": reached[at] - reached[groups + at],
        "difference_low": least,
        "difference_high": most,
        "verdict": _verdict(least, most),
    }


def _verdict(least: float, most: float) -> Text:
    if most < 0:
        return Text("worse off")
    if least > 0:
        return Text("better off")
    return Text("no difference beyond doubt")


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
    more = Text("neighbourhoods with more {group} have more of it", group=RANKS[rank])
    less = Text("neighbourhoods with more {group} have less of it", group=RANKS[rank])
    return more if index > 0 else less


def _of_palma(spread: Spread, rank: str) -> Text:
    if np.isnan(spread.palma):
        return Text("cannot be told")
    return Text(
        "the tenth with most {group} has {times} times as much as the 40 % with fewest",
        group=RANKS[rank],
        times=round(spread.palma, 2),
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
