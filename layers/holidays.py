"""Public holidays of Germany, Land by Land."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from .facts import facts
from .text import Text

LAENDER: dict[str, Text] = {
    "BW": Text("Baden-Württemberg"),
    "BY": Text("Bavaria"),
    "BE": Text("Berlin"),
    "BB": Text("Brandenburg"),
    "HB": Text("Bremen"),
    "HH": Text("Hamburg"),
    "HE": Text("Hesse"),
    "MV": Text("Mecklenburg-Western Pomerania"),
    "NI": Text("Lower Saxony"),
    "NW": Text("North Rhine-Westphalia"),
    "RP": Text("Rhineland-Palatinate"),
    "SL": Text("Saarland"),
    "SN": Text("Saxony"),
    "ST": Text("Saxony-Anhalt"),
    "SH": Text("Schleswig-Holstein"),
    "TH": Text("Thuringia"),
}
"""Code of each Land (ISO 3166-2:DE) and its name."""

EVERYWHERE = "DE"
"""Stands for no Land in particular: only what is a holiday in every Land."""

ALL = "all"
WEDNESDAY = 2


@cache
def holidays(year: int, land: str) -> frozenset[date]:
    """
    Return the public holidays of a Land.

    Parameters
    ----------
    year
        From 1995 on, when the last one was struck off; those younger than
        `year` are told all the same.
    land
        Its code, or `EVERYWHERE`.
    """
    return frozenset(_day(entry, year) for entry in _entries() if _is_one(entry, land))


@cache
def possible_holidays(year: int, land: str) -> frozenset[date]:
    """Return the public holidays of a Land and of some of its municipalities."""
    return holidays(year, land) | frozenset(
        _day(entry, year) for entry in _entries() if land in entry.get("in_parts", ())
    )


def ascension_day(year: int) -> date:
    """Return the Thursday that is a public holiday in every Land."""
    return easter(year) + timedelta(days=facts("holidays")["ascension_day"]["easter"])


def easter(year: int) -> date:
    """
    Return Easter Sunday of the Gregorian calendar.

    Source
    ------
    The anonymous algorithm of Nature (1876), as told by Meeus (1991),
    Astronomical Algorithms, chapter 8.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def _entries() -> tuple[Mapping[str, Any], ...]:
    return tuple(facts("holidays").values())


def _is_one(entry: Mapping[str, Any], land: str) -> bool:
    lands = entry["lands"]
    return bool(lands == ALL) or land in lands


def _day(entry: Mapping[str, Any], year: int) -> date:
    if "easter" in entry:
        return easter(year) + timedelta(days=entry["easter"])
    if "wednesday_before" in entry:
        before = date.fromisoformat(f"{year}-{entry['wednesday_before']}") - timedelta(days=1)
        return before - timedelta(days=(before.weekday() - WEDNESDAY) % 7)
    return date.fromisoformat(f"{year}-{entry['day']}")
