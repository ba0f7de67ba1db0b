"""
Devices without their addresses: keyed hashes with a salt that lives for one day.

An address is hashed with the secret of the installation and the salt of the
day. `erase` deletes the salt after the day; from then on nobody, with the
secret or without, can work out which device a hash meant.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from geo_app.config import Settings
from layers.days import day_of, midnight

from .codes import keyed
from .engines import KEEPERS, reading, writing
from .layers import Store
from .mark_tables import daily_salt, rate


def device_key(connection: Connection, secret: str, device: str, at: datetime) -> str:
    """
    Return what stands for a device on one day; makes the salt of the day if there is none.

    Parameters
    ----------
    connection
        A transaction of `engines.writing`.
    secret
        Secret of the installation.
    device
        Text that stands for the device, such as its address; it is not kept.
    at
        Now.
    """
    day = day_of(at).isoformat()
    salt = connection.scalar(select(daily_salt.c.salt).where(daily_salt.c.day == day))
    if salt is None:
        salt = secrets.token_hex(32)
        connection.execute(insert(daily_salt).values(day=day, salt=salt))
    return keyed(secret, "device", salt, device)


class Rates:
    """
    How often a device does something; nothing of it outlives its day.

    Parameters
    ----------
    store
        The store of the city.
    settings
        Its secret.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._engine = store.engine
        self._secret = settings.secret

    def hit(self, what: str, device: str, *, at: datetime, minutes: int = 60) -> int:
        """
        Count once more and return how often it was in this window, this time included.

        Parameters
        ----------
        what
            What was done, such as "report".
        device
            Text that stands for the device; kept only as keyed hash of the day.
        at
            Now.
        minutes
            Length of a window; windows begin at midnight.
        """
        began = _window(at, minutes)
        with writing(self._engine, lock=KEEPERS) as connection:
            key = device_key(connection, self._secret, device, at)
            here = _row(key, what, began)
            known = connection.scalar(select(rate.c.times).where(here))
            if known is None:
                connection.execute(insert(rate).values(device=key, what=what, began=began, times=1))
                return 1
            connection.execute(update(rate).where(here).values(times=known + 1))
            return known + 1

    def times(self, what: str, device: str, *, at: datetime, minutes: int = 60) -> int:
        """Return how often it was in this window, without counting; arguments as of `hit`."""
        with writing(self._engine, lock=KEEPERS) as connection:
            here = rate.c.device == device_key(connection, self._secret, device, at)
            query = select(rate.c.times).where(here, rate.c.what == what)
            return int(connection.scalar(query.where(rate.c.began == _window(at, minutes))) or 0)

    def count(self, what: str, device: str, *, at: datetime, minutes: int = 60) -> int:
        """Return how often it was in this window, without counting."""
        with writing(self._engine, lock=KEEPERS) as connection:
            key = device_key(connection, self._secret, device, at)
            here = _row(key, what, _window(at, minutes))
            return int(connection.scalar(select(rate.c.times).where(here)) or 0)

    def take_back(
        self, what: str, device: str, *, at: datetime, minutes: int = 60, all_: bool = False
    ) -> None:
        """Count one less than `hit` did, or forget all of this window."""
        with writing(self._engine, lock=KEEPERS) as connection:
            key = device_key(connection, self._secret, device, at)
            here = _row(key, what, _window(at, minutes)) & (rate.c.times > 0)
            times = 0 if all_ else rate.c.times - 1
            connection.execute(update(rate).where(here).values(times=times))

    def total(self, what: str, *, at: datetime, minutes: int = 60) -> int:
        """Return how often anybody did something in this window: a sign of an attack."""
        with reading(self._engine) as connection:
            query = select(func.coalesce(func.sum(rate.c.times), 0))
            began = _window(at, minutes)
            return int(
                connection.scalar(query.where(rate.c.what == what, rate.c.began == began)) or 0
            )


def _row(key: str, what: str, began: datetime) -> ColumnElement[bool]:
    return (rate.c.device == key) & (rate.c.what == what) & (rate.c.began == began)


def _window(at: datetime, minutes: int) -> datetime:
    # in UTC, where each hour of a day on which the clocks change is there once
    began = midnight(at).astimezone(UTC)
    return began + (at - began) // timedelta(minutes=minutes) * timedelta(minutes=minutes)
