"""Credible marks as analyses for staff read them."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from geo_app.store.credible import origin_of_marks
from geo_app.store.engines import writing
from layers.credible import MARKS
from layers.marks import State

from .mark_samples import DAY, MARK, NOON, SOUTH, WEST, at_metre

BY = "mara"


def accepted(marks, metre=50, *, at=NOON, **more):
    """Send a mark and accept it a day later; return what its sender was told."""
    added = marks.add(replace(at_metre(metre), **more), at=at)
    marks.accept(added.id, by=BY, at=at + DAY)
    return added


def table(marks, days=3):
    return marks.credible(at=NOON + days * DAY)


def test_an_empty_store_has_a_table_without_rows(marks):
    """An analysis can read it and say that there is nothing."""
    found = table(marks)
    assert len(found) == 0
    assert MARKS.check(found) is found


def test_an_accepted_mark_is_told_with_its_exact_point_and_days(marks):
    """Sent on the first day, accepted on the second, still open."""
    added = accepted(marks, factors=("poor_light", "overgrown"), strength=3)
    row = table(marks).loc[added.id]
    assert (row.geometry.x, row.geometry.y) == (WEST + 50, SOUTH)
    assert (row.kind, row.factors, row.strength) == ("unsafe", "poor_light;overgrown", 3)
    assert row.state == "published"
    assert row.accepted_on > row.received_on
    assert row.closed_on == row.mended == row.pin == ""
    assert (row.merged, row.confirmed, row.voices) == (0, 0, 0)


def test_only_what_a_moderator_has_accepted_is_credible(marks):
    """Not what waits, is rejected, was rejected after all, or was taken back."""
    marks.add(MARK, at=NOON)
    rejected = marks.add(at_metre(60), at=NOON)
    marks.reject(rejected.id, "not_a_place", by=BY, at=NOON + DAY)
    after_all = accepted(marks, 70)
    marks.reject(after_all.id, "not_a_place", by=BY, at=NOON + 2 * DAY)
    withdrawn = accepted(marks, 80)
    marks.withdraw(withdrawn.code, at=NOON + 2 * DAY)
    opened = accepted(marks, 90)
    marks.reject(opened.id, "not_a_place", by=BY, at=NOON + 2 * DAY)
    marks.reopen(opened.code, at=NOON + 2 * DAY)
    undone = accepted(marks, 95)
    marks.undo(undone.id, by=BY, at=NOON + 2 * DAY)
    assert len(table(marks)) == 0


def test_what_is_resolved_or_has_run_out_is_told_with_its_state(marks, settings):
    """Both were accepted; one that its sender opens again counts as accepted until decided."""
    resolved, old, opened = (accepted(marks, metre) for metre in (50, 60, 70))
    for one in (resolved, opened):
        marks.resolve(one.id, by=BY, at=NOON + 2 * DAY)
    marks.reopen(opened.code, at=NOON + 2 * DAY)
    found = table(marks)
    assert found["state"].to_dict() == {
        resolved.id: "resolved", old.id: "published", opened.id: "published"
    }  # fmt: skip
    assert found.loc[resolved.id, "closed_on"] > found.loc[resolved.id, "accepted_on"]
    later = table(marks, settings.shown_days + 5)
    assert later.loc[old.id, "state"] == "expired"


def test_marks_joined_with_one_are_told_by_it(marks):
    """A chain of two: one row, both counted, the reasons of all of them."""
    head = accepted(marks, 50, factors=("poor_light",))
    middle = marks.add(replace(at_metre(52), factors=("overgrown",)), at=NOON)
    last = marks.add(replace(at_metre(54), factors=("no_overview",)), at=NOON)
    marks.merge(last.id, middle.id, by=BY, at=NOON + DAY)
    marks.merge(middle.id, head.id, by=BY, at=NOON + DAY)
    found = table(marks)
    assert list(found.index) == [head.id]
    assert found.loc[head.id, "merged"] == 2
    assert set(found.loc[head.id, "factors"].split(";")) == {
        "poor_light", "overgrown", "no_overview"
    }  # fmt: skip


def test_still_so_is_counted(marks):
    """Twice said, twice counted."""
    added = accepted(marks)
    for day in (2, 3):
        marks.still_so(added.code, at=NOON + day * DAY)
    assert table(marks).loc[added.id, "confirmed"] == 2


def test_a_mark_without_its_point_is_not_among_them(marks, settings, erasure):
    """The point goes some time after closing, and with it the row."""
    added = accepted(marks)
    marks.resolve(added.id, by=BY, at=NOON + 2 * DAY)
    erasure.erase(at=NOON + timedelta(days=settings.point_days + 3))
    assert marks.get(added.id).state is State.RESOLVED
    assert len(table(marks, settings.point_days + 3)) == 0


def test_voices_are_told_by_day_and_say_nothing_of_who(marks, store):
    """Two on one day, one on the next."""
    with writing(store.engine) as connection:
        for id_, pin, day in (
            (1, "a", "2026-05-31"),
            (2, "a", "2026-05-31"),
            (3, "b", "2026-06-01"),
        ):
            connection.execute(
                text("INSERT INTO voice (id, pin, day, device) VALUES (:i, :p, :d, :v)"),
                {"i": id_, "p": pin, "d": day, "v": f"device {id_}"},
            )
    assert marks.voice_days().to_dict("list") == {
        "pin": ["a", "a", "b"], "day": ["2026-05-31", "2026-05-31", "2026-06-01"]
    }  # fmt: skip


def test_what_stands_for_the_marks_changes_with_every_step(marks, store):
    """Sending, accepting, confirming, taking back: nothing made of marks outlives them."""
    seen = [origin_of_marks(store, at=NOON).hash]
    added = marks.add(MARK, at=NOON)
    seen.append(origin_of_marks(store, at=NOON).hash)
    marks.accept(added.id, by=BY, at=NOON + timedelta(minutes=1))
    seen.append(origin_of_marks(store, at=NOON).hash)
    assert origin_of_marks(store, at=NOON).hash == seen[-1]
    marks.still_so(added.code, at=NOON + timedelta(minutes=2))
    seen.append(origin_of_marks(store, at=NOON).hash)
    marks.withdraw(added.code, at=NOON + timedelta(minutes=3))
    seen.append(origin_of_marks(store, at=NOON).hash)
    assert len(set(seen)) == len(seen)
