"""
Sessions of staff: kept here, so that each can be ended here.

The browser holds a random token; the store holds a hash of it, keyed with the
secret of the installation. Whoever reads the table can open nothing with it.

Source
------
NIST SP 800-63B, 7.1 and 7.2: random session secrets, renewed on signing in,
an end by the clock and an end when nothing happens.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from geo_app.config import Settings

from .codes import keyed
from .engines import KEEPERS, reading, writing
from .layers import Store
from .staff_tables import staff_session

NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last page of a session is known: not every page writes to the store."""


@dataclass(frozen=True)
class Session:
    """
    One session.

    Parameters
    ----------
    login
        Whose it is.
    began, seen
        When it began, and when about its last page was asked for.
    """

    login: str
    began: datetime
    seen: datetime


class Sessions:
    """
    Every session of staff.

    Parameters
    ----------
    store
        The store of the city.
    settings
        Its secret, and how long a session may last.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._engine = store.engine
        self._settings = settings

    def begin(self, login: str, *, at: datetime, instead_of: str = "") -> str:
        """
        Begin a session and forget those that are over.

        Parameters
        ----------
        login
            Whose it is.
        at
            Now.
        instead_of
            Token of a session that ends with this.

        Returns
        -------
        token
            Random text for the browser; it is not kept.
        """
        token = secrets.token_urlsafe(32)
        over = at - timedelta(hours=self._settings.session_hours)
        old = (staff_session.c.began < over) | (staff_session.c.key == self._key(instead_of))
        with writing(self._engine, lock=KEEPERS) as connection:
            connection.execute(delete(staff_session).where(old))
            connection.execute(
                insert(staff_session).values(key=self._key(token), login=login, began=at, seen=at)
            )
        return token

    def find(self, token: str, *, at: datetime) -> Session | None:
        """Return a session that is not over, and note that it is in use."""
        if not token:
            return None
        here = staff_session.c.key == self._key(token)
        query = select(staff_session.c.login, staff_session.c.began, staff_session.c.seen)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(here)).mappings().one_or_none()
        if row is None or self._over(found := Session(**row), at):
            return None
        if at - found.seen >= NOTED_EVERY:
            with writing(self._engine, lock=KEEPERS) as connection:
                connection.execute(update(staff_session).where(here).values(seen=at))
        return found

    def end(self, token: str) -> None:
        """End a session at once."""
        with writing(self._engine, lock=KEEPERS) as connection:
            connection.execute(delete(staff_session).where(staff_session.c.key == self._key(token)))

    def _over(self, session: Session, at: datetime) -> bool:
        return at - session.began >= timedelta(
            hours=self._settings.session_hours
        ) or at - session.seen >= timedelta(minutes=self._settings.session_idle)

    def _key(self, token: str) -> str:
        return keyed(self._settings.secret, "session", token)
