"""Erasure: what is due when, the same twice as once, and nothing left in any file."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from geo_app.store import Rates, StoreBusyError, StoreError, UnknownMarkError
from geo_app.store.engines import reading, writing
from geo_app.store.erasure import Erasure
from geo_app.store.log_lines import erase_lines, old_lines
from layers.marks import State
from tests.stores import server

from .mark_samples import DAY, HOUR, MARK, NOON, SENTINEL, SOUTH, WEST, sent

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
TOLD = replace(MARK, note=f"The note {SENTINEL} of a citizen")


def due(erasure, at):
    """What is due and how many, without what is not."""
    return {one.what: one.count for one in erasure.due(at=at) if one.count}


def files_of(store):
    """Every byte that the database has about marks on disk."""
    if store.engine.dialect.name == "sqlite":
        path = Path(store.engine.url.database)
        names = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
        return b"".join(name.read_bytes() for name in names if name.exists())
    with reading(store.engine) as connection:
        folder = Path(connection.scalar(text("SHOW data_directory")))
        base = connection.scalar(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    address = store.engine.url.set(drivername="postgresql")
    with psycopg.connect(
        address.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute("CHECKPOINT")
    found = folder / "base" / str(base)
    if not os.access(found, os.R_OK):
        pytest.skip("the files of the test server belong to another account")
    return b"".join(path.read_bytes() for path in found.iterdir() if path.is_file())


@pytest.fixture
def decided(marks, moderator):
    """A mark with texts in every place, rejected at noon."""
    added = marks.add(TOLD, at=NOON, device="phone")
    marks.ask(added.id, f"Question {SENTINEL}", by=moderator, at=NOON)
    marks.answer(added.code, f"Answer {SENTINEL}", at=NOON)
    marks.reject(added.id, "other_matter", by=moderator, at=NOON, detail=f"Reply {SENTINEL}")
    return added


def test_texts_go_30_days_after_the_decision(decided, marks, erasure):
    """Not an hour before; the history still holds and says that they went."""
    assert "texts of marks" not in due(erasure, NOON + 30 * DAY - HOUR)
    assert due(erasure, NOON + 30 * DAY)["texts of marks"] == 1
    erasure.erase(at=NOON + 30 * DAY)
    assert marks.get(decided.id).note is None
    history = marks.history(decided.id)
    assert history[-1].action == "text_erased"
    assert not any(event.detail or event.salt for event in history)
    assert marks.by_code(decided.code).exact == (WEST + 50, SOUTH)


@pytest.mark.usefixtures("decided")
def test_no_file_of_the_database_holds_an_erased_text(store, erasure):
    """Table, log, statistics, free pages: the bytes are gone; before, they were there."""
    assert SENTINEL.encode() in files_of(store)
    erasure.erase(at=NOON + 30 * DAY)
    assert SENTINEL.encode() not in files_of(store)


def test_no_file_holds_what_was_taken_back(decided, marks, store):
    """At once, without waiting for the schedule; also long notes, which are kept elsewhere."""
    long = marks.add(replace(MARK, note=" ".join(f"{SENTINEL}{n}" for n in range(30))), at=NOON)
    assert f"{SENTINEL}29".encode() in files_of(store)
    marks.withdraw(long.code, at=NOON)
    marks.withdraw(decided.code, at=NOON)
    assert SENTINEL.encode() not in files_of(store)


def test_no_file_holds_what_staff_took_out_of_a_note(marks, moderator, store):
    """A name in a note goes when somebody sees it."""
    added = marks.add(TOLD, at=NOON)
    assert SENTINEL.encode() in files_of(store)
    marks.remove_personal(added.id, "The note of a citizen", by=moderator, at=NOON)
    assert SENTINEL.encode() not in files_of(store)


def test_many_marks_leave_nothing_in_any_page(marks, moderator, store, erasure):
    """Enough for many pages; those still undecided keep their texts."""
    told = sent(marks, *range(60), mark=replace(MARK, note=f"{SENTINEL} " * 40))
    undecided = marks.add(replace(MARK, note="still-undecided"), at=NOON)
    for one in told:
        marks.reject(one.id, "spam", by=moderator, at=NOON)
    erasure.erase(at=NOON + 31 * DAY)
    bytes_left = files_of(store)
    assert SENTINEL.encode() not in bytes_left
    assert b"still-undecided" in bytes_left
    assert marks.get(undecided.id).note == "still-undecided"


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("decided", "engine")
def test_a_dump_of_the_tables_holds_no_erased_text(store, erasure):
    """As a backup made afterwards would see it."""
    dump = shutil.which("pg_dump")
    if dump is None:
        pytest.skip("pg_dump is not installed")
    address = make_url(str(store.engine.url.render_as_string(hide_password=False)))
    where = address.set(drivername="postgresql").render_as_string(hide_password=False)

    def dumped():
        tables = ["--table=mark", "--table=mark_event", "--table=audit"]
        return subprocess.run([dump, *tables, where], capture_output=True, check=True).stdout

    assert SENTINEL.encode() in dumped()
    erasure.erase(at=NOON + 30 * DAY)
    assert SENTINEL.encode() not in dumped()


def test_points_and_codes_go_a_year_after_closing_and_the_square_stays(decided, marks, erasure):
    """365 days after the rejection; the code then opens nothing."""
    assert "exact points and codes" not in due(erasure, NOON + 365 * DAY - HOUR)
    erasure.erase(at=NOON + 365 * DAY)
    assert marks.get(decided.id).coarse is not None
    assert marks.history(decided.id)[-1].action == "coarsened"
    with pytest.raises(UnknownMarkError, match="365 days after"):
        marks.by_code(decided.code)
    assert marks.similar(decided.id) == []


def test_what_was_never_sent_goes_after_24_hours_without_a_trace(marks, store, erasure):
    """With its history: it has told nobody anything."""
    draft = marks.add(TOLD, at=NOON, draft=True)
    marks.add(MARK, at=NOON)
    assert due(erasure, NOON + 23 * HOUR) == {}
    erasure.erase(at=NOON + 24 * HOUR)
    with pytest.raises(UnknownMarkError, match="24 hours"):
        marks.by_code(draft.code)
    assert marks.count(at=NOON) == 1
    assert SENTINEL.encode() not in files_of(store)


def test_devices_are_forgotten_with_their_day(marks, store, settings, erasure):
    """Hashes, counters and the salt, at midnight (22 UTC); that two have one sender stays."""
    sent(marks, 10, 20, device="phone")
    rates = Rates(store, settings)
    assert [rates.hit("report", "phone", at=NOON) for _ in range(2)] == [1, 2]
    assert rates.hit("report", "tablet", at=NOON) == 1
    assert rates.total("report", at=NOON) == 3
    assert due(erasure, NOON + 10 * HOUR - timedelta(seconds=1)) == {}
    assert due(erasure, NOON + 10 * HOUR) == {
        "senders of marks": 2,
        "counters of devices": 2,
        "salts of former days": 1,
    }
    erasure.erase(at=NOON + DAY)
    with reading(store.engine) as connection:
        assert connection.scalars(text("SELECT device FROM mark")).all() == [None, None]
        assert len(set(connection.scalars(text("SELECT sender FROM mark")).all())) == 1
        assert connection.scalars(text("SELECT salt FROM daily_salt")).all() == []


def test_counters_begin_again_with_each_window(store, settings):
    """An hour by default; what is counted apart is apart."""
    rates = Rates(store, settings)
    assert rates.hit("report", "phone", at=NOON) == 1
    assert rates.hit("report", "phone", at=NOON + timedelta(minutes=59)) == 2
    assert rates.hit("report", "phone", at=NOON + HOUR) == 1
    assert rates.hit("login", "phone", at=NOON) == 1


def test_a_dry_run_changes_nothing_and_tells_what_the_run_does(decided, marks, erasure):
    """The same table, twice; then once more with nothing in it."""
    marks.add(TOLD, at=NOON, draft=True)
    at = NOON + 400 * DAY
    told = erasure.due(at=at)
    assert erasure.due(at=at) == told
    assert marks.get(decided.id).note == TOLD.note
    assert erasure.erase(at=at) == told
    assert due(erasure, at) == {}
    assert {one.count for one in erasure.erase(at=at)} == {0}


def test_periods_are_those_of_the_city(decided, marks, store, settings):
    """A day for texts, two for points."""
    strict = Erasure(store, replace(settings, text_days=1, point_days=2))
    strict.erase(at=NOON + DAY)
    assert marks.get(decided.id).note is None
    assert marks.by_code(decided.code).exact is not None
    strict.erase(at=NOON + 2 * DAY)
    with pytest.raises(UnknownMarkError):
        marks.by_code(decided.code)


def test_what_is_shown_keeps_its_point(marks, moderator, erasure):
    """What runs out is closed first and coarsened a year later."""
    (shown,) = sent(marks, 10)
    marks.accept(shown.id, by=moderator, at=NOON)
    erasure.erase(at=NOON + 366 * DAY)
    assert marks.get(shown.id).state is State.EXPIRED
    assert marks.by_code(shown.code).exact == (WEST + 10, SOUTH)
    erasure.erase(at=NOON + 731 * DAY)
    with pytest.raises(UnknownMarkError):
        marks.by_code(shown.code)


def test_what_nobody_decides_loses_note_and_point_after_180_days(marks, store, erasure):
    """Not an hour before; the square, the history and the way to take it back stay."""
    added = marks.add(TOLD, at=NOON)
    erasure.erase(at=NOON + 180 * DAY - HOUR)
    assert marks.get(added.id).note == TOLD.note
    erasure.erase(at=NOON + 180 * DAY)
    left = marks.by_code(added.code)
    assert (left.state, left.note, left.exact) == (State.RECEIVED, None, None)
    assert left.coarse is not None
    assert [e.action for e in marks.history(added.id)] == ["moved", "text_erased", "coarsened"]
    assert SENTINEL.encode() not in files_of(store)
    assert due(erasure, NOON + 400 * DAY) == {}
    assert marks.withdraw(added.code, at=NOON + 200 * DAY).state is State.WITHDRAWN


def test_each_step_of_an_undecided_mark_begins_its_180_days_anew(marks, moderator, erasure):
    """Opened again after 100 days: the point goes 280 days after it was sent, not earlier."""
    added = marks.add(TOLD, at=NOON)
    marks.reject(added.id, "other_matter", by=moderator, at=NOON)
    marks.reopen(added.code, at=NOON + 100 * DAY)
    erasure.erase(at=NOON + 279 * DAY)
    assert marks.by_code(added.code).exact == (WEST + 50, SOUTH)
    erasure.erase(at=NOON + 280 * DAY)
    assert marks.by_code(added.code).exact is None


def test_a_question_without_an_answer_keeps_nothing_for_ever(marks, moderator, erasure):
    """It waits again after 14 days, found by a run on the 20th: 180 more from then on."""
    added = marks.add(TOLD, at=NOON)
    marks.ask(added.id, "Which lamp?", by=moderator, at=NOON)
    erasure.erase(at=NOON + 20 * DAY)
    erasure.erase(at=NOON + 199 * DAY)
    assert marks.by_code(added.code).exact is not None
    erasure.erase(at=NOON + 200 * DAY)
    assert marks.by_code(added.code).exact is None
    assert not any(event.detail for event in marks.history(added.id))


def test_old_entries_about_staff_go_and_the_chain_of_the_others_holds(
    marks, people, moderator, erasure
):
    """A year by default; the newest entry stays, so that numbers go on."""
    added = marks.add(MARK, at=NOON)
    marks.reveal(added.id, by=moderator, reason="to find the lamp", at=NOON)
    for days in (300, 400):
        people.audit("queue viewed", by=moderator, at=NOON + days * DAY)
    erasure.erase(at=NOON + 401 * DAY)
    assert [entry.id for entry in people.audit_log()] == [4, 3]
    assert people.verify_audit() == ()
    assert marks.looks(added.id) == []


def test_a_history_that_was_tampered_with_is_no_reason_to_keep_texts(
    decided, marks, store, erasure
):
    """They go, and the tampering stays visible."""
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE mark SET seal = 'forged'"))
    erasure.erase(at=NOON + 30 * DAY)
    assert SENTINEL.encode() not in files_of(store)
    with pytest.raises(Exception, match="was replaced"):
        marks.history(decided.id)


def test_who_takes_a_mark_back_does_not_wait_for_who_reads(store, marks, erasure, caplog):
    """The log tells the administrator; the files are cleaned by the next run of the schedule."""
    added = marks.add(TOLD, at=NOON)
    with reading(store.engine) as connection:
        connection.execute(text("SELECT * FROM mark")).all()
        assert marks.withdraw(added.code, at=NOON).state is State.WITHDRAWN
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert "the next erase" in caplog.text
    assert added.code not in caplog.text
    erasure.erase(at=NOON)
    assert SENTINEL.encode() not in files_of(store)


def test_a_run_that_cannot_clean_the_files_says_so(store, erasure, marks, monkeypatch):
    """Somebody else is reading; running again later does it."""
    marks.add(TOLD, at=NOON, draft=True)
    monkeypatch.setattr("geo_app.store.forgetting.PATIENCE", 0)
    erase = erasure.erase
    with reading(store.engine) as connection:
        connection.execute(text("SELECT * FROM mark")).all()
        with pytest.raises(StoreBusyError, match="the rows are erased, but"):
            erase(at=NOON + 2 * DAY)
    erase(at=NOON + 2 * DAY)
    assert SENTINEL.encode() not in files_of(store)


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("engine")
def test_nobody_else_on_the_server_keeps_what_was_taken_back(decided, marks, store):
    """Not even who has been writing in another database since before; VACUUM would wait for it."""
    elsewhere = psycopg.connect(server())
    try:
        elsewhere.execute("SELECT pg_current_xact_id()")
        marks.withdraw(decided.code, at=NOON)
        assert SENTINEL.encode() not in files_of(store)
    finally:
        elsewhere.close()


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("engine")
def test_statistics_of_the_database_keep_no_salt_and_no_device(marks, people, store, erasure):
    """The planner of PostgreSQL samples columns; two days of salts would be in its samples."""
    for day in range(2):
        for device in ("phone", "tablet"):
            marks.add(MARK, at=NOON + day * DAY, device=device)
        people.audit("test", by="mod", at=NOON, what=f"about {SENTINEL}", detail=SENTINEL)
    with writing(store.engine) as connection:
        secret = [*connection.scalars(text("SELECT salt FROM daily_salt"))]
        secret += connection.scalars(text("SELECT DISTINCT device FROM mark"))
        assert len(secret) == 6
        connection.execute(text("ANALYZE"))
    erasure.erase(at=NOON + 400 * DAY)
    people.audit("test", by="mod", at=NOON + 400 * DAY)
    erasure.erase(at=NOON + 401 * DAY)
    left = files_of(store)
    assert not [one for one in (*secret, SENTINEL) if one.encode() in left]


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("engine")
def test_who_began_to_look_before_finds_the_marks_that_are_left(decided, marks, store, erasure):
    """A backup that has begun keeps all rows; only what is erased is missing in it."""
    other = marks.add(MARK, at=NOON)
    with reading(store.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) == 1
        erasure.erase(at=NOON + 30 * DAY)
        rows = connection.execute(text("SELECT id, note FROM mark")).all()
        events = connection.scalars(text("SELECT DISTINCT mark_id FROM mark_event")).all()
    assert set(rows) == {(decided.id, None), (other.id, MARK.note)}
    assert set(events) == {decided.id, other.id}


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("engine")
def test_history_can_only_grow_after_tables_were_written_anew(decided, marks, store, erasure):
    """Triggers are on again, numbers go on, and what refers to marks still does."""
    erasure.erase(at=NOON)
    for statement in (
        "UPDATE mark_event SET reason = ''",
        "TRUNCATE mark_event",
        "DELETE FROM audit",
        "DELETE FROM mark",
    ):
        with pytest.raises(StoreError), writing(store.engine) as connection:
            connection.execute(text(statement))
    marks.reopen(decided.code, at=NOON)
    assert marks.history(decided.id)[-1].state is State.REOPENED


@pytest.mark.parametrize("engine", [POSTGRESQL])
@pytest.mark.usefixtures("engine")
def test_marks_that_come_while_files_are_written_anew_are_all_kept(marks, store, erasure):
    """Three people send and take back while the schedule runs over and over."""

    def send(number):
        codes = [marks.add(TOLD, at=NOON, token=f"{number}-{n}").code for n in range(8)]
        for code in codes[::2]:
            marks.withdraw(code, at=NOON)

    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(send, number) for number in range(3)]
        runs = 0
        while not all(one.done() for one in sending):
            erasure.erase(at=NOON)
            runs += 1
        for one in sending:
            one.result()
    assert runs > 1
    with reading(store.engine) as connection:
        counts = text("SELECT state, count(*) FROM mark GROUP BY state ORDER BY state")
        assert connection.execute(counts).all() == [("received", 12), ("withdrawn", 12)]


def test_lines_of_logs_go_after_seven_days_and_the_file_stays(tmp_path):
    """A line without a moment belongs to the one before it."""
    log = tmp_path / "web.log"
    log.write_text(
        "2026-05-10T12:00:00 old\n  and its second line\n2026-05-13 11:59:59 old\n"
        "2026-05-13 12:00:01 young\n2026-05-01 00:00:00 out of order\n"
    )
    assert old_lines(tmp_path, at=NOON, days=7) == {log: 3}
    assert erase_lines(tmp_path, at=NOON, days=7) == 3
    assert log.read_text().startswith("2026-05-13 12:00:01 young\n")
    assert erase_lines(tmp_path, at=NOON, days=7) == 0
    assert erase_lines(tmp_path / "none", at=NOON, days=7) == 0
