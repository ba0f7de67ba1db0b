"""Scenarios: every step is kept, undo and redo move a pointer, two people lose nothing."""

from datetime import timedelta

import pytest

from geo_app.store import MeanwhileError, ScenarioError, Scenarios, UnknownScenarioError
from geo_app.store.engines import writing
from geo_app.store.scenarios_kept import CHANGE, DROP, QUESTION

from .mark_samples import NOON

CLOSE = {"change": {"action": "close", "place": "7"}, "was": {"name": "Library"}}
MOVE = {"change": {"action": "move", "place": "8", "x": 500_100.5, "y": 5_400_000.25}, "was": {}}
OPEN = {"change": {"action": "add", "place": "new 1", "x": 1.0, "y": 2.0}, "was": None}


@pytest.fixture
def scenarios(store):
    """Scenarios of an empty store."""
    return Scenarios(store)


@pytest.fixture
def plan(scenarios):
    """Number of a scenario without steps."""
    made = scenarios.add("Two more", about="In the east", asked="minutes=10", by="paul", at=NOON)
    return made.id


def step(scenarios, id_, told=CLOSE, kind=CHANGE, by="paul", at=NOON):
    """Add a step to where the scenario stands."""
    return scenarios.append(id_, kind, told, on=scenarios.get(id_).step, by=by, at=at)


def done(found):
    """Return what the changes that count do."""
    return [one.told["change"]["action"] for one in found.changes]


def test_a_new_scenario_is_found_as_it_was_made(scenarios, plan):
    found = scenarios.get(plan)
    assert (found.name, found.about, found.owner) == ("Two more", "In the east", "paul")
    assert (found.question, found.step, found.path, found.redo) == ("minutes=10", 0, (), None)
    assert found.created_at == found.changed_at == NOON
    assert scenarios.listed() == [found]


def test_steps_come_back_as_they_were_told_down_to_the_last_bit_of_a_number(scenarios, plan):
    step(scenarios, plan, MOVE)
    assert scenarios.get(plan).changes[0].told == MOVE


def test_undo_and_redo_go_along_the_steps(scenarios, plan):
    step(scenarios, plan, CLOSE)
    step(scenarios, plan, MOVE)
    assert done(scenarios.undo(plan, on=2, by="paul", at=NOON)) == ["close"]
    assert scenarios.get(plan).redo.told == MOVE
    assert done(scenarios.undo(plan, on=1, by="paul", at=NOON)) == []
    assert done(scenarios.redo(plan, on=0, by="paul", at=NOON)) == ["close"]
    assert done(scenarios.redo(plan, on=1, by="paul", at=NOON)) == ["close", "move"]


def test_there_is_an_end_to_undo_and_to_redo(scenarios, plan):
    with pytest.raises(ScenarioError):
        scenarios.undo(plan, on=0, by="paul", at=NOON)
    step(scenarios, plan)
    with pytest.raises(ScenarioError):
        scenarios.redo(plan, on=1, by="paul", at=NOON)


def test_a_step_after_an_undo_hides_what_was_undone_but_erases_nothing(scenarios, plan):
    """Step 3 builds on step 1; redo from there leads to it, not to step 2."""
    step(scenarios, plan, CLOSE)
    step(scenarios, plan, MOVE)
    scenarios.undo(plan, on=2, by="paul", at=NOON)
    assert done(step(scenarios, plan, OPEN)) == ["close", "add"]
    back = scenarios.undo(plan, on=3, by="paul", at=NOON)
    assert (back.step, back.redo.number) == (1, 3)


def test_one_change_can_be_taken_back_while_later_ones_stay(scenarios, plan):
    step(scenarios, plan, CLOSE)
    step(scenarios, plan, MOVE)
    assert done(step(scenarios, plan, {"number": 1}, DROP)) == ["move"]
    assert done(scenarios.undo(plan, on=3, by="paul", at=NOON)) == ["close", "move"]


def adopted(scenarios, plan, **told):
    """Note an adoption as the transaction does that writes the list."""
    with writing(scenarios._engine) as connection:
        scenarios.adopted(plan, connection, at=NOON, on=1, **told)


def test_the_question_is_a_step_like_any_other(scenarios, plan):
    step(scenarios, plan, {"query": "minutes=5"}, QUESTION)
    assert scenarios.get(plan).question == "minutes=5"
    assert scenarios.undo(plan, on=1, by="paul", at=NOON).question == "minutes=10"


@pytest.mark.parametrize("act", ["append", "undo", "redo", "adopted"])
def test_whoever_has_an_old_state_before_their_eyes_changes_nothing_and_is_told_by_whom(
    scenarios, plan, act
):
    """Pia saw step 1; Paul has gone on to step 2 in the meantime."""
    step(scenarios, plan, CLOSE)
    step(scenarios, plan, MOVE)
    before = scenarios.get(plan)
    acts = {
        "append": lambda: scenarios.append(plan, CHANGE, OPEN, on=1, by="pia", at=NOON),
        "undo": lambda: scenarios.undo(plan, on=1, by="pia", at=NOON),
        "redo": lambda: scenarios.redo(plan, on=1, by="pia", at=NOON),
        "adopted": lambda: adopted(scenarios, plan, version=1, answer="", by="pia"),
    }
    with pytest.raises(MeanwhileError) as told:
        acts[act]()
    assert "paul" in str(told.value)
    assert scenarios.get(plan) == before


def test_the_scenario_changed_last_comes_first(scenarios, plan):
    other = scenarios.add("Later", by="pia", at=NOON + timedelta(hours=1)).id
    assert [one.id for one in scenarios.listed()] == [other, plan]
    step(scenarios, plan, at=NOON + timedelta(hours=2), by="pia")
    assert [one.id for one in scenarios.listed()] == [plan, other]
    assert scenarios.get(plan).changed_by == "pia"


def test_a_duplicate_has_the_changes_that_count_and_a_life_of_its_own(scenarios, plan):
    step(scenarios, plan, CLOSE)
    step(scenarios, plan, MOVE)
    step(scenarios, plan, {"number": 1}, DROP)
    step(scenarios, plan, {"query": "minutes=5"}, QUESTION)
    scenarios.share(plan)
    copy = scenarios.duplicate(plan, "Copy", base="b", by="pia", at=NOON)
    assert (done(copy), copy.question, copy.owner, copy.token) == (["move"], "minutes=5", "pia", "")
    step(scenarios, copy.id, OPEN)
    assert done(scenarios.get(plan)) == ["move"]


def test_what_is_in_the_bin_comes_back_and_only_that_can_be_erased(scenarios, plan):
    with pytest.raises(ScenarioError):
        scenarios.erase(plan)
    scenarios.delete(plan, at=NOON)
    assert scenarios.listed() == []
    assert [one.id for one in scenarios.listed(deleted=True)] == [plan]
    with pytest.raises(ScenarioError):
        scenarios.append(plan, CHANGE, OPEN, on=0, by="paul", at=NOON)
    scenarios.bring_back(plan)
    assert [one.id for one in scenarios.listed()] == [plan]
    scenarios.delete(plan, at=NOON)
    scenarios.erase(plan)
    with pytest.raises(UnknownScenarioError):
        scenarios.get(plan)


def test_an_address_is_never_used_again(scenarios, plan):
    scenarios.delete(plan, at=NOON)
    scenarios.erase(plan)
    assert scenarios.add("Another", by="paul", at=NOON).id > plan


def test_a_link_shows_its_scenario_until_it_is_taken_away(scenarios, plan):
    token = scenarios.share(plan).token
    assert len(token) >= 32
    assert scenarios.share(plan).token == token
    assert scenarios.shared(token).id == plan
    scenarios.unshare(plan)
    assert scenarios.share(plan).token != token
    for gone in (token, ""):
        with pytest.raises(UnknownScenarioError):
            scenarios.shared(gone)


def test_a_link_shows_nothing_while_its_scenario_is_in_the_bin(scenarios, plan):
    token = scenarios.share(plan).token
    scenarios.delete(plan, at=NOON)
    with pytest.raises(UnknownScenarioError):
        scenarios.shared(token)


def test_no_scenario_is_shared_by_an_empty_link(scenarios, plan):
    assert scenarios.get(plan).token == ""
    with pytest.raises(UnknownScenarioError):
        scenarios.shared("")


def test_an_adopted_scenario_stays_as_it_was_until_that_is_undone(scenarios, plan):
    step(scenarios, plan)
    adopted(scenarios, plan, version=4, answer="[]", by="ada")
    found = scenarios.get(plan)
    assert (found.adopted_version, found.adopted_by, found.adopted_at) == (4, "ada", NOON)
    with pytest.raises(ScenarioError):
        step(scenarios, plan, OPEN)
    with pytest.raises(ScenarioError):
        scenarios.undo(plan, on=1, by="paul", at=NOON)
    with writing(scenarios._engine) as connection:
        scenarios.not_adopted(plan, connection)
    assert scenarios.get(plan).adopted_at is None
    assert done(step(scenarios, plan, OPEN)) == ["close", "add"]


@pytest.mark.parametrize(
    ("name", "about", "faults"), [("  ", "", 1), ("x" * 121, "y" * 1001, 2), ("x" * 120, "", 0)]
)
def test_a_scenario_needs_a_name_and_all_faults_are_told_at_once(scenarios, name, about, faults):
    if not faults:
        assert scenarios.add(name, about=about, by="paul", at=NOON).name == name
        return
    with pytest.raises(ScenarioError) as told:
        scenarios.add(name, about=about, by="paul", at=NOON)
    assert len(told.value.faults) == faults


def test_a_scenario_can_be_renamed(scenarios, plan):
    found = scenarios.rename(plan, " Three more ", "", by="pia", at=NOON)
    assert (found.name, found.about, found.changed_by) == ("Three more", "", "pia")
