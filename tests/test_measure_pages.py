"""Pages of measures and answers: who may what, what is refused, what the public never reads."""

import csv
import io
import math
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import Point, box

from geo_app import create_app
from geo_app.config import Settings
from geo_app.store import Measures, Store, Themes
from geo_app.views.priorities import whole_ranking
from layers.audits import ITEMS
from layers.measures import Answer, Indicator, Plan, Status
from layers.text import Text

from .citizens import Citizen, imports, pins, town
from .staff import AT, STAFF, marked, send, signed_in, staffed, word
from .towns import SOUTH, WEST, layer

SECRET = "only for staff"
"""A description that must not become public."""
HERE = box(WEST + 200, SOUTH - 30, WEST + 300, SOUTH + 30)
FAR = box(WEST + 420, SOUTH - 30, WEST + 445, SOUTH + 30)
TODAY = AT.date()
DAY = timedelta(days=1)
PLAN = Plan(
    name="Light in Long Street", about=SECRET, kind="lighting", office="street_lighting",
    cost=1500, factors=("poor_light",), from_on=TODAY - 60 * DAY, until_on=TODAY - DAY,
    baseline="before", places=HERE, control=FAR, place_words="Long Street, in the middle",
)  # fmt: skip
FORM = {
    "name": "Light", "kind": "lighting", "office": "street_lighting", "factor": "poor_light",
    "baseline": "before", "buffer": "0", "cost": "1.500", "expected": "50",
    "from_on": "2026-06-10", "until_on": "2026-09-10", "on": "1",
}  # fmt: skip
WRITE = ("", "/1/edit", "/1/places", "/1/control", "/1/numbers", "/1/fix", "/1/move", "/1/answer",
         "/1/undo")  # fmt: skip
READ = ("", "/1", "/1/features", "/download.csv")


@pytest.fixture
def app(tmp_path):
    """A town with staff and nothing planned."""
    settings = Settings.from_environment(
        {"GEO_APP_STORE": f"sqlite:///{tmp_path}/store.sqlite", "GEO_APP_VAR": str(tmp_path)}
    )
    with Store.open(settings.store, crs=settings.crs) as store:
        store.write(imports(town() | {"pins": pins()}), at=AT)
    return staffed(create_app(settings))


@pytest.fixture
def pia(app):
    """Somebody of the prevention office at a browser."""
    return signed_in(app, "pia")


def kept(app):
    """Return the measures of an application."""
    return Measures(app.extensions["store"])


def made(app, plan=PLAN, *, to=(), fixed=True):
    """Write a measure down long ago and take it through some statuses; return its number."""
    old = AT - 100 * DAY
    id_ = kept(app).add(plan, by="pia", at=old).id
    if fixed:
        kept(app).fix(id_, on=1, by="pia", at=old)
    for status in to:
        on = len(kept(app).history(id_))
        kept(app).move(id_, status, on=on, by="pia", at=old)
    return id_


def judged(app, plan=PLAN, evidence="too_few", words="The lamps are new.", **told):
    """Publish an answer; return the number of the measure."""
    id_ = made(app, plan, to=(Status.RUNNING, Status.DONE))
    said = Answer(AT, evidence, Text("There were too few marks to tell."), words, told)
    kept(app).answer(id_, said, on=len(kept(app).history(id_)), by="pia")
    return id_


def step(client, app, id_, what, **data):
    """Send a form of a measure as its page does."""
    on = len(kept(app).history(id_))
    return send(client, f"/measures/{id_}/{what}", on=on, **data)


# ---- who may what ----


@pytest.mark.parametrize("login", STAFF)
def test_only_prevention_and_administration_write_and_planners_read(app, login):
    made(app)
    client, roles = signed_in(app, login), set(STAFF[login])
    reads = bool(roles & {"prevention", "administrator", "planner"})
    writes = bool(roles & {"prevention", "administrator"})
    for path in READ:
        assert (client.get(f"/measures{path}").status_code == 200) == reads, path
    for path in ("/new", "/1/edit", "/1/control"):
        assert (client.get(f"/measures{path}").status_code == 200) == writes, path
    for path in WRITE:
        assert (send(client, f"/measures{path}").status_code != 403) == writes, path


def test_nobody_else_sees_anything_of_the_ledger(app):
    made(app)
    client = app.test_client()
    for path in READ:
        assert client.get(f"/measures{path}").status_code == 303
    assert client.get("/prevention/themes/1/report").status_code == 303


def test_a_form_of_another_session_changes_nothing(app, pia):
    made(app)
    other = word(signed_in(app, "ada"))
    assert pia.post("/measures/1/fix", data={"form_token": other, "on": "1"}).status_code == 403


# ---- from plan to answer ----


def test_a_measure_is_planned_given_a_place_a_control_and_fixed(app, pia):
    answer = send(pia, "/measures", **FORM)
    assert answer.location == "/measures/1"
    assert kept(app).get(1).cost == 1500
    found = pia.get("/measures/1?place=Side+Lane")
    assert "Side Lane" in found.text
    assert step(pia, app, 1, "places", place="Side Lane", spot="0").status_code == 303
    whole_lane = 40 * 50 + math.pi * 25**2  # 25 m to both sides, and round its ends
    assert kept(app).get(1).places.area == pytest.approx(whole_lane, rel=0.05)
    assert "Area to compare with" in pia.get("/measures/1/control?lang=en").text
    assert step(pia, app, 1, "control", which="0").status_code == 303
    assert kept(app).get(1).control is not None
    assert step(pia, app, 1, "fix").status_code == 303
    assert kept(app).get(1).in_advance
    log = app.extensions["people"].audit_log()
    assert [one.action for one in log][:4] == [
        "measure fixed", "measure changed", "measure changed", "measure made",
    ]  # fmt: skip


def test_before_it_starts_the_page_says_what_could_not_be_told(app, pia):
    for n in range(3):
        marked(app, AT - 90 * DAY, x=250 + n)
    accept_all(app)
    soon = replace(PLAN, from_on=TODAY + DAY, until_on=TODAY + 150 * DAY)
    made(app, soon, fixed=False)
    page = pia.get("/measures/1?lang=en").text
    assert "could not be told" in page
    assert "90 marks are needed" in page


def accept_all(app):
    """Accept every mark that waits."""
    marks = app.extensions["marks"]
    for one in marks.queue(at=AT, limit=100):
        marks.accept(one.mark.id, by="mara", at=AT)


def test_an_answer_is_given_only_when_the_time_is_over(app, pia):
    made(app, replace(PLAN, until_on=TODAY + 5 * DAY), to=(Status.RUNNING, Status.DONE))
    refused = step(pia, app, 1, "answer", words="Done.")
    assert refused.status_code == 422
    assert kept(app).get(1).answer is None


def test_an_effect_is_never_claimed_without_evidence_and_nothing_typed_is_lost(app, pia):
    made(app, to=(Status.RUNNING, Status.DONE))
    refused = step(pia, app, 1, "answer", words="Das Licht hat gewirkt.")
    assert refused.status_code == 422
    assert "Das Licht hat gewirkt." in refused.text
    assert step(pia, app, 1, "answer", words="Die Lampen sind neu.").status_code == 303
    assert kept(app).get(1).answer.evidence != "fewer"


def test_what_is_wrong_with_a_form_is_told_and_nothing_typed_is_lost(app, pia):
    refused = send(pia, "/measures", **FORM | {"name": "", "cost": "many", "from_on": "soon"})
    assert refused.status_code == 422
    alert = re.search(r'role="alert".*?</div>', refused.text, re.DOTALL)[0]
    assert alert.count("<li>") == 3
    assert 'value="many"' in refused.text
    assert not kept(app).all()


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("places", {"place": "Nowhere", "spot": "0"}),
        ("places", {"do": "drawn", "corners": "8.1 49.1 8.2"}),
        ("places", {"do": "drawn", "corners": "nan nan nan nan nan nan"}),
        ("places", {"do": "drawn", "corners": "0 0 60 0 60 60"}),
        ("places", {"do": "task", "task": "none"}),
        ("control", {"which": "99"}),
        ("move", {"to": "judged"}),
        ("move", {"to": "heaven"}),
        ("fix", {}),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(app, pia, what, data):
    made(app)
    before = kept(app).history(1)
    refused = step(pia, app, 1, what, **data)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert kept(app).history(1) == before


def test_whoever_comes_second_is_told_and_overwrites_nothing(app, pia):
    made(app)
    refused = send(pia, "/measures/1/move", on="1", to="running")
    assert refused.status_code == 409
    assert kept(app).get(1).status is Status.PLANNED


def test_the_last_step_is_taken_back_even_an_answer(app, pia):
    judged(app)
    assert "The lamps are new." in app.test_client().get("/answers").text
    assert step(pia, app, 1, "undo").status_code == 303
    assert "The lamps are new." not in app.test_client().get("/answers").text
    assert "taken back" in pia.get("/measures/1?lang=en").text


def test_a_drawn_area_becomes_a_place(app, pia):
    made(app, replace(PLAN, places=None, control=None), fixed=False)
    x, y = 9.0, 48.7
    corners = f"{x} {y} {x + 0.001} {y} {x + 0.001} {y + 0.001}"
    assert step(pia, app, 1, "places", do="drawn", corners=corners).status_code == 303
    assert kept(app).get(1).places.area == pytest.approx(73 * 111 / 2, rel=0.05)


def test_a_task_of_the_work_list_becomes_a_measure(app, pia):
    marked(app, AT - DAY, x=250)
    accept_all(app)
    with app.test_request_context():
        app.preprocess_request()
        [task, *_] = whole_ranking().tasks.index
    sent = send(pia, "/measures", **FORM, task=task)
    assert sent.status_code == 303
    assert kept(app).get(1).places is not None


def test_a_change_after_it_was_laid_down_stays_visible(app, pia):
    made(app, to=(Status.RUNNING,))
    on = str(len(kept(app).history(1)))
    typed = FORM | {"from_on": "2026-04-01", "until_on": "2026-05-30", "on": on, "buffer": "50"}
    assert send(pia, "/measures/1/edit", **typed).status_code == 303
    page = pia.get("/measures/1?lang=en").text
    assert "Changed afterwards" in page
    assert "not in advance" in page


def test_a_measure_without_a_place_is_judged_by_what_was_counted(app, pia):
    plan = Plan(
        name="Talks", kind="counselling", office="prevention", from_on=TODAY - 60 * DAY,
        until_on=TODAY - DAY, baseline="before", indicators=(Indicator("Talks held", 40),),
    )  # fmt: skip
    made(app, plan, to=(Status.RUNNING, Status.DONE))
    assert step(pia, app, 1, "numbers", after_0="90").status_code == 303
    assert kept(app).get(1).in_advance
    step(pia, app, 1, "answer", words="We held more talks.")
    public = app.test_client().get("/answers?lang=en").text
    assert "Talks held: 40 before, 90 after. That is more than chance." in public


# ---- files ----


def test_the_ledger_as_files(app, pia):
    made(app, replace(PLAN, name="=Light"), to=(Status.RUNNING,))
    made(app, replace(PLAN, places=None, control=None, indicators=(Indicator("N", 1),)))
    sent = pia.get("/measures/download.csv?lang=en")
    rows = list(csv.DictReader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff"))))
    assert {row["Measure"] for row in rows} == {"'=Light", PLAN.name}
    assert len({tuple(row) for row in rows}) == 1
    assert pia.get("/measures/download.xlsx").data[:2] == b"PK"
    assert pia.get("/measures/download.exe").status_code == 404


def test_the_list_is_filtered_by_status_and_theme(app, pia):
    made(app, to=(Status.RUNNING,))
    made(app, replace(PLAN, name="Hedges"))
    assert "Hedges" in pia.get("/measures").text
    assert "Hedges" not in pia.get("/measures?status=running").text
    assert PLAN.name not in pia.get("/measures?theme=7").text


# ---- for those who spoke up, and for everybody ----


def test_the_page_of_a_code_tells_the_way_to_the_answer(app):
    id_, code = marked(app, AT - 90 * DAY, x=250)
    citizen = Citizen(app)
    citizen.open(f"/report/{code}")
    assert "will be read by the city" in citizen.page.text
    app.extensions["marks"].accept(id_, by="mara", at=AT)
    made(app, to=(Status.RUNNING,))
    citizen.open(f"/report/{code}")
    assert "is being worked on: Light in Long Street" in citizen.page.text
    kept(app).move(1, Status.DONE, on=3, by="pia", at=AT)
    said = Answer(AT, "too_few", Text("There were too few marks to tell."), "The lamps are new.")
    kept(app).answer(1, said, on=4, by="pia")
    citizen.open(f"/report/{code}")
    assert "There were too few marks to tell." in citizen.page.text
    assert "The lamps are new." in citizen.page.text
    assert SECRET not in citizen.page.text


@pytest.mark.parametrize(
    "other",
    [{"x": 20.0}, {"factors": ("overgrown",)}, {"kind": "at_ease", "factors": ("good_light",)}],
)
def test_marks_elsewhere_or_of_other_reasons_are_told_nothing_of_it(app, other):
    _, code = marked(app, AT - 90 * DAY, **{"x": 250} | other)
    judged(app)
    citizen = Citizen(app)
    citizen.open(f"/report/{code}")
    assert citizen.page.status_code == 200
    assert PLAN.name not in citizen.page.text


def test_what_is_only_planned_is_not_public(app):
    made(app)
    _, code = marked(app, AT - 90 * DAY, x=250)
    citizen = Citizen(app)
    assert PLAN.name not in citizen.open(f"/report/{code}").text
    assert PLAN.name not in citizen.open("/answers").text


def test_the_public_reads_words_and_no_numbers_of_places(app):
    themes = Themes(app.extensions["store"])
    theme = themes.add("Lit ways", factors=("poor_light",), from_on=TODAY, by="pia", at=AT)
    for n in range(8):
        marked(app, AT - 90 * DAY, x=250 + n)
    accept_all(app)
    judged(app, replace(PLAN, theme_id=theme.id))
    page = Citizen(app).open("/answers").text
    for told in ("Lit ways", PLAN.name, PLAN.place_words, "too few marks", "poor light"):
        assert told in page
    for never in (SECRET, "1,500", "1500", "pia"):
        assert never not in page


def test_published_spots_tell_which_measure_concerns_them(app):
    """The public part of Long Street lies in the places, the finding in Side Lane does not."""
    first = town()["streets"].geometry.iloc[0].buffer(20)
    judged(app, replace(PLAN, places=first))
    page = Citizen(app).open("/answers").text
    assert "By published spot" in page
    assert "Part of Long Street" in page
    assert "Two lamps are dark." not in page


def test_small_numbers_that_staff_typed_are_not_told_in_public(app):
    plan = Plan(name="Talks", kind="counselling", indicators=(Indicator("Talks", 3, 9),),
                from_on=TODAY - 60 * DAY, until_on=TODAY - DAY)  # fmt: skip
    told = Text("{name}: {before} before, {after} after. Chance alone can do that.", name="Talks",
                before=3, after=9)  # fmt: skip
    judged(app, plan, "counted", counts=[told])
    page = Citizen(app).open("/answers").text
    assert "too small a number" in page
    assert "3 before" not in page


def test_the_median_time_to_a_first_answer_is_told_with_its_count_or_not_at_all(app):
    for n in range(4):
        id_, _ = marked(app, AT - 10 * DAY, x=250 + n)
        app.extensions["marks"].accept(id_, by="mara", at=AT - 7 * DAY)
    citizen = Citizen(app)
    assert "too few answers yet" in citizen.open("/answers").text
    id_, _ = marked(app, AT - 10 * DAY, x=260)
    app.extensions["marks"].accept(id_, by="mara", at=AT - 7 * DAY)
    page = citizen.open("/answers").text
    assert "from 5 answers" in page
    assert "<dd>3</dd>" in page


def test_answers_are_found_by_their_reason(app):
    judged(app)
    judged(app, replace(PLAN, name="Hedges", factors=("overgrown",)))
    page = Citizen(app).open("/answers?factor=overgrown").text
    assert "Hedges" in page
    assert f"<h3>{PLAN.name}</h3>" not in page


def test_a_report_of_a_theme_names_what_is_missing(app, pia):
    themes = Themes(app.extensions["store"])
    theme = themes.add("Lit ways", factors=("poor_light",), from_on=TODAY, by="pia", at=AT)
    page = pia.get(f"/prevention/themes/{theme.id}/report?lang=en").text
    for missing in ("A night walk", "Marks: nobody has written", "Measures: none"):
        assert missing in page
    judged(app, replace(PLAN, theme_id=theme.id, cost=None))
    marked(app, AT - 20 * DAY, x=250)
    accept_all(app)
    page = pia.get(f"/prevention/themes/{theme.id}/report?lang=en").text
    assert "The cost of: Light in Long Street" in page
    assert "Difference" in page
    assert "Measures: none" not in page
    assert pia.get("/prevention/themes/99/report").status_code == 404


# ---- what else may change ----


def test_light_is_counted_when_asked_for_and_data_that_know_it_lit_say_so(app, pia):
    made(app)
    page = pia.get("/measures/1?lang=en").text
    assert "Count it" in page
    page = pia.get("/measures/1?lang=en&light=1").text
    assert "city’s data know the light of 0 m" in page
    assert "Nobody has noted the light of these ways" in page


def walked(app, *rows):
    """Write stops of night walks: number of the stop, day, what all nine items are rated."""
    shapes = [Point(WEST + 250, SOUTH)] * len(rows)
    stops, days, steps = zip(*rows, strict=True)
    told = {"walk": ["1"] * len(rows), "stop": stops, "walked_on": days, "raters": [3] * len(rows)}
    table = layer("audits", shapes, **told, **{name: [float(s) for s in steps] for name in ITEMS})
    app.extensions["store"].write(imports({"audits": table}), at=AT)


def test_night_walks_are_compared_stop_by_stop(app, pia):
    made(app)
    before, after = (TODAY - 80 * DAY).isoformat(), (TODAY - 5 * DAY).isoformat()
    walked(app, ("1", before, 1), ("2", before, 0), ("3", before, 1))
    assert "the same stops have to be rated again" in pia.get("/measures/1?lang=en").text
    walked(app, ("1", before, 1), ("2", before, 0), ("1", after, 3), ("2", after, 2))
    page = pia.get("/measures/1?lang=en").text
    assert "2 stops that were rated both times" in page
    assert page.count("+2") >= len(ITEMS)


def test_nothing_is_told_of_walks_elsewhere(app, pia):
    made(app, replace(PLAN, places=FAR, control=HERE))
    walked(app, ("1", (TODAY - 5 * DAY).isoformat(), 1))
    assert "Night walks before and after" not in pia.get("/measures/1?lang=en").text
