"""How accounts of staff are read from the store, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from layers import Text

from .cells import split
from .mark_tables import person

ROLES: dict[str, Text] = {
    "planner": Text("planner"),
    "moderator": Text("moderator"),
    "prevention": Text("prevention"),
    "administrator": Text("administrator"),
}
"""What an account may be; one account may be several."""
LONGEST_REASON = 300
"""Longest reason for a look at an exact point [characters]."""
REVEALING = frozenset({"moderator"})
"""Roles that may look at an exact point."""


@dataclass(frozen=True)
class Person:
    """
    One account of staff; its password is not here.

    Parameters
    ----------
    login
        Name to sign in with, in small letters.
    roles
        Names of `ROLES`.
    must_change
        The password was given out once and has to be changed first.
    locked
        An administrator has locked the account.
    has_password
        False for accounts that sign in elsewhere.
    locked_until
        After wrong passwords it has to wait until then, or None.
    created_at
        When it was made.
    revoked_at
        Sessions that began before this moment hold no more.
    """

    login: str
    roles: tuple[str, ...]
    must_change: bool
    locked: bool
    has_password: bool
    locked_until: datetime | None
    created_at: datetime
    revoked_at: datetime


def person_of(row: Mapping[str, Any]) -> Person:
    """Read a row of `person`."""
    told = {name: row[name] for name in Person.__dataclass_fields__ if name in row}
    return Person(**told | {"roles": split(row["roles"]), "has_password": bool(row["password"])})


def find(connection: Connection, login: str) -> Mapping[str, Any] | None:
    """Return the row of an account, or None."""
    query = select(person).where(person.c.login == tidy_login(login))
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def tidy_login(login: str) -> str:
    """Return a login as it is kept."""
    return login.strip().casefold()


def may_reveal(connection: Connection, login: str) -> bool:
    """Tell whether somebody may look at an exact point."""
    row = find(connection, login)
    return row is not None and not row["locked"] and bool(REVEALING & set(split(row["roles"])))


def reason_faults(reason: str) -> list[Text]:
    """Return what is wrong with a reason for a look at an exact point."""
    if len(reason.strip()) < 5:
        return [Text("say why the exact place has to be known")]
    if len(reason.strip()) > LONGEST_REASON:
        return [
            Text("say in at most {most} characters why it has to be known", most=LONGEST_REASON)
        ]
    return []
