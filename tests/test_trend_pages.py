"""Trends and near repeats on their pages: for staff alone, as of today, in sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from layers import LAYERS

from .citizens import imports, town
from .staff import AT, marked, signed_in, staffed

PAGES = ("mark_trends", "near_repeats")
IN_ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def main_street():
    """The small town, with its districts."""
    assert "districts" in LAYERS
    return imports(town())


@pytest.fixture
def office(app):
    """An application with staff, and six accepted marks of the last six months."""
    staffed(app)
    for back in range(1, 7):
        at = AT - timedelta(days=30 * back)
        id_, _ = marked(app, at=at, x=200.0 + 10 * back)
        app.extensions["marks"].accept(id_, by="mara", at=at)
    return app


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("way", ["", "/rows", "/features", "/download.csv"])
def test_only_staff_see_them_on_any_way(office, page, way):
    """A stranger is sent to sign in, a planner is refused."""
    path = f"/analyses/{page}{way}"
    answer = office.test_client().get(path)
    assert answer.status_code in {303, 401, 403, 404}
    assert b"Hochfeld" not in answer.data
    assert signed_in(office, "paul").get(path).status_code in {403, 404}
    assert signed_in(office, "pia").get(path).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_the_list_of_questions_hides_them_from_others(office, page):
    assert f"/analyses/{page}" not in office.test_client().get("/analyses").text
    assert f"/analyses/{page}" in signed_in(office, "pia").get("/analyses").text


def test_a_trend_asks_in_a_sentence_and_tells_what_it_cannot(office):
    page = signed_in(office, "pia").get("/analyses/mark_trends", headers=IN_ENGLISH).text
    assert "Has anything changed in the marks of" in page
    assert "in three months; whether that is more than usual cannot be told yet." in page
    assert "what so few numbers leave open (95 %)" in page


def test_months_without_marks_are_counted_up_to_today(office):
    """The clock goes on for four months in which nobody writes."""
    office.config["CLOCK"].goes_on(days=120)
    page = signed_in(office, "pia").get("/analyses/mark_trends", headers=IN_ENGLISH).text
    assert "Aug 2026 0 (0 to 3.7)" in page


def test_a_focus_theme_is_several_reasons_at_once(office):
    pia = signed_in(office, "pia")
    page = pia.get("/analyses/mark_trends?factors=poor_light,traffic", headers=IN_ENGLISH).text
    assert "because of poor light, traffic<" in page


def test_too_few_marks_unlock_no_near_repeats(office):
    page = signed_in(office, "pia").get("/analyses/near_repeats", headers=IN_ENGLISH).text
    assert "Too few marks for near repeats." in page
    assert '<table class="heat">' not in page
