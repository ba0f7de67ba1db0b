"""The public log of moderation: numbers per month, small ones protected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pandas import DataFrame

from .rejections import REJECTIONS
from .text import Text

LEAST = 5
"""Smaller numbers, except none at all, are not told [marks]."""
FEW = Text("fewer than {least}", least=LEAST)
HELD_BACK = Text("not told, so that smaller numbers cannot be worked out")


@dataclass(frozen=True)
class Shown:
    """
    A number as the public may read it.

    Parameters
    ----------
    value
        The number, or None if it is not told.
    why
        Why not, or None.
    """

    value: int | None
    why: Text | None = None


@dataclass(frozen=True)
class Month:
    """
    One month.

    Parameters
    ----------
    month
        Such as "2026-05".
    received
        Marks sent in it.
    published, rejected
        Of these, those accepted at least once, and those that stand rejected.
    median_days
        Half of their first answers came within so many days; None where fewer
        than `LEAST` were answered.
    """

    month: str
    received: Shown
    published: Shown
    rejected: Shown
    median_days: float | None


def protected(counts: Sequence[int]) -> list[Shown]:
    """
    Protect the small numbers of a list whose sum somebody may know.

    Numbers from 1 to `LEAST` - 1 are not told. A single one of them could be
    worked out from the sum, so then the smallest of the others is held back too.

    Parameters
    ----------
    counts
        Numbers of marks.

    Source
    ------
    Complementary suppression: Hundepool et al. (2012), Statistical Disclosure
    Control, Wiley, 4.2.
    """
    shown = [Shown(n) if n == 0 or n >= LEAST else Shown(None, FEW) for n in counts]
    hidden = [i for i, one in enumerate(shown) if one.value is None]
    others = [i for i, n in enumerate(counts) if n >= LEAST]
    if len(hidden) == 1 and others:
        smallest = min(others, key=lambda i: (counts[i], i))
        shown[smallest] = Shown(None, HELD_BACK)
    return shown


def monthly(cases: DataFrame) -> list[Month]:
    """
    Count marks by the month in which they were sent, the latest first.

    Parameters
    ----------
    cases
        One row for each mark: received_at (moment with time zone),
        answered_days (to the first answer, NaN without), accepted (true or
        false), rejected (key of `REJECTIONS`, "" if it does not stand so).
    """
    if cases.empty:
        return []
    told = cases.assign(
        month=cases["received_at"].dt.tz_convert("UTC").dt.strftime("%Y-%m"),
        turned_down=cases["rejected"] != "",
    )
    months = told.groupby("month")
    counted = DataFrame(
        {
            "received": months.size(),
            "published": months["accepted"].sum(),
            "rejected": months["turned_down"].sum(),
            "answered": months["answered_days"].count(),
            "median": months["answered_days"].median(),
        }
    ).sort_index(ascending=False)
    columns = [
        protected([int(n) for n in counted[name]]) for name in ("received", "published", "rejected")
    ]
    medians = counted["median"].where(counted["answered"] >= LEAST)
    return [
        Month(str(month), received, published, rejected, None if pd.isna(days) else float(days))
        for month, received, published, rejected, days in zip(
            counted.index, *columns, medians, strict=True
        )
    ]


def reasons(cases: DataFrame) -> dict[str, Shown]:
    """Count rejections by reason, also those never given; takes what `monthly` takes."""
    counts = cases["rejected"].value_counts() if len(cases) else pd.Series(dtype=int)
    told = protected([int(counts.get(reason, 0)) for reason in REJECTIONS])
    return dict(zip(REJECTIONS, told, strict=True))
