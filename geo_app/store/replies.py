"""Replies to published spots: one for each spot, device and day; staff read and answer them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from geo_app.config import Settings
from layers import Text
from layers.days import day_of
from layers.errors import MarkError, TransitionError
from layers.marks import cleaned
from layers.replies import Reply, answer_faults
from layers.sources.pins import shown

from .audit import append
from .cells import split
from .devices import device_key
from .engines import KEEPERS, reading, writing
from .errors import UnknownMarkError
from .forgetting import forget_pages
from .layers import Store
from .reply_tables import reply, reply_answer

WAITING, READ, ABUSE = "waiting", "read", "abuse"
STATES: dict[str, Text] = {
    WAITING: Text("waits to be read"),
    READ: Text("read"),
    ABUSE: Text("abuse"),
}
"""Where a reply stands; abuse counts nowhere."""
GONE = Text("there is no such reply, or not any more")


@dataclass(frozen=True)
class KeptReply:
    """
    One reply as staff see it.

    Parameters
    ----------
    id
        Its number.
    pin
        Id of the public row.
    at
        When it came.
    stance
        A key of `layers.replies.STANCES`.
    note
        What was written; "" is nothing, None is erased.
    state
        A key of `STATES`.
    decided_at
        When somebody dealt with it, or None.
    place, unit, kind, factors
        What was public of the row then.
    """

    id: int
    pin: str
    at: datetime
    stance: str
    note: str | None
    state: str
    decided_at: datetime | None
    place: str
    unit: str
    kind: str
    factors: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What the city says beside a spot, since which day, and who wrote it (staff only)."""

    id: int
    pin: str
    words: str
    on: date
    by: str


class Replies:
    """
    Every reply of one city.

    Parameters
    ----------
    store
        The open store of the city.
    settings
        Its secret.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._engine = store.engine
        self._secret = settings.secret

    def add(self, pin: str, said: Reply, *, device: str, at: datetime) -> bool:
        """
        Keep a reply to a row of the public layer.

        Parameters
        ----------
        pin
            Id of the row.
        said
            Checked by `layers.replies.reply_of`.
        device
            Text that stands for the device; kept for a day as keyed hash only.
        at
            Now.

        Returns
        -------
        kept
            False if this device has replied to it today.

        Raises
        ------
        UnknownMarkError
            If no such row is public.
        """
        row, day = self._public(pin, at), day_of(at).isoformat()
        with writing(self._engine, lock=KEEPERS) as connection:
            told = {"pin": pin, "day": day}
            told["device"] = device_key(connection, self._secret, device, at)
            if connection.scalar(select(reply.c.id).filter_by(**told)) is not None:
                return False
            was = {name: str(row[name]) for name in ("place", "unit", "kind", "factors")}
            what = {"stance": said.stance, "note": said.note, "state": WAITING, "at": at}
            connection.execute(insert(reply).values(**told, **what, **was))
            return True

    def queue(
        self, *, states: Collection[str] = (WAITING,), limit: int = 100, offset: int = 0
    ) -> list[KeptReply]:
        """Return replies in these states, the oldest first."""
        query = select(reply).where(reply.c.state.in_(states)).order_by(reply.c.at, reply.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
        return [_kept(dict(row)) for row in rows]

    def count(self, *, states: Collection[str] = (WAITING,)) -> int:
        """Return how many replies are in these states."""
        query = select(func.count()).select_from(reply).where(reply.c.state.in_(states))
        with reading(self._engine) as connection:
            return int(connection.scalar(query) or 0)

    def get(self, id_: int) -> KeptReply:
        """
        Return one reply.

        Raises
        ------
        UnknownMarkError
            If there is none.
        """
        with reading(self._engine) as connection:
            return _kept(_row(connection, id_))

    def counts(self, pins: Collection[str]) -> dict[str, int]:
        """Return how many replies to these rows somebody has read, by stance, abuse apart."""
        query = select(reply.c.stance, func.count()).where(
            reply.c.pin.in_(pins), reply.c.state == READ
        )
        with reading(self._engine) as connection:
            return dict(Counter(dict(connection.execute(query.group_by(reply.c.stance)).all())))

    def answers(self, pins: Collection[str]) -> dict[str, list[Answer]]:
        """Return what the city says to these rows, by row, the latest first."""
        query = select(reply_answer).where(
            reply_answer.c.pin.in_(pins), reply_answer.c.taken_back_at.is_(None)
        )
        found: dict[str, list[Answer]] = defaultdict(list)
        with reading(self._engine) as connection:
            for row in connection.execute(query.order_by(reply_answer.c.id.desc())).mappings():
                on = day_of(row["at"])
                found[row["pin"]].append(Answer(row["id"], row["pin"], row["words"], on, row["by"]))
        return dict(found)

    def decide(self, id_: int, to: str, *, by: str, at: datetime) -> KeptReply:
        """
        Say that a reply was read, is abuse, or waits again.

        Raises
        ------
        TransitionError
            If it stands there already: somebody else was quicker.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = _row(connection, id_)
            if row["state"] == to or to not in STATES:
                raise TransitionError(
                    [Text("this reply stands there already; somebody else was quicker")]
                )
            self._move(connection, row, to, by=by, at=at)
        return self.get(id_)

    def answer(self, id_: int, words: str, *, by: str, at: datetime) -> Answer:
        """
        Publish an answer beside the spot of a reply; all replies to it that wait are read by that.

        Parameters
        ----------
        id_
            One of the replies.
        words
            The city's own words; nothing a citizen wrote.
        by, at
            Login and moment.

        Raises
        ------
        MarkError
            If there are no words, or too many.
        """
        faults = answer_faults(words)
        if faults:
            raise MarkError(faults)
        with writing(self._engine, lock=KEEPERS) as connection:
            pin = _row(connection, id_)["pin"]
            told = {"pin": pin, "at": at, "words": cleaned(words), "by": by, "taken_back_at": None}
            new = insert(reply_answer).values(**told).returning(reply_answer.c.id)
            number = connection.scalars(new).one()
            self._written(connection, "reply answered", f"answer {number}", pin, by=by, at=at)
            waiting = select(reply).where(reply.c.pin == pin, reply.c.state == WAITING)
            for row in connection.execute(waiting.order_by(reply.c.id)).mappings().all():
                self._move(connection, dict(row), READ, by=by, at=at)
        return Answer(number, pin, cleaned(words), day_of(at), by)

    def take_back(self, answer_id: int, *, by: str, at: datetime) -> None:
        """Take an answer off the public page."""
        here = (reply_answer.c.id == answer_id) & reply_answer.c.taken_back_at.is_(None)
        with writing(self._engine, lock=KEEPERS) as connection:
            done = connection.execute(update(reply_answer).where(here).values(taken_back_at=at))
            if not done.rowcount:
                raise UnknownMarkError([Text("there is no such answer, or not any more")])
            self._written(connection, "answer taken back", f"answer {answer_id}", by=by, at=at)

    def remove_personal(self, id_: int, note: str, *, by: str, at: datetime) -> KeptReply:
        """Replace a text by one without personal details; the former one is erased at once."""
        with writing(self._engine, lock=KEEPERS) as connection:
            if _row(connection, id_)["note"] is None:
                raise TransitionError([Text("the note is erased already")])
            here = reply.c.id == id_
            connection.execute(update(reply).where(here).values(note=cleaned(note)))
            self._written(connection, "reply personal_removed", f"reply {id_}", by=by, at=at)
        forget_pages(self._engine)
        return self.get(id_)

    def _public(self, pin: str, at: datetime) -> Mapping[str, Any]:
        if "pins" in self._store.names():
            rows = shown(self._store.read("pins"), day_of(at))
            if pin in rows.index:
                return dict(rows.loc[pin])
        raise UnknownMarkError([Text("this spot is not shown any more")])

    def _move(
        self, connection: Connection, row: Mapping[str, Any], to: str, *, by: str, at: datetime
    ) -> None:
        decided = None if to == WAITING else at
        here = reply.c.id == row["id"]
        connection.execute(update(reply).where(here).values(state=to, decided_at=decided))
        self._written(connection, f"reply {to}", f"reply {row['id']}", row["pin"], by=by, at=at)

    def _written(
        self,
        connection: Connection,
        action: str,
        what: str,
        detail: str = "",
        *,
        by: str,
        at: datetime,
    ) -> None:
        append(connection, self._secret, action, by=by, at=at, what=what, detail=detail)


def _row(connection: Connection, id_: int) -> Mapping[str, Any]:
    row = connection.execute(select(reply).where(reply.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise UnknownMarkError([GONE])
    return dict(row)


def _kept(row: Mapping[str, Any]) -> KeptReply:
    told = {name: row[name] for name in KeptReply.__dataclass_fields__ if name in row}
    return KeptReply(**told | {"factors": split(row["factors"])})
