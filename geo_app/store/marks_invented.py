"""Bring invented marks to life: every one is sent, read and decided as real ones are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, cycle
from operator import itemgetter
from typing import Any

from geopandas import GeoDataFrame

from layers.marks import REJECTIONS, Mark, State
from layers.publication import next_release

from .cells import split
from .marks import Added, Filter, MarkStore

BY = "invented"
"""Stands for whoever decided in the invented town; no such account exists."""
QUESTION = "Bitte beschreiben Sie die Stelle genauer: auf welcher Seite des Weges?"
DAY = timedelta(days=1)
AGREED, VOICES = 3, 15
"""After each of so many last releases so many people say “me too”."""
APART = timedelta(hours=17)
"""One of them after the other."""

Happening = tuple[datetime, Callable[[datetime], Any]]


def live(marks: MarkStore, invented: GeoDataFrame, *, at: datetime) -> int:
    """
    Play the lives of invented marks up to now, with every release day between.

    Parameters
    ----------
    marks
        Marks of a store without any.
    invented
        What `layers.sample_town.marks.sample_marks` returns, in the system of the store.
    at
        Now; what would happen later does not.

    Returns
    -------
    marks
        How many were brought to life; 0 if there were some already.
    """
    if marks.count(Filter(states=list(State)), at=at):
        return 0
    happenings = list(_happenings(marks, invented, at))
    first = min((moment for moment, _ in happenings), default=at)
    releases = list(_release_days(first, at))
    happenings += [(day, _releasing(marks, day)) for day in releases]
    happenings += list(_agreements(marks, releases[-AGREED:], at))
    for moment, happen in sorted(happenings, key=itemgetter(0)):
        happen(min(moment, at))
    return len(invented)


def _happenings(marks: MarkStore, invented: GeoDataFrame, at: datetime) -> Iterator[Happening]:
    reasons = cycle(REJECTIONS)
    for number, (row, point) in enumerate(
        zip(invented.drop(columns="geometry").to_dict("records"), invented.geometry, strict=True)
    ):
        told: list[Added] = []
        sent = min(_moment(row["received_on"], number), at)
        yield sent, _sending(marks, _mark(row, point), number, told)
        reason = next(reasons) if row["state"] == State.REJECTED else ""
        for after, happen in _afterwards(marks, row, told, reason):
            moment = at - 2 * DAY if row["state"] == State.ASKED else after
            if moment <= at:
                yield max(moment, sent), happen


def _sending(
    marks: MarkStore, said: Mark, number: int, told: list[Added]
) -> Callable[[datetime], Any]:
    return lambda moment: told.append(marks.add(said, at=moment, device=f"invented {number}"))


def _afterwards(
    marks: MarkStore, row: dict[str, Any], told: list[Added], reason: str
) -> Iterator[Happening]:
    """Yield what staff and sender do with one mark later, by the state it ends in."""
    state = State(row["state"])
    if row["accepted_on"]:
        accepted = _moment(row["accepted_on"])
        yield accepted, lambda moment: marks.accept(told[0].id, by=BY, at=moment)
        if state is State.RESOLVED:
            done = accepted + 20 * DAY
            yield done, lambda moment: marks.resolve(told[0].id, by=BY, at=moment)
        return
    soon = _moment(row["received_on"]) + 3 * DAY
    doing: dict[State, Callable[[datetime], Any]] = {
        State.REJECTED: lambda moment: marks.reject(told[0].id, reason, by=BY, at=moment),
        State.ASKED: lambda moment: marks.ask(told[0].id, QUESTION, by=BY, at=moment),
        State.WITHDRAWN: lambda moment: marks.withdraw(told[0].code, at=moment),
    }
    if state in doing:
        yield soon, doing[state]


def _mark(row: dict[str, Any], point: Any) -> Mark:
    return Mark(
        kind=row["kind"],
        x=float(point.x),
        y=float(point.y),
        factors=split(row["factors"]),
        daytime=row["daytime"],
        weekpart=row["weekpart"],
        strength=int(row["strength"]),
        note=row["note"],
    )


def _moment(day: str, number: int = 0) -> datetime:
    """Return a moment of a day; marks of one day come some minutes apart."""
    noon = datetime.combine(date.fromisoformat(day), time(7), UTC)
    return noon + timedelta(minutes=7 * (number % 90))


def _release_days(first: datetime, at: datetime) -> Iterator[datetime]:
    day = next_release(first.date())
    for _ in count():
        moment = datetime.combine(day, time(4), UTC)
        if moment > at:
            return
        yield moment
        day = next_release(day + DAY)


def _releasing(marks: MarkStore, day: datetime) -> Callable[[datetime], Any]:
    return lambda moment: marks.publish(day.date(), at=moment, by=BY)


def _agreements(marks: MarkStore, releases: list[datetime], at: datetime) -> Iterator[Happening]:
    for day in releases:
        for number in range(VOICES):
            moment = day + DAY + number * APART
            if moment <= at:
                yield moment, _agreeing(marks, number)


def _agreeing(marks: MarkStore, number: int) -> Callable[[datetime], Any]:
    """Let somebody agree with a public row; those of most marks come up most."""

    def happen(moment: datetime) -> None:
        if rows := marks.shown_rows(at=moment):
            place = number * number % (number + 4) % len(rows)
            marks.me_too(rows[place], device=f"agrees {number}", at=moment)

    return happen
