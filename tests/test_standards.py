"""Named standards: a limit others have set, taken knowingly."""

from __future__ import annotations

import pytest

from geo_app import create_app
from geo_app.views.standards import verdict
from layers.question import OWN, Question
from layers.standards import STANDARDS
from layers.walkers import WALKERS

from . import towns


def test_metres_of_a_standard_become_minutes_of_the_walker():
    """1,000 m take an adult and somebody over 85 differently long."""
    adult = Question(standard="bbsr_local_supply")
    old = Question(standard="bbsr_local_supply", walker="85plus")
    assert adult.metres == pytest.approx(1000)
    assert old.metres == pytest.approx(1000)
    assert old.minutes > adult.minutes


def test_minutes_stand_where_a_standard_gives_no_metres():
    """The quarter of an hour is a quarter of an hour for everybody."""
    assert Question(standard="quarter_hour", walker="85plus", minutes=30).minutes == 15


@pytest.mark.parametrize("walker", WALKERS)
@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_can_be_asked_by_everybody(name, walker):
    """The minutes stay within what may be asked, and the sentence names the source."""
    question = Question(standard=name, walker=walker)
    assert 1 <= question.minutes <= 60
    assert STANDARDS[name].short in question.sentence()


def test_without_a_standard_the_minutes_are_the_askers_own():
    """Nothing overrides what was asked."""
    assert Question(minutes=7).minutes == 7
    assert Question().standard == OWN


def test_the_book_judges_the_street_by_pencil(client):
    """Within 400 m lie junctions 0 to 3: 100 of 150 people, and no straight line misleads."""
    page = client.get("/standards?kinds=library").get_data(as_text=True)
    row = page.split("DIN 18034-1)</th>")[2].split("</tr>")[0]
    assert '<td class="number">66,7</td>' in row
    assert page.count("</h2>") >= len(STANDARDS)


def test_the_book_can_be_read_before_anything_is_imported(settings):
    """Sources are there without a city; what they would say of it is not made up."""
    answer = create_app(settings).test_client().get("/standards")
    assert answer.status_code == 200
    assert "von der Luftlinie getäuscht" not in answer.get_data(as_text=True)


def test_a_chosen_standard_is_kept_by_form_and_address(client):
    """The form shows it as chosen and lets its odd number of minutes stand."""
    page = client.get("/analyses/coverage?standard=bw_retail").get_data(as_text=True)
    assert 'name="standard" value="bw_retail" checked' in page
    assert 'step="any"' in page
    assert "700 m (" in page


def test_nobody_is_misled_twice():
    """People misled are those inside the circle and outside the walk."""
    table = towns.homes([(0, 0), (1, 1), (2, 2)], [10, 20, 30]).assign(
        people=[10.0, 20, 30], minutes=[5.0, 20, 50], straight_line=[4.0, 10, 40]
    )
    told = verdict(STANDARDS["quarter_hour"], Question(), table)
    assert (told.reached, told.misled) == (pytest.approx(100 / 6), 20)
    assert told.straight == pytest.approx(50)
