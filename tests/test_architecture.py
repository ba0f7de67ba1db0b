"""The shape of the code itself: what may import what, and what must be said."""

import ast
import inspect
import re
import tomllib
from pathlib import Path

import pytest

from geo_app.config import SETTINGS
from geo_app.store import ROLES
from layers import ANALYSES, LAYERS
from layers.credible import MARKS
from layers.registry import Analysis

ROOT = Path(__file__).parent.parent
LIBRARY = sorted(ROOT.glob("layers/**/*.py"))
CODE = LIBRARY + sorted(
    path for path in ROOT.glob("geo_app/**/*.py") if "versions" not in path.parts
)
OUTSIDE = {
    "alembic", "branca", "click", "dask", "flask", "folium", "geo_app", "http", "jinja2",
    "logging", "os", "osmium", "psycopg", "pyogrio", "requests", "shutil", "socket", "sqlalchemy",
    "sqlite3", "subprocess", "tempfile", "threading", "tqdm", "urllib", "waitress",
}  # fmt: skip
"""What a library of tables in, tables out has no business with."""
READS_FILES = {"facts.py"}
OPENING = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "read_file", "read_csv",
           "read_parquet", "to_file", "to_csv", "to_parquet", "read_excel", "to_excel"}  # fmt: skip
CLOCK = {"now", "today", "utcnow", "time", "perf_counter", "monotonic"}
LOCAL_IMPORTS = {
    ("layers/paths.py", "kernels"),  # numba, which no page without a walk needs
    ("geo_app/__init__.py", "web"),  # the command line is not the web
    ("geo_app/oidc.py", "openid"),  # cryptography that only some cities need
    ("layers/pieces.py", "kernels_edges"),  # numba compiles only for who asks about the dark
    ("layers/criticality.py", "kernels_edges"),  # likewise
    ("layers/network_density.py", "kernels_density"),  # numba compiles only for who asks for it
    ("layers/scan.py", "kernels_scan"),  # numba compiles only for who scans for clusters
    ("layers/siting/reducing.py", "kernels"),  # numba compiles only for who asks where to build
    ("layers/siting/reducing.py", "rows"),  # likewise
    ("layers/siting/searching.py", "kernels"),  # likewise
    ("layers/siting/bounding.py", "relaxation"),  # likewise
    ("layers/siting/rooms.py", "filling"),  # likewise
    ("layers/siting/highs.py", "highspy"),  # the solver, for proofs alone
    ("geo_app/cli.py", "layers"),  # only once a command has failed; help must not wait for it
}
"""Imports inside functions that keep a heavy library off the start-up path, each said there."""
LINES = 400


def name(path):
    """Show a file in a test's name as it is called from the root."""
    return str(path.relative_to(ROOT))


def tree(path):
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(nodes):
    """Return the top-level names of absolute imports among `nodes`."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def called(path):
    """Return every function called in a file, as (what it hangs on, its name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield ast.unparse(function.value), function.attr
            elif isinstance(function, ast.Name):
                yield "", function.id


def definitions(path):
    """Return public functions, methods and classes of a file."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    module = tree(path)
    inside = [n for c in module.body if isinstance(c, ast.ClassDef) for n in c.body]
    found = [n for n in [*module.body, *inside] if isinstance(n, kinds)]
    return [n for n in found if not n.name.startswith("_")]


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_the_library_knows_nothing_of_the_outside_world(path):
    assert not imported(ast.walk(tree(path))) & OUTSIDE


@pytest.mark.parametrize("path", [p for p in LIBRARY if p.name not in READS_FILES], ids=name)
def test_the_library_opens_no_files(path):
    opened = {f"{on}.{what}" for on, what in called(path) if what in OPENING}
    assert not opened


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_the_library_has_no_clock(path):
    clocks = {"time", "datetime", "date", "datetime.datetime", "datetime.date", "pd.Timestamp"}
    asked = {f"{on}.{what}" for on, what in called(path) if on in clocks and what in CLOCK}
    assert not asked


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_the_library_draws_only_from_a_seed_it_was_given(path):
    """A generator that was handed in may be called `random`; the module of that name may not."""
    assert "random" not in imported(ast.walk(tree(path)))
    shared = {f"{on}.{what}" for on, what in called(path) if on in {"np.random", "numpy.random"}}
    assert shared <= {"np.random.default_rng"}
    unseeded = [
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("default_rng")
        and not node.args
    ]
    assert not unseeded


@pytest.mark.parametrize("path", CODE, ids=name)
def test_modules_stay_small_and_say_what_they_are(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_everything_public_is_documented(path):
    silent = [d.name for d in definitions(path) if not ast.get_docstring(d)]
    assert not silent


@pytest.mark.parametrize("path", CODE, ids=name)
def test_everything_is_annotated(path):
    functions = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    bare = [
        f"{f.name}({a.arg})"
        for f in functions
        for a in [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs]
        if a.annotation is None and a.arg not in {"self", "cls"}
    ]
    bare += [f"{f.name}()" for f in functions if f.returns is None]
    assert not bare


@pytest.mark.parametrize("path", CODE, ids=name)
def test_imports_stand_at_the_top_unless_start_up_would_wait_for_them(path):
    """Each exception is listed above, and none is listed that is no longer there."""
    inner = [
        node
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    found = {(name(path), ast.unparse(node).split()[1].lstrip(".")) for node in inner}
    assert found == {(file, module) for file, module in LOCAL_IMPORTS if file == name(path)}


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_module_is_a_drawer_for_everything(path):
    assert path.stem not in {"utils", "util", "helpers", "base", "manager", "misc", "common"}


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_every_analysis_reads_known_layers(analysis: Analysis):
    assert analysis.inputs
    assert set(analysis.inputs) <= {*LAYERS, MARKS.name}
    assert set(analysis.roles) <= set(ROLES)


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_every_analysis_says_what_it_takes_and_gives_and_where_it_comes_from(analysis):
    told = inspect.getdoc(analysis.run)
    for heading in ("Parameters", "Returns", "Source"):
        assert f"\n{heading}\n{'-' * len(heading)}\n" in told


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_every_parameter_of_an_analysis_has_a_label(analysis):
    assert analysis.title
    assert analysis.about
    for parameter in analysis.parameters.values():
        assert parameter.label


@pytest.mark.parametrize("columns", [
    *(pytest.param(layer.columns, id=layer.name) for layer in LAYERS.values()),
    *(pytest.param(analysis.columns, id=name) for name, analysis in ANALYSES.items()),
])  # fmt: skip
def test_every_column_has_a_meaning(columns):
    assert all(len(column.meaning) > len(column.name) / 2 for column in columns)
    assert len({column.name for column in columns}) == len(columns)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_layer_says_who_is_absent(layer):
    assert layer.title
    assert layer.absent.endswith(".")
    assert len(layer.absent.split()) >= 5


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_is_in_the_readme(setting):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{setting.variable}`" in readme
    assert setting.help


@pytest.mark.parametrize("path", sorted(ROOT.glob("data/*.toml")), ids=name)
def test_every_figure_in_data_has_a_source(path):
    for entry, told in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert told.get("source"), entry


@pytest.mark.parametrize("path", sorted(ROOT.glob("data/*.toml")), ids=name)
def test_every_table_of_figures_is_in_the_readme_of_data(path):
    assert f"`{path.name}`" in (ROOT / "data" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["requirements", "requirements-dev"])
def test_every_direct_need_is_locked(file):
    """A fresh machine installs the lock alone; `make lock` writes it."""
    lines = (ROOT / f"{file}.in").read_text(encoding="utf-8").splitlines()
    needed = {re.split(r"[\[<>=~ ]", line)[0] for line in lines if line and line[0].isalpha()}
    locked = (ROOT / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    assert needed <= {line.split("==")[0] for line in locked}
