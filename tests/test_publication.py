"""Publication: no group below k, not by adding, not by subtracting, not over time."""

from __future__ import annotations

import itertools
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geo_app.readers.osm import read_osm
from layers import LAYERS, ParameterError, TableError
from layers.factors import FACTORS, factors_of, is_sensitive
from layers.grouping import COARSE, FINE
from layers.masks import LEVELS, SIZES, Units
from layers.publication import Rules, last_release, next_release, publish, with_findings

from . import towns

MONDAY = date(2026, 6, 1)
X, Y = towns.WEST, towns.SOUTH
K, K_SENSITIVE, ADDRESSES = 5, 10, 8
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""No shrinking: a seed is as small as it gets."""


def town(addresses=10):
    """
    Return one street of four blocks of 200 m, houses along each, two districts.

        West                     East
        0 ---- 1 ---- 2 | 2 ---- 3 ---- 4
    """
    corners = [(X + 200 * i, Y) for i in range(5)]
    streets = towns.streets(
        [list(pair) for pair in itertools.pairwise(corners)],
        name=["First", "Second", "Third", "Fourth"],
    )
    houses = [
        box(X + 200 * block + 15 * n + 20, Y + 10, X + 200 * block + 15 * n + 28, Y + 18)
        for block in range(4)
        for n in range(addresses)
    ]
    names = [f"Street {number}" for number in range(len(houses))]
    buildings = towns.layer("buildings", houses, address=names)
    districts = towns.layer(
        "districts",
        [box(X - 50, Y - 300, X + 400, Y + 300), box(X + 400, Y - 300, X + 850, Y + 300)],
        name=["West", "East"],
    )
    return {"streets": streets, "addresses": buildings, "districts": districts}


def marks(spots, *, factors="poor_light", kind="unsafe", daytime="", accepted="2026-05-01",
          expires="2027-05-01", first=0):  # fmt: skip
    """Return marks at places along the street [m], or at points; one factor text or one each."""
    points = [Point(X + s, Y) if not isinstance(s, tuple) else Point(s) for s in spots]
    count = len(points)

    def each(value):
        return list(value) if isinstance(value, list) else [value] * count

    return GeoDataFrame(
        {
            "kind": each(kind),
            "factors": each(factors),
            "daytime": each(daytime),
            "weekpart": "",
            "strength": 0,
            "accepted_on": each(accepted),
            "expires_on": each(expires),
            "pin": "",
        },
        geometry=points,
        crs=towns.CRS,
        index=[f"m{first + number}" for number in range(count)],
    )


def released(table, where=None, on=MONDAY, previous=None):
    return publish(table, **(where or town()), on=on, previous=previous)


def told(release):
    """Return unit, kind and count of each row."""
    pins = release.pins
    return sorted(zip(pins["unit"], pins["kind"], pins["marks"], strict=True))


def test_five_marks_in_one_block_are_shown_there_with_their_reason():
    """The smallest group there is: the part of the street, and why."""
    release = released(marks([50, 60, 70, 80, 90]))
    assert told(release) == [("segment", "unsafe", 5)]
    row = release.pins.iloc[0]
    assert (row["place"], row["factors"], row["factor_marks"]) == ("First", "poor_light", "5")
    assert row.geometry.geom_type == "LineString"
    assert (row["released_on"], row["expires_on"]) == ("2026-06-01", "2027-06-07")


def test_four_marks_are_not_shown_anywhere():
    """One fewer than k, in every unit."""
    assert told(released(marks([50, 60, 70, 80]))) == []


def test_five_marks_of_one_sender_are_one():
    """Nobody fills a row alone."""
    table = marks([50, 60, 70, 80, 90]).assign(sender=["a"] * 5)
    assert told(released(table)) == []
    table["sender"] = ["a", "a", "b", "c", ""]
    assert told(released(table)) == []


def test_marks_of_several_blocks_are_shown_in_what_holds_five():
    """Two marks in each block of West: 100 m squares hold two, the district four; with East five.

    The four of West and the one of East are in different districts: nothing is shown. A fifth
    mark in West makes a count of the district or of the 400 m square around them, without reasons.
    """
    spots = [50, 60, 250, 260]
    assert told(released(marks([*spots, 450]))) == []
    release = released(marks([*spots, 390]))
    ((unit, kind, count),) = told(release)
    assert unit in COARSE
    assert (kind, count) == ("unsafe", 5)
    assert release.pins.iloc[0]["factors"] == ""


def test_seven_addresses_are_too_few():
    """Seven houses along a block: shown in a larger unit, or not at all."""
    release = released(marks([50, 60, 70, 80, 90]), where=town(addresses=7))
    assert "segment" not in set(release.pins["unit"])


def test_a_house_in_two_parts_is_one_address():
    """Four houses of two parts each, eight outlines: four addresses."""
    where = town(addresses=8)
    where["addresses"]["address"] = [f"Street {n // 2}" for n in range(32)]
    units = Units.of(where["streets"], where["addresses"], where["districts"])
    assert units.addresses["segment"] == dict.fromkeys(where["streets"].index, 4)


def test_kinds_are_never_added_up():
    """Three unsafe and three at ease are nothing; five of each are two rows."""
    spots = [50, 55, 60, 65, 70, 75]
    kinds, why = ["unsafe", "at_ease"] * 3, ["poor_light", "good_light"] * 3
    assert told(released(marks(spots, kind=kinds, factors=why))) == []
    spots, kinds = [50 + n for n in range(10)], ["unsafe"] * 5 + ["at_ease"] * 5
    why = ["poor_light"] * 5 + ["good_light"] * 5
    rows = told(released(marks(spots, kind=kinds, factors=why)))
    assert rows == [("segment", "at_ease", 5), ("segment", "unsafe", 5)]


def test_sensitive_marks_wait_for_ten():
    """Nine marks of being followed are nothing, ten are a row."""
    spots = [50 + n for n in range(10)]
    assert told(released(marks(spots[:9], factors="followed"))) == []
    release = released(marks(spots, factors="followed"))
    assert told(release) == [("segment", "unsafe", 10)]
    assert release.pins.iloc[0]["factors"] == "followed"


def test_one_sensitive_mark_does_not_hold_up_the_others():
    """Five of poor light are shown; the one of being followed is not among them."""
    spots = [50 + n for n in range(6)]
    release = released(marks(spots, factors=["poor_light"] * 5 + ["followed"]))
    assert told(release) == [("segment", "unsafe", 5)]
    assert release.placed["m5"] == ""


def test_two_who_say_something_else_are_not_told_by_subtraction():
    """Seven marks, five of poor light and two of traffic: the row is five, not "5 of 7"."""
    spots = [50 + n for n in range(7)]
    release = released(marks(spots, factors=["poor_light"] * 5 + ["traffic"] * 2))
    assert told(release) == [("segment", "unsafe", 5)]
    assert release.pins.iloc[0]["factor_marks"] == "5"


def test_five_marks_of_five_reasons_are_various():
    """Shown as a number; no reason is told."""
    why = ["poor_light", "traffic", "overgrown", "confusing", "run_down"]
    release = released(marks([50, 60, 70, 80, 90], factors=why))
    assert told(release) == [("segment", "unsafe", 5)]
    assert release.pins.iloc[0]["factors"] == ""


@pytest.mark.parametrize(("times", "shown", "counts"), [
    (["night"] * 10, "night", "10"),
    (["night"] * 5 + ["day"] * 5, "day;night", "5;5"),
    (["night"] * 6 + ["day"] * 4, "", ""),
    (["night"] * 5 + [""] * 5, "night", "5"),
    (["night"] * 7 + ["day"] * 3, "", ""),
])  # fmt: skip
def test_times_of_day_are_told_as_far_as_each_and_the_rest_are_five(times, shown, counts):
    """Ten marks of one reason in one block."""
    row = released(marks([50 + n for n in range(10)], daytime=times)).pins.iloc[0]
    assert set(row["daytimes"].split(";")) == set(shown.split(";"))
    assert row["daytime_marks"] == counts


def test_a_row_never_changes_and_one_more_mark_waits():
    """Five in June; one more until July: the row is the same to the letter."""
    first = marks([50, 60, 70, 80, 90])
    june = released(first)
    more = together(first.assign(pin=june.placed), marks([95], first=5))
    july = released(more, on=date(2026, 7, 6), previous=june.pins)
    assert july.pins.equals(june.pins)
    assert july.placed["m5"] == ""


def test_five_new_marks_in_a_block_are_a_second_row():
    """Ten in all, five of them new."""
    first = marks([50, 60, 70, 80, 90])
    june = released(first)
    more = together(first.assign(pin=june.placed), marks([91, 92, 93, 94, 95], first=5))
    july = released(more, on=date(2026, 7, 6), previous=june.pins)
    assert told(july) == [("segment", "unsafe", 5)] * 2
    assert set(july.pins["released_on"]) == {"2026-06-01", "2026-07-06"}


def test_a_count_becomes_finer_when_five_new_marks_came():
    """
    What was shown coarsely becomes fine, and never by few marks.

    June: five marks over both blocks of West, a count. July: three more in First
    and two in Second make First six (three old, three new); what remains is four
    and cannot be shown, so nothing changes. With three more in Second both
    blocks have rows of their own and the count is gone.
    """
    first = marks([50, 60, 70, 250, 260])
    june = released(first)
    assert [unit in COARSE for unit, *_ in told(june)] == [True]
    june_marks = first.assign(pin=june.placed)
    few = together(june_marks, marks([80, 90, 95, 270], first=5))
    july = released(few, on=date(2026, 7, 6), previous=june.pins)
    assert july.pins.equals(june.pins)
    enough = together(june_marks, marks([80, 90, 95, 270, 280, 290], first=5))
    july = released(enough, on=date(2026, 7, 6), previous=june.pins)
    assert told(july) == [("segment", "unsafe", 5), ("segment", "unsafe", 6)]


def test_a_row_goes_as_a_whole_when_fewer_than_five_stand_behind_it():
    """One of six taken back: the row stays; two of six: it goes, and its unit rests a month."""
    six = marks([50, 60, 70, 80, 90, 95])
    june = released(six)
    assert told(june) == [("segment", "unsafe", 6)]
    held = six.assign(pin=june.placed)
    july = date(2026, 7, 6)
    assert told(released(held.drop("m0"), on=july, previous=june.pins)) == told(june)
    rest = together(held.drop(["m0", "m1"]), marks([51, 52], first=6))
    gone = released(rest, on=july, previous=june.pins)
    assert "segment" not in set(gone.pins["unit"])


def test_rows_expire():
    """Shown on the first Monday before the newest mark is a year old, not on the one after."""
    first = marks([50, 60, 70, 80, 90], expires="2027-05-01")
    june = released(first)
    held = first.assign(pin=june.placed)
    assert told(released(held, on=date(2027, 4, 5), previous=june.pins)) == told(june)
    assert told(released(held, on=date(2027, 5, 3), previous=june.pins)) == []


@given(
    st.sets(st.integers(1, 28), min_size=2, max_size=2),
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
)
@settings(deadline=None, max_examples=25, phases=PHASES)
def test_no_day_between_two_releases_can_be_told_from_the_layer(days, anywhere):
    """
    The newest mark accepted on another day of the same month between releases: the same layer.

    And every day in it is a release day, later than the last day of any of its marks.
    """
    on = next_release(anywhere)
    layers = []
    for newest in sorted(days):
        accepted = on - timedelta(days=newest - 1)  # releases are 28 days apart at least
        expires = (accepted + timedelta(days=365)).isoformat()
        layers.append(released(marks([50, 60, 70, 80, 90], accepted=accepted.isoformat(),
                                     expires=expires), on=on).pins)  # fmt: skip
        (shown,) = layers[-1]["expires_on"]
        assert date.fromisoformat(shown) == next_release(date.fromisoformat(shown))
        assert shown > expires
    assert layers[0].equals(layers[1])


def test_what_is_accepted_later_is_not_shown_earlier():
    """A mark accepted after the release day waits for the next one."""
    assert told(released(marks([50, 60, 70, 80, 90], accepted="2026-06-02"))) == []


def test_releasing_twice_on_one_day_shows_the_same():
    """Pressing the button again changes nothing."""
    first = marks([50, 60, 70, 80, 90])
    june = released(first)
    again = released(first.assign(pin=june.placed), previous=june.pins)
    assert again.pins.equals(june.pins)
    assert again.placed.equals(june.placed)


def test_the_order_of_the_marks_does_not_matter():
    """Rows are the same for shuffled tables."""
    table = random_marks(np.random.default_rng(1), 80, MONDAY)
    one = released(table)
    two = released(table.sample(frac=1, random_state=2))
    assert one.pins.equals(two.pins)
    assert one.placed.sort_index().equals(two.placed.sort_index())


def test_only_first_mondays_are_release_days_and_rules_are_never_laxer():
    """Both faults are told at once."""
    with pytest.raises(ParameterError) as caught:
        publish(marks([50]), **town(), on=date(2026, 6, 2), rules=Rules(least=3))
    assert len(caught.value.faults) == 2
    assert "2026-07-06" in caught.value.faults[0]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2026, 5, 31), date(2026, 5, 4)),
        (date(2026, 5, 3), date(2026, 4, 6)),
        (date(2026, 1, 4), date(2025, 12, 1)),
    ],
)
def test_the_last_release_is_the_first_monday_before(day, last):
    assert last_release(day) == last


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_next_release_is_the_first_monday_of_a_month(day):
    """On or after the day, and no first Monday lies between."""
    release = next_release(day)
    assert release >= day
    assert release.weekday() == 0
    assert release.day <= 7
    assert (release - day).days < 35
    assert not any(
        d.weekday() == 0 and d.day <= 7
        for d in (day + timedelta(days=n) for n in range((release - day).days))
    )


def test_findings_of_the_city_are_exact_and_dated():
    """A dark lamp is a point with a day; the rows of marks stay as they are."""
    june = released(marks([50, 60, 70, 80, 90]))
    lamp = GeoDataFrame(
        {"place": ["First"], "kind": ["unsafe"], "factors": ["poor_light"],
         "finding": ["Lamp 12 is dark"], "confirmed_on": ["2026-05-20"],
         "expires_on": ["2026-12-31"]},
        geometry=[Point(X + 40, Y)], crs=towns.CRS, index=["lamp"],
    )  # fmt: skip
    shown = with_findings(june.pins, lamp)
    assert list(shown["unit"]) == ["segment", "finding"]
    assert with_findings(shown, lamp).equals(shown)
    with pytest.raises(TableError, match="without a date"):
        with_findings(june.pins, lamp.drop(columns="confirmed_on"))


def test_the_layer_itself_refuses_small_groups_and_points():
    """Even a table from elsewhere cannot show a single mark."""
    row = {"unit": ["segment"], "kind": ["unsafe"], "marks": [4]}
    table = LAYERS["pins"].complete(GeoDataFrame(row, geometry=[Point(X, Y)], crs=towns.CRS))
    with pytest.raises(TableError) as caught:
        LAYERS["pins"].check(table)
    assert len(caught.value.faults) == 2


def test_squares_lie_on_the_inspire_grid_and_within_one_another():
    """A point is in the square its key names, on every size; 100 m lie in 200 m in 400 m."""
    units = Units.of(**town())
    points = np.array([Point(X + 37 * n, Y + 53 * n) for n in range(40)])
    keys = units.keys(points)
    for level, side in SIZES.items():
        for point, key in zip(points, keys[level], strict=True):
            assert units.shape(level, key).buffer(0.01).covers(point)
            north, east = key.split("N")[1].split("E")
            assert int(north) % side == int(east) % side == 0
    for small, large in itertools.pairwise(SIZES):
        assert keys.groupby(small)[large].nunique().max() == 1


# The adversary --------------------------------------------------------------


def together(*tables):
    """Put tables of marks below one another."""
    return pd.concat(tables)


def random_marks(rng, count, on, *, first=0):
    """Return marks all over the town, many of them at a few spots, accepted before `on`."""
    kinds = rng.choice(["unsafe", "at_ease"], count, p=[0.7, 0.3])
    spots = np.where(rng.random(count) < 0.5, rng.choice([60, 150, 330, 620], count),
                     rng.uniform(0, 800, count))  # fmt: skip
    why = [
        ";".join(rng.choice(list(factors_of(k))[:7], rng.integers(1, 3), replace=False))
        for k in kinds
    ]
    accepted = [(on - timedelta(days=int(d))).isoformat() for d in rng.integers(0, 28, count)]
    return marks(
        [float(s) for s in spots],
        kind=list(kinds),
        factors=why,
        daytime=list(rng.choice(["", "day", "dusk", "night"], count)),
        accepted=accepted,
        expires=(on + timedelta(days=365)).isoformat(),
        first=first,
    )


def series(seed, *, months=14, each=14):
    """Release month after month while marks come, are taken back and expire."""
    rng = np.random.default_rng(seed)
    where, table, previous, day = town(), None, None, date(2026, 1, 5)
    number, history = 0, []
    for _ in range(months):
        count = int(rng.poisson(each))
        new = random_marks(rng, count, day, first=number)
        number += count
        table = new if table is None else together(table, new)
        table = table[rng.random(len(table)) > 0.04]
        release = released(table, where, on=day, previous=previous)
        table = table.assign(pin=release.placed)
        previous = release.pins
        history.append((day, table, release))
        day = next_release(day + timedelta(days=1))
    return history


def counts(cells):
    """Return a number of marks per key from pairs."""
    found = {}
    for key, number in cells:
        found[key] = found.get(key, 0) + number
    return found


@given(st.integers(0, 10**6))
@settings(max_examples=12, phases=PHASES)
def test_every_row_has_k_marks_and_eight_addresses_and_each_mark_is_in_one(seed):
    """Laws of each single release, against the marks themselves."""
    where = town()
    units = Units.of(where["streets"], where["addresses"], where["districts"])
    for _, table, release in series(seed, months=5, each=30):
        placed = release.placed[release.placed != ""]
        assert set(release.placed.index) == set(table.index)
        assert set(placed) == set(release.pins.index)
        keys = units.keys(table.geometry.to_numpy()).set_index(table.index)
        for pin, row in release.pins.iterrows():
            members = table.loc[placed.index[placed == pin]]
            delicate = any(is_sensitive(why.split(";")) for why in members["factors"])
            least = K_SENSITIVE if delicate else K
            assert row["marks"] >= len(members) >= least
            (key,) = set(keys.loc[members.index, row["unit"]])
            assert units.addresses[row["unit"]][key] >= ADDRESSES
            assert set(members["kind"]) == {row["kind"]}
            if row["unit"] not in FINE:
                assert row["factors"] == row["daytimes"] == ""


@given(st.integers(0, 10**6))
@settings(max_examples=12, phases=PHASES)
def test_what_is_told_of_a_row_when_it_appears_is_true_and_leaves_no_small_rest(seed):
    """Each reason and time: right, k or more, and what remains is none or k."""
    for day, table, release in series(seed, months=5, each=40):
        fresh = release.pins[release.pins["released_on"] == day.isoformat()]
        for pin, row in fresh.iterrows():
            members = table[release.placed == pin]
            assert len(members) == row["marks"]
            for column, names, numbers in (
                ("factors", row["factors"], row["factor_marks"]),
                ("daytime", row["daytimes"], row["daytime_marks"]),
            ):
                shown = (
                    dict(zip(names.split(";"), numbers.split(";"), strict=True)) if names else {}
                )
                for name, number in shown.items():
                    true = sum(name in text.split(";") for text in members[column])
                    assert int(number) == true
                    assert true >= (
                        K_SENSITIVE if name in FACTORS and FACTORS[name].sensitive else K
                    )
                    assert len(members) - true == 0 or len(members) - true >= K
            rest = row["marks"] - sum(int(n) for n in row["daytime_marks"].split(";") if n)
            assert rest == 0 or rest >= K


@given(st.integers(0, 10**6))
@settings(max_examples=12, phases=PHASES)
def test_nobody_learns_of_a_small_group_by_comparing_releases(seed):
    """
    The differencing attack: subtract every release from every later one.

    Rows never change. In each unit the number grows or shrinks by k or more,
    or not at all. Wherever rows are replaced by others (a set of rows gone, a
    set of rows new, sharing marks), the new marks among them, which the
    difference of the sums gives away, are k or more, and none is lost.
    """
    history = series(seed)
    for (_, _, before), (_, _, after) in itertools.pairwise(history):
        both = before.pins.index.intersection(after.pins.index)
        assert before.pins.loc[both].equals(after.pins.loc[both])
        now, then = (
            counts(((row["unit"], pin.split("/", 3)[3], row["kind"]), row["marks"])
                   for pin, row in release.pins.iterrows())
            for release in (after, before)
        )  # fmt: skip
        for unit in now.keys() | then.keys():
            change = abs(now.get(unit, 0) - then.get(unit, 0))
            assert change == 0 or change >= K
        attacked(before, after)


def attacked(before, after):
    """
    Follow the rows that were replaced, as somebody who sees even where their marks went.

    Rows gone from one unit on one day cannot be told apart from outside, so
    they are one event. What is new in the rows that took their marks is what
    subtraction gives away.
    """
    here = before.placed.reindex(after.placed.index).fillna("")
    gone = before.pins.loc[before.pins.index.difference(after.pins.index)]
    events = {}
    for pin, row in gone.iterrows():
        events.setdefault((pin.split("/", 3)[3], row["unit"], row["kind"]), set()).add(pin)
    for pins in events.values():
        freed = here.index[here.isin(pins)]
        fresh = set(after.placed[freed]) - {""}
        if not fresh:
            continue
        inside = after.placed.index[after.placed.isin(fresh)]
        assert (after.placed[freed] != "").all()
        assert set(here[inside]) <= pins | {""}
        assert fresh <= set(after.pins.index.difference(before.pins.index))
        shown = after.pins.loc[sorted(fresh), "marks"].sum()
        assert shown - before.pins.loc[sorted(pins), "marks"].sum() >= K
        assert (here[inside] == "").sum() >= K


@given(st.integers(0, 10**6))
@settings(max_examples=6, phases=PHASES)
def test_asking_again_and_again_gives_nothing_to_average(seed):
    """The same marks, released a dozen times: rows only while they last, never other numbers."""
    table = random_marks(np.random.default_rng(seed), 60, MONDAY)
    first = released(table)
    held, previous, day = table.assign(pin=first.placed), first.pins, MONDAY
    for _ in range(11):
        day = next_release(day + timedelta(days=1))
        release = released(held, on=day, previous=previous)
        assert release.pins.equals(first.pins)
        held, previous = held.assign(pin=release.placed), release.pins


def test_the_attack_of_the_tests_would_find_a_leak():
    """Publishing every month afresh, without memory, is caught: the test can fail."""
    caught = 0
    for seed in range(4):
        table, where = random_marks(np.random.default_rng(seed), 60, MONDAY), town()
        one = released(table.iloc[:-3], where)
        two = released(table, where)
        now, then = (
            counts(((u, p.split("/", 3)[3], k), m) for p, u, k, m in zip(
                r.pins.index, r.pins["unit"], r.pins["kind"], r.pins["marks"], strict=True))
            for r in (two, one)
        )  # fmt: skip
        caught += any(
            0 < abs(now.get(unit, 0) - then.get(unit, 0)) < K for unit in now.keys() | then.keys()
        )
    assert caught


def test_twenty_thousand_marks_take_seconds():
    """A large city's year at once."""
    rng = np.random.default_rng(3)
    lines, houses = [], []
    for row, column in itertools.product(range(50), range(50)):
        x, y = X + 100 * column, Y + 100 * row
        lines.append([(x, y), (x + 100, y)])
        houses += [box(x + 10 * n, y + 5, x + 10 * n + 6, y + 11) for n in range(9)]
    where = {
        "streets": towns.streets(lines),
        "addresses": towns.layer(
            "buildings", houses, address=[f"House {n}" for n in range(len(houses))]
        ),
        "districts": towns.layer("districts", [box(X, Y - 50, X + 5000, Y + 5000)], name=["City"]),
    }
    spots = [(X + e, Y + n) for e, n in rng.uniform(0, 4900, (20_000, 2))]
    table = marks(spots)
    start = time.process_time()
    release = released(table, where)
    assert time.process_time() - start < 20
    assert (release.placed != "").mean() > 0.9


@pytest.mark.city
def test_k_and_addresses_hold_on_a_real_quarter():
    """Karlsruhe-Neureut: rows over real houses have k marks and eight real addresses."""
    extract = (
        Path(__file__).parents[2] / "shared/data/karlsruhe_neureut/osr_karlsruhe_kirchfeld.osm.pbf"
    )
    if not extract.exists():
        pytest.skip("the extract is not here")
    tables = {i.layer.name: i.table for i in read_osm(extract, crs=towns.CRS)}
    streets, buildings = tables["streets"], tables["buildings"]
    whole = box(*buildings.total_bounds)
    where = {
        "streets": streets,
        "addresses": buildings,
        "districts": towns.layer("districts", [whole], name=["Neureut"]),
    }
    rng = np.random.default_rng(5)
    chosen = rng.choice(len(streets), 30)
    lines = streets.geometry.to_numpy()[rng.choice(chosen, 400)]
    points = shapely.line_interpolate_point(lines, rng.random(400), normalized=True)
    table = marks([(p.x, p.y) for p in points])
    release = released(table, where)
    housed = buildings[buildings["address"] != ""]
    assert len(housed) > 500
    assert set(release.pins["unit"]) & set(FINE)
    for pin, row in release.pins.iterrows():
        members = table[release.placed == pin]
        assert len(members) == row["marks"] >= K
        near = housed[housed.geometry.dwithin(row.geometry, 60)]
        assert near["address"].nunique() >= ADDRESSES
    assert set(release.pins["unit"]) <= set(LEVELS)


def test_a_city_without_marks_releases_an_empty_layer():
    """And so does one whose last marks were taken back: the rows go."""
    first = marks([50, 60, 70, 80, 90])
    nobody = first.iloc[:0]
    assert told(released(nobody)) == []
    june = released(first)
    july = released(nobody, on=date(2026, 7, 6), previous=june.pins)
    assert told(july) == []
    assert july.placed.empty


def test_marks_of_a_row_that_went_rest_for_one_release():
    """Six marks lose two; the four wait a month with a new one before they are shown again."""
    six = marks([50, 60, 70, 80, 90, 95])
    june = released(six)
    rest = together(six.assign(pin=june.placed).drop(["m0", "m1"]), marks([51], first=6))
    july = released(rest, on=date(2026, 7, 6), previous=june.pins)
    assert told(july) == []
    august = released(rest.assign(pin=july.placed), on=date(2026, 8, 3), previous=july.pins)
    assert told(august) == [("segment", "unsafe", 5)]
