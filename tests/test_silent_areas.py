"""Silent areas: rates by hand, what stays unknown, and where to ask or walk next."""

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from layers import ANALYSES
from layers.analyses.silent_areas import ANALYSIS, Silence, silent_areas
from layers.credible import MARKS
from layers.network import Network
from layers.reporting_rate import LEAST, from_duplicates, heard, rates, suggestions
from layers.silent_areas_told import COLUMNS

from . import towns

WEST, SOUTH = 500_000.0, 5_400_000.0
"""A corner of the squares of 400 m, too."""


def square(column, row):
    x, y = WEST + 400 * column, SOUTH + 400 * row
    return box(x, y, x + 400, y + 400)


def middle(column, row):
    return Point(WEST + 400 * column + 200, SOUTH + 400 * row + 200)


def ways(columns=3):
    """One street through the middle of a row of squares."""
    line = [(WEST + 10, SOUTH + 200), (WEST + 400 * columns - 10, SOUTH + 200)]
    return Network.from_streets(towns.streets([line], name=["Long Street"]))


def people(*residents):
    cells = [square(column, 0) for column in range(len(residents))]
    return towns.layer("population", cells, residents=np.array(residents, dtype=float))


def marks(*counts, **columns):
    """So many marks in each square of the row."""
    spots = [middle(column, 0) for column, count in enumerate(counts) for _ in range(count)]
    told = {
        "kind": ["unsafe"] * len(spots),
        "state": ["published"] * len(spots),
        "received_on": ["2026-06-01"] * len(spots),
        "accepted_on": ["2026-06-02"] * len(spots),
    }
    return MARKS.complete(GeoDataFrame(told | columns, geometry=spots, crs=towns.CRS))


def test_the_rate_of_duplicates_is_their_number_over_the_days_watched():
    """
    Two spots in the first area: 3 in 60 days and 1 in 40; one of 0 in 50 in the second.

    4 / 100 and 0 / 50 a day, the whole 4 / 150. A spot outside and one that
    nobody could agree with yet tell nothing; neither does an area without any.
    """
    area = np.array([0, 0, 1, -1, 2])
    rate = from_duplicates(area, [3, 1, 0, 9, 0], [60, 40, 50, 10, 0], 3)
    np.testing.assert_allclose(rate.raw, [0.04, 0, np.nan])
    assert rate.mean == pytest.approx(4 / 150)
    # Garwood: of 4 events, 1.366 to 9.154 are expected at 90 %; of none at most 2.996
    np.testing.assert_allclose(rate.low[:2], [0.01366, 0], atol=1e-5)
    np.testing.assert_allclose(rate.high[:2], [0.09154, 2.9957 / 50], atol=1e-5)


def test_duplicates_tell_the_rate_whatever_the_first_report_was():
    """Reports come at .2 a day; counting begins with the first one and leaves it out."""
    rng = np.random.default_rng(1)
    watched, further = [], []
    for _ in range(2000):
        times = np.cumsum(rng.exponential(5.0, 60))
        seen = times[times < 90]
        if len(seen):
            watched.append(90 - seen[0])
            further.append(len(seen) - 1)
    rate = from_duplicates(np.zeros(len(watched), dtype=int), further, watched, 1)
    assert rate.low[0] < 0.2 < rate.high[0]
    assert rate.raw[0] == pytest.approx(0.2, rel=0.02)


def test_rates_of_few_residents_are_drawn_to_the_mean():
    """One writer among ten people is no rate of 100 per thousand that anybody believes."""
    rate = rates([1, 50, 90, 20], [10, 5000, 5000, 5000])
    assert rate.raw[0] == pytest.approx(0.1)
    assert abs(rate.smoothed[0] - rate.mean) < abs(rate.smoothed[2] - rate.mean)
    assert np.isnan(rates([1], [0]).raw[0])


def test_an_area_is_heard_quiet_or_unknown():
    """
    40 writers of 200 people, 6 of 200, 3 of 200, none of 5, and of nobody knows how many.

    The whole city: 49 of 605, so 16.2 expected of 200. Six instead of 16.2
    is rare (p = .003), three is too few to say anything.
    """
    found = heard([40, 6, 3, 0, 7], [200, 200, 200, 5, np.nan])
    assert found.state.tolist() == ["heard", "quiet", "unknown", "unknown", "heard"]
    assert found.expected[0] == pytest.approx(200 * 49 / 605)
    assert found.missing[2] == pytest.approx(200 * 49 / 605 - 3)
    assert np.isnan(found.missing[4])


def test_where_most_are_not_heard_comes_first_and_where_people_are_heard_never():
    found = heard([40, 6, 3, 0, 0], [200, 200, 300, 5, 0])
    assert suggestions(found).tolist() == [2, 1]
    assert suggestions(found, most=1).tolist() == [2]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 500)), max_size=30))
def test_no_mark_is_never_a_good_sign(areas):
    """However few live there, an area without marks is unknown; nothing is missing below zero."""
    writers = np.array([a for a, _ in areas], dtype=float)
    found = heard(writers, np.array([b for _, b in areas], dtype=float))
    assert set(found.state[writers < LEAST]) <= {"unknown"}
    assert not (np.nan_to_num(found.missing) < 0).any()
    chosen = suggestions(found)
    assert (found.state[chosen] != "heard").all()
    assert (np.diff(found.missing[chosen]) <= 0).all()


def test_the_town_of_three_squares():
    """20, 2 and no marks of 100, 300 and 100 people: nothing is known of 80 in 100."""
    result = silent_areas(marks(20, 2, 0), ways(), people(100, 300, 100))
    table = result.table
    assert table["state"].tolist() == ["unknown", "unknown", "heard"]
    assert table["rank"].tolist() == [1, 2, 0]
    assert table["residents"].tolist() == [300, 100, 100]
    assert all(
        shape.equals(square(at, 0)) for shape, at in zip(table.geometry, (1, 2, 0), strict=True)
    )
    assert table.index.tolist() == [f"square/400/0/{1250 + at}/13500" for at in (1, 2, 0)]
    assert table["expected"].round(1).tolist() == [13.2, 4.4, 4.4]
    assert table["rate"].round(1).tolist() == [6.7, 0, 200]
    assert str(result.answer[0]) == "Hardly anything is known of where 80 of 100 people live"
    assert result.figure("share_unknown").value == pytest.approx(80)
    assert table["place"].tolist() == ["Long Street"] * 3
    assert table["missing"].round(1).tolist() == [11.2, 4.4, 0]


def test_what_is_not_known_is_hatched_and_nothing_is_green():
    style = silent_areas(marks(20, 2, 0), ways(), people(100, 300, 100)).style
    inks = dict(zip(style.kinds, style.inks, strict=True))
    assert inks["unknown"].endswith("hatched")
    assert inks["quiet"].endswith("striped")
    assert not {"k0", "good", "at-ease"} & {ink.split()[0] for ink in inks.values()}


def test_voices_count_from_the_day_a_spot_was_published():
    """Published on 1 June, eight voices until the newest mark of 31 July: 60 days, 4 a month."""
    table = marks(6, 0, 0, pin=["p"] * 6, voices=[8] * 6,
                  received_on=["2026-05-01"] * 5 + ["2026-07-31"],
                  accepted_on=["2026-05-02"] * 5 + ["2026-07-31"])  # fmt: skip
    pins = towns.layer(
        "pins", [square(0, 0)], kind=["unsafe"], unit=["cell_400"], marks=[6],
        released_on=["2026-06-01"], expires_on=["2027-06-01"],
    )  # fmt: skip
    pins.index = ["p"]
    result = silent_areas(table, ways(), people(100, 100, 100), pins=pins)
    assert result.figure("me_too").value == pytest.approx(30 * 8 / 60)
    assert result.table["me_too"].notna().sum() == 1
    assert "1 spot," in " ".join(map(str, result.notes))


def test_marks_of_one_device_on_one_day_count_once():
    table = marks(6, 0, 0, sender=["a"] * 5 + [""])
    assert silent_areas(table, ways(), people(100, 100, 100)).table["marks"].max() == 2


def test_old_marks_say_nothing_of_today():
    """Counted back from the newest mark."""
    table = marks(7, 0, 0, received_on=["2023-01-01"] * 6 + ["2026-06-01"])
    assert silent_areas(table, ways(), people(100, 100, 100)).table["marks"].max() == 1
    long = silent_areas(table, ways(), people(100, 100, 100), silence=Silence(months=60))
    assert long.table["marks"].max() == 7


def test_districts_can_be_asked_for_and_name_the_squares():
    areas = towns.layer("districts", [square(0, 0), square(1, 0).union(square(2, 0))],
                        name=["West", "East"])  # fmt: skip
    everything = (marks(20, 2, 0), ways(), people(100, 300, 100), areas)
    by_district = silent_areas(*everything, silence=Silence(unit="district")).table
    assert by_district.set_index("place")["marks"].to_dict() == {"East": 2, "West": 20}
    names = silent_areas(*everything).table["place"]
    assert sorted(names) == ["East, Long Street", "East, Long Street", "West, Long Street"]


def test_places_and_unlit_ways_stand_beside_what_is_missing():
    lines = [[(WEST + 10, SOUTH + 200), (WEST + 390, SOUTH + 200)],
             [(WEST + 410, SOUTH + 200), (WEST + 790, SOUTH + 200)]]  # fmt: skip
    streets = Network.from_streets(towns.streets(lines, lit=["no", "yes"]))
    places = towns.places([(WEST + 500, SOUTH + 200)])
    table = silent_areas(
        marks(20, 2), streets, people(100, 300), meeting_places=places
    ).table.sort_index()
    assert table["dark_metres"].tolist() == [380, 0]
    assert table["places"].tolist() == [0, 1]


@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (50, 0, 0)])
def test_strange_towns_get_a_calm_answer(counts):
    """No marks, one mark, all on one spot; nobody known to live anywhere."""
    for residents in (None, people(0, 0, 0)):
        result = silent_areas(marks(*counts), ways(), residents)
        assert list(result.table.columns[:-1]) == [column.name for column in COLUMNS]
        assert (result.table["state"] == "unknown").sum() == 3 - (counts[0] >= LEAST)
        assert result.answer


def test_nothing_is_changed_and_only_staff_may_ask():
    table = marks(20, 2, 0)
    before = table.copy(deep=True)
    first, second = (silent_areas(table, ways(), people(100, 300, 100)) for _ in range(2))
    assert table.equals(before)
    assert first.table.equals(second.table)
    assert ANALYSES["silent_areas"] is ANALYSIS
    assert ANALYSIS.confidential
