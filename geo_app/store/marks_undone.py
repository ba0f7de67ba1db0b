"""Decisions that whoever made them takes back before anything else has happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from layers import Text
from layers.errors import TransitionError
from layers.mark_undo import before_decision, undo
from layers.marks import Events, State

from .engines import KEEPERS, reading, writing
from .mark_tables import audit
from .marks_by_staff import ByStaff
from .marks_kept import Kept


class Undoing(ByStaff):
    """First decisions, and the way back to the queue."""

    def undoable(self, id_: str, *, by: str) -> State | None:
        """
        Return the state a decision can be taken back to by whoever made it, or None.

        Parameters
        ----------
        id_
            The mark.
        by
            Login of the moderator.
        """
        with reading(self._engine) as connection:
            row = self._get(connection, id_)
            events = self._events(connection, row)
            before = before_decision(events)
            free = before is not None and _is_free(connection, row, events, by)
        return before.state if before is not None and free else None

    def undo(self, id_: str, *, by: str, at: datetime) -> Kept:
        """
        Take a first decision back: the mark waits as if nobody had decided.

        Raises
        ------
        TransitionError
            If somebody else made it, something else has happened since, or it was released.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            row = self._get(connection, id_)
            events = self._events(connection, row)
            before = before_decision(events)
            if before is None or not _is_free(connection, row, events, by):
                raise TransitionError([Text("this decision cannot be taken back; decide anew")])
            changes: dict[str, Any] = {
                "waiting_since": before.since,
                "answered_at": row["answered_at"] if before.answered else None,
            }
            if events[-1].action == "assigned":
                changes["offices"] = ""
            if row["state"] == State.PUBLISHED:
                changes |= {"accepted_on": "", "expires_on": ""}
            self._note_events(connection, row, undo(events, at=at), **changes)
            self._audit(connection, "mark undone", id_, by=by, at=at, detail="")
        return self.get(id_)


def _is_free(connection: Connection, row: Mapping[str, Any], events: Events, by: str) -> bool:
    """Tell whether it was this person's decision, and no release has counted it."""
    end = events[-1].hash[:16]
    query = select(audit.c.by).where(audit.c.what == f"mark {row['id']}")
    last = query.where(audit.c.detail.endswith(end)).order_by(audit.c.id.desc()).limit(1)
    return not row["pin"] and connection.scalar(last) == by
