"""Marks that a focus theme is about: month by month, as counts with intervals, without arrows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame, PeriodIndex, Series

from .exact_tests import poisson_interval
from .schema import SEPARATOR

LEVEL = 0.9
"""How often such an interval holds the truth, if marks come independently of each other."""
MONTHS = 12
"""So many months before the present one are told."""


def of_factors(marks: GeoDataFrame, factors: Collection[str]) -> GeoDataFrame:
    """
    Return the marks that name at least one of the factors.

    Parameters
    ----------
    marks
        See `layers.credible.MARKS`.
    factors
        Names of factors; of none there are no marks.
    """
    wanted = set(factors)
    named = [bool(wanted & set(text.split(SEPARATOR))) for text in marks["factors"]]
    return marks[np.array(named, dtype=bool)]


def by_month(marks: GeoDataFrame, *, at: date, months: int = MONTHS) -> DataFrame:
    """
    Count marks by the month in which they were sent.

    Parameters
    ----------
    marks
        See `layers.credible.MARKS`.
    at
        Today: its month is told as well, but is not over.
    months
        How many months before it.

    Returns
    -------
    counted
        One row for each month, also those without a mark, the earliest first:
        `first_on` (date), `unsafe`, `at_ease`, `low`, `high` (ends of the exact
        interval of the number of unsafe marks to be expected), `whole` (the month is over).
    """
    last = pd.Period(at, "M")
    every = pd.period_range(last - months, last, freq="M")
    sent = PeriodIndex(pd.to_datetime(marks["received_on"].to_numpy(str)), freq="M")
    counted = {
        kind: _counted(sent[(marks["kind"] == kind).to_numpy()], every)
        for kind in ("unsafe", "at_ease")
    }
    interval = poisson_interval(counted["unsafe"].to_numpy(), LEVEL)
    return DataFrame(
        {
            "first_on": [month.start_time.date() for month in every],
            "unsafe": counted["unsafe"].to_numpy(),
            "at_ease": counted["at_ease"].to_numpy(),
            "low": interval.low,
            "high": interval.high,
            "whole": [month < last for month in every],
        }
    )


def _counted(sent: PeriodIndex, every: PeriodIndex) -> Series:
    return Series(1, index=sent).groupby(level=0).sum().reindex(every, fill_value=0)
