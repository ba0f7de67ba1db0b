"""Who is signed in: the cookie of a browser, the session in the store, the account behind it."""

from __future__ import annotations

import hmac
from typing import cast

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from layers import LayersError, Text

from .clock import now
from .store import People, Person
from .store.codes import keyed
from .store.sessions import Sessions

COOKIE = "treffsicher_staff"
FIELD = "form_token"
"""Field of every form of a signed-in session: its token is of no use to another session."""


class FormError(LayersError, PermissionError):
    """A form did not come from a page of this session."""

    __str__ = LayersError.__str__


def register(app: Flask) -> None:
    """Let every page of `app` know who is signed in."""
    app.jinja_env.globals.update(signed_in=signed_in, form_token=form_field)


def people() -> People:
    """Return the accounts of this application."""
    return cast("People", current_app.extensions["people"])


def signed_in() -> Person | None:
    """Return the account of this request, or None; looked up once."""
    if "signed_in" not in g:
        g.signed_in = _account()
    return cast("Person | None", g.signed_in)


def begin(response: Response, login: str) -> Response:
    """Begin a session under a new token; one that the browser brought ends."""
    token = _sessions().begin(login, at=now(), instead_of=_token())
    g.pop("signed_in", None)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )
    return response


def end(response: Response) -> Response:
    """End the session of this request in the store and in the browser."""
    _sessions().end(_token())
    g.pop("signed_in", None)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def form_field() -> Markup:
    """Return the hidden field that every form needs while somebody is signed in."""
    if signed_in() is None:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, form_word())


def form_word() -> str:
    """Return the word that proves that a form came from a page of this session."""
    return keyed(current_app.config["SETTINGS"].secret, "form", _token())


def check_form() -> None:
    """
    Refuse a form that did not come from a page of this session.

    Raises
    ------
    FormError
        Says that nothing was changed, and what to do.
    """
    if not hmac.compare_digest(request.form.get(FIELD, "").encode(), form_word().encode()):
        raise FormError(
            [
                Text(
                    "This form does not belong to your session, so nothing was changed."
                    " Go back, load the page again and send it once more."
                )
            ]
        )


def _account() -> Person | None:
    at = now()
    found = _sessions().find(_token(), at=at)
    if found is None or not people().session_holds(found.login, found.began, found.seen, at=at):
        return None
    return people().get(found.login)


def _token() -> str:
    return request.cookies.get(COOKIE, "")


def _sessions() -> Sessions:
    return cast("Sessions", current_app.extensions["sessions"])
