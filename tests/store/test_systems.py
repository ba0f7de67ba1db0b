"""Coordinate systems: one for a store, and one’s own survives."""

import pytest
from pyproj import CRS
from shapely import Point
from sqlalchemy import text

from geo_app.store import Store, StoreCrsError, engines
from geo_app.store.systems import same
from layers import CrsError
from tests.stores import address_of

from .samples import NOON, OWN_CRS, UTM32, assert_same, imported, points, sampler


def test_a_table_in_another_system_is_refused(store):
    """Readers convert; the store does not move a city unasked."""
    with pytest.raises(CrsError, match="UTM zone 33N"):
        store.write([imported(sampler(points((0, 0)), crs="EPSG:25833"))], at=NOON)


@pytest.mark.usefixtures("store")
def test_a_store_is_not_opened_in_another_system(address):
    """Both systems are named, and the setting that mends it."""
    with pytest.raises(StoreCrsError) as error:
        Store.open(address, crs="EPSG:25833")
    assert "EPSG:25832" in str(error.value)
    assert "EPSG:25833" in str(error.value)
    assert "GEO_APP_CRS" in str(error.value)


def test_a_store_is_not_made_in_degrees(address):
    """Metres inside."""
    with pytest.raises(CrsError, match="metres"):
        Store.open(address, crs="EPSG:4326")


@pytest.mark.parametrize(
    ("other", "fits"),
    [
        (CRS.from_user_input(OWN_CRS).to_wkt("WKT1_ESRI"), True),  # as in a .prj file
        (OWN_CRS.replace("2500000", "500000"), False),
        (OWN_CRS.replace("GRS80", "bessel"), False),
        (OWN_CRS.replace("lon_0=9", "lon_0=15"), False),
    ],
)
def test_systems_without_a_number_are_told_apart_by_their_numbers(other, fits):
    """Names differ between file formats, projection and ellipsoid do not."""
    assert same(CRS.from_user_input(OWN_CRS), CRS.from_user_input(other)) is fits


def test_a_system_without_a_number_survives(address):
    """UTM 32 with a false easting of 2,500,000 m, as a city may have it, comes back as itself."""
    crs = CRS.from_user_input(OWN_CRS)
    table = sampler([Point(2_560_000.125, 5_640_000.25), None], crs=crs)
    with Store.open(address, crs=crs) as store:
        store.write([imported(table)], at=NOON)
    with Store.open(address, crs=crs.to_wkt("WKT1_ESRI")) as store:
        read = store.read("sampler", bbox=(2_560_000, 5_640_000, 2_560_001, 5_640_001))
        assert_same(read, table.iloc[:1])
        assert store.crs.to_epsg() is None
    east = read.to_crs(UTM32).geometry.x.iloc[0]
    assert east == pytest.approx(560_000.125, abs=0.001)  # 2,500,000 - 500,000 less


@pytest.mark.postgres
def test_postgis_knows_the_number_of_the_system(tmp_path):
    """Another program on the same database, such as QGIS, sees where the layers lie."""
    with address_of("postgresql", tmp_path) as address, Store.open(address, crs=UTM32) as store:
        store.write([imported(sampler(points((0, 0))))], at=NOON)
        with engines.reading(store._engine) as connection:
            assert connection.scalar(text("SELECT ST_SRID(geometry) FROM feature")) == 25832
