"""Fixtures shared by all tests, their order, and the rules of CI."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import settings as hypothesis_settings

from geo_app import create_app
from geo_app.config import Settings
from geo_app.origin import Import, Origin
from geo_app.store import Store
from layers import LAYERS

from . import towns

CI = os.environ.get("CI") == "true"
LATER = ("city", "postgres", "browser")
"""Marks of the slow tests, the slowest last: a fault of the library shows at once."""

# Two cores are shared, so no law has a deadline; CI draws the same towns every time.
hypothesis_settings.register_profile("shared", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if CI else "shared")


def pytest_configure():
    """Forget the settings of whoever runs the tests: no test touches a real city's store."""
    for name in list(os.environ):
        if name.startswith("GEO_APP_") and not name.startswith("GEO_APP_TEST_"):
            del os.environ[name]


def pytest_collection_modifyitems(items):
    """Fast tests first."""
    items.sort(key=_rank)


def _rank(item):
    return max((LATER.index(m.name) + 1 for m in item.iter_markers() if m.name in LATER), default=0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Under CI=true a skipped test has failed."""
    return _unskipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Under CI=true a skipped module has failed."""
    return _unskipped((yield))


def _unskipped(report):
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"CI skips nothing, but this was skipped: {report.longrepr}"
    return report


@pytest.fixture
def now():
    """The moment at which everything in a test happens."""
    return datetime(2026, 5, 31, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    """Settings of an empty store in a folder of its own."""
    return Settings.from_environment({"GEO_APP_VAR": str(tmp_path), "GEO_APP_CITY": "Main Street"})


@pytest.fixture
def store(settings):
    """An empty store."""
    with Store.open(settings.store, crs=settings.crs) as opened:
        yield opened


@pytest.fixture
def main_street():
    """The hand-countable town as imports that nobody invented."""
    origin = Origin(file="town.gpkg", source="A survey", licence="CC0-1.0", as_of="2025")
    return [Import(LAYERS[name], table, origin) for name, table in towns.main_street().items()]


@pytest.fixture
def app(settings, store, main_street, now):
    """The application over a store that holds the hand-countable town."""
    store.write(main_street, at=now)
    application = create_app(settings)
    application.testing = True
    yield application
    application.extensions["store"].close()


@pytest.fixture
def client(app):
    """A browser without a window."""
    return app.test_client()
