"""Stores of earlier versions are brought up to date when they are opened."""

import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine

from geo_app.store import MarkStore, Store, engines, layers
from geo_app.store.engines import address as read_address

from .mark_samples import MARK, NOON
from .samples import UTM32, imported, points, sampler


@pytest.fixture
def before_marks(address, monkeypatch):
    """Address of a store as the first version made it, with one layer."""
    wanted = command.upgrade
    with monkeypatch.context() as old:
        old.setattr(engines.command, "upgrade", lambda config, _: wanted(config, "0001"))
        old.setattr(engines.ScriptDirectory, "get_current_head", lambda _: "0001")
        told = layers.columns_of
        old.setattr(layers, "columns_of", lambda origin: without(told(origin), "extent"))
        old.setattr(layers, "_current", lambda *_: None)
        with Store.open(address, crs=UTM32) as store:
            store.write([imported(sampler(points((0, 0))))], at=NOON)
    return address


def without(columns, name):
    """Leave out a column that the first version did not have."""
    return {key: value for key, value in columns.items() if key != name}


def test_a_store_from_before_marks_gets_their_tables_and_keeps_its_layers(before_marks, settings):
    """Nobody imports again because of an update."""
    engine = create_engine(read_address(before_marks), poolclass=NullPool)
    with engines.reading(engine) as connection:
        assert engines._revision(connection) == "0001"
    with Store.open(before_marks, crs=UTM32) as store:
        assert len(store.read("sampler")) == 1
        assert store.provenance("sampler").extent == ""
        marks = MarkStore(store, settings)
        assert marks.by_code(marks.add(MARK, at=NOON).code).kind == "unsafe"
