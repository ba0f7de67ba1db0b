"""What the person who sent a mark can do with it: everything by its code, nothing by a name."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from layers import Text
from layers.days import day_of
from layers.errors import TransitionError
from layers.marks import WAITING, Events, Mark, State, advance, begin, record
from layers.mending import unanswered
from layers.sources.pins import shown

from .codes import code_for, keyed, tidy
from .devices import device_key
from .engines import KEEPERS, reading, writing
from .errors import UnknownMarkError
from .forgetting import forget, forget_pages
from .mark_tables import mark, voice
from .marks_kept import Kept, KeptMarks, columns_of, insert_events, kept, salted

CORRECTABLE = frozenset({State.DRAFT, State.RECEIVED, State.ASKED, State.REOPENED})
"""States in which a mark can still be corrected: nobody has decided on it as it is now."""

EXPIRED = Text(
    "there is no mark with this code, or not any more: marks that were not sent are erased after"
    " {hours} hours, codes {days} days after the mark is closed"
)


@dataclass(frozen=True)
class Added:
    """
    What the person who sent a mark is told once.

    Parameters
    ----------
    id
        Id of the mark; not for the page.
    code
        Secret code; it is not kept and cannot be shown again.
    new
        False if this form had been sent before: then it is the same mark.
    """

    id: str
    code: str
    new: bool


class ByCitizens(KeptMarks):
    """Marks as the people who sent them see them."""

    def add(
        self, said: Mark, *, at: datetime, token: str = "", device: str = "", draft: bool = False
    ) -> Added:
        """
        Keep a mark.

        Parameters
        ----------
        said
            Checked by `layers.marks.mark_of`, in the coordinates of the store.
        at
            Now, with a time zone.
        token
            Random text made with the form: sent twice, it is one mark with one code.
        device
            Text that stands for the device; kept for a day as keyed hash only.
        draft
            It is not sent yet: erased after some hours unless `send` follows.
        """
        code = code_for(self._secret, token)
        hashed, id_ = self._hashed(code), secrets.token_hex(8)
        events = begin(id_, at=at, state=State.DRAFT if draft else State.RECEIVED)
        with writing(self._engine, lock=KEEPERS) as connection:
            known = connection.scalar(select(mark.c.id).where(mark.c.code_hash == hashed))
            if known is not None:
                return Added(known, code, new=False)
            told = columns_of(said, self._store.crs) | self._first(id_, events)
            told |= self._sent_by(connection, device, at) | {"code_hash": hashed}
            connection.execute(insert(mark).values(**told))
            insert_events(connection, id_, events, 0)
        return Added(id_, code, new=True)

    def sent_before(self, token: str) -> str:
        """Return the code of the mark that a form with this random text has become, or ""."""
        code = code_for(self._secret, token)
        with reading(self._engine) as connection:
            query = select(mark.c.id).where(mark.c.code_hash == self._hashed(code))
            return code if connection.scalar(query) is not None else ""

    def _first(self, id_: str, events: Events) -> dict[str, Any]:
        sent = events[-1].state is State.RECEIVED
        return {
            "id": id_,
            "state": str(events[-1].state),
            "received_at": events[-1].at,
            "waiting_since": events[-1].at if sent else None,
            "accepted_on": "",
            "expires_on": "",
            "offices": "",
            "pin": "",
            "seal": self._seal(id_, events),
        }

    def _sent_by(self, connection: Connection, device: str, at: datetime) -> dict[str, str | None]:
        """Give marks from one device on one day the same random sender."""
        if not device:
            return {"device": None, "sender": secrets.token_hex(8)}
        key = device_key(connection, self._secret, device, at)
        known = connection.scalars(select(mark.c.sender).where(mark.c.device == key)).first()
        return {"device": key, "sender": known or secrets.token_hex(8)}

    def by_code(self, code: str) -> Kept:
        """
        Return a mark with its exact point to the one who has its code.

        Raises
        ------
        CodeError
            If it is not a code.
        UnknownMarkError
            If no mark has it, or not any more.
        """
        with reading(self._engine) as connection:
            return kept(self._of_code(connection, code), exact=True)

    def send(self, code: str, *, at: datetime) -> Kept:
        """Send a draft; a draft that was sent already stays as it is."""
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            if row["state"] == State.DRAFT:
                self._move(connection, row, State.RECEIVED, at=at, received_at=at)
        return self.by_code(code)

    def correct(self, code: str, said: Mark, *, at: datetime) -> Kept:
        """
        Replace what was said while nobody has decided on it; the same once more changes nothing.

        Raises
        ------
        TransitionError
            If it is decided and would change: reopen it first.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            changes = columns_of(said, self._store.crs)
            changed = [name for name in changes if changes[name] != row[name]]
            if changed and row["state"] not in CORRECTABLE:
                raise TransitionError(
                    [
                        Text(
                            "somebody has already decided on this mark; it cannot be changed any"
                            " more. Take it back and send another one, or open it again"
                        )
                    ]
                )
            if changed:
                events = record(self._events(connection, row), "corrected", at=at, role="citizen")
                self._note_events(connection, row, events, **changes)
        return self.by_code(code)

    def answer(self, code: str, text: str, *, at: datetime) -> Kept:
        """Answer a question of the city; the mark waits for a moderator again."""
        return self._moved(code, State.RECEIVED, at=at, detail=text)

    def reopen(self, code: str, *, at: datetime, detail: str = "") -> Kept:
        """Say that it is not resolved, or rightly there; the mark waits for a moderator again."""
        return self._moved(code, State.REOPENED, at=at, detail=detail)

    def withdraw(self, code: str, *, at: datetime) -> Kept:
        """
        Take a mark back: point, note, reasons and every text are erased at once.

        It leaves the public layer on the next release day.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            events = advance(self._events(connection, row), State.WITHDRAWN, at=at, role="citizen")
            events = forget(connection, row["id"], events, at=at)
            self._note_events(connection, row, events)
        forget_pages(self._engine)
        return self.by_code(code)

    def still_so(self, code: str, *, at: datetime, factor: str = "") -> Kept:
        """
        Say that it is still so: it counts for another period, or waits again if it was closed.

        Parameters
        ----------
        code
            Code of the mark.
        at
            Now.
        factor
            The reason it is said about, where the city has put one right.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            events = self._events(connection, row)
            about = factor if factor in unanswered(events) else ""
            events = record(events, "still_so", at=at, role="citizen", reason=about)
            changes = {}
            if row["state"] == State.PUBLISHED:
                changes = {"expires_on": self._shown_from(at)["expires_on"]}
            elif row["state"] not in WAITING:
                events = advance(events, State.REOPENED, at=at, role="citizen")
            self._note_events(connection, row, events, **changes)
        return self.by_code(code)

    def better_now(self, code: str, *, at: datetime, factor: str = "") -> Kept:
        """
        Say that it is better now: an accepted mark is resolved and counts no more.

        Parameters
        ----------
        code
            Code of the mark.
        at
            Now.
        factor
            The reason it is said about, where the city has put one right; the others stay.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            events = self._events(connection, row)
            about = factor if factor in unanswered(events) else ""
            events = record(events, "better_now", at=at, role="citizen", reason=about)
            if row["state"] == State.PUBLISHED and not about:
                events = advance(events, State.RESOLVED, at=at, role="citizen")
            self._note_events(connection, row, events)
        return self.by_code(code)

    def shown_rows(self, *, at: datetime) -> tuple[str, ...]:
        """Return the ids of the public rows that are shown, those of most marks first."""
        if "pins" not in self._store.names():
            return ()
        rows = shown(self._store.read("pins"), day_of(at)).sort_index()
        return tuple(rows.sort_values("marks", ascending=False, kind="stable").index)

    def me_too(self, pin: str, *, device: str, at: datetime) -> bool:
        """
        Count a "me too" for a row of the public layer.

        Parameters
        ----------
        pin
            Id of the row.
        device
            Text that stands for the device; kept for a day as keyed hash only.
        at
            Now.

        Returns
        -------
        counted
            False if this device has spoken for it today.

        Raises
        ------
        UnknownMarkError
            If no such row is public.
        """
        day = day_of(at)
        if pin not in self.shown_rows(at=at):
            raise UnknownMarkError([Text("this spot is not shown any more")])
        with writing(self._engine, lock=KEEPERS) as connection:
            key = device_key(connection, self._secret, device, at)
            told = {"pin": pin, "day": day.isoformat(), "device": key}
            known = connection.scalar(select(voice.c.id).filter_by(**told))
            if known is None:
                connection.execute(insert(voice).values(**told))
            return known is None

    def voices(self, pin: str) -> int:
        """Return how often "me too" was said for a row of the public layer."""
        with reading(self._engine) as connection:
            count = select(func.count()).select_from(voice).where(voice.c.pin == pin)
            return int(connection.scalar(count) or 0)

    def _of_code(self, connection: Connection, code: str) -> Mapping[str, Any]:
        query = select(mark).where(mark.c.code_hash == self._hashed(tidy(code)))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            hours, days = self._settings.unconfirmed_hours, self._settings.point_days
            raise UnknownMarkError([Text(EXPIRED.template, hours=hours, days=days)])
        return dict(row)

    def _hashed(self, code: str) -> str:
        return keyed(self._secret, "code hash", code)

    def _moved(self, code: str, to: State, *, at: datetime, detail: str) -> Kept:
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._of_code(connection, code)
            self._move(connection, row, to, at=at, detail=detail)
        return self.by_code(code)

    def _move(
        self,
        connection: Connection,
        row: Mapping[str, Any],
        to: State,
        *,
        at: datetime,
        detail: str = "",
        **changes: Any,
    ) -> None:
        events = advance(self._events(connection, row), to, at=at, role="citizen", **salted(detail))
        self._note_events(connection, row, events, **changes)
