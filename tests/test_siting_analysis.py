"""Where places should stand, on towns whose best sites can be counted with a pencil."""

import itertools

import numpy as np
import pytest

from layers import ANALYSES, InfeasibleError, ParameterError
from layers.network import Network
from layers.sites import sites
from layers.siting_question import AIMS, Wish
from layers.watch import nobody

from . import towns

SITING = ANALYSES["siting"]
WEST, SOUTH = towns.WEST, towns.SOUTH


def ladder() -> towns.Town:
    """
    One street of nine corners, 333 m apart, with a dead end at each; nobody has a place.

        corner    0   1   2   3   4   5   6   7   8
        people   10   1  40   0   0   0  30   1  20

    An adult takes five minutes for each block. Corners are candidates where people live.
    """
    x = WEST + 333 * np.arange(9)
    blocks = [[(a, SOUTH), (b, SOUTH)] for a, b in itertools.pairwise(x)]
    ends = [[(a, SOUTH), (a, SOUTH + 20)] for a in x]
    people = [10, 1, 40, 0, 0, 0, 30, 1, 20]
    return {
        "population": towns.homes([(a, SOUTH) for a in x], people),
        "streets": towns.streets(blocks + ends, name=["High Street"] * 8 + ["Lane"] * 9),
        "meeting_places": towns.places([]),
    }


def run(town, *, quick=False, **text):
    """Ask the town, with one corner per 50 m and a limit of five minutes unless told otherwise."""
    told = {"spacing": "50", "minutes": "5.1", "walker": "adult"} | text
    prepared = {**town, "streets": Network.from_streets(town["streets"])}
    values = SITING.parse(told)
    return SITING.quick(**prepared, **values) if quick else SITING.run(**prepared, **values)


def corners(result):
    """Return the corners that were chosen, by number from the west."""
    x = result.marked.geometry.x.to_numpy()
    return sorted(np.rint((x - WEST) / 333).astype(int).tolist())


def test_one_place_reaches_most_people_from_the_corner_between_them():
    """Corner 7 reaches 30 + 1 + 20, corner 1 reaches 10 + 1 + 40: 51 either way."""
    result = run(ladder(), places_more="1")
    assert corners(result) in ([1], [7])
    assert result.figure("people_gained").value == 51
    assert "Proven" in result.answer[2]
    assert result.figure("gap").value == 0


def test_two_places_reach_everybody():
    """Corners 1 and 7 hold all 102 within one block."""
    result = run(ladder(), places_more="2")
    assert corners(result) == [1, 7]
    assert result.figure("share_covered").value == 100
    assert result.figure("share_before").value == 0


def test_the_fewest_places_for_everybody_are_two():
    """Asked for everybody, the answer is the same two corners."""
    result = run(ladder(), aim="all")
    assert corners(result) == [1, 7]
    assert result.figure("new_places").value == 2


def test_the_shortest_walks_stand_where_most_people_live():
    """Two places on the 40 and the 30 people: from the 1 and the 20 people one walks to them."""
    result = run(ladder(), aim="short", places_more="2")
    assert corners(result) == [2, 6]


def test_the_longest_walk_is_shortest_from_the_corners_between():
    """From 1 and 7 nobody walks more than one block."""
    result = run(ladder(), aim="longest", places_more="2")
    assert result.figure("longest_walk").value == pytest.approx(5, abs=0.02)
    assert corners(result) == [1, 7]


def test_places_that_stand_are_kept_and_the_new_one_gains_what_is_left():
    """With a library on corner 1, the next place belongs on corner 7."""
    town = ladder() | {"meeting_places": towns.places([(WEST + 333, SOUTH)])}
    result = run(town, places_more="1")
    assert corners(result) == [7]
    assert result.figure("share_before").value == 50
    (chosen,) = [table for table in result.tables if table.name == "chosen"]
    assert chosen.frame["gained"].tolist() == [51]
    assert chosen.frame["nearest"].tolist() == [51]


def test_a_place_that_may_be_closed_is_replaced_by_a_better_one():
    """A library where nobody is near closes, and two places stand where people are."""
    town = ladder() | {"meeting_places": towns.places([(WEST + 4 * 333, SOUTH)])}
    kept = run(town, places_more="1")
    moved = run(town, places_more="1", existing="movable")
    assert kept.figure("share_covered").value == 50
    assert moved.figure("share_covered").value == 100
    assert corners(moved) == [1, 7]
    assert any("would close: Place 0" in note for note in moved.notes)


def test_a_district_with_few_people_gets_its_share_when_asked():
    """Few live in the west: one place stands in the east, a floor brings the west its own."""
    town = ladder()
    town["population"]["residents"] = np.array([1.0, 1, 4, 0, 0, 0, 60, 1, 20])
    town["districts"] = towns.layer(
        "districts",
        [towns.box(WEST - 50, SOUTH - 50, WEST + 1000, SOUTH + 50),
         towns.box(WEST + 1000, SOUTH - 50, WEST + 5000, SOUTH + 50)],
        name=["West", "East"],
    )  # fmt: skip
    plain = run(town, places_more="1")
    fair = run(town, places_more="2", floor="90", minutes="5.1")
    assert corners(plain) == [7]
    (table,) = [table for table in fair.tables if table.name == "districts"]
    assert (table.frame["after"] >= 90).all()


def test_a_floor_that_cannot_be_had_is_refused_in_words():
    """One place cannot reach nine in ten on both sides of the town."""
    town = ladder()
    town["districts"] = towns.layer(
        "districts",
        [towns.box(WEST - 50, SOUTH - 50, WEST + 1000, SOUTH + 50),
         towns.box(WEST + 1000, SOUTH - 50, WEST + 5000, SOUTH + 50)],
        name=["West", "East"],
    )  # fmt: skip
    with pytest.raises(InfeasibleError):
        run(town, places_more="1", floor="90")


def test_weighed_people_draw_the_place_to_them():
    """46 old people in the east count five times: the place goes there."""
    town = ladder()
    town["population"]["aged_75plus"] = np.array([0.0, 0, 1, 0, 0, 0, 25, 1, 20])
    town["population"]["residents"] = np.array([15.0, 1, 45, 0, 0, 0, 30, 1, 20])
    assert corners(run(town, places_more="1")) == [1]
    assert corners(run(town, places_more="1", weighed="aged_75plus", factor="5")) == [7]


def test_room_in_a_new_place_is_kept_to():
    """A place for 45 people cannot take all 51 around it."""
    result = run(ladder(), places_more="1", room="45")
    assert result.figure("value").value == 45


def test_the_quick_answer_is_never_better_than_its_bound():
    """For every aim, what is found at once and the bound hold the proven value between them."""
    for aim in AIMS:
        quick, proven = run(ladder(), aim=aim, quick=True), run(ladder(), aim=aim)
        values = (quick.figure("value").value, quick.figure("bound").value)
        assert min(values) - 1e-6 <= proven.figure("value").value <= max(values) + 1e-6
        assert set(quick.table.columns) == {column.name for column in SITING.columns} | {"geometry"}


def test_corners_lie_where_people_live_and_one_per_square():
    """Two inhabited corners of nine are candidates where squares are small, one where large."""
    town = ladder()
    town["population"] = town["population"].iloc[[2, 3]].copy()
    town["population"]["residents"] = [40.0, 10.0]
    streets = Network.from_streets(town["streets"])
    places = town["meeting_places"]

    def found(spacing):
        wish = Wish(spacing=spacing)
        return sites(wish, town["population"], streets, places, places, None)

    assert [round((p.x - WEST) / 333) for p in found(50).points] == [2, 3]
    assert len(found(1000).ids) == 1
    assert found(1000).ids == found(1000).ids


def test_a_site_is_called_by_its_streets_or_its_address():
    """Where two streets meet both are named; namesakes are numbered."""
    result = run(ladder(), places_more="2")
    assert result.marked["name"].tolist() == ["High Street / Lane", "High Street / Lane (2)"]


def test_other_places_and_public_buildings_can_be_candidates():
    """A school in the east is a candidate; a garage is not."""
    town = ladder()
    spots = [
        towns.box(WEST + 333 * n - 5, SOUTH + 5, WEST + 333 * n + 5, SOUTH + 9) for n in (7, 1)
    ]
    town["buildings"] = towns.layer(
        "buildings", spots, kind=["school", "garage"], name=["Hill School", ""]
    )
    result = run(town, places_more="1", candidates="buildings", minutes="6")
    assert result.marked["name"].tolist() == ["Hill School"]
    town["meeting_places"] = towns.places([(WEST + 333, SOUTH)], kind="park")
    result = run(town, places_more="1", candidates="places", kinds="library")
    assert result.marked["name"].tolist() == ["Place 0"]


def test_without_a_candidate_it_says_what_to_do():
    """No buildings, no sites."""
    with pytest.raises(InfeasibleError, match="choose other candidates"):
        run(ladder(), candidates="buildings")


def test_a_group_that_is_not_counted_is_refused():
    """As in every analysis."""
    with pytest.raises(ParameterError, match="does not count"):
        run(ladder(), group="under_10")


def test_every_aim_has_a_sentence_whose_parts_can_be_changed():
    """Each placeholder of a sentence stands for parameters that exist."""
    for aim in AIMS:
        sentence = Wish(aim=aim).sentence()
        assert sentence.endswith("?")
        for name in sentence.values:
            assert set(Wish.parts()[name]) <= set(SITING.parameters)


def test_whoever_waits_hears_how_far_it_is():
    """The progress rises from 0 to 1."""
    heard = []
    prepared = ladder()
    prepared["streets"] = Network.from_streets(prepared["streets"])
    values = SITING.parse({"spacing": "50", "minutes": "5.1", "places_more": "1"})
    SITING.run(**prepared, **values, watch=lambda done, _doing: heard.append(done))
    assert heard[0] == 0
    assert heard[-1] == 1
    assert heard == sorted(heard)
    assert nobody(0, "") is None


def test_today_and_then_have_intervals_and_the_gain_has_a_narrower_one():
    """Fifty-one are gained: the difference is told in people, and both shares hold their value."""
    town = ladder() | {"meeting_places": towns.places([(WEST + 333, SOUTH)])}
    result = run(town, places_more="1", minutes="6")
    for name in ("share_before", "share_covered"):
        figure = result.figure(name)
        assert figure.low <= figure.value <= figure.high
    (told,) = [note for note in result.notes if "surer than either share" in note]
    assert told.values["low"] <= result.figure("people_gained").value <= told.values["high"]
