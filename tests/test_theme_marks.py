"""Marks of a theme month by month, counted with a pencil."""

from datetime import date

import pytest
from geopandas import GeoDataFrame
from shapely import Point

from layers.theme_marks import by_month, of_factors


def marks(*told):
    """Make marks from (kind, factors, received_on)."""
    columns = ["kind", "factors", "received_on"]
    rows = [dict(zip(columns, one, strict=True)) for one in told]
    made = GeoDataFrame(rows, columns=columns, geometry=[Point(0, 0)] * len(rows), crs=25832)
    return made.astype(dict.fromkeys(columns, "str"))


TOLD = marks(
    ("unsafe", "poor_light;overgrown", "2026-01-31"),
    ("unsafe", "overgrown", "2026-02-01"),
    ("unsafe", "traffic", "2026-02-01"),
    ("unsafe", "poor_light", "2026-03-02"),
    ("at_ease", "good_light", "2026-03-02"),
    ("unsafe", "poor_light", "2024-01-01"),
    ("unsafe", "", "2026-03-02"),
)


def test_marks_of_a_theme_name_one_of_its_factors():
    assert len(of_factors(TOLD, ("poor_light", "overgrown"))) == 4
    assert len(of_factors(TOLD, ("good_light",))) == 1
    assert len(of_factors(TOLD, ())) == 0


def test_every_month_is_told_also_those_without_a_mark():
    found = by_month(of_factors(TOLD, ("poor_light", "overgrown", "good_light")),
                     at=date(2026, 3, 15), months=3)  # fmt: skip
    assert found["first_on"].tolist() == [date(2025, 12, 1), *(date(2026, m, 1) for m in (1, 2, 3))]
    assert found["unsafe"].tolist() == [0, 1, 1, 1]
    assert found["at_ease"].tolist() == [0, 0, 0, 1]
    assert found["whole"].tolist() == [True, True, True, False]


def test_a_single_mark_is_told_with_its_exact_interval():
    """Garwood, 90 %: none seen goes up to -ln 0.05 = 2.996; one seen from 0.051 to 4.744."""
    found = by_month(of_factors(TOLD, ("overgrown",)), at=date(2026, 3, 15), months=2)
    assert found["unsafe"].tolist() == [1, 1, 0]
    assert found["low"].tolist() == pytest.approx([0.0513, 0.0513, 0], abs=1e-3)
    assert found["high"].tolist() == pytest.approx([4.744, 4.744, 2.996], abs=1e-3)


def test_no_mark_at_all_is_a_table_of_noughts():
    assert by_month(marks(), at=date(2026, 3, 15), months=2)["unsafe"].tolist() == [0, 0, 0]


def test_what_is_given_is_left_alone():
    before = TOLD.copy()
    by_month(of_factors(TOLD, ("overgrown",)), at=date(2026, 3, 15))
    assert TOLD.equals(before)
