"""Marking a spot: every screen, every slip, every wrong turn, without a script."""

from __future__ import annotations

import pytest

from geo_app import create_app, whereabouts
from geo_app.pictograms import PATHS
from geo_app.store import UnknownMarkError
from geo_app.wizard import STEPS
from layers.factors import FACTORS
from layers.marks import DAYTIMES, KINDS, WEEKPARTS, State

from .citizens import ANSWERS, AT, DRY, OUTSIDE, WET, Citizen, imports, pins, town

EVIL = "</script><script>alert(1)</script> {{ 7 * 7 }} ${alert(1)} <img src=x onerror=alert(1)>"
RTL = "مظلم جداً في المساء \u202e evil"
WRONG = "AAAA-AAAA-AAAA-AAAA-AAAA"


@pytest.fixture
def main_street():
    """The small town of this test instead."""
    return imports(town())


@pytest.fixture
def marks(app):
    """What the application keeps."""
    return app.extensions["marks"]


@pytest.fixture
def citizen(app):
    """Somebody without a script."""
    return Citizen(app)


def spot(x, y):
    """Return a spot as the list of places sends it."""
    return {"spot": f"{x} {y}"}


def received(marks):
    """Return how many marks have been sent."""
    return marks.public_numbers(at=AT).received


# ---- the straight way ----


def test_a_mark_is_sent_with_what_was_said(citizen, marks):
    code = citizen.report()
    kept = marks.by_code(code)
    assert (kept.kind, kept.factors, kept.daytime, kept.strength, kept.note) == (
        "unsafe", ("poor_light",), "night", 3, "The lamp is broken."
    )  # fmt: skip
    assert kept.exact == DRY
    assert kept.state is State.RECEIVED


def test_nothing_is_kept_before_it_is_sent(citizen, marks):
    """A lost connection between receipt and sending loses nothing and leaves nothing."""
    citizen.answer()
    assert received(marks) == 0
    citizen.wait(minutes=90)
    citizen.press("send")
    assert received(marks) == 1


def test_each_screen_asks_one_question_and_tells_how_far_one_is(citizen):
    citizen.open("/report")
    seen = []
    for number, step in enumerate(STEPS, 1):
        assert citizen.field("step") == step
        assert f"Step {number} of 6" in citizen.page.text
        assert citizen.page.text.count("<h1") == 1
        seen.append(citizen.title())
        if step != "check":
            citizen.press(**ANSWERS[step])
    assert len(set(seen)) == 6


def test_an_unsafe_spot_and_a_pleasant_one_have_their_own_reasons(citizen):
    citizen.answer(until="what")
    assert "poor_light" in citizen.page.text
    assert "good_light" not in citizen.page.text
    citizen.answer(until="what", kind={"kind": "at_ease"})
    assert "good_light" in citizen.page.text
    assert "poor_light" not in citizen.page.text


def test_changing_the_feeling_drops_reasons_that_no_longer_fit(citizen):
    citizen.answer()
    citizen.press("step:kind")
    citizen.press(kind="at_ease")
    assert citizen.title() == "What makes the spot pleasant?"
    citizen.press()
    assert citizen.alert() == "Tick at least one reason"


def test_back_keeps_every_answer_even_a_wrong_one(citizen):
    citizen.answer(until="more")
    long = "x" * 10_000
    citizen.press("back", note=long, strength="2")
    assert citizen.field("step") == "where"
    citizen.press()
    assert long in citizen.page.text


def test_the_language_changes_without_losing_an_answer(citizen):
    citizen.answer(until="more")
    citizen.press(language="de", note="Die Lampe", strength="4")
    assert '<html lang="de"' in citizen.page.text
    assert "Die Lampe" in citizen.page.text
    assert citizen.field("step") == "more"
    citizen.press(note="Die Lampe", strength="4")
    assert "Schlechtes Licht" in citizen.words() or "schlechtes Licht" in citizen.words()


def test_everything_that_can_be_ticked_has_a_drawing():
    assert {factor.pictogram for factor in FACTORS.values()} <= set(PATHS)
    assert {*KINDS, *DAYTIMES, *WEEKPARTS} <= set(PATHS)


# ---- where ----


def test_a_street_is_found_and_asked_for_its_corner(citizen, marks):
    """Long Street meets Side Lane 222 m east of its west end."""
    citizen.answer(until="where")
    citizen.press("search", q="long str")
    assert "Long Street" in citizen.words()
    street = citizen.page.text.split('name="spot" value="')[2].split('"')[0]
    assert street.endswith(" street")
    citizen.press(spot=street)
    assert "Where along the street?" in citizen.words()
    corner = citizen.page.text.split("Long Street / Side Lane")[0].split('value="')[-1].split('"')
    citizen.press(spot=corner[0])
    citizen.press(**ANSWERS["more"])
    citizen.wait(seconds=30)
    citizen.press("send")
    east, north = marks.by_code(citizen.code()).exact
    assert (east, north) == pytest.approx((DRY[0] + 162, DRY[1] - 2), abs=0.1)


def test_near_a_house_is_understood(citizen):
    citizen.answer(until="where")
    citizen.press("search", q="near Long Street 3")
    assert "Long Street 3" in citizen.words()


@pytest.mark.parametrize(
    ("words", "told"),
    [("", "Write a street, a house or a place"), ("Qwertz", "Nothing in the city is called like")],
)
def test_a_search_that_finds_nothing_says_what_to_do(citizen, words, told):
    citizen.answer(until="where")
    citizen.press("search", q=words)
    assert citizen.alert().startswith(told)


def test_a_position_of_the_map_or_the_device_becomes_the_spot(citizen, app, marks):
    """Degrees of the dry spot, there and back within a centimetre or two."""
    longitude, latitude = whereabouts.to_degrees(app.extensions["store"], *DRY)
    told = {"spot": "map", "longitude": f"{longitude:.7f}", "latitude": f"{latitude:.7f}"}
    code = citizen.report(where=told)
    assert marks.by_code(code).exact == pytest.approx(DRY, abs=0.03)


# ---- slips ----


@pytest.mark.parametrize(
    ("step", "given", "told"),
    [
        ("kind", {}, "Say whether you feel unsafe or at ease here"),
        ("kind", {"kind": EVIL}, "Say whether you feel unsafe or at ease here"),
        ("what", {}, "Tick at least one reason"),
        ("what", {"factors": ["good_light"]}, "“good light” does not go with"),
        ("what", {"factors": [EVIL]}, "is not among the reasons"),
        ("when", {"daytime": "noon"}, "Choose by day, at dusk, after dark, or nothing"),
        ("when", {"noticed_on": "2031-01-01"}, "The day lies in the future"),
        ("when", {"noticed_on": "yesterday"}, "Write the day like"),
        ("where", {}, "Say where: on the map, by a street, or near a place"),
        ("where", {"spot": "nan nan"}, "Say where"),
        ("where", {"spot": "map", "longitude": "x", "latitude": "1e999"}, "Say where"),
        ("where", spot(*OUTSIDE), "The place lies outside the city"),
        ("where", spot(*WET), "The place lies on water"),
        ("more", {"note": "x" * 10_000}, "The note is 9,000 characters too long"),
        ("more", {"note": "🌒" * 10_000}, "The note is 9,000 characters too long"),
        ("more", {"strength": "9"}, "Choose how strongly from 1 to 4, or nothing"),
    ],
)
def test_every_slip_is_told_and_can_be_mended(citizen, step, given, told):
    citizen.answer(until=step)
    citizen.press(**given)
    assert citizen.page.status_code == 422
    assert told in citizen.alert()
    assert citizen.field("step") == step
    if "note" in given:
        assert given["note"] in citizen.page.text
    citizen.press(**ANSWERS[step])
    assert citizen.page.status_code == 200
    assert citizen.field("step") != step


@pytest.mark.parametrize("note", [EVIL, RTL, "🌒 Zu dunkel ab 18 Uhr", "a\x00b", "O’Brien & “Co”"])
def test_a_note_is_only_ever_text(citizen, marks, note):
    code = citizen.report(more={"note": note})
    citizen.open(f"/report/{code}")
    assert "<script>alert" not in citizen.page.text
    assert "onerror=alert(1)>" not in citizen.page.text
    assert "49" not in citizen.page.text.split("note-told")[1].split("</dd>")[0]
    kept = marks.by_code(code).note
    assert kept == note.replace("\x00", "") + ("\u202c" if note is RTL else "")
    assert 'class="note-told" dir="auto"' in citizen.page.text


def test_personal_details_are_pointed_out_before_sending(citizen):
    citizen.answer(more={"note": "Frau Meier sitzt da, 0176 12345678"})
    assert "<mark" in citizen.page.text
    assert "“Frau Meier” may be somebody’s name." in citizen.words()
    citizen.press("step:more")
    assert "Frau Meier" in citizen.page.text


# ---- the receipt ----


def test_the_receipt_says_who_sees_what_and_when_it_is_erased(citizen):
    citizen.answer()
    told = citizen.words()
    for expected in (
        "Nothing has been sent yet.",
        "the exact spot; each look at it is logged with a reason",
        "nothing before June 1, 2026",
        "at least 5 marks together",
        "part of Long Street",
        "your note: 30 days after the decision",
    ):
        assert expected in told
    exact, public = citizen.page.text.split('class="sketch"')[1:]
    assert "pin-shape" in exact
    assert "pin-shape" not in public
    assert 'class="unit line"' in public


# ---- sending ----


def test_sent_twice_is_one_mark_with_one_code(citizen, marks):
    """Double clicks, repeated sends, the back button: the form carries its own number."""
    first = citizen.report(), citizen.page
    citizen.answer()
    page = citizen.page
    citizen.wait(seconds=30)
    citizen.press("send")
    code = citizen.code()
    citizen.page = page
    citizen.press("send")
    assert citizen.code() == code != first[0]
    assert received(marks) == 2


def test_sent_again_with_a_change_corrects_the_mark(citizen, marks):
    citizen.answer(until="more")
    page = citizen.page
    citizen.press(**ANSWERS["more"])
    citizen.wait(seconds=30)
    citizen.press("send")
    code, citizen.page = citizen.code(), page
    citizen.press(note="Two lamps.", strength="4")
    citizen.press("send")
    assert citizen.code() == code
    assert marks.by_code(code).note == "Two lamps."


@pytest.mark.parametrize("change", [False, True])
def test_sent_again_after_a_decision_the_mark_is_shown_and_stays(citizen, marks, change):
    """Without a change nothing is to be decided anew, so the code is simply shown again."""
    citizen.answer(until="more")
    screen = citizen.page
    citizen.press(**ANSWERS["more"])
    citizen.wait(seconds=30)
    citizen.press("send")
    code = citizen.code()
    marks.accept(marks.by_code(code).id, by="mod", at=citizen.at)
    citizen.page = screen
    citizen.press(**ANSWERS["more"] | ({"note": "Other words."} if change else {}))
    citizen.press("send")
    if change:
        assert citizen.page.status_code == 409
        assert "Somebody has already decided on this mark" in citizen.alert()
        assert "What has happened" in citizen.words()
    else:
        assert citizen.code() == code
    assert marks.by_code(code).note == "The lamp is broken."


def test_sent_again_after_it_was_taken_back_the_mark_stays_erased(citizen, marks):
    citizen.answer()
    screen = citizen.page
    citizen.wait(seconds=30)
    citizen.press("send")
    code = citizen.code()
    marks.withdraw(code, at=citizen.at)
    citizen.page = screen
    citizen.press("send")
    assert citizen.page.status_code == 409
    assert citizen.title() == "Taken back"
    assert "cannot be changed any more" in citizen.alert()
    assert marks.by_code(code).exact is None


def test_a_form_left_open_too_long_is_looked_through_again(citizen, marks):
    citizen.answer()
    citizen.wait(hours=3)
    citizen.press("send")
    assert "open for more than 2 hours" in citizen.alert()
    assert "poor light" in citizen.words()
    assert received(marks) == 0
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.code()


@pytest.mark.parametrize("state", ["", "nonsense", "eyJhIjoxfQ.x", EVIL])
def test_a_forged_form_begins_again(citizen, marks, state):
    citizen.send("/report", state=state, step="check", go="send")
    assert citizen.page.status_code == 400
    assert "Please begin again; nothing was sent." in citizen.alert()
    assert received(marks) == 0


def test_a_form_of_another_site_is_refused(citizen):
    citizen.answer()
    answer = citizen.client.post(
        "/report", data={"state": citizen.field("state")}, headers={"Origin": "https://evil.test"}
    )
    assert answer.status_code == 403


def test_what_is_missing_is_asked_for_before_sending(citizen, marks):
    """Somebody jumps to the end by hand."""
    citizen.open("/report")
    citizen.press("send")
    assert citizen.title() == "How do you feel at this spot?"
    citizen.press("step:check")
    assert "Something is still missing:" in citizen.words()
    assert received(marks) == 0


def test_without_streets_the_form_says_what_is_missing(settings):
    answer = create_app(settings).test_client().get("/report?lang=en")
    assert answer.status_code == 409
    assert "no streets have been imported yet" in answer.text


def test_streets_alone_are_enough_to_mark_a_spot(settings, store):
    """Without districts the city is what its streets enclose; without houses no unit is drawn."""
    store.write(imports({"streets": town()["streets"]}), at=AT)
    citizen = Citizen(create_app(settings))
    citizen.answer()
    assert citizen.page.text.count('class="sketch"') == 1
    citizen.press("step:where")
    citizen.press(**spot(*OUTSIDE))
    assert "The place lies outside the city" in citizen.alert()
    citizen.press(**spot(*DRY))
    citizen.press(**ANSWERS["more"])
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.code()


# ---- spots that others have marked ----


def test_me_too_for_a_spot_nearby_needs_no_mark(citizen, store, marks):
    store.write(imports({"pins": pins()}), at=AT)
    citizen.answer(until="near")
    assert "poor light, 7 marks" in citizen.words()
    pin = store.read("pins").index[0]
    citizen.press(f"voice:{pin}")
    assert citizen.title() == "Your voice counts. Thank you."
    assert marks.voices(pin) == 1
    assert received(marks) == 0


def test_a_spot_nearby_of_the_other_kind_is_not_offered(citizen, store):
    store.write(imports({"pins": pins()}), at=AT)
    citizen.answer(until="more", kind={"kind": "at_ease"}, what={"factors": ["good_light"]})
    assert "poor light" not in citizen.words()


@pytest.mark.parametrize("others", [True, False])
def test_a_spot_nearby_that_is_gone_is_told_and_the_form_goes_on(citizen, store, marks, others):
    """It was taken off the map while the form was open."""
    store.write(imports({"pins": pins()}), at=AT)
    citizen.answer(until="near")
    if not others:
        store.write(imports({"pins": pins().iloc[:0]}), at=AT)
    citizen.press("voice:gone")
    assert citizen.alert() == "This spot is not shown any more."
    assert citizen.field("step") == ("near" if others else "more")
    citizen.press(**ANSWERS["more"])
    if others:
        citizen.press(**ANSWERS["more"])
    citizen.wait(seconds=30)
    citizen.press("send")
    assert marks.by_code(citizen.code()).exact == DRY


# ---- the code ----


def test_the_page_of_a_mark_is_kept_by_nobody(citizen):
    code = citizen.report()
    for page in (citizen.page, citizen.open(f"/report/{code}"), citizen.open("/report/code")):
        kept_by_nobody(page)


def kept_by_nobody(page):
    """No browser keeps it, no other site learns its address, no search engine lists it."""
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_no_screen_of_the_form_is_kept_not_even_one_with_an_error(citizen):
    """Whoever presses Back after somebody has left reads nothing."""
    citizen.open("/report")
    while citizen.field("step") != "check":
        kept_by_nobody(citizen.page)
        citizen.press(**ANSWERS[citizen.field("step")])
    kept_by_nobody(citizen.page)
    for state in ("nonsense", "x" * 500_000):
        citizen.send("/report", state=state)
        assert citizen.page.status_code in {400, 413}
        kept_by_nobody(citizen.page)


@pytest.mark.parametrize(
    ("path", "status"), [("/report", 413), (f"/report/{WRONG}", 413), ("/report/a/b", 404)]
)
def test_an_error_of_the_form_still_offers_help_and_a_way_out(citizen, path, status):
    citizen.send(path, text="x" * 500_000)
    assert citizen.page.status_code == status
    assert "data-leave" in citizen.page.text
    assert "tel:116016" in citizen.page.text


def test_an_error_elsewhere_keeps_the_menu(citizen):
    citizen.open("/nowhere")
    assert 'class="tabs"' in citizen.page.text
    assert "tel:116016" not in citizen.page.text


def test_the_code_comes_as_text_as_link_and_as_picture(citizen):
    code = citizen.report()
    assert f"http://localhost/report/{code}" in citizen.page.text
    assert '<svg class="qr"' in citizen.page.text or 'class="qr"' in citizen.page.text
    assert "QR code of the link to your mark" in citizen.page.text


def test_a_code_is_understood_however_it_is_typed(citizen):
    code = citizen.report()
    citizen.send("/report/code", code=code.lower().replace("-", " "))
    assert citizen.page.location == f"/report/{code}"


@pytest.mark.parametrize("code", [WRONG, "x", EVIL, "2345-2345-2345-2345-2345"])
def test_a_wrong_code_gets_a_sentence(citizen, code):
    citizen.send("/report/code", code=code)
    page = citizen.follow() if citizen.page.status_code == 303 else citizen.page
    assert page.status_code == 404
    assert citizen.alert()
    assert "<script>alert" not in page.text


def test_an_expired_code_gets_a_sentence(citizen, monkeypatch, marks):
    code = citizen.report()
    citizen.act(code, "withdraw_sure")
    monkeypatch.setattr(
        type(marks), "by_code", lambda *_: (_ for _ in ()).throw(UnknownMarkError(["gone"]))
    )
    assert citizen.open(f"/report/{code}").status_code == 404
    assert citizen.alert() == "Gone"


def test_guessing_codes_is_slowed_down(citizen, app):
    for _ in range(app.config["SETTINGS"].looks_hourly):
        citizen.open(f"/report/{WRONG}")
    assert citizen.open(f"/report/{WRONG}").status_code == 429
    assert "60 codes have been looked up" in citizen.alert()
    citizen.wait(hours=1)
    assert citizen.open(f"/report/{WRONG}").status_code == 404


def test_a_mark_is_taken_back_after_a_question(citizen, marks):
    code = citizen.report()
    citizen.act(code, "withdraw")
    assert "Take the mark back for good?" in citizen.words()
    assert marks.by_code(code).state is State.RECEIVED
    citizen.act(code, "withdraw_sure")
    assert citizen.title() == "Taken back"
    kept = marks.by_code(code)
    assert kept.exact is None
    assert not kept.note
    assert "lamp is broken" not in citizen.page.text


def test_a_mark_is_corrected_screen_by_screen(citizen, marks):
    code = citizen.report()
    citizen.open(f"/report/{code}")
    citizen.send("/report/edit", code=code)
    citizen.press("step:more")
    citizen.press(note="All lamps.", strength="4")
    assert "Save the correction" in citizen.words()
    citizen.wait(seconds=30)
    citizen.press("send")
    citizen.follow()
    assert "Your correction is kept." in citizen.words()
    assert marks.by_code(code).note == "All lamps."
    assert received(marks) == 1


def test_a_question_of_the_city_is_answered(citizen, marks):
    code = citizen.report()
    marks.ask(marks.by_code(code).id, "Which lamp?", by="mod", at=citizen.at)
    citizen.wait(minutes=1)
    citizen.open(f"/report/{code}")
    assert "Which lamp?" in citizen.words()
    citizen.act(code, "answer", text="")
    assert citizen.alert() == "Write an answer first."
    citizen.act(code, "answer", text="The <b>third</b>")
    assert "Your answer is kept." in citizen.words()
    assert "&lt;b&gt;third" in citizen.page.text
    assert marks.by_code(code).state is State.RECEIVED


def test_an_answer_that_is_too_long_is_not_lost(citizen, marks):
    code = citizen.report()
    marks.ask(marks.by_code(code).id, "Which lamp?", by="mod", at=citizen.at)
    citizen.wait(minutes=1)
    citizen.act(code, "answer", text="🌒" * 10_000)
    assert citizen.page.status_code == 422
    assert "This is 9,000 characters too long; 1,000 fit." in citizen.alert()
    assert "🌒" * 10_000 in citizen.page.text


def test_an_answer_that_came_after_too_many_looks_is_not_lost(citizen, app, marks):
    code = citizen.report()
    marks.ask(marks.by_code(code).id, "Which lamp?", by="mod", at=citizen.at)
    citizen.wait(minutes=1)
    citizen.open(f"/report/{code}")
    word = citizen.field("word")
    for _ in range(app.config["SETTINGS"].looks_hourly):
        citizen.open(f"/report/{code}")
    citizen.send(f"/report/{code}", do="answer", word=word, text="The <b>third</b>")
    assert citizen.page.status_code == 429
    assert "The &lt;b&gt;third" in citizen.page.text
    citizen.wait(hours=1)
    citizen.send(f"/report/{code}", do="answer", word=citizen.field("word"), text="The third")
    assert citizen.follow().status_code == 200
    assert "Your answer is kept." in citizen.words()


def test_what_happened_by_itself_says_why(citizen, marks):
    """A question without an answer, and an accepted mark a year later."""
    code = citizen.report()
    marks.ask(marks.by_code(code).id, "Which lamp?", by="mod", at=citizen.at)
    citizen.wait(days=15)
    marks.expire(at=citizen.at)
    citizen.open(f"/report/{code}")
    assert "No answer came in time; it waits for the city again · automatically" in citizen.words()
    marks.accept(marks.by_code(code).id, by="mod", at=citizen.at)
    citizen.wait(days=366)
    marks.expire(at=citizen.at)
    citizen.open(f"/report/{code}")
    assert "Its time is over; it counts no more · automatically" in citizen.words()


def test_a_rejected_mark_is_told_why_and_can_be_opened_again(citizen, marks):
    code = citizen.report()
    marks.reject(marks.by_code(code).id, "spam", by="mod", at=citizen.at)
    citizen.wait(minutes=1)
    citizen.open(f"/report/{code}")
    assert "it is advertising or a joke" in citizen.words()
    citizen.act(code, "reopen", text="It is no joke.")
    assert marks.by_code(code).state is State.REOPENED


@pytest.mark.parametrize(
    ("deed", "state"), [("still_so", State.PUBLISHED), ("better_now", State.RESOLVED)]
)
def test_an_accepted_mark_is_still_so_or_better_now(citizen, marks, deed, state):
    code = citizen.report()
    marks.accept(marks.by_code(code).id, by="mod", at=citizen.at)
    citizen.wait(days=40)
    citizen.act(code, deed)
    assert "Noted" in citizen.words()
    assert marks.by_code(code).state is state


def test_what_is_not_possible_now_is_told(citizen):
    """The button was pressed twice, or a moderator was quicker."""
    code = citizen.report()
    citizen.act(code, "answer", text="An <b>answer</b> to nothing")
    assert citizen.page.status_code == 409
    assert "cannot make it" in citizen.alert()
    assert "An &lt;b&gt;answer&lt;/b&gt; to nothing</textarea>" in citizen.page.text
    assert "Copy it if you still need it" in citizen.words()
    citizen.act(code, "fly")
    assert citizen.alert() == "This cannot be done with a mark."


def test_a_button_without_the_word_of_its_page_does_nothing(citizen, marks):
    code = citizen.report()
    citizen.send(f"/report/{code}", do="withdraw_sure", word="guessed")
    assert citizen.page.status_code == 403
    assert marks.by_code(code).state is State.RECEIVED


def test_a_browser_that_tells_only_the_origin_may_send_a_form_of_a_mark(citizen):
    """
    An older Safari sends no Sec-Fetch-Site.

    The policy of the page lets it name its origin; "no-referrer" would make it "null".
    """
    code = citizen.report()
    page = citizen.open(f"/report/{code}")
    assert page.headers["Referrer-Policy"] == "same-origin"
    citizen.language |= {"Origin": "http://localhost"}
    citizen.send(f"/report/{code}", do="withdraw_sure", word=citizen.field("word"))
    assert citizen.page.status_code == 303
    citizen.language |= {"Origin": "null"}
    assert citizen.send(f"/report/{code}", do="withdraw_sure").status_code == 403


def test_a_page_that_hides_its_address_may_send_its_own_forms(citizen):
    """Browsers then send the origin "null", and say themselves that the form is ours."""
    code = citizen.report()
    citizen.open(f"/report/{code}")
    citizen.language |= {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    citizen.send(f"/report/{code}", do="withdraw_sure", word=citizen.field("word"))
    assert citizen.page.status_code == 303
    citizen.language |= {"Sec-Fetch-Site": "cross-site"}
    citizen.send(f"/report/{code}", do="withdraw_sure", word="x")
    assert citizen.page.status_code == 403


# ---- on every page ----


def test_every_page_offers_help_and_a_way_out(citizen):
    code = citizen.report()
    pages = [citizen.page.text]
    pages += [citizen.open(path).text for path in ("/report", "/report/code", "/spots")]
    pages.append(citizen.open(f"/report/{code}").text)
    for page in pages:
        for number in ("tel:110", "tel:112", "tel:116016"):
            assert number in page
        assert "data-leave" in page
        assert 'rel="noopener noreferrer external"' in page


def test_no_code_and_no_note_is_written_to_a_log(citizen, app, marks, caplog, monkeypatch):
    code = citizen.report()
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(type(marks), "by_code", lambda *_: 1 / 0)
    assert citizen.open(f"/report/{code}").status_code == 500
    assert caplog.records
    assert code not in caplog.records[-1].getMessage()
