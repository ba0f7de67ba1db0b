"""The command line as a person meets it."""

import json
import socket
import subprocess
import sys

import geopandas
import pytest
from click.testing import CliRunner

from geo_app.cli import COMMANDS, main
from geo_app.origin import Import
from layers import ANALYSES, LAYERS


@pytest.fixture(autouse=True)
def _of_this_store(settings, monkeypatch):
    """Every command works on the empty store of this test."""
    monkeypatch.setenv("GEO_APP_VAR", str(settings.var))


def run(*arguments):
    """Call a command and return what it told and its exit code."""
    return CliRunner().invoke(main, arguments)


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


def test_pages_start_without_what_only_some_of_them_need():
    """Compiling, distributions and the solver come with the first question that asks for them."""
    code = (
        "import sys; import geo_app.web;"
        "sys.exit(bool({'numba', 'scipy.stats', 'highspy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    told = run(name, "--help")
    assert told.exit_code == 0
    assert f"python -m geo_app {name}" in told.output


def test_an_unknown_command_is_a_sentence():
    told = run("cover")
    assert told.exit_code == 2
    assert "No such command 'cover'" in told.output


def test_a_fault_of_the_data_is_told_without_a_stack_trace():
    """The empty store lacks what coverage needs; each missing layer has its line."""
    told = run("analyse", "coverage")
    assert told.exit_code == 2
    assert "Traceback" not in told.output
    needed = sum(ANALYSES["coverage"].inputs.values())
    assert sum(line.startswith("  - ") for line in told.output.splitlines()) == needed


def test_layers_of_an_empty_store_are_listed_as_not_imported():
    told = run("layers")
    assert told.exit_code == 0
    for name in LAYERS:
        assert name in told.output
    assert told.output.count("not imported") == len(LAYERS)


def test_layers_tells_rows_and_origin_to_people_and_programs(store, main_street, now):
    store.write(main_street, at=now)
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
    assert {column.name for column in LAYERS[name].columns} <= set(
        geopandas.read_file(file, layer=name)
    )


def test_out_without_template_is_explained(tmp_path):
    told = run("layers", "--out", str(tmp_path / "x.csv"))
    assert told.exit_code == 2
    assert "--template" in told.output


def test_an_import_can_be_undone(store, main_street, now):
    """The table before the last one comes back."""
    store.write(main_street, at=now)
    only = [item for item in main_street if item.layer.name == "population"]
    fewer = [Import(item.layer, item.table.iloc[:2], item.origin) for item in only]
    store.write(fewer, at=now)
    assert store.provenance("population").rows == 2
    told = run("layers", "--restore", "population")
    assert told.exit_code == 0, told.output
    assert store.provenance("population").rows == 5


def test_nothing_to_undo_is_a_sentence():
    told = run("layers", "--restore", "population")
    assert told.exit_code == 2
    assert "Traceback" not in told.output


def test_the_invented_town_never_replaces_a_real_city_unasked(store, main_street, now):
    store.write(main_street, at=now)
    told = run("sample")
    assert told.exit_code == 2
    assert "--replace" in told.output
    assert store.provenance("population").rows == 5


def test_a_store_that_holds_anything_is_left_alone_if_asked(store, main_street, now):
    store.write(main_street, at=now)
    told = run("sample", "--if-empty")
    assert told.exit_code == 0
    assert store.provenance("population").source == "A survey"


def test_a_port_in_use_is_explained():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = run("serve", "--port", str(taken.getsockname()[1]))
    assert told.exit_code == 2
    assert "--port" in told.output
    assert "Traceback" not in told.output
