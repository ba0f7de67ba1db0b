"""Stores for tests: the same contract on SQLite and on PostGIS."""

import atexit
import os
from contextlib import contextmanager
from functools import cache
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
SERVER = "GEO_APP_TEST_POSTGRES"
ABSENT = (
    f"{SERVER} is not set, so PostGIS is not tested;"
    ' eval "$(tests/services.sh start)" starts a throw-away server'
)


@contextmanager
def address_of(engine, folder):
    """Give the address of a new, empty store; what was in it is thrown away afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'store.sqlite'}"
    else:
        address = shared_database()
        wipe(address)
        yield address


def server():
    """Address of the test server; a test that needs it is skipped where there is none."""
    address = os.environ.get(SERVER)
    if address is None:
        # under CI=true conftest turns every skipped test into a failed one
        pytest.skip(ABSENT)
    return address


@cache
def shared_database():
    """Make the database that the tests of this process use one after the other."""
    database = empty_database()
    address = database.__enter__()
    atexit.register(database.__exit__, None, None, None)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")  # slow: a second for each database
    return address


def wipe(address):
    """Empty a database; what a failed test left connected to it is cut off."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        ours = connection.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
        ).fetchall()
        if ours:
            names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in ours)
            connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(names))


@contextmanager
def empty_database():
    """Make an empty database on the test server, without PostGIS; drop it afterwards."""
    name = f"treffsicher_test_{uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )
    try:
        yield make_url(server()).set(database=name).render_as_string(hide_password=False)
    finally:
        drop(name)


def drop(name):
    """Drop a database on the test server, whoever is connected to it."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
