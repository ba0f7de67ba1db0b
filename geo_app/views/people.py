"""Accounts of staff, for the administrator: make, give roles, lock, give a new password."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from layers import Text

from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..session import people
from ..store import PeopleError

bp = Blueprint("people", __name__, url_prefix="/people")

Answer = Response | tuple[str, int] | str


@bp.get("")
@staff("administrator")
def index() -> str:
    """List all accounts."""
    return _page()


@bp.post("")
@staff("administrator")
def add() -> Answer:
    """Make an account; its first password is shown once, on this page only."""
    login, roles = request.form.get("login", ""), request.form.getlist("role")
    try:
        made = people().add(login, roles, by=person().login, at=now())
    except PeopleError as error:
        return _page(error.faults), status_of(error)
    return _page(made=(login.strip().casefold(), made))


@bp.post("/<login>/roles")
@staff("administrator")
def set_roles(login: str) -> Answer:
    """Set the roles of an account."""
    roles = request.form.getlist("role")
    try:
        people().set_roles(login, roles, by=person().login, at=now())
    except PeopleError as error:
        return _page(error.faults), status_of(error)
    return redirect(url_for("people.index"), code=303)


@bp.post("/<login>/lock")
@staff("administrator")
def lock(login: str) -> Answer:
    """Lock an account; its sessions end at once."""
    try:
        people().lock(login, by=person().login, at=now())
    except PeopleError as error:
        return _page(error.faults), status_of(error)
    return redirect(url_for("people.index"), code=303)


@bp.post("/<login>/unlock")
@staff("administrator")
def unlock(login: str) -> Answer:
    """Unlock an account, also from waiting after wrong passwords."""
    try:
        people().unlock(login, by=person().login, at=now())
    except PeopleError as error:
        return _page(error.faults), status_of(error)
    return redirect(url_for("people.index"), code=303)


@bp.post("/<login>/password")
@staff("administrator")
def reset(login: str) -> Answer:
    """Give an account a new password that is shown once and has to be changed."""
    try:
        made = people().give_password(login, by=person().login, at=now())
    except PeopleError as error:
        return _page(error.faults), status_of(error)
    return _page(made=(login, made))


def _page(faults: Sequence[Text] = (), made: tuple[str, str] | None = None) -> str:
    return render_template(
        "people.html",
        faults=faults,
        made=made,
        everybody=people().everybody(),
        typed=request.form.get("login", "") if faults else "",
        at=now(),
    )
