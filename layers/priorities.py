"""
What comes first: a weighted mean of a few named parts, with honest ties and doubts.

Each part lies between 0 and 1 by a rule that stands in data/priorities.toml; NaN is
unknown, a third state beside few and much. Nothing here is measured: the weights are a
choice, and therefore the page shows what another choice would change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import ParameterError
from .facts import facts
from .parameters import Choice
from .paths import Floats, Ints
from .text import Text

_FACTS = facts("priorities")

UNKNOWN = Choice(
    {
        "left_out": Text("leave it out: the mean of what is known"),
        "low": Text("count it as 0"),
        "high": Text("count it as 1, to be on the safe side"),
    }
)
"""What a part that is unknown counts as."""
LEFT_OUT, LOW, HIGH = UNKNOWN.options
MOST = 10
"""Largest weight; only their ratio counts."""
HUNDRED = 100
"""A score of 1 in points; whole points are what is shown and what ranks go by."""
GUARD = 1e-9
"""Less than this [points] is rounding of the machine, never a reason for another rank."""
ROWS = 64
"""Draws that are worked on at once."""


@dataclass(frozen=True)
class Part:
    """
    One part of a priority.

    Parameters
    ----------
    name
        Name in addresses and files.
    label, about
        What it is called, and its rule in a sentence.
    weight
        What it usually counts as, against the others.
    half
        Where its scale reaches one half, in its own unit; NaN where it has another rule.
    source
        Where rule and weight come from.
    """

    name: str
    label: Text
    about: Text
    weight: float
    half: float
    source: str


@dataclass(frozen=True)
class Preset:
    """Weights to begin with: `weights` by name of part."""

    name: str
    label: Text
    about: Text
    weights: Mapping[str, float]


PARTS: dict[str, Part] = {
    name: Part(
        name,
        Text(entry["label"]),
        Text(entry["about"]),
        float(entry["weight"]),
        float(entry.get("half", np.nan)),
        entry["source"],
    )
    for name, entry in _FACTS.items()
    if entry["is"] == "part"
}
"""All parts, in the order of data/priorities.toml."""
PRESETS: dict[str, Preset] = {
    name: Preset(name, Text(entry["label"]), Text(entry["about"]), entry["weights"])
    for name, entry in _FACTS.items()
    if entry["is"] == "preset"
}
"""Weights to begin with; the first are the usual ones."""
GRAVE: dict[str, float] = {
    name: float(entry["grave"]) for name, entry in _FACTS.items() if entry["is"] == "factor"
}
"""How grave each factor is, from 0 to 1."""
SPREAD, DRAWS, INSIDE, TOP = (
    _FACTS["shaking"][name] for name in ("spread", "draws", "inside", "top")
)


@dataclass(frozen=True, eq=False)
class Ranks:
    """
    Ranks with ties.

    Parameters
    ----------
    first, last
        (n,) best and worst place of each task; equal unless it shares its
        points with others. 0 where there is no rank, because nothing is known.
    """

    first: Ints
    last: Ints


@dataclass(frozen=True, eq=False)
class Stability:
    """
    What becomes of the ranks if the weights are shaken.

    Parameters
    ----------
    share
        (n,) share of draws in which each task is among the first ones, ties
        included; NaN where it has no rank.
    low, high
        (n,) between these ranks it lies in nine of ten draws; 0 where it has none.
    draws, top
        How often was drawn, and how many are “the first ones”.
    """

    share: Floats
    low: Ints
    high: Ints
    draws: int
    top: int


def as_weights(named: Mapping[str, float]) -> Floats:
    """
    Return the weights in the order of `PARTS`; parts that are not named count nothing.

    Raises
    ------
    ParameterError
        If a part is unknown, a weight is no number from 0 to 10, or all are 0;
        lists every fault.
    """
    wrong = [
        Text("there is no part “{name}”; there are: {names}", name=name, names=tuple(PARTS))
        for name in named
        if name not in PARTS
    ]
    wrong += [
        Text("the weight of “{part}” is a number from 0 to {most}", part=part.label, most=MOST)
        for name, part in PARTS.items()
        if not 0 <= float(named.get(name, 0)) <= MOST
    ]
    if not wrong and not any(named.values()):
        wrong = [Text("give at least one part a weight above 0; otherwise nothing comes first")]
    if wrong:
        raise ParameterError(wrong)
    return np.array([float(named.get(name, 0)) for name in PARTS])


def score(parts: Floats, weights: Floats, *, unknown: str = LEFT_OUT) -> Floats:
    """
    Return the weighted mean of the parts of each task.

    Parameters
    ----------
    parts
        (n, k) from 0 to 1, NaN is unknown.
    weights
        (k,) not negative, not all 0; only their ratio counts.
    unknown
        What unknown counts as, one of `UNKNOWN`.

    Returns
    -------
    scores
        (n,) from 0 to 1; NaN where nothing that counts is known.
    """
    values = filled(parts, unknown)
    total, norm = np.zeros(len(parts)), np.zeros(len(parts))
    # one part after the other, as the browser does: the sums are the same to the last bit
    for column, weight in zip(values.T, weights, strict=True):
        known = ~np.isnan(column)
        total[known] += weight * column[known]
        norm[known] += weight
    scores = np.full(len(parts), np.nan)
    return np.divide(total, norm, out=scores, where=norm > 0)


def points(scores: Floats) -> Ints:
    """Return scores in whole points of a hundred, halves upwards; -1 is unknown."""
    whole = np.floor(HUNDRED * scores + 0.5 + GUARD)
    return np.where(np.isnan(scores), -1, whole).astype(np.int64)


def ranks(whole: Ints) -> Ranks:
    """
    Rank tasks by their points; equal points share their rank.

    Parameters
    ----------
    whole
        (n,) from `points`.
    """
    ordered = np.sort(whole)
    above = len(whole) - np.searchsorted(ordered, whole, side="right")
    least = len(whole) - np.searchsorted(ordered, whole, side="left")
    return Ranks(np.where(whole < 0, 0, above + 1), np.where(whole < 0, 0, least))


def reach(parts: Floats, weights: Floats) -> Ranks:
    """
    Return between which ranks each task lies, whatever is true of what is unknown.

    `first` is its rank if its own unknown parts are 1 and those of all others 0;
    `last` the other way round. Where nothing is unknown, they are those of `ranks`.
    """
    low = points(score(parts, weights, unknown=LOW))
    high = points(score(parts, weights, unknown=HIGH))
    count = len(parts)
    surely = count - np.searchsorted(np.sort(low), high, side="right")
    perhaps = count - np.searchsorted(np.sort(high), low, side="left")
    return Ranks(surely + 1, perhaps)  # it counts itself among those perhaps not below it


def stability(
    parts: Floats,
    weights: Floats,
    *,
    unknown: str = LEFT_OUT,
    draws: int = DRAWS,
    seed: int,
    spread: float = SPREAD,
    top: int = TOP,
) -> Stability:
    """
    Shake the weights and look at what becomes of the ranks.

    Parameters
    ----------
    parts, weights, unknown
        As in `score`.
    draws
        How often.
    seed
        The same seed shakes in the same way.
    spread
        Standard deviation of the logarithm of what each weight is multiplied by.
    top
        How many are “the first ones”.
    """
    random = np.random.default_rng(seed)
    shaken = weights * np.exp(spread * random.standard_normal((draws, len(weights))))
    values = filled(parts, unknown)
    known = ~np.isnan(values)
    values = np.where(known, values, 0.0)
    found = np.empty((draws, len(parts)), dtype=np.int32)
    for begin in range(0, draws, ROWS):
        some = shaken[begin : begin + ROWS]
        found[begin : begin + ROWS] = _ranked(some @ values.T, some @ known.T.astype(float))
    ordered = np.sort(found, axis=0)
    edge = int(np.floor(draws * (1 - INSIDE) / 2))
    low, high = ordered[edge], ordered[draws - 1 - edge]
    ranked = high > 0
    share = np.where(ranked, np.mean((found > 0) & (found <= top), axis=0), np.nan)
    return Stability(share, low.astype(np.int64), high.astype(np.int64), draws, top)


def _ranked(total: Floats, norm: Floats) -> NDArray[np.int32]:
    """Rank every row of scores by itself: count how many have more points."""
    scores = np.full(total.shape, np.nan)
    np.divide(total, norm, out=scores, where=norm > 0)
    whole = points(scores)
    bins = HUNDRED + 3  # points from -1 to 101, should a guard ever lift one
    row = np.arange(len(whole))[:, None]
    tally = np.bincount((row * bins + whole + 1).ravel(), minlength=len(whole) * bins)
    above = tally.reshape(len(whole), bins)[:, ::-1].cumsum(axis=1)[:, ::-1]
    places = 1 + above[row, whole + 2]
    return np.where(whole < 0, 0, places).astype(np.int32)


def filled(parts: Floats, unknown: str) -> Floats:
    """Return the parts with what unknown counts as, one of `UNKNOWN`; NaN is left out."""
    if unknown not in UNKNOWN.options:
        names = tuple(UNKNOWN.options)
        raise ParameterError(
            [Text("unknown parts count as one of {names}, not “{unknown}”", names=names,
                  unknown=unknown)]
        )  # fmt: skip
    if unknown == LEFT_OUT:
        return np.asarray(parts, dtype=float)
    return np.where(np.isnan(parts), float(unknown == HIGH), parts)
