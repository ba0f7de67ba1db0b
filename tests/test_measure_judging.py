"""What may be said of a measure: counted by hand, judged by rules, no better than the numbers."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import Point, box

from layers.displacement import Counts
from layers.measure_counts import Tally, tally, with_joined
from layers.measure_judging import SENTENCES, claims, evidence, judged, outlook
from layers.measures import Fixed, Indicator, Measure, Status

START, END = date(2026, 3, 1), date(2026, 8, 31)
BEFORE, AFTER, TODAY = "2025-04-01", "2026-04-01", date(2026, 10, 1)
MEASURE = Measure(
    name="Light", factors=("poor_light",), from_on=START, until_on=END, buffer=50,
    places=box(0, 0, 100, 100), control=box(1000, 0, 1100, 100), status=Status.DONE,
    fixed=Fixed(datetime(2026, 2, 1, tzinfo=UTC), "h"),
)  # fmt: skip
HERE, THERE, BESIDE, BESIDE_THERE = (50, 50), (1050, 50), (-20, 50), (1130, 50)


def marks(*told):
    """Return marks told as (spot, day), each from a person of its own unless told otherwise."""
    rows = [
        {"kind": "unsafe", "factors": "poor_light", "received_on": day, "sender": f"s{n}",
         "geometry": Point(spot)} | (more[0] if more else {})
        for n, (spot, day, *more) in enumerate(told)
    ]  # fmt: skip
    columns = ["kind", "factors", "received_on", "sender", "geometry"]
    return GeoDataFrame(rows, columns=columns, geometry="geometry", crs=25832)


FIRST = ((5000, 5000), "2024-01-01")
"""A mark far away: marks have been collected since long."""


def found(t, c=(50, 50), **more):
    """Return a tally with so many marks before and after."""
    told = {"at_ease": (0, 0), "expected": (float(t[0]), float(c[0])), "around": 0.0,
            "covered": True, "over": True}  # fmt: skip
    return Tally(Counts(t, c), **told | more)


def test_marks_are_counted_where_and_when_they_count():
    told = tally(
        marks(
            FIRST, (HERE, BEFORE), (HERE, BEFORE), (HERE, AFTER), (THERE, BEFORE),
            (BESIDE, BEFORE), (BESIDE, AFTER), (BESIDE, AFTER), (BESIDE_THERE, AFTER),
            (HERE, "2025-02-28"), (HERE, "2026-09-01"),  # a day outside either span
            (HERE, AFTER, {"factors": "overgrown"}), (HERE, AFTER, {"kind": "at_ease"}),
        ),
        MEASURE.plan, today=TODAY,
    )  # fmt: skip
    assert told.counts == Counts((2, 1), (1, 0), (1, 2), (0, 1))
    assert told.at_ease == (0, 1)
    assert told.covered
    assert told.over


def test_first_and_last_day_belong_to_the_span():
    days = ("2025-03-01", "2025-08-31", "2026-03-01", "2026-08-31")
    told = tally(marks(*((HERE, day) for day in days)), MEASURE.plan, today=TODAY)
    assert told.counts.treated == (2, 2)


def test_many_marks_of_one_device_on_one_day_are_one_person():
    one = {"sender": "x"}
    told = tally(
        marks(*[(HERE, BEFORE, one)] * 5, (HERE, BEFORE, {"sender": ""}), (HERE, BEFORE,
              {"sender": ""})), MEASURE.plan, today=TODAY)  # fmt: skip
    assert told.counts.treated == (3, 0)


def test_a_mark_joined_with_an_older_one_still_counts_where_and_when_it_was_sent():
    """Else repeats after the measure would vanish into marks from before it."""
    both = with_joined(marks((HERE, BEFORE)), marks((HERE, AFTER, {"sender": "other"})))
    assert tally(both, MEASURE.plan, today=TODAY).counts.treated == (1, 1)


def test_a_time_before_that_is_not_over_is_scaled_up_and_a_short_one_says_nothing():
    plan = replace(MEASURE.plan, baseline="before")  # 2025-08-29 to 2026-02-28, 184 days
    half = date(2025, 8, 29) + timedelta(days=92)
    seen = marks(*[(HERE, "2025-09-10", {"sender": f"{n}"}) for n in range(6)])
    assert tally(seen, plan, today=half).expected[0] == pytest.approx(12)
    assert math.isnan(tally(seen, plan, today=date(2025, 9, 5)).expected[0])


def test_without_places_or_days_nothing_is_counted():
    assert tally(marks(FIRST), replace(MEASURE.plan, places=None), today=TODAY) is None
    assert tally(marks(FIRST), replace(MEASURE.plan, from_on=None), today=TODAY) is None


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (found((100, 40), (100, 100)), "fewer"),
        (found((40, 100), (100, 100)), "more"),
        (found((100, 95), (100, 100)), "none"),
        (found((8, 4), (9, 9)), "too_few"),
        (found((100, 40), (100, 100), over=False), "not_over"),
        (found((100, 40), (100, 100), covered=False), "no_baseline"),
        (None, "not_counted"),
    ],
)
def test_the_evidence_chooses_the_sentence(told, kind):
    said = evidence(MEASURE, told)
    assert said.kind == kind
    assert said.finding == SENTENCES[kind]


def test_what_was_not_laid_down_in_advance_proves_nothing():
    strong = found((100, 20), (100, 100))
    assert evidence(replace(MEASURE, fixed=None), strong).kind == "not_in_advance"
    late = replace(MEASURE, fixed=Fixed(datetime(2026, 4, 1, tzinfo=UTC), "h"))
    assert evidence(late, strong).kind == "not_in_advance"


def test_a_measure_that_was_stopped_early_is_not_judged_by_half_a_span():
    early = found((100, 10), (100, 100), over=False)
    assert evidence(replace(MEASURE, status=Status.STOPPED), early).kind == "stopped"


def test_nothing_is_said_without_a_control():
    assert evidence(replace(MEASURE, control=None), found((100, 1))).kind == "not_counted"


def test_measures_without_effect_are_told_to_have_one_no_more_often_than_nominal():
    """The whole way from counts to words, a thousand times at each of several baselines."""
    rng = np.random.default_rng(5)
    for mean in (4, 15, 60):
        draws = rng.poisson(mean, (1000, 4)).tolist()
        kinds = [evidence(MEASURE, found((a, b), (c, d))).kind for a, b, c, d in draws]
        claimed = sum(kind == "fewer" for kind in kinds)
        assert claimed <= 50 + 3 * math.sqrt(1000 * 0.05 * 0.95)
        assert sum(kind == "more" for kind in kinds) <= 50 + 3 * math.sqrt(1000 * 0.05 * 0.95)


def test_before_it_starts_it_says_what_could_not_be_told():
    told = outlook(found((14, 0), (12, 0)), days=184, expected=40)
    assert math.isnan(told.smallest)
    assert "could not be told even if all marks went away" in told.told[0]
    assert told.halving < 0.3
    assert told.days is None
    assert "40 %" in told.told[1]
    assert "times as many places" in told.told[-1]


def test_with_more_marks_a_longer_look_is_advised():
    told = outlook(found((50, 0), (50, 0)), days=120)
    assert "even if it halved the marks" in told.told[0]
    assert told.days == pytest.approx(120 * told.needed / 50, abs=1)
    assert "days instead" in told.told[-1]


def test_with_enough_marks_nothing_is_advised():
    told = outlook(found((200, 0), (200, 0)), days=184)
    assert len(told.told) == 1
    assert told.smallest < 0.36


def test_nothing_is_promised_before_there_is_anything_to_count_with():
    unseen = found((0, 0), (0, 0), expected=(math.nan, math.nan))
    assert outlook(unseen, days=184) is None


def test_numbers_typed_in_are_compared_with_chance():
    fell, same = Indicator("Consultations", 40, 90), Indicator("Courses", 4, 6)
    told = judged((fell, same, Indicator("Open", 3, None)))
    assert [one.indicator for one in told] == [fell, same]
    assert "more than chance" in told[0].told
    assert "Chance alone" in told[1].told
    assert told[0].ratio.low > 1
    assert told[1].ratio.low < 1 < told[1].ratio.high


def test_a_share_is_compared_as_a_share():
    """Twice as many of twice as many people is no change."""
    [told] = judged((Indicator("Reached", 50, 100, 200, 400),))
    assert told.ratio.ratio == pytest.approx(1)
    assert "50 of 200 before, 100 of 400 after" in told.told


def test_many_numbers_share_the_chance_of_an_error():
    one = Indicator("Calls", 30, 48)
    alone, among = judged((one,))[0], judged((one,) * 8)[0]
    assert among.ratio.low < alone.ratio.low


@pytest.mark.parametrize(
    "words",
    [
        "Die Maßnahme hat gewirkt.",
        "Es war ein Erfolg.",
        "Der Weg ist jetzt sicherer.",
        "The lamps worked.",
        "Nichts fehlt mehr. It helped a lot.",
    ],
)
def test_no_effect_is_claimed_without_evidence(words):
    assert claims(words, "none")
    assert claims(words, "fewer") == []


@pytest.mark.parametrize(
    "words",
    [
        "Ob es geholfen hat, wissen wir nicht.",
        "Die Lampen leuchten wieder.",
        "We do not know whether it helped.",
        "",
    ],
)
def test_doubt_and_plain_facts_may_be_told(words):
    assert claims(words, "none") == []


def test_what_is_public_holds_no_number_that_could_be_traced_to_marks():
    for sentence in SENTENCES.values():
        assert not sentence.values
