"""What is erased when: one table of steps, counted or carried out, the same twice as once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from layers import Text
from layers.days import day_of, midnight
from layers.marks import CLOSED, State, record

from .engines import KEEPERS, reading, writing
from .errors import TamperedError
from .forgetting import blank_texts, forget_pages, permitted
from .mark_tables import audit, daily_salt, mark, mark_event, rate, reveal, voice
from .marks_in_public import due_to_expire
from .marks_kept import DECIDED, KeptMarks, events_of, insert_events
from .mending_tables import mending
from .presence_tables import patrol_finding, presence_plan
from .reply_tables import reply, reply_answer
from .staff_tables import reveal_wish, staff_session
from .walk_tables import walk, walk_rater, walk_rating

Erase = Callable[[Connection, "Step", datetime], None]

UNDECIDED = (State.RECEIVED, State.ASKED, State.REOPENED)
"""States in which nobody has decided."""


@dataclass(frozen=True)
class Step:
    """
    One thing that is erased.

    Parameters
    ----------
    what
        What is erased, and of what.
    when
        After which period.
    table, where
        The rows.
    erase
        How it is done.
    """

    what: Text
    when: Text
    table: Table
    where: ColumnElement[bool]
    erase: Erase

    def count(self, connection: Connection) -> int:
        """Return how many rows are due."""
        query = select(func.count()).select_from(self.table).where(self.where)
        return int(connection.scalar(query) or 0)


@dataclass(frozen=True)
class Due:
    """What is due, after which period, and how many of it."""

    what: Text
    when: Text
    count: int


class Erasure(KeptMarks):
    """What is kept no longer than it has to be."""

    def due(self, *, at: datetime) -> list[Due]:
        """Return what `erase` would erase; nothing is changed."""
        with reading(self._engine) as connection:
            expiring = len(due_to_expire(connection, at, self._settings.answer_days))
            steps = [Due(step.what, step.when, step.count(connection)) for step in self._steps(at)]
        return [_closing(expiring), *steps]

    def erase(self, *, at: datetime) -> list[Due]:
        """
        Erase everything that is due, from the tables and from the files of the database.

        Parameters
        ----------
        at
            Now, with a time zone.

        Returns
        -------
        done
            As `due`; carried out again it finds nothing more.

        Raises
        ------
        StoreError
            If the files cannot be written anew now; the tables are erased, run it again.
        """
        done = []
        with writing(self._engine, lock=KEEPERS) as connection:
            done.append(_closing(self._close(connection, at)))
            for step in self._steps(at):
                done.append(Due(step.what, step.when, step.count(connection)))
                step.erase(connection, step, at)
        forget_pages(self._engine, everything=True)
        return done

    def _close(self, connection: Connection, at: datetime) -> int:
        due = due_to_expire(connection, at, self._settings.answer_days)
        return sum(self._expire(connection, row, to, at) for row, to in due)

    def _steps(self, at: datetime) -> list[Step]:
        return [
            *self._of_marks(at),
            *self._of_replies(at),
            *self._of_walks(at),
            *self._of_tasks(at),
            *self._of_presence(at),
            *_of_devices(at),
            *self._of_staff(at),
        ]

    def _of_marks(self, at: datetime) -> list[Step]:
        keep = self._settings
        drafts = (mark.c.state == str(State.DRAFT)) & (
            mark.c.received_at <= at - timedelta(hours=keep.unconfirmed_hours)
        )
        decided = mark.c.state.in_([str(s) for s in DECIDED])
        told = exists().where(mark_event.c.mark_id == mark.c.id, mark_event.c.detail != "")
        texts = decided & (mark.c.decided_at <= at - timedelta(days=keep.text_days))
        closed = mark.c.state.in_([str(s) for s in CLOSED])
        points = closed & (mark.c.closed_at <= at - timedelta(days=keep.point_days))
        exact = or_(mark.c.x.is_not(None), mark.c.code_hash.is_not(None))
        hours = Text("{hours} hours after writing", hours=keep.unconfirmed_hours)
        after_decision = Text("{days} days after the decision", days=keep.text_days)
        after_closing = Text("{days} days after closing", days=keep.point_days)
        return [
            Step(Text("marks never sent"), hours, mark, drafts, self._drop),
            Step(
                Text("texts of marks"),
                after_decision,
                mark,
                texts & or_(mark.c.note != "", told),
                self._blank,
            ),
            Step(
                Text("exact points and codes"),
                after_closing,
                mark,
                points & exact,
                self._coarsen,
            ),
            *self._of_undecided(at),
        ]

    def _of_undecided(self, at: datetime) -> list[Step]:
        """Return what goes although nobody has decided; the code stays, to take the mark back."""
        days = self._settings.undecided_days
        since, when = at - timedelta(days=days), Text("{days} days without a step", days=days)
        steps = exists().where(
            mark_event.c.mark_id == mark.c.id,
            mark_event.c.action == "moved",
            mark_event.c.at > since,
        )
        told = exists().where(mark_event.c.mark_id == mark.c.id, mark_event.c.detail != "")
        open_ = mark.c.state.in_([str(s) for s in UNDECIDED]) & (mark.c.received_at <= since)
        texts = open_ & ~steps & or_(mark.c.note != "", told)
        points = open_ & ~steps & mark.c.x.is_not(None)
        return [
            Step(Text("texts of marks that nobody decided"), when, mark, texts, self._blank),
            Step(Text("exact points of marks that nobody decided"), when, mark, points, self._hide),
        ]

    def _of_replies(self, at: datetime) -> list[Step]:
        """Return what goes of replies to spots: as with marks, texts first, then all of it."""
        keep = self._settings
        told = reply.c.note.is_not(None) & (reply.c.note != "")
        read = reply.c.decided_at <= at - timedelta(days=keep.text_days)
        unread = reply.c.decided_at.is_(None)
        late = unread & (reply.c.at <= at - timedelta(days=keep.undecided_days))
        old = reply.c.decided_at <= at - timedelta(days=keep.point_days)
        never = keep.undecided_days + keep.point_days
        old |= unread & (reply.c.at <= at - timedelta(days=never))
        after = Text("{days} days after the decision", days=keep.text_days)
        without = Text("{days} days without a step", days=keep.undecided_days)
        whole = Text("{days} days after the decision", days=keep.point_days)
        said = reply_answer.c.taken_back_at <= at - timedelta(days=keep.text_days)
        since = Text("{days} days after taking back", days=keep.text_days)
        return [
            Step(Text("answers to spots that were taken back"), since, reply_answer, said, _delete),
            Step(Text("replies to spots"), whole, reply, old, _delete),
            Step(Text("texts of replies"), after, reply, told & read, _blank_reply),
            Step(Text("texts of replies that nobody read"), without, reply, told & late,
                 _blank_reply),
        ]  # fmt: skip

    def _of_walks(self, at: datetime) -> list[Step]:
        """Return what goes of night walks: notes and the words that devices made up."""
        keep = self._settings
        finished = select(walk.c.id).where(
            walk.c.finished_at <= at - timedelta(days=keep.text_days)
        )
        left = select(walk.c.id).where(
            walk.c.finished_at.is_(None),
            walk.c.changed_at <= at - timedelta(days=keep.undecided_days),
        )
        when = Text(
            "{days} days after the walk, or {more} days without a step",
            days=keep.text_days,
            more=keep.undecided_days,
        )
        notes, words = walk_rating.c, walk_rater.c
        walked = or_(notes.walk_id.in_(finished), notes.walk_id.in_(left))
        said = notes.note.is_not(None) & (notes.note != "") & walked
        over = or_(words.walk_id.in_(finished), words.walk_id.in_(left))
        known = words.word.is_not(None) & over
        return [
            Step(Text("notes of night walks"), when, walk_rating, said, _blank_note),
            Step(Text("words of devices on night walks"), when, walk_rater, known, _forget_word),
        ]

    def _of_tasks(self, at: datetime) -> list[Step]:
        """Return what goes of tasks that were put right: the words, and who did it."""
        keep = self._settings
        words = (mending.c.words != "") & (mending.c.at <= at - timedelta(days=keep.text_days))
        who = (mending.c.by != "") & (mending.c.at <= at - timedelta(days=keep.audit_days))
        soon = Text("{days} days after it was put right", days=keep.text_days)
        later = Text("{days} days", days=keep.audit_days)
        return [
            Step(Text("words about what was put right"), soon, mending, words, _blank_words),
            Step(Text("who has put it right"), later, mending, who, _blank_who),
        ]

    def _of_presence(self, at: datetime) -> list[Step]:
        """Return what goes of duty: who has planned it, and who has noted what rounds found."""
        days = self._settings.audit_days
        since, when = at - timedelta(days=days), Text("{days} days", days=days)
        noted = (patrol_finding.c.by != "") & (patrol_finding.c.at <= since)
        made = (presence_plan.c.made_by != "") & (presence_plan.c.made_at <= since)
        return [
            Step(Text("who has noted what rounds found"), when, patrol_finding, noted, _blank_who),
            Step(Text("who has planned duty"), when, presence_plan, made, _blank_planner),
        ]

    def _of_staff(self, at: datetime) -> list[Step]:
        days = self._settings.audit_days
        since, when = at - timedelta(days=days), Text("{days} days", days=days)
        newest = select(func.max(audit.c.id)).scalar_subquery()
        hours = self._settings.session_hours
        over = staff_session.c.began <= at - timedelta(hours=hours)
        lapsed = reveal_wish.c.at <= at - timedelta(days=1)
        entries = (audit.c.at <= since) & (audit.c.id != newest)
        return [
            Step(Text("what staff did"), when, audit, entries, _delete),
            Step(Text("looks at exact points"), when, reveal, reveal.c.at <= since, _delete),
            Step(Text("requests for a look"), Text("a day"), reveal_wish, lapsed, _delete),
            Step(
                Text("sessions of staff"),
                Text("{hours} hours", hours=hours),
                staff_session,
                over,
                _delete,
            ),
        ]

    def _drop(self, connection: Connection, step: Step, _at: datetime) -> None:
        ids = select(mark.c.id).where(step.where)
        with permitted(connection):
            connection.execute(delete(mark_event).where(mark_event.c.mark_id.in_(ids)))
            connection.execute(delete(mark).where(step.where))

    def _blank(self, connection: Connection, step: Step, at: datetime) -> None:
        for row in _rows(connection, step):
            self._note(connection, row, "text_erased", at)
            blank_texts(connection, row["id"])
            note = {"note": None} if row["note"] else {"note": row["note"]}
            connection.execute(update(mark).where(mark.c.id == row["id"]).values(**note))

    def _coarsen(self, connection: Connection, step: Step, at: datetime) -> None:
        self._hide(connection, step, at, code_hash=None)

    def _hide(self, connection: Connection, step: Step, at: datetime, **more: None) -> None:
        nowhere: dict[str, Any] = {"x": None, "y": None, "sender": "", **more}
        for row in _rows(connection, step):
            if row["x"] is not None:
                self._note(connection, row, "coarsened", at)
            connection.execute(update(mark).where(mark.c.id == row["id"]).values(**nowhere))

    def _note(
        self, connection: Connection, row: Mapping[str, Any], action: str, at: datetime
    ) -> None:
        """
        Note in the history that something is erased.

        A history that somebody has tampered with is no reason to keep what has
        to go; it is only not sealed anew, so that the tampering stays visible.
        """
        try:
            events = self._events(connection, row)
        except TamperedError:
            events = events_of(connection, row["id"])
            if events:
                more = record(events, action, at=max(at, events[-1].at), role="system")
                insert_events(connection, row["id"], more[len(events) :], len(events))
            return
        more = record(events, action, at=max(at, events[-1].at), role="system")
        self._note_events(connection, row, more)


def _of_devices(at: datetime) -> list[Step]:
    """Everything that stood for a device goes with its day."""
    today, daily = day_of(at).isoformat(), Text("every day")
    began = midnight(at)
    marks = mark.c.device.is_not(None) & (mark.c.received_at < began)
    voices = voice.c.device.is_not(None) & (voice.c.day < today)
    replies = reply.c.device.is_not(None) & (reply.c.day < today)
    return [
        Step(Text("senders of marks"), daily, mark, marks, _forget_device),
        Step(Text("senders of “me too”"), daily, voice, voices, _forget_device),
        Step(Text("senders of replies"), daily, reply, replies, _forget_device),
        Step(Text("counters of devices"), daily, rate, rate.c.began < began, _delete),
        Step(Text("salts of former days"), daily, daily_salt, daily_salt.c.day < today, _delete),
    ]


def _closing(count: int) -> Due:
    what = Text("marks and questions whose time is over (closed, not erased)")
    return Due(what, Text("on their day"), count)


def _rows(connection: Connection, step: Step) -> list[dict[str, Any]]:
    query = select(step.table).where(step.where).order_by(*step.table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def _blank_note(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(note=None))


def _blank_words(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(words=""))


def _blank_who(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(by=""))


def _blank_planner(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(made_by=""))


def _forget_word(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(word=None))


def _forget_device(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(step.table).where(step.where).values(device=None))


def _blank_reply(connection: Connection, step: Step, _at: datetime) -> None:
    connection.execute(update(reply).where(step.where).values(note=None))


def _delete(connection: Connection, step: Step, _at: datetime) -> None:
    with permitted(connection):
        connection.execute(delete(step.table).where(step.where))
