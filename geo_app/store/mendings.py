"""Tasks that are put right: noted in the history of every mark behind them, and taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from layers import Text
from layers.errors import MarkError, TransitionError
from layers.factors import FACTORS
from layers.marks import Events, State
from layers.mending import ANSWERS, mend, mended, mendings, unmend

from .audit import append
from .cells import split
from .credible import joined_with
from .engines import KEEPERS, reading, writing
from .mark_tables import mark
from .marks_kept import KeptMarks, events_of, salted
from .mending_tables import mended_mark, mending

UNDO_HOURS = 24
"""So long whoever has put a task right, or a colleague, can take it back [h]."""
MOST_WORDS = 500
"""Longest words for the people who had marked it [characters]."""
GONE = (State.DRAFT, State.REJECTED, State.WITHDRAWN)
"""States in which a mark is no reason to do anything."""


@dataclass(frozen=True)
class PutRight:
    """
    One task that somebody has put right.

    Parameters
    ----------
    id
        Its number.
    at, by
        When, and by whom; "" once that is erased.
    task, factor, place
        Id of the task, its reason, and the name of its street or district.
    words
        Words for the people who had marked it; "" if none or erased.
    undone_at
        When it was taken back, or None.
    marks
        How many marks were told.
    still, better
        How many of their senders have said since that it is still so, and that it is better.
    """

    id: int
    at: datetime
    by: str
    task: str
    factor: str
    place: str
    words: str
    undone_at: datetime | None
    marks: int
    still: int
    better: int

    def undoable(self, at: datetime) -> bool:
        """Tell whether it can be taken back at a moment."""
        return self.undone_at is None and at - self.at <= timedelta(hours=UNDO_HOURS)


class Mending(KeptMarks):
    """What the city has put right of what marks name."""

    def put_right(
        self,
        marks: Collection[str],
        factor: str,
        *,
        task: str,
        place: str,
        by: str,
        at: datetime,
        words: str = "",
    ) -> int:
        """
        Say that a reason is put right for all marks of a task, and for those joined with them.

        A mark of which nothing is left to do is resolved. Nothing is published earlier or
        later than otherwise: an accepted row goes on its release day.

        Parameters
        ----------
        marks
            Ids of the marks of the task.
        factor
            The reason.
        task, place
            Id of the task, and the name of its street or district.
        by, at
            Who and when.
        words
            For the people who had marked it; erased with the texts of marks.

        Returns
        -------
        number
            Of this deed, for `take_back`.

        Raises
        ------
        MarkError
            If the words are too long, or nothing of it is open any more.
        """
        faults = _faults(factor, words)
        if faults:
            raise MarkError(faults)
        with writing(self._engine, lock=KEEPERS) as connection:
            rows = [row for row in _with_joined(connection, marks) if _names(row, factor)]
            every = [(row, self._events(connection, row)) for row in rows]
            open_ = [(row, events) for row, events in every if factor not in mended(events)]
            if not open_:
                raise MarkError([NOTHING_OPEN])
            told = {"task": task, "factor": factor, "place": place, "words": words.strip()}
            made = insert(mending).values(at=at, by=by, **told).returning(mending.c.id)
            number = int(connection.scalars(made).one())
            for row, events in open_:
                self._mend(connection, number, row, events, factor, words.strip(), by, at)
            append(connection, self._secret, "task put right", by=by, at=at,
                   what=f"task {task}", detail=f"{factor} · {len(open_)}")  # fmt: skip
        return number

    def take_back(self, number: int, *, by: str, at: datetime) -> None:
        """
        Take back that a task is put right: everything is as it was before.

        What its senders have said since stays said.

        Raises
        ------
        TransitionError
            If it is too late, or somebody else has taken it back.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            found = self._listed(connection, mending.c.id == number)
            if not found or not found[0].undoable(at):
                raise TransitionError(
                    [Text("this cannot be taken back any more; it can only be marked again")]
                )
            done = found[0]
            befores = select(mended_mark).where(mended_mark.c.mending_id == number)
            for before in connection.execute(befores).mappings().all():
                self._unmend(connection, done, dict(before), by, at)
            connection.execute(update(mending).where(mending.c.id == number).values(undone_at=at))
            append(connection, self._secret, "task taken back", by=by, at=at,
                   what=f"task {done.task}", detail=done.factor)  # fmt: skip

    def put_right_since(self, since: datetime) -> list[PutRight]:
        """Return what was put right since a moment, the latest first; also what was taken back."""
        with reading(self._engine) as connection:
            return self._listed(connection, mending.c.at >= since)

    def mended_marks(self) -> dict[tuple[str, str], list[int]]:
        """Return mark and reason → numbers of what was put right of it, the latest last."""
        query = (
            select(mended_mark.c.mark_id, mending.c.factor, mending.c.id)
            .join(mending, mending.c.id == mended_mark.c.mending_id)
            .where(mending.c.undone_at.is_(None))
            .order_by(mending.c.id)
        )
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        with reading(self._engine) as connection:
            for mark_id, factor, number in connection.execute(query):
                found[mark_id, factor].append(number)
        return dict(found)

    def _mend(
        self,
        connection: Connection,
        number: int,
        row: Mapping[str, Any],
        events: Events,
        factor: str,
        words: str,
        by: str,
        at: datetime,
    ) -> None:
        told = mend(events, factor, factors=row["reasons"], at=at, **salted(words))
        # from here on count the days after which texts are erased: somebody shall read the words
        self._note_events(connection, row, told, decided_at=at)
        connection.execute(
            insert(mended_mark).values(
                mending_id=number, mark_id=row["id"], decided_at=row["decided_at"]
            )
        )
        self._audit(connection, "mark mended", row["id"], by=by, at=at, detail=factor)

    def _unmend(
        self, connection: Connection, done: PutRight, before: Mapping[str, Any], by: str,
        at: datetime,
    ) -> None:  # fmt: skip
        row = self._get(connection, before["mark_id"])
        if State(row["state"]) in GONE:
            return
        events = self._events(connection, row)
        now = next((one for one in mendings(events) if one.factor == done.factor), None)
        if now is None or now.at != done.at:
            return
        told = unmend(events, done.factor, at=at)
        stays = {"accepted_on": row["accepted_on"], "expires_on": row["expires_on"]}
        self._note_events(connection, row, told, decided_at=before["decided_at"], **stays)
        self._audit(connection, "mark unmended", row["id"], by=by, at=at, detail=done.factor)

    def _listed(self, connection: Connection, which: Any) -> list[PutRight]:
        rows = connection.execute(select(mending).where(which).order_by(mending.c.id.desc()))
        done = [dict(row) for row in rows.mappings()]
        query = select(mended_mark.c.mending_id, mended_mark.c.mark_id)
        query = query.where(mended_mark.c.mending_id.in_([one["id"] for one in done]))
        marks: dict[int, list[str]] = defaultdict(list)
        for number, mark_id in connection.execute(query):
            marks[number].append(mark_id)
        return [
            PutRight(**one, marks=len(marks[one["id"]]), **_answers(connection, one, marks))
            for one in done
        ]


NOTHING_OPEN = Text("nothing of it is open any more; load the page again")


def _faults(factor: str, words: str) -> list[Text]:
    faults = []
    if factor not in FACTORS:
        faults.append(Text("“{name}” is no reason", name=factor[:40]))
    if len(words.strip()) > MOST_WORDS:
        faults.append(Text("the words may have {most} characters at most", most=MOST_WORDS))
    return faults


def _with_joined(connection: Connection, marks: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows of some marks and of those that live on in them, at whatever remove."""
    heads = select(mark.c.id).where(mark.c.id.in_(sorted(marks))).cte("heads", recursive=True)
    further = select(mark.c.id).join(heads, mark.c.merged_into == heads.c.id)
    heads = heads.union(further.where(mark.c.state == str(State.MERGED)))
    query = select(mark).where(
        mark.c.id.in_(select(heads.c.id)), mark.c.state.not_in([str(state) for state in GONE])
    )
    rows = [dict(row) for row in connection.execute(query.order_by(mark.c.id)).mappings()]
    joined = joined_with(rows)
    return [row | {"reasons": _reasons((row, *joined[row["id"]]))} for row in rows]


def _reasons(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return all reasons of a mark and of those that live on in it: they are all its own now."""
    return tuple(dict.fromkeys(name for row in rows for name in split(row["factors"])))


def _names(row: Mapping[str, Any], factor: str) -> bool:
    """Tell whether a mark names a reason; a resolved one is put right already."""
    return factor in row["reasons"] and row["state"] != State.RESOLVED


def _answers(
    connection: Connection, one: Mapping[str, Any], marks: Mapping[int, Sequence[str]]
) -> dict[str, Any]:
    said = [_said(events_of(connection, id_), one) for id_ in marks[one["id"]]]
    return {"still": said.count(ANSWERS[0]), "better": said.count(ANSWERS[1])}


def _said(events: Iterable[Any], one: Mapping[str, Any]) -> str:
    now = (
        m.answer for m in mendings(tuple(events)) if (m.factor, m.at) == (one["factor"], one["at"])
    )
    return next(now, "")
