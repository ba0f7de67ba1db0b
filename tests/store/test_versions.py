"""Provenance, undo and the content hash."""

from datetime import UTC, datetime, timedelta, timezone

import geopandas
import numpy as np
import pytest
from sqlalchemy import text

from geo_app.origin import Import, Origin
from geo_app.store import NothingToUndoError, NotImportedError, Store, engines
from layers import LAYERS, Text
from tests.stores import address_of

from .samples import NOON, SAMPLER, UTM32, assert_same, imported, points, sampler


def test_provenance_tells_everything_of_the_origin(store):
    """Every word of the origin comes back, and the sentences can still be translated."""
    remark = Text(
        "{count} rows left out: {why}",
        count=np.int64(3),
        why=Text("{share} % had no {what}", share=0.5, what=("name", "kind")),
    )
    origin = Origin(
        "a.osm.pbf", "ab" * 32, "OSM", "ODbL 1.0", "© OSM", "2026", "clerk", remarks=(remark,),
        extent="POLYGON ((8 49, 9 49, 9 50, 8 49))",
    )  # fmt: skip
    at = datetime(2026, 5, 31, 14, tzinfo=timezone(timedelta(hours=2)))
    [written] = store.write([Import(SAMPLER, sampler(points((0, 0))), origin)], at=at)
    read = store.provenance("sampler")
    assert read == written
    assert {name: getattr(read, name) for name in vars(origin)} == vars(origin)
    assert (read.layer, read.rows, read.current) == ("sampler", 1, True)
    assert (read.imported_at, read.imported_at.tzinfo) == (NOON, UTC)
    assert read.remarks[0].template == "{count} rows left out: {why}"
    why = read.remarks[0].values["why"]
    assert (why.template, str(why)) == ("{share} % had no {what}", "0.5 % had no name, kind")


def test_a_layer_that_was_never_imported_is_a_key_error_with_a_sentence(store):
    """Programs catch a KeyError, people read what to do."""
    for ask in (store.provenance, store.read, store.restore, store.remove):
        with pytest.raises(KeyError) as error:
            ask("streets")
        assert isinstance(error.value, NotImportedError)
        assert str(error.value) == "“streets” is not in the store yet; import it first"
    assert store.history("streets") == []


def test_one_earlier_version_is_kept_and_comes_back(store):
    """Undo, and undo of the undo."""
    tables = [sampler(points((n, n)), count=[n]) for n in range(3)]
    for table in tables:
        store.write([imported(table)], at=NOON)
    third, second = store.history("sampler")
    assert (third.current, second.current) == (True, False)
    assert store.restore("sampler").version == second.version
    assert_same(store.read("sampler"), tables[1])
    assert [one.current for one in store.history("sampler")] == [False, True]
    store.restore("sampler")
    assert_same(store.read("sampler"), tables[2])


def test_an_import_after_an_undo_keeps_what_was_current(store):
    """What was undone is forgotten, what was seen last can be brought back."""
    for n in (1, 2):
        store.write([imported(sampler(points((n, n)), count=[n]))], at=NOON)
    store.restore("sampler")
    store.write([imported(sampler(points((3, 3)), count=[3]))], at=NOON)
    store.restore("sampler")
    assert store.read("sampler")["count"].tolist() == [1]


def test_without_an_earlier_version_there_is_nothing_to_undo(store):
    """The only version stays."""
    store.write([imported(sampler(points((0, 0))))], at=NOON)
    with pytest.raises(NothingToUndoError, match="nothing to undo"):
        store.restore("sampler")
    assert len(store.read("sampler")) == 1


def test_a_removed_layer_leaves_nothing_behind(store):
    """All versions, rows and boxes go; the other layers stay; numbers are not used again."""
    lamps = LAYERS["street_lamps"].complete(
        geopandas.GeoDataFrame(geometry=points((1, 1)), crs=UTM32)
    )
    store.write([imported(lamps, LAYERS["street_lamps"])], at=NOON)
    for _ in range(2):
        [before] = store.write([imported(sampler(points((0, 0))))], at=NOON)
    store.remove("sampler")
    assert store.names() == ["street_lamps"]
    with engines.reading(store._engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM feature")) == 1
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("SELECT count(*) FROM feature_block")) == 1
    [after] = store.write([imported(sampler(points((0, 0))))], at=NOON)
    assert after.version > before.version


def changed(table, column, value):
    """Return a copy of the table with another value in its last cell of a column."""
    copy = table.copy()
    copy.loc[copy.index[-1], column] = value
    return copy


def test_the_hash_tells_content_from_circumstances(store):
    """Another day, another file: the same hash. Another cell, id, order or place: another."""
    table = sampler(points((0, 0), (1, 1)), words=["a", "b"], count=[1, 2], share=[1, np.nan])

    def hash_of(table, at=NOON, **origin):
        return store.write([imported(table, **origin)], at=at)[0].hash

    same = hash_of(table)
    assert hash_of(table, at=NOON + timedelta(days=1), file="other.csv", source="other") == same
    others = [
        changed(table, "words", "B"),
        changed(table, "count", 3),
        changed(table, "share", 0.0),
        changed(table, "known", value=True),
        changed(table, "geometry", points((1, 1.001))[0]),
        changed(table, "geometry", None),
        table.rename(index={"r1": "r2"}),
        table.iloc[::-1],
        table.iloc[:1],
    ]
    hashes = [hash_of(other) for other in others]
    assert len({same, *hashes}) == len(others) + 1


@pytest.mark.postgres
def test_the_hash_is_the_same_on_both_databases(tmp_path):
    """So a figure can be traced to its data wherever they are kept."""
    table = sampler([*points((0, 0)), None], words=["ä", ""], share=[0.1, np.nan])
    hashes = set()
    for engine in ("sqlite", "postgresql"):
        with address_of(engine, tmp_path) as address, Store.open(address, crs=UTM32) as store:
            hashes.add(store.write([imported(table)], at=NOON)[0].hash)
    assert len(hashes) == 1
