"""Signing in by a service of the city, where the settings name one: whose account, which roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app

from layers import Text

from .config import Settings
from .store import ROLES, LoginError, People, Person

if TYPE_CHECKING:
    from .openid import Service

BY = "sign-in service"
"""Stands for the service in the list of what staff did."""
NOT_HERE = Text(
    "the sign-in service of the city knows you, but you have no role here, or an account of that"
    " name is locked or has a password of its own; ask whoever looks after the accounts"
)


def register(app: Flask, settings: Settings) -> None:
    """Prepare the service of the settings, if there is one."""
    if settings.oidc_issuer:
        # The protocol and its cryptography are loaded only where they are needed.
        from .openid import Service  # noqa: PLC0415

        app.extensions["oidc"] = Service(app, settings)


def service() -> Service | None:
    """Return the service, or None where the settings name none."""
    return cast("Service | None", current_app.extensions.get("oidc"))


def roles_of(told: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    """
    Return the roles that a claim names.

    Parameters
    ----------
    told
        Claims of the service.
    settings
        Which claim, and which of its values stand for which role; values that
        stand for none are passed over.
    """
    given = told.get(settings.oidc_roles) or ()
    names = {given} if isinstance(given, str) else {str(one) for one in given}
    stands = settings.oidc_map or tuple((role, role) for role in ROLES)
    found = {role for name, role in stands if name in names}
    return tuple(role for role in ROLES if role in found)


def account(told: Mapping[str, Any], *, people: People, settings: Settings, at: datetime) -> Person:
    """
    Return the account of whoever the service has let in; made or changed as the claims say.

    Raises
    ------
    LoginError
        If the claims name nobody or no role, the account is locked, or there
        is one with a password of the same name: it is somebody else's.
    PeopleError
        If no account can have the name that the claims give.
    """
    login, roles = str(told.get(settings.oidc_login) or ""), roles_of(told, settings)
    known = people.get(login) if login else None
    if not login or not roles or (known is not None and (known.locked or known.has_password)):
        people.audit("sign-in refused", by="system", at=at, what=BY)
        raise LoginError([NOT_HERE])
    if known is None:
        people.add(login, roles, by=BY, at=at, elsewhere=True)
    elif known.roles != roles:
        people.set_roles(login, roles, by=BY, at=at)
    found = people.get(login)
    if found is None:
        raise LoginError([NOT_HERE])
    people.audit("signed in", by=found.login, at=at, what=BY)
    return found
