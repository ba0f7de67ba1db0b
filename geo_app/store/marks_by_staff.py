"""What staff do with marks: read the oldest first, decide, ask, look at the exact point."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from layers import Text
from layers.errors import MarkError, TransitionError
from layers.factors import OFFICES, is_sensitive, offices_of
from layers.marks import WAITING, Events, State, advance, record
from layers.schema import SEPARATOR

from .engines import KEEPERS, reading, writing
from .errors import RevealError
from .forgetting import forget_pages
from .mark_tables import mark, reveal, voice
from .marks_kept import Kept, KeptMarks, Point, kept, salted
from .people_kept import may_reveal, reason_faults, tidy_login


@dataclass(frozen=True)
class Filter:
    """
    Which marks of the queue.

    Parameters
    ----------
    states
        Where they stand; by default those that wait for the city.
    kind, factor, office
        "" is any.
    overdue
        Only those that have waited for longer than the service level.
    """

    states: Collection[State] = WAITING
    kind: str = ""
    factor: str = ""
    office: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Waiting:
    """
    One mark in the queue.

    Parameters
    ----------
    mark
        The mark, without its exact point.
    days
        How long it has waited [days]; since it was sent if it waits no more.
    overdue
        It waits for longer than the service level.
    voices
        "Me too" for the row of the public layer that counts it.
    """

    mark: Kept
    days: float
    overdue: bool
    voices: int


@dataclass(frozen=True)
class Look:
    """One look at an exact point: who, when, why, and the second person if there was one."""

    at: datetime
    by: str
    reason: str
    second: str


class ByStaff(KeptMarks):
    """Marks as moderators see them; every act is written down with the login of who did it."""

    def queue(
        self, wanted: Filter = Filter(), *, at: datetime, limit: int = 50, offset: int = 0
    ) -> list[Waiting]:
        """
        Return marks, the longest waiting first.

        Parameters
        ----------
        wanted
            Which ones.
        at
            Now.
        limit, offset
            How many, after how many.
        """
        since = func.coalesce(mark.c.waiting_since, mark.c.received_at)
        query = select(mark).where(*self._wanted(wanted, at))
        query = query.order_by(since, mark.c.id).limit(limit).offset(offset)
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
            voices = self._voices(connection, {row["pin"] for row in rows if row["pin"]})
        return [self._waiting(row, at, voices.get(row["pin"], 0)) for row in rows]

    def count(self, wanted: Filter = Filter(), *, at: datetime) -> int:
        """Return how many marks `queue` would return without a limit."""
        with reading(self._engine) as connection:
            query = select(func.count()).select_from(mark).where(*self._wanted(wanted, at))
            return int(connection.scalar(query) or 0)

    def _wanted(self, wanted: Filter, at: datetime) -> list[ColumnElement[bool]]:
        here: list[ColumnElement[bool]] = [mark.c.state.in_([str(s) for s in wanted.states])]
        here.append(mark.c.state != str(State.DRAFT))
        if wanted.kind:
            here.append(mark.c.kind == wanted.kind)
        if wanted.factor:
            here.append(_names(mark.c.factors, wanted.factor))
        if wanted.office:
            here.append(_names(mark.c.offices, wanted.office))
        if wanted.overdue:
            here.append(mark.c.waiting_since < self._settings.due_before(at))
        return here

    def _waiting(self, row: Mapping[str, Any], at: datetime, voices: int) -> Waiting:
        since = row["waiting_since"] or row["received_at"]
        overdue = bool(row["waiting_since"]) and since < self._settings.due_before(at)
        days = (at - since).total_seconds() / 86_400
        return Waiting(kept(row), days, overdue, voices)

    def _voices(self, connection: Connection, pins: Collection[str]) -> dict[str, int]:
        query = select(voice.c.pin, func.count()).where(voice.c.pin.in_(pins)).group_by(voice.c.pin)
        return dict(connection.execute(query).all())

    def get(self, id_: str) -> Kept:
        """
        Return one mark, its place only coarsely.

        Raises
        ------
        UnknownMarkError
            If there is none.
        """
        with reading(self._engine) as connection:
            return kept(self._get(connection, id_))

    def history(self, id_: str) -> Events:
        """
        Return the history of a mark after a look for signs of tampering.

        Raises
        ------
        TamperedError
            If it was changed behind the program's back; lists every sign.
        """
        with reading(self._engine) as connection:
            return self._events(connection, self._get(connection, id_))

    def similar(self, id_: str, *, metres: float = 50.0) -> list[Kept]:
        """
        Return marks of the same kind near a mark, the nearest first: it may be one of them.

        Parameters
        ----------
        id_
            The mark.
        metres
            How near [m]. Where an exact place needs two people, a sensitive
            mark is near to all in its square of 100 m and to no others, in no
            order: its distance would tell one person alone where it is.
        """
        with reading(self._engine) as connection:
            row = self._get(connection, id_)
            if row["x"] is None:
                return []
            away = (mark.c.x - row["x"]) * (mark.c.x - row["x"])
            away += (mark.c.y - row["y"]) * (mark.c.y - row["y"])
            alike = select(mark).where(
                mark.c.kind == row["kind"],
                mark.c.id != id_,
                mark.c.x.is_not(None),
                mark.c.state.not_in([str(State.DRAFT), str(State.MERGED), str(State.WITHDRAWN)]),
            )
            near = alike.where(
                mark.c.x.between(row["x"] - metres, row["x"] + metres),
                mark.c.y.between(row["y"] - metres, row["y"] + metres),
                away <= metres**2,
            )
            square = alike.where(
                mark.c.coarse_x == row["coarse_x"], mark.c.coarse_y == row["coarse_y"]
            )
            found = _all(connection, near.order_by(away, mark.c.id))
            there = _all(connection, square.order_by(mark.c.id))
        if not self._settings.two_people:
            return found
        veiled = [one for one in there if _sensitive(row, one)]
        return [one for one in found if not _sensitive(row, one)] + veiled

    def decide(
        self, id_: str, to: State, *, by: str, at: datetime, reason: str = "", detail: str = ""
    ) -> Kept:
        """
        Take a mark to another state.

        Parameters
        ----------
        id_
            The mark.
        to
            The state; `layers.marks.may(state, "moderator")` lists those possible.
        by
            Login of the moderator; written down, but not in the mark's history.
        at
            Now.
        reason
            A key of `REJECTIONS`, or the id of the mark it is merged into.
        detail
            Words for the person who sent it; erased with the other texts.

        Raises
        ------
        TransitionError
            If that is not possible from where the mark stands.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._get(connection, id_)
            if to is State.MERGED:
                self._mergeable(connection, row, reason)
            events = advance(
                self._events(connection, row),
                to,
                at=at,
                role="moderator",
                reason=reason,
                **salted(detail),
            )
            self._note_events(connection, row, events)
            self._audit(connection, f"mark {to}", id_, by=by, at=at, detail=reason)
        return self.get(id_)

    def accept(self, id_: str, *, by: str, at: datetime) -> Kept:
        """Accept a mark: counted in the public layer from the next release day on."""
        with reading(self._engine) as connection:
            given = self._get(connection, id_)["offices"]
        accepted = self.decide(id_, State.PUBLISHED, by=by, at=at)
        return accepted if given else self.assign(id_, by=by, at=at)

    def reject(self, id_: str, reason: str, *, by: str, at: datetime, detail: str = "") -> Kept:
        """Reject a mark for one of `layers.marks.REJECTIONS`."""
        return self.decide(id_, State.REJECTED, by=by, at=at, reason=reason, detail=detail)

    def merge(self, id_: str, into: str, *, by: str, at: datetime) -> Kept:
        """Join a mark with another one, in which it lives on."""
        return self.decide(id_, State.MERGED, by=by, at=at, reason=into)

    def ask(self, id_: str, question: str, *, by: str, at: datetime) -> Kept:
        """Ask the person who sent it, through the code."""
        if not question.strip():
            raise MarkError([Text("write the question")])
        return self.decide(id_, State.ASKED, by=by, at=at, detail=question.strip())

    def resolve(self, id_: str, *, by: str, at: datetime, detail: str = "") -> Kept:
        """Say that what was marked is put right; the words go to the person who sent it."""
        return self.decide(id_, State.RESOLVED, by=by, at=at, detail=detail)

    def assign(self, id_: str, offices: Sequence[str] = (), *, by: str, at: datetime) -> Kept:
        """
        Give the reasons of a mark to the offices that can do something about them.

        Parameters
        ----------
        id_
            The mark.
        offices
            Names of offices; by default those responsible for its reasons.
        by, at
            Who and when.
        """
        unknown = [name for name in offices if name not in OFFICES]
        if unknown:
            raise MarkError([Text("there is no office “{name}”", name=n[:40]) for n in unknown])
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._get(connection, id_)
            chosen = tuple(offices) or offices_of(kept(row).factors)
            events = self._events(connection, row)
            for office in chosen:
                events = record(events, "assigned", at=at, role="moderator", reason=office)
            told = SEPARATOR.join(chosen)
            self._note_events(connection, row, events, offices=told)
            self._audit(connection, "mark assigned", id_, by=by, at=at, detail=told)
        return self.get(id_)

    def remove_personal(self, id_: str, note: str, *, by: str, at: datetime) -> Kept:
        """Replace the note by one without personal details; the former one is erased at once."""
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._get(connection, id_)
            if row["note"] is None:
                raise TransitionError([Text("the note is erased already")])
            events = record(
                self._events(connection, row), "personal_removed", at=at, role="moderator"
            )
            self._note_events(connection, row, events, note=note.strip())
            self._audit(connection, "mark personal_removed", id_, by=by, at=at, detail="")
        forget_pages(self._engine)
        return self.get(id_)

    def reveal(self, id_: str, *, by: str, reason: str, at: datetime, second: str = "") -> Point:
        """
        Show the exact point of a mark [m]; each look is written down.

        Parameters
        ----------
        id_
            The mark.
        by
            Login of who looks.
        reason
            Why it has to be known.
        at
            Now.
        second
            Login of another person who agrees and has proved it with the own
            password; needed for sensitive reasons where the city says so.

        Raises
        ------
        RevealError
            If a reason or the second person is missing, or the point is erased.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._get(connection, id_)
            faults = _reveal_faults(connection, row, by, reason.strip())
            if self._settings.two_people and is_sensitive(kept(row).factors):
                faults += _second_faults(connection, by, second)
            if faults:
                raise RevealError(faults)
            events = record(self._events(connection, row), "revealed", at=at, role="moderator")
            told = {"by": by, "reason": reason.strip(), "second": second}
            connection.execute(insert(reveal).values(mark_id=id_, at=at, **told))
            self._note_events(connection, row, events)
            said = f"{reason.strip()} · {second}" if second else reason.strip()
            self._audit(connection, "mark revealed", id_, by=by, at=at, detail=said)
            return row["x"], row["y"]

    def looks(self, id_: str) -> list[Look]:
        """Return who has looked at the exact point of a mark, the latest first."""
        query = select(reveal.c.at, reveal.c.by, reveal.c.reason, reveal.c.second)
        with reading(self._engine) as connection:
            rows = connection.execute(
                query.where(reveal.c.mark_id == id_).order_by(reveal.c.id.desc())
            )
            return [Look(**row) for row in rows.mappings()]

    def _mergeable(self, connection: Connection, row: Mapping[str, Any], into: str) -> None:
        """Refuse a merger with itself, another kind, or a mark that is merged itself."""
        other = self._get(connection, into)
        if (
            other["id"] == row["id"]
            or other["kind"] != row["kind"]
            or other["state"] in {State.DRAFT, State.MERGED, State.WITHDRAWN}
        ):
            raise TransitionError(
                [Text("choose another mark of the same kind that is not joined or taken back")]
            )


def _all(connection: Connection, query: Any) -> list[Kept]:
    return [kept(dict(row)) for row in connection.execute(query).mappings()]


def _sensitive(row: Mapping[str, Any], other: Kept) -> bool:
    """Tell whether one of two marks has a reason that is sensitive."""
    return is_sensitive(kept(row).factors) or is_sensitive(other.factors)


def _names(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Tell whether one of the names in a cell is `name`."""
    return or_(
        column == name,
        column.startswith(name + SEPARATOR, autoescape=True),
        column.endswith(SEPARATOR + name, autoescape=True),
        column.contains(SEPARATOR + name + SEPARATOR, autoescape=True),
    )


def _reveal_faults(
    connection: Connection, row: Mapping[str, Any], by: str, reason: str
) -> list[Text]:
    faults = reason_faults(reason)
    if not may_reveal(connection, by):
        faults.append(Text("only moderators may look at an exact place"))
    if row["x"] is None:
        faults.append(Text("the exact place is erased already"))
    return faults


def _second_faults(connection: Connection, by: str, second: str) -> list[Text]:
    another = tidy_login(second) != tidy_login(by) and may_reveal(connection, second)
    return [] if another else [Text("this mark needs a second moderator who agrees")]
