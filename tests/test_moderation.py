"""A moderator's pages: what they show and hide, what each decision does, who may do it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from shapely import box

from geo_app.origin import Import
from geo_app.store import MarkStore, Reveals
from layers import LAYERS
from layers.marks import REJECTIONS, State

from .staff import AT, marked, said, send, signed_in, staffed
from .towns import SOUTH, WEST, layer

PHONE = "030 23125 417"
"""A number that is kept for fiction."""


@pytest.fixture
def app(app):
    """Return the application over the town of one street, with staff."""
    return staffed(app)


@pytest.fixture
def mara(app):
    """Return the browser of a moderator."""
    return signed_in(app, "mara")


@pytest.fixture
def marks(app):
    """Return the marks of the city."""
    return app.extensions["marks"]


@pytest.fixture
def clock(app):
    """Return the clock of the application."""
    return app.config["CLOCK"]


def page(client, path):
    """Return a page in English."""
    return client.get(path + ("&" if "?" in path else "?") + "lang=en").text


def test_the_queue_is_empty_at_first(mara):
    assert "Nothing waits here" in page(mara, "/moderation")


def test_the_oldest_mark_comes_first_and_what_is_overdue_says_so(app, clock):
    """Service level seven days: after eight, one is a day over."""
    marked(app, factors=("traffic",))
    clock.goes_on(days=8)
    marked(app, at=clock(), factors=("run_down",))
    mara = signed_in(app, "mara")
    text = page(mara, "/moderation")
    assert text.index(">traffic</a>") < text.index(">run down or dirty</a>")
    assert "overdue: waits 8 days, 1 day longer than promised" in text
    assert "1 mark is overdue" in text
    assert "waits less than a day" in text
    only = page(mara, "/moderation?overdue=1")
    assert ">traffic</a>" in only
    assert ">run down or dirty</a>" not in only


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=at_ease", 1),
        ("kind=unsafe", 2),
        ("factor=traffic", 1),
        ("office=street_lighting", 0),
        ("state=published", 0),
        ("state=all", 3),
        ("state=draft", 3),
        ("kind=<script>&factor=nothing", 3),
    ],
)
def test_the_queue_shows_only_what_is_asked_for(app, mara, query, found):
    marked(app)
    marked(app, factors=("traffic",))
    marked(app, kind="at_ease", factors=("well_kept",))
    text = page(mara, f"/moderation?{query}")
    assert len(re.findall("<h3>", text)) == found
    assert "<script>alert" not in text


def test_an_office_finds_what_it_was_given_until_it_is_put_right(app, mara):
    """Accepting gives a mark to its offices; it is open there until it is resolved."""
    id_, _ = marked(app)
    marked(app)
    send(mara, f"/moderation/{id_}/accept")
    for office, state, found in (
        ("street_lighting", "", 1),
        ("green_spaces", "", 1),
        ("planning", "", 0),
        ("street_lighting", "received", 0),
    ):
        text = page(mara, f"/moderation?office={office}&state={state}")
        assert len(re.findall("<h3>", text)) == found
    assert len(mara.get("/moderation/features?office=green_spaces").json["features"]) == 1
    send(mara, f"/moderation/{id_}/resolve")
    assert "<h3>" not in page(mara, "/moderation?office=street_lighting")


def test_the_marks_of_an_office_lead_to_its_work_list(mara):
    assert 'href="/prevention?office=green_spaces"' in page(mara, "/moderation?office=green_spaces")


def test_squares_stand_for_points_until_a_look_is_opened(app, mara):
    """The map of the queue and of a mark holds corners of the square, never the point."""
    id_, _ = marked(app, x=251.7, y=3.3)
    for path in ("/moderation/features", f"/moderation/{id_}/features"):
        found = mara.get(path).json["features"]
        assert [one["geometry"]["type"] for one in found] == ["Polygon"]
    assert mara.get(f"/moderation/{id_}/point").status_code == 404
    text = mara.get(f"/moderation/{id_}").text
    assert str(WEST + 251.7) not in text
    assert (
        send(mara, f"/moderation/{id_}/reveal", reason="inspection of the lamp").status_code == 303
    )
    [point] = mara.get(f"/moderation/{id_}/point").json["features"]
    assert point["geometry"]["type"] == "Point"


def test_a_look_needs_a_reason_is_written_down_and_closes_again(app, mara, marks, clock):
    id_, _ = marked(app)
    refused = send(mara, f"/moderation/{id_}/reveal?lang=en", reason="   ")
    assert refused.status_code == 403
    assert "say why" in refused.text
    assert marks.looks(id_) == []
    send(mara, f"/moderation/{id_}/reveal", reason="inspection of the lamp")
    [look] = marks.looks(id_)
    assert (look.by, look.reason) == ("mara", "inspection of the lamp")
    assert "inspection of the lamp" in page(mara, f"/moderation/{id_}")
    assert mara.get(f"/moderation/{id_}/point").status_code == 200
    clock.goes_on(minutes=16)
    assert mara.get(f"/moderation/{id_}/point").status_code == 404


@pytest.mark.parametrize("factor", ["poor_light", "followed"])
def test_a_reason_for_a_look_is_no_letter(careful, marks, factor):
    """Three hundred characters; one more is told, and not written down."""
    mara = signed_in(careful, "mara")
    id_, _ = marked(careful, factors=(factor,))
    refused = send(mara, f"/moderation/{id_}/reveal?lang=en", reason="x" * 301)
    assert refused.status_code == 403
    assert "at most 300 characters" in refused.text
    assert marks.looks(id_) == []
    assert careful.extensions["reveals"].wishes(id_, at=AT) == {}
    assert send(mara, f"/moderation/{id_}/reveal", reason="x" * 300).status_code == 303


def test_a_look_is_open_only_to_whoever_gave_the_reason(app, mara):
    id_, _ = marked(app)
    send(mara, f"/moderation/{id_}/reveal", reason="inspection of the lamp")
    assert signed_in(app, "milo").get(f"/moderation/{id_}/point").status_code == 404


def test_personal_details_are_covered_until_a_look_is_opened(app, mara):
    id_, _ = marked(app, note=f"Dark corner. Call me: {PHONE}")
    before = page(mara, f"/moderation/{id_}")
    assert "Dark corner" in before
    assert PHONE not in before
    assert "may be a telephone number" in before
    send(mara, f"/moderation/{id_}/reveal", reason="ask the writer for the lamp")
    assert f"<mark>{PHONE}</mark>" in page(mara, f"/moderation/{id_}")


def test_personal_details_are_removed_for_good(app, mara, marks):
    id_, _ = marked(app, note=f"Dark corner. Call me: {PHONE}")
    send(mara, f"/moderation/{id_}/clean")
    assert marks.get(id_).note == "Dark corner. Call me: […]"


def test_what_a_citizen_wrote_never_becomes_markup(app, mara):
    evil = "</script><script>alert(1)</script> {{ 7 * 7 }} ${alert(1)}"
    id_, _ = marked(app, note=evil)
    text = mara.get(f"/moderation/{id_}").text
    assert "<script>alert" not in text
    assert "{{ 7 * 7 }}" in text


def test_accepting_gives_the_reasons_to_their_offices_and_opens_the_next_mark(
    app, mara, marks, clock
):
    first, _ = marked(app)
    clock.goes_on(minutes=1)
    second, _ = marked(app, at=clock())
    answer = send(mara, f"/moderation/{first}/accept")
    assert answer.location == f"/moderation/{second}?done={first}"
    assert marks.get(first).state is State.PUBLISHED
    assert marks.get(first).offices == ("street_lighting", "green_spaces")
    assert "accepted" in page(mara, answer.location)
    last = send(mara, f"/moderation/{second}/accept")
    assert last.location == f"/moderation?done={second}"


def test_the_next_mark_is_one_of_those_that_were_asked_for(app, mara, clock):
    first, _ = marked(app, factors=("traffic",))
    marked(app)
    clock.goes_on(minutes=1)
    third, _ = marked(app, at=clock(), factors=("traffic",))
    answer = send(mara, f"/moderation/{first}/accept?factor=traffic")
    assert answer.location == f"/moderation/{third}?factor=traffic&done={first}"


def test_rejecting_needs_a_reason_of_the_list(app, mara, marks):
    id_, _ = marked(app)
    refused = send(mara, f"/moderation/{id_}/reject?lang=en", reason="because", detail="No.")
    assert refused.status_code == 422
    assert "say why it is not accepted" in refused.text
    send(mara, f"/moderation/{id_}/reject", reason="spam", detail="We read it twice.")
    assert marks.get(id_).state is State.REJECTED
    assert marks.history(id_)[-1].reason == "spam"
    assert "We read it twice." in page(mara, f"/moderation/{id_}")


def test_a_question_reaches_the_page_of_the_code(app, mara, marks):
    id_, code = marked(app)
    assert send(mara, f"/moderation/{id_}/ask", question=" ").status_code == 422
    send(mara, f"/moderation/{id_}/ask", question="Is it the lamp at the bridge?")
    assert marks.by_code(code).state is State.ASKED
    assert marks.history(id_)[-1].detail == "Is it the lamp at the bridge?"


def test_marks_within_fifty_metres_are_offered_as_the_same(app, mara, marks):
    near, _ = marked(app, x=250 + 49)
    far, _ = marked(app, x=250 + 51)
    id_, _ = marked(app)
    text = mara.get(f"/moderation/{id_}").text
    assert f'value="{near}"' in text
    assert f'value="{far}"' not in text
    assert send(mara, f"/moderation/{id_}/merge").status_code == 422
    assert send(mara, f"/moderation/{id_}/merge", into=id_).status_code == 422
    send(mara, f"/moderation/{id_}/merge", into=near)
    assert marks.get(id_).merged_into == near


def test_a_decision_is_undone_where_the_transitions_allow(app, mara, marks):
    id_, _ = marked(app)
    send(mara, f"/moderation/{id_}/accept")
    send(mara, f"/moderation/{id_}/resolve", detail="The lamp is lit again.")
    assert "Undo: accepted" in page(mara, f"/moderation?done={id_}")
    send(mara, f"/moderation/{id_}/undo")
    assert marks.get(id_).state is State.PUBLISHED


def test_a_first_decision_is_undone_by_whoever_made_it(app, mara, marks):
    id_, _ = marked(app)
    milo = signed_in(app, "milo")
    send(mara, f"/moderation/{id_}/reject", reason="spam")
    assert "Undo" not in page(milo, f"/moderation?done={id_}")
    assert send(milo, f"/moderation/{id_}/undo").status_code == 422
    assert "Undo: received" in page(mara, f"/moderation?done={id_}")
    assert send(mara, f"/moderation/{id_}/undo").status_code == 303
    assert marks.get(id_).state is State.RECEIVED
    assert "the decision was taken back" in page(mara, f"/moderation/{id_}")


def test_a_decision_of_somebody_else_is_decided_anew(app, mara, marks):
    id_, _ = marked(app)
    marks.reject(id_, "spam", by="milo", at=AT)
    assert "Accept after all" in page(mara, f"/moderation/{id_}")
    send(mara, f"/moderation/{id_}/accept")
    assert marks.get(id_).state is State.PUBLISHED


def test_nobody_decides_on_what_somebody_else_has_changed_meanwhile(app, mara, marks):
    id_, code = marked(app)
    seen = re.search('name="seen" value="([0-9a-f]+)"', mara.get(f"/moderation/{id_}").text)[1]
    marks.correct(code, said(factors=("traffic",)), at=AT)
    answer = send(mara, f"/moderation/{id_}/accept?lang=en", seen=seen)
    assert answer.status_code == 422
    assert "changed after you opened it" in answer.text
    assert marks.get(id_).state is State.RECEIVED


@pytest.mark.parametrize("act", ["assign", "clean", "undo"])
def test_what_somebody_else_has_changed_meanwhile_stays_as_it_is(app, mara, marks, act):
    id_, _ = marked(app, note=f"Call me: {PHONE}")
    marks.accept(id_, by="milo", at=AT)
    marks.resolve(id_, by="milo", at=AT)
    text = page(mara, f"/moderation/{id_}?done={id_}")
    form = re.search(f'action="/moderation/{id_}/{act}.*?</form>', text, re.DOTALL)[0]
    seen = re.search('name="seen" value="([0-9a-f]+)"', form)[1]
    marks.assign(id_, ["planning"], by="milo", at=AT)
    before = marks.history(id_)
    answer = send(mara, f"/moderation/{id_}/{act}?lang=en", seen=seen, office="green_spaces")
    assert answer.status_code == 422
    assert "changed after you opened it" in answer.text
    assert marks.history(id_) == before
    now = before[-1].hash
    assert send(mara, f"/moderation/{id_}/{act}", seen=now, office="planning").status_code == 303


def test_a_mark_that_was_taken_back_shows_nothing_and_offers_nothing(app, mara, marks):
    id_, code = marked(app, note="Dark corner")
    marks.withdraw(code, at=AT)
    text = page(mara, f"/moderation/{id_}")
    assert "taken it back" in text
    assert "Dark corner" not in text
    assert f"/{id_}/accept" not in text


def test_a_history_that_was_tampered_with_is_shown_and_stops_everything(app, mara):
    id_, _ = marked(app)
    engine = app.extensions["store"].engine
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE mark SET seal = 'x' WHERE id = '{id_}'")
    text = page(mara, f"/moderation/{id_}")
    assert "behind the program’s back" in text
    assert f"/{id_}/accept" not in text
    assert send(mara, f"/moderation/{id_}/accept").status_code >= 400


def test_offices_are_chosen_by_hand_too(app, mara, marks):
    id_, _ = marked(app)
    assert send(mara, f"/moderation/{id_}/assign", office=["planning"]).status_code == 303
    assert marks.get(id_).offices == ("planning",)
    assert send(mara, f"/moderation/{id_}/assign", office=["nobody"]).status_code == 422


def test_a_burst_is_flagged_and_says_from_how_many_devices(mara, marks):
    """Twelve marks from one device within an hour, where none came before."""
    for _ in range(12):
        marks.add(said(), at=AT, device="one")
    assert "one of 12 marks here within an hour, from one device" in page(mara, "/moderation")


def together(client, *ids, **form):
    """Open marks side by side as somebody does who has ticked them, and send the form."""
    query = "&".join(f"mark={id_}" for id_ in ids)
    text = page(client, f"/moderation/several?{query}")
    seen = dict(re.findall('name="(seen-[0-9a-f]+)" value="([0-9a-f]+)"', text))
    ticked = re.findall('name="mark" value="([0-9a-f]+)" checked', text)
    return send(client, "/moderation/several?lang=en", mark=ticked, shown=ticked, **seen, **form)


def test_clear_marks_are_decided_together_and_each_keeps_its_own_history(app, mara, marks):
    ids = [marked(app, x=x)[0] for x in (240, 250, 260)]
    listed = page(mara, "/moderation")
    assert all(f'value="{id_}" form="several"' in listed for id_ in ids)
    answer = together(mara, *ids[:2], do="accept")
    assert answer.location == f"/moderation?done={ids[0]}&done={ids[1]}"
    assert [marks.get(id_).state for id_ in ids] == [State.PUBLISHED] * 2 + [State.RECEIVED]
    for id_ in ids[:2]:
        assert [e.state for e in marks.history(id_) if e.action == "moved"] == [
            State.RECEIVED, State.PUBLISHED
        ]  # fmt: skip
        assert marks.get(id_).offices == ("street_lighting", "green_spaces")
    told = page(mara, answer.location)
    assert "2 marks are decided" in told
    assert all(f"/moderation/{id_}/undo" in told for id_ in ids[:2])


def test_marks_are_rejected_together_for_one_reason_of_the_list(app, mara, marks):
    ids = [marked(app, note=f"Call {PHONE}")[0] for _ in range(2)]
    assert PHONE not in page(mara, f"/moderation/several?mark={ids[0]}")
    refused = together(mara, *ids, do="reject", reason="because", detail="Not this <b>time</b>.")
    assert refused.status_code == 422
    assert "say why they are not accepted" in refused.text
    assert "Not this &lt;b&gt;time&lt;/b&gt;." in refused.text
    assert all(f'value="{id_}" checked' in refused.text for id_ in ids)
    together(mara, *ids, do="reject", reason="several_times", detail="Thank you.")
    last = [marks.history(id_)[-1] for id_ in ids]
    assert [(e.state, e.reason, e.detail) for e in last] == [
        (State.REJECTED, "several_times", "Thank you.")
    ] * 2


def test_nothing_ticked_decides_nothing(app, mara, marks):
    id_, _ = marked(app)
    refused = send(mara, "/moderation/several?lang=en", shown=[id_], do="accept")
    assert refused.status_code == 422
    assert "tick at least one mark" in refused.text
    assert marks.get(id_).state is State.RECEIVED


def test_a_sensitive_mark_is_never_decided_together_with_others(app, mara, marks):
    """Nor one that is decided or waits for an answer, whatever a form says."""
    followed, _ = marked(app, factors=("poor_light", "followed"))
    asked, _ = marked(app)
    marks.ask(asked, "Which lamp?", by="milo", at=AT)
    plain, _ = marked(app)
    assert f'value="{followed}" form="several"' not in page(mara, "/moderation")
    shown = page(mara, f"/moderation/several?mark={followed}&mark={asked}&mark={plain}&mark=none")
    assert re.findall('name="mark" value="([0-9a-f]+)"', shown) == [plain]
    assert "3 marks are not listed" in shown
    for id_, state in ((followed, State.RECEIVED), (asked, State.ASKED)):
        answer = send(mara, "/moderation/several?lang=en", mark=[id_], do="accept")
        assert answer.status_code == 422
        assert "need a look of their own" in answer.text
        assert marks.get(id_).state is state


def test_what_was_changed_meanwhile_stays_while_the_others_are_decided(app, mara, marks):
    first, code = marked(app)
    second, _ = marked(app)
    before = page(mara, f"/moderation/several?mark={first}&mark={second}")
    seen = dict(re.findall('name="(seen-[0-9a-f]+)" value="([0-9a-f]+)"', before))
    marks.correct(code, said(factors=("traffic",)), at=AT)
    answer = send(mara, "/moderation/several?lang=en", mark=[first, second], do="accept", **seen)
    assert answer.status_code == 422
    assert "1 mark is decided." in answer.text
    assert "changed after you opened it" in answer.text
    assert f'value="{first}" checked' in answer.text
    assert [marks.get(id_).state for id_ in (first, second)] == [State.RECEIVED, State.PUBLISHED]


def test_a_mark_without_a_look_before_is_not_decided(app, mara, marks):
    """A form that does not say what was seen is not one of the page."""
    id_, _ = marked(app)
    assert send(mara, "/moderation/several", mark=[id_], do="accept").status_code == 422
    assert marks.get(id_).state is State.RECEIVED


@pytest.fixture
def careful(app):
    """Return the application where two people have to look at sensitive marks."""
    settings = replace(app.config["SETTINGS"], two_people=True)
    store = app.extensions["store"]
    app.config["SETTINGS"] = settings
    app.extensions |= {"marks": MarkStore(store, settings), "reveals": Reveals(store, settings)}
    return app


def test_a_sensitive_place_opens_only_when_a_second_moderator_agrees(careful):
    mara, milo = signed_in(careful, "mara"), signed_in(careful, "milo")
    id_, _ = marked(careful, factors=("followed",))
    send(mara, f"/moderation/{id_}/reveal", reason="the lamps along this way")
    assert mara.get(f"/moderation/{id_}/point").status_code == 404
    assert "the lamps along this way" in page(milo, "/moderation")
    [wish] = careful.extensions["reveals"].wishes(id_, at=AT)[id_]
    assert send(mara, f"/moderation/{id_}/agree", wish=wish.id).status_code == 403
    assert send(milo, f"/moderation/{id_}/agree", wish=wish.id).status_code == 303
    assert milo.get(f"/moderation/{id_}/point").status_code == 404
    assert send(mara, f"/moderation/{id_}/reveal").status_code == 303
    assert mara.get(f"/moderation/{id_}/point").status_code == 200
    [look] = careful.extensions["marks"].looks(id_)
    assert (look.by, look.second) == ("mara", "milo")
    assert careful.extensions["reveals"].wishes(id_, at=AT) == {}


def test_a_request_for_a_second_look_runs_out(careful, clock):
    mara = signed_in(careful, "mara")
    id_, _ = marked(careful, factors=("followed",))
    send(mara, f"/moderation/{id_}/reveal", reason="the lamps along this way")
    [wish] = careful.extensions["reveals"].wishes(id_, at=AT)[id_]
    clock.goes_on(hours=25)
    milo = signed_in(careful, "milo")
    assert send(milo, f"/moderation/{id_}/agree", wish=wish.id).status_code == 403


def test_what_is_not_sensitive_needs_one_person_only(careful):
    mara = signed_in(careful, "mara")
    id_, _ = marked(careful)
    send(mara, f"/moderation/{id_}/reveal", reason="inspection of the lamp")
    assert mara.get(f"/moderation/{id_}/point").status_code == 200


def test_the_log_tells_the_public_no_small_number(app, client, mara):
    """Six marks, one rejected: six may be told, one may not."""
    ids = [marked(app)[0] for _ in range(6)]
    send(mara, f"/moderation/{ids[0]}/reject", reason="spam")
    for id_ in ids[1:]:
        send(mara, f"/moderation/{id_}/accept")
    text = page(client, "/moderation/log")
    row = re.search("May 2026</th>(.*?)</tr>", text, re.DOTALL)[1]
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall("<td.*?</td>", row)]
    assert cells[:3] == ["6", "5", "fewer than 5"]
    assert not any(id_ in text for id_ in ids)


def test_the_log_is_a_file_too(app, client):
    for _ in range(6):
        marked(app)
    answer = client.get("/moderation/log.csv?lang=en")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[1] == ["2026-05", "6", "0", "0", ""]
    assert len(rows) == 2 + 2 + len(REJECTIONS)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_empty_log_says_so(client):
    assert "No mark has been sent yet" in page(client, "/moderation/log")


def test_a_city_without_houses_can_publish_nothing_and_is_told_what_is_missing(app):
    """Nobody can say behind how many addresses a mark hides."""
    pia = signed_in(app, "pia")
    assert "buildings" in page(pia, "/release")
    assert send(pia, "/release").status_code == 409


def test_a_release_is_due_shown_in_numbers_and_done_once(app, marks, main_street):
    """The first Monday of May 2026 was the 4th. Six marks on one block, nine houses: one row."""
    houses = [box(WEST + 12 * n, SOUTH + 9, WEST + 12 * n + 8, SOUTH + 15) for n in range(9)]
    told = layer("buildings", houses, address=[f"Main Street {n}" for n in range(9)])
    origin = main_street[0].origin
    app.extensions["store"].write([Import(LAYERS["buildings"], told, origin)], at=AT)
    earlier = AT - timedelta(days=40)
    for n in range(6):
        id_ = marks.add(said(x=20 + 10 * n, y=2), at=earlier, device=f"{n}").id
        marks.accept(id_, by="mara", at=earlier + timedelta(days=1))
    pia = signed_in(app, "pia")
    before = page(pia, "/release")
    assert "Due: May 4, 2026" in before
    assert re.findall("<dd>([0-9,]+)</dd>", before) == ["6", "6", "0", "1", "1", "0"]
    assert id_ not in before
    assert send(pia, "/release").status_code == 303
    after = page(pia, "/release")
    assert "Next: June 1, 2026" in after
    assert "Release now" not in after
    assert send(pia, "/release").status_code == 303
    assert [(one.marks, one.rows) for one in marks.releases()] == [(6, 1)]


def test_a_finding_is_published_exactly_in_the_words_of_the_city(app, marks):
    pia = signed_in(app, "pia")
    assert "Which one is meant?" in page(pia, "/findings?place=Library")
    form = {
        "place": "Library",
        "spot": "0",
        "finding": "The lamp is broken.",
        "kind": "unsafe",
        "factor": ["poor_light"],
        "confirmed_on": "2026-05-30",
        "expires_on": "2026-09-01",
    }
    wrong = send(pia, "/findings?lang=en", **(form | {"confirmed_on": "2026-06-30"}))
    assert wrong.status_code == 422
    assert "future" in wrong.text
    assert send(pia, "/findings", **(form | {"spot": "99"})).status_code == 422
    assert send(pia, "/findings", **form).status_code == 303
    [found] = marks.findings().itertuples()
    assert (found.place, found.finding) == ("Library", "The lamp is broken.")
    assert (found.geometry.x, found.geometry.y) == (WEST, SOUTH)
    assert send(pia, f"/findings/{found.Index}/remove").status_code == 303
    assert marks.findings().empty


def test_no_page_of_a_mark_is_kept_by_a_browser(app, mara):
    id_, _ = marked(app)
    for path in ("/moderation", f"/moderation/{id_}", f"/moderation/{id_}/features"):
        assert mara.get(path).headers["Cache-Control"] == "no-store"


def test_a_mark_that_does_not_exist_is_said_so(mara):
    assert mara.get("/moderation/0123456789abcdef").status_code == 404
    assert send(mara, "/moderation/0123456789abcdef/accept").status_code == 404


def test_sending_the_same_decision_twice_decides_once(app, mara, marks):
    id_, _ = marked(app)
    assert send(mara, f"/moderation/{id_}/accept").status_code == 303
    assert send(mara, f"/moderation/{id_}/accept").status_code == 422
    moved = [event for event in marks.history(id_) if event.state is State.PUBLISHED]
    assert [event.action for event in moved].count("moved") == 1


def test_waiting_is_told_in_whole_days(app, clock):
    marked(app)
    clock.goes_on(hours=47)
    assert "waits 1 day<" in page(signed_in(app, "mara"), "/moderation")
    clock.goes_on(hours=1)
    assert "waits 2 days" in page(signed_in(app, "mara"), "/moderation")


def test_staff_see_the_day_of_a_mark_and_never_its_minute(app, clock):
    """Sent at 22:47 UTC on June 3, which is June 4 in Germany; another one lies beside it."""
    at = datetime(2026, 6, 3, 22, 47, tzinfo=UTC)
    clock.goes_on(days=(at - AT).days + 1)
    mara = signed_in(app, "mara")
    id_, _ = marked(app, at=at)
    marked(app, at=at)
    for path in ("/moderation", f"/moderation/{id_}"):
        assert not re.search(r"\b(22|12|0?0)[:.]47\b", page(mara, path))
    shown = page(mara, f"/moderation/{id_}")
    assert shown.count("June 4, 2026") == 3
    assert "June 3, 2026" not in shown
