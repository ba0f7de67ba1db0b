"""Accounts, roles and what staff did: who may open which page, what an administrator can do."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from geo_app.access import MARK, NEEDED
from geo_app.session import FIELD
from geo_app.store import ROLES
from geo_app.views.audit import harmless
from geo_app.views.session import DESK

from .staff import AT, STAFF, WORDS, marked, send, signed_in, staffed, word

ONCE = re.compile('class="once">([a-z0-9-]{19})<')


@pytest.fixture
def app(app):
    """Return the application over the town of one street, with staff."""
    return staffed(app)


@pytest.fixture
def ada(app):
    """Return the browser of an administrator."""
    return signed_in(app, "ada")


@pytest.fixture
def people(app):
    """Return the accounts of the city."""
    return app.extensions["people"]


def routes(app, mark):
    """Yield method, path and view of every route with this mark; parts of paths are filled in."""
    id_, _ = marked(app)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, MARK, "") != mark:
            continue
        path = re.sub("<int:[^>]+>", "1", rule.rule)
        path = path.replace("<login>", "paul").replace("<id_>", id_)
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield method, path, view


def test_every_page_of_staff_names_roles_that_there_are(app):
    """A slip of the pen in a role would lock everybody out, or let somebody in."""
    found = list(routes(app, "staff"))
    assert len(found) > 25
    for _, path, view in found:
        assert set(getattr(view, NEEDED)) <= set(ROLES), path


def test_nobody_opens_a_page_of_staff_without_signing_in(app, client):
    for method, path, _ in routes(app, "staff"):
        answer = client.open(path, method=method)
        assert answer.status_code == 303, path
        assert answer.location.startswith("/login"), path


@pytest.mark.parametrize("login", STAFF)
def test_each_role_opens_its_own_pages_and_no_other(app, login):
    """Whatever is refused says which role is needed; nothing else is refused for the role."""
    browser = signed_in(app, login)
    token = word(browser)
    for method, path, view in routes(app, "staff"):
        if path == "/logout":
            continue
        roles = getattr(view, NEEDED)
        allowed = not roles or bool(set(roles) & set(STAFF[login]))
        data = {FIELD: token} if method == "POST" else None
        answer = browser.open(f"{path}?lang=en", method=method, data=data)
        refused = answer.status_code == 403 and "This page needs the role" in answer.text
        assert refused is not allowed, (path, answer.status_code)
        if refused:
            assert any(role in answer.text for role in roles)


def test_every_form_of_staff_needs_the_word_of_the_session(app):
    """Asked with the right role but without the word, nothing happens anywhere."""
    browsers = {role: signed_in(app, login) for login, (role,) in STAFF.items()}
    for method, path, view in routes(app, "staff"):
        if method == "GET":
            continue
        roles = getattr(view, NEEDED) or ("planner",)
        answer = browsers[roles[0]].post(f"{path}?lang=en", data={})
        assert answer.status_code == 403, path
        assert "does not belong to your session" in answer.text, path


def test_every_form_on_a_page_of_staff_carries_the_word(app):
    for login, (role,) in STAFF.items():
        browser = signed_in(app, login)
        for method, path, view in routes(app, "staff"):
            if method != "GET" or role not in getattr(view, NEEDED, ()):
                continue
            for form in re.findall("<form[^>]*post.*?</form>", browser.get(path).text, re.DOTALL):
                assert f'name="{FIELD}"' in form, path


@pytest.mark.parametrize("login", STAFF)
def test_the_bar_shows_who_is_signed_in_and_only_pages_that_open(app, login):
    browser = signed_in(app, login)
    text = browser.get("/about?lang=en").text
    bar = re.search('<aside class="desk".*?</aside>', text, re.DOTALL)[0]
    assert login in bar
    links = re.findall('<a href="(/[a-z]+)"', re.search("<nav.*?</nav>", bar, re.DOTALL)[0])
    assert len(links) == sum(bool(set(roles) & set(STAFF[login])) for _, _, roles in DESK)
    assert all(browser.get(link).status_code == 200 for link in links)
    assert 'class="desk"' not in app.test_client().get("/about").text


def test_a_new_account_gets_a_password_that_is_shown_once(app, ada, people):
    answer = send(ada, "/people", login="Nora", role=["moderator", "planner"])
    once = ONCE.search(answer.text)[1]
    assert people.get("nora").roles == ("planner", "moderator")
    assert once not in ada.get("/people").text
    assert once not in ada.get("/audit").text
    browser = app.test_client()
    answer = browser.post("/login", data={"login": "nora", "password": once})
    assert answer.location == "/password"
    assert browser.get("/moderation").location == "/password"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"login": "mara", "role": ["planner"]}, "already"),
        ({"login": "x", "role": ["planner"]}, "2 to 100"),
        ({"login": "nora"}, "choose a role"),
        ({"login": "nora", "role": ["king"]}, "is not a role"),
    ],
)
def test_an_account_that_does_not_fit_is_told_why(ada, people, typed, told):
    before = people.everybody()
    answer = send(ada, "/people?lang=en", **typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert people.everybody() == before


def test_roles_are_changed_and_hold_from_the_next_page_on(app, ada, people):
    mara = signed_in(app, "mara")
    app.config["CLOCK"].goes_on(seconds=1)
    send(ada, "/people/mara/roles", role=["planner"])
    assert people.get("mara").roles == ("planner",)
    assert mara.get("/moderation").status_code == 303  # the session has ended
    assert signed_in(app, "mara").get("/moderation").status_code == 403


def test_locking_and_unlocking(app, ada, people):
    send(ada, "/people/mara/lock")
    assert people.get("mara").locked
    answer = app.test_client().post("/login", data={"login": "mara", "password": WORDS})
    assert answer.status_code == 403
    send(ada, "/people/mara/unlock")
    assert signed_in(app, "mara").get("/moderation").status_code == 200


def test_a_password_is_given_anew(app, ada):
    once = ONCE.search(send(ada, "/people/mara/password").text)[1]
    old = app.test_client().post("/login", data={"login": "mara", "password": WORDS})
    assert old.status_code == 403
    new = app.test_client().post("/login", data={"login": "mara", "password": once})
    assert new.location == "/password"


@pytest.mark.parametrize("act", ["lock", "roles"])
def test_the_last_administrator_stays(ada, people, act):
    answer = send(ada, f"/people/ada/{act}?lang=en", role=["planner"])
    assert answer.status_code == 422
    assert "last administrator" in answer.text
    assert "administrator" in people.get("ada").roles


def test_an_account_that_does_not_exist_is_said_so(ada):
    for act in ("lock", "unlock", "roles", "password"):
        answer = send(ada, f"/people/nobody/{act}?lang=en", role=["planner"])
        assert answer.status_code == 422
        assert "there is no account" in answer.text


def test_a_name_never_becomes_markup(ada):
    text = send(ada, "/people", login="<script>alert(1)</script>", role=["planner"]).text
    assert "<script>alert" not in text


def test_what_staff_did_is_listed_filtered_and_checked(app, ada):
    mara = signed_in(app, "mara")
    id_, _ = marked(app)
    send(mara, f"/moderation/{id_}/accept")
    text = ada.get("/audit?lang=en").text
    assert f"mark {id_}" in text
    assert "none was changed or taken out" in text
    assert f"mark {id_}" not in ada.get("/audit?by=milo").text
    assert f"mark {id_}" in ada.get("/audit?action=mark published").text


def test_a_change_behind_the_back_of_the_list_is_seen(app, ada):
    engine = app.extensions["store"].engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_update")
        connection.exec_driver_sql("UPDATE audit SET by = 'nobody' WHERE id = 2")
    assert "entry 2 was changed" in ada.get("/audit?lang=en").text


def test_the_list_is_a_file_that_no_spreadsheet_runs(ada, people):
    people.audit("test", by="ada", at=AT, what="=1+1", detail="@SUM(A1)")
    answer = ada.get("/audit/entries.csv?by=ada&lang=en")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Number", "When", "Who", "What", "To what", "Details"]
    assert rows[1][3:] == ["test", "'=1+1", "'@SUM(A1)"]
    assert {row[2] for row in rows[1:]} == {"ada"}
    assert "signed in" in {row[3] for row in rows[1:]}
    assert ada.get("/audit/entries.csv?lang=de").text.startswith("\ufeffNummer;Wann;Wer;Was;")
    assert harmless("mark 1") == "mark 1"


def test_a_long_list_has_pages(ada, people):
    for number in range(101):
        people.audit(f"act {number}", by="ada", at=AT + timedelta(seconds=number))
    first, second = ada.get("/audit").text, ada.get("/audit?page=2").text
    assert "act 100<" in first
    assert "act 0<" not in first
    assert "act 0<" in second
    assert ada.get("/audit?page=9999").status_code == 200
