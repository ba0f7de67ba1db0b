"""Analyses of exact marks are for staff alone, on every way to them, and leave no file behind."""

import gc
import io
import json
import weakref

import pytest
from click.testing import CliRunner

from geo_app.cli import main
from geo_app.results import compute
from layers import ANALYSES, Analysis, Column, Figure, Result, Style, Text
from layers.watch import Watch, nobody

from .staff import AT, marked, send, signed_in, staffed, word

ROLES = ("prevention", "moderator", "administrator")
NUMBER = Column("count", int, Text("marks in the town"), required=True)


def _told(marks, districts):
    """Return how many marks there are, on the first district."""
    table = districts.iloc[:1][["geometry"]].assign(count=len(marks))
    return Result(
        table=table,
        figures=(Figure("marks", float(len(marks)), "", Text("Marks")),),
        answer=(Text("There are marks."),),
        notes=(),
        tables=(),
        style=Style("count", Text("Marks")),
        marked=table.assign(geometry=table.geometry.representative_point(), name="x", note="y"),
        lines=table.assign(geometry=table.geometry.boundary, name="x"),
    )


def counted(marks, districts):
    """Count marks."""
    return _told(marks, districts)


def slowly(marks, districts, *, watch: Watch = nobody):
    """Count marks slowly."""
    watch(0.5, Text("counting"))
    return _told(marks, districts)


def _drawn(row, marks, districts):  # noqa: ARG001, what an analysis takes
    return districts.loc[[row], ["geometry"]]


@pytest.fixture(autouse=True)
def _two_more_analyses(monkeypatch):
    """One that is quick and one that is long, both of exact marks."""
    for run in (counted, slowly):
        made = Analysis(
            run, title=Text("Counting marks"), about=Text("Counts."), columns=(NUMBER,),
            topic="prevention", roles=ROLES, trace=_drawn, picture=_drawn,
        )  # fmt: skip
        monkeypatch.setitem(ANALYSES, run.__name__, made)


@pytest.fixture
def app(app):
    """The town with its staff and one accepted mark."""
    staffed(app)
    id_, _ = marked(app)
    app.extensions["marks"].accept(id_, by="mara", at=AT)
    yield app
    app.extensions["jobs"].close()


PATHS = [
    f"/analyses/{name}{rest}"
    for name in ("counted", "slowly")
    for rest in (
        "", "/rows", "/download.csv", "/download.gpkg", "/features", "/marked", "/lines",
        "/places", "/trace?row=x", "/picture?place=x", "/record.json",
    )
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_it_refuses_the_public_and_other_staff(app, path):
    """Whoever is not signed in is asked to, a program gets 401, the wrong role 403."""
    public = app.test_client()
    answer = public.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")
    assert public.get(path, headers={"Accept": "application/json"}).status_code == 401
    refused = signed_in(app, "paul").get(path)
    assert refused.status_code == 403
    assert "Counting marks" not in refused.text


@pytest.mark.parametrize("path", [p for p in PATHS if "counted" in p and "places" not in p])
def test_whoever_has_the_role_sees_it_and_no_browser_keeps_it(app, path):
    """The same addresses, answered."""
    row = app.extensions["store"].read("districts").index[0]
    answer = signed_in(app, "pia").get(path.replace("=x", f"={row}"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_listed_only_for_whom_it_is(app):
    """The public list does not name it, nor does the list of what is known."""
    public = app.test_client()
    assert "/analyses/counted" not in public.get("/analyses").text
    assert "counted" not in public.get("/analyses/unheard-of").text
    assert "/analyses/counted" not in signed_in(app, "paul").get("/analyses").text
    for login in ("pia", "mara", "ada"):
        assert "/analyses/counted" in signed_in(app, login).get("/analyses").text


def test_a_saved_answer_is_asked_again_only_by_whom_it_is_for(app):
    """The file alone opens nothing."""
    pia = signed_in(app, "pia")
    record = pia.get("/analyses/counted/record.json").data
    assert json.loads(record)["figures"]["marks"]["value"] == 1

    def again(client, **more):
        return client.post("/replay", data={"record": (io.BytesIO(record), "a.json"), **more})

    assert again(app.test_client()).status_code == 303
    assert again(signed_in(app, "paul")).status_code == 403
    assert again(pia, form_token=word(pia)).status_code == 200


def test_long_work_on_it_is_started_seen_and_ended_by_its_roles_alone(app):
    """Also the list of all computations keeps quiet about it."""
    public, paul, pia = app.test_client(), signed_in(app, "paul"), signed_in(app, "pia")
    assert public.post("/jobs", data={"analysis": "slowly"}).status_code in {303, 401}
    assert not app.extensions["jobs"].listed()
    assert send(paul, "/jobs", analysis="slowly").status_code == 403
    assert not app.extensions["jobs"].listed()
    started = send(pia, "/jobs", analysis="slowly")
    assert started.location.startswith("/analyses/slowly")
    job = app.extensions["jobs"].listed()[0]
    assert job.state == "done"
    for path in (f"/jobs/{job.id}", f"/jobs/{job.id}/state"):
        assert public.get(path, headers={"Accept": "text/html"}).status_code == 303
        assert paul.get(path).status_code == 403
        assert pia.get(path).status_code == 200
    for deed in ("cancel", "again"):
        assert public.post(f"/jobs/{job.id}/{deed}").status_code in {303, 401}
        assert send(paul, f"/jobs/{job.id}/{deed}").status_code == 403
    assert job.id not in paul.get("/jobs").text
    assert job.id in signed_in(app, "ada").get("/jobs").text
    assert "Counting marks" in pia.get("/analyses/slowly").text


def test_an_answer_made_of_marks_lies_in_no_file(app, settings):
    """Long answers are otherwise kept on the disk."""
    store = app.extensions["store"]
    compute(store, ANALYSES["slowly"], {})
    assert not list((settings.var / "jobs").glob("*"))
    pia = signed_in(app, "pia")
    send(pia, "/jobs", analysis="slowly")
    assert not list((settings.var / "jobs").glob("*"))


def test_an_answer_is_remembered_until_a_mark_changes(app):
    """Asked twice it is the same; a new mark, or one taken back, makes another."""
    store, counting = app.extensions["store"], ANALYSES["counted"]
    first = compute(store, counting, {}, at=AT).result
    assert compute(store, counting, {}, at=AT).result is first
    id_, code = marked(app, x=150.0)
    app.extensions["marks"].accept(id_, by="mara", at=AT)
    second = compute(store, counting, {}, at=AT).result
    assert second.figure("marks").value == 2
    app.extensions["marks"].withdraw(code, at=AT)
    third = compute(store, counting, {}, at=AT).result
    assert third is not first
    assert third.figure("marks").value == 1


def test_what_was_made_of_former_marks_is_forgotten(app):
    """Not only unasked for: it is gone from memory."""
    store, counting = app.extensions["store"], ANALYSES["counted"]
    held = weakref.ref(compute(store, counting, {}, at=AT).result.table)
    assert held() is not None
    marked(app, x=150.0)
    compute(store, counting, {}, at=AT)
    gc.collect()
    assert held() is None


def test_an_analysis_of_marks_without_roles_cannot_be_made():
    """Forgetting the roles must not show it to everybody."""
    with pytest.raises(ValueError, match="needs roles"):
        Analysis(counted, title=Text("x"), about=Text("y"), columns=(NUMBER,))


@pytest.mark.usefixtures("app")
def test_the_command_line_asks_it_too(settings):
    """Whoever sits at the server is an administrator."""
    done = CliRunner(env={"GEO_APP_VAR": str(settings.var)}).invoke(
        main, ["analyse", "counted", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["figures"][0]["value"] == 1
    read = {one["layer"]: one["rows"] for one in told["inputs"]}
    assert read["marks"] == 1
