"""Focus themes by HTTP: made, changed, closed, undone; read by moderators, by nobody else."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from geo_app import office_work
from geo_app.languages import COOKIE
from geo_app.office_work import CANNOT, AfterDark
from geo_app.themes_invented import live_themes

from .staff import AT, marked, send, signed_in, staffed

LIST = "/prevention/themes"
SAID = {
    "name": "Light <b>", "about": "Ways home", "factor": ["poor_light", "overgrown"],
    "from_on": "2026-05-01", "until_on": "",
}  # fmt: skip
"""What the form of a theme sends."""


@pytest.fixture(autouse=True)
def _nothing_is_computed_in_the_background(monkeypatch):
    """Nothing is known of people after dark."""
    monkeypatch.setattr(office_work, "after_dark", lambda _: AfterDark(None, CANNOT))


@pytest.fixture
def app(app):
    """Return the town with two marks of poor light, one of them of March, and one of traffic."""
    staffed(app)
    for days, factor in ((0, "poor_light"), (70, "poor_light"), (1, "traffic")):
        id_, _ = marked(app, at=AT - timedelta(days=days), factors=(factor,))
        app.extensions["marks"].accept(id_, by="mara", at=AT)
    yield app
    app.extensions["jobs"].close()


def browser(app, login):
    """Return a browser in English in which somebody has signed in."""
    client = signed_in(app, login)
    client.set_cookie(COOKIE, "en")
    return client


@pytest.fixture
def pia(app):
    """Return the browser of somebody of the prevention office."""
    return browser(app, "pia")


@pytest.fixture
def theme(pia):
    """Address of a theme."""
    answer = send(pia, LIST, **SAID)
    assert answer.status_code == 303
    return answer.location


def kept(app, theme):
    """Return what is kept of a theme."""
    return app.extensions["themes"].get(int(theme.rsplit("/", 1)[1]))


def act(app, client, theme, what, **fields):
    """Send a form of the page of a theme."""
    return send(client, f"{theme}{what}", on=kept(app, theme).state, **fields)


def test_a_theme_is_made_listed_and_told_without_running_what_was_typed(app, pia, theme):
    listed = pia.get(LIST).text
    assert "Light &lt;b&gt;" in listed
    assert "1 open task, 2 marks in all" in listed
    assert kept(app, theme).factors == ("poor_light", "overgrown")
    [entry] = app.extensions["people"].audit_log(action="theme made")
    assert (entry.by, entry.detail) == ("pia", "Light <b>")


def test_its_page_counts_its_marks_by_month_with_intervals_and_shows_its_tasks(pia, theme):
    """One mark in March, one in May; of the traffic nothing."""
    page = pia.get(theme).text
    assert (
        "2 marks name one of these reasons, 1 of them since the theme began; 1 task is open."
        in (re.sub(r"\s+", " ", page))
    )
    months = re.findall(
        r'<th scope="row">(\w+ \d{2}).*?<td class="number">(\d+)</td>', page, re.DOTALL
    )
    assert len(months) == 13
    assert [month for month, count in months if count == "1"] == ["Mar 26", "May 26"]
    assert "0–5" in page
    assert re.findall(r"data-link>([^<]+)</a>", page) == ["poor light"]
    assert "traffic" not in re.findall(r"data-link>([^<]+)</a>", page)


def test_its_map_shows_its_tasks_alone(pia, theme):
    found = json.loads(pia.get(f"{theme}/features").data)["features"]
    assert [one["properties"]["name"] for one in found] == ["poor light"]
    assert found[0]["geometry"]["type"] in {"LineString", "MultiLineString"}


def test_a_theme_without_factors_has_a_page_without_spots(pia):
    address = send(pia, LIST, **(SAID | {"name": "Counselling", "factor": []})).location
    page = pia.get(address)
    assert page.status_code == 200
    assert "A theme without spots" in page.text
    assert "Marks by month" not in page.text
    assert json.loads(pia.get(f"{address}/features").data)["features"] == []


def test_a_theme_is_changed_closed_opened_and_each_is_undone(app, pia, theme):
    assert act(app, pia, theme, "", **(SAID | {"name": "Lamps"})).status_code == 303
    assert kept(app, theme).name == "Lamps"
    act(app, pia, theme, "/undo")
    assert kept(app, theme).name == "Light <b>"
    act(app, pia, theme, "/redo")
    assert kept(app, theme).name == "Lamps"
    act(app, pia, theme, "/close", until_on="2026-05-20")
    assert kept(app, theme).until_on == date(2026, 5, 20)
    assert "Worked on from May 1, 2026 to May 20, 2026." in pia.get(theme).text
    act(app, pia, theme, "/reopen")
    assert kept(app, theme).until_on is None
    actions = {entry.action for entry in app.extensions["people"].audit_log()}
    assert {f"theme {what}" for what in ("changed", "undone", "redone", "closed", "reopened")} <= (
        actions
    )


def test_the_making_of_a_theme_can_be_taken_back_and_brought_back(app, pia, theme):
    act(app, pia, theme, "/undo")
    assert "This theme is taken back." in pia.get(theme).text
    listed = pia.get(LIST).text
    assert "Taken back" in listed
    assert "open task" not in listed
    act(app, pia, theme, "/redo")
    assert "1 open task" in pia.get(LIST).text


def test_whoever_saw_an_old_state_is_told_and_nothing_typed_is_lost(app, pia, theme):
    old = kept(app, theme).state
    act(app, pia, theme, "", **(SAID | {"name": "Lamps"}))
    answer = send(pia, theme, on=old, **(SAID | {"about": "Something long"}))
    assert answer.status_code == 409
    assert "pia has changed this theme in the meantime" in answer.text
    assert "Something long" in answer.text
    assert kept(app, theme).name == "Lamps"


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"from_on": ""}, {"from_on": "tomorrow"}, {"until_on": "2026-04-01"}],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(app, pia, wrong):
    answer = send(pia, LIST, **(SAID | {"about": "Something long"} | wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Something long" in answer.text
    assert app.extensions["themes"].all() == []


def test_moderators_read_and_change_nothing(app, theme):
    mara = browser(app, "mara")
    assert mara.get(LIST).status_code == 200
    page = mara.get(theme)
    assert page.status_code == 200
    assert "Change the theme" not in page.text
    for what in ("", "/close", "/reopen", "/undo", "/redo"):
        assert act(app, mara, theme, what, **SAID).status_code == 403
    assert send(mara, LIST, **SAID).status_code == 403


def test_nobody_else_sees_any_of_it(app, client, theme):
    paul = browser(app, "paul")
    for path in (LIST, theme, f"{theme}/features"):
        assert client.get(path).status_code == 303
        assert paul.get(path).status_code == 403


def test_without_the_word_of_the_session_nothing_is_made(app, pia):
    assert pia.post(LIST, data=SAID).status_code == 403
    assert app.extensions["themes"].all() == []


def test_a_theme_that_is_not_there_is_said_not_to_be_there(pia):
    assert pia.get(f"{LIST}/77").status_code == 404


def test_the_invented_town_has_two_themes_one_of_them_without_spots_and_only_once(app):
    store = app.extensions["store"]
    assert live_themes(store, at=AT) == 2
    assert sorted(bool(one.factors) for one in app.extensions["themes"].all()) == [False, True]
    assert live_themes(store, at=AT) == 0


def test_a_theme_leads_to_its_conspicuous_places_and_tells_what_was_found_before(pia, theme):
    """The question asks for its factors alone; its answer stands on the page once it is known."""
    page = pia.get(theme).text
    address = re.search(r'href="(/analyses/hot_spots[^"]+)"', page)[1].replace("&amp;", "&")
    assert set(re.findall(r"factors=(\w+)", address)) == {"poor_light", "overgrown"}
    assert pia.get(address).status_code == 200
    section = pia.get(theme).text.split('aria-labelledby="hot"')[1].split("</section>")[0]
    assert "With few marks" not in section
    assert section.count("<p>") >= 2
