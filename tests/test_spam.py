"""What keeps machines away, and lets people through."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import count

import pytest

from geo_app import create_app, spam

from .citizens import Citizen, imports, town


@pytest.fixture
def strict(settings, store, now):
    """The application with limits low enough to reach."""
    store.write(imports(town()), at=now)
    app = create_app(replace(settings, marks_hourly=3, attack_marks=2, work_bits=8, work_wait=60))
    yield app
    app.extensions["store"].close()


@pytest.fixture
def lone(settings, store, now):
    """The application with the usual limits."""
    store.write(imports(town()), at=now)
    app = create_app(settings)
    yield app
    app.extensions["store"].close()


def test_what_is_quicker_than_a_person_is_asked_again(lone):
    citizen = Citizen(lone)
    citizen.answer()
    citizen.press("send")
    assert citizen.page.status_code == 422
    assert "That was very quick" in citizen.alert()
    citizen.wait(seconds=5)
    citizen.press("send")
    assert citizen.code()


def test_a_filled_trap_is_told_and_forgiven(lone):
    """An eager autofill is no crime."""
    citizen = Citizen(lone)
    citizen.answer()
    citizen.wait(seconds=30)
    citizen.press("send", **{spam.TRAP: "https://buy.example"})
    assert "A field that nobody sees" in citizen.alert()
    citizen.press("send")
    assert citizen.code()


def test_the_trap_is_hidden_from_eyes_ears_and_keyboards(lone):
    page = Citizen(lone).answer().text
    trap = page.split('class="trap"')[1].split("</p>")[0]
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_one_connection_sends_so_many_marks_an_hour(settings, store, now):
    store.write(imports(town()), at=now)
    citizen = Citizen(create_app(replace(settings, marks_hourly=3)))
    for _ in range(3):
        assert citizen.report()
    citizen.answer()
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.page.status_code == 429
    assert "3 marks have come within an hour" in citizen.alert()
    page = citizen.page
    citizen.wait(hours=1)
    citizen.page = page
    citizen.press("send")
    assert citizen.code()


def test_one_connection_alone_never_makes_marks_costly_for_all(settings, store, now):
    """Only marks newly kept count: not what is refused, not what is sent again."""
    store.write(imports(town()), at=now)
    app = create_app(replace(settings, marks_hourly=3, attack_marks=4))
    citizen = Citizen(app)
    for _ in range(2):
        citizen.report()
    citizen.answer()
    citizen.wait(seconds=30)
    page = citizen.page
    for _ in range(3):
        citizen.page = page
        citizen.press("send")
        assert citizen.code()
    assert counted(app, citizen) == 3
    for _ in range(5):
        citizen.answer()
        citizen.wait(seconds=30)
        citizen.press("send")
        assert citizen.page.status_code == 429
    assert counted(app, citizen) == 3


def counted(app, citizen):
    """Return how many marks the whole city counts this hour."""
    return app.extensions["rates"].total("mark", at=citizen.at)


def test_corrections_of_one_connection_have_a_limit_of_their_own(settings, store, now):
    """Nothing is lost by it, and the code of a mark just sent is still shown when sent again."""
    store.write(imports(town()), at=now)
    citizen = Citizen(create_app(replace(settings, marks_hourly=2)))
    code = citizen.report()
    for _ in range(2):
        citizen.send("/report/edit", code=code)
        citizen.wait(seconds=30)
        citizen.press("send")
        assert citizen.page.status_code == 303
    citizen.send("/report/edit", code=code)
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.page.status_code == 429
    assert "2 corrections have come within an hour" in citizen.alert()


def test_in_quiet_times_nothing_has_to_be_computed(lone):
    citizen = Citizen(lone)
    citizen.report()
    assert "data-challenge" not in citizen.page.text


def test_under_attack_a_patient_person_without_scripts_gets_through(strict):
    citizen = Citizen(strict)
    for _ in range(2):
        citizen.report()
    citizen.answer()
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.title() == "One moment, please"
    assert "Please wait 60 seconds" in citizen.words()
    citizen.wait(seconds=30)
    citizen.press("send")
    assert citizen.title() == "One moment, please"
    citizen.wait(seconds=31)
    citizen.press("send")
    assert citizen.code()


def test_under_attack_a_browser_that_computes_gets_through_at_once(strict):
    citizen = Citizen(strict)
    for _ in range(2):
        citizen.report()
    citizen.answer()
    citizen.wait(seconds=30)
    citizen.press("send")
    challenge = citizen.page.text.split('data-challenge="')[1].split('"')[0]
    bits = int(citizen.page.text.split('data-bits="')[1].split('"')[0])
    answer = next(
        n
        for n in count()
        if int(hashlib.sha256(f"{challenge}:{n}".encode()).hexdigest(), 16) < 2 ** (256 - bits)
    )
    citizen.press("send", work=str(answer))
    assert citizen.code()


@pytest.mark.parametrize("answer", ["", "x", "-1", "٣", "1" * 17, "0x1"])
def test_what_is_no_number_is_no_work(lone, answer):
    with lone.app_context():
        assert not spam.worked("challenge", answer)


def test_work_is_measured_in_leading_zero_bits(settings, lone):
    """Only digests of "abc:0", "abc:1" … that begin with 16 zero bits count."""
    with lone.app_context():
        passed = [n for n in range(200_000) if spam.worked("abc", str(n))]
    for n in passed:
        assert hashlib.sha256(f"abc:{n}".encode()).hexdigest().startswith("0000")
    assert settings.work_bits == 16
    assert passed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_connection_is_known_by_its_network(lone, one, other, same):
    """The last half of an IPv6 address changes at will."""
    told = []
    for address in (one, other):
        with lone.test_request_context(environ_base={"REMOTE_ADDR": address}):
            told.append(spam.connection())
    assert (told[0] == told[1]) is same


@pytest.mark.parametrize(("proxies", "marks"), [(0, 1), (1, 3)])
def test_behind_a_web_server_each_visitor_has_a_limit_of_their_own(
    settings, store, now, proxies, marks
):
    """Its word on the visitor's address counts only where the city says so."""
    store.write(imports(town()), at=now)
    app = create_app(replace(settings, marks_hourly=1, proxies=proxies))
    sent = 0
    for visitor in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        citizen = Citizen(app)
        citizen.language |= {"X-Forwarded-For": visitor}
        citizen.answer()
        citizen.wait(seconds=30)
        citizen.press("send")
        sent += citizen.page.status_code == 200
    assert sent == marks


def test_no_address_of_a_device_is_in_the_store(lone, tmp_path):
    """Neither in the file nor in its log of writes."""
    citizen = Citizen(lone)
    citizen.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    citizen.report()
    for file in tmp_path.rglob("*sqlite*"):
        assert b"203.0.113.77" not in file.read_bytes()
