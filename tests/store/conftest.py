"""Fixtures of the tests of the store."""

import pytest

from geo_app.store import Store
from layers import LAYERS
from tests.stores import ENGINES, address_of

from .samples import SAMPLER, UTM32


@pytest.fixture(autouse=True)
def _one_more_layer(monkeypatch):
    """Let the program know the invented layer."""
    monkeypatch.setitem(LAYERS, "sampler", SAMPLER)


@pytest.fixture(params=ENGINES)
def engine(request):
    """Name of the database."""
    return request.param


@pytest.fixture
def address(engine, tmp_path):
    """Address of an empty store."""
    with address_of(engine, tmp_path) as address:
        yield address


@pytest.fixture
def store(address):
    """An open, empty store in UTM 32."""
    with Store.open(address, crs=UTM32) as store:
        yield store
