"""Publication of marks: masked units, small groups never shown, not even by subtraction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from geopandas import GeoDataFrame


@dataclass(frozen=True)
class Rules:
    """
    When a group of marks may be shown.

    Parameters
    ----------
    least
        Fewest marks in a unit or in any group that can be worked out [marks].
    least_sensitive
        The same where a sensitive factor is among them [marks].
    addresses
        Fewest addresses a unit must hold [addresses].
    """

    least: int = 5
    least_sensitive: int = 10
    addresses: int = 8


def next_release(day: date) -> date:
    """
    Return the next release day on or after `day`: the first Monday of a month.

    Fixed days keep anybody from seeing a mark appear just after it was sent.
    """
    for month in range(2):
        year, index = divmod(day.year * 12 + day.month - 1 + month, 12)
        first = date(year, index + 1, 1)
        monday = first + timedelta(days=-first.weekday() % 7)
        if monday >= day:
            return monday
    raise AssertionError


def publish(
    marks: GeoDataFrame,
    *,
    streets: GeoDataFrame,
    addresses: GeoDataFrame,
    districts: GeoDataFrame,
    on: date,
    previous: GeoDataFrame | None = None,
    rules: Rules = Rules(),
) -> GeoDataFrame:
    """
    Return the public layer of a release day.

    Parameters
    ----------
    marks
        Accepted marks, exact points [m]; columns `marks.MARK_COLUMNS`.
    streets, addresses, districts
        The city's layers; addresses are points or buildings with an address.
    on
        The release day.
    previous
        The layer as last released, or none.
    rules
        When a group may be shown.
    """
    raise NotImplementedError
