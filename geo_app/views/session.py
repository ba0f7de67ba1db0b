"""Signing in and out, and one's own password."""

from __future__ import annotations

from collections.abc import Sequence

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as kept
from werkzeug.wrappers import Response as AnyResponse

from layers import Text

from .. import oidc, session, spam
from ..access import may, person, public, staff
from ..addresses import own_address
from ..clock import now
from ..session import people, signed_in
from ..store import LoginError, PeopleError, Person
from ..store.people import WRONG
from ..trial import trials
from .city import current_store

bp = Blueprint("session", __name__)

TRIES_HOURLY = 200
"""So often may somebody sign in from one connection: a town hall behind one address may."""
DESK: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("moderation.queue", Text("Marks"), ("moderator",)),
    ("prevention.index", Text("Prevention"), ("prevention", "moderator", "administrator")),
    ("release.show", Text("Release"), ("prevention", "administrator")),
    ("findings.index", Text("Findings"), ("moderator", "prevention")),
    ("plan.index", Text("Scenarios"), ("planner", "administrator")),
    ("people.index", Text("Accounts"), ("administrator",)),
    ("jobs.index", Text("Computations"), ("planner", "administrator")),
    ("audit.show", Text("What staff did"), ("administrator",)),
)
"""Pages of staff in the bar below the head: endpoint, name, roles of which one is needed."""


def desk() -> list[tuple[str, Text]]:
    """Return the pages that whoever is signed in may open."""
    return [(endpoint, label) for endpoint, label, roles in DESK if may(*roles)]


@bp.get("/login")
@public
def login() -> AnyResponse:
    """Ask for name and password."""
    if (found := signed_in()) is not None:
        return redirect(_onward(found), code=303)
    return _asked()


@bp.post("/login")
@public
def enter() -> AnyResponse:
    """Sign in, and go on to where one wanted to."""
    if spam.too_many("sign-in", TRIES_HOURLY):
        return _asked((WRONG,), status=403)
    try:
        found = people().verify(
            request.form.get("login", ""),
            request.form.get("password", ""),
            at=now(),
            connection=spam.connection(),
        )
    except LoginError as error:
        return _asked(error.faults, status=403)
    answer = session.begin(make_response(redirect(_onward(found), code=303)), found.login)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/login/service")
@public
def service() -> AnyResponse:
    """Go to the sign-in service of the city, where there is one."""
    found = oidc.service()
    if found is None:
        abort(404)
    kept["next"] = own_address(request.args.get("next", ""), otherwise="")
    try:
        answer: AnyResponse = found.begin(url_for("session.back", _external=True))
    except LoginError as error:
        return _asked(error.faults, status=403)
    return answer


@bp.get("/login/back")
@public
def back() -> AnyResponse:
    """Come back from the sign-in service of the city."""
    found = oidc.service()
    if found is None:
        abort(404)
    settings = current_app.config["SETTINGS"]
    try:
        told = found.claims()
        who = oidc.account(told, people=people(), settings=settings, at=now())
    except (LoginError, PeopleError) as error:
        return _asked(error.faults, status=403)
    onward = own_address(kept.pop("next", ""), otherwise=_first_page(who))
    answer = session.begin(make_response(redirect(onward, code=303)), who.login)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/logout")
@staff(first_password=True)
def leave() -> AnyResponse:
    """Sign out: the session ends in the store, not only in the browser."""
    who = person().login
    people().audit("signed out", by=who, at=now(), what=f"account {who}")
    return session.end(make_response(redirect(url_for("home.show"), code=303)))


@bp.get("/password")
@staff(first_password=True)
def password() -> AnyResponse:
    """Ask for a new password."""
    return _new_password()


@bp.post("/password")
@staff(first_password=True)
def change_password() -> AnyResponse:
    """Change one's own password; other sessions end, this one goes on under a new token."""
    who, typed = person(), request.form
    if typed.get("new", "") != typed.get("again", ""):
        return _new_password([Text("the new password and its repetition differ")])
    try:
        people().change_password(
            who.login,
            typed.get("old", ""),
            typed.get("new", ""),
            at=now(),
            connection=spam.connection(),
        )
    except LoginError:
        return _new_password(
            [
                Text(
                    "the present password is not right, or it was typed wrongly too often;"
                    " check it, or wait a while"
                )
            ]
        )
    except PeopleError as error:
        return _new_password(error.faults)
    return session.begin(make_response(redirect(_first_page(who), code=303)), who.login)


def _asked(faults: Sequence[Text] = (), *, status: int = 200) -> AnyResponse:
    answer = make_response(
        render_template(
            "login.html",
            faults=faults,
            service=oidc.service() is not None,
            trials=trials(current_store(), people()),
            typed=request.form.get("login", ""),
            back=own_address(request.values.get("next", ""), otherwise=""),
        )
    )
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _new_password(faults: Sequence[Text] = ()) -> AnyResponse:
    page = render_template("password.html", faults=faults, first=person().must_change)
    answer = make_response(page)
    answer.status_code = 422 if faults else 200
    return answer


def _onward(found: Person) -> str:
    if found.must_change:
        return url_for("session.password")
    return own_address(request.values.get("next", ""), otherwise=_first_page(found))


def _first_page(found: Person) -> str:
    for endpoint, _, roles in DESK:
        if set(roles) & set(found.roles):
            return url_for(endpoint)
    return url_for("home.show")
