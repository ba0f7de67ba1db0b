"""The parts of a priority: every scale counted with a pencil, and what is unknown stays unknown."""

import numpy as np
import pytest
from geopandas import GeoDataFrame
from geopandas.testing import assert_geodataframe_equal
from pandas import DataFrame
from shapely import LineString, Point, box

from layers.audits import ITEMS
from layers.priorities import PARTS
from layers.priorities_parts import KINDS, RATED, parts, senders, sites_for_children_and_old
from layers.sources.meeting_places import KINDS as PLACES

CRS = 25832
NAN = np.nan
TASK = {
    "factor": "poor_light", "marks": 2, "voices": 6, "strength_mean": 2.0, "waiting_days": 60,
    "people_dark": 50.0,
}  # fmt: skip


def tasks(*told):
    """Make tasks along ways 100 m long, each 1,000 m north of the one before."""
    rows = [TASK | one for one in told or ({},)]
    ways = [LineString([(0, 1000 * n), (100, 1000 * n)]) for n in range(len(rows))]
    names = [f"t{n}" for n in range(len(rows))]
    return GeoDataFrame(rows, geometry=ways, index=names, crs=CRS)


def points(*told):
    """Make a table of points from (x, y, columns)."""
    rows, places = [one[2] for one in told], [Point(*one[:2]) for one in told]
    return GeoDataFrame(rows, geometry=places, crs=CRS)


def test_each_scale_reaches_one_half_where_the_table_says():
    """50 people, 4 further voices, 60 days; 2 marks; (0.7 + 2/4) / 2 of gravity."""
    found = parts(tasks()).loc["t0"]
    assert list(found.index) == list(PARTS)
    assert found[["people_dark", "repeated", "waiting", "evidence"]].tolist() == [0.5] * 4
    assert found["severity"] == pytest.approx(0.6)
    assert np.isnan(found["near"])


def test_unknown_people_stay_unknown_and_nobody_is_nought():
    found = parts(tasks({"people_dark": NAN}, {"people_dark": 0.0}))["people_dark"]
    assert np.isnan(found["t0"])
    assert found["t1"] == 0


def test_where_nobody_said_how_strongly_the_reason_stands_alone():
    found = parts(tasks({"strength_mean": NAN}, {"strength_mean": 0.0}))["severity"]
    assert found.tolist() == [pytest.approx(0.7)] * 2


def test_what_the_city_has_found_makes_it_surer_if_it_names_the_same_reason_there():
    """Marks alone are worth 0.5; with a finding (0.5 + 1) / 2."""
    same = {"kind": "unsafe", "factors": "overgrown;poor_light"}
    made = tasks({}, {}, {}, {})
    findings = points(
        (50, 30, same),
        (50, 1031, same),
        (50, 2000, same | {"factors": "traffic"}),
        (50, 3000, same | {"kind": "at_ease"}),
    )
    found = parts(made, findings=findings)["evidence"]
    assert found.tolist() == [0.75, 0.5, 0.5, 0.5]


def audit(x, y, on, stop="1", **items):
    """Return one stop of a walk."""
    return x, y, dict.fromkeys(("light", "openness", "people"), NAN) | {
        "stop": stop, "walked_on": on,
    } | items  # fmt: skip


def test_a_night_walk_counts_by_its_last_rating_of_what_the_reason_is_about():
    """Light rated 0 is certain (1), rated 3 speaks against it (0): (0.5 + 1)/2 and (0.5 + 0)/2."""
    made = tasks({}, {}, {}, {"factor": "traffic"})
    audits = points(
        audit(50, 0, "2026-10-01", stop="1", light=3.0),
        audit(50, 0, "2026-11-01", stop="1", light=0.0),
        audit(50, 1000, "2026-10-01", stop="2", light=3.0),
        audit(50, 2000, "2026-10-01", stop="3", people=0.0),
        audit(50, 3000, "2026-10-01", stop="4", light=0.0),
    )
    assert parts(made, audits=audits)["evidence"].tolist() == [0.75, 0.25, 0.5, 0.5]


def test_a_conspicuous_place_makes_it_surer_and_none_says_nothing():
    hot = GeoDataFrame(geometry=[box(40, -5, 60, 5)], crs=CRS)
    assert parts(tasks({}, {}), hot=hot)["evidence"].tolist() == [0.75, 0.5]
    assert parts(tasks(), hot=hot.iloc[:0])["evidence"].tolist() == [0.5]


def test_marks_from_one_device_on_one_day_are_one_voice():
    """Two of one sender and one whose sender is erased are two people; what is done is none."""
    members = DataFrame(
        [("a", "t0", "open"), ("b", "t0", "open"), ("c", "t0", "open"), ("d", "t0", "done"),
         ("e", "t1", "done")],
        columns=["mark", "task", "status"],
    )  # fmt: skip
    sent = GeoDataFrame(
        {"sender": ["x", "x", "", "y", "z"]}, index=list("abcde"), geometry=[Point(0, 0)] * 5
    )
    assert senders(members, sent).to_dict() == {"t0": 2}
    found = parts(tasks({"marks": 3}), people=senders(members, sent))["evidence"]
    assert found.tolist() == [0.5]


def test_near_falls_from_one_at_100_m_to_nought_at_500_m():
    sites = points((0, 100, {"kind": "school"}), (0, 1300, {"kind": "school"}))
    found = parts(tasks({}, {}, {}), sites=sites)["near"]
    assert found.tolist() == [1.0, pytest.approx(0.5), 0.0]


def test_sites_are_those_kinds_alone_and_none_in_the_data_is_unknown():
    places = points((0, 0, {"kind": "playground"}), (0, 0, {"kind": "pub"}))
    houses = points((0, 0, {"kind": "school"}), (0, 0, {"kind": "garage"}))
    assert sites_for_children_and_old(places, houses)["kind"].tolist() == ["playground", "school"]
    assert sites_for_children_and_old(None, None) is None
    none = sites_for_children_and_old(places.iloc[1:], None)
    assert np.isnan(parts(tasks(), sites=none)["near"].iloc[0])


def test_no_task_has_no_parts():
    assert parts(tasks().iloc[:0], sites=points((0, 0, {"kind": "school"}))).shape == (0, 6)


def test_what_is_given_is_left_alone():
    made = tasks({"people_dark": NAN})
    before = made.copy()
    audits = points(audit(50, 0, "2026-10-01", light=0.0))
    kept = audits.copy()
    parts(made, audits=audits)
    assert_geodataframe_equal(made, before)
    assert_geodataframe_equal(audits, kept)


def test_every_item_and_kind_named_exists():
    assert {item for items in RATED.values() for item in items} <= set(ITEMS)
    assert KINDS["places"] <= set(PLACES)
