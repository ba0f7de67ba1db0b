"""Signing in, staying in, going out: what staff, strangers and attackers get."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from geo_app import create_app
from geo_app.config import Settings
from geo_app.session import COOKIE, FIELD
from geo_app.store import People

AT = datetime(2026, 5, 31, 12, tzinfo=UTC)
WORDS = "lantern meadow kettle"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashing as slow as it should be is not what is tested here."""


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self):
        self.at = AT

    def __call__(self):
        """Tell the time."""
        return self.at

    def goes_on(self, **much):
        """Let time pass."""
        self.at += timedelta(**much)


@pytest.fixture
def app(tmp_path):
    """Return the application with one account and a clock that stands still."""
    application = create_app(Settings.from_environment({"GEO_APP_VAR": str(tmp_path)}))
    people = People(application.extensions["store"], application.config["SETTINGS"], hasher=QUICK)
    people.add("mara", ["moderator"], at=AT, password=WORDS)
    application.extensions["people"] = people
    application.config["CLOCK"] = Clock()
    yield application
    application.extensions["store"].close()


@pytest.fixture
def clock(app):
    """Return the clock of the application."""
    return app.config["CLOCK"]


@pytest.fixture
def client(app):
    """Return a browser that is not signed in."""
    return app.test_client()


def sign_in(client, login="mara", password=WORDS, **more):
    """Send the form of the first page of staff."""
    return client.post("/login?lang=en", data={"login": login, "password": password, **more})


def word(client, path="/password"):
    """Return the word of the session that its forms carry."""
    return re.search(f'name="{FIELD}" value="([0-9a-f]+)"', client.get(path).text)[1]


def inside(client):
    """Tell whether a page of staff opens."""
    return client.get("/password").status_code == 200


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client):
    response = client.get("/password")
    assert response.status_code == 303
    assert response.location == "/login?next=/password"
    assert sign_in(client, next="/password").location == "/password"
    assert inside(client)


def test_a_program_that_is_not_signed_in_gets_no_page_but_a_status(client):
    response = client.get("/password", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json["status"] == 401


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil",
    "evil",
    "/\t/evil.example",
    "http:///evil",
    "javascript:alert(1)",
    "//[",
    "",
)


@pytest.mark.parametrize("next_", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(client, next_):
    location = sign_in(client, next=next_).location
    assert location.startswith("/")
    assert not location.startswith("//")
    assert "evil" not in location


def test_a_wrong_password_and_a_wrong_name_are_told_in_the_same_words(client):
    wrong, unknown = sign_in(client, password="no"), sign_in(client, login="nobody")
    assert wrong.status_code == unknown.status_code == 403
    told = [re.search('role="alert".*?</div>', r.text, re.DOTALL)[0] for r in (wrong, unknown)]
    assert told[0] == told[1]
    assert not inside(client)


def test_too_many_wrong_passwords_make_the_right_one_wait_without_telling(client, clock):
    for _ in range(5):
        first = sign_in(client, password="no")
    waiting = sign_in(client)
    assert waiting.status_code == 403
    assert (
        re.search("<ul>|<p>.*</p>", first.text[first.text.index('role="alert"') :])[0]
        in waiting.text
    )
    clock.goes_on(minutes=15)
    assert sign_in(client).status_code == 303


def test_many_names_from_one_connection_have_to_wait_too(client, clock):
    """Ten wrong ones in a quarter of an hour are a bad day, more are an attack."""
    for number in range(10):
        sign_in(client, login=f"name{number}", password="no")
    assert sign_in(client).status_code == 403
    assert not inside(client)
    clock.goes_on(minutes=15)
    assert sign_in(client).status_code == 303


def test_wrong_passwords_from_elsewhere_keep_nobody_out(app, client):
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    for _ in range(30):
        sign_in(stranger, password="no")
    assert sign_in(stranger).status_code == 403
    assert sign_in(client).status_code == 303


def test_a_password_never_comes_back_to_the_page(client):
    assert "my secret words" not in sign_in(client, password="my secret words").text


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    secure = client.post(
        "/login", data={"login": "mara", "password": WORDS}, base_url="https://localhost"
    )
    assert "Secure" in secure.headers["Set-Cookie"]


def test_a_session_ends_half_an_hour_after_the_last_page(client, clock):
    sign_in(client)
    for _ in range(4):
        clock.goes_on(minutes=29)
        assert inside(client)
    clock.goes_on(minutes=31)
    assert not inside(client)


def test_a_session_ends_after_its_hours_even_if_it_is_used(client, clock):
    sign_in(client)
    for _ in range(31):
        clock.goes_on(minutes=15)
        assert inside(client)
    clock.goes_on(minutes=16)
    assert not inside(client)


def test_each_signing_in_makes_a_new_token_and_ends_the_old_one(app, client):
    sign_in(client)
    old = client.get_cookie(COOKIE).value
    sign_in(client)
    assert client.get_cookie(COOKIE).value != old
    thief = app.test_client()
    thief.set_cookie(COOKIE, old)
    assert not inside(thief)


def test_signing_out_ends_the_session_in_the_store(app, client):
    """A cookie that somebody copied is of no use any more."""
    sign_in(client)
    thief = app.test_client()
    thief.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    assert inside(thief)
    assert client.post("/logout", data={FIELD: word(client)}).status_code == 303
    assert client.get_cookie(COOKIE) is None
    assert not inside(thief)


def test_a_locked_account_is_out_at_once(app, client, clock):
    sign_in(client)
    clock.goes_on(seconds=1)
    app.extensions["people"].add("ada", ["administrator"], at=clock(), password=WORDS + "!")
    app.extensions["people"].lock("mara", by="ada", at=clock())
    assert not inside(client)
    assert sign_in(client).status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, None])
def test_a_form_without_the_word_of_its_session_changes_nothing(client, token):
    sign_in(client)
    data = {} if token is None else {FIELD: token}
    assert client.post("/logout", data=data).status_code == 403
    assert inside(client)


def test_the_word_of_another_session_opens_nothing(app, client):
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    assert client.post("/logout", data={FIELD: word(other)}).status_code == 403


def test_a_form_of_another_site_is_refused_before_anything_else(client):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post("/login", data={"login": "mara", "password": WORDS}, headers=headers)
        assert response.status_code == 403
        assert "Set-Cookie" not in response.headers


def change(client, old=WORDS, new="copper window thistle", again=None):
    """Send the form for a new password."""
    typed = {"old": old, "new": new, "again": new if again is None else again}
    return client.post("/password?lang=en", data={FIELD: word(client), **typed})


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app, client, clock):
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    clock.goes_on(seconds=1)
    assert change(client).status_code == 303
    assert inside(client)
    assert not inside(other)
    assert sign_in(app.test_client()).status_code == 403
    assert sign_in(app.test_client(), password="copper window thistle").status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"old": "no"}, "present password"),
        ({"new": "short"}, "12 characters"),
        ({"new": "mara"}, "12 characters"),
        ({"new": WORDS}, "the old one"),
        ({"again": "something else"}, "differ"),
    ],
)
def test_a_new_password_that_does_not_fit_is_told_why(client, typed, told):
    sign_in(client)
    response = change(client, **typed)
    assert response.status_code == 422
    assert told in response.text
    assert inside(client)


def test_a_password_given_out_once_has_to_be_changed_first(app, client, clock):
    once = app.extensions["people"].give_password("mara", by="command line", at=AT)
    assert sign_in(client, password=once, next="/about").location == "/password"
    assert "For staff" in client.get("/about?lang=en").text
    clock.goes_on(seconds=1)
    assert change(client, old=once).status_code == 303
    assert inside(client)


def test_pages_of_staff_are_kept_by_no_browser(client):
    sign_in(client)
    assert client.get("/password").headers["Cache-Control"] == "no-store"
    assert client.get("/login").headers.get("Location") is not None


def test_nothing_of_a_session_is_in_the_store_as_it_is_in_the_browser(client, tmp_path):
    """Whoever reads the files of the store gets no session."""
    sign_in(client)
    token = client.get_cookie(COOKIE).value.encode()
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or token not in file.read_bytes()
