"""Commands for accounts, releases and erasure as a person meets them."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from geo_app.cli import main
from geo_app.store import LoginError, MarkStore, People
from geo_app.store.engines import reading
from layers.marks import Mark

NOW = datetime.now(UTC)
"""Commands go by the clock of the machine."""
MARK = Mark("unsafe", 500_050.0, 5_400_000.0, ("poor_light",), note="The lamp is out.")


@pytest.fixture(autouse=True)
def _of_this_store(settings, monkeypatch):
    """Every command works on the empty store of this test."""
    monkeypatch.setenv("GEO_APP_VAR", str(settings.var))


@pytest.fixture
def marks(store, settings):
    return MarkStore(store, settings)


@pytest.fixture
def people(store, settings):
    return People(store, settings)


def run(*arguments, typed=None):
    """Call a command and return what it told and its exit code."""
    return CliRunner().invoke(main, arguments, input=typed)


def counted(told):
    """Return the last word of each line of a table by what stands before it."""
    told = [line for line in told.output.splitlines() if line.startswith("  ")]
    lines = [line.rsplit(maxsplit=1) for line in told]
    return {line[0].split("  ")[1].strip(): int(line[1]) for line in lines}


def test_the_first_administrator_gets_a_password_to_change(people):
    told = run("people", "add", "E.Mueller", "--role", "administrator")
    assert told.exit_code == 0, told.output
    made = told.output.split()[-1]
    person = people.verify("e.mueller", made, at=datetime.now(UTC))
    assert person.must_change
    assert person.roles == ("administrator",)


def test_a_password_can_be_typed_instead_and_is_not_shown(people):
    typed = "seven green bicycles"
    told = run("people", "add", "k", "--role", "planner", "--ask", typed=f"{typed}\n{typed}\n")
    assert told.exit_code == 2
    assert "2 to 100 letters" in told.output
    told = run("people", "add", "ky", "--role", "planner", "--ask", typed=f"{typed}\n{typed}\n")
    assert told.exit_code == 0, told.output
    assert typed not in told.output
    assert not people.verify("ky", typed, at=datetime.now(UTC)).must_change


def test_faults_of_an_account_are_sentences_without_a_stack_trace():
    run("people", "add", "ky", "--role", "planner")
    told = run("people", "add", "ky", "--role", "planner")
    assert told.exit_code == 2
    assert "there is an account “ky” already" in told.output
    told = run("people", "lock", "nobody")
    assert told.exit_code == 2
    assert "there is no account “nobody”" in told.output


def test_accounts_are_listed_with_roles_and_state(people):
    assert "people add" in run("people", "list").output
    people.add("a.admin", ["administrator"], at=NOW, password="seven green bicycles")
    people.add("k.yilmaz", ["moderator", "planner"], at=NOW)
    run("people", "lock", "k.yilmaz")
    told = run("people", "list").output
    assert "k.yilmaz  planner, moderator  locked, has to change the password" in told
    run("people", "unlock", "k.yilmaz")
    run("people", "role", "k.yilmaz", "--role", "prevention")
    assert "k.yilmaz  prevention     has to" in run("people", "list").output


def test_a_new_password_ends_the_old_one(people):
    people.add("ky", ["planner"], at=NOW, password="seven green bicycles")
    made = run("people", "password", "ky").output.split()[-1]
    assert people.verify("ky", made, at=datetime.now(UTC)).must_change
    with pytest.raises(LoginError):
        people.verify("ky", "seven green bicycles", at=datetime.now(UTC))


def test_a_dry_run_tells_what_is_due_and_keeps_it(marks):
    added = marks.add(MARK, at=NOW - timedelta(hours=25), draft=True)
    told = run("erase", "--dry-run")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Would erase")
    assert counted(told)["marks never sent"] == 1
    assert marks.by_code(added.code).note == MARK.note


def test_erasing_twice_is_erasing_once(marks, settings):
    marks.add(MARK, at=NOW - timedelta(hours=25), draft=True)
    log = settings.var / "logs" / "web.log"
    log.parent.mkdir()
    log.write_text("2026-01-01T00:00:00 old\n")
    first, second = run("erase"), run("erase")
    assert first.exit_code == second.exit_code == 0, first.output
    assert counted(first)["marks never sent"] == counted(first)["lines of log files"] == 1
    assert set(counted(second).values()) == {0}
    assert first.output.endswith("The files of the database were written anew without it.\n")
    assert log.read_text() == ""


def test_files_of_the_database_that_are_in_use_are_told_and_old_lines_of_logs_go(
    store, settings, monkeypatch
):
    log = settings.var / "logs" / "web.log"
    log.parent.mkdir()
    log.write_text("2026-01-01T00:00:00 old\n")
    monkeypatch.setattr("geo_app.store.forgetting.PATIENCE", 0)
    with reading(store.engine) as connection:
        connection.execute(text("SELECT * FROM mark")).all()
        told = run("erase")
    assert told.exit_code == 2
    assert "the rows are erased, but somebody still reads the store" in told.output
    assert log.read_text() == ""


def test_a_day_in_the_future_is_erased_only_on_purpose(marks):
    added = marks.add(MARK, at=NOW, draft=True)
    day = (NOW + timedelta(days=60)).date().isoformat()
    told = run("erase", "--at", day)
    assert told.exit_code == 2
    assert "--dry-run" in told.output
    assert counted(run("erase", "--at", day, "--dry-run"))["marks never sent"] == 1
    assert marks.by_code(added.code).note == MARK.note
    assert counted(run("erase", "--at", day, "--yes"))["marks never sent"] == 1


def test_what_is_no_day_is_told():
    told = run("erase", "--at", "tomorrow")
    assert told.exit_code == 2
    assert "is not a day like" in told.output


def test_publishing_without_streets_says_what_is_missing():
    told = run("publish")
    assert told.exit_code == 2
    assert "“streets” is not in the store yet" in told.output
