"""Focus themes: every state is kept, undo and redo move between them, two people lose nothing."""

from datetime import date, timedelta

import pytest
import sqlalchemy

from geo_app.store import MeanwhileError, ThemeError, Themes, UnknownThemeError
from geo_app.store.theme_tables import priority_weights, theme, theme_state

from .mark_samples import NOON

DAY = date(2026, 3, 1)
LATER = date(2026, 9, 30)


@pytest.fixture
def themes(store):
    """Themes of an empty store."""
    return Themes(store)


@pytest.fixture
def light(themes):
    """Return a theme as it was made."""
    return themes.add(
        " Light on the way ",
        about="From the station home",
        factors=("poor_light", "overgrown"),
        from_on=DAY,
        by="pia",
        at=NOON,
    )


def renamed(themes, was, name, by="pia", at=NOON, on=None):
    """Change nothing but the name."""
    return themes.change(
        was.id, name, about=was.about, factors=was.factors, from_on=was.from_on,
        until_on=was.until_on, on=was.state if on is None else on, by=by, at=at,
    )  # fmt: skip


def test_the_tables_are_what_the_migrations_make(store):
    """Names and order of columns, as the database itself tells them."""
    there = sqlalchemy.inspect(store.engine)
    for table in (theme, theme_state, priority_weights):
        made = [column["name"] for column in there.get_columns(table.name)]
        assert made == [column.name for column in table.columns]


def test_a_theme_is_found_as_it_was_made(themes, light):
    found = themes.get(light.id)
    assert found == light
    assert (found.name, found.about) == ("Light on the way", "From the station home")
    assert (found.factors, found.from_on, found.until_on) == (
        ("poor_light", "overgrown"),
        DAY,
        None,
    )
    assert (found.changed_by, found.changed_at, found.redo) == ("pia", NOON, None)
    assert themes.all() == [light]


def test_a_theme_may_have_no_factors(themes):
    made = themes.add("Counselling", from_on=DAY, by="pia", at=NOON)
    assert themes.get(made.id).factors == ()


def test_all_faults_are_told_at_once(themes):
    with pytest.raises(ThemeError) as told:
        themes.add(" ", factors=("ghosts",), from_on=LATER, until_on=DAY, by="pia", at=NOON)
    assert len(told.value.faults) == 3
    assert themes.all() == []


def test_closing_can_be_undone_and_done_again(themes, light):
    closed = themes.close(light.id, LATER, on=light.state, by="paul", at=NOON)
    assert (closed.until_on, closed.changed_by) == (LATER, "paul")
    assert not closed.is_open(LATER + timedelta(days=1))
    assert closed.is_open(LATER)
    back = themes.undo(light.id, on=closed.state, by="pia", at=NOON)
    assert (back.until_on, back.state, back.redo) == (None, light.state, closed.state)
    assert themes.redo(light.id, on=back.state, by="pia", at=NOON).until_on == LATER
    again = themes.reopen(light.id, on=closed.state, by="pia", at=NOON)
    assert again.until_on is None


def test_undoing_the_making_of_a_theme_takes_it_back_and_redo_brings_it_back(themes, light):
    gone = themes.undo(light.id, on=light.state, by="paul", at=NOON)
    assert (gone.state, gone.undo, gone.name) == (0, None, light.name)
    assert themes.all() == []
    assert themes.all(taken_back=True) == [gone]
    with pytest.raises(ThemeError):
        themes.undo(light.id, on=0, by="paul", at=NOON)
    themes.redo(light.id, on=0, by="paul", at=NOON)
    assert [one.name for one in themes.all()] == [light.name]


def test_what_is_undone_stays_in_the_history(themes, light):
    other = renamed(themes, light, "Brighter")
    themes.undo(light.id, on=other.state, by="pia", at=NOON)
    third = renamed(themes, light, "Lamps", by="paul", at=NOON + timedelta(hours=1))
    assert third.undo == light.state
    told = [(one.name, one.changed_by) for one in themes.history(light.id)]
    assert told == [("Lamps", "paul"), ("Brighter", "pia"), ("Light on the way", "pia")]


def test_whoever_saw_an_old_state_changes_nothing_and_is_told_by_whom(themes, light):
    renamed(themes, light, "Brighter", by="paul")
    before = themes.get(light.id)
    acts = (
        lambda: renamed(themes, light, "Mine"),
        lambda: themes.close(light.id, LATER, on=light.state, by="pia", at=NOON),
        lambda: themes.undo(light.id, on=light.state, by="pia", at=NOON),
        lambda: themes.redo(light.id, on=light.state, by="pia", at=NOON),
    )
    for act in acts:
        with pytest.raises(MeanwhileError, match="paul"):
            act()
    assert themes.get(light.id) == before


def test_open_themes_come_first_then_the_latest(themes, light):
    later = themes.add("Later", from_on=LATER, by="pia", at=NOON)
    closed = themes.add(
        "Closed", from_on=LATER, until_on=LATER + timedelta(days=9), by="pia", at=NOON
    )
    assert [one.id for one in themes.all()] == [later.id, light.id, closed.id]


def test_an_unknown_theme_is_said_to_be_unknown(themes):
    with pytest.raises(UnknownThemeError):
        themes.get(77)
    with pytest.raises(UnknownThemeError):
        themes.history(77)
