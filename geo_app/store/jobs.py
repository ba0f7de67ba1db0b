"""
Long work as rows: which states there are, which may follow which, and who asked.

The rows are the truth: a job is cancelled by writing so here, and whoever
works on it reads it, in this process or in another one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from layers import Text

from .engines import JOBS, reading, writing
from .errors import QueueFullError, UnknownJobError
from .job_tables import job
from .layers import Store

STATES: dict[str, Text] = {
    "waiting": Text("waits for its turn"),
    "running": Text("is being computed"),
    "done": Text("done"),
    "failed": Text("did not work"),
    "cancelled": Text("cancelled"),
    "interrupted": Text("interrupted when the server was started anew"),
}
"""Every state of a job, in words."""

FOLLOWS: dict[str, frozenset[str]] = {
    "waiting": frozenset({"running", "cancelled", "interrupted"}),
    "running": frozenset({"done", "failed", "cancelled", "interrupted"}),
    "done": frozenset({"waiting"}),
    "failed": frozenset({"waiting"}),
    "cancelled": frozenset({"waiting"}),
    "interrupted": frozenset({"waiting"}),
}
"""Which states may follow which; "waiting" again is a new start."""

ACTIVE = frozenset({"waiting", "running"})
"""States in which somebody still waits for a job."""


UNKNOWN = Text("this computation is not known, or not any more; ask the question again")
FULL = Text(
    "Much is being computed at the moment. Please try again in a few minutes; the quick answer"
    " stays."
)
ENOUGH = Text(
    "From this connection {most} computations are under way already. Wait for one of them, or"
    " cancel it."
)


@dataclass(frozen=True)
class Job:
    """
    One piece of long work.

    Parameters
    ----------
    id
        Random text; whoever knows it may see the job.
    analysis, query
        What was asked, as in an address.
    digest
        What it was asked of: question, versions of the layers, version of the program.
    person
        Login of who asked, or "" for a visitor.
    visitor
        Keyed hash of a visitor's connection while the job is active.
    state
        One of `STATES`.
    attempt
        How often it was started.
    asked, began, ended
        When it was asked for, begun and at its end.
    done, doing
        Share of the work done, and what is being done.
    faults
        Why it did not work.
    """

    id: str
    analysis: str
    query: Mapping[str, Sequence[str]]
    digest: str
    person: str
    visitor: str
    state: str
    attempt: int
    asked: datetime
    began: datetime | None
    ended: datetime | None
    done: float
    doing: Text
    faults: tuple[Text, ...]

    @property
    def active(self) -> bool:
        """Whether it is still worked on, or waits for it."""
        return self.state in ACTIVE


@dataclass(frozen=True)
class Limits:
    """
    How many jobs may be active at once.

    Parameters
    ----------
    all_
        Of everybody.
    visitors
        Of all visitors that are not signed in.
    one
        Of one of them.
    """

    all_: int
    visitors: int
    one: int


class JobStore:
    """
    Every job of a store.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def get(self, name: str) -> Job:
        """
        Return a job.

        Raises
        ------
        UnknownJobError
            If there is none, or it was cleaned away.
        """
        with reading(self._engine) as connection:
            return _get(connection, name)

    def latest(self, digest: str) -> Job | None:
        """Return the newest job that asked this of these data, or None."""
        with reading(self._engine) as connection:
            return _latest(connection, digest)

    def listed(self, *, most: int = 100) -> list[Job]:
        """Return the newest jobs first."""
        query = select(job).order_by(job.c.asked.desc(), job.c.id).limit(most)
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(query).mappings()]

    def join(self, wanted: Job, limits: Limits) -> tuple[Job, bool]:
        """
        Return the active job that asks the same, or keep the one wanted; tell whether it is new.

        Raises
        ------
        QueueFullError
            If there are too many already.
        """
        with writing(self._engine, lock=JOBS) as connection:
            same = _latest(connection, wanted.digest)
            if same is not None and same.active:
                return same, False
            _check_room(connection, wanted, limits)
            connection.execute(insert(job).values(_row(wanted)))
        return wanted, True

    def again(self, name: str, digest: str, limits: Limits, *, at: datetime, visitor: str) -> Job:
        """
        Put a job that has ended back into the queue.

        Parameters
        ----------
        name
            Its id.
        digest
            What it asks now: the layers may have changed.
        limits, visitor
            As in `join`.
        at
            Now.

        Raises
        ------
        QueueFullError
            If there are too many already.
        """
        with writing(self._engine, lock=JOBS) as connection:
            found = _get(connection, name)
            if found.active:
                return found
            _check_room(connection, found, limits, visitor=visitor)
            values: dict[str, Any] = {
                "state": "waiting",
                "digest": digest,
                "attempt": found.attempt + 1,
                "asked": at,
                "began": None,
                "ended": None,
                "done": 0.0,
                "doing": _written(Text("")),
                "faults": "[]",
                "visitor": "" if found.person else visitor,
            }
            connection.execute(update(job).where(job.c.id == name).values(values))
            return _get(connection, name)

    def move(
        self,
        name: str,
        state: str,
        *,
        at: datetime,
        attempt: int | None = None,
        faults: Sequence[Text] = (),
    ) -> bool:
        """
        Bring a job into a state if it may follow; tell whether it did.

        Parameters
        ----------
        name, state
            Its id, and one of `STATES`.
        at
            Now.
        attempt
            Only if it was not started again in the meantime.
        faults
            Why it did not work.
        """
        before = [one for one, following in FOLLOWS.items() if state in following]
        here = (job.c.id == name) & job.c.state.in_(before)
        if attempt is not None:
            here &= job.c.attempt == attempt
        values: dict[str, Any] = {"state": state, "faults": _several(faults)}
        if state == "running":
            values["began"] = at
        else:
            values |= {"ended": at, "visitor": ""}
        if state == "done":
            values["done"] = 1.0
        with writing(self._engine, lock=JOBS) as connection:
            return bool(connection.execute(update(job).where(here).values(values)).rowcount)

    def report(self, name: str, attempt: int, done: float, doing: Text) -> bool:
        """Note how far a job is; tell whether anybody still wants it."""
        here = (job.c.id == name) & (job.c.attempt == attempt) & (job.c.state == "running")
        values = {"done": min(max(done, 0.0), 1.0), "doing": _written(doing)}
        with writing(self._engine, lock=JOBS) as connection:
            return bool(connection.execute(update(job).where(here).values(values)).rowcount)

    def interrupt(self, *, at: datetime) -> int:
        """Mark every active job as interrupted: nobody works on it any more."""
        values = {"state": "interrupted", "ended": at, "visitor": ""}
        with writing(self._engine, lock=JOBS) as connection:
            here = job.c.state.in_(ACTIVE)
            return connection.execute(update(job).where(here).values(values)).rowcount

    def tidy(self, *, at: datetime, days: int, most: int) -> int:
        """Delete what has ended long ago, and the oldest beyond `most`."""
        ended = job.c.state.notin_(ACTIVE)
        newest = select(job.c.id).where(ended).order_by(job.c.asked.desc()).limit(most)
        old = ended & ((job.c.ended < at - timedelta(days=days)) | job.c.id.notin_(newest))
        with writing(self._engine, lock=JOBS) as connection:
            return connection.execute(delete(job).where(old)).rowcount


def new_job(
    analysis: str,
    query: Mapping[str, Sequence[str]],
    digest: str,
    *,
    person: str,
    visitor: str,
    at: datetime,
) -> Job:
    """Return a job that nobody has asked for yet."""
    kept = {name: list(texts) for name, texts in query.items()}
    token = secrets.token_urlsafe(16)
    nothing = Text("")
    seen = "" if person else visitor
    return Job(
        token, analysis, kept, digest, person, seen, "waiting", 1, at, None, None, 0.0, nothing, ()
    )  # fmt: skip


def _check_room(
    connection: Connection, wanted: Job, limits: Limits, *, visitor: str | None = None
) -> None:
    active = select(func.count()).select_from(job).where(job.c.state.in_(ACTIVE))
    of_all = connection.scalar(active) or 0
    if of_all >= limits.all_:
        raise QueueFullError([FULL])
    if wanted.person:
        return
    who = wanted.visitor if visitor is None else visitor
    if (connection.scalar(active.where(job.c.visitor == who)) or 0) >= limits.one:
        raise QueueFullError([Text(ENOUGH.template, most=limits.one)])
    if (connection.scalar(active.where(job.c.person == "")) or 0) >= limits.visitors:
        raise QueueFullError([FULL])


def _get(connection: Connection, name: str) -> Job:
    row = connection.execute(select(job).where(job.c.id == name)).mappings().one_or_none()
    if row is None:
        raise UnknownJobError([UNKNOWN])
    return _job(row)


def _latest(connection: Connection, digest: str) -> Job | None:
    query = select(job).where(job.c.digest == digest).order_by(job.c.asked.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _job(row)


def _job(row: Mapping[Any, Any]) -> Job:
    told = {name: row[name] for name in Job.__dataclass_fields__}
    read = {
        "query": json.loads(row["query"]),
        "doing": _read(json.loads(row["doing"])),
        "faults": tuple(_read(fault) for fault in json.loads(row["faults"])),
    }
    return Job(**told | read)


def _row(one: Job) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in Job.__dataclass_fields__}
    written = {
        "query": json.dumps(one.query, sort_keys=True, ensure_ascii=False),
        "doing": _written(one.doing),
        "faults": _several(one.faults),
    }
    return told | written


def _written(sentence: Text) -> str:
    return json.dumps(_plain(sentence), ensure_ascii=False)


def _several(sentences: Sequence[Text]) -> str:
    return json.dumps([_plain(sentence) for sentence in sentences], ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Turn a sentence into plain JSON, sentences within it too."""
    if isinstance(value, Text):
        told = {name: _plain(inner) for name, inner in value.values.items()}
        return {"text": value.template, "values": told}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _read(value: Any) -> Any:
    """Turn plain JSON back into a sentence."""
    if isinstance(value, Mapping):
        return Text(value["text"], **{name: _read(v) for name, v in value["values"].items()})
    return tuple(_read(one) for one in value) if isinstance(value, list) else value
