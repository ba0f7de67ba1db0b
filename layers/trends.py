"""
Trends of small numbers: counts with exact intervals, and change only where it can be told.

Marks of one device on one day count once: they are one person's say. A year is
compared with the year before as both stood at the same age: marks accepted and
still open then. Otherwise moderation (the newest are not read yet) and erasure
(the oldest closed ones are gone) would look like a trend.

Source
------
F. Garwood (1936), Biometrika 28, 437-442 (intervals of counts); ratios by the
conditional binomial interval of C. J. Clopper and E. S. Pearson (1934),
Biometrika 26, 404-413; many comparisons: Y. Benjamini and Y. Hochberg (1995),
JRSS B 57, 289-300; days with unusually many: negative binomial upper tail as
in `bursts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from pandas import DataFrame
from scipy.special import betainc

from .exact_tests import hypergeometric, poisson_interval, rate_ratio, share_interval
from .paths import Floats, Ints
from .text import Text

LEVEL = 0.95
"""Level of every interval here: both directions are looked at."""
DARK_MONTHS = frozenset({11, 12, 1, 2})
"""Months in the middle of which the sun sets before 18:00 German time (at 51° N, computed)."""
YEAR = timedelta(days=365)
LITTLE = 0.1
"""Digit to which ratios are told."""
QUARTER = 3
"""So many complete months are compared with the same months a year before (assumption)."""
CHANCE = 0.01
"""How often a period without campaigns may show a day with unusually many (assumption)."""
FEW = 5
"""Below so many a day is never called unusual (assumption, as for bursts)."""
AFTER_RELEASE = 7
"""So many days after a release, its own day included, are looked at apart (assumption)."""


@dataclass(frozen=True)
class Span:
    """Days from `start` to the one before `stop`, as things stood on `seen`."""

    start: date
    stop: date
    seen: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.stop - self.start).days

    def before(self) -> Span:
        """Return the same days a year before, seen a year earlier."""
        return Span(_a_year_before(self.start), _a_year_before(self.stop), self.seen - YEAR)

    def just_before(self) -> Span:
        """Return as many whole months just before, seen as much earlier."""
        months = 12 * (self.stop.year - self.start.year) + self.stop.month - self.start.month
        start = _months_before(self.start, months)
        return Span(start, self.start, self.seen - (self.stop - self.start))


@dataclass(frozen=True)
class Change:
    """
    One count against another.

    Parameters
    ----------
    now, before
        The counts.
    ratio, low, high
        How many times as often as before, per day, with an exact interval.
    p
        Two-sided, exact.
    verdict
        "more", "fewer", "none" where no change can be told, "unknown" where nothing
        can be compared.
    """

    now: int
    before: int
    ratio: float
    low: float
    high: float
    p: float
    verdict: str


def as_of(marks: DataFrame) -> date:
    """Return the day as of which a table of marks holds: as it says itself, else its last day."""
    told = marks.attrs.get("as_of", "")
    days = [marks[name].max() for name in ("received_on", "accepted_on", "closed_on")]
    return date.fromisoformat(told or max((day for day in days if len(marks) and day), default="")
                              or "1970-01-01")  # fmt: skip


def since(starts: list[date], first: date) -> list[date]:
    """Return the months that began after the first mark came: earlier ones are not zero."""
    return [start for start in starts if start >= first] or starts[-1:]


def month_starts(today: date, months: int) -> list[date]:
    """Return the first days of the last complete months, and that of the present one at the end."""
    first = today.replace(day=1)
    return [_months_before(first, back) for back in range(months, -1, -1)]


def says(marks: DataFrame) -> DataFrame:
    """
    Return marks so that one device counts once a day.

    Parameters
    ----------
    marks
        Columns `sender` ("" is not known: counts by itself) and `received_on`.
    """
    known = marks["sender"] != ""
    return marks[~(known & marks.duplicated(["sender", "received_on"]))]


def within(marks: DataFrame, span: Span) -> DataFrame:
    """Return marks received in a span of days that were accepted and open when it was seen."""
    received, closed = marks["received_on"], marks["closed_on"]
    here = (received >= span.start.isoformat()) & (received < span.stop.isoformat())
    here &= marks["accepted_on"] <= span.seen.isoformat()
    return marks[here & ((closed == "") | (closed > span.seen.isoformat()))]


def per_month(received: pd.Series[str], starts: list[date]) -> Ints:
    """(m,) count days of receipt in each month; `starts` as from `month_starts`."""
    edges = [start.isoformat() for start in starts]
    inside = received[(received >= edges[0]) & (received < edges[-1])]
    month = np.searchsorted(np.array(edges), inside.to_numpy(dtype=str), side="right") - 1
    return np.bincount(month, minlength=len(starts) - 1)


def change(now: int, before: int, days: tuple[int, int], *, known: bool = True) -> Change:
    """
    Compare two counts, each over its days.

    Parameters
    ----------
    now, before
        The counts.
    days
        Over how many days each was counted.
    known
        False where there was nothing to count with before.
    """
    if not known or min(days) <= 0:
        return Change(now, before, np.nan, 0.0, np.inf, np.nan, "unknown")
    ratio, low, high, p = rate_ratio(now, before, *days, LEVEL, alternative="two-sided")
    verdict = "more" if low > 1 else "fewer" if high < 1 else "none"
    return Change(now, before, float(ratio), float(low), float(high), float(p), verdict)


@dataclass(frozen=True)
class ShareChange:
    """
    Chosen marks among all marks, now and a year before.

    Parameters
    ----------
    count_now, of_now, count_before, of_before
        Chosen and all marks of both years.
    now, low, high
        Share now with its exact interval [%]; NaN of none.
    verdict
        As in `Change`; by Fisher's exact test.
    all_chosen
        Every mark is chosen, so that there is no share to tell.
    """

    count_now: int
    of_now: int
    count_before: int
    of_before: int
    now: float
    low: float
    high: float
    verdict: str
    all_chosen: bool


def share_change(
    every: DataFrame, chosen: DataFrame, spans: tuple[Span, Span], *, known: bool
) -> ShareChange:
    """
    Compare the share of chosen marks among all: whoever writes more often writes both.

    Parameters
    ----------
    every, chosen
        All marks, and those chosen among them.
    spans
        Now and before.
    known
        False where there was nothing to count with before.
    """
    k, m = (len(within(chosen, span)) for span in spans)
    n, o = (len(within(every, span)) for span in spans)
    low, high = share_interval(k, n, LEVEL)
    verdict = "unknown"
    if known and n and o:
        p = hypergeometric([k, m], [n - k, o - m], alternative="two-sided")[0]
        verdict = "none" if p >= 1 - LEVEL else "more" if k * o > m * n else "fewer"
    share = 100 * k / n if n else np.nan
    everything = len(chosen) == len(every)
    return ShareChange(k, n, m, o, share, 100 * float(low), 100 * float(high), verdict, everything)


def interval(counts: Ints) -> tuple[Floats, Floats]:
    """(m,) ends of the exact interval of the expectation behind each count."""
    low, high = poisson_interval(counts, LEVEL)
    return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def unusual_days(received: pd.Series[str], span: Span) -> dict[date, int]:
    """
    Find days with unusually many marks: a campaign, a walk, a press report.

    Parameters
    ----------
    received
        Day of receipt of every mark that counts.
    span
        Days that are looked at; their number is corrected for (Bonferroni).

    Returns
    -------
    days
        Day and its count, in their order.
    """
    days = pd.date_range(span.start, span.stop, inclusive="left").strftime("%Y-%m-%d")
    counts = received.value_counts().reindex(days, fill_value=0).to_numpy()
    found = np.zeros(len(counts), dtype=bool)
    while not found.all():
        usual = counts[~found].sum()
        open_ = np.flatnonzero(~found & (counts >= FEW))
        # expected from all other days: a day does not excuse itself
        rest, others = usual - counts[open_] + 0.5, (~found).sum() - 1
        chance = betainc(counts[open_], rest, 1 / (others + 1))
        new = open_[chance * len(counts) < CHANCE]
        if not len(new):
            break
        found[new[np.argmax(counts[new])]] = True
    return {date.fromisoformat(str(days[int(n)])): int(counts[n]) for n in np.flatnonzero(found)}


def told(found: Change) -> Text:
    """Say what a change is, or that none can be told."""
    if found.verdict == "unknown":
        return Text("cannot be compared: there are no marks from a year before")
    if found.verdict == "none":
        if not found.now + found.before:
            return Text("no mark in either year, so nothing can be told")
        return Text(
            "no change can be told: {now} against {before}; anything from {low} to {high} times"
            " as many would fit",
            now=found.now,
            before=found.before,
            low=times(found.low),
            high=times(found.high),
        )
    words = {"more": MORE, "fewer": FEWER}[found.verdict]
    return Text(
        words.template,
        ratio=times(found.ratio),
        low=times(found.low),
        high=times(found.high),
        now=found.now,
        before=found.before,
    )


MORE = Text(
    "more than a year before: {ratio} times as many; {low} to {high} times would fit"
    " ({now} against {before})",
    ratio="", low="", high="", now=0, before=0,
)  # fmt: skip
FEWER = Text(
    "fewer than a year before: {ratio} times as many; {low} to {high} times would fit"
    " ({now} against {before})",
    ratio="", low="", high="", now=0, before=0,
)  # fmt: skip


def times(value: float) -> float | Text:
    """Write how many times as many: to a tenth, and never a little as nothing."""
    if not np.isfinite(value):
        return Text("any number of")
    return Text("less than {least}", least=LITTLE) if 0 < value < LITTLE / 2 else round(value, 1)


def _a_year_before(day: date) -> date:
    return _months_before(day, 12)


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)
