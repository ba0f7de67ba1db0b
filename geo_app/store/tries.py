"""
Tries to sign in, counted where they come from, so that nobody can lock out others.

A connection that was wrong too often waits, before any password is looked at:
for all names, and sooner for one name. Only very many wrong passwords from
everywhere make an account itself wait; a connection from which it was opened
on the same day need not.

Source
------
NIST SP 800-63B, 5.2.2: at most 100 failed tries in a row for one account, and
requests only from addresses that were successful before as a way to keep
attackers from locking out whoever owns it.
"""

from __future__ import annotations

from datetime import datetime

from geo_app.config import Settings

from .devices import Rates
from .layers import Store

MOST_FROM_ANYWHERE = 100
"""Wrong passwords in a row, from whatever connections, before an account waits."""
MOST_FROM_ONE = 10
"""Wrong passwords from one connection in a window."""
MOST_NOTED = 20
"""Refusals of one account that are written down in a window; an attack fills no list."""
WINDOW = 15
"""Length of a window [min]."""
A_DAY = 24 * 60


class Tries:
    """
    Wrong tries and the connections they came from; nothing outlives its day.

    Parameters
    ----------
    store, settings
        The store of the city, its secret and how often a password may be wrong.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._rates = Rates(store, settings)
        self._most_of_one_name = settings.login_tries

    def begin(self, login: str, connection: str, *, at: datetime) -> bool:
        """
        Count a try as wrong until it turns out right; tell whether it may be looked at.

        It is the same for names that exist and names that do not.

        Parameters
        ----------
        login
            As typed, in small letters.
        connection
            Text that stands for where it comes from; kept only as keyed hash of the day.
        at
            Now.
        """
        one = self._rates.hit("wrong", connection, at=at, minutes=WINDOW)
        if one > MOST_FROM_ONE:
            return False
        pair = _pair(login, connection)
        return self._rates.hit("wrong name", pair, at=at, minutes=WINDOW) <= self._most_of_one_name

    def right(self, login: str, connection: str, *, at: datetime) -> None:
        """Take a try back that turned out right, and remember for the day where it came from."""
        pair = _pair(login, connection)
        self._rates.take_back("wrong", connection, at=at, minutes=WINDOW)
        self._rates.take_back("wrong name", pair, at=at, minutes=WINDOW, all_=True)
        self._rates.hit("signed in", pair, at=at, minutes=A_DAY)

    def known(self, login: str, connection: str, *, at: datetime) -> bool:
        """Tell whether this account was opened from this connection today."""
        return self._rates.count("signed in", _pair(login, connection), at=at, minutes=A_DAY) > 0

    def to_be_noted(self, login: str, *, at: datetime) -> bool:
        """Tell whether a refusal shall be written down, or enough of them are."""
        return self._rates.hit("refused", login, at=at, minutes=WINDOW) <= MOST_NOTED


def _pair(login: str, connection: str) -> str:
    return f"{connection} {login}"
