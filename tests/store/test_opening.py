"""Opening a store, and everything that may stand in the way."""

import threading
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from geo_app.store import (
    Store,
    StoreAddressError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreVersionError,
    engines,
)
from geo_app.store.errors import told
from geo_app.store.tables import metadata
from tests.stores import drop, empty_database, server

from .samples import NOON, UTM32, imported, points, sampler


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_an_opened_store_is_up_to_date_and_opens_again(store, address):
    """The migrations make the same tables as the program expects."""
    found = inspect(store._engine)
    for name, table in metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
        assert columns == {c.name: c.nullable for c in table.columns}
        indexes = {i["name"] for i in found.get_indexes(name)}
        assert {i.name for i in table.indexes} <= indexes
    store.write([imported(sampler(points((0, 0))))], at=NOON)
    with Store.open(address, crs=UTM32) as again:
        assert again.names() == ["sampler"]


def test_programs_that_open_a_new_store_together_make_it_once(address):
    """Web server and import may start at the same time."""
    stores, errors = [], []

    def open_it():
        try:
            stores.append(Store.open(address, crs=UTM32))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert (len(stores), errors) == (3, [])


def test_a_store_can_be_opened_and_read_while_somebody_imports(store, address):
    """Who only reads does not wait."""
    store.write([imported(sampler(points((0, 0))))], at=NOON)
    with engines.writing(store._engine), Store.open(address, crs=UTM32) as other:
        assert len(other.read("sampler")) == 1


def test_a_store_from_a_newer_program_is_left_alone(store, address):
    """It says so instead of guessing what has changed."""
    with engines.writing(store._engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreVersionError, match="newer version"):
        Store.open(address, crs=UTM32)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "var/store.sqlite",
        "mysql://host/city",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://host",
    ],
)
def test_what_is_no_address_of_a_store_is_refused(address):
    """The sentence shows what an address looks like."""
    with pytest.raises(StoreAddressError, match="is not the address of a store"):
        Store.open(address, crs=UTM32)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "var").write_text("")
    with pytest.raises(StoreUnreachableError, match="choose a folder"):
        Store.open(f"sqlite:///{tmp_path}/var/store.sqlite", crs=UTM32)


def test_a_file_that_is_no_store_is_left_alone(tmp_path):
    """Somebody's letter is not overwritten."""
    letter = tmp_path / "letter.sqlite"
    letter.write_text("Dear city council, " * 100)
    with pytest.raises(StoreDamagedError, match="not a store"):
        Store.open(f"sqlite:///{letter}", crs=UTM32)
    assert letter.read_text().startswith("Dear city council")


def test_the_file_is_for_this_account_only(tmp_path):
    """A city's own data are not for every account of the machine."""
    Store.open(f"sqlite:///{tmp_path}/store.sqlite", crs=UTM32).close()
    assert (tmp_path / "store.sqlite").stat().st_mode & 0o077 == 0


def test_an_import_that_waits_too_long_says_who_is_in_the_way(tmp_path, monkeypatch):
    """Another import holds the store; ours gives up and leaves no trace."""
    monkeypatch.setattr(engines, "PATIENCE", 0.05)
    address = f"sqlite:///{tmp_path}/store.sqlite"
    with Store.open(address, crs=UTM32) as store, Store.open(address, crs=UTM32) as other:
        with (
            engines.writing(other._engine),
            pytest.raises(StoreBusyError, match="another import"),
        ):
            store.write([imported(sampler(points((0, 0))))], at=NOON)
        assert store.names() == []


def test_a_full_disk_changes_nothing(tmp_path):
    """SQLite is told that its file may not grow any more."""
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite", crs=UTM32) as store:
        store.write([imported(sampler(points((0, 0))))], at=NOON)
        with engines.reading(store._engine) as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        many = sampler(points(*[(n, n) for n in range(5000)]))
        with pytest.raises(StoreFullError, match="no room left"):
            store.write([imported(many)], at=NOON)
        assert len(store.read("sampler")) == 1


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ({"sqlite_errorname": "SQLITE_READONLY_DBMOVED"}, StoreReadOnlyError),
        ({"sqlite_errorname": "SQLITE_BUSY_SNAPSHOT"}, StoreBusyError),
        ({"sqlite_errorname": "SQLITE_CORRUPT"}, StoreDamagedError),
        ({"sqlite_errorname": "SQLITE_MISUSE"}, StoreError),
        ({"sqlstate": "53100"}, StoreFullError),
        ({"sqlstate": "53300"}, StoreUnreachableError),
        ({"sqlstate": "25006"}, StoreReadOnlyError),
        ({"sqlstate": "42501"}, StoreReadOnlyError),
        ({"sqlstate": "28P01"}, StoreUnreachableError),
    ],
)
def test_what_drivers_complain_about_becomes_a_sentence(mark, kind):
    """Each code of a database has a class of error and says where."""
    cause = type("Complaint", (Exception,), mark)("code 7")
    with pytest.raises(StoreError, match="my store") as error, told("my store"):
        raise DBAPIError("SELECT 1", None, cause)
    assert type(error.value) is kind


@pytest.mark.postgres
def test_a_database_that_is_missing_is_made():
    """An administrator who lets the account make databases need not do more."""
    name = f"treffsicher test {uuid4().hex}"
    address = make_url(server()).set(database=name).render_as_string(hide_password=False)
    try:
        with Store.open(address, crs=UTM32) as store:
            assert store.names() == []
    finally:
        drop(name)


@pytest.mark.postgres
def test_a_wrong_password_is_told_without_telling_it():
    """The message may land in a log."""
    with empty_database() as address:
        user, rest = address.split("@")
        wrong = f"{user.rsplit(':', 1)[0]}:Sesame1@{rest}"
        with pytest.raises(StoreUnreachableError) as error:
            Store.open(wrong, crs=UTM32)
    assert "Sesame1" not in str(error.value)


def test_a_server_that_is_not_there_is_told():
    """Port 1 of this machine has no database."""
    with pytest.raises(StoreUnreachableError, match="cannot be reached"):
        Store.open("postgresql://nobody:secret@127.0.0.1:1/city", crs=UTM32)


@pytest.mark.postgres
def test_an_account_that_must_not_add_postgis_says_whom_to_ask():
    """The sentence holds the command for the administrator."""
    with empty_database() as address, psycopg.connect(address, autocommit=True) as admin:
        name = make_url(address).database
        admin.execute(f"CREATE ROLE r_{name} LOGIN PASSWORD 'guest'")
        try:
            guest = make_url(address).set(username=f"r_{name}", password="guest")
            with pytest.raises(StoreUnreachableError, match="CREATE EXTENSION postgis"):
                Store.open(guest.render_as_string(hide_password=False), crs=UTM32)
        finally:
            admin.execute(f"DROP ROLE r_{name}")
