"""Bursts: so many marks in one square within an hour that somebody should look why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame
from scipy.special import betainc

SIDE = 400.0
"""Side of a square [m]."""
HOUR = timedelta(hours=1)
LOOK_BACK = timedelta(days=28)
"""How long the usual rate of a square is learnt from."""
LEAST = 5
"""A few friends who walk home together are no burst [marks]."""
CHANCE = 0.01
"""How often a quiet day of the whole city may raise a flag."""


@dataclass(frozen=True)
class Burst:
    """
    Unusually many marks in one square within one hour.

    Parameters
    ----------
    x, y
        Middle of the square [m].
    began, ended
        First and last of the marks; at most an hour apart.
    marks
        How many, by their ids, the first first.
    senders
        From how many devices.
    usual
        Marks expected in an hour, from the four weeks before.
    chance
        Probability of as many or more in an hour at the usual rate.
    """

    x: float
    y: float
    began: datetime
    ended: datetime
    marks: tuple[str, ...]
    senders: int
    usual: float
    chance: float


def bursts(marks: DataFrame, *, since: datetime) -> list[Burst]:
    """
    Find bursts: at most one for each square, the least likely first.

    A burst is a reason to look, never a reason to reject: a class that walks
    through the park together sends as many.

    Parameters
    ----------
    marks
        All marks of the last weeks: index id; columns x, y [m] (coarse ones do),
        at (moment with time zone), sender.
    since
        Look for bursts that began at or after this moment.

    Source
    ------
    Counts are taken as Poisson with a rate that has a Gamma(1/2) prior and is
    learnt from the weeks before, so that the number in an hour is negative
    binomial (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6). `CHANCE` is
    shared by all squares and hours looked at (Bonferroni).
    """
    if marks.empty:
        return []
    table = marks.sort_values("at", kind="stable").assign(
        column=np.floor(marks["x"] / SIDE), row=np.floor(marks["y"] / SIDE)
    )
    recent = table[table["at"] >= since]
    hours = max((table["at"].max() - since) / HOUR, 1.0)
    tried = hours * max(len(recent.groupby(["column", "row"])), 1)
    found = [
        burst
        for _, square in table.groupby(["column", "row"])
        if (burst := _worst(square, since)) is not None and burst.chance * tried < CHANCE
    ]
    return sorted(found, key=lambda burst: (burst.chance, burst.x, burst.y))


def _worst(square: DataFrame, since: datetime) -> Burst | None:
    """Return the fullest hour of one square, if it holds enough marks."""
    moments: Any = pd.DatetimeIndex(square["at"])
    ends = moments.searchsorted(moments + HOUR, side="right")
    held = np.where(moments >= since, ends - np.arange(len(moments)), 0)
    first = int(held.argmax())
    count = int(held[first])
    if count < LEAST:
        return None
    began = moments[first]
    before = int(((moments >= began - LOOK_BACK) & (moments < began)).sum())
    hours = LOOK_BACK / HOUR
    # the upper tail of the negative binomial distribution, written as a beta integral
    chance = float(betainc(count, before + 0.5, 1 / (hours + 1)))
    within = square.iloc[first : first + count]
    return Burst(
        x=float((square["column"].iloc[0] + 0.5) * SIDE),
        y=float((square["row"].iloc[0] + 0.5) * SIDE),
        began=began.to_pydatetime(),
        ended=moments[first + count - 1].to_pydatetime(),
        marks=tuple(map(str, within.index)),
        senders=int(within["sender"].nunique()),
        usual=(before + 0.5) / hours,
        chance=chance,
    )
