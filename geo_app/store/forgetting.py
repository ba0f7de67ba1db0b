"""
Forgetting for good: not only the rows, but the bytes they left in files.

SQLite overwrites what is deleted with zeros (`secure_delete`), but its log
(`-wal`) keeps older pages until it is cut off. PostgreSQL keeps old rows in
its files until a table is written anew (`rewriting`). Both is done here. What
no program can reach from here are backups, the server's own log of PostgreSQL
(`pg_wal`, which is used again after a while) and blocks that a disk has
put aside.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, update

from layers import Text
from layers.marks import Events, record

from .engines import PATIENCE, shown
from .errors import StoreBusyError, StoreError, told
from .mark_tables import audit, daily_salt, erasing, mark, mark_event, rate, reveal, voice
from .mending_tables import mended_mark, mending
from .presence_tables import patrol_finding, presence_plan, presence_stop
from .reply_tables import reply, reply_answer
from .rewriting import write_anew
from .staff_tables import reveal_wish, staff_session
from .walk_tables import walk, walk_rater, walk_rating, walk_stop

LOG = logging.getLogger(__name__)

NEVER_SAID: dict[str, Any] = {
    "factors": "",
    "daytime": "",
    "weekpart": "",
    "strength": 0,
    "noticed_on": "",
    "offices": "",
}
NOWHERE: dict[str, Any] = {"x": None, "y": None, "device": None, "sender": "", "pin": ""}
QUICKLY: tuple[Table, ...] = (
    mark, mark_event, reveal, reveal_wish, reply, walk, walk_stop, walk_rating, walk_rater,
)  # fmt: skip
"""
Tables that PostgreSQL writes anew when something is taken back: `mark` and what refers to it,
replies to spots, and night walks with what people rated on them.
"""
EVERYTHING = (
    *QUICKLY, voice, rate, daily_salt, audit, staff_session, mending, mended_mark, reply_answer,
    presence_plan, presence_stop, patrol_finding,
)  # fmt: skip
"""Tables that it writes anew every day."""
BUSY = Text(
    "the rows are erased, but somebody still reads the store {place}, so that its log cannot be"
    " cut off now; run this again when they are done"
)
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
        Without it only what is quick: who takes a mark back does not wait long,
        and what could not be done now is logged, and done by the next `erase`.

    Raises
    ------
    StoreError
        If it should be everything and could not be done.
    """
    patience = PATIENCE if everything else SHORTLY
    try:
        if engine.dialect.name == "sqlite":
            _forget_sqlite(engine, patience, everything=everything)
        else:
            write_anew(engine, EVERYTHING if everything else QUICKLY, patience=patience)
    except StoreError:
        if everything:
            raise
        LOG.warning("erased rows are still in the files of the database; the next erase cleans it")


def _forget_sqlite(engine: Engine, patience: float, *, everything: bool) -> None:
    raw = engine.raw_connection()
    try:
        with told(shown(engine.url)):
            raw.execute(f"PRAGMA busy_timeout = {patience * 1000}")
            if everything:
                raw.execute("VACUUM")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreBusyError([Text(BUSY.template, place=shown(engine.url))])
    finally:
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
        raw.close()
