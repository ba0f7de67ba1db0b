"""Open a database, make it if it is not there, and bring its tables up to date."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from layers import Text

from .errors import (
    StoreAddressError,
    StoreError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreVersionError,
    told,
)

PATIENCE = 30
"""Seconds to wait for another import before giving up."""

WRITERS, KEEPERS, JOBS = 7_265_331, 7_265_332, 7_265_333
"""
Keys of PostgreSQL locks; any numbers will do. One import writes at a time, and so does one
person or citizen and one job, but these do not wait for each other.
"""

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased is overwritten with zeros at once
)
"""How every connection to SQLite is set up."""

UNKNOWN_DATABASE, ALREADY_THERE = "3D000", "42P04"
"""SQLSTATE of a database that does not exist, and of one that somebody has just made."""

ADDRESSES = Text(
    "“{place}” is not the address of a store; GEO_APP_STORE takes sqlite:///folder/file.sqlite"
    " or postgresql://user:password@host/database"
)


def address(url: str) -> URL:
    """
    Read the address of a store.

    Raises
    ------
    StoreAddressError
        If it is neither a SQLite file nor a PostgreSQL database.
    """
    try:
        read = make_url(url)
    except ArgumentError:
        raise StoreAddressError([Text(ADDRESSES.template, place=url)]) from None
    engine = read.get_backend_name()
    if engine == "postgresql" and read.database:
        return read.set(drivername="postgresql+psycopg")
    if engine == "sqlite" and read.database and read.database != ":memory:":
        return read.set(drivername="sqlite")
    raise StoreAddressError([Text(ADDRESSES.template, place=shown(read))])


def shown(url: URL) -> str:
    """Name a store to people: without its password."""
    return url.render_as_string(hide_password=True)


def connect(url: URL) -> Engine:
    """
    Open a database that is up to date; makes file or database, folder and tables if missing.

    Raises
    ------
    StoreError
        If anything stands in the way; says what to do.
    """
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    try:
        # looking comes first: who only reads need not wait until an import is done
        with reading(engine) as connection:
            present = _revision(connection)
        if present is None or present != _history().get_current_head():
            _bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the store from beginning to end."""
    with told(shown(engine.url)), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, lock: int = WRITERS) -> Iterator[Connection]:
    """A transaction that changes everything or nothing; one of a lock at a time, others wait."""
    with told(shown(engine.url)), engine.connect() as connection:
        connection.execution_options(writing=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
            hold(connection, lock)
            yield connection


def hold(connection: Connection, lock: int) -> None:
    """Take a further lock in a transaction that changes something; SQLite has only one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # a city's own data: for this account only
    except PermissionError as error:
        raise StoreReadOnlyError([_folder(path, error)]) from error
    except OSError as error:
        raise StoreUnreachableError([_folder(path, error)]) from error
    # what people wrote must not come into a log with the statement that failed
    engine = create_engine(url, connect_args={"timeout": PATIENCE}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _folder(path: Path, error: OSError) -> Text:
    return Text(
        "the store cannot be kept in {path} ({reason}); choose a folder this account may write"
        " to, with GEO_APP_STORE or GEO_APP_VAR",
        path=str(path),
        reason=error.strerror or str(error),
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock at once where it will be needed: two readers cannot both become writers."""
    writes = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": 5, "application_name": "treffsicher"},
        pool_pre_ping=True,
        hide_parameters=True,
    )
    with told(shown(url)):
        try:
            engine.connect().close()
        except DBAPIError as error:
            engine.dispose()
            if getattr(error.orig, "sqlstate", None) != UNKNOWN_DATABASE and not _absent(error):
                raise
            _make_database(url)
    return engine


def _absent(error: DBAPIError) -> bool:
    """Psycopg knows no SQLSTATE while connecting; the server says it in its own words."""
    return "does not exist" in str(error.orig) and "database" in str(error.orig)


def _make_database(url: URL) -> None:
    server = create_engine(
        url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    name = server.dialect.identifier_preparer.quote_identifier(str(url.database))
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == ALREADY_THERE:
            return
        raise StoreUnreachableError(
            [
                Text(
                    "there is no database {place}, and this account must not make it; ask the"
                    " administrator for: CREATE DATABASE {name}",
                    place=shown(url),
                    name=name,
                )
            ]
        ) from error


def _bring_up_to_date(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        _add_postgis(engine)
    with writing(engine) as connection:
        _migrate(connection, shown(engine.url))


def _add_postgis(engine: Engine) -> None:
    try:
        with writing(engine) as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except StoreError as error:
        if isinstance(error, StoreReadOnlyError) or "postgis" in str(error):
            raise StoreUnreachableError(
                [
                    Text(
                        "the database {place} has no PostGIS, and it could not be added; ask the"
                        " administrator to install it and to run there: CREATE EXTENSION postgis",
                        place=shown(engine.url),
                    )
                ]
            ) from error
        raise


def _migrate(connection: Connection, place: str) -> None:
    script, present = _history(), _revision(connection)
    if present is not None and present not in {r.revision for r in script.walk_revisions()}:
        raise StoreVersionError(
            [
                Text(
                    "the store {place} was made by a newer version of this program ({present});"
                    " update the program, or restore a backup made before the update",
                    place=place,
                    present=present,
                )
            ]
        )
    config = _config()
    config.attributes["connection"] = connection
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _history() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "geo_app.store:migrations")
    return config
