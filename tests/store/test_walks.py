"""Night walks in the store: nothing sent is lost or kept twice, nothing is overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
import sqlalchemy

from geo_app.store import (
    MeanwhileError,
    Rating,
    Stop,
    UnknownWalkError,
    WalkError,
    WalkRatings,
    Walks,
)
from geo_app.store.engines import reading, writing
from geo_app.store.erasure import Erasure
from geo_app.store.walk_ratings import conflicts, table
from geo_app.store.walk_tables import walk, walk_rater, walk_rating, walk_stop
from geo_app.store.walks_kept import MOST_RATERS, MOST_STOPS

from .mark_samples import NOON

SETTINGS = {"start": {"x": 1.0, "y": 2.0, "name": "Station"}, "walker": "adult", "limit": 3000}
ROUTE = {"legs": [{"metres": 200}], "metres": 400}
STOPS = (Stop(10, 20, "Bridge"), Stop(30, 40, "Park", why="silent"))
ANNA, BERT = "ANNA2345", "BERT2345"


@pytest.fixture
def walks(store):
    """Walks of an empty store."""
    return Walks(store)


@pytest.fixture
def ratings(store):
    """Ratings of an empty store."""
    return WalkRatings(store)


@pytest.fixture
def planned(walks):
    """Return a walk with two stops and a way."""
    made = walks.add("Round of the station", SETTINGS, by="pia", at=NOON, stops=STOPS)
    return walks.plan(
        made.id, settings=SETTINGS, stops=made.stops, route=ROUTE, on=1, by="pia", at=NOON
    )


@pytest.fixture
def open_(walks, planned):
    """Return the walk, open for ratings."""
    return walks.open(planned.id, by="pia", at=NOON)


def id_of(number):
    """Return an id as devices make them."""
    return str(UUID(int=number))


def rating(number, stop, *, bases=(), note="", at=NOON, **items):
    """Return a rating of a stop."""
    known = tuple(map(id_of, bases))
    return Rating(id_of(number), stop.id, items, note, known, at)


def sent(ratings, walk_, word, *several, at=NOON):
    """Send ratings, and return what became of each."""
    return [one.state for one in ratings.receive(walk_.token, word, several, at=at)[2]]


def test_the_tables_are_what_the_migrations_make(store):
    there = sqlalchemy.inspect(store.engine)
    for one in (walk, walk_stop, walk_rater, walk_rating):
        made = [column["name"] for column in there.get_columns(one.name)]
        assert made == [column.name for column in one.columns]


def test_a_walk_is_found_as_it_was_made(walks, planned):
    here = walks.get(planned.id)
    assert here == planned
    assert (here.name, here.state, here.version) == ("Round of the station", "draft", 2)
    assert [(s.name, s.why) for s in here.stops] == [("Bridge", ""), ("Park", "silent")]
    assert here.stops[0].spot == here.stops[0].id
    assert (here.settings, here.route) == (SETTINGS, ROUTE)
    assert walks.listed() == [here]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_walk_needs_a_name_of_usual_length(walks, name):
    with pytest.raises(WalkError):
        walks.add(name, SETTINGS, by="pia", at=NOON)


def test_two_people_who_plan_at_once_lose_nothing(walks, planned):
    told = {"settings": SETTINGS, "stops": planned.stops, "route": ROUTE, "at": NOON}
    walks.plan(planned.id, **told, on=2, by="pia")
    with pytest.raises(MeanwhileError, match="pia"):
        walks.plan(planned.id, **told, on=2, by="paul")


def test_a_walk_has_no_more_stops_than_an_evening(walks, planned):
    many = [Stop(n, n, str(n)) for n in range(MOST_STOPS + 1)]
    with pytest.raises(WalkError, match="at most"):
        walks.plan(planned.id, settings=SETTINGS, stops=many, route=ROUTE, on=2, by="pia", at=NOON)


def test_a_walk_is_taken_along_only_while_it_is_open(walks, planned):
    with pytest.raises(UnknownWalkError):
        walks.taken_along(planned.token)
    walks.open(planned.id, by="pia", at=NOON)
    assert walks.taken_along(planned.token).id == planned.id
    walks.delete(planned.id, at=NOON)
    with pytest.raises(UnknownWalkError):
        walks.taken_along(planned.token)
    walks.bring_back(planned.id)
    other = walks.new_link(planned.id, by="pia", at=NOON)
    with pytest.raises(UnknownWalkError):
        walks.taken_along(planned.token)
    assert walks.taken_along(other.token).id == planned.id
    with pytest.raises(UnknownWalkError):
        walks.taken_along("")


def test_a_walk_without_a_way_is_not_opened(walks):
    made = walks.add("Round", SETTINGS, by="pia", at=NOON, stops=STOPS)
    with pytest.raises(WalkError, match="needs a way"):
        walks.open(made.id, by="pia", at=NOON)


def test_what_is_sent_twice_is_kept_once(ratings, open_):
    one = rating(1, open_.stops[0], light=2)
    assert sent(ratings, open_, ANNA, one) == ["kept"]
    assert sent(ratings, open_, ANNA, one, one) == ["kept", "kept"]
    assert len(ratings.all(open_.id)) == 1


def test_a_later_version_replaces_the_one_it_knows(ratings, open_):
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=2))
    sent(ratings, open_, ANNA, rating(2, here, bases=[1], light=3))
    counted = table(ratings.all(open_.id))
    assert counted[["stop", "rater", "light"]].to_numpy().tolist() == [[here.id, 1, 3]]
    assert not conflicts(ratings.all(open_.id))


def test_versions_that_arrive_in_the_wrong_order_end_the_same(ratings, open_):
    """The second version names the first, which the network brings later."""
    here = open_.stops[0]
    late = [rating(2, here, bases=[1], light=3), rating(1, here, light=2)]
    assert sent(ratings, open_, ANNA, *late) == ["kept", "replaced"]
    assert table(ratings.all(open_.id)).light.tolist() == [3]


def test_two_versions_that_do_not_know_each_other_are_both_kept(ratings, open_):
    """One person, two devices: what both say alike counts, the rest waits for a person."""
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=2, path=1))
    assert sent(ratings, open_, ANNA, rating(2, here, light=2, path=3)) == ["kept"]
    every = ratings.all(open_.id)
    assert [len(c) for c in conflicts(every).values()] == [2]
    row = table(every).iloc[0]
    assert row.light == 2
    assert np.isnan(row.path)


def test_two_versions_that_say_the_same_are_no_conflict(ratings, open_):
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=2))
    sent(ratings, open_, ANNA, rating(2, here, light=2))
    assert not conflicts(ratings.all(open_.id))


@pytest.mark.parametrize("chosen", [1, 2])
def test_a_person_decides_which_version_counts_and_none_is_erased(ratings, open_, chosen):
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=0), rating(2, here, light=3))
    ratings.decide(open_.id, id_of(chosen))
    every = ratings.all(open_.id)
    assert not conflicts(every)
    assert table(every).light.tolist() == [{1: 0, 2: 3}[chosen]]
    assert len(every) == 2


def test_the_rater_ends_a_conflict_by_a_version_that_knows_both(ratings, open_):
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=0), rating(2, here, light=3))
    sent(ratings, open_, ANNA, rating(3, here, bases=[1, 2], light=3))
    assert not conflicts(ratings.all(open_.id))


def test_raters_are_numbers_and_one_word_is_one_number(ratings, open_):
    here = open_.stops[0]
    assert ratings.receive(open_.token, ANNA, [], at=NOON)[1] == 0
    numbers = [
        ratings.receive(open_.token, word, [rating(n, here, light=n)], at=NOON)[1]
        for n, word in enumerate((ANNA, BERT, ANNA), 1)
    ]
    assert numbers == [1, 2, 1]
    assert [one.items["light"] for one in ratings.of(open_.token, BERT)] == [2]
    assert ratings.of(open_.token, "NOBODY23") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": {"light": 4}},
        {"items": {"light": True}},
        {"items": {"smell": 1}},
        {"note": "x" * 301},
        {"stop": 9999},
        {"id": "1"},
        {"bases": ("1",)},
    ],
)
def test_what_cannot_be_is_refused_alone(ratings, open_, wrong):
    """The other entries of the same sending are kept all the same."""
    good = rating(1, open_.stops[0], light=1)
    bad = replace(rating(2, open_.stops[1], light=1), **wrong)
    assert sent(ratings, open_, ANNA, bad, good) == ["refused", "kept"]


def test_the_number_of_somebody_elses_rating_cannot_be_taken(ratings, open_):
    one = rating(1, open_.stops[0], light=1)
    sent(ratings, open_, ANNA, one)
    assert sent(ratings, open_, BERT, one) == ["refused"]


@pytest.mark.parametrize("word", ["", "anna2345", "ANNA", "ANNA 234", "OIL01234"])
def test_a_word_that_no_device_makes_is_refused(ratings, open_, word):
    with pytest.raises(WalkError):
        ratings.receive(open_.token, word, [], at=NOON)


def test_no_more_people_rate_than_walk_together(ratings, open_):
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    words = [f"AAAAAA{a}{b}" for a in letters for b in letters][: MOST_RATERS + 1]
    for number, word in enumerate(words[:-1]):
        sent(ratings, open_, word, rating(number + 1, open_.stops[0], light=1))
    with pytest.raises(WalkError, match="more than"):
        sent(ratings, open_, words[-1], rating(999, open_.stops[0], light=1))


def test_a_stop_taken_out_keeps_what_was_rated_there(walks, ratings, open_):
    gone, stays = open_.stops
    sent(ratings, open_, ANNA, rating(1, gone, light=1))
    told = {"settings": SETTINGS, "route": ROUTE, "by": "pia", "at": NOON}
    changed = walks.plan(open_.id, stops=(stays,), on=open_.version, **told)
    assert [s.id for s in changed.stops] == [stays.id]
    assert [s.id for s in changed.taken_out] == [gone.id]
    assert sent(ratings, open_, BERT, rating(2, gone, light=3)) == ["kept"]
    again = walks.plan(open_.id, stops=(stays, gone), on=changed.version, **told)
    assert [s.id for s in again.stops] == [stays.id, gone.id]


def test_a_stop_where_nobody_rated_is_gone_until_a_phone_brings_a_rating(walks, ratings, open_):
    """A phone without network does not know that the stop was taken out; nothing is lost."""
    told = {"settings": SETTINGS, "route": ROUTE, "by": "pia", "at": NOON}
    changed = walks.plan(open_.id, stops=open_.stops[1:], on=open_.version, **told)
    assert changed.taken_out == ()
    assert sent(ratings, open_, ANNA, rating(1, open_.stops[0], light=1)) == ["kept"]
    assert [s.id for s in walks.get(open_.id).taken_out] == [open_.stops[0].id]


def finish(store, walks, one, at=NOON):
    """Finish a walk as the writing of its results does."""
    with writing(store.engine) as connection:
        walks.finished(
            connection, one.id, walked_on=date(2026, 5, 30), on=one.version, by="pia", at=at
        )
    return walks.get(one.id)


def test_what_arrives_after_the_end_is_kept_and_waits(store, walks, ratings, open_):
    finish(store, walks, open_)
    late = rating(1, open_.stops[0], light=1)
    assert sent(ratings, open_, ANNA, late, late) == ["late", "late"]
    assert table(ratings.all(open_.id)).empty
    ratings.decide(open_.id, late.id)
    assert table(ratings.all(open_.id)).light.tolist() == [1]
    ratings.dismiss(open_.id, late.id)
    assert table(ratings.all(open_.id)).empty


def test_a_finished_walk_is_neither_planned_nor_deleted(store, walks, open_):
    done = finish(store, walks, open_)
    assert (done.state, done.walked_on) == ("finished", date(2026, 5, 30))
    told = {"settings": SETTINGS, "route": ROUTE, "by": "pia", "at": NOON}
    for wrong in (
        lambda: walks.plan(open_.id, stops=STOPS, on=open_.version, **told),
        lambda: walks.delete(open_.id, at=NOON),
        lambda: walks.close(open_.id, by="pia", at=NOON),
    ):
        with pytest.raises(WalkError, match="is finished"):
            wrong()


def test_a_walk_changed_meanwhile_is_not_finished(store, walks, open_):
    with pytest.raises(MeanwhileError), writing(store.engine) as connection:
        walks.finished(connection, open_.id, walked_on=date(2026, 5, 30), on=1, by="p", at=NOON)


def test_a_sheet_typed_in_again_replaces_itself(ratings, open_):
    here = open_.stops[0]
    ratings.typed(open_.id, "Sheet 1", [rating(1, here, light=1)], at=NOON)
    ratings.typed(open_.id, "Sheet 1", [rating(2, here, light=2)], at=NOON)
    ratings.typed(open_.id, "Sheet 2", [rating(3, here, light=0)], at=NOON)
    every = ratings.all(open_.id)
    assert sorted(table(every).light) == [0, 2]
    assert not conflicts(every)


def test_only_what_is_in_the_bin_is_erased_and_then_all_of_it(store, walks, ratings, open_):
    sent(ratings, open_, ANNA, rating(1, open_.stops[0], light=1, note="secret"))
    with pytest.raises(WalkError):
        walks.erase(open_.id)
    walks.delete(open_.id, at=NOON)
    walks.erase(open_.id)
    with pytest.raises(UnknownWalkError):
        walks.get(open_.id)
    with reading(store.engine) as connection:
        for one in (walk_stop, walk_rater, walk_rating):
            assert not connection.execute(sqlalchemy.select(one)).all()


def test_a_note_is_erased_at_once_when_staff_say_so_and_the_rating_stays(ratings, open_):
    here = open_.stops[0]
    sent(ratings, open_, ANNA, rating(1, here, light=1, note="Mr Example"))
    sent(ratings, open_, ANNA, rating(2, here, bases=[1], light=2, note="Mr Example, no. 4"))
    ratings.blank(open_.id, id_of(2))
    assert [one.note for one in ratings.all(open_.id)] == [None, None]
    assert table(ratings.all(open_.id)).light.tolist() == [2]
    with pytest.raises(UnknownWalkError):
        ratings.blank(open_.id, id_of(9))


@pytest.mark.parametrize("finished", [True, False])
def test_notes_and_words_are_erased_after_their_time_and_ratings_stay(
    store, settings, walks, ratings, open_, finished
):
    sent(ratings, open_, ANNA, rating(1, open_.stops[0], light=1, note="by the kiosk"))
    if finished:
        finish(store, walks, open_)
    days = settings.text_days if finished else settings.undecided_days
    Erasure(store, settings).erase(at=NOON + timedelta(days=days - 1))
    assert ratings.all(open_.id)[0].note == "by the kiosk"
    Erasure(store, settings).erase(at=NOON + timedelta(days=days))
    (kept,) = ratings.all(open_.id)
    assert (kept.note, kept.items) == (None, {"light": 1})
    assert ratings.of(open_.token, ANNA) == []
