"""A saved result asked again: nothing moved, or why it did, to the last point."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from geo_app.cli import main
from geo_app.replays import RecordError, read_record, replay

from . import towns

QUESTION = "/analyses/coverage/record.json?minutes=4"


@pytest.fixture
def saved(client):
    """Return the saved result of four minutes on the main street: 60 of 150 people."""
    answer = client.get(QUESTION)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def change(app, main_street, now, **columns):
    """Import people anew, and a second library at the east end."""
    store = app.extensions["store"]
    people = next(one for one in main_street if one.layer.name == "population")
    places = next(one for one in main_street if one.layer.name == "meeting_places")
    east = towns.WEST + 4 * 111
    two = towns.places([(towns.WEST, towns.SOUTH), (east, towns.SOUTH)], name=["Library", "New"])
    later = now + timedelta(days=1)
    store.write([replace(people, table=people.table.assign(**columns))], at=later)
    store.write([replace(places, table=two)], at=later)


def moved(found, name="share_covered"):
    """Return one figure of a replay."""
    return next(one for one in found.figures if one.name == name)


def test_the_same_data_give_the_same_figures(app, saved):
    """Nothing has moved, and nothing is claimed to have changed."""
    found = replay(app.extensions["store"], read_record(saved))
    assert found.same
    assert (found.changed, found.lost, found.other_program) == ((), (), False)
    assert moved(found).then == pytest.approx(40)


def test_what_moved_is_split_by_layer(app, saved, main_street, now):
    """
    More people in the east and a library there: 40 % becomes 100 %.

    People alone would make it 60 of 200 (30 %), the library alone 100 %:
    places bring (60 + 70) / 2, people (-10 + 0) / 2.
    """
    change(app, main_street, now, residents=np.array([10.0, 20, 30, 40, 100]))
    found = replay(app.extensions["store"], read_record(saved))
    share = moved(found)
    assert set(found.changed) == {"population", "meeting_places"}
    assert (share.then, share.now) == (pytest.approx(40), pytest.approx(100))
    assert share.parts["meeting_places"] == pytest.approx(65)
    assert share.parts["population"] == pytest.approx(-5)
    assert share.rest == pytest.approx(0, abs=1e-9)


def test_a_layer_imported_twice_since_cannot_be_split_apart(app, saved, main_street, now):
    """Only one earlier version is kept: the page says so instead of guessing."""
    change(app, main_street, now, residents=np.array([10.0, 20, 30, 40, 100]))
    change(app, main_street, now, residents=np.array([10.0, 20, 30, 40, 110]))
    found = replay(app.extensions["store"], read_record(saved))
    assert "population" in found.lost
    assert moved(found).rest != 0


def test_the_page_tells_then_and_now(app, client, saved, main_street, now):
    """A reader gives the file back and reads why it moved."""
    change(app, main_street, now)
    assert client.get("/replay").status_code == 200
    page = client.post("/replay", data={"record": (io.BytesIO(saved), "coverage.json")}).get_data(
        as_text=True
    )
    assert "Was sich bewegt hat" in page
    assert "+60" in page


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"no json", "not a result saved here"),
        (b"{}", "not a result saved here"),
        (b'{"format": "treffsicher-result/1", "analysis": "magic"}', "not an analysis"),
    ],
)
def test_other_files_are_refused_in_words(content, fault):
    """Whatever is given instead is named."""
    with pytest.raises(RecordError, match=fault):
        read_record(content)


def test_all_faults_of_a_file_come_at_once():
    """Three missing parts and an unknown analysis are four sentences."""
    with pytest.raises(RecordError) as caught:
        read_record(b'{"format": "treffsicher-result/1", "analysis": "magic"}')
    assert len(caught.value.faults) == 4


def test_a_question_nobody_can_ask_any_more_says_so(app, saved):
    """A parameter that has gone is named, not ignored."""
    told = json.loads(saved)
    told["parameters"]["colour"] = ["red"]
    with pytest.raises(RecordError, match="colour"):
        replay(app.extensions["store"], read_record(json.dumps(told).encode()))


def test_no_file_and_a_wrong_file_are_clear_on_the_page(client):
    """Neither breaks the page."""
    assert client.post("/replay", data={}).status_code == 422
    wrong = client.post("/replay", data={"record": (io.BytesIO(b"x"), "x.json")})
    assert wrong.status_code == 422


def test_the_command_line_tells_the_same(saved, settings, tmp_path, monkeypatch):
    """For those who keep results beside a report."""
    monkeypatch.setenv("GEO_APP_VAR", str(settings.var))
    monkeypatch.setenv("GEO_APP_STORE", settings.store)
    path = tmp_path / "saved.json"
    path.write_bytes(saved)
    result = CliRunner().invoke(main, ["replay", str(path)])
    assert result.exit_code == 0, result.output
    assert "Nothing has moved." in result.output
