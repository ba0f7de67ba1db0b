"""An import is whole or has not happened."""

import threading
from datetime import datetime

import geopandas
import numpy as np
import pytest

from geo_app.store import StoreError
from geo_app.store import layers as store_layers
from layers import LAYERS, TableError

from .samples import NOON, UTM32, imported, points, sampler


def three(count):
    """Three layers of one import, their rows telling them from another import."""
    lamps, areas = LAYERS["street_lamps"], LAYERS["areas"]
    places = points(*[(n, n) for n in range(count)])
    plain = geopandas.GeoDataFrame({"kind": ["water"] * count}, geometry=places, crs=UTM32)
    return [
        imported(lamps.complete(plain), lamps),
        imported(areas.complete(plain), areas),
        imported(sampler(places)),
    ]


def test_one_wrong_table_keeps_all_out_and_all_faults_are_told(store):
    """Two tables of three are wrong: nothing is written, both are named."""
    store.write(three(1), at=NOON)
    before = [store.provenance(name) for name in store.names()]
    wrong = three(2)
    wrong[1].table.loc["1", "kind"] = "lava"
    wrong[2] = imported(sampler(points((0, 0)), share=[np.inf]))
    with pytest.raises(TableError) as error:
        store.write(wrong, at=NOON)
    assert len(error.value.faults) == 2
    assert "lava" in str(error.value)
    assert "infinite" in str(error.value)
    assert [store.provenance(name) for name in store.names()] == before


def test_a_database_that_fails_at_the_third_table_is_as_it_was(store, monkeypatch):
    """A power cut in the middle of an import loses nothing."""
    store.write(three(1), at=NOON)
    before = {name: store.history(name) for name in store.names()}
    calls = []

    def fails_at_the_third(*arguments, **options):
        calls.append(1)
        insert(*arguments, **options)
        if len(calls) == 3:
            raise KeyboardInterrupt

    insert = store_layers.insert_features
    monkeypatch.setattr(store_layers, "insert_features", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        store.write(three(2), at=NOON)
    assert {name: store.history(name) for name in store.names()} == before
    assert all(len(store.read(name)) == 1 for name in before)


def test_a_layer_may_come_only_once_in_an_import(store):
    """Two tables for one layer would overwrite each other silently."""
    with pytest.raises(TableError, match="more than once"):
        store.write([*three(1), imported(sampler(points((0, 0))))], at=NOON)
    assert store.names() == []


def test_an_id_that_databases_refuse_is_told_before(store):
    """PostgreSQL keeps no zero characters; so neither does the other one."""
    table = sampler(points((0, 0))).rename(index={"r0": "r\x00"})
    with pytest.raises(TableError, match="zero character"):
        store.write([imported(table)], at=NOON)


def test_the_moment_of_an_import_needs_a_time_zone(store):
    """Noon is not noon everywhere."""
    with pytest.raises(ValueError, match="time zone"):
        store.write([], at=datetime(2026, 5, 31))  # noqa: DTZ001 - that is the fault


def test_readers_see_one_import_and_never_an_older_one_again(store):
    """While one thread imports, others see the rows of one import, and time runs forward."""

    def table(count):
        return sampler(points(*[(n, n) for n in range(count)]), count=[count] * count)

    store.write([imported(table(1))], at=NOON)
    done, seen = threading.Event(), ([], [])

    def look(into):
        while not done.is_set():
            into.append(store.read("sampler")["count"].tolist())

    readers = [threading.Thread(target=look, args=(into,)) for into in seen]
    for reader in readers:
        reader.start()
    for count in (2, 3, 4, 5):
        store.write([imported(table(count))], at=NOON)
    done.set()
    for reader in readers:
        reader.join()
    for looks in seen:
        assert all(look == [len(look)] * len(look) for look in looks)
        assert [len(look) for look in looks] == sorted(len(look) for look in looks)


def test_imports_at_the_same_time_wait_for_each_other(store):
    """Four clerks, four layers, no lost import."""
    errors = []

    def bring(count):
        try:
            store.write([imported(sampler(points(*[(n, 0) for n in range(count)])))], at=NOON)
        except StoreError as error:
            errors.append(error)

    clerks = [threading.Thread(target=bring, args=(count,)) for count in (1, 2, 3, 4)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert errors == []
    assert len(store.history("sampler")) == 2
    assert store.provenance("sampler").rows == len(store.read("sampler"))
