"""Trends in words: what is told, what cannot be told, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from pandas import DataFrame

from .text import Text
from .trends import DARK_MONTHS, QUARTER, Change, ShareChange, Span, change, per_month, times, told

if TYPE_CHECKING:
    from collections.abc import Sequence

VERDICTS: dict[str, Text] = {
    "more": Text("more"),
    "fewer": Text("fewer"),
    "none": Text("no change can be told"),
    "unknown": Text("cannot be compared"),
}
"""What a comparison tells; there are no arrows."""
A_YEAR = 12


def headline(overall: Change, latest: Span) -> tuple[Text, Text]:
    """Say first what can be told of the last complete months."""
    titles = {
        "more": Text("More marks than a year before"),
        "fewer": Text("Fewer marks than a year before"),
        "none": Text("No change can be told"),
        "unknown": Text(
            "{count} {count:mark|marks} in three months; whether that is more than usual cannot be"
            " told yet",
            count=overall.now,
        ),
    }
    stop = date.fromordinal(latest.stop.toordinal() - 1)
    if overall.verdict == "unknown":
        never = Text(
            "{start} to {stop} cannot be compared: there are no marks from a year before.",
            start=latest.start,
            stop=stop,
        )
        return Text("{title}.", title=titles["unknown"]), never
    told_of = Text("{start} to {stop}: {told}.", start=latest.start, stop=stop, told=told(overall))
    return Text("{title}.", title=titles[overall.verdict]), told_of


def about_share(found: ShareChange) -> tuple[Text, ...]:
    """Say how the chosen marks stand among all marks: a campaign raises both."""
    if found.of_now == 0 or found.all_chosen:
        return ()
    now = Text(
        "{count} of {all} marks of these months ({low} to {high} %)",
        count=found.count_now,
        all=found.of_now,
        low=round(found.low),
        high=round(found.high),
    )
    if found.verdict == "unknown":
        return (Text("Among all marks: {now}.", now=now),)
    words = {
        "more": Text("a larger share than a year before"),
        "fewer": Text("a smaller share than a year before"),
        "none": Text("no change of the share can be told"),
    }[found.verdict]
    return (
        Text(
            "Among all marks: {now}; {words}. If more people write, this share stays as it is.",
            now=now,
            words=words,
        ),
    )


def about_season(chosen: DataFrame, starts: Sequence[date], *, known_from: str) -> tuple[Text, ...]:
    """Compare the dark months of the last year with the others, where there is a whole year."""
    year = list(starts[-1 - A_YEAR :])
    if known_from > year[0].isoformat():
        return (
            Text(
                "The season cannot be told: there are marks since {day} only, less than a whole"
                " year.",
                day=date.fromisoformat(known_from),
            ),
        )
    counts = per_month(chosen["received_on"], year)
    days = [(stop - start).days for start, stop in pairwise(year)]
    dark = [start.month in DARK_MONTHS for start in year[:-1]]
    in_dark = sum(int(c) for c, is_dark in zip(counts, dark, strict=True) if is_dark)
    over = sum(d for d, is_dark in zip(days, dark, strict=True) if is_dark)
    found = change(in_dark, int(counts.sum()) - in_dark, (over, sum(days) - over))
    return (_dark_months(found),)


def _dark_months(found: Change) -> Text:
    if found.verdict == "none":
        return Text(
            "In the dark months (November to February) people write neither more nor less often,"
            " as far as can be told ({low} to {high} times as often).",
            low=times(found.low),
            high=times(found.high),
        )
    return Text(
        "In the dark months (November to February) people write {ratio} times as often as in the"
        " others ({low} to {high}); so winter is compared with winter only.",
        ratio=times(found.ratio),
        low=times(found.low),
        high=times(found.high),
    )


def about_months_before(found: Change) -> Text:
    """Say how the months compare with those just before, season and all."""
    high = times(found.high)
    if found.verdict == "none":
        return Text(
            "Against the three months before, no change can be told either: {now} against {before}"
            " ({low} to {high} times as many would fit).",
            now=found.now,
            before=found.before,
            low=times(found.low),
            high=high,
        )
    return Text(
        "Against the three months before: {ratio} times as many ({low} to {high}; {now} against"
        " {before}). The season is in that figure, so it says nothing about a trend.",
        ratio=times(found.ratio),
        low=times(found.low),
        high=high,
        now=found.now,
        before=found.before,
    )


def about_release(found: Change) -> Text:
    """Say whether people write more often in the week after a release."""
    high = times(found.high)
    if found.verdict == "none":
        return Text(
            "After a release day no effect on writing can be told ({low} to {high} times as often"
            " in the week after it).",
            low=times(found.low),
            high=high,
        )
    return Text(
        "In the week after a release day people write {ratio} times as often ({low} to {high}):"
        " that is publicity, not the places.",
        ratio=times(found.ratio),
        low=times(found.low),
        high=high,
    )


def notes(
    bursts: Mapping[date, int], marks: DataFrame, chosen: DataFrame, today: date
) -> tuple[Text, ...]:
    """Return what a careful reader must know."""
    said = [
        Text(
            "Counted are marks that staff have found credible, one for each device and day:"
            " {chosen} of {all} marks in the store fit the choice.",
            chosen=len(chosen),
            all=len(marks),
        ),
        Text(
            "Compared are the last {months} complete months with the same months a year before, so"
            " that winter is compared with winter. Both years are counted as they stood on the"
            " same day of their year: accepted by then and still open. Otherwise the reading of"
            " new marks and the erasure of old ones would look like a trend.",
            months=QUARTER,
        ),
        Text(
            "Intervals are exact (Poisson, 95 %). Where the interval of a ratio holds 1, no change"
            " can be told; that does not mean that nothing has changed."
        ),
        Text(
            "Where many reasons or districts are compared at once, chance alone would show some"
            " change; so “more” and “fewer” stand there only if they hold after a correction"
            " (Benjamini and Hochberg, 5 %)."
        ),
        Text(
            "The curve counts marks by the day on which they came, as of {day}. The last month may"
            " still grow while marks wait to be read; months older than a year lack marks that"
            " were closed and erased.",
            day=today,
        ),
        Text(
            "Numbers tell where and when people write, not what happens: neither crime nor the"
            " dark figure is in them."
        ),
    ]
    if bursts:
        said.insert(
            1,
            Text(
                "On {count} {count:day|days} between {start} and {stop} unusually many wrote"
                " (a campaign, a walk, a report in the press?). They stand in the curve, but are"
                " left out of every comparison.",
                count=len(bursts),
                start=min(bursts),
                stop=max(bursts),
            ),
        )
    return tuple(said)
