"""How far several raters see the same things alike: Krippendorff's alpha, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .paths import Floats, Ints
from .text import Text

LEVELS: dict[str, Text] = {
    "nominal": Text("names without an order"),
    "ordinal": Text("steps in an order"),
    "interval": Text("numbers with equal distances"),
}
"""Levels of measurement that alpha knows here."""

ALIKE, TENTATIVE = 0.8, 0.667
"""Alpha from which conclusions are called reliable, or tentative; Krippendorff (2004), p. 241."""

TAIL = 0.05
"""So much of the bootstrap lies beyond each end of the interval: 90 % lie within."""


@dataclass(frozen=True)
class Agreement:
    """
    How well raters agree.

    Parameters
    ----------
    alpha
        1 is complete agreement, 0 is what chance alone gives, below is worse than chance;
        NaN if it cannot be told: fewer than two raters, or everybody gave one and the same value.
    low, high
        Interval of 90 %, by drawing the units anew; NaN where alpha is.
    units
        Units that at least two raters have rated.
    raters
        Raters who share a unit with another one.
    values
        Ratings that count.
    same
        Whether all ratings that count are one and the same value.
    """

    alpha: float
    low: float
    high: float
    units: int
    raters: int
    values: int
    same: bool = False

    @property
    def told(self) -> bool:
        """Whether there is a figure at all."""
        return bool(np.isfinite(self.alpha))


def alpha(ratings: Floats, *, level: str = "ordinal") -> float:
    """
    Return Krippendorff's alpha.

    Parameters
    ----------
    ratings
        (units, raters); NaN is not rated.
    level
        A key of `LEVELS`.

    Returns
    -------
    alpha
        1 minus observed by expected disagreement; NaN if nothing can be told.

    Source
    ------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    pairs, values = _coincidences(ratings)
    return float(_alphas(pairs.sum(axis=0)[None], values, level)[0])


def agreement(
    ratings: Floats,
    *,
    level: str = "ordinal",
    groups: Ints | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """
    Return alpha with an interval.

    Parameters
    ----------
    ratings
        (units, raters); NaN is not rated.
    level
        A key of `LEVELS`.
    groups
        (units,) units that are drawn together, such as the items of one stop; by default
        each unit by itself.
    draws, seed
        How often units are drawn anew, and the seed of that.

    Source
    ------
    Krippendorff (2011), as in `alpha`; the interval is a percentile bootstrap of whole units
    (Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13), because ratings of
    one place are not independent of each other.
    """
    pairs, values = _coincidences(ratings)
    counted = np.isfinite(ratings) & (np.isfinite(ratings).sum(axis=1) > 1)[:, None]
    found = float(_alphas(pairs.sum(axis=0)[None], values, level)[0])
    low = high = np.nan
    rated = counted.any(axis=1)
    of = np.arange(len(ratings)) if groups is None else np.asarray(groups)
    names, group = np.unique(of[rated], return_inverse=True)
    if np.isfinite(found) and len(names) > 1:
        blocks = np.zeros((len(names), pairs[0].size))
        np.add.at(blocks, group, pairs[rated].reshape(rated.sum(), -1))
        chance = np.full(len(names), 1 / len(names))
        often = np.random.default_rng(seed).multinomial(len(names), chance, size=draws)
        drawn = (often.astype(float) @ blocks).reshape(draws, *pairs[0].shape)
        again = _alphas(drawn, values, level)
        # a draw in which everybody says the same tells nothing about agreement
        if np.isfinite(again).any():
            low, high = np.nanquantile(again, [TAIL, 1 - TAIL])
    return Agreement(
        alpha=found,
        low=float(low),
        high=float(high),
        units=int(rated.sum()),
        raters=int(counted.any(axis=0).sum()),
        values=int(counted.sum()),
        same=bool(counted.any()) and len(np.unique(ratings[counted])) == 1,
    )


def sentence(found: Agreement) -> Text:
    """Say in plain words what an agreement means."""
    if found.raters < 2:
        return Text("Fewer than two people have rated the same, so agreement cannot be told.")
    if found.same:
        return Text("Everybody gave the same value everywhere, so chance cannot be told from it.")
    if not found.told:
        return Text("Agreement cannot be told from these ratings.")
    if found.alpha >= ALIKE:
        said = Text("The raters see it alike; the medians can be relied on")
    elif found.alpha >= TENTATIVE:
        said = Text("The raters see it more or less alike; take the medians as a first hint")
    elif found.alpha > 0:
        said = Text("The raters see it differently; talk about the stops before using the medians")
    else:
        said = Text("The raters agree no better than by chance; the medians say nothing")
    if not np.isfinite(found.low):
        return Text("{said}. All of it rests on a single stop.", said=said)
    if found.low < TENTATIVE <= found.high:
        return Text("{said}. With so few ratings it may also be otherwise.", said=said)
    return Text("{said}.", said=said)


def _coincidences(ratings: Floats) -> tuple[Floats, Floats]:
    """Return (units, v, v) pairs of values within each unit, weighted, and the v values."""
    ratings = np.asarray(ratings, dtype=float)
    values = np.unique(ratings[np.isfinite(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=1).astype(float)
    rated = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    same = np.arange(len(values))
    pairs[:, same, same] -= counts
    weight = np.where(rated > 1, rated - 1, np.inf)
    return pairs / weight[:, None, None], values


def _alphas(pairs: Floats, values: Floats, level: str) -> Floats:
    """Return alpha of each of (d, v, v) coincidence matrices."""
    if not len(values):
        return np.full(len(pairs), np.nan)
    each = pairs.sum(axis=2)
    total = each.sum(axis=1)
    apart = _distances(each, values, level)
    observed = (pairs * apart).sum(axis=(1, 2))
    expected = (each[:, :, None] * each[:, None, :] * apart).sum(axis=(1, 2))
    known = (expected > 0) & (total > 1)
    share = np.divide((total - 1) * observed, expected, where=known, out=np.zeros(len(pairs)))
    return np.where(known, 1 - share, np.nan)


def _distances(each: Floats, values: Floats, level: str) -> Floats:
    """Return (d, v, v) squared distances between values; only ordinal ones depend on `each`."""
    if level == "nominal":
        return np.broadcast_to(1.0 - np.eye(len(values)), (len(each), len(values), len(values)))
    if level == "interval":
        apart = (values[:, None] - values[None]) ** 2
        return np.broadcast_to(apart, (len(each), *apart.shape))
    # how many ratings lie between two values, half of those at either end included
    middle = np.cumsum(each, axis=1) - each / 2
    return (middle[:, :, None] - middle[:, None, :]) ** 2
