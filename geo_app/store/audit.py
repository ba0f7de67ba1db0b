"""What staff did: a list that can only grow, chained by hashes that need the secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from layers import Text

from .codes import keyed
from .mark_tables import audit


@dataclass(frozen=True)
class Entry:
    """
    One thing that staff did.

    Parameters
    ----------
    id
        Its number.
    at
        When.
    by
        Login of the person, or "system".
    action
        What was done, such as "reveal".
    what
        To what, such as a mark or an account.
    detail
        Reason and the like; never the text of a citizen, never a password.
    """

    id: int
    at: datetime
    by: str
    action: str
    what: str
    detail: str


def append(
    connection: Connection,
    secret: str,
    action: str,
    *,
    by: str,
    at: datetime,
    what: str = "",
    detail: str = "",
) -> None:
    """Add one entry within a transaction of `engines.writing` with the lock of marks."""
    last = connection.execute(
        select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    ).first()
    entry = Entry(1 + (last.id if last else 0), at, by, action, what, detail)
    previous = last.hash if last else ""
    connection.execute(
        insert(audit).values(
            id=entry.id,
            at=at,
            by=by,
            action=action,
            what=what,
            detail=detail,
            previous=previous,
            hash=_hash(secret, entry, previous),
        )
    )


def listed(
    connection: Connection, *, limit: int = 100, offset: int = 0, by: str = "", action: str = ""
) -> list[Entry]:
    """Return entries, the newest first."""
    query = select(audit.c.id, audit.c.at, audit.c.by, audit.c.action, audit.c.what, audit.c.detail)
    if by:
        query = query.where(audit.c.by == by)
    if action:
        query = query.where(audit.c.action == action)
    rows = connection.execute(query.order_by(audit.c.id.desc()).limit(limit).offset(offset))
    return [Entry(**row) for row in rows.mappings()]


def faults(connection: Connection, secret: str) -> tuple[Text, ...]:
    """
    Look for entries that were changed, removed or put in.

    Old entries are erased after their period, so that the first one kept need
    not be the first one ever. Cutting off the newest ones cannot be seen here.
    """
    found: list[Text] = []
    before = None
    for row in connection.execute(select(audit).order_by(audit.c.id)).mappings():
        entry = Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
        if row["hash"] != _hash(secret, entry, row["previous"]):
            found.append(Text("entry {number} was changed", number=entry.id))
        if before is not None and (row["previous"], entry.id) != (before["hash"], before["id"] + 1):
            found.append(Text("before entry {number} something is missing", number=entry.id))
        before = row
    return tuple(found)


def _hash(secret: str, entry: Entry, previous: str) -> str:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = (str(entry.id), at, entry.by, entry.action, entry.what, entry.detail)
    return keyed(secret, "audit", previous, *told)
