"""
Write tables of PostgreSQL anew, so that their files hold the rows that are left and no others.

PostgreSQL keeps what was deleted in its files while anybody might still see it,
and `VACUUM FULL` copies such rows along. Anybody is more than who reads these
tables: one writing transaction in any other database of the same server, begun
before, is enough. So nothing is tidied up here. The rows that are there are
read, the tables emptied (they get new files; the old ones are cut to nothing
with the commit) and the rows written back, all of it in one transaction. Who
looks on from an earlier state, a backup for instance, sees the rows written
back and not an empty table: that is what `FREEZE` is for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from layers import Text

from .engines import KEEPERS, shown
from .errors import StoreBusyError, told

TRIES_FOR, PAUSE = "500ms", 0.05
"""
How long one try waits for others, and the pause [s] before the next one. Shorter than the second
after which PostgreSQL looks for people who wait for each other, and stops one of them.
"""

STILL_READ = Text(
    "the rows are erased, but somebody uses the tables of the store {place} without a break, so"
    " that their files cannot be written anew now; run this again when they are done (a backup,"
    " for instance)"
)


def write_anew(engine: Engine, tables: Sequence[Table], *, patience: float) -> None:
    """
    Give tables new files that hold nothing but the rows that are there.

    Parameters
    ----------
    engine
        An open PostgreSQL database; the account owns the tables.
    tables
        With every table that refers to one of them, after it.
    patience
        Seconds after which it gives up if others use the tables.

    Raises
    ------
    StoreBusyError
        If others used them all the time; nothing is changed then.
    """
    place, until = shown(engine.url), time.monotonic() + patience
    while True:
        try:
            with told(place):
                return _write_anew(engine, tables)
        except StoreBusyError:
            if time.monotonic() >= until:
                raise StoreBusyError([Text(STILL_READ.template, place=place)]) from None
            time.sleep(PAUSE)


def _write_anew(engine: Engine, tables: Sequence[Table]) -> None:
    names = [table.name for table in tables]
    with engine.connect() as connection:
        # each statement has to see the newest rows, whatever the server's default is
        connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            _have_alone(connection, names)
            _replace(connection, names)


def _have_alone(connection: Connection, names: Sequence[str]) -> None:
    """
    Lock the tables, or fail soon.

    Only for the first one it waits: who waits while holding a table may be waiting for somebody
    who waits for that table.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = '{TRIES_FOR}'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": KEEPERS})
    connection.execute(text(f"LOCK TABLE {names[0]} IN ACCESS EXCLUSIVE MODE"))
    for name in names[1:]:
        connection.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE NOWAIT"))


def _replace(connection: Connection, names: Sequence[str]) -> None:
    """Carry the rows through memory: a file on the way would be one more that holds them."""
    rows = {name: _rows(connection, name) for name in names}
    # the guards of what can only grow; the lock keeps everybody else out meanwhile
    for name in names:
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    connection.execute(text(f"TRUNCATE {', '.join(names)}"))
    for name in names:
        with _copying(connection, f"COPY {name} FROM STDIN (FORMAT binary, FREEZE)") as copy:
            for block in rows.pop(name):
                copy.write(block)
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


def _rows(connection: Connection, name: str) -> list[bytes]:
    with _copying(connection, f"COPY {name} TO STDOUT (FORMAT binary)") as copy:
        return [bytes(block) for block in copy]


@contextmanager
def _copying(connection: Connection, statement: str) -> Iterator[Any]:
    """Let the driver copy, which SQLAlchemy does not know; its faults are told as all others."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            yield copy
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error
