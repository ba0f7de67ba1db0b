"""
Forgetting for good: not only the rows, but the bytes they left in files.

SQLite overwrites what is deleted with zeros (`secure_delete`), but its log
(`-wal`) keeps older pages until it is cut off. PostgreSQL keeps old rows in
its files until a table is written anew. Both is done here. What no program
can reach from here are backups, the server's own log of PostgreSQL
(`pg_wal`, which is used again after a while) and blocks that a disk has
put aside.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, text, update

from layers import Text
from layers.marks import Events, record

from .engines import PATIENCE, shown
from .errors import StoreBusyError, StoreError, told
from .mark_tables import erasing, mark, mark_event

NEVER_SAID: dict[str, Any] = {
    "factors": "",
    "daytime": "",
    "weekpart": "",
    "strength": 0,
    "noticed_on": "",
    "offices": "",
}
NOWHERE: dict[str, Any] = {"x": None, "y": None, "device": None, "sender": "", "pin": ""}
QUICKLY = "mark, mark_event"
EVERYTHING = f"{QUICKLY}, voice, rate, daily_salt, audit, reveal, reveal_wish, staff_session"
"""Tables that PostgreSQL writes anew."""
READERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE (datname = current_database() OR datname IS NULL)"
    " AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
)
"""Others who still see the database as it was, its own caretakers included."""
BUSY = Text(
    "the rows are erased, but somebody still reads the store {place}, so that its log cannot be"
    " cut off now; run this again when they are done"
)
ROUNDS = 3
"""So often PostgreSQL writes its tables anew."""
SHORTLY = 2
"""Seconds for which somebody who takes a mark back waits for others; `erase` waits longer."""


@contextmanager
def permitted(connection: Connection) -> Iterator[None]:
    """Open what triggers guard, for this transaction only and while the block runs."""
    connection.execute(insert(erasing).values(id=1))
    yield
    connection.execute(delete(erasing))


def blank_texts(connection: Connection, id_: str) -> None:
    """Blank the free texts of a history; its chain holds as before."""
    here = (mark_event.c.mark_id == id_) & (mark_event.c.detail != "")
    with permitted(connection):
        connection.execute(update(mark_event).where(here).values(detail="", salt=""))


def forget(connection: Connection, id_: str, events: Events, *, at: datetime) -> Events:
    """
    Erase everything a mark says but its kind and the course of its history.

    Returns
    -------
    events
        The history with two events more, to be added by the caller.
    """
    for action in ("text_erased", "coarsened"):
        events = record(events, action, at=at, role="system")
    blank_texts(connection, id_)
    nothing = NEVER_SAID | NOWHERE | {"coarse_x": None, "coarse_y": None, "note": None}
    connection.execute(update(mark).where(mark.c.id == id_).values(**nothing))
    return events


def forget_pages(engine: Engine, *, everything: bool = False) -> None:
    """
    Remove from the files of the database what was erased from its tables.

    Parameters
    ----------
    engine
        The open database.
    everything
        Write the whole database anew, and fail if that cannot be done now.
        Without it only what is quick: who takes a mark back does not wait,
        and what could not be done now is done by the next `erase`.
    """
    try:
        if engine.dialect.name == "sqlite":
            _forget_sqlite(engine, everything=everything)
        else:
            _forget_postgresql(engine, everything=everything)
    except StoreError:
        if everything:
            raise


def _forget_sqlite(engine: Engine, *, everything: bool) -> None:
    patience = PATIENCE if everything else SHORTLY
    raw = engine.raw_connection()
    try:
        with told(shown(engine.url)):
            raw.execute(f"PRAGMA busy_timeout = {patience * 1000}")
            if everything:
                raw.execute("VACUUM")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy and everything:
            raise StoreBusyError([Text(BUSY.template, place=shown(engine.url))])
    finally:
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
        raw.close()


def _wait_for_readers(connection: Connection, patience: float) -> None:
    """Let those finish who may still see what was erased: for them it would be copied along."""
    until = time.monotonic() + patience
    while connection.scalar(text(READERS)) and time.monotonic() < until:
        time.sleep(0.05)


def _forget_postgresql(engine: Engine, *, everything: bool) -> None:
    patience = PATIENCE if everything else SHORTLY
    tables = EVERYTHING if everything else QUICKLY
    with told(shown(engine.url)), engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"SET lock_timeout = '{patience}s'"))
        # somebody who just connects may hold the past for a moment, and it would be copied
        # along: by the next round they have gone
        for _ in range(ROUNDS):
            _wait_for_readers(connection, patience)
            connection.execute(text(f"VACUUM (FULL) {tables}"))
        connection.execute(text("RESET lock_timeout"))
