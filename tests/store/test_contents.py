"""What goes into a store comes out of it, to the last bit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box

from geo_app.store.spatial import BLOCK
from layers import LAYERS, Column, TableError, Text

from .samples import CORNER, NOON, SAMPLER, UTM32, assert_same, imported, points, sampler


def test_a_table_comes_back_to_the_last_bit(store):
    """Text, whole numbers, floats, truth values, gaps, lines, areas and points survive."""
    table = sampler(
        [
            Point(CORNER),
            None,
            LineString([(0.1, 0.2), (1 / 3, 2e7)]),
            MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]),
        ],
        words=["Straße 1", "", 'tab\there, "quoted" \\ and\nnext line', "يوم 🌳"],
        count=[0, -1, 2**62, 11_000_000_001],
        share=[0.1 + 0.2, np.nan, -0.0, 5e-324],
        known=[True, False, True, False],
    )
    store.write([imported(table)], at=NOON)
    read = store.read("sampler")
    assert_same(read, table)
    assert str(read.dtypes["words"]) == "str"
    assert read.dtypes["count"] == "int64"
    assert read.dtypes["share"] == "float64"
    assert read.dtypes["known"] == "bool"
    assert np.signbit(read["share"].iloc[2])


@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8"), max_size=8),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_infinity=False),
            st.booleans(),
            st.none() | st.tuples(*[st.floats(-1e8, 1e8)] * 2),
        ),
        max_size=6,
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back(store, rows):
    """Whatever a table holds, the store gives it back."""
    words, count, share, known, places = zip(*rows, strict=True) if rows else [()] * 5
    table = sampler(
        [None if place is None else Point(place) for place in places],
        words=pd.array(words, dtype="str"),
        count=np.array(count, dtype="int64"),
        share=np.array(share, dtype="float64"),
        known=np.array(known, dtype="bool"),
    )
    store.write([imported(table)], at=NOON)
    assert_same(store.read("sampler"), table)


def test_row_order_is_kept_whatever_lies_where(store):
    """Rows are written along a curve, but come back as they were imported."""
    rng = np.random.default_rng(7)
    places = rng.uniform(0, 5000, (3 * BLOCK + 5, 2))
    table = sampler(points(*places), words=[f"row {n}" for n in range(len(places))])
    store.write([imported(table)], at=NOON)
    assert_same(store.read("sampler"), table)


def test_a_table_without_rows_is_a_layer_too(store):
    """No rows is something else than not imported."""
    [told_] = store.write([imported(SAMPLER.empty(UTM32))], at=NOON)
    assert (told_.rows, store.names()) == (0, ["sampler"])
    assert_same(store.read("sampler"), SAMPLER.empty(UTM32))
    assert_same(store.read("sampler", bbox=(0, 0, 1, 1)), SAMPLER.empty(UTM32))


def test_a_missing_geometry_stays_missing_and_an_empty_one_becomes_missing(store):
    """An empty point tells as little of a place as none."""
    store.write([imported(sampler([None, Point()]))], at=NOON)
    assert store.read("sampler").geometry.isna().tolist() == [True, True]


def test_the_table_given_is_left_alone(store):
    """Writing changes nothing in the hands of the caller, not even an empty point."""
    table = sampler([Point(), Point(CORNER)])
    store.write([imported(table)], at=NOON)
    assert table.geometry.iloc[0].is_empty


def test_every_layer_of_the_program_can_be_kept(store):
    """A new layer file needs no migration."""
    tables = {name: layer.empty(UTM32) for name, layer in LAYERS.items()}
    store.write([imported(tables[name], LAYERS[name]) for name in tables], at=NOON)
    assert store.names() == sorted(LAYERS)
    for name, table in tables.items():
        assert_same(store.read(name), table)


def test_a_column_that_is_new_since_the_import_reads_as_unknown(store, monkeypatch):
    """A newer program adds a column; what was imported before says nothing about it."""
    store.write([imported(sampler(points((0, 0))))], at=NOON)
    newer = replace(SAMPLER, columns=(*SAMPLER.columns, Column("height", float, Text("height"))))
    monkeypatch.setitem(LAYERS, "sampler", newer)
    assert store.read("sampler")["height"].isna().tolist() == [True]


def test_a_column_of_another_kind_since_the_import_says_import_again(store, monkeypatch):
    """Data that no longer fit are never guessed into shape."""
    store.write([imported(sampler(points((0, 0)), words=["many"]))], at=NOON)
    monkeypatch.setitem(
        LAYERS, "sampler", replace(SAMPLER, columns=(Column("words", int, Text("words")),))
    )
    with pytest.raises(TableError, match="import it again"):
        store.read("sampler")
