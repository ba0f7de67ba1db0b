"""Fixtures shared by all tests, their order, and the rules of CI."""

import os

import pytest
from hypothesis import settings as hypothesis_settings

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
