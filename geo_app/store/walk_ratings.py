"""What people rate on a night walk: kept once however often it is sent, nothing overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import pandas as pd
from pandas import DataFrame
from sqlalchemy import Connection, func, insert, select, update

from layers import Text
from layers.audits import ITEMS

from .engines import KEEPERS, reading, writing
from .errors import UnknownWalkError, WalkError
from .forgetting import forget_pages
from .layers import Store
from .walk_tables import walk_rater, walk_rating, walk_stop
from .walks import by_token, found
from .walks_kept import (
    DISMISSED,
    FINISHED,
    LATE,
    LIVE,
    MOST_RATERS,
    MOST_VERSIONS,
    REPLACED,
    WORD,
    Outcome,
    Rating,
    Walk,
    rating_fault,
)

Pair = tuple[int, int]
"""A stop and the number of a rater."""


class WalkRatings:
    """
    The ratings of every walk.

    A rating is never changed: a later version names the ones it replaces. Two
    versions of one person at one stop that do not know of each other are both
    kept until somebody decides; what both say alike counts meanwhile.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def receive(
        self, token: str, word: str, sent: Sequence[Rating], *, at: datetime
    ) -> tuple[Walk, int, list[Outcome]]:
        """
        Keep what a device sends; sent twice is kept once.

        Parameters
        ----------
        token
            Of the link.
        word
            The rater's word, made up by the device.
        sent
            Versions of ratings.
        at
            Now.

        Returns
        -------
        walk, number, outcomes
            The walk as it is now, the rater's number in it (0 while they have rated nothing),
            and what became of each version.

        Raises
        ------
        UnknownWalkError
            If the link opens nothing.
        WalkError
            If the word is none, or too many people rate.
        """
        if not WORD.fullmatch(word):
            raise WalkError([Text("the word of this device is not one that devices make")])
        with writing(self._engine, lock=KEEPERS) as connection:
            here = by_token(connection, token)
            number = _number(connection, here.id, word, make=bool(sent))
            stops = _stops(connection, here.id)
            told = [_placed(connection, here, number, stops, one, at) for one in sent]
            return found(connection, here.id), number, told

    def typed(
        self, id_: int, sheet: str, ratings: Sequence[Rating], *, at: datetime
    ) -> list[Outcome]:
        """
        Keep what somebody wrote on paper, as one more rater.

        Parameters
        ----------
        id_
            The walk.
        sheet
            What tells this sheet from others; the same sheet typed in again replaces itself.
        ratings
            One for each stop that was rated.
        at
            Now.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            here = found(connection, id_)
            number = _number(connection, id_, sheet, make=True, paper=True)
            stops = _stops(connection, id_)
            return [
                _placed(
                    connection, here, number, stops,
                    replace(one, bases=tuple(_live_ids(connection, id_, one.stop, number))), at,
                )
                for one in ratings
            ]  # fmt: skip

    def all(self, id_: int) -> list[Rating]:
        """Return every version of every rating of a walk, the earliest received first."""
        with reading(self._engine) as connection:
            return _rows(connection, id_)

    def of(self, token: str, word: str) -> list[Rating]:
        """Return what counts of one rater, for a device that goes on where another one stopped."""
        with reading(self._engine) as connection:
            here = by_token(connection, token)
            number = _known(connection, here.id, word)
            rows = _rows(connection, here.id) if number else []
            return [one for one in rows if one.rater == number and one.state == LIVE]

    def decide(self, id_: int, rating: str) -> None:
        """
        Let one of several versions count; those beside it are dismissed, none is erased.

        Parameters
        ----------
        id_
            The walk.
        rating
            Id of the version that counts; one that came late, or was dismissed, may be it.

        Raises
        ------
        UnknownWalkError
            If the walk has no such rating.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            rows = _rows(connection, id_)
            chosen = next((one for one in rows if one.id == rating), None)
            if chosen is None:
                raise UnknownWalkError([Text("there is no such rating in this walk")])
            for one in rows:
                if (one.stop, one.rater) == (chosen.stop, chosen.rater) and one.state == LIVE:
                    _move(connection, one.id, DISMISSED)
            _move(connection, rating, LIVE)

    def dismiss(self, id_: int, rating: str) -> None:
        """Let a version not count, such as one that came late; `decide` brings it back."""
        with writing(self._engine, lock=KEEPERS) as connection:
            if all(one.id != rating for one in _rows(connection, id_)):
                raise UnknownWalkError([Text("there is no such rating in this walk")])
            _move(connection, rating, DISMISSED)

    def blank(self, id_: int, rating: str) -> None:
        """
        Erase the note of a version, and of every other one of this person at this stop.

        Raises
        ------
        UnknownWalkError
            If the walk has no such rating.
        """
        here = walk_rating.c
        with writing(self._engine, lock=KEEPERS) as connection:
            one = next((r for r in _rows(connection, id_) if r.id == rating), None)
            if one is None:
                raise UnknownWalkError([Text("there is no such rating in this walk")])
            same = (here.walk_id == id_) & (here.stop_id == one.stop) & (here.rater == one.rater)
            connection.execute(update(walk_rating).where(same).values(note=None))
        forget_pages(self._engine)


def conflicts(ratings: Iterable[Rating]) -> dict[Pair, list[Rating]]:
    """Return versions of one person at one stop that contradict each other."""
    live: dict[Pair, list[Rating]] = defaultdict(list)
    for one in ratings:
        if one.state == LIVE:
            live[one.stop, one.rater].append(one)
    return {pair: several for pair, several in live.items() if len(several) > 1}


def table(ratings: Iterable[Rating]) -> DataFrame:
    """
    Return what counts, as `layers.audits` reads it.

    Returns
    -------
    table
        `stop`, `rater` and the nine items; where two versions contradict each other, the
        items on which they differ are unknown.
    """
    live: dict[Pair, list[Rating]] = defaultdict(list)
    for one in ratings:
        if one.state == LIVE:
            live[one.stop, one.rater].append(one)
    rows = [
        {"stop": stop, "rater": rater, **{name: _agreed(several, name) for name in ITEMS}}
        for (stop, rater), several in sorted(live.items())
    ]
    return pd.DataFrame(rows, columns=["stop", "rater", *ITEMS]).astype(
        {"stop": "int64", "rater": "int64", **dict.fromkeys(ITEMS, "float64")}
    )


def _agreed(versions: Sequence[Rating], name: str) -> float:
    values = {one.items.get(name) for one in versions}
    value = values.pop()
    return np.nan if values or value is None else float(value)


def _placed(
    connection: Connection, walk: Walk, number: int, stops: set[int], new: Rating, at: datetime
) -> Outcome:
    """Keep one version beside what is there already."""
    mine = [one for one in _rows(connection, walk.id, number) if one.stop == new.stop]
    again = connection.execute(select(walk_rating).where(walk_rating.c.id == new.id)).mappings()
    if (row := again.first()) is not None:
        before = _rating(dict(row))
        same = (before.stop, before.rater) == (new.stop, number) and row["walk_id"] == walk.id
        if same:
            return Outcome(new.id, "late" if before.state == LATE else "kept")
        return Outcome(new.id, "refused", Text("another rating has its number"))
    why = rating_fault(new)
    if why is None and new.stop not in stops:
        why = Text("this walk has no such stop")
    if why is None and _count(connection, walk.id) >= MOST_VERSIONS:
        why = Text("this walk has very many ratings; tell the office")
    if why is not None:
        return Outcome(new.id, "refused", why)
    if any(new.id in one.bases for one in mine):
        _insert(connection, walk.id, number, new, REPLACED, at)
        return Outcome(new.id, "replaced")
    state = LATE if walk.state == FINISHED else LIVE
    for one in mine:
        known = one.id in new.bases or (one.state == LIVE and one.says() == new.says())
        if one.state == state and known:
            _move(connection, one.id, REPLACED)
    _insert(connection, walk.id, number, new, state, at)
    return Outcome(new.id, "late" if state == LATE else "kept")


def _insert(
    connection: Connection, walk: int, number: int, new: Rating, state: str, at: datetime
) -> None:
    connection.execute(
        insert(walk_rating).values(
            id=new.id,
            walk_id=walk,
            stop_id=new.stop,
            rater=number,
            told=orjson.dumps(dict(new.items)).decode(),
            note=new.note or "",
            bases=orjson.dumps(list(new.bases)).decode(),
            rated_at=min(new.rated_at, at),
            received_at=at,
            state=state,
        )
    )


def _rows(connection: Connection, walk: int, number: int | None = None) -> list[Rating]:
    query = select(walk_rating).where(walk_rating.c.walk_id == walk)
    if number is not None:
        query = query.where(walk_rating.c.rater == number)
    rows = connection.execute(query.order_by(walk_rating.c.received_at, walk_rating.c.id))
    return [_rating(dict(row)) for row in rows.mappings()]


def _rating(row: Mapping[str, Any]) -> Rating:
    return Rating(
        id=row["id"],
        stop=row["stop_id"],
        items=orjson.loads(row["told"]),
        note=row["note"],
        bases=tuple(orjson.loads(row["bases"])),
        rated_at=row["rated_at"],
        rater=row["rater"],
        state=row["state"],
        received_at=row["received_at"],
    )


def _live_ids(connection: Connection, walk: int, stop: int, number: int) -> list[str]:
    rows = _rows(connection, walk, number)
    return [one.id for one in rows if one.stop == stop and one.state in {LIVE, LATE}]


def _known(connection: Connection, walk: int, word: str) -> int:
    here = walk_rater.c
    query = select(here.number).where(here.walk_id == walk, here.word == word)
    return connection.scalar(query) or 0


def _number(
    connection: Connection, walk: int, word: str, *, make: bool, paper: bool = False
) -> int:
    number = _known(connection, walk, word)
    if number or not make:
        return number
    last = select(func.max(walk_rater.c.number)).where(walk_rater.c.walk_id == walk)
    number = 1 + (connection.scalar(last) or 0)
    if number > MOST_RATERS:
        raise WalkError([Text("more than {most} people rate this walk", most=MOST_RATERS)])
    told = {"walk_id": walk, "number": number, "word": word, "paper": paper}
    connection.execute(insert(walk_rater).values(told))
    return number


def _stops(connection: Connection, walk: int) -> set[int]:
    return set(connection.scalars(select(walk_stop.c.id).where(walk_stop.c.walk_id == walk)))


def _count(connection: Connection, walk: int) -> int:
    query = select(func.count()).select_from(walk_rating).where(walk_rating.c.walk_id == walk)
    return connection.scalar(query) or 0


def _move(connection: Connection, rating: str, state: str) -> None:
    connection.execute(update(walk_rating).where(walk_rating.c.id == rating).values(state=state))
