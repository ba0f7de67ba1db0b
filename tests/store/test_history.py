"""History only grows, and whoever changes it anyway is found out."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from geo_app.store import MarkStore, StoreError, TamperedError
from geo_app.store.engines import writing
from geo_app.store.forgetting import permitted

from .mark_samples import DAY, HOUR, MARK, NOON, PASSWORD

REFUSED = [
    "UPDATE mark_event SET reason = 'spam'",
    "UPDATE mark_event SET detail = ''",
    "UPDATE mark_event SET number = number + 10",
    "DELETE FROM mark_event",
    "UPDATE audit SET by = 'nobody'",
    "DELETE FROM audit",
    "UPDATE reveal SET reason = ''",
    "DELETE FROM reveal",
]
REFUSED_EVEN_WHILE_ERASING = [
    "UPDATE mark_event SET reason = 'spam'",
    "UPDATE mark_event SET detail = 'other words'",
    "UPDATE mark_event SET state = 'published', detail = '', salt = ''",
    "DELETE FROM mark_event",
    "UPDATE audit SET by = 'nobody'",
    "UPDATE reveal SET reason = ''",
]
TAMPERING = {
    "a changed reason": "UPDATE mark_event SET reason = 'spam' WHERE number = 2",
    "a changed text": "UPDATE mark_event SET detail = 'No.' WHERE number = 2",
    "a text that went without a trace": (
        "UPDATE mark_event SET detail = '', salt = '' WHERE number = 2"
    ),
    "a missing event in the middle": "DELETE FROM mark_event WHERE number = 2",
    "a missing end": "DELETE FROM mark_event WHERE number = 3",
    "no history at all": "DELETE FROM mark_event",
    "another moment": "UPDATE mark_event SET at = '2026-05-20 13:00:01' WHERE number = 2",
}


@pytest.fixture
def asked(marks, moderator):
    """Id of a mark about which was asked and that was given to an office, looked at once."""
    added = marks.add(MARK, at=NOON)
    marks.ask(added.id, "Which lamp?", by=moderator, at=NOON + HOUR)
    marks.reveal(added.id, by=moderator, reason="to find the lamp", at=NOON + 2 * HOUR)
    return added.id


def without_guards(store, statement):
    """Change tables as somebody does who owns the database."""
    drop = ["mark_event_update", "mark_event_delete"]
    with writing(store.engine) as connection:
        if store.engine.dialect.name == "sqlite":
            for name in drop:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("ALTER TABLE mark_event DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.usefixtures("asked")
def test_the_database_itself_refuses_to_change_history(store, statement):
    """Also to somebody who comes with another program."""
    with pytest.raises(StoreError, match="can only grow"), writing(store.engine) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", REFUSED_EVEN_WHILE_ERASING)
@pytest.mark.usefixtures("asked")
def test_erasing_may_blank_texts_and_nothing_else(store, statement):
    """The door for erasure is narrow."""
    with (
        pytest.raises(StoreError, match="can only grow"),
        writing(store.engine) as connection,
        permitted(connection),
    ):
        connection.execute(text(statement))


@pytest.mark.usefixtures("asked")
def test_history_cannot_be_replaced_by_inserting_it_again(store):
    """SQLite knows INSERT OR REPLACE, which is a change by another name."""
    if store.engine.dialect.name == "sqlite":
        again = "INSERT OR REPLACE INTO mark_event SELECT * FROM mark_event"
    else:
        again = "TRUNCATE mark_event"
    with pytest.raises(StoreError, match="can only grow"), writing(store.engine) as connection:
        connection.execute(text(again))


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
def test_tampering_is_found_when_a_history_is_read(asked, marks, store, statement):
    """Each kind of change has its sentence."""
    marks.history(asked)
    without_guards(store, statement)
    with pytest.raises(TamperedError, match=asked):
        marks.history(asked)


def test_nothing_is_added_to_a_history_that_was_tampered_with(asked, marks, store, moderator):
    """It would look whole again."""
    without_guards(store, "UPDATE mark_event SET reason = 'spam' WHERE number = 2")
    with pytest.raises(TamperedError):
        marks.accept(asked, by=moderator, at=NOON + DAY)


def test_a_history_that_somebody_wrote_anew_lacks_the_secret(asked, store, settings):
    """All hashes fit, and still the seal does not."""
    forger = MarkStore(store, replace(settings, secret="guessed"))
    with pytest.raises(TamperedError, match="was replaced"):
        forger.history(asked)


@pytest.mark.usefixtures("asked")
def test_what_staff_did_is_chained_too(people, store):
    """Changed and removed entries are found."""
    assert people.verify_audit() == ()
    with writing(store.engine) as connection:
        if store.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_update"))
            connection.execute(text("DROP TRIGGER audit_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit SET detail = 'no reason' WHERE id = 3"))
        connection.execute(text("DELETE FROM audit WHERE id = 2"))
    assert set(people.verify_audit()) == {
        "before entry 3 something is missing",
        "entry 3 was changed",
    }


@pytest.mark.usefixtures("asked")
def test_every_decision_is_written_down_with_its_author_but_without_texts(people):
    """Newest first; the question to the citizen is not in it."""
    told = people.audit_log()
    assert [entry.action for entry in told] == ["mark revealed", "mark asked", "account added"]
    assert {entry.by for entry in told[:2]} == {"moderator"}
    assert "to find the lamp" in told[0].detail
    assert "Which lamp?" not in repr(told)
    assert PASSWORD not in repr(told)
