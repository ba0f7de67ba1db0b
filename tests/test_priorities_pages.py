"""The page of priorities by HTTP: order counted by pencil, weights kept, nothing for strangers."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from pandas import DataFrame

from geo_app import office_work
from geo_app.languages import COOKIE
from geo_app.office_work import CANNOT, AfterDark
from geo_app.store import Finding
from layers.priorities import PARTS, PRESETS

from .staff import AT, marked, send, signed_in, staffed
from .towns import SOUTH, WEST

PAGE = "/prevention/priorities"
EQUAL = dict.fromkeys(PARTS, "1")
OLDEST = dict.fromkeys(PARTS, "0") | {"waiting": "1"}
LOUDEST = dict.fromkeys(PARTS, "0") | {"evidence": "1"}


@pytest.fixture(autouse=True)
def _nothing_is_computed_in_the_background(monkeypatch):
    """What is known of people after dark is nothing, unless a test says otherwise."""
    monkeypatch.setattr(office_work, "after_dark", lambda _: AfterDark(None, CANNOT))


@pytest.fixture
def app(app):
    """
    Return the town of one street with three open tasks.

    Traffic in the west was marked once, 60 days ago; poor light in the east
    three times today; somebody was followed there once, yesterday.
    """
    staffed(app)
    told = [
        ({"x": 20.0, "factors": ("traffic",)}, 60),
        *[({"x": 430.0 + n, "factors": ("poor_light",)}, 0) for n in range(3)],
        ({"x": 440.0, "factors": ("followed",)}, 1),
    ]
    for said, days in told:
        id_, _ = marked(app, at=AT - timedelta(days=days), **said)
        app.extensions["marks"].accept(id_, by="mara", at=AT)
    yield app
    app.extensions["jobs"].close()


@pytest.fixture
def pia(app):
    """Return the browser of somebody of the prevention office."""
    return english(signed_in(app, "pia"))


def english(client):
    """Return a browser that has chosen English."""
    client.set_cookie(COOKIE, "en")
    return client


def names(page):
    """Return reasons in the order of the list."""
    return [html.unescape(name) for name in re.findall(r"data-link>([^<]+)</a>", page.text)][:3]


def state(client, **asked):
    """Return what the script is told."""
    answer = client.get(f"{PAGE}/state", query_string=asked, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return json.loads(answer.data)


def test_whoever_waits_longest_comes_first_if_only_waiting_counts(pia):
    """60, 1 and 0 days: 60/120, 1/61 and 0 are 50, 2 and 0 points."""
    page = pia.get(PAGE, query_string=OLDEST)
    assert names(page) == ["traffic", "being followed", "poor light"]
    assert state(pia, **OLDEST)["points"] == [50, 2, 0]


def test_what_most_people_sent_comes_first_if_only_evidence_counts_and_equals_share_a_rank(pia):
    """Three marks and one: 3/5 and 1/3 are 60 and 33 points; the two last ones are equal."""
    page = pia.get(PAGE, query_string=LOUDEST)
    assert names(page)[0] == "poor light"
    assert state(pia, **LOUDEST)["points"] == [60, 33, 33]
    assert re.findall(r"data-rank>([^<]+)<", page.text)[:3] == ["1", "2–3", "2–3"]
    assert "rank 2 to 3, equal" in page.text.casefold()


def test_a_preset_has_an_address_and_is_the_same_as_its_weights(pia):
    weights = {name: str(value) for name, value in PRESETS["oldest_first"].weights.items()}
    by_name = pia.get(PAGE, query_string={"preset": "oldest_first"})
    by_weights = pia.get(PAGE, query_string=weights)
    assert names(by_name) == names(by_weights) == ["traffic", "poor light", "being followed"]
    for page in (by_name, by_weights):
        assert re.search(r'data-preset="oldest_first"[^>]*aria-current="true"', page.text)


def test_a_decimal_comma_is_understood(pia):
    page = pia.get(PAGE, query_string=OLDEST | {"waiting": "2,5"})
    assert 'name="waiting" value="2.5"' in page.text


@pytest.mark.parametrize("wrong", [{"waiting": "-1"}, {"waiting": "much"}, {"waiting": "0"}])
def test_weights_that_cannot_be_are_told_on_the_page_and_refused_to_programs(pia, wrong):
    page = pia.get(PAGE, query_string=OLDEST | wrong)
    assert page.status_code == 200
    assert 'role="alert" id="wrong"' in page.text
    assert pia.get(f"{PAGE}/state", query_string=OLDEST | wrong).status_code == 400


def test_what_nobody_knows_of_any_task_is_told_and_counts_nothing(pia):
    """Nobody has computed the walk after dark here, and no place for children is in the data."""
    page = pia.get(PAGE)
    assert "Unknown of every task" in page.text
    only_dark = dict.fromkeys(PARTS, "0") | {"people_dark": "1"}
    assert state(pia, **only_dark)["points"] == [-1, -1, -1]
    assert "Nothing of what counts is known of it." in pia.get(PAGE, query_string=only_dark).text


def test_the_script_gets_every_part_and_the_order_of_the_page(pia):
    page = pia.get(PAGE, query_string=LOUDEST)
    begun = json.loads(re.search(r'id="priorities-config">(.+?)</script>', page.text)[1])
    assert begun["parts"] == list(PARTS)
    evidence = begun["parts"].index("evidence")
    assert sorted(row["parts"][evidence] for row in begun["rows"]) == [1 / 3, 1 / 3, 3 / 5]
    shown = re.findall(r'<li class="ranked" data-task="([^"]+)"', page.text)
    assert state(pia, **LOUDEST)["order"] == shown


def test_only_some_tasks_are_ranked_among_themselves(app, pia):
    page = pia.get(PAGE, query_string={"factor": "traffic"})
    assert names(page) == ["traffic"]
    assert state(pia, office="street_lighting")["points"] != []
    theme = app.extensions["themes"].add(
        "Light", factors=("poor_light",), from_on=AT.date(), by="pia", at=AT
    )
    assert names(pia.get(PAGE, query_string={"theme": theme.id})) == ["poor light"]
    assert len(names(pia.get(PAGE, query_string={"theme": "77"}))) == 3


def test_the_map_shows_street_parts_and_squares_with_their_ranks_and_never_a_point(pia):
    answer = pia.get(f"{PAGE}/features", query_string=LOUDEST)
    found = json.loads(answer.data)["features"]
    assert {one["geometry"]["type"].removeprefix("Multi") for one in found} == {
        "LineString", "Polygon",
    }  # fmt: skip
    ranks = {one["properties"]["name"]: one["properties"]["rank"] for one in found}
    assert ranks == {"poor light": "1", "traffic": "2–3", "being followed": "2–3"}


def rows_of(answer):
    """Read the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_has_the_order_all_parts_and_no_behaviour_unless_it_is_asked_for(pia):
    rows = rows_of(pia.get(f"{PAGE}/download.csv", query_string=LOUDEST))
    assert [row["factor"] for row in rows] == ["poor_light", "traffic"]
    assert [row["rank_first"] for row in rows] == ["1", "2"]
    assert [float(row["part_evidence"]) for row in rows] == [
        pytest.approx(0.6),
        pytest.approx(1 / 3),
    ]
    assert rows[0]["part_people_dark"] == ""
    asked = LOUDEST | {"factor": "followed"}
    assert len(rows_of(pia.get(f"{PAGE}/download.csv", query_string=asked))) == 1
    assert pia.get(f"{PAGE}/download.parquet").status_code == 404
    for extension in ("xlsx", "gpkg"):
        assert pia.get(f"{PAGE}/download.{extension}").status_code == 200


def test_weights_of_the_city_hold_for_everybody_and_say_who_chose_them_and_why(app, pia):
    answer = send(pia, f"{PAGE}/weights", **OLDEST, unknown="low", reason="Council of May")
    assert answer.status_code == 303
    assert "These are the weights of the city now." in pia.get(answer.location).text
    page = english(signed_in(app, "mara")).get(PAGE)
    assert names(page)[0] == "traffic"
    assert "Council of May" in page.text
    assert '<option value="low" selected>' in page.text
    [entry] = app.extensions["people"].audit_log(action="weights chosen")
    assert (entry.by, entry.detail) == ("pia", "Council of May")


@pytest.mark.parametrize("told", [{"reason": " "}, {"reason": "why", "waiting": "99"}])
def test_weights_without_a_reason_or_out_of_bounds_are_not_saved(app, pia, told):
    answer = send(pia, f"{PAGE}/weights", **(OLDEST | {"unknown": "low"} | told))
    assert answer.status_code in {400, 422}
    assert app.extensions["weighings"].latest() is None


def test_moderators_read_and_choose_nothing(app):
    mara = english(signed_in(app, "mara"))
    assert "Make these the weights of the city" not in mara.get(PAGE).text
    answer = send(mara, f"{PAGE}/weights", **OLDEST, unknown="low", reason="why")
    assert answer.status_code == 403
    assert app.extensions["weighings"].latest() is None


def test_without_the_word_of_the_session_nothing_is_saved(app, pia):
    answer = pia.post(f"{PAGE}/weights", data=OLDEST | {"unknown": "low", "reason": "why"})
    assert answer.status_code == 403
    assert app.extensions["weighings"].latest() is None


@pytest.mark.parametrize("path", ["", "/state", "/features", "/download.csv"])
def test_nobody_else_sees_any_of_it(app, client, path):
    assert client.get(PAGE + path).status_code == 303
    paul = signed_in(app, "paul")
    assert paul.get(PAGE + path).status_code == 403


def test_what_was_made_of_a_mark_goes_with_it(app, pia):
    """The mark of the traffic is rejected after all; its task is gone at once."""
    assert len(state(pia, **OLDEST)["order"]) == 3
    assert len(names(pia.get(PAGE, query_string={"factor": "traffic"}))) == 1
    marks = app.extensions["marks"]
    found = marks.credible(at=AT)
    [id_] = found.index[found["factors"] == "traffic"]
    marks.reject(id_, "not_a_place", by="mara", at=AT)
    assert len(state(pia, **OLDEST)["order"]) == 2


def test_what_the_city_has_found_itself_makes_a_task_surer(app, pia):
    """(1/3 + 1) / 2 is 67 points, more than the 60 of three marks."""
    app.extensions["marks"].add_finding(
        Finding(WEST + 20, SOUTH, "Main Street", "unsafe", ("traffic",), "Cars are fast",
                AT.date(), AT.date() + timedelta(days=90)),
        by="pia", at=AT,
    )  # fmt: skip
    assert state(pia, **LOUDEST)["points"] == [67, 60, 33]


def test_people_after_dark_count_as_soon_as_they_are_known_and_the_script_is_told(
    app, pia, monkeypatch
):
    """50 people of the western block and nobody elsewhere: 50 points, and none."""
    only_dark = dict.fromkeys(PARTS, "0") | {"people_dark": "1"}
    before = state(pia, **only_dark)
    assert before["points"] == [-1, -1, -1]
    assert "all" not in state(pia, **only_dark, version=before["version"])
    streets = app.extensions["store"].read("streets")
    known = DataFrame({"people_lost": [50.0]}, index=streets.index[:1])
    monkeypatch.setattr(office_work, "after_dark", lambda _: AfterDark(known, versions=("now",)))
    after = state(pia, **only_dark, version=before["version"])
    assert after["points"] == [50, 0, 0]
    assert [row["parts"][0] for row in after["all"]].count(0.5) == 1
    assert after["version"] != before["version"]


def test_what_has_to_be_computed_is_begun_once_and_the_page_says_so(app, pia, monkeypatch):
    begun = []
    monkeypatch.setattr(
        office_work, "after_dark", lambda _: AfterDark(None, CANNOT, to_compute=True)
    )
    monkeypatch.setattr(app.extensions["jobs"], "start", lambda *_, **__: begun.append(1))
    page = pia.get(PAGE)
    assert begun
    assert "is being computed in the background" in page.text
    assert state(pia)["computing"] is True
