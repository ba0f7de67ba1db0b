"""The command line as a person meets it."""

import json
import socket
import subprocess
import sys

import geopandas
import pytest
from click.testing import CliRunner

from geo_app.cli import COMMANDS, main
from geo_app.config import Settings
from geo_app.origin import Import, Origin
from geo_app.store import Store
from layers import LAYERS

from . import towns


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of an empty store of its own."""
    monkeypatch.setenv("GEO_APP_STORE", f"sqlite:///{tmp_path}/store.sqlite")
    monkeypatch.setenv("GEO_APP_VAR", str(tmp_path))
    return Settings.from_environment()


@pytest.fixture
def store(settings):
    return Store.open(settings.store, crs=settings.crs)


def run(*arguments):
    """Call a command and return what it told and its exit code."""
    return CliRunner().invoke(main, arguments)


def real_town(at):
    """Return the imports of a town that nobody invented."""
    origin = Origin(file="town.gpkg", source="A survey", licence="CC0-1.0", as_of="2025")
    return [Import(LAYERS[name], table, origin) for name, table in towns.main_street().items()]


def test_help_lists_every_command_without_loading_the_libraries_they_need():
    """A person who asks for help does not wait for geopandas."""
    script = (
        "import sys; from geo_app.cli import main; main(['--help'], standalone_mode=False);"
        "sys.exit(bool({'geopandas', 'pandas', 'flask', 'sqlalchemy'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    for name, entry in COMMANDS.items():
        assert name in told.stdout
        assert entry.about in told.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    told = run(name, "--help")
    assert told.exit_code == 0
    assert f"python -m geo_app {name}" in told.output


def test_an_unknown_command_is_a_sentence():
    told = run("cover")
    assert told.exit_code == 2
    assert "No such command 'cover'" in told.output


def test_a_fault_of_the_data_is_told_without_a_stack_trace(settings):
    """The empty store lacks what coverage needs; each missing layer has its line."""
    told = run("analyse", "coverage")
    assert told.exit_code == 2
    assert "Traceback" not in told.output
    lines = told.output.splitlines()
    assert [line.startswith("  - ") for line in lines] == [False, True, True, True]


def test_layers_of_an_empty_store_are_listed_as_not_imported(settings):
    told = run("layers")
    assert told.exit_code == 0
    for name in LAYERS:
        assert name in told.output
    assert told.output.count("not imported") == len(LAYERS)


def test_layers_tells_rows_and_origin_to_people_and_programs(store, now):
    store.write(real_town(now), at=now)
    table = run("layers").output
    assert "population" in table
    assert "A survey" in table
    told = {entry["layer"]: entry for entry in json.loads(run("layers", "--json").output)}
    assert told["population"]["rows"] == 5
    assert told["population"]["licence"] == "CC0-1.0"
    assert told["population"]["invented"] is False
    assert len(told["population"]["hash"]) == 64


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_a_template(tmp_path, name):
    file = tmp_path / f"{name}.gpkg"
    told = run("layers", "--template", name, "--out", str(file))
    assert told.exit_code == 0, told.output
    assert {column.name for column in LAYERS[name].columns} <= set(geopandas.read_file(file))


def test_out_without_template_is_explained(settings, tmp_path):
    told = run("layers", "--out", str(tmp_path / "x.csv"))
    assert told.exit_code == 2
    assert "--template" in told.output


def test_an_import_can_be_undone(store, now):
    """The table before the last one comes back."""
    imports = real_town(now)
    store.write(imports, at=now)
    only = [item for item in imports if item.layer.name == "population"]
    fewer = [Import(item.layer, item.table.iloc[:2], item.origin) for item in only]
    store.write(fewer, at=now)
    assert store.provenance("population").rows == 2
    told = run("layers", "--restore", "population")
    assert told.exit_code == 0, told.output
    assert store.provenance("population").rows == 5


def test_nothing_to_undo_is_a_sentence(settings):
    told = run("layers", "--restore", "population")
    assert told.exit_code == 2
    assert "Traceback" not in told.output


def test_the_invented_town_never_replaces_a_real_city_unasked(store, now):
    store.write(real_town(now), at=now)
    told = run("sample")
    assert told.exit_code == 2
    assert "--replace" in told.output
    assert store.provenance("population").rows == 5


def test_a_store_that_holds_anything_is_left_alone_if_asked(store, now):
    store.write(real_town(now), at=now)
    told = run("sample", "--if-empty")
    assert told.exit_code == 0
    assert store.provenance("population").source == "A survey"


def test_a_port_in_use_is_explained(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = run("serve", "--port", str(taken.getsockname()[1]))
    assert told.exit_code == 2
    assert "--port" in told.output
    assert "Traceback" not in told.output
