"""The right of reply: for everybody, without an account; texts for staff, numbers from five on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_app import create_app, spam
from geo_app.store.replies import READ
from layers.errors import MarkError
from layers.marks import NOTE_MOST
from layers.receipt import Periods
from layers.replies import (
    ANSWER_MOST,
    STANCES,
    Reply,
    answer_faults,
    reply_faults,
    reply_of,
    reply_receipt,
    told_counts,
)

from .citizens import Citizen, imports, pins, town
from .staff import send, signed_in, staffed

NUMBER = "030 23125 417"
"""A telephone number that is kept for fiction."""


@pytest.fixture
def main_street():
    """The small town with a public layer."""
    return imports(town() | {"pins": pins()})


@pytest.fixture
def citizen(app):
    """Somebody without a script."""
    return Citizen(app)


@pytest.fixture
def spot(app):
    """Address of the page on which one replies to the first row."""
    return f"/spots/{app.extensions['store'].read('pins').index[0]}/reply"


def said(citizen, path, stance="otherwise", note="", **more):
    """Fill in, look through, wait and send."""
    citizen.open(path)
    told = {"stance": stance, "note": note}
    citizen.send(path, state=citizen.field("state"), step="say", go="check", **told)
    assert citizen.page.status_code == 200, citizen.alert()
    citizen.wait(seconds=30)
    state = citizen.field("state")
    return citizen.send(path, state=state, step="check", go="send", **(told | more))


# ---- what is said and told ----


@given(st.dictionaries(st.sampled_from(list(STANCES)), st.integers(0, 30)))
def test_no_number_below_five_can_be_read_or_worked_out(counts):
    """Neither a stance nor what remains of all when the told ones are taken away."""
    told = told_counts(counts, least=5)
    numbers = [line.values["count"] for line in told]
    assert all(number >= 5 for number in numbers)
    assert sum(numbers) in {0, sum(counts.values())}
    assert bool(told) == (sum(counts.values()) >= 5)


def test_each_stance_is_told_only_if_all_have_enough():
    assert told_counts({"otherwise": 6, "changed": 5}, least=5) == (
        "6 see it otherwise", "5 say that it has changed"
    )  # fmt: skip
    assert told_counts({"otherwise": 6, "changed": 1}, least=5) == ("7 people have replied to it",)


def test_all_faults_are_told_at_once():
    assert [f.field for f in reply_faults({"note": "x" * (NOTE_MOST + 1)})] == ["stance", "note"]
    with pytest.raises(MarkError, match="Choose what you want to say"):
        reply_of({"stance": "nonsense"})


def test_a_reply_is_tidied_like_a_note():
    assert reply_of({"stance": "changed", "note": " It burns\r\nagain\u202e "}).note.startswith(
        "It burns\nagain"
    )


def test_an_answer_has_words_and_not_too_many():
    assert answer_faults(" ") == ["write the answer that everybody will read"]
    assert "3 characters too long" in answer_faults("x" * (ANSWER_MOST + 3))[0]
    assert answer_faults("x" * ANSWER_MOST) == []


def test_the_receipt_speaks_of_a_text_only_if_there_is_one():
    without = reply_receipt(Reply("otherwise"))
    told = reply_receipt(Reply("otherwise", "words"), periods=Periods(text_days=12))
    assert "your text" not in without.staff
    assert "your text" in told.staff
    assert any("12 days after" in line for line in told.erased)
    assert not any("12 days" in line for line in without.erased)


# ---- the page of a citizen ----


def test_a_citizen_replies_without_a_script_or_an_account(app, citizen, spot):
    """Chosen, looked through, sent; staff find it with what was public then."""
    said(citizen, spot, "changed", "The lamp burns again.")
    assert citizen.title() == "Thank you. Your reply has arrived."
    [one] = app.extensions["replies"].queue()
    assert (one.stance, one.note, one.place) == ("changed", "The lamp burns again.", "Long Street")
    assert one.at.date() == citizen.at.date()


def test_every_spot_has_a_way_to_reply(citizen):
    """Findings of the city, too, whose ids hold a slash."""
    paths = re.findall(r'href="(/spots/[^"]+/reply)"', citizen.open("/spots").text)
    assert len(paths) == 3
    for path in paths:
        assert citizen.open(path).status_code == 200


def test_a_finding_of_the_city_can_be_replied_to(app, citizen):
    pin = app.extensions["store"].read("pins").index[2]
    said(citizen, f"/spots/{pin}/reply", "correct")
    assert app.extensions["replies"].queue()[0].pin == pin


def test_personal_details_are_found_before_anything_is_sent(app, citizen, spot):
    """Shown to the writer, who decides; nothing is kept until it is sent."""
    citizen.open(spot)
    citizen.send(
        spot, state=citizen.field("state"), go="check", stance="changed", note=f"Call {NUMBER}"
    )
    assert f">{NUMBER}</mark>" in citizen.page.text
    assert "may be a telephone number" in citizen.words()
    assert app.extensions["replies"].count() == 0


def test_the_receipt_says_that_there_is_no_code(citizen, spot):
    citizen.open(spot)
    citizen.send(spot, state=citizen.field("state"), go="check", stance="otherwise")
    assert "You need no secret code and get none" in citizen.words()
    assert "your text" not in citizen.words()


def test_nothing_chosen_is_told_and_nothing_written_is_lost(citizen, spot):
    citizen.open(spot)
    citizen.send(spot, state=citizen.field("state"), go="check", note="Words to keep")
    assert citizen.page.status_code == 422
    assert "Choose what you want to say" in citizen.alert()
    assert "Words to keep</textarea>" in citizen.page.text


def test_back_and_another_language_lose_nothing(citizen, spot):
    citizen.open(spot)
    state = citizen.field("state")
    told = {"stance": "changed", "note": "Words to keep"}
    citizen.send(spot, state=state, step="check", go="back", **told)
    assert 'value="changed" checked' in citizen.page.text
    citizen.send(spot, state=state, step="say", language="de", **told)
    assert "Words to keep</textarea>" in citizen.page.text
    assert 'lang="de"' in citizen.page.text


def test_one_device_replies_once_a_day_to_a_spot(app, citizen, spot):
    said(citizen, spot)
    said(citizen, spot, "changed", "Once more")
    assert citizen.title() == "Your reply to this spot has already been kept today."
    assert app.extensions["replies"].count() == 1
    citizen.wait(days=1)
    said(citizen, spot)
    assert app.extensions["replies"].count() == 2


def test_what_is_not_public_cannot_be_replied_to(citizen):
    assert citizen.open("/spots/nothing/reply").status_code == 404
    assert citizen.send("/spots/nothing/reply").status_code == 404


def test_a_spot_that_has_run_out_meanwhile_is_told(citizen, spot):
    citizen.open(spot)
    citizen.wait(days=400)
    assert citizen.open(spot).status_code == 404


def test_a_page_that_was_changed_on_the_way_sends_nothing(app, citizen, spot):
    """Nor one of another spot."""
    other = f"/spots/{app.extensions['store'].read('pins').index[1]}/reply"
    citizen.open(other)
    foreign = citizen.field("state")
    for state in ("", "forged", foreign):
        citizen.send(spot, state=state, go="send", stance="otherwise", note="mine")
        assert citizen.page.status_code == 400
        assert "mine</textarea>" in citizen.page.text
    assert app.extensions["replies"].count() == 0


def test_no_browser_keeps_the_page_and_no_search_engine_lists_it(citizen, spot):
    headers = citizen.open(spot).headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


# ---- spam ----


def test_what_is_quicker_than_a_person_is_asked_again(citizen, spot):
    citizen.open(spot)
    citizen.send(spot, state=citizen.field("state"), step="check", go="send", stance="otherwise")
    assert citizen.page.status_code == 422
    assert "That was very quick" in citizen.alert()


def test_a_filled_trap_is_told(app, citizen, spot):
    said(citizen, spot, **{spam.TRAP: "https://buy.example"})
    assert "A field that nobody sees" in citizen.alert()
    assert app.extensions["replies"].count() == 0


def test_a_connection_sends_so_many_an_hour_and_under_attack_each_costs(settings, store, now):
    """Three an hour; from four in the city on, a computation or a minute's patience."""
    store.write(imports(town() | {"pins": pins()}), at=now)
    app = create_app(replace(settings, marks_hourly=3, attack_marks=3, work_bits=8, work_wait=60))
    citizen = Citizen(app)
    paths = [f"/spots/{pin}/reply" for pin in store.read("pins").index]
    for path in paths:
        said(citizen, path)
        assert citizen.title().startswith("Thank you")
    said(citizen, paths[0])
    assert citizen.page.status_code == 429
    citizen.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    said(citizen, paths[0], "changed", "kept")
    assert "data-challenge" in citizen.page.text
    assert app.extensions["replies"].count() == 3
    told = {"stance": "changed", "note": "kept", "step": "wait", "go": "send"}
    state = citizen.field("state")
    citizen.send(paths[0], state=state, **told)
    assert "data-challenge" in citizen.page.text
    citizen.wait(seconds=61)
    citizen.send(paths[0], state=state, **told)
    assert citizen.title().startswith("Thank you")
    app.extensions["store"].close()


# ---- in public, and on the desk ----


@pytest.fixture
def full(app):
    """An application with staff; its clock stands still."""
    return staffed(app)


def replied(app, spot, count, stance="otherwise", note=""):
    """Let so many devices reply to a spot."""
    pin = spot.removeprefix("/spots/").removesuffix("/reply")
    for number in range(count):
        app.extensions["replies"].add(
            pin, Reply(stance, note), device=f"device {number}", at=app.config["CLOCK"]()
        )
    return pin


def test_replies_are_told_from_five_on_and_only_after_somebody_read_them(full, spot):
    """Four are nothing; texts are never public."""
    replied(full, spot, 5, note="A private text")
    kept = full.extensions["replies"]
    browser = full.test_client()

    def page():
        return browser.get("/spots", headers={"Accept-Language": "en"}).text

    for one in kept.queue()[:4]:
        kept.decide(one.id, READ, by="mara", at=full.config["CLOCK"]())
    assert "4 see it otherwise" not in page()
    assert "have replied" not in page()
    kept.decide(kept.queue()[0].id, READ, by="mara", at=full.config["CLOCK"]())
    assert "5 see it otherwise" in page()
    assert "A private text" not in page()


def test_the_city_answers_in_its_own_words_beside_the_spot(full, spot):
    """With its date; taken back, it is gone."""
    replied(full, spot, 2, note="A private text")
    pia = signed_in(full, "pia")
    page = pia.get("/moderation/replies").text
    assert "A private text" in page
    first = re.search(r"/moderation/replies/(\d+)/answer", page)[1]
    send(pia, f"/moderation/replies/{first}/answer", words="The lamp was mended on Monday.")
    told = full.test_client().get("/spots", headers={"Accept-Language": "en"}).text
    assert "The lamp was mended on Monday." in told
    assert "May 31, 2026" in told
    assert "A private text" not in told
    answer = re.search(r"/moderation/answers/(\d+)/take-back", pia.get("/moderation/replies").text)
    send(pia, f"/moderation/answers/{answer[1]}/take-back")
    assert "mended on Monday" not in full.test_client().get("/spots").text


def test_personal_details_are_covered_for_staff_and_can_be_erased(full, spot):
    replied(full, spot, 1, note=f"Call me: {NUMBER}")
    mara = signed_in(full, "mara")
    page = mara.get("/moderation/replies").text
    assert NUMBER not in page
    assert "covered" in page
    [one] = full.extensions["replies"].queue()
    send(mara, f"/moderation/replies/{one.id}/clean")
    assert full.extensions["replies"].get(one.id).note == "Call me: […]"


def test_a_decision_can_be_undone(full, spot):
    replied(full, spot, 1)
    mara = signed_in(full, "mara")
    [one] = full.extensions["replies"].queue()
    answer = send(mara, f"/moderation/replies/{one.id}/decide", to="abuse")
    assert 'value="waiting"' in mara.get(answer.location).text
    send(mara, f"/moderation/replies/{one.id}/decide", to="waiting")
    assert full.extensions["replies"].count() == 1


def test_what_does_not_fit_is_told_on_the_page(full, spot):
    replied(full, spot, 1)
    mara = signed_in(full, "mara")
    [one] = full.extensions["replies"].queue()
    assert send(mara, f"/moderation/replies/{one.id}/answer", words=" ").status_code == 422
    assert send(mara, f"/moderation/replies/{one.id}/decide", to="nonsense").status_code == 422
    assert send(mara, "/moderation/replies/999/decide", to="read").status_code == 404
    assert send(mara, "/moderation/answers/999/take-back").status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [("answer", {"words": "mine"}), ("decide", {"to": "read"}), ("clean", {})],
)
def test_only_moderators_and_prevention_read_and_answer(full, spot, path, data):
    """A planner is refused, a stranger is sent to sign in."""
    replied(full, spot, 1)
    [one] = full.extensions["replies"].queue()
    paul = signed_in(full, "paul")
    assert paul.get("/moderation/replies").status_code == 403
    assert send(paul, f"/moderation/replies/{one.id}/{path}", **data).status_code == 403
    stranger = full.test_client()
    assert "/login" in stranger.get("/moderation/replies").location
    assert "/login" in stranger.post(f"/moderation/replies/{one.id}/{path}", data=data).location
    assert full.extensions["replies"].count() == 1


def test_a_form_of_another_session_changes_nothing(full, spot):
    replied(full, spot, 1)
    mara = signed_in(full, "mara")
    [one] = full.extensions["replies"].queue()
    answer = mara.post(f"/moderation/replies/{one.id}/decide", data={"to": "read"})
    assert answer.status_code == 403


def test_the_queue_of_marks_tells_of_replies_that_wait(full, spot):
    replied(full, spot, 2)
    page = signed_in(full, "mara").get("/moderation", headers={"Accept-Language": "en"}).text
    assert "2 replies to spots wait" in page
