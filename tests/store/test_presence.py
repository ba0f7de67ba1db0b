"""Duty plans, what became of them, and what rounds found: kept apart from everything else."""

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy
from shapely import LineString

from geo_app.store import PresenceError, UnknownPlanError
from geo_app.store.presence import DutyPlans, Plan, Stop
from geo_app.store.presence_tables import patrol_finding, presence_plan, presence_stop
from layers import Text

from .mark_samples import DAY, HOUR, NOON

LINE = LineString([(500_000, 5_400_000), (500_100, 5_400_000)])
ROOT = Path(__file__).parent.parent.parent


def stop(number=1, **more):
    """Return half an hour on a street."""
    told = {
        "number": number, "day": 0, "minutes": 30, "by_chance": False, "chance": 1.0,
        "place": Text("{street}, {district}", street="High Street", district="West"),
        "district": "West", "why": (Text("no one around"),), "shape": LINE,
    }  # fmt: skip
    return Stop(**told | more)


@pytest.fixture
def presence(store):
    """Duty plans of an empty store."""
    return DutyPlans(store)


@pytest.fixture
def plan(presence):
    """Return a plan of two stops."""
    return presence.add(
        Plan(
            id=0, service="presence", week=date(2026, 6, 1), minutes=60, exploration=20.0,
            fairness=float("inf"), seed=7, days=(0, 4), told={"minutes": [60.0]}, made_at=NOON,
            made_by="pia", stops=(stop(), stop(2, day=4, by_chance=True, chance=0.25)),
        )
    )  # fmt: skip


def test_the_tables_are_what_the_migrations_make(store):
    """Names and order of columns, as the database itself tells them."""
    there = sqlalchemy.inspect(store.engine)
    for table in (presence_plan, presence_stop, patrol_finding):
        made = [column["name"] for column in there.get_columns(table.name)]
        assert made == [column.name for column in table.columns]


def test_a_plan_comes_back_as_it_was_made(presence, plan):
    """Rules, log, stops with their shapes and translatable words."""
    again = presence.get(plan.id)
    assert again == plan
    assert again.days == (0, 4)
    assert again.fairness == float("inf")
    assert again.stops[1].chance == 0.25
    assert again.stops[0].place.values == {"street": "High Street", "district": "West"}
    assert again.stops[0].shape == LINE
    assert presence.listed() == [replace(plan, stops=())]


def test_a_plan_is_taken_back_and_put_in_force_again(presence, plan):
    """Nothing is erased."""
    assert presence.drop(plan.id, at=NOON).dropped_at == NOON
    assert presence.drop(plan.id, at=None) == plan


def test_how_long_somebody_was_there_is_noted_all_or_none(presence, plan):
    """A stop that is none, or too many minutes, is refused with every fault."""
    assert presence.been(plan.id, {1: 25, 2: 0}).stops[0].been == 25
    assert presence.been(plan.id, {1: None}).stops[0].been is None
    with pytest.raises(PresenceError) as refused:
        presence.been(plan.id, {2: 15, 1: 9999, 8: 10})
    assert len(refused.value.faults) == 2
    assert presence.get(plan.id).stops[1].been == 0


def test_what_a_round_finds_is_kept_with_its_stop(presence, plan):
    """A reason and a stop: no words, no point."""
    found = presence.find(plan.id, 2, "substances", by="pia", at=NOON)
    assert presence.found() == [found]
    assert presence.found([plan.id + 1]) == []
    assert presence.places_found() == [("substances", LINE)]
    with pytest.raises(PresenceError):
        presence.find(plan.id, 3, "substances", by="pia", at=NOON)


def test_an_unknown_plan_is_a_clear_answer(presence):
    """No number of a plan is guessed."""
    with pytest.raises(UnknownPlanError):
        presence.get(99)


MAY_KNOW = {
    "geo_app/store/presence.py",
    "geo_app/store/presence_tables.py",
    "geo_app/store/migrations/versions/0013_presence.py",
    "geo_app/views/presence.py",
    "geo_app/duty.py",
    "geo_app/store/erasure.py",
    "geo_app/store/forgetting.py",
}
"""
Modules that may know what rounds found: of these only the log of a plan computes with it, and
two erase who has noted it.
"""


def words_of(path):
    """Return every name, attribute, argument and text of a module, without its comments."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")
            case ast.ImportFrom(module=str(module)):
                yield from module.split(".")
            case ast.Constant(value=str(text)):
                yield text


def test_nothing_that_scores_or_publishes_knows_what_rounds_found():
    """
    Marks, tasks, priorities, hot spots, releases: none of them can read it.

    No module but those of presence names the table, its rows or the modules that hold them.
    """
    secret = {"patrol_finding", "presence_tables", "places_found"}
    for folder in ("layers", "geo_app"):
        for path in (ROOT / folder).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if name not in MAY_KNOW:
                told = set(words_of(path))
                assert not told & secret, name
                assert not any("patrol_finding" in word for word in told), name
    # the store of presence is opened by its own pages alone
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "geo_app").rglob("*.py")
        if "DutyPlans" in set(words_of(path))
    ]
    assert set(users) <= MAY_KNOW


def test_who_planned_duty_and_who_noted_a_finding_is_erased_after_a_year(presence, plan, erasure):
    """As everything else that staff did; what was found stays."""
    presence.find(plan.id, 1, "run_down", by="pia", at=NOON)
    erasure.erase(at=NOON + 365 * DAY - HOUR)
    assert (presence.get(plan.id).made_by, presence.found()[0].by) == ("pia", "pia")
    erasure.erase(at=NOON + 365 * DAY)
    assert (presence.get(plan.id).made_by, presence.found()[0].by) == ("", "")
    assert presence.found()[0].factor == "run_down"
