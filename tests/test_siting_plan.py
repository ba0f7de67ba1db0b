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
