"""What several people rated at the stops of a night walk, and the same stops later."""

import geopandas
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from layers import LAYERS, TableError
from layers.audits import ITEMS, STEPS, agreements, by_stop, compare, latest, over_stops

from .towns import SOUTH, WEST

N = np.nan


def rated(stop, rater, **items):
    """Return one row of ratings; what is not named was not rated."""
    return {"stop": stop, "rater": rater, **dict.fromkeys(ITEMS, N), **items}


def walk(**items):
    """Return stops 0, 1, … with the same list of values for every item that is named."""
    count = len(next(iter(items.values())))
    told = {"stop": [str(n) for n in range(count)]} | {name: [N] * count for name in ITEMS}
    return pd.DataFrame(told | items)


def test_there_are_nine_items_of_four_steps_each_with_words_of_its_own():
    assert list(ITEMS) == ["light", "openness", "visibility", "people", "guardians", "path",
                           "transport", "mixed", "feeling"]  # fmt: skip
    for item in ITEMS.values():
        assert len(set(item.steps)) == len(STEPS)


def test_a_stop_is_told_by_the_median_the_lowest_and_the_highest_rating():
    table = pd.DataFrame([
        rated("a", "1", light=0, path=3), rated("a", "2", light=1), rated("a", "3", light=3),
    ])  # fmt: skip
    stop = by_stop(table).loc["a"]
    assert (stop.light, stop.light_least, stop.light_most, stop.light_raters) == (1, 0, 3, 3)
    assert (stop.path, stop.path_raters, stop.raters) == (3, 1, 3)


def test_what_nobody_rated_is_unknown_and_who_rated_nothing_does_not_count():
    table = pd.DataFrame([rated("a", "1", light=2), rated("a", "2"), rated("b", "2")])
    stops = by_stop(table)
    assert list(stops.index) == ["a"]
    assert stops.raters["a"] == 1
    assert np.isnan(stops.openness["a"])


def test_agreement_is_told_for_every_item_and_for_all_together():
    rows = [rated(s, r, light=v, path=3 - v) for s, v in (("a", 0), ("b", 3)) for r in "xy"]
    found = agreements(pd.DataFrame(rows), draws=20)
    assert set(found) == {"", *ITEMS}
    assert found["light"].alpha == found[""].alpha == 1
    assert not found["feeling"].told
    assert found["feeling"].raters == 0


def test_only_stops_of_both_walks_are_compared():
    before, after = walk(light=[0, 1, 2]), walk(light=[1, 3, 2, 3])
    light = compare(before, after).loc["light"]
    assert (light.stops, light.better, light.worse, light.same) == (3, 2, 0, 1)
    assert (light.before, light.after) == (1, 2)
    assert light.change == 1


@pytest.mark.parametrize("stops", [3, 6, 9])
def test_the_test_of_change_is_the_sign_test_where_all_changes_are_equal(stops):
    """With changes of one size, flipping signs and counting them is the same question."""
    light = compare(walk(light=[0] * stops), walk(light=[1] * stops)).loc["light"]
    assert light.p == pytest.approx(binomtest(stops, stops).pvalue)


def test_many_stops_are_tested_by_drawing_signs():
    light = compare(walk(light=[0] * 40), walk(light=[1] * 40), draws=999).loc["light"]
    assert light.p == pytest.approx(1 / 1000)


def test_no_change_is_no_evidence_and_a_single_stop_tells_nothing():
    same = compare(walk(light=[1, 2, 3]), walk(light=[1, 2, 3])).loc["light"]
    assert (same.change, same.p) == (0, 1)
    alone = compare(walk(light=[1]), walk(light=[3])).loc["light"]
    assert np.isnan(alone[["low", "high", "p"]].astype(float)).all()


def test_swapping_the_walks_turns_the_change_around():
    before, after = walk(light=[0, 1, 3, 2]), walk(light=[2, 1, 2, 3])
    there, back = compare(before, after).loc["light"], compare(after, before).loc["light"]
    assert there.change == -back.change
    assert (there.better, there.worse) == (back.worse, back.better)
    assert there.p == back.p


def test_under_no_change_it_is_seldom_called_one():
    """Both walks draw from the same ratings; five percent of the tests may err, and a few more."""
    generator = np.random.default_rng(1)
    p = [
        compare(
            walk(light=generator.integers(4, size=10)),
            walk(light=generator.integers(4, size=10)),
            draws=1,
        ).p["light"]
        for _ in range(150)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.09


def audits(**told):
    """Return a table of the layer with one stop."""
    place = geopandas.points_from_xy([WEST], [SOUTH])
    table = geopandas.GeoDataFrame(
        {"walk": ["1"], "raters": [2], "walked_on": ["2026-11-20"], **told},
        index=["1-1"],
        geometry=place,
        crs=25832,
    )
    layer = LAYERS["audits"]
    return layer.check(layer.complete(table))


def test_the_layer_keeps_what_several_people_rated():
    assert audits(light=[1.5]).light.tolist() == [1.5]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"raters": [1]}, "fewer than 2 people"),
        ({"walked_on": [""]}, "which day"),
        ({"light": [3.5]}, "between 0 and 3"),
    ],
)
def test_the_layer_refuses_one_persons_opinion_and_what_cannot_be(told, fault):
    with pytest.raises(TableError, match=fault):
        audits(**told)


def stops(light, days=None, numbers=None):
    """Return stops of the layer on which only the light was rated."""
    count = len(light)
    told = {name: [np.nan] * count for name in ITEMS} | {"light": light}
    told |= {"walked_on": days or ["2026-01-01"] * count, "stop": numbers or [""] * count}
    spots = geopandas.points_from_xy([WEST] * count, [SOUTH] * count)
    return geopandas.GeoDataFrame(told, geometry=spots, crs="EPSG:25832")


def test_of_a_spot_walked_twice_only_the_last_walk_counts():
    """Stops without a number may all be different spots."""
    table = stops([0, 3, 1, 1], ["2026-02-01", "2026-01-01", "2026-01-01", "2026-01-02"],
                  ["7", "7", "", ""])  # fmt: skip
    assert sorted(latest(table)["light"]) == [0, 1, 1]


def test_a_mean_over_stops_has_an_interval_where_there_are_enough_of_them():
    """Of 0, 0, 3, 3, 3, 3 the mean is 2; the bootstrap of a share of 4 in 6 is binomial."""
    found = over_stops(stops([0, 0, 3, 3, 3, 3]), draws=20_000)
    assert found.loc["light", "mean"] == 2
    assert found.loc["light", ["low", "high"]].tolist() == [1.0, 3.0]  # 2 of 6 and 6 of 6
    assert found.loc["light", "stops"] == 6
    few = over_stops(stops([1, 2, 3]))
    assert few.loc["light", "mean"] == 2
    assert np.isnan(few.loc["light", "low"])
    assert few.loc["feeling"].isna().tolist() == [True, True, True, False]


def test_equal_stops_leave_no_doubt_about_their_mean():
    found = over_stops(stops([1.5] * 8))
    assert found.loc["light", ["mean", "low", "high"]].tolist() == [1.5, 1.5, 1.5]
