"""Coverage, checked against walks counted by hand and laws that hold in any town."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers import MissingLayerError, ParameterError
from layers.analyses.coverage import coverage, walk_of
from layers.network import Network
from layers.question import Question
from layers.walkers import WALKERS

from . import towns

seeds = st.integers(0, 10_000)
laws = settings(max_examples=25, deadline=None)


def prepared(town):
    return town | {"streets": Network.from_streets(town["streets"])}


def run(town, **parameters):
    return coverage(**prepared(town), question=Question(**parameters))


def value(result, name):
    return result.figure(name).value


def test_walks_on_main_street():
    """Blocks of 111 m at 1.11 m/s take 100 s each; whoever needs at most 4 min is covered."""
    table = run(towns.main_street(), minutes=4).table
    np.testing.assert_allclose(table["minutes"] * 60, [0, 100, 200, 300, 400], atol=1e-4)
    assert table["covered"].tolist() == ["yes", "yes", "yes", "no", "no"]
    assert table["people_uncovered"].tolist() == [0, 0, 0, 40, 50]
    assert set(table["place"]) == {"Library"}


def test_figures_of_main_street():
    """Of 150 people 60 are covered (40 %); of 15 people over 75, six (40 %)."""
    result = run(towns.main_street(), minutes=4)
    assert value(result, "people_covered") == 60
    assert value(result, "people_not_covered") == 90
    assert value(result, "share_covered") == pytest.approx(40)
    assert value(result, "share_covered_aged_75plus") == pytest.approx(40)
    assert value(result, "people_covered_aged_75plus") == 6
    assert value(result, "median_walk") == pytest.approx(5)
    assert value(result, "p90_walk") == pytest.approx(400 / 60)
    assert str(result.answer[0]) == "40 of 100 people"


def test_the_limit_itself_still_counts():
    """A walk of exactly the minutes asked for is in time."""
    result = run(towns.main_street(), minutes=5)
    assert value(result, "people_covered") == 100


def test_a_group_is_counted_by_its_own_number():
    """Asked for people over 75, six of 15 are covered."""
    result = run(towns.main_street(), minutes=4, group="aged_75plus")
    assert value(result, "people_covered") == 6
    assert str(result.answer[0]) == "40 of 100 people of 75 and over"


def test_a_slower_walker_covers_less():
    """At 0.69 m/s, four minutes are 165.6 m: one block."""
    assert value(run(towns.main_street(), minutes=4, walker="85plus"), "people_covered") == 30


def test_the_curve_is_the_share_at_every_minute():
    """10, 30, 60, 100, 150 people are within 0, 100, 200, 300, 400 s."""
    curve = run(towns.main_street()).tables[0].frame.set_index("minutes")
    assert curve.index.tolist() == list(range(1, 31))
    np.testing.assert_allclose(
        curve["on_foot"].loc[1:7], np.array([10, 30, 30, 60, 100, 100, 150]) / 1.5
    )


def test_districts_add_up_to_the_city():
    """West holds 60 people, all covered; East 90, none."""
    districts = run(towns.main_street(), minutes=4).tables[1].frame
    assert districts["people"].tolist() == [60, 90]
    assert districts["share"].tolist() == [100, 0]
    assert districts["people_uncovered"].sum() == 90


def test_people_outside_all_districts_are_told_not_lost():
    """Without the district East, its 90 people stand in a row of their own."""
    town = towns.main_street()
    town["districts"] = town["districts"].iloc[:1]
    districts = run(town, minutes=4).tables[1].frame
    assert districts["district"].tolist() == ["West", "outside all districts"]
    assert districts["people"].sum() == 150


def test_the_straight_line_flatters():
    r"""
    Home and library 100 m apart across a river; the bridge is 500 m away.

        home ----500---- bridge
                          |100
        library --500-----'
    """
    x, y = towns.WEST, towns.SOUTH
    town = {
        "population": towns.homes([(x, y)], [100]),
        "meeting_places": towns.places([(x, y + 100)]),
        "streets": towns.streets([[(x, y), (x + 500, y), (x + 500, y + 100), (x, y + 100)]]),
    }
    result = run(town, minutes=10)
    assert result.table["metres"].iloc[0] == pytest.approx(1100)
    assert value(result, "share_covered") == 0
    assert value(result, "share_straight_line") == 100


def test_people_without_any_walk_are_not_connected():
    """An island with 50 of 150 people: they count as not connected and as without a place."""
    town = towns.main_street()
    town["streets"] = town["streets"].iloc[:3]
    far = town["population"].geometry.iloc[4:].translate(xoff=1000)
    town["population"] = town["population"].copy()
    town["population"].loc["4", "geometry"] = far.iloc[0]
    result = run(town)
    assert value(result, "people_not_connected") == 50
    assert np.isinf(result.table["minutes"].iloc[4])


def test_a_median_nobody_can_walk_is_unknown_not_infinite():
    """Where most people have no walk at all, the figure says that it cannot be told."""
    town = towns.main_street()
    town["streets"] = town["streets"].iloc[:0]
    figure = run(town).figure("median_walk")
    assert np.isnan(figure.value)
    assert figure.note


def test_no_places_means_no_coverage():
    """An empty layer of places is an answer (nobody), not an error."""
    town = towns.main_street()
    town["meeting_places"] = town["meeting_places"].iloc[:0]
    result = run(town)
    assert value(result, "share_covered") == 0
    assert str(result.answer[0]) == "0 of 100 people"


def test_nobody_lives_here():
    """Without people there is no share, and the page says so."""
    town = towns.main_street()
    town["population"] = town["population"].iloc[:0]
    result = run(town)
    assert np.isnan(value(result, "share_covered"))
    assert "Nobody" in result.answer[0]


def test_a_headline_never_rounds_a_gap_away():
    """One person in a thousand without a place: 99 of 100, not 100."""
    town = towns.main_street()
    town["population"] = towns.homes(
        [(towns.WEST, towns.SOUTH), (towns.WEST + 444, towns.SOUTH)], [999, 1]
    )
    assert str(run(town, minutes=4).answer[0]) == "99 of 100 people"


def test_only_the_kinds_and_fees_asked_for_count():
    """A café costs by its kind, a library does not; a fee that is recorded decides."""
    x, y = towns.WEST, towns.SOUTH
    town = towns.main_street()
    town["meeting_places"] = towns.places(
        [(x, y), (x + 444, y), (x + 222, y)],
        kind=["cafe", "library", "library"],
        fee=["unknown", "unknown", "yes"],
    )
    everything = run(town, kinds=(), minutes=1)
    assert value(everything, "people_covered") == 10 + 50 + 30
    assert value(run(town, kinds=("library",), minutes=1), "people_covered") == 50 + 30
    assert value(run(town, kinds=(), free_only=True, minutes=1), "people_covered") == 50


def test_counselling_is_covered_by_contact_points_never_by_protected_places():
    """The shelter has no location; the phone service reaches nobody on foot; the office does."""
    town = towns.main_street()
    spot = town["meeting_places"].geometry.iloc[0]
    town["counselling_services"] = towns.layer(
        "counselling_services",
        [None, None, spot],
        name=["Shelter", "Phone", "Office"],
        topics=["violence", "violence;crisis", "debt; family"],
        protected=[True, False, False],
        by_phone=["yes", "yes", "unknown"],
    )
    result = run(town, reach="counselling_services", minutes=1)
    assert set(result.table["place"]) == {"Office"}
    assert value(result, "people_covered") == 10
    violence = run(town, reach="counselling_services", topics=("violence",), minutes=1)
    assert value(violence, "people_covered") == 0
    assert (
        value(
            run(town, reach="counselling_services", topics=("family",), minutes=1), "people_covered"
        )
        == 10
    )


def test_wheelchair_figures_come_as_worst_and_best_case():
    """One block of five is not described: the worst case ends there, the best goes on."""
    town = towns.main_street()
    town["streets"] = town["streets"].assign(surface=["asphalt", "", "asphalt", "asphalt"])
    for walker in ("wheelchair_best", "wheelchair_worst"):
        figure = run(town, walker=walker, minutes=60).figure("share_covered")
        # in the worst case people at 0 and 1 (10 + 20 of 150) reach the library
        # simulated doubt about the counts lies round both, but is small here
        assert figure.low == pytest.approx(20, abs=3)
        assert figure.low <= 20
        assert figure.high == pytest.approx(100)


def test_estimated_and_unreliable_numbers_are_told():
    """Downscaled cells and cells the census calls unreliable appear in the notes."""
    town = towns.main_street()
    town["population"] = town["population"].assign(
        downscaled=[True, True, False, False, False], reliable=["no", "unknown", "no", "yes", "yes"]
    )
    notes = " ".join(run(town).notes)
    assert "30 of 150 people are estimated" in notes
    assert "1 cell holds a number that its source calls unreliable" in notes


def test_that_there_is_no_such_place_is_told_before_all_else():
    """Nobody lives too far from what does not exist; who helps by phone is still named."""
    town = towns.main_street()
    town["counselling_services"] = towns.layer(
        "counselling_services", [Point(0, 0)], name=["A"], topics=["debt"], by_phone=["yes"]
    )
    found = run(town, reach="counselling_services", topics=("violence",))
    assert found.notes[0].startswith("There is no such place in the data: none of the 1 known")
    assert any("1 service also helps by phone" in note for note in found.notes)
    del town["counselling_services"]
    assert "no such place" not in " ".join(run(town).notes)


def test_more_people_than_a_hectare_can_hold_are_told():
    """Five people on 100 m² are 500 per hectare; estimated, they are doubted, counted, not."""
    town = towns.main_street()
    cells = town["population"].assign(residents=[5.0, 1, 1, 1, 1])
    town["population"] = cells.assign(downscaled=True)
    assert any("In 1 cell more than 400 people per hectare" in note for note in run(town).notes)
    town["population"] = cells.assign(downscaled=False)
    assert not any("per hectare" in note for note in run(town).notes)


def test_coarse_cells_are_told():
    """A cell of 1 km starts from one point; the notes say what to do."""
    town = towns.main_street()
    x, y = towns.WEST, towns.SOUTH
    town["population"] = towns.layer("population", [box(x, y, x + 1000, y + 1000)], residents=[9.0])
    assert any("--downscale" in note for note in run(town).notes)


def test_an_unknown_group_is_refused_with_what_is_known():
    """Nothing is known about children on main street."""
    with pytest.raises(ParameterError, match=r"under 18.*it knows people"):
        run(towns.main_street(), group="under_18")


def test_a_missing_layer_is_named():
    """Without counselling services that question cannot be answered."""
    with pytest.raises(MissingLayerError, match="counselling"):
        run(towns.main_street(), reach="counselling_services")


def test_the_walk_behind_a_cell_can_be_drawn():
    """From home 3 to the library: 333 m."""
    line = walk_of("3", **prepared(towns.main_street()))
    assert line.geometry.length.tolist() == pytest.approx([333])


def test_inputs_are_not_changed():
    """Tables go in as they come out."""
    town = prepared(towns.main_street())
    before = {name: town[name].copy() for name in ("population", "meeting_places", "districts")}
    coverage(**town, question=Question())
    for name, table in before.items():
        assert table.equals(town[name])


@laws
@given(seeds)
def test_another_place_never_lengthens_a_walk(seed):
    """Adding a place can only bring people closer."""
    town = towns.random_town(seed, places_=5)
    fewer = town | {"meeting_places": town["meeting_places"].iloc[:-1]}
    assert (run(town).table["minutes"] <= run(fewer).table["minutes"] + 1e-6).all()


@laws
@given(seeds)
def test_the_order_of_rows_does_not_matter(seed):
    """Shuffled tables give the same walk for every cell."""
    town = towns.random_town(seed)
    mixed = run(towns.shuffled(town, seed)).table["minutes"].sort_index()
    np.testing.assert_allclose(mixed, run(town).table["minutes"].sort_index(), atol=1e-6)


@laws
@given(seeds)
def test_no_walk_is_shorter_than_the_crow_flies(seed):
    """The straight line is a lower bound, cell by cell and in the headline."""
    result = run(towns.random_town(seed))
    table = result.table
    assert (table["minutes"] >= table["straight_line"] - 1e-6).all()
    assert value(result, "share_covered") <= value(result, "share_straight_line") + 1e-9


@laws
@given(seeds, st.floats(1, 29))
def test_more_minutes_never_cover_fewer_people(seed, minutes):
    """The curve never falls."""
    town = towns.random_town(seed)
    less, more = (run(town, minutes=m) for m in (minutes, minutes + 1))
    assert value(less, "people_covered") <= value(more, "people_covered")
    assert (np.diff(less.tables[0].frame["on_foot"]) >= -1e-9).all()


@laws
@given(seeds, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_a_town_moved_elsewhere_has_the_same_walks(seed, dx, dy):
    """Only distances count, not where the town lies."""
    town = towns.random_town(seed)
    moved = {n: t.set_geometry(t.translate(round(dx, 2), round(dy, 2))) for n, t in town.items()}
    here, there = run(town).table["metres"], run(moved).table["metres"]
    np.testing.assert_allclose(here, there, atol=1e-3)


@laws
@given(seeds)
def test_covered_and_not_covered_are_everybody(seed):
    """Nobody is lost between the two figures."""
    town = towns.random_town(seed)
    result = run(town, minutes=3)
    everybody = town["population"]["residents"].sum()
    assert value(result, "people_covered") + value(result, "people_not_covered") == everybody


def test_every_walker_can_be_asked_for():
    """Each profile of data/walkers.toml gives an answer, the fastest the largest."""
    town = towns.main_street()
    shares = {name: value(run(town, walker=name, minutes=4), "share_covered") for name in WALKERS}
    assert max(shares, key=shares.get) == "adult"


def test_a_question_tells_itself():
    """The sentence names every part that can be changed."""
    question = Question(kinds=("library",), free_only=True, walker="75plus", minutes=7)
    assert question.sentence() == (
        "How many people reach a free place to meet (library) on foot at 75 and over"
        " within 7 minutes?"
    )
    assert set(question.parts()) - {"open"} == set(question.sentence().values)
    asked = dataclasses.replace(question, open_when="sunday", open_hour=15)
    assert set(asked.parts()) == set(asked.sentence().values)
    assert asked.sentence().startswith(
        "How many people reach a free place to meet (library) that is open on Sundays at 15:00 on"
    )
    told = {name for names in question.parts().values() for name in names}
    assert told == {field.name for field in dataclasses.fields(Question)}
