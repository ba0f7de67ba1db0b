"""A real browser, a real server over the invented town, and pages that are watched."""

import fcntl
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from geo_app import create_app
from geo_app.cli import main
from geo_app.config import Settings
from geo_app.store import People
from tests.serving import Served
from tests.staff import QUICK, STAFF, WORDS

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 20_000
"""How long a page may take [ms]; two cores are shared with other tests."""
expect.set_options(timeout=PATIENCE)
AXE_OPTIONS = {"preload": False, "rules": {"target-size": {"enabled": True}}}
MAP_IS_THERE = """() => document.querySelector(".map .canvas") === null
    || document.querySelector(".map").dataset.ready === "true\""""
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", event =>
    console.error("CSP: " + event.violatedDirective + " " + event.blockedURI))"""


def pytest_collection_modifyitems(items):
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, which asks nobody for anything."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def town(tmp_path_factory, worker_id):
    """Settings of a store with the invented town, built once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared if worker_id == "master" else shared.parent) / "musterstadt"
    environment = {
        "GEO_APP_STORE": f"sqlite:///{folder}/store.sqlite",
        "GEO_APP_VAR": str(folder),
    }
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            told = CliRunner().invoke(main, ["sample"], env=environment, catch_exceptions=False)
            assert told.exit_code == 0, told.output
            (folder / "built").touch()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        return Settings.from_environment()


@pytest.fixture(scope="session")
def base_url(town):
    """Address of a server over the invented town; pages may be opened by their path."""
    served = Served(create_app(town), threads=8)
    yield served.home
    served.stop()


@pytest.fixture
def desk(town, tmp_path):
    """Serve a copy of the invented town with staff; return address and application."""
    with (
        closing(sqlite3.connect(town.var / "store.sqlite")) as there,
        closing(sqlite3.connect(tmp_path / "store.sqlite")) as here,
    ):
        there.backup(here)
    shutil.copytree(town.var / "basemap", tmp_path / "basemap")
    app = create_app(replace(town, var=tmp_path, store=f"sqlite:///{tmp_path}/store.sqlite"))
    people = People(app.extensions["store"], app.config["SETTINGS"], hasher=QUICK)
    app.extensions["people"] = people
    for login, roles in STAFF.items():
        people.add(login, roles, at=datetime.now(UTC) - timedelta(days=30), password=WORDS)
    served = Served(app)
    yield served.home, app
    served.stop()
    app.extensions["store"].close()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A German reader at a desk, unless a test says otherwise."""
    return {
        **browser_context_args,
        "locale": "de-DE",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def page_faults():
    """What the pages of this test did wrong; a test that means it takes it out."""
    return []


@pytest.fixture
def open_page_at(browser, browser_context_args, page_faults):
    """
    Open a path of a server in a page of its own; fails on whatever the page did wrong.

    Foreign requests, breaches of the Content-Security-Policy, script errors,
    messages of error on the console and answers of 400 and above.
    """
    contexts = []

    def opened(home, path, **wanted):
        contexts.append(browser.new_context(**(browser_context_args | {"base_url": home} | wanted)))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        watch(page, home, page_faults)
        page.goto(path)
        return page

    yield opened
    done = list(page_faults)  # what a page was still fetching fails when it is closed
    for context in contexts:
        context.close()
    assert not done


@pytest.fixture
def open_page(open_page_at, base_url):
    """Open a path over the invented town, watched as `open_page_at` does."""

    def opened(path, **wanted):
        return open_page_at(base_url, path, **wanted)

    return opened


@pytest.fixture
def page():
    """Refuse the page nobody watches."""
    raise NotImplementedError("open pages with open_page: it watches them")


def watch(page, home, faults):
    """Note in `faults` whatever a page does that ours never do."""

    def requested(request):
        if not request.url.startswith((home, "data:", "blob:")):
            faults.append(f"foreign request: {request.url}")

    def answered(response):
        if response.status >= 400:
            faults.append(f"{response.status}: {response.url}")

    def spoke(message):
        if message.type in {"error", "warning"}:
            faults.append(f"console: {message.text}")

    page.add_init_script(TELL_VIOLATIONS)
    page.on("request", requested)
    page.on("response", answered)
    page.on("console", spoke)
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))


@pytest.fixture
def axe():
    """Return what axe-core finds on a page: rule and elements, empty where all is well."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (make setup)")
    source = AXE.read_text(encoding="utf-8")

    def findings(page):
        page.wait_for_load_state("load")
        page.wait_for_function(MAP_IS_THERE)
        page.evaluate(source)
        found = page.evaluate(
            "options => axe.run(document, options).then(found => found.violations)", AXE_OPTIONS
        )
        told = {f["id"]: [node["html"] for node in f["nodes"]] for f in found}
        # Where a pin stands is essential (WCAG 2.5.8); the list beside the map is its equal.
        pins = [html for html in told.pop("target-size", []) if "leaflet-marker-icon" not in html]
        return told | ({"target-size": pins} if pins else {})

    return findings


def sign_in(page):
    """Sign in as a planner."""
    page.locator("#login").fill("paul")
    page.locator("#password").fill(WORDS)
    page.locator("main button").click()
