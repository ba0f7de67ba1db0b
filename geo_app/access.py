"""Who may see a page. Every view carries exactly one of these marks; a test checks that."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, after_this_request, make_response, redirect, request, url_for

from layers import LayersError, Text

from .security import SAFE_METHODS
from .session import check_form, signed_in
from .store import ROLES, Person

View = Callable[..., Any]

MARK = "access"
"""Attribute under which a view keeps its mark: "public" or "staff"."""
NEEDED = "roles"
"""Attribute under which a staff view keeps the roles of which one is needed."""


class RoleError(LayersError, PermissionError):
    """Somebody is signed in, but has none of the roles that a page needs."""

    __str__ = LayersError.__str__


def public(view: View) -> View:
    """Anyone may see this page."""
    setattr(view, MARK, "public")
    return view


def staff(*roles: str, first_password: bool = False) -> Callable[[View], View]:
    """
    Only signed-in staff may see this page.

    Its forms need the word of the session, its answers are kept by no browser.

    Parameters
    ----------
    roles
        Roles of which one is needed; none is whoever is signed in.
    first_password
        Open even while a password given out once has not been changed.
    """

    def marked(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            elsewhere = _refused(roles, first_password=first_password)
            if elsewhere is not None:
                return elsewhere
            if request.method not in SAFE_METHODS:
                check_form()
            answer = make_response(view(*args, **kwargs))
            answer.headers["Cache-Control"] = "no-store"
            return answer

        setattr(guarded, MARK, "staff")
        setattr(guarded, NEEDED, roles)
        return guarded

    return marked


def person() -> Person:
    """Return the account of a request to a staff page."""
    found = signed_in()
    if found is None:
        abort(403)
    return found


def may(*roles: str) -> bool:
    """Tell whether whoever is signed in has one of these roles."""
    found = signed_in()
    return found is not None and bool(set(roles) & set(found.roles))


def only(*roles: str) -> None:
    """
    Refuse whoever may not see what a public page has been asked for.

    Its answer is kept by no browser.

    Parameters
    ----------
    roles
        Roles of which one is needed.
    """
    elsewhere = _refused(roles)
    if elsewhere is not None:
        abort(elsewhere)

    @after_this_request
    def _unkept(answer: Response) -> Response:
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _refused(roles: tuple[str, ...], *, first_password: bool = False) -> Any:
    """Send whoever is not signed in elsewhere, refuse the wrong role; None is welcome."""
    one = signed_in()
    if one is None:
        return _to_sign_in()
    if one.must_change and not first_password:
        return redirect(url_for("session.password"), code=303)
    _needs(one, roles)
    return None


def _to_sign_in() -> Any:
    """Let people sign in and come back; tell programs that they have to."""
    accepted = request.accept_mimetypes
    if accepted and not accepted.accept_html:
        abort(401)
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("session.login", next=back), code=303)


def _needs(one: Person, roles: tuple[str, ...]) -> None:
    if not roles or set(roles) & set(one.roles):
        return
    needed, have = (tuple(ROLES[role] for role in names) for names in (roles, one.roles))
    raise RoleError(
        [
            Text(
                "You are signed in as {login} ({have}). This page needs the role {needed};"
                " an administrator can give it to you.",
                login=one.login,
                have=have,
                needed=_one_of(needed),
            )
        ]
    )


def _one_of(roles: tuple[Text, ...]) -> Text:
    if len(roles) == 1:
        return roles[0]
    return Text("{some} or {last}", some=roles[:-1], last=roles[-1])
