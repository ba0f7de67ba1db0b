"""Fixtures of the tests of the store."""

import pytest
from argon2 import PasswordHasher

from geo_app.config import Settings
from geo_app.store import MarkStore, People, Store
from geo_app.store.erasure import Erasure
from layers import LAYERS
from tests.stores import ENGINES, address_of

from .mark_samples import EARLIER, PASSWORD
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


@pytest.fixture
def settings(address, tmp_path):
    """Settings of that store; a test may take others with `dataclasses.replace`."""
    return Settings.from_environment({
        "GEO_APP_VAR": str(tmp_path), "GEO_APP_STORE": address, "GEO_APP_SECRET": "of the tests",
    })  # fmt: skip


@pytest.fixture
def marks(store, settings):
    """Citizens' marks, none yet."""
    return MarkStore(store, settings)


@pytest.fixture
def people(store, settings):
    """Accounts of staff, none yet; hashing is as quick as can be."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return People(store, settings, hasher=quick)


@pytest.fixture
def moderator(people):
    """Login of a moderator."""
    people.add("moderator", ["moderator"], at=EARLIER, password=PASSWORD)
    return "moderator"


@pytest.fixture
def erasure(store, settings):
    """What is erased when."""
    return Erasure(store, settings)
