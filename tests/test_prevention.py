"""The work list: who sees what, filters that stay, files without points, done and taken back."""

import csv
import html
import io
import re

import pytest
from pyogrio import read_dataframe

from .citizens import imports, town
from .staff import AT, marked, send, signed_in, staffed
from .towns import WEST

ENGLISH = {"Accept-Language": "en"}


def page_text(client, path):
    """Return a page in English, its spaces made one."""
    text = client.get(path, headers=ENGLISH).text
    return " ".join(html.unescape(text).split())


@pytest.fixture
def main_street():
    """A town with a street of four parts, a side lane and two districts."""
    return imports(town())


@pytest.fixture
def app(app):
    """The town with its staff, whose clock stands still."""
    return staffed(app)


@pytest.fixture
def marks(app):
    return app.extensions["marks"]


@pytest.fixture
def pia(app):
    """A browser of the prevention office."""
    return signed_in(app, "pia")


def accepted(app, *, by="mara", **said):
    """Send and accept a mark; return its id and code."""
    id_, code = marked(app, **said)
    app.extensions["marks"].accept(id_, by=by, at=AT)
    return id_, code


def tasks_of(client, query=""):
    """Return the ids of the tasks on the list."""
    return re.findall(r'data-task="(\w+)"', page_text(client, f"/prevention{query}"))


def feature(client, query=""):
    return client.get(f"/prevention/features{query}", headers=ENGLISH).json["features"]


def done(client, task, words="The lamp burns again.", **more):
    """Put a task right as its page does."""
    seen = re.search(r'name="seen" value="(\w+)"', client.get(f"/prevention/tasks/{task}").text)[1]
    return send(client, f"/prevention/tasks/{task}/done", **{"seen": seen, "words": words} | more)


PAGES = ("/prevention", "/prevention/features", "/prevention/download.csv", "/prevention/print")


@pytest.mark.parametrize("path", PAGES)
def test_the_work_list_is_for_prevention_moderators_and_administrators(app, path):
    """Nobody else sees a task, nor its shape, nor a file of it."""
    accepted(app)
    assert app.test_client().get(path, headers={"Accept": "text/html"}).status_code == 303
    assert signed_in(app, "paul").get(path).status_code == 403
    for login in ("pia", "mara", "ada"):
        answer = signed_in(app, login).get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_marks_the_page_says_how_tasks_come_to_be(pia):
    """No empty table."""
    text = page_text(pia, "/prevention")
    assert "There is nothing to do yet" in text
    assert "<ol" not in text


def test_one_credible_mark_is_enough_for_its_tasks(app, pia):
    """Two reasons, two offices, one part of the street; the point is nowhere."""
    accepted(app, x=251.7, y=3.3)
    text = page_text(pia, "/prevention")
    assert len(tasks_of(pia)) == 2
    assert "Long Street near Side Lane" in text
    assert "street lighting" in text.lower()
    assert "parks and green spaces" in text.lower()
    everything = text + pia.get("/prevention/features").text
    assert str(WEST + 251.7) not in everything
    assert {one["geometry"]["type"] for one in feature(pia)} == {"LineString"}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?office=street_lighting", 1),
        ("?factor=overgrown", 2),
        ("?when=dark", 2),
        ("?when=day", 1),
        ("?district=West", 3),
        ("?district=East", 0),
        ("?voices=2", 0),
        ("?words=side lane", 1),
        ("?words=overgrown", 2),
        ("?state=done", 0),
        ("?state=all", 3),
        ("?late=1", 0),
        ("?office=nonsense", 3),
    ],
)
def test_filters_stand_in_the_address_and_hold_for_map_and_files_alike(app, pia, query, left):
    """Lamp and hedge on Long Street after dark, a hedge in Side Lane by day."""
    accepted(app, x=100.0)
    accepted(app, x=222.0, y=-25.0, factors=("overgrown",), daytime="day")
    assert len(tasks_of(pia, query)) == left
    assert len(feature(pia, query)) == left
    file = pia.get(f"/prevention/download.csv{query}", headers=ENGLISH).text
    rows = csv.reader(io.StringIO(file))
    assert len(list(rows)) == left + 1


def test_a_focus_theme_is_a_filter(app, pia):
    """The reasons it brings together, and no others."""
    accepted(app)
    themes = app.extensions["themes"]
    theme = themes.add(
        "Light", about="", factors=("poor_light",), from_on=AT.date(), by="pia", at=AT
    )
    assert len(tasks_of(pia, f"?theme={theme.id}")) == 1


def test_a_file_holds_words_of_the_reader_and_no_points(app, pia, tmp_path):
    """An office opens it as it is; a GeoPackage holds the part of the street."""
    accepted(app, x=51.7, note="Behind the third lamp")
    answer = pia.get("/prevention/download.csv?office=street_lighting&lang=en")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["what"], row["responsible"], row["state"]) == (
        "poor light", "street lighting", "open"
    )  # fmt: skip
    assert row["where"].startswith("part of Long Street")
    assert "third lamp" not in answer.text
    assert str(WEST + 51.7) not in answer.text
    path = tmp_path / "tasks.gpkg"
    path.write_bytes(pia.get("/prevention/download.gpkg").data)
    found = read_dataframe(path)
    assert found.geometry.length.to_list() == pytest.approx([111, 111])
    assert pia.get("/prevention/download.xlsx").status_code == 200
    assert pia.get("/prevention/download.exe").status_code == 404


def test_behaviour_stays_at_the_desk_unless_prevention_takes_it_along(app, pia):
    """Told by its square; in no file and on no paper unless it is asked for by name."""
    accepted(app, factors=("followed", "poor_light"))
    shapes = {one["properties"]["name"].split(" – ")[0]: one["geometry"] for one in feature(pia)}
    assert {name: one["type"] for name, one in shapes.items()} == {
        "being followed": "Polygon", "poor light": "LineString"
    }  # fmt: skip
    for path in ("/prevention/download.csv?lang=en", "/prevention/print?lang=en"):
        assert "being followed" not in pia.get(path).text
    for path in ("download.csv", "print"):
        assert "being followed" in pia.get(f"/prevention/{path}?office=prevention&lang=en").text


def test_moderators_are_led_to_the_marks_behind_a_task_and_others_are_not(app, pia):
    """Whoever may not open a mark does not learn its id."""
    id_, _ = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    assert f"/moderation/{id_}" in page_text(signed_in(app, "mara"), f"/prevention/tasks/{task}")
    assert id_ not in page_text(pia, f"/prevention/tasks/{task}")


def test_a_mark_about_behaviour_is_not_named_beside_a_street_part_where_two_people_are_needed(
    app, settings
):
    """Else one person alone would know its place more exactly than by its square."""
    id_, _ = accepted(app, factors=("poor_light", "followed"))
    mara = signed_in(app, "mara")
    app.config["SETTINGS"] = type(settings)(**vars(settings) | {"two_people": True})
    links = {
        task: f"/moderation/{id_}" in page_text(mara, f"/prevention/tasks/{task}")
        for task in tasks_of(mara)
    }
    assert sorted(links.values()) == [False, True]


def test_done_tells_everybody_who_marked_it_and_asks_whether_it_is_better(app, pia):
    """The citizen’s page says what was done and when; the task is open no more."""
    _, code = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    answer = done(pia, task)
    assert answer.status_code == 303
    assert "Undo" in page_text(pia, answer.location)
    assert tasks_of(pia) == []
    assert tasks_of(pia, "?state=done") == [task]
    text = page_text(app.test_client(), f"/report/{code}")
    assert "Is it better now?" in text
    assert "The lamp burns again." in text
    assert "May 31, 2026" in text


def test_still_so_opens_the_task_again_and_says_so(app, pia):
    """By the button on the page of the code."""
    _, code = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    done(pia, task)
    citizen = app.test_client()
    text = citizen.get(f"/report/{code}").text
    secret = re.search(r'name="word" value="([^"]+)"', text)[1]
    said = citizen.post(
        f"/report/{code}", data={"word": secret, "about": "poor_light", "do": "still_so"}
    )
    assert said.status_code == 303
    assert "You have said that it is still so" in page_text(citizen, f"/report/{code}")
    assert tasks_of(pia) == [task]
    assert "somebody says that it is still so" in page_text(pia, f"/prevention/tasks/{task}")


def test_better_now_thanks_and_the_office_reads_it(app, pia):
    """The button asks no more."""
    _, code = accepted(app, factors=("poor_light",))
    done(pia, tasks_of(pia)[0])
    citizen = app.test_client()
    secret = re.search(r'name="word" value="([^"]+)"', citizen.get(f"/report/{code}").text)[1]
    citizen.post(
        f"/report/{code}", data={"word": secret, "about": "poor_light", "do": "better_now"}
    )
    text = page_text(citizen, f"/report/{code}")
    assert "Is it better now?" not in text
    assert "You have said that it is better now" in text
    assert "1 say that it is better" in page_text(pia, "/prevention")


def test_done_can_be_undone_for_a_day(app, pia, marks):
    """Then everything is as before; a day later it is too late."""
    id_, code = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    number = done(pia, task).location.partition("done=")[2]
    assert send(pia, f"/prevention/undo/{number}").status_code == 303
    assert tasks_of(pia) == [task]
    assert "Is it better now?" not in page_text(app.test_client(), f"/report/{code}")
    number = done(pia, task).location.partition("done=")[2]
    app.config["CLOCK"].goes_on(hours=25)
    late = send(signed_in(app, "pia"), f"/prevention/undo/{number}")
    assert late.status_code == 409
    assert marks.get(id_).state == "resolved"


def test_what_has_changed_meanwhile_is_not_put_right_unseen(app, pia, marks):
    """Another mark has come: look again; the words are not lost."""
    id_, _ = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    seen = re.search(r'name="seen" value="(\w+)"', pia.get(f"/prevention/tasks/{task}").text)[1]
    accepted(app, x=240.0, factors=("poor_light",))
    answer = send(
        pia, f"/prevention/tasks/{task}/done?lang=en", seen=seen, words="A lamp was replaced."
    )
    assert answer.status_code == 409
    assert "meanwhile something has changed" in answer.text
    assert "A lamp was replaced." in answer.text
    assert marks.get(id_).state == "published"


def test_too_many_words_are_not_lost(app, pia):
    """The limit is told, the text stays."""
    accepted(app, factors=("poor_light",))
    answer = done(pia, tasks_of(pia)[0], words="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text


def test_what_is_open_for_longer_than_wanted_is_overdue(app, pia, settings):
    """Thirty days are wanted; on the thirty-first it is told, on the list and on the map."""
    accepted(app, factors=("poor_light",))
    app.config["CLOCK"].goes_on(days=settings.task_days)
    pia = signed_in(app, "pia")
    assert feature(pia)[0]["properties"]["standing"] == "open"
    app.config["CLOCK"].goes_on(days=1)
    pia = signed_in(app, "pia")
    assert feature(pia)[0]["properties"]["standing"] == "overdue"
    assert "overdue: open for 31 days" in page_text(pia, "/prevention")
    assert len(tasks_of(pia, "?late=1")) == 1


def test_people_after_dark_are_unknown_until_they_are_computed_in_the_background(app, pia):
    """The first page begins it; the next one knows."""
    accepted(app, factors=("poor_light",))
    assert "is being computed in the background" in page_text(pia, "/prevention")
    jobs = app.extensions["jobs"]
    [job] = jobs.listed()
    assert job.analysis == "criticality"
    jobs.wait(job, 60)
    text = page_text(pia, "/prevention")
    assert "is being computed" not in text
    assert len(jobs.listed()) == 1


def test_a_task_that_is_gone_says_so(pia):
    """Marks are taken back; an old address is no error of the program."""
    assert pia.get("/prevention/tasks/0123456789ab").status_code == 404


def test_the_words_for_citizens_carry_no_markup(app, pia):
    """What staff write is text."""
    _, code = accepted(app, factors=("poor_light",))
    done(pia, tasks_of(pia)[0], words="<b>bold</b>")
    text = app.test_client().get(f"/report/{code}").text
    assert "&lt;b&gt;bold" in text
    assert "<b>bold" not in text


def test_a_form_without_the_word_of_the_session_changes_nothing(app, pia, marks):
    """As on every page of staff."""
    id_, _ = accepted(app, factors=("poor_light",))
    [task] = tasks_of(pia)
    assert pia.post(f"/prevention/tasks/{task}/done", data={"words": "x"}).status_code == 403
    assert marks.get(id_).state == "published"
