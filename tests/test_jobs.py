"""Long work: progress, an end on request, results that stay, limits for visitors."""

import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from geo_app import create_app, results
from geo_app.cli import main
from geo_app.config import Settings
from geo_app.jobs import Jobs, work
from geo_app.kept import Kept
from geo_app.origin import Import, Origin
from geo_app.store import QueueFullError, Store, UnknownJobError
from geo_app.store.jobs import FOLLOWS, STATES, JobStore, new_job
from layers import ANALYSES, LAYERS, Analysis, Text
from layers.question import Question
from layers.watch import Watch, nobody

from . import towns

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
COVERAGE = ANALYSES["coverage"]
PATIENCE = 120
"""Seconds after which a test gives up."""


class Gate:
    """Holds work up until a test lets it go on."""

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def slow(gate, monkeypatch):
    """Coverage that waits at a gate, in the list of analyses; it has no quick answer."""

    def slow(
        population, streets, meeting_places, *, question: Question = Question(),
        watch: Watch = nobody,
    ):  # fmt: skip
        gate.begun.set()
        watch(0.25, Text("waiting at the gate"))
        while not gate.go.wait(0.02):
            watch(0.5, Text("waiting at the gate"))
        return COVERAGE.run(population, streets, meeting_places, question=question)

    made = Analysis(slow, title=Text("Slow"), about=Text("Takes long."), columns=COVERAGE.columns)
    monkeypatch.setitem(ANALYSES, "slow", made)
    monkeypatch.setattr("geo_app.jobs.REPORT_EVERY", 0.0)
    return made


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment(
        {"GEO_APP_VAR": str(tmp_path / "var"), "GEO_APP_LANGUAGE": "en", "GEO_APP_QUEUE": "4"}
    )


@pytest.fixture
def store(settings):
    with Store.open(settings.store, crs=settings.crs) as opened:
        fill(opened, towns.main_street())
        yield opened


def fill(store, town):
    tables = [Import(LAYERS[name], table, Origin(file="town.gpkg")) for name, table in town.items()]
    store.write(tables, at=NOON)


@pytest.fixture
def jobs(store, settings, gate):
    """Long work on the store; whatever still waits at the gate is let go at the end."""
    made = Jobs(store, settings, clock=lambda: NOON)
    yield made
    gate.go.set()
    made.close()


def start(jobs, analysis, *, at=NOON, person="", connection="", **text):
    return jobs.start(analysis, analysis.parse(text), person=person, connection=connection, at=at)


def ended(jobs, job):
    """Wait until a job has ended, and return what it is then."""
    found = jobs.wait(job, PATIENCE)
    assert not found.active
    return found


def test_every_state_has_words_and_says_what_may_follow():
    """Nothing leads to a state that is not known, and whatever ended may begin again."""
    assert set(STATES) == set(FOLLOWS)
    assert all(following <= set(STATES) for following in FOLLOWS.values())
    assert all(
        "waiting" in FOLLOWS[state] for state in STATES if state not in {"waiting", "running"}
    )


def test_a_job_tells_how_far_it_is_and_leaves_its_answer(jobs, store, slow, gate):
    """While it works it is a quarter done; then anyone who asks has the answer at once."""
    values = slow.parse({"minutes": "4"})
    assert results.at_once(store, slow, values) is None
    job = start(jobs, slow, minutes="4")
    assert gate.begun.wait(PATIENCE)
    gate_words = []
    for _ in range(1000):
        found = jobs.job(job.id)
        gate_words.append((found.state, found.doing))
        if found.done >= 0.25:
            break
    assert gate_words[-1] == ("running", Text("waiting at the gate"))
    gate.go.set()
    assert ended(jobs, job).state == "done"
    answer = results.at_once(store, slow, values)
    assert answer is not None
    assert answer.final
    assert answer.result.figure("people_covered").value == 60


def test_the_same_question_joins_the_work_that_is_under_way(jobs, slow, gate):
    """Two people, one job; another question is another job."""
    first = start(jobs, slow, minutes="4", person="ada")
    assert start(jobs, slow, minutes="4", connection="192.0.2.1").id == first.id
    assert start(jobs, slow, minutes="5", person="ada").id != first.id
    gate.go.set()
    assert ended(jobs, first).state == "done"


def test_work_that_nobody_wants_stops(jobs, store, slow, gate):
    """Cancelled at once in the list, and soon the worker is free for the next one."""
    job = start(jobs, slow, minutes="4")
    assert gate.begun.wait(PATIENCE)
    assert jobs.cancel(job.id, at=NOON).state == "cancelled"
    assert ended(jobs, job).state == "cancelled"
    assert results.at_once(store, slow, slow.parse({"minutes": "4"})) is None
    gate.go.set()
    again = jobs.again(job.id, at=NOON)
    assert (again.id, again.attempt) == (job.id, 2)
    assert ended(jobs, again).state == "done"


def test_a_worker_of_an_earlier_start_changes_nothing(store, settings, slow, gate):
    """Its attempt is over: what it finds is not written down as the end of the next one."""
    rows = JobStore(store)
    asked = results.asked_of(store, slow, slow.parse({}))
    limits = Jobs(store, settings)._limits()
    job, _ = rows.join(new_job("slow", {}, asked.digest, person="", visitor="", at=NOON), limits)
    rows.move(job.id, "cancelled", at=NOON)
    rows.again(job.id, asked.digest, limits, at=NOON, visitor="")
    gate.go.set()
    work(store, settings, job, lambda: NOON)
    assert rows.get(job.id).state == "waiting"


def test_a_restart_interrupts_what_was_under_way_and_keeps_what_was_done(
    store, settings, slow, gate
):
    """The first answer is there after the restart; the other question says what happened."""
    before = Jobs(store, settings, clock=lambda: NOON)
    gate.go.set()
    done = ended(before, start(before, slow, minutes="4"))
    gate.go.clear()
    gate.begun.clear()
    broken = start(before, slow, minutes="5")
    assert gate.begun.wait(PATIENCE)
    with Store.open(settings.store, crs=settings.crs) as anew:
        after = Jobs(anew, settings, clock=lambda: NOON)
        assert after.begin() == 1
        assert after.job(broken.id).state == "interrupted"
        assert after.job(done.id).state == "done"
        answer = results.at_once(anew, slow, slow.parse({"minutes": "4"}))
        assert answer.result.figure("people_covered").value == 60
        assert (
            answer.result.answer
            == results.compute(store, COVERAGE, COVERAGE.parse({"minutes": "4"})).result.answer
        )
        gate.go.set()
        assert ended(after, after.again(broken.id, at=NOON)).state == "done"
        after.close()
    before.close()


def test_new_data_make_an_old_answer_no_answer(jobs, store, slow, gate):
    """A result is of the layers it was made from."""
    gate.go.set()
    ended(jobs, start(jobs, slow, minutes="4"))
    fill(store, {"meeting_places": towns.main_street()["meeting_places"].iloc[:0]})
    assert results.at_once(store, slow, slow.parse({"minutes": "4"})) is None


def test_what_goes_wrong_is_told_in_words(jobs, slow, gate, monkeypatch, caplog):
    """A fault of the question is told as it is; a defect is written down and excused."""
    gate.go.set()
    fault = ended(jobs, start(jobs, slow, group="foreign_nationals"))
    assert fault.state == "failed"
    assert "does not count" in fault.faults[0]

    def broken(*_args, **_values):
        raise ZeroDivisionError

    monkeypatch.setattr("geo_app.results.compute", broken)
    defect = ended(jobs, start(jobs, slow, minutes="7"))
    assert defect.state == "failed"
    assert "not your fault" in defect.faults[0]
    assert "ZeroDivisionError" in caplog.text


def test_visitors_cannot_fill_the_queue(jobs, slow, gate):
    """Two each, half of all together; staff still get in until it is full, then all hear why."""
    assert gate.go.is_set() is False
    for minutes in ("2", "3"):
        start(jobs, slow, minutes=minutes, connection="192.0.2.1")
    with pytest.raises(QueueFullError, match="2 computations"):
        start(jobs, slow, minutes="4", connection="192.0.2.1")
    start(jobs, slow, minutes="4", connection="192.0.2.2")
    with pytest.raises(QueueFullError, match="few minutes"):
        start(jobs, slow, minutes="5", connection="192.0.2.3")
    for minutes in ("6", "7", "8"):
        start(jobs, slow, minutes=minutes, person="ada")
    with pytest.raises(QueueFullError):
        start(jobs, slow, minutes="9", person="ada")


def test_a_visitor_is_a_keyed_hash_only_while_the_work_lasts(jobs, slow, gate):
    """No address is kept, and in the end nothing at all."""
    job = start(jobs, slow, minutes="4", connection="192.0.2.1")
    assert job.visitor
    assert "192.0.2.1" not in repr(job)
    assert jobs.owns(job, person="", connection="192.0.2.1")
    assert not jobs.owns(job, person="", connection="192.0.2.9")
    assert jobs.owns(job, person="ada", connection="")
    gate.go.set()
    assert ended(jobs, job).visitor == ""


def test_old_rows_and_files_go(store, settings, slow, gate):
    """After its days a result is gone; so are drafts that a crash left behind."""
    gate.go.set()
    jobs = Jobs(store, settings, clock=lambda: NOON)
    job = ended(jobs, start(jobs, slow))
    jobs.close()
    folder = settings.var / "jobs"
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    (folder / "half.1234").write_text("a draft")
    late = Jobs(store, settings, clock=lambda: datetime.now(UTC) + timedelta(days=31))
    late.tidy()
    assert list(folder.iterdir()) == []
    with pytest.raises(UnknownJobError):
        late.job(job.id)
    late.close()


def test_a_file_that_somebody_else_laid_there_is_not_read(tmp_path, store):
    """Changed, signed with another secret or under another name: no answer."""
    result = results.compute(store, COVERAGE, COVERAGE.parse({})).result
    kept = Kept(tmp_path / "kept", "secret", days=1)
    kept.put("a", result)
    assert kept.get("a").answer == result.answer
    (path,) = (tmp_path / "kept").iterdir()
    content = path.read_bytes()
    path.with_name("b.result").write_bytes(content)
    assert kept.get("b") is None
    assert Kept(tmp_path / "kept", "another", days=1).get("a") is None
    path.write_bytes(content[:-1] + b"x")
    assert kept.get("a") is None
    path.write_bytes(b"nonsense")
    assert kept.get("a") is None


def test_work_that_takes_too_long_is_stopped(store, tmp_path, slow, gate, monkeypatch):
    """It says after how many minutes, and what to do."""
    short = Settings.from_environment({"GEO_APP_VAR": str(tmp_path / "var")})
    monkeypatch.setattr("geo_app.jobs.time.monotonic", _leaping())
    jobs = Jobs(store, short, clock=lambda: NOON)
    job = ended(jobs, start(jobs, slow))
    assert job.state == "failed"
    assert "20 minutes" in job.faults[0]
    gate.go.set()
    jobs.close()


def _leaping():
    """Return a clock on which every look is a quarter of an hour later."""
    moments = iter(range(0, 10**6, 900))
    return lambda: float(next(moments))


def test_a_process_of_its_own_does_the_work(store, settings):
    """Where processes are asked for, the answer comes by way of the disk."""
    town = Settings.from_environment(
        {"GEO_APP_VAR": str(settings.var), "GEO_APP_WORKER_KIND": "processes"}
    )
    siting = ANALYSES["siting"]
    jobs = Jobs(store, town)
    job = start(jobs, siting, **ASKED)
    found = jobs.wait(job, 120)
    assert found.state == "done", found.faults
    assert results.at_once(store, siting, siting.parse(ASKED)).final
    jobs.close()


ASKED = {"minutes": "4", "places_more": "1", "candidates": "places", "kinds": "cafe"}
"""Where a café should stand on the main street: in its library."""


# ---- pages ----


@pytest.fixture
def client(settings, store, slow, gate):
    del store, slow
    app = create_app(settings)
    yield app.test_client()
    gate.go.set()
    app.extensions["jobs"].close()


def test_a_page_without_a_quick_answer_starts_the_work(client, gate):
    """First a button, then progress, then the answer; all at the address of the question."""
    gate.go.set()
    before = client.get("/analyses/slow?minutes=4").get_data(as_text=True)
    assert "data-start" in before
    posted = client.post("/jobs", data={"analysis": "slow", "minutes": "4"})
    assert posted.status_code == 303
    assert posted.location.startswith("/analyses/slow?")
    page = client.get(posted.location).get_data(as_text=True)
    assert "60" in page
    assert "data-start" not in page


def test_the_page_of_a_job_refreshes_itself_without_a_script(client, gate):
    """Progress in words and as a bar, a button to cancel, then one to start again."""
    posted = client.post("/jobs", data={"analysis": "slow", "minutes": "4"})
    page = client.get(posted.location).get_data(as_text=True)
    assert 'http-equiv="refresh"' in page
    assert "<progress" in page
    assert "cancel" in page
    assert not gate.go.is_set()
    name = page.split("/jobs/")[1].split("/")[0]
    state = client.get(f"/jobs/{name}/state").get_json()
    assert (state["state"], state["active"]) == ("running", True)
    assert client.post(f"/jobs/{name}/cancel").status_code == 303
    page = client.get(f"/jobs/{name}").get_data(as_text=True)
    assert "Start again" in page
    assert 'http-equiv="refresh"' not in page


def test_nobody_cancels_the_work_of_staff(client, slow):
    """Whoever has the address may look, not touch."""
    app = client.application
    job = start(app.extensions["jobs"], slow, person="ada", minutes="6")
    assert client.get(f"/jobs/{job.id}").status_code == 200
    assert client.post(f"/jobs/{job.id}/cancel").status_code == 404
    assert app.extensions["jobs"].job(job.id).active


def test_a_full_queue_says_so(client):
    """Too many questions of one visitor are refused with a sentence, not an error of ours."""
    for minutes in ("2", "3"):
        client.post("/jobs", data={"analysis": "slow", "minutes": minutes})
    told = client.post("/jobs", data={"analysis": "slow", "minutes": "4"})
    assert told.status_code == 429
    assert "Wait for one of them" in told.get_data(as_text=True)


def test_what_is_not_ready_is_not_drawn(client):
    """Map, rows and files of a question that was never computed say what to do."""
    for path in ("features", "rows", "download.csv"):
        assert client.get(f"/analyses/slow/{path}").status_code == 409


def test_the_list_is_for_staff(client):
    """Others have the address of their own work."""
    assert client.get("/jobs").status_code == 303
    assert client.get("/jobs/no-such-job").status_code == 404


def test_only_long_analyses_become_jobs(client):
    """A quick one has its page."""
    assert client.post("/jobs", data={"analysis": "coverage"}).status_code == 404


# ---- the command line ----


@pytest.mark.usefixtures("store", "slow")
def test_the_command_line_tells_what_it_is_doing(settings, gate):
    """Progress goes to standard error, the answer to standard output."""
    gate.go.set()
    told = CliRunner().invoke(main, ["analyse", "slow"], env=environment(settings))
    assert told.exit_code == 0, told.output
    assert "waiting at the gate" in told.stderr
    assert "waiting at the gate" not in told.stdout


@pytest.mark.usefixtures("store", "slow")
def test_ctrl_c_ends_long_work_cleanly(settings, gate):
    """No stack trace; programs see that it was ended."""
    timer = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    threading.Thread(target=lambda: gate.begun.wait(PATIENCE) and timer.start()).start()
    told = CliRunner().invoke(main, ["analyse", "slow"], env=environment(settings))
    assert told.exit_code == 130
    assert "Cancelled; nothing was saved." in told.stderr


def environment(settings):
    return {"GEO_APP_VAR": str(settings.var), "GEO_APP_STORE": settings.store}
