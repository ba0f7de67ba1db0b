"""
Accounts of staff: roles, passwords, waiting after wrong ones, and what they did.

Passwords are kept as Argon2id hashes. A wrong name takes as long as a wrong
password and is told in the same words. Each try is counted before the
password is looked at, so that many at once are as many as one after another;
`tries` says where.

Source
------
RFC 9106 (Argon2); NIST SP 800-63B, 5.1.1: length instead of rules about
characters, nothing that changes by the calendar; 5.2.2: a limit on tries.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update

from geo_app.config import Settings
from layers import Text
from layers.schema import SEPARATOR

from .audit import Entry, append, faults, listed
from .engines import KEEPERS, reading, writing
from .errors import LoginError, PeopleError
from .layers import Store
from .mark_tables import person
from .passwords import (
    LONGEST,
    login_faults,
    one_time_password,
    password_faults,
    role_faults,
)
from .people_kept import ROLES, Person, find, person_of, tidy_login
from .tries import MOST_FROM_ANYWHERE, Tries

__all__ = ["ROLES", "People", "Person"]

LONGEST_WAIT = timedelta(hours=1)
WRONG = Text(
    "this name and password do not go together, or there were too many tries;"
    " check both, or wait a while and try again"
)


class People:
    """
    Every account of staff.

    Parameters
    ----------
    store
        The store of the city.
    settings
        Its secret, and how often a password may be wrong.
    hasher
        How passwords are hashed; hashes made otherwise are renewed on signing in.
    """

    def __init__(
        self, store: Store, settings: Settings, *, hasher: PasswordHasher | None = None
    ) -> None:
        self._engine = store.engine
        self._settings = settings
        self._tries = Tries(store, settings)
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """A hash for names that do not exist: looking at it takes as long as at a real one."""
        return self._hasher.hash(secrets.token_hex(16))

    def add(
        self,
        login: str,
        roles: Collection[str],
        *,
        at: datetime,
        by: str = "",
        password: str = "",
        elsewhere: bool = False,
    ) -> str:
        """
        Make an account.

        Parameters
        ----------
        login
            Name to sign in with; capital and small letters are the same.
        roles
            Names of `ROLES`, at least one.
        at, by
            When, and login of who does it ("" is the command line).
        password
            The password; without one, one is made that has to be changed on signing in.
        elsewhere
            The account signs in by another service of the city and has no password here.

        Returns
        -------
        password
            The one that was made, or "".

        Raises
        ------
        PeopleError
            Lists everything that does not fit.
        """
        made = "" if password else one_time_password()
        login = tidy_login(login)
        wrong = [*login_faults(login), *role_faults(roles)]
        wrong += password_faults(password or made, login)
        with writing(self._engine, lock=KEEPERS) as connection:
            if find(connection, login):
                wrong.append(Text("there is an account “{login}” already", login=login))
            if wrong:
                raise PeopleError(wrong)
            told = {
                "login": login,
                "password": "" if elsewhere else self._hasher.hash(password or made),
                "roles": _in_order(roles),
                "must_change": bool(made) and not elsewhere,
                "locked": False,
                "failed": 0,
                "locked_until": None,
                "created_at": at,
                "revoked_at": at,
            }
            connection.execute(insert(person).values(**told))
            self._audit(connection, "account added", login, by=by, at=at, detail=_in_order(roles))
        return "" if elsewhere else made

    def get(self, login: str) -> Person | None:
        """Return an account, or None."""
        with reading(self._engine) as connection:
            row = find(connection, login)
        return None if row is None else person_of(row)

    def everybody(self) -> list[Person]:
        """Return all accounts, by login."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(person).order_by(person.c.login)).mappings()
            return [person_of(dict(row)) for row in rows]

    def verify(self, login: str, password: str, *, at: datetime, connection: str = "") -> Person:
        """
        Return the account if the password is right; whoever was wrong too often has to wait.

        Parameters
        ----------
        login, password
            As typed.
        at
            Now.
        connection
            Text that stands for where it comes from; kept only as keyed hash of the day.

        Raises
        ------
        LoginError
            In every other case, in the same words and after the same time.
        """
        typed = tidy_login(login)
        if not self._tries.begin(typed, connection, at=at):
            self._note_failure(typed, at)
            raise LoginError([WRONG])
        known = self._tries.known(typed, connection, at=at)
        with writing(self._engine, lock=KEEPERS) as writer:
            row = find(writer, login)
            waits = row is not None and self._waits(writer, row, at) and not known
            if row is not None and not waits:
                self._count_try(writer, row, at)
        usable = row is not None and not waits and not row["locked"] and row["password"]
        right = self._right(
            row["password"] if row is not None and usable else self._nobody, password
        )
        if row is None or not usable or not right:
            self._note_failure(typed, at)
            raise LoginError([WRONG])
        self._tries.right(typed, connection, at=at)
        return self._signed_in(row["login"], password, row["password"], at)

    def _waits(self, connection: Connection, row: Any, at: datetime) -> bool:
        """Tell whether an account has to wait; the only administrator is never kept out."""
        waits = row["locked_until"] is not None and at < row["locked_until"]
        return waits and list(_administrators(connection)) != [row["login"]]

    def _count_try(self, connection: Connection, row: Any, at: datetime) -> None:
        """Count a try as wrong until it turns out right; the delay doubles with each."""
        failed = row["failed"] + 1
        over = failed - MOST_FROM_ANYWHERE
        until = None
        if over >= 0:
            wait = timedelta(seconds=self._settings.login_wait) * 2 ** min(over, 12)
            until = at + min(wait, LONGEST_WAIT)
        change = update(person).where(person.c.login == row["login"])
        connection.execute(change.values(failed=failed, locked_until=until))

    def _right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False

    def _note_failure(self, typed: str, at: datetime) -> None:
        """Write a wrong password down; what was typed as a name may be one, so it is left out."""
        with reading(self._engine) as reader:
            row = find(reader, typed)
        known = "unknown" if row is None else str(row["login"])
        if not self._tries.to_be_noted(known, at=at):
            return
        with writing(self._engine, lock=KEEPERS) as connection:
            self._audit(connection, "sign-in refused", known, by="system", at=at)

    def _signed_in(self, login: str, password: str, hashed: str, at: datetime) -> Person:
        told: dict[str, Any] = {"failed": 0, "locked_until": None}
        if self._hasher.check_needs_rehash(hashed):
            told["password"] = self._hasher.hash(password)
        with writing(self._engine, lock=KEEPERS) as connection:
            connection.execute(update(person).where(person.c.login == login).values(**told))
            self._audit(connection, "signed in", login, by=login, at=at)
            row = find(connection, login)
        if row is None:
            raise LoginError([WRONG])
        return person_of(row)

    def session_holds(self, login: str, began: datetime, seen: datetime, *, at: datetime) -> bool:
        """
        Tell whether a session still holds.

        Parameters
        ----------
        login
            Whose it is.
        began, seen
            When it began, and when its last page was asked for.
        at
            Now.
        """
        row = self.get(login)
        return (
            row is not None
            and not row.locked
            and row.revoked_at <= began <= at
            and at - began < timedelta(hours=self._settings.session_hours)
            and at - seen < timedelta(minutes=self._settings.session_idle)
        )

    def change_password(
        self, login: str, old: str, new: str, *, at: datetime, connection: str = ""
    ) -> None:
        """
        Change one's own password; all sessions end.

        Raises
        ------
        LoginError
            If the old one is wrong.
        PeopleError
            If the new one does not fit; lists every fault.
        """
        known = self.verify(login, old, at=at, connection=connection)
        wrong = password_faults(new, known.login)
        if new == old:
            wrong.append(Text("the new password is the old one"))
        if wrong:
            raise PeopleError(wrong)
        told = {"password": self._hasher.hash(new), "must_change": False, "revoked_at": at}
        self._change(known.login, "password changed", told, by=known.login, at=at)

    def give_password(self, login: str, *, by: str, at: datetime, password: str = "") -> str:
        """
        Give an account a new password; without one, one is made; it has to be changed then.

        Returns
        -------
        password
            The one that was made, or "".
        """
        made = "" if password else one_time_password()
        wrong = password_faults(password or made, tidy_login(login))
        if wrong:
            raise PeopleError(wrong)
        told = {
            "password": self._hasher.hash(password or made),
            "must_change": True,
            "revoked_at": at,
            "failed": 0,
            "locked_until": None,
        }
        self._change(login, "password given", told, by=by, at=at)
        return made

    def set_roles(self, login: str, roles: Collection[str], *, by: str, at: datetime) -> None:
        """Set the roles of an account; its sessions end."""
        if wrong := role_faults(roles):
            raise PeopleError(wrong)
        told = {"roles": _in_order(roles), "revoked_at": at}
        self._change(login, "roles set", told, by=by, at=at, detail=_in_order(roles))

    def lock(self, login: str, *, by: str, at: datetime) -> None:
        """Lock an account; its sessions end."""
        self._change(login, "account locked", {"locked": True, "revoked_at": at}, by=by, at=at)

    def unlock(self, login: str, *, by: str, at: datetime) -> None:
        """Unlock an account; it need not wait any longer either."""
        told = {"locked": False, "failed": 0, "locked_until": None}
        self._change(login, "account unlocked", told, by=by, at=at)

    def revoke_sessions(self, login: str, *, by: str, at: datetime) -> None:
        """End all sessions of an account."""
        self._change(login, "sessions ended", {"revoked_at": at}, by=by, at=at)

    def _change(
        self,
        login: str,
        action: str,
        told: dict[str, Any],
        *,
        by: str,
        at: datetime,
        detail: str = "",
    ) -> None:
        with writing(self._engine, lock=KEEPERS) as connection:
            row = find(connection, login)
            if row is None:
                raise PeopleError([Text("there is no account “{login}”", login=login)])
            here, before = person.c.login == row["login"], _administrators(connection)
            connection.execute(update(person).where(here).values(**told))
            if before and not _administrators(connection):
                raise PeopleError([Text("this is the last administrator; make another one first")])
            self._audit(connection, action, row["login"], by=by, at=at, detail=detail)

    def audit(
        self, action: str, *, by: str, at: datetime, what: str = "", detail: str = ""
    ) -> None:
        """Write down what somebody did."""
        with writing(self._engine, lock=KEEPERS) as connection:
            append(
                connection, self._settings.secret, action, by=by, at=at, what=what, detail=detail
            )

    def audit_log(
        self, *, limit: int = 100, offset: int = 0, by: str = "", action: str = ""
    ) -> list[Entry]:
        """Return what staff did, the latest first."""
        with reading(self._engine) as connection:
            return listed(connection, limit=limit, offset=offset, by=by, action=action)

    def verify_audit(self) -> tuple[Text, ...]:
        """Return every sign that the list of what staff did was changed; none if all is well."""
        with reading(self._engine) as connection:
            return faults(connection, self._settings.secret)

    def _audit(
        self,
        connection: Connection,
        action: str,
        login: str,
        *,
        by: str,
        at: datetime,
        detail: str = "",
    ) -> None:
        append(
            connection,
            self._settings.secret,
            action,
            by=by or "command line",
            at=at,
            what=f"account {login}",
            detail=detail,
        )


def _in_order(roles: Collection[str]) -> str:
    return SEPARATOR.join(role for role in ROLES if role in roles)


def _administrators(connection: Connection) -> Sequence[str]:
    """Return the logins of administrators that are not locked."""
    people = [person_of(dict(row)) for row in connection.execute(select(person)).mappings()]
    return [one.login for one in people if "administrator" in one.roles and not one.locked]
