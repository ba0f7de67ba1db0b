"""Pages of presence: a week is shared out, a sheet printed, and what rounds find moves nothing."""

import re

import pytest

from geo_app.store.presence import DutyPlans
from layers.presence import SLOT

from .staff import AT, marked, send, signed_in, staffed

FORM = {
    "service": "presence", "week": "2026-06-03", "days": ["0", "2", "4"], "minutes": "300",
    "exploration": "20", "fairness": "1.5", "seed": "7",
}  # fmt: skip


@pytest.fixture
def app(app):
    """Return the application over the town of one street, with staff."""
    return staffed(app)


@pytest.fixture
def pia(app):
    """Return the browser of the prevention office."""
    return signed_in(app, "pia")


@pytest.fixture
def tasks(app):
    """Three accepted marks: nobody around in the west, and one that is dirty."""
    marks = app.extensions["marks"]
    ids = [marked(app, x=at, factors=("no_one_around",))[0] for at in (20, 60)]
    ids.append(marked(app, x=250, factors=("run_down",))[0])
    for id_ in ids:
        marks.accept(id_, by="mara", at=AT)
    return ids


def made(client, **more):
    """Share out a week and return the address of the plan."""
    answer = send(client, "/presence", **FORM | more)
    assert answer.status_code == 303, re.findall(r'class="wrong".*?</div>', answer.text, re.DOTALL)
    return answer.location


def stops_of(app, where):
    """Return the stops of a plan."""
    return DutyPlans(app.extensions["store"]).get(int(where.rsplit("/", 1)[1])).stops


@pytest.mark.usefixtures("tasks")
def test_a_week_is_shared_out_by_tasks_and_by_chance(app, pia):
    """All ten slots are given, two at least by chance; the place asked about is among them."""
    where = made(pia)
    stops = stops_of(app, where)
    assert sum(stop.minutes for stop in stops) == 300
    assert sum(stop.minutes for stop in stops if stop.by_chance) >= 2 * SLOT
    assert {stop.day for stop in stops} <= {0, 2, 4}
    assert any("no one around" in stop.why[0] for stop in stops if not stop.by_chance)
    assert not any("dirty" in why for stop in stops for why in stop.why)
    page = pia.get(f"{where}?lang=en").text
    assert "without the bound between districts" in page
    assert "Number of the draw: 7" in page


def test_without_any_task_everything_goes_by_chance(app, pia):
    """A city without marks still knows where to be: everywhere, by the draw."""
    stops = stops_of(app, made(pia))
    assert stops
    assert all(stop.by_chance and 0 < stop.chance <= 1 for stop in stops)


@pytest.mark.usefixtures("tasks")
def test_the_same_number_makes_the_same_plan(app, pia):
    """So that anybody can check the draw."""
    one, two = (stops_of(app, made(pia)) for _ in range(2))
    assert one == two


@pytest.mark.usefixtures("tasks")
def test_what_rounds_find_moves_nothing_but_the_log(app, pia):
    """Tasks, priorities and the next plan are what they were; the log says what would have been."""
    where = made(pia)
    paths = (
        "/prevention/download.csv",
        "/prevention/priorities/download.csv",
        "/prevention/features",
    )
    before = [pia.get(path).text for path in paths]
    assert all(before)
    count = len(app.extensions["marks"].credible(at=AT))
    for _ in range(30):
        assert send(pia, f"{where}/found", stop="1", factor="substances").status_code == 303
    assert [pia.get(path).text for path in paths] == before
    assert len(app.extensions["marks"].credible(at=AT)) == count
    again = made(pia)
    assert stops_of(app, again) == stops_of(app, where)
    plan = DutyPlans(app.extensions["store"]).get(int(again.rsplit("/", 1)[1]))
    assert plan.told["found"] == 30
    assert "found_counts" in plan.told["otherwise"]


def test_what_is_found_is_a_reason_of_the_service(pia):
    """No free words, no other list."""
    where = made(pia)
    assert send(pia, f"{where}/found", stop="1", factor="poor_light").status_code == 400
    assert send(pia, f"{where}/found", stop="99", factor="substances").status_code == 422


def test_how_long_somebody_was_there_is_noted(app, pia):
    """Minutes by stop; nonsense is refused and nothing of it written."""
    where = made(pia)
    assert send(pia, f"{where}/been", **{"stop-1": "25", "stop-2": ""}).status_code == 303
    assert stops_of(app, where)[0].been == 25
    assert send(pia, f"{where}/been", **{"stop-1": "-3"}).status_code == 422
    assert stops_of(app, where)[0].been == 25


@pytest.mark.usefixtures("tasks")
def test_the_sheet_names_every_stop_with_its_minutes_and_reason(app, pia):
    """And a small map of each; behaviour is not spelt out on paper."""
    where = made(pia)
    sheet = pia.get(f"{where}/print?lang=en").text
    stops = stops_of(app, where)
    assert sheet.count('class="sketch"') == len(stops)
    assert "by chance: nobody has asked for it" in sheet.lower()
    for word in ("harass", "Drugs", "followed"):
        assert word not in sheet


def test_a_plan_is_taken_back_and_put_in_force_again(pia):
    """Nothing is lost by a wrong click."""
    where = made(pia)
    send(pia, f"{where}/drop")
    assert "This plan is not carried out." in pia.get(f"{where}?lang=en").text
    send(pia, f"{where}/restore")
    assert "This plan is not carried out." not in pia.get(f"{where}?lang=en").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "police"}, {"week": "soon"}, {"days": []}, {"minutes": "5"},
        {"exploration": "0"}, {"exploration": "99"}, {"fairness": "0.5"}, {"fairness": "nan"},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused_where_it_was_sent(pia, wrong):
    """Exploration cannot be switched off either; nothing is written."""
    answer = send(pia, "/presence", **FORM | wrong)
    assert answer.status_code == 400
    assert 'class="wrong"' in answer.text
    assert "Noch keine." in answer.text


def test_nobody_else_sees_where_somebody_will_be(app, pia):
    """Visitors sign in first; moderators and planners may not, administrators may."""
    where = made(pia)
    for path in ("/presence", where, f"{where}/print", f"{where}/features"):
        assert app.test_client().get(path).status_code == 303
        assert signed_in(app, "mara").get(path).status_code == 403
        assert signed_in(app, "paul").get(path).status_code == 403
        assert signed_in(app, "ada").get(path).status_code == 200
    assert pia.get("/presence/99").status_code == 404
    assert "/presence" in pia.get("/prevention").text


def test_stops_on_the_map_are_streets_and_squares(pia):
    """Never a point."""
    found = pia.get(f"{made(pia)}/features").get_json()["features"]
    assert found
    assert all(one["geometry"]["type"] != "Point" for one in found)
