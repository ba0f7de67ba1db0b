"""Hot spots: counts by hand, the simulation of many towns, the known truth of the invented one."""

import itertools
import math
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers.analyses.hot_spots import ANALYSIS, hot_spots
from layers.credible import MARKS
from layers.getis_ord import getis_ord
from layers.grid_towns import footfall
from layers.hot_spots import coded, compared, found_in, odds_ratio, stable
from layers.hot_spots_columns import COLUMNS
from layers.hot_spots_exposure import Residents, exposed_power
from layers.hot_spots_found import blocks, find
from layers.hot_spots_on_request import neighbours
from layers.hot_spots_question import Looking, Marks, marks_for
from layers.multiple_tests import benjamini_hochberg
from layers.network import Network
from layers.power import local_excess
from layers.sample_town import marks as invented
from layers.sample_town import sample_town
from layers.tessellation import SIDES, at_the_rim, segments, squares, tessellations

from . import towns

WEST, SOUTH = towns.WEST, towns.SOUTH
AT = datetime(2026, 11, 22, tzinfo=UTC)
LOUD = ("stable", "once", "found")
"""What is said of a unit that stands out in any way."""


def grid(blocks=20, wide=200.0):
    """Streets along the borders of `blocks` × `blocks` blocks."""
    far = blocks * wide
    lines = [
        *([(WEST, SOUTH + wide * i), (WEST + far, SOUTH + wide * i)] for i in range(blocks + 1)),
        *([(WEST + wide * i, SOUTH), (WEST + wide * i, SOUTH + far)] for i in range(blocks + 1)),
    ]
    return Network.from_streets(towns.streets(lines))


def marks(spots, kinds, **columns):
    """Credible marks at spots relative to the corner of the town [m]."""
    points = [Point(WEST + x, SOUTH + y) for x, y in spots]
    told = {
        "kind": list(kinds),
        "state": ["published"] * len(points),
        "received_on": ["2026-06-01"] * len(points),
        "factors": ["poor_light" if kind == "unsafe" else "good_light" for kind in kinds],
        "daytime": ["night"] * len(points),
    }
    return MARKS.complete(GeoDataFrame(told | columns, geometry=points, crs=towns.CRS))


def busiest(share, blocks=20):
    """Return the block of two by two cells in which most people walk and write."""
    town = share.reshape(blocks, blocks)
    blocked = town[:-1, :-1] + town[1:, :-1] + town[:-1, 1:] + town[1:, 1:]
    row, column = divmod(int(blocked.argmax()), blocks - 1)
    return [blocks * (row + i) + column + j for i in (0, 1) for j in (0, 1)]


def some(unsafe, at_ease, seed=1, *, blocks=20, worse=False, times=3.0, wide=200.0):
    """
    Marks of a town whose people walk very unevenly, and write so from district to district.

    Where many walk or write, there are many marks of both kinds; if there is a
    place that is worse, it has more unsafe marks than that.
    """
    rng = np.random.default_rng(seed)
    writing = np.kron(np.exp(rng.normal(0, 0.8, (blocks // 5, blocks // 5))), np.ones((5, 5)))
    share = footfall(rng, 1, side=blocks)[0] * writing.ravel()
    more = share.copy()
    more[busiest(share, blocks) if worse else []] *= times
    cells = [
        rng.choice(blocks**2, count, p=weights / weights.sum())
        for count, weights in ((unsafe, more), (at_ease, share))
    ]
    cell = np.concatenate(cells)
    spots = np.column_stack([cell % blocks, cell // blocks]) * wide
    spots = spots + rng.uniform(0, wide, (len(cell), 2))
    return spots, np.repeat(["unsafe", "at_ease"], [unsafe, at_ease])


def grids_over(spots, ways=None, size="middle"):
    x, y = np.asarray(spots, dtype=float).T + np.array([[WEST], [SOUTH]])
    return tessellations(x, y, size=size, ways=ways)


def run(table, **asked):
    parts = {name: asked.pop(name) for name in ("districts", "population") if name in asked}
    ways = asked.pop("streets", None) or grid()
    return hot_spots(table, ways, **parts, looking=Looking(**asked))


# ---- tessellations ----


def test_a_mark_on_a_line_belongs_to_the_square_north_and_east_of_it():
    """Lines run at multiples of the side, and half a side beside that in the moved grid."""
    x, y = np.array([0.0, 199.9, 200.0, -0.1]), np.array([0.0, 0.0, 200.0, 0.0])
    assert squares(x, y, side=200).key.tolist() == [[-1, 0], [0, 0], [1, 1]]
    assert squares(x, y, side=200).unit.tolist() == [1, 1, 2, 0]
    moved = squares(x, y, side=200, shift=0.5)
    assert moved.key.tolist() == [[-1, -1], [0, -1], [0, 0]]
    assert shapely.bounds(moved.squares()[2]).tolist() == [100, 100, 300, 300]
    assert moved.ids[2] == "square/200/0.5/0/0"


def test_there_are_seven_tessellations_and_none_is_finer_than_100_m():
    units = grids_over([(5, 5)], grid(2))
    assert len(units) == 7
    assert len({one.name for one in units}) == 7
    assert {one.side for one in units} == {0, 150, 200, 300}
    assert units[0].side == 200
    assert min(min(sides) for sides in SIDES.values()) == 100


def test_a_mark_lies_on_the_street_nearest_to_it_and_far_from_all_on_none():
    ways = grid(1, 100.0)  # the four sides of one block
    units = segments(
        WEST + np.array([50.0, 50, 2, 500]), SOUTH + np.array([3.0, 98, 50, 500]), ways
    )
    names = [shapely.bounds(ways.lines[key[0]]).tolist() for key in units.key]
    told = [names[unit] if unit >= 0 else None for unit in units.unit]
    south = [WEST, SOUTH, WEST + 100, SOUTH]
    north = [WEST, SOUTH + 100, WEST + 100, SOUTH + 100]
    assert told == [south, north, [WEST, SOUTH, WEST, SOUTH + 100], None]


def test_marks_of_one_device_on_one_day_count_once_in_a_unit():
    """Three of one sender and two of nobody known: three in one square, and one more next door."""
    units = squares(np.array([1.0, 2, 3, 4, 5, 201]), np.ones(6), side=200)
    sender = coded(["a", "a", "a", "", "", "a"])
    assert units.counts(np.ones(6, dtype=bool), sender).tolist() == [3, 1]
    assert units.counts(np.ones(6, dtype=bool)).tolist() == [5, 1]


def test_a_unit_that_reaches_beyond_the_city_is_at_the_rim():
    shapes = np.array([box(0, 0, 10, 10), box(5, 0, 15, 10)])
    assert at_the_rim(shapes, box(0, 0, 10, 10)).tolist() == [False, True]
    assert at_the_rim(shapes, None).tolist() == [False, False]


# ---- the test ----


def test_the_p_of_a_unit_is_that_of_a_draw_without_replacement():
    """
    Two squares: 6 unsafe and none at ease; none unsafe and 6 at ease.

    All six of the first square are unsafe in 1 of C(12, 6) = 924 draws. Either
    square could reach that, so both are tested: adjusted 2 / 924 and 1.
    """
    spots = [(10, 10)] * 6 + [(310, 10)] * 6
    case = np.repeat([True, False], 6)
    units = squares(*np.array(spots, dtype=float).T, side=200)
    tested = compared(case, [units])[0]
    np.testing.assert_allclose(tested.p, [1 / 924, 1])
    np.testing.assert_allclose(tested.found.adjusted, [2 / 924, 1])
    assert tested.found.rejected.tolist() == [True, False]
    np.testing.assert_allclose(tested.expected, [3, 3])


def test_units_with_too_few_marks_to_be_found_are_no_tests():
    """Forty squares with one mark each could never be found: they cost the others nothing."""
    spots = [(10, 10)] * 12 + [(310 + 200 * i, 10) for i in range(40)]
    case = np.array([True] * 12 + [False] * 30 + [True] * 10)
    tested = compared(case, [squares(*np.array(spots, dtype=float).T, side=200)])[0]
    assert tested.found.tests == 1
    assert np.isnan(tested.p).sum() == 40


def test_a_unit_is_found_elsewhere_if_half_of_its_cases_lie_in_what_is_found_there():
    case = np.repeat([True, False], 12)
    spots = np.array([(90.0, 90)] * 6 + [(110.0, 110)] * 6 + [(500.0, 500)] * 12)
    tested = compared(case, [squares(*spots.T, side=200), squares(*spots.T, side=200, shift=0.5)])
    # in the first grid all twelve lie in one square, in the moved one six each
    assert tested[0].cases.tolist() == [12, 0]
    assert sorted(tested[1].cases.tolist()) == [0, 6, 6]
    assert found_in(tested, case)[0] == 2
    assert stable(tested, case).tolist() == [True, False]


def test_the_odds_ratio_has_half_a_mark_added_everywhere():
    """8 of 10 against 10 of 30: (8.5 × 20.5) / (2.5 × 10.5) = 6.638."""
    ratio = odds_ratio(np.array([8, 10]), np.array([2, 20]))
    error = math.sqrt(1 / 8.5 + 1 / 2.5 + 1 / 10.5 + 1 / 20.5)
    assert ratio.value[0] == pytest.approx(6.638, abs=1e-3)
    assert ratio.low[0] == pytest.approx(6.638 * math.exp(-1.6449 * error), rel=1e-3)
    assert ratio.value[0] * ratio.value[1] == pytest.approx(1)


def maps(runs, unsafe, at_ease, *, worse=False, times=3.0):
    """What the whole pipeline finds in so many towns: rows of the shown grid and its kinds."""
    for seed in range(runs):
        spots, kinds = some(unsafe, at_ease, seed, worse=worse, times=times)
        units = grids_over(spots)
        case = kinds == "unsafe"
        tested = compared(case, units)
        yield units[0], tested, stable(tested, case), spots, case


def test_where_no_place_is_worse_hardly_any_map_shows_anything():
    """
    People walk and write very unevenly, and no place is worse.

    At a nominal 5 %, at most 17 of 200 maps may show anything at all (binomial,
    99 % quantile), and next to none shows a place in most of the grids.
    """
    found, sure = 0, 0
    for _, tested, stands, _, _ in maps(200, 800, 800):
        found += bool(tested[0].found.rejected.any())
        sure += bool(stands.any())
    assert found <= 17
    assert sure <= 5


def test_counts_alone_show_nonsense_in_the_same_towns():
    """Why this is not the default: Gi* on counts calls many squares hot where none is worse."""
    every = np.array([(i, j) for i in range(20) for j in range(20)])
    false = []
    for seed in range(20):
        spots, kinds = some(800, 800, seed)
        cell = (spots[kinds == "unsafe"] // 200).astype(int)
        counts = np.bincount(cell @ [20, 1], minlength=400)
        found = getis_ord(counts, *neighbours(every), draws=9999, seed=1)
        false.append(benjamini_hochberg(found.p).rejected.sum())
    assert np.mean(false) > 5
    assert min(false) > 0


def test_a_busy_place_that_is_much_worse_is_found_where_marks_suffice():
    """In a block of two by two squares there are four times the unsafe marks for its people."""
    hits = []
    for _, _, stands, *_ in maps(30, 1500, 1500, worse=True, times=4.0):
        hits.append(bool(stands.any()))
    assert np.mean(hits) > 0.8


# ---- the analysis ----


def quietly(result):
    """Tell whether nothing is said of any single unit: no kind, no ratio, no p, no colour."""
    table = result.table
    return (
        not table["hot"].isin(LOUD).any()
        and table[["ratio", "p", "adjusted"]].isna().all(axis=None)
        and not (table["found_in"] > 0).any()
        and all(ink.startswith("g") for ink in result.style.inks)
        and not result.style.ranking
    )


def test_with_few_marks_the_answer_is_how_many_would_do():
    """Sixty unsafe and twenty at ease: no place is named, however unsafe all marks of one are."""
    spots, kinds = some(60, 20)
    spots[:12] = (110, 110)  # twelve unsafe marks on one spot
    result = run(marks(spots, kinds))
    assert quietly(result)
    assert str(result.answer[0]).startswith("Too few marks for hot spots: 80 of about ")
    needed = int(str(result.answer[0]).split()[-1].replace(",", ""))
    assert needed > 80
    assert 0 < result.figure("share_of_needed").value == pytest.approx(100 * 80 / needed)
    assert result.figure("power").value < 20
    assert result.table["marks"].sum() == 80


def test_larger_squares_are_advised_where_they_would_do():
    """Who follows the advice gets an answer with the same marks."""
    spots, kinds = some(350, 350)
    table = marks(spots, kinds)
    small = run(table, size="fine")
    assert quietly(small)
    assert any("squares of 400 m there are enough" in line for line in map(str, small.answer))
    large = run(table, size="coarse")
    assert not quietly(large)
    assert large.figure("power").value >= 80


def test_clusters_of_the_scan_are_outlined_and_told():
    """Sixty unsafe marks more on one spot of a town in which 400 of each kind lie."""
    spots, kinds = some(400, 400)
    spots = np.concatenate([spots, np.full((60, 2), 3900.0)])
    result = run(marks(spots, [*kinds, *["unsafe"] * 60]), size="coarse")
    told = next(table for table in result.tables if table.name == "scan").frame
    assert told["cases"].iloc[0] >= 60
    assert told["p"].iloc[0] == pytest.approx(0.001)
    assert len(result.lines) == len(told)
    spot = Point(WEST + 3900, SOUTH + 3900)
    assert result.lines.geometry.iloc[0].convex_hull.contains(spot)
    assert result.table.iloc[0]["in_scan"] == "yes"


def test_what_a_test_must_tell_stands_on_every_map():
    """Numbers, test, alternative, correction, seed, false alarms, power and what is missing."""
    spots, kinds = some(900, 900)
    for asked in ({}, {"daytime": "all", "unit": "segment"}, {"size": "coarse", "seed": 7}):
        result = run(marks(spots, kinds), **asked)
        told = next(table for table in result.tables if table.name == "testing").frame
        lines = dict(zip(map(str, told["what"]), map(str, told["told"]), strict=True))
        assert lines["Marks that count"] == "1,800, 900 of them of the kind looked for"
        assert "Fisher" in lines["Test"]
        assert lines["Alternative"].startswith("one-sided")
        assert lines["Correction"] == "Benjamini-Hochberg, false discovery rate 5 %"
        assert int(lines["Tests in the units shown"]) == result.figure("tests").value
        assert lines["Seed"] == str(asked.get("seed", 1))
        assert "False alarms to expect if no place is different" in lines
        assert lines["Power"].startswith("finds ")
        assert "Further marks that would do" in lines
        assert any("same readiness" in note for note in map(str, result.notes))


@pytest.fixture(scope="module")
def town():
    tables = sample_town(seed=1)
    return tables | {"streets": Network.from_streets(tables["streets"])}, tables


def invented_marks(tables, monkeypatch, times):
    """The marks of the invented town, so many times as many, and what is really so."""
    monkeypatch.setattr(invented, "BACKGROUND", invented.BACKGROUND * times)
    monkeypatch.setattr(invented, "EXCESS", invented.EXCESS * times)
    table, truth = invented.sample_marks(tables, seed=1, at=AT)
    names = ["kind", "factors", "daytime", "state", "received_on", "geometry"]
    return MARKS.complete(table.loc[table["state"] == "published", names]), truth


def test_the_truth_of_the_invented_town_is_found_when_marks_suffice(town, monkeypatch):
    """Dark spots of the town, and nothing else, though one district writes nine times another."""
    prepared, tables = town
    table, truth = invented_marks(tables, monkeypatch, 20)
    result = hot_spots(table, prepared["streets"], tables["districts"], tables["population"])
    sure = result.table[result.table["hot"] == "stable"]
    spots = truth[(truth["what"] == "spot") & (truth["kind"] == "unsafe")]
    dark = spots[spots["daytime"].isin(["night", "dusk"])]
    assert len(dark) == 3
    for spot in dark.itertuples():
        assert sure.geometry.intersects(spot.geometry).any(), spot.name
    around = shapely.union_all(spots.geometry.array)
    assert sure.geometry.intersects(around).all()
    assert (sure["ratio_low"] > 1).all()
    assert (sure["adjusted"] <= 0.05).all()
    assert (sure["found_in"] > 3.5).all()
    assert (sure["in_scan"] == "yes").any()
    assert str(result.answer[0]) == f"{len(sure)} places stand out"


def test_places_where_people_feel_at_ease_are_found_as_well(town, monkeypatch):
    prepared, tables = town
    table, truth = invented_marks(tables, monkeypatch, 30)
    looking = Looking(kind="at_ease", daytime="day")
    result = hot_spots(table, prepared["streets"], tables["districts"], looking=looking)
    sure = result.table[result.table["hot"] == "stable"]
    spots = truth[(truth["what"] == "spot") & (truth["kind"] == "at_ease")]
    assert len(sure)
    assert sure.geometry.intersects(shapely.union_all(spots.geometry.array)).all()
    assert "at-ease" in result.style.inks


def test_the_truth_of_the_invented_town_is_not_claimed_when_marks_do_not_suffice(town, monkeypatch):
    prepared, tables = town
    table, _ = invented_marks(tables, monkeypatch, 1)
    result = hot_spots(table, prepared["streets"], tables["districts"], tables["population"])
    assert quietly(result)
    assert "Too few marks" in str(result.answer[0])


def test_day_and_dark_are_told_apart_and_marks_without_a_time_are_named():
    """Three by day, two at dusk, one at night, four without a time."""
    table = marks([(10, 10)] * 10, ["unsafe"] * 10, daytime=["day"] * 3 + ["dusk"] * 2 + ["night"]
                  + [""] * 4)  # fmt: skip
    counted = {
        when: len(marks_for(Looking(daytime=when), table)) for when in ("dark", "day", "all")
    }
    assert counted == {"dark": 3, "day": 3, "all": 10}
    assert marks_for(Looking(), table).untimed == 4
    assert marks_for(Looking(daytime="all"), table).untimed == 0
    notes = " ".join(map(str, run(table).notes))
    assert "4 marks name no time of day" in notes


def test_marks_that_are_mended_resolved_or_expired_count_only_if_asked_for():
    table = marks([(10, 10)] * 5, ["unsafe"] * 5,
                  state=["published", "resolved", "expired", "published", "published"],
                  factors=["poor_light"] * 3 + ["poor_light;overgrown", "poor_light"],
                  mended=["", "", "", "poor_light", "poor_light"])  # fmt: skip
    assert len(marks_for(Looking(), table)) == 2  # the fourth still names what is overgrown
    assert marks_for(Looking(), table).closed == 3
    assert len(marks_for(Looking(valid="ever"), table)) == 5


def test_a_theme_asks_for_its_reasons_and_compares_with_all_marks_of_the_other_kind():
    table = marks([(10, 10)] * 4, ["unsafe", "unsafe", "unsafe", "at_ease"],
                  factors=["poor_light", "overgrown;traffic", "traffic", "good_light"])  # fmt: skip
    chosen = marks_for(Looking(factors=("poor_light", "overgrown")), table)
    assert chosen.case.tolist() == [True, True, False]
    assert chosen.other_reasons == 1


def test_without_marks_of_the_other_kind_there_are_counts_and_nothing_else():
    spots, _ = some(300, 0)
    result = run(marks(spots, ["unsafe"] * 300))
    assert quietly(result)
    assert str(result.answer[0]) == "Counts only: 300 marks, nothing can be tested"
    assert any("Without them" in line for line in map(str, result.answer))


def test_residents_are_a_hint_where_they_are_declared():
    """A hundred people in each of nine squares, 40 marks each but 400 in the first one."""
    cells = [box(WEST + 200 * i, SOUTH + 200 * j, WEST + 200 * (i + 1), SOUTH + 200 * (j + 1))
             for i in range(3) for j in range(3)]  # fmt: skip
    people = towns.layer("population", cells, residents=[100.0] * 9)
    many = [400] + [40] * 8
    middles = [(100 + 200 * i, 100 + 200 * j) for i in range(3) for j in range(3)]
    spots = [spot for spot, count in zip(middles, many, strict=True) for _ in range(count)]
    table = marks(spots, ["unsafe"] * len(spots))
    result = run(table, population=people, exposure="residents")
    assert result.table["hot"].tolist().count("found") == 1
    worst = result.table.iloc[0]
    assert (worst["unsafe"], worst["hot"]) == (400, "found")
    assert worst["expected"] == pytest.approx(80)
    assert worst["ratio"] == pytest.approx(5)
    assert "hint only" in str(result.answer[1])
    # never in the full colour, which is kept for the comparison of both kinds
    assert (
        dict(zip(result.style.kinds, result.style.inks, strict=True))["found"] == "unsafe striped"
    )
    assert "stable" not in set(result.table["hot"])


def test_squares_in_which_nobody_lives_are_not_tested_against_residents():
    """Half of a cell of 60 people lies in each of two squares; a third square has nobody."""
    cells = [box(100, 0, 300, 100)]
    people = Residents.of(towns.layer("population", cells, residents=[60.0]))
    units = squares(np.array([50.0, 250, 450]), np.array([50.0, 50, 50]), side=200)
    np.testing.assert_allclose(people.within(units), [30, 30, np.nan])


def test_power_against_residents_grows_with_marks_and_says_how_many_are_missing():
    few, more = exposed_power(np.full(50, 2.0), 100), exposed_power(np.full(50, 20.0), 1000)
    assert few[0].power < 0.5
    assert more[0].power > 0.99
    assert few[1] is not None
    enough = exposed_power(np.full(50, 2.0) * (100 + few[1]) / 100, 100 + few[1])
    assert enough[0].power >= 0.8


def test_gi_star_and_density_are_there_for_those_who_ask_and_never_in_the_colour_of_hot_spots():
    spots, kinds = some(400, 400)
    table = marks(spots, kinds)
    by_gi = run(table, method="gi_star")
    assert len(by_gi.table) > 400  # squares without marks count as none
    assert by_gi.table["z"].notna().all()
    assert all(ink.startswith("g") for ink in by_gi.style.inks)
    ways = grid()
    dense = run(table, method="density", streets=ways)
    lengths = dense.table.geometry.length
    held = segments(*(spots + np.array([WEST, SOUTH])).T, ways).unit >= 0
    told = (dense.table["density"] / 1000 * lengths).sum()
    assert told == pytest.approx((held & (kinds == "unsafe")).sum(), rel=1e-3)
    assert all(ink.startswith("g") for ink in dense.style.inks)


def test_neighbours_are_the_up_to_eight_squares_around():
    pointers, others = neighbours(np.array([[0, 0], [0, 1], [1, 1], [5, 5]]))
    around = [sorted(others[a:b].tolist()) for a, b in itertools.pairwise(pointers)]
    assert around == [[1, 2], [0, 2], [0, 1], []]


def test_both_kinds_are_checked_district_by_district():
    """In the west all are unsafe, in the east all at ease: that is told, in alphabetic order."""
    spots = [(100, 100)] * 30 + [(700, 100)] * 30
    areas = towns.layer(
        "districts",
        [
            box(WEST + 500, SOUTH, WEST + 1000, SOUTH + 900),
            box(WEST, SOUTH, WEST + 500, SOUTH + 900),
        ],
        name=["East", "West"],
    )
    result = run(marks(spots, ["unsafe"] * 30 + ["at_ease"] * 30), districts=areas)
    told = next(table for table in result.tables if table.name == "districts").frame
    assert [str(name) for name in told["district"]] == ["East", "West", "the whole city"]
    assert told["unsafe"].tolist() == [0, 30, 30]
    assert told["differs"].tolist() == [True, True, False]
    assert told["low"].iloc[1] == pytest.approx(100 * 0.05 ** (1 / 30))  # all of 30, from below
    assert any(
        "In 2 districts" in note or "in 2 districts" in note for note in map(str, result.notes)
    )


strange = {
    "none": ([], []),
    "one": ([(10, 10)], ["unsafe"]),
    "one spot": ([(10, 10)] * 50, ["unsafe", "at_ease"] * 25),
    "all unsafe": (some(200, 0)[0], ["unsafe"] * 200),
    "all at ease": (some(200, 0)[0], ["at_ease"] * 200),
}


@pytest.mark.parametrize("method", ["compare", "exposure", "gi_star", "density"])
@pytest.mark.parametrize("name", strange)
def test_strange_marks_get_a_calm_answer(name, method):
    """No marks, one mark, all on one spot, one kind only; no districts, no people."""
    spots, kinds = strange[name]
    for unit in ("square", "segment"):
        result = run(marks(spots, kinds), method=method, unit=unit, exposure="residents")
        assert result.answer
        assert list(result.table.columns[:-1]) == [column.name for column in COLUMNS]
        if method != "gi_star":
            assert not result.table["hot"].isin(LOUD).any()


def test_the_same_question_gets_the_same_answer_and_leaves_its_tables_alone():
    spots, kinds = some(900, 900, worse=True, times=8.0)
    table = marks(spots, kinds)
    before = table.copy(deep=True)
    first, second = run(table), run(table)
    assert first.table.equals(second.table)
    assert first.answer == second.answer
    assert table.equals(before)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_marks_does_not_matter(seed):
    spots, kinds = some(900, 700, seed, worse=True, times=8.0)
    table = marks(spots, kinds)
    ways = grid()
    first = hot_spots(table, ways)
    second = hot_spots(table.sample(frac=1, random_state=seed), ways)
    assert first.table.drop(columns="geometry").equals(second.table.drop(columns="geometry"))


def test_only_staff_may_ask():
    assert ANALYSIS.roles == ("prevention", "moderator", "administrator")
    assert ANALYSIS.confidential


def test_marks_spread_evenly_over_a_city_do_not_unlock_what_they_could_not_show():
    """With four marks of each kind in every square, twelve to four is no wonder among 400."""
    side = np.arange(20) * 200.0 + 100.0
    x, y = (np.repeat(axis.ravel(), 8) for axis in np.meshgrid(side, side))
    spread = Marks(
        x + WEST, y + SOUTH, np.arange(len(x)) % 2 == 0, np.full(len(x), -1),
        untimed=0, other_reasons=0, closed=0,
    )  # fmt: skip
    finding = find(spread, Looking(), ways=grid())
    assert local_excess(1600, 1600, units=400, draws=200, seed=1).power > 0.9
    assert finding.power.power < 0.5
    assert finding.power.needed.both
    assert not finding.enough


def test_a_block_is_a_square_with_its_neighbours_to_the_north_east():
    """Three squares in an angle: the corner has both, the others nobody but themselves."""
    found = blocks(np.array([[0, 0], [1, 0], [0, 1]]))
    assert found.tolist() == [[0, 1, 2, 0], [1, 1, 1, 1], [2, 2, 2, 2]]
