"""Trends of marks: what has changed within a year, and what only looks like it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from ..asked import district_of
from ..factors import FACTORS
from ..multiple_tests import benjamini_hochberg
from ..publication import next_release
from ..registry import Analysis, Figure, Result, Style, Table
from ..schema import SEPARATOR, Column
from ..text import Text
from ..trend_question import Trend
from ..trend_words import (
    VERDICTS,
    about_months_before,
    about_release,
    about_season,
    about_share,
    headline,
    notes,
)
from ..trends import (
    AFTER_RELEASE,
    DARK_MONTHS,
    LEVEL,
    QUARTER,
    Change,
    ShareChange,
    Span,
    as_of,
    change,
    interval,
    month_starts,
    per_month,
    says,
    share_change,
    since,
    unusual_days,
    within,
)

A_YEAR = 12
THOUSAND = 1000.0


def mark_trends(
    marks: GeoDataFrame,
    districts: GeoDataFrame,
    population: GeoDataFrame | None = None,
    *,
    trend: Trend = Trend(),
) -> Result:
    """
    Marks per month with exact intervals, and change against the same months a year before.

    Parameters
    ----------
    marks
        Credible marks (`credible.MARKS`); `attrs["as_of"]` is the day as of which they hold.
    districts
        Areas for map and table; named in the order of their names, never ranked.
    population
        People, for marks per thousand of them.
    trend
        Which marks, and how many months the curve shows.

    Returns
    -------
    result
        `table`: (d,) rows, same index, CRS and order as `districts`, see
        `ANALYSIS.columns`; `tables`: months with their interval, reasons, and
        days with unusually many marks.

    Source
    ------
    See `layers.trends`.
    """
    today = as_of(marks)
    every, chosen = says(marks), says(_picked(marks, trend))
    starts = month_starts(today, max(int(trend.months), A_YEAR))
    latest = Span(starts[-1 - QUARTER], starts[-1], today)
    first = min(every["received_on"], default=today.isoformat())
    known = first <= latest.before().start.isoformat()
    looked_at = Span(latest.before().start, latest.stop, today)
    bursts = unusual_days(every["received_on"], looked_at)
    usual = chosen[~chosen["received_on"].isin([day.isoformat() for day in bursts])]
    days = tuple(s.days - sum(s.start <= d < s.stop for d in bursts)
                 for s in (latest, latest.before()))  # fmt: skip

    def compared(some: DataFrame) -> Change:
        counts = [len(within(some, span)) for span in (latest, latest.before())]
        return change(counts[0], counts[1], (days[0], days[1]), known=known)

    every_usual = says(marks[~marks["received_on"].isin([d.isoformat() for d in bursts])])
    overall = compared(usual)
    shares = share_change(
        every_usual, _picked(every_usual, trend), (latest, latest.before()),
        known=known,
    )  # fmt: skip
    table = _by_district(usual, districts, population, compared, starts)
    shown = since(starts[-1 - int(trend.months) :], date.fromisoformat(first))
    curve = _curve(chosen, shown)
    return Result(
        table=table,
        figures=_figures(curve, shares, overall),
        answer=(
            *headline(overall, latest),
            *_just_before(usual, latest, bursts, first),
            *about_share(shares),
            *about_season(chosen, starts, known_from=first),
            *_release(usual, starts, bursts),
        ),
        notes=notes(bursts, marks, chosen, today),
        tables=(
            _months(curve),
            _by_factor(usual, trend, compared),
            *_bursts(bursts),
        ),
        style=Style(
            column="verdict",
            legend=Text("Against the same months a year before"),
            scale="kinds",
            kinds=("fewer", "none", "more", "unknown"),
            inks=("k1", "k0", "k2", "k4"),
            words=(
                Text("fewer"), Text("no change can be told"), Text("more"),
                Text("cannot be compared"),
            ),
        ),
    )  # fmt: skip


def _picked(marks: DataFrame, trend: Trend) -> DataFrame:
    return _chosen(marks, trend.kind, trend.factors, trend.daytime)


def _chosen(marks: DataFrame, kind: str, factors: tuple[str, ...], daytime: str) -> DataFrame:
    here = pd.Series(data=True, index=marks.index)
    if kind:
        here &= marks["kind"] == kind
    if factors:
        named = [bool(set(text.split(SEPARATOR)) & set(factors)) for text in marks["factors"]]
        here &= np.array(named, dtype=bool)
    if daytime:
        here &= marks["daytime"] == daytime
    return marks[here]


def _curve(chosen: DataFrame, starts: list[Any]) -> DataFrame:
    counts = per_month(chosen["received_on"], starts)
    low, high = interval(counts)
    return DataFrame(
        {
            "month": [start.isoformat() for start in starts[:-1]],
            "marks": counts,
            "low": np.round(low, 1),
            "high": np.round(high, 1),
        }
    )


COUNTED = Text("marks, one for each device and day")
ENDS = (Text("lower end"), Text("upper end"))


def _months(curve: DataFrame) -> Table:
    dark = [int(month[5:7]) in DARK_MONTHS for month in curve["month"]]
    edges = np.flatnonzero(np.diff([False, *dark, False]))
    return Table(
        "months",
        Text("Marks per month"),
        curve,
        (
            Column("month", date, Text("month")),
            Column("marks", int, Text("marks")),
            Column("low", float, ENDS[0]),
            Column("high", float, ENDS[1]),
        ),
        chart="line",
        bands={"marks": ("low", "high")},
        shaded=tuple(
            (start - 0.5, stop - 0.5) for start, stop in zip(edges[::2], edges[1::2], strict=True)
        ),
        shaded_legend=Text("dark months"),
    )


CHANGE = (
    Column("now", int, Text("last three months")),
    Column("before", float, Text("a year before")),
    Column("ratio", float, Text("ratio")),
    Column("low", float, Text("from")),
    Column("high", float, Text("up to")),
)


VERDICT = Column("verdict", str, Text("what can be told"), options=VERDICTS)


def _rows(changes: list[Change]) -> dict[str, Any]:
    """Write changes as columns; what many comparisons together may owe to chance is none."""
    held = benjamini_hochberg([one.p for one in changes], rate=1 - LEVEL).rejected
    verdicts = [
        one.verdict if one.verdict in {"none", "unknown"} or sure else "none"
        for one, sure in zip(changes, held, strict=True)
    ]
    columns: dict[str, Any] = {
        name: [getattr(one, name) for one in changes]
        for name in ("now", "before", "ratio", "low", "high")
    }
    for name in ("ratio", "low", "high"):
        columns[name] = np.round(np.array(columns[name], dtype=float), 2)
        columns[name] = np.where(np.isinf(columns[name]), np.nan, columns[name])
    known = [one.verdict != "unknown" for one in changes]
    for name in ("before", "low", "high"):
        columns[name] = np.where(known, np.array(columns[name], dtype=float), np.nan)
    return columns | {"verdict": verdicts}


def _by_factor(usual: DataFrame, trend: Trend, compared: Any) -> Table:
    asked = [
        name
        for name, factor in FACTORS.items()
        if (not trend.kind or trend.kind in factor.kinds)
        and (not trend.factors or name in trend.factors)
    ]
    changes = [compared(_chosen(usual, "", (name,), "")) for name in asked]
    frame = DataFrame({"factor": asked} | _rows(changes))
    labels = {name: FACTORS[name].label for name in asked}
    known = bool((frame["verdict"] != "unknown").any())
    return Table(
        "factors",
        Text("By reason"),
        frame,
        (
            Column("factor", str, Text("reason"), options=labels),
            *((VERDICT, *CHANGE) if known else CHANGE[:1]),
        ),
    )


def _by_district(
    usual: DataFrame,
    districts: GeoDataFrame,
    population: GeoDataFrame | None,
    compared: Any,
    starts: list[Any],
) -> GeoDataFrame:
    number = district_of(usual.geometry, districts)
    changes = [compared(usual[number == one]) for one in range(len(districts))]
    year = usual["received_on"] >= starts[-1 - A_YEAR].isoformat()
    year &= usual["received_on"] < starts[-1].isoformat()
    counts = np.bincount(number[year.to_numpy() & (number >= 0)], minlength=len(districts))
    low, high = interval(counts)
    people = _people(population, districts)
    with np.errstate(divide="ignore", invalid="ignore"):
        per = THOUSAND / np.where(people > 0, people, np.nan)
    return GeoDataFrame(
        {
            "name": districts["name"].to_numpy(),
            "marks": counts,
            "rate": np.round(counts * per, 2),
            "rate_low": np.round(low * per, 2),
            "rate_high": np.round(high * per, 2),
        }
        | _rows(changes),
        index=districts.index,
        geometry=districts.geometry.to_numpy(),
        crs=districts.crs,
    )


def _people(population: GeoDataFrame | None, districts: GeoDataFrame) -> Any:
    if population is None:
        return np.full(len(districts), np.nan)
    home = district_of(population.centroid, districts)
    inside = home >= 0
    weights = np.nan_to_num(population["residents"].to_numpy(dtype=float))
    return np.bincount(home[inside], weights=weights[inside], minlength=len(districts))


def _bursts(bursts: dict[Any, int]) -> tuple[Table, ...]:
    if not bursts:
        return ()
    frame = DataFrame({"day": [day.isoformat() for day in bursts], "marks": list(bursts.values())})
    columns = (
        Column("day", date, Text("day")),
        Column("marks", int, COUNTED, "marks"),
    )
    return (Table("bursts", Text("Days with unusually many marks"), frame, columns),)


def _release(usual: DataFrame, starts: list[Any], bursts: dict[Any, int]) -> tuple[Text, ...]:
    """Compare the week from each release day on with all other days of the last year."""
    start, stop = starts[-1 - A_YEAR], starts[-1]
    if usual.empty or min(usual["received_on"]) > start.isoformat():
        return ()
    days = [d.date() for d in pd.date_range(start, stop, inclusive="left")]
    weeks = {
        day
        for day in days
        for back in range(AFTER_RELEASE)
        if next_release(day - timedelta(days=back)) == day - timedelta(days=back)
    }
    after = [day for day in days if day in weeks and day not in bursts]
    other = [day for day in days if day not in weeks and day not in bursts]
    received = usual["received_on"].value_counts()
    counts = [int(received.reindex([d.isoformat() for d in some], fill_value=0).sum())
              for some in (after, other)]  # fmt: skip
    return (about_release(change(counts[0], counts[1], (len(after), len(other)))),)


def _just_before(
    usual: DataFrame, latest: Span, bursts: dict[Any, int], first: str
) -> tuple[Text, ...]:
    """Compare with the months just before; the season is in that."""
    former = latest.just_before()
    if first > former.start.isoformat():
        return ()
    now, before = (len(within(usual, span)) for span in (latest, former))
    days = [s.days - sum(s.start <= d < s.stop for d in bursts) for s in (latest, former)]
    return (about_months_before(change(now, before, (days[0], days[1]))),)


def _figures(curve: DataFrame, shares: ShareChange, overall: Change) -> tuple[Figure, ...]:
    count = int(curve["marks"].tail(A_YEAR).sum())
    low, high = interval(np.array([count]))
    before = np.nan if overall.verdict == "unknown" else overall.before
    share = Figure(
        "share_now", round(shares.now / 100, 3), "", Text("share of all marks"),
        round(shares.low / 100, 3), round(shares.high / 100, 3), aside=True,
    )  # fmt: skip
    ends = (float(low[0]), float(high[0]))
    return (
        Figure("marks", count, "", Text("marks in the last twelve months"), *ends),
        Figure("now", overall.now, "", Text("in the last three months")),
        Figure("before", before, "", Text("same months a year before")),
        Figure(
            "ratio",
            overall.ratio,
            "",
            Text("ratio to the year before"),
            overall.low,
            overall.high,
        ),
        *(() if shares.all_chosen else (share,)),
    )


ANALYSIS = Analysis(
    run=mark_trends,
    title=Text("Trends of marks"),
    about=Text(
        "Marks per month with the interval that so few numbers leave open, and what has changed"
        " against the same months a year before, or that no change can be told."
    ),
    asked=Text("Has anything changed, or does it only look like it?"),
    topic="prevention",
    order=4,
    roles=("prevention", "moderator", "administrator"),
    columns=(
        Column("name", str, Text("name of the district")),
        Column("marks", int, Text("marks in the last twelve months"), "marks"),
        Column("rate", float, Text("per thousand residents and year"), "marks"),
        Column("rate_low", float, Text("at least"), "marks"),
        Column("rate_high", float, Text("at most"), "marks"),
        *CHANGE,
        VERDICT,
    ),
)
