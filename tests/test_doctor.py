"""Network doctor: planted faults are found, and links help whom they say."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString

from geo_app.origin import Import
from geo_app.results import compute
from layers import ANALYSES, LAYERS, paths
from layers.doctor import helped, suspects
from layers.joins import joined
from layers.network import Network

from . import towns
from .staff import send, signed_in, staffed

W, S = towns.WEST, towns.SOUTH


def gap_town(gap: float = 2.0):
    r"""
    A street of 600 m with a gap, and a long way round over the north.

        +------------ 300 north -----------+
        |                                  |
     library --- 300 --- ] gap [ --- 300 - home (50 people)
    """
    west = [(W, S), (W + 300, S)]
    east = [(W + 300 + gap, S), (W + 600, S)]
    north = [(W, S), (W, S + 300), (W + 600, S + 300), (W + 600, S)]
    return {
        "population": towns.homes([(W + 600, S)], [50]),
        "meeting_places": towns.places([(W, S)], name=["Library"]),
        "streets": towns.streets([west, east, north], name=["West", "East", "North"]),
    }


def network_of(town) -> Network:
    """Return the walking network of a town."""
    return Network.from_streets(town["streets"])


def examine(town, **question):
    """Run the analysis on a town."""
    analysis = ANALYSES["network_doctor"]
    inputs = {name: LAYERS[name].prepare(town[name]) for name in analysis.inputs if name in town}
    return analysis.run(**inputs, **analysis.parse(question))


def test_a_gap_is_found_and_said_to_matter_to_those_behind_it():
    """Two ends miss each other by 2 m: 50 people walk 1,200 m instead of 600 m."""
    result = examine(gap_town())
    worst = result.table.iloc[0]
    assert worst["kind"] == "near_miss"
    assert worst["people"] == 50
    assert worst["gap"] == pytest.approx(2)
    # 1,200 m at 1.11 m/s are 18 min, 600 m are 9 min: newly within a quarter of an hour
    assert worst["people_gained"] == 50
    assert worst["minutes"] == pytest.approx(600 / 1.11 / 60, rel=0.01)
    assert "50 people" in result.answer[0]


def test_a_wide_gap_is_no_near_miss():
    """Twenty metres apart are two dead ends, not a slip of the mouse."""
    assert "near_miss" not in set(suspects(network_of(gap_town(20.0))).kind)


def test_ways_that_cross_on_the_ground_are_suspected_and_bridges_are_not():
    """A crossing without a junction is one suspicion; on a bridge it is none."""
    cross = [[(W, S), (W + 100, S)], [(W + 50, S - 50), (W + 50, S + 50)]]
    plain = network_of({"streets": towns.streets(cross)})
    assert suspects(plain).kind.tolist().count("crossing") == 1
    bridge = towns.streets(cross, bridge=[True, False])
    assert "crossing" not in set(suspects(network_of({"streets": bridge})).kind)


def test_an_island_is_found_with_its_shortest_link():
    """A street 10 m off the main one, joined to nothing."""
    lines = [[(W, S), (W + 100, S)], [(W + 100, S), (W + 200, S)], [(W, S + 10), (W + 90, S + 10)]]
    found = suspects(network_of({"streets": towns.streets(lines)}))
    assert found.kind.tolist() == ["island"]
    assert found.line[0].length == pytest.approx(10)


def test_homes_far_from_every_way_are_listed():
    """150 m from the street is farther than usual; 3 m is not."""
    town = towns.main_street()
    town["population"] = towns.homes([(W, S + 150), (W, S + 3)], [7, 9])
    table = examine(town).table
    assert table[table["kind"] == "long_snap"]["people"].tolist() == [7]


def test_a_long_way_round_is_listed():
    """Over a river of 20 m by a bridge 700 m away."""
    ways = [
        [(W, S), (W + 700, S)],
        [(W + 700, S), (W + 700, S + 20)],
        [(W + 700, S + 20), (W, S + 20)],
    ]
    town = {
        "population": towns.homes([(W, S)], [12]),
        "meeting_places": towns.places([(W, S + 20)]),
        "streets": towns.streets(ways),
    }
    table = examine(town).table
    assert table[table["kind"] == "detour"]["people"].tolist() == [12]


@given(st.integers(0, 5000))
def test_a_link_helps_whom_the_doctor_says(seed):
    """Putting the link in and walking again is never worse, and reaches what was promised."""
    town = towns.random_town(seed)
    network, homes = network_of(town), town["population"].centroid
    places = town["meeting_places"].geometry
    rng = np.random.default_rng(seed)
    a, b = rng.choice(len(network.junctions), 2, replace=False)
    line = LineString(network.junctions[[a, b]])
    # homes and places keep to the streets they lie at: a link is a passage, not an address
    points = np.concatenate([np.asarray(homes.array), np.asarray(places.array)])
    stubs = network.tree.query_nearest(points, return_distance=True, all_matches=False)[1]
    assume((shapely.distance(points, line) > stubs).all())
    found = paths.nearest(network.graph, *network.ends(network.snap(places)))
    before, after = helped(network, homes, found, line)
    again = joined(network, towns.layer("street_links", [line])).nearest(homes, places).metres
    assert (after <= before + 1e-6).all()
    assert (again <= network.nearest(homes, places).metres + 1e-6).all()
    # the promise is kept: nobody walks farther than the doctor said
    assert (again <= after + 1e-6).all()


@given(st.integers(0, 5000))
def test_no_links_change_nothing(seed):
    """With nothing added every walk is what it was, to the last bit."""
    town = towns.random_town(seed)
    network, homes = network_of(town), town["population"].centroid
    places = town["meeting_places"].geometry
    same = joined(network, towns.layer("street_links", []))
    assert (
        same.nearest(homes, places).metres.tolist()
        == network.nearest(homes, places).metres.tolist()
    )


def test_a_link_splits_the_ways_it_meets_and_their_length_stays():
    """Pieces of a cut street are as long as the street, and a link knows nothing of light."""
    town = gap_town()
    network = network_of(town)
    line = LineString([(W + 150, S), (W + 150, S + 300)])
    more = joined(network, towns.layer("street_links", [line]))
    assert len(more.lines) == len(network.lines) + 3
    assert more.metres.sum() == pytest.approx(network.metres.sum() + 300)
    assert more.lit[-1] == more.steps[-1] == more.step_free[-1] == "unknown"


def test_a_link_far_from_every_way_is_left_out():
    """After an import in which the street is gone, its link is not put anywhere else."""
    network = network_of(gap_town())
    line = LineString([(W + 5000, S), (W + 5002, S)])
    assert len(joined(network, towns.layer("street_links", [line])).lines) == len(network.lines)


@pytest.fixture
def planner(app, main_street, now):
    """A planner at the desk of a city whose street has a gap."""
    town = gap_town()
    origin = main_street[0].origin
    people = [Import(LAYERS[name], table, origin) for name, table in town.items()]
    app.extensions["store"].write(people, at=now)
    return signed_in(staffed(app), "paul")


def share(client):
    """Return the share reached in ten minutes [%]."""
    answer = client.get("/analyses/coverage/record.json?minutes=10")
    return json.loads(answer.data)["figures"]["share_covered"]["value"]


def suspicion(app):
    """Return the id of the gap."""
    computed = compute(
        app.extensions["store"], ANALYSES["network_doctor"], ANALYSES["network_doctor"].parse({})
    )
    return computed.result.table.index[0]


def test_a_link_counts_as_soon_as_it_is_added_and_is_gone_when_taken_out(app, planner):
    """600 m are nine minutes: nobody before, all 50 after, nobody again once it is out."""
    before = planner.get("/analyses/coverage/record.json?minutes=10").data
    row = suspicion(app)
    assert share(planner) == 0
    assert send(planner, "/doctor/accept", row=row).status_code == 303
    assert share(planner) == pytest.approx(100)
    listed = planner.get("/analyses/network_doctor").get_data(as_text=True)
    told = listed.split("Bisher ergänzte Verbindungen")[1]
    assert "knapp verfehlt" in told
    assert "31. Mai 2026" in told or "31.05.2026" in told
    assert send(planner, "/doctor/remove", row=row).status_code == 303
    after = planner.get("/analyses/coverage/record.json?minutes=10").data
    assert json.loads(after)["figures"] == json.loads(before)["figures"]


def test_a_link_survives_the_next_import(app, planner, main_street, now):
    """The same streets, imported again, still have the link."""
    send(planner, "/doctor/accept", row=suspicion(app))
    again = Import(LAYERS["streets"], gap_town()["streets"], main_street[0].origin)
    app.extensions["store"].write([again], at=now)
    assert share(planner) == pytest.approx(100)


@pytest.mark.usefixtures("planner")
def test_the_public_may_look_but_not_add(app, client):
    """Without a planner's account the button is not there, and its address asks to sign in."""
    row = suspicion(app)
    page = client.get("/analyses/network_doctor").get_data(as_text=True)
    assert "Diese Verbindung ergänzen" not in page
    assert client.post("/doctor/accept", data={"row": row}).status_code == 303
    assert share(client) == 0


def test_what_is_not_suspected_cannot_be_added(planner):
    """An id that is none gets a clear answer."""
    assert send(planner, "/doctor/accept", row="nonsense").status_code == 404
    assert send(planner, "/doctor/remove", row="nonsense").status_code == 404


def test_a_motorway_that_is_crossed_is_no_suspicion():
    """Where the data know no bridges, the name of a motorway tells that there is one."""
    cross = [[(W, S), (W + 100, S)], [(W + 50, S - 50), (W + 50, S + 50)]]
    for name in ("BAB 57", "A 3"):
        ways = network_of({"streets": towns.streets(cross, name=["Village Street", name])})
        assert "crossing" not in set(suspects(ways).kind)
    ways = network_of({"streets": towns.streets(cross, name=["Village Street", "A-Weg"])})
    assert "crossing" in set(suspects(ways).kind)


def test_a_small_map_shows_each_suspicion_in_the_middle(planner):
    """The gap of 2 m lies in the middle of a drawing of 120 m, with the ends of both streets."""
    page = planner.get("/analyses/network_doctor").get_data(as_text=True)
    drawn = page.split('class="sketch"')[1].split("</svg>")[0]
    told = re.search(r'class="unit line" d="M([^"]+)"', drawn)[1]
    ends = sorted(tuple(float(n) for n in end.split()) for end in told.split("L"))
    # 400 units are 120 m, so 2 m are 6.7 units, half of them on either side of the middle
    assert ends == [(pytest.approx(196.7), 200), (pytest.approx(203.3), 200)]
    assert 'aria-label="Kleine Karte: East"' in drawn
    assert ">20 m<" in drawn
