"""From the best sites to a scenario: a planner goes on with them."""

import re

import pytest

from layers import ANALYSES
from layers.question import Question
from layers.siting_question import Wish

from .staff import send, signed_in, staffed

ASKED = {"minutes": "3", "kinds": "library", "places_more": "1", "spacing": "50"}
"""Within one block of the street; the library stands at its west end."""


@pytest.fixture
def app(app):
    """Return the application over the town of one street, with staff."""
    return staffed(app)


def test_a_planner_makes_a_scenario_of_the_sites(app):
    """The next library stands where 30, 40 and 50 people are a block away, and is one change."""
    paul = signed_in(app, "paul")
    page = paul.get("/analyses/siting", query_string=ASKED | {"lang": "en"}).text
    assert "Plan as a scenario" in page
    answer = send(paul, "/analyses/siting/plan", **ASKED)
    assert answer.status_code == 303
    told = paul.get(f"{answer.location}?lang=en").text
    assert "1 Ort: möglichst viele erreichen rechtzeitig einen Ort" in told
    state = paul.get(f"{answer.location}/state", headers={"Accept": "application/json"}).get_json()
    assert state["on"] == 1


def test_places_that_the_answer_gives_up_are_closed_in_the_scenario(app):
    """The scenario says what the answer says: as many people, and the library is gone."""
    paul = signed_in(app, "paul")
    asked = ASKED | {"existing": "movable", "minutes": "2"}
    page = paul.get("/analyses/siting", query_string=asked | {"lang": "en"}).text
    assert "Places of today that would be given up" in page
    made = send(paul, "/analyses/siting/plan", **asked).location
    told = paul.get(f"{made}?lang=en").text
    assert "Library: closed" in told
    share = r"(\d+) of 100 people"
    assert re.findall(share, page)[0] in re.findall(share, told)


def test_nobody_else_is_offered_it(app):
    """A visitor sees the sites and no button; a form sent all the same leads to the sign-in."""
    visitor = app.test_client()
    page = visitor.get("/analyses/siting", query_string=ASKED | {"lang": "en"}).text
    assert "Plan as a scenario" not in page
    assert visitor.post("/analyses/siting/plan", data=ASKED).status_code == 303


def test_a_scenario_of_counselling_cannot_be_made(app):
    """Scenarios are about meeting places."""
    paul = signed_in(app, "paul")
    asked = ASKED | {"reach": "counselling_services", "kinds": ""}
    assert send(paul, "/analyses/siting/plan", **asked).status_code == 404


def test_every_field_of_a_coverage_question_is_one_of_a_siting():
    """So that a scenario and the question of sites ask the same."""
    assert set(Question.__dataclass_fields__) <= set(Wish.__dataclass_fields__)
    assert set(ANALYSES["coverage"].parameters) <= set(ANALYSES["siting"].parameters)


def begun(paul, **asked):
    """Make a scenario of an answer and return its address and number."""
    where = send(paul, "/analyses/siting/plan", **ASKED | asked).location
    return where, where.rsplit("/", 1)[1]


def state_of(paul, where):
    """Return what the page of a scenario knows."""
    return paul.get(f"{where}/state", headers={"Accept": "application/json"}).get_json()


def test_siting_counts_with_the_places_of_a_scenario(app):
    """
    The new library between 30, 40 and 50 people leaves only the 20 next to the old one for more.

    Within a block: the library reaches 10 and 20, the scenario's 30, 40 and 50: nobody is left.
    """
    paul = signed_in(app, "paul")
    where, number = begun(paul)
    page = paul.get("/analyses/siting", query_string=ASKED | {"scenario": number, "lang": "en"})
    assert "Counted with the places of the scenario" in page.text
    assert "With the scenario as it is, it is 100." in page.text
    today = paul.get("/analyses/siting", query_string=ASKED | {"lang": "en"}).text
    assert "Today it is 20." in today
    shown = paul.get("/analyses/siting/places", query_string=ASKED | {"scenario": number})
    assert len(shown.get_json()["features"]) == 2
    assert f"scenario={number}" in paul.get(where).text


def test_a_chosen_solution_becomes_further_steps_of_its_scenario(app):
    """No second scenario is made, no id is given twice, and each step can be taken back."""
    paul = signed_in(app, "paul")
    where, number = begun(paul)
    asked = ASKED | {"scenario": number, "minutes": "1"}
    answer = send(paul, "/analyses/siting/plan", **asked)
    assert answer.location == where
    assert state_of(paul, where)["on"] == 2
    # the same question again counts with what was just added
    again = paul.get("/analyses/siting", query_string=asked | {"lang": "en"}).text
    share = int(re.findall(r"With the scenario as it is, it is (\d+)", again)[0])
    assert share > 20


def test_a_scenario_of_a_city_without_its_places_closes_them(app):
    """Who asks as if there were none gets a scenario in which there is none."""
    paul = signed_in(app, "paul")
    where, _ = begun(paul, existing="ignored")
    told = paul.get(f"{where}?lang=en").text
    assert "Library: closed" in told
    page = paul.get("/analyses/siting", query_string=ASKED | {"existing": "ignored", "lang": "en"})
    share = r"(\d+) of 100 people"
    assert re.findall(share, page.text)[0] in re.findall(share, told)


def test_a_scenario_is_counted_with_by_planners_and_by_its_link_alone(app):
    """Its number tells a visitor nothing; its link does, until it is taken away."""
    paul, visitor, mara = signed_in(app, "paul"), app.test_client(), signed_in(app, "mara")
    where, number = begun(paul)
    paths = ("", "/rows", "/features", "/places", "/marked", "/record.json", "/download.csv")
    for path in paths:
        for stranger in (visitor, mara):
            asked = ASKED | {"scenario": number}
            assert stranger.get(f"/analyses/siting{path}", query_string=asked).status_code == 404
    started = visitor.post("/jobs", data={"analysis": "siting", **ASKED, "scenario": number})
    assert started.status_code == 404
    send(paul, f"{where}/share")
    token = app.extensions["scenarios"].get(int(number)).token
    shared = visitor.get("/analyses/siting", query_string=ASKED | {"scenario": token})
    assert shared.status_code == 200
    assert "noindex" in shared.text
    assert "Ins Szenario übernehmen" not in shared.text
    send(paul, f"{where}/unshare")
    gone = visitor.get("/analyses/siting", query_string=ASKED | {"scenario": token})
    assert gone.status_code == 404


def test_a_scenario_that_does_not_exist_is_not_counted_with(app):
    """An unknown number is a clear answer, not a city without places."""
    paul = signed_in(app, "paul")
    for unknown in ("4711", "a b", "x" * 99):
        asked = ASKED | {"scenario": unknown}
        assert paul.get("/analyses/siting", query_string=asked).status_code == 404
