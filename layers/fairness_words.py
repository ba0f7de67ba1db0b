"""Indices of fairness with their intervals, each in one plain sentence."""

from __future__ import annotations

import numpy as np

from .fairness_indices import EVEN, Spread
from .fairness_sureness import UNDRAWN, IndicesDrawn
from .frames import frame_of
from .registry import Table
from .schema import Column
from .sources.population import GROUPS
from .text import Text

RANKS: dict[str, Text] = {name: label for name, label in GROUPS.items() if name != "residents"}
"""Groups whose share may rank neighbourhoods."""

SIDES = {"concentration": 0.0, "palma": 1.0}
"""Values at which neither end of the ranking has more."""


def indices_of(spread: Spread, rank: str, drawn: IndicesDrawn = UNDRAWN) -> Table:
    """
    Tell every index with its value, its interval and one plain sentence.

    Parameters
    ----------
    spread, rank
        What is spread over whom, and the group that ranks neighbourhoods.
    drawn
        Draws of the indices; without them there are no ends.
    """
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
        # beside the name, so that it is read without scrolling on a phone
        Column("words", str, Text("In words")),
        Column("value", float, Text("Value, times 100")),
        Column("low", float, Text("at least")),
        Column("high", float, Text("at most")),
    )
    told = []
    for key, name, value, sentence in rows:
        low, high = drawn.ends(key, value)
        words = {"words": _with_doubt(key, sentence, drawn, value)}
        told.append(
            {"index": name, "value": 100 * value, "low": 100 * low, "high": 100 * high} | words
        )
    frame = frame_of(told, columns, [key for key, *_ in rows])
    return Table("indices", Text("Indices, in words"), frame, columns)


def _with_doubt(key: str, sentence: Text, drawn: IndicesDrawn, value: float) -> Text:
    """Add what the draws leave open: on which side it lies, and for whom it may be the same."""
    low, high = drawn.ends(key, value)
    if key in SIDES and low <= SIDES[key] <= high:
        sentence = Text("{words}; but it may be the other way round", words=sentence)
    alike = drawn.alike(key)
    if not alike or np.isnan(value):
        return sentence
    if len(alike) == len(drawn.groups) - 1 > 1:
        return Text("{words}; for every other group it may be as large", words=sentence)
    groups = tuple(GROUPS[name] for name in alike)
    return Text("{words}; it may be as large for {groups}", words=sentence, groups=groups)


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
