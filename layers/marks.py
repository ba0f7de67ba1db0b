"""A citizen's mark: what it says, and what is wrong with one before it is sent."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely

from .days import day_of
from .errors import MarkError
from .factors import FACTORS
from .mark_events import (
    ACTIONS,
    ALLOWED,
    CLOSED,
    ROLES,
    STATES,
    WAITING,
    Event,
    Events,
    State,
    advance,
    begin,
    may,
    record,
    state,
    verify,
)
from .rejections import REJECTIONS
from .schema import SEPARATOR
from .text import Text

__all__ = [
    "ACTIONS",
    "ALLOWED",
    "CLOSED",
    "DAYTIMES",
    "KINDS",
    "MARK_COLUMNS",
    "NOTE_MOST",
    "REJECTIONS",
    "ROLES",
    "STATES",
    "STRENGTHS",
    "WAITING",
    "WEEKPARTS",
    "Event",
    "Events",
    "Fault",
    "Mark",
    "State",
    "advance",
    "begin",
    "check_mark",
    "cleaned",
    "mark_of",
    "may",
    "record",
    "state",
    "verify",
]

KINDS: dict[str, Text] = {
    "unsafe": Text("I feel unsafe here"),
    "at_ease": Text("I feel at ease here"),
}
"""Both kinds are asked for, because only their comparison says something about a place."""

DAYTIMES: dict[str, Text] = {
    "day": Text("by day"),
    "dusk": Text("at dusk"),
    "night": Text("after dark"),
}
"""When; "" is not said, or at any time."""

WEEKPARTS: dict[str, Text] = {"weekday": Text("Monday to Friday"), "weekend": Text("at weekends")}
"""On which days; "" is not said, or on any day."""

STRENGTHS: dict[int, Text] = {
    1: Text("a little"),
    2: Text("clearly"),
    3: Text("strongly"),
    4: Text("very strongly"),
}
"""How strongly; 0 is not said."""

NOTE_MOST = 1000
"""Longest note [characters as a reader counts them, after cleaning]."""
OLDEST_MONTHS = 12
BRIDGE = 12.0
"""A spot on water is on a bridge if a way runs this near [m]: half a wide bridge and a finger."""
MARK_COLUMNS = ("kind", "factors", "daytime", "weekpart", "strength", "accepted_on", "expires_on")
"""Columns of a table of marks as `publication` reads them; ids are its index, points its shape."""


@dataclass(frozen=True)
class Mark:
    """
    What a citizen says about one spot.

    Parameters
    ----------
    kind
        "unsafe" or "at_ease".
    x, y
        The exact spot [m] in the city's system; staff only.
    factors
        Names of factors, in the order of the form, at least one.
    daytime, weekpart
        When; "" where it is not said.
    strength
        1 to 4, 0 where it is not said.
    note
        A short text for staff, never published.
    noticed_on
        Day on which it was noticed, if said.
    """

    kind: str
    x: float
    y: float
    factors: tuple[str, ...]
    daytime: str = ""
    weekpart: str = ""
    strength: int = 0
    note: str = ""
    noticed_on: date | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, in the words of the person who filled it in."""

    field: str
    text: Text


def check_mark(
    fields: Mapping[str, Any],
    *,
    city: Any,
    water: Any = None,
    streets: Any = None,
    at: datetime,
) -> list[Fault]:
    """
    Find everything that is wrong with a mark, in the order of the form.

    Parameters
    ----------
    fields
        Name to text or value: kind, x, y, factors (several), daytime,
        weekpart, strength, note, noticed_on (ISO text). What is missing is "".
    city
        Area of the city [m].
    water
        Area of all water, or none.
    streets
        Lines of all ways: a spot on water within a few metres of one is a bridge.
    at
        Now, with a time zone.

    Returns
    -------
    faults
        All of them; none if the mark can be taken.
    """
    return [
        *_kind_faults(fields),
        *_place_faults(fields, city, water, streets),
        *_factor_faults(fields),
        *_choice_faults(fields),
        *_note_faults(fields),
        *_date_faults(fields, at),
    ]


def mark_of(
    fields: Mapping[str, Any],
    *,
    city: Any,
    water: Any = None,
    streets: Any = None,
    at: datetime,
) -> Mark:
    """
    Build a mark from what a form sent; takes what `check_mark` takes.

    Raises
    ------
    MarkError
        Lists every fault.
    """
    faults = check_mark(fields, city=city, water=water, streets=streets, at=at)
    if faults:
        raise MarkError([fault.text for fault in faults])
    strength, noticed = _said(fields, "strength"), _said(fields, "noticed_on")
    named = _factors(fields)
    return Mark(
        kind=_said(fields, "kind"),
        x=float(fields["x"]),
        y=float(fields["y"]),
        factors=tuple(name for name in FACTORS if name in named),
        daytime=_said(fields, "daytime"),
        weekpart=_said(fields, "weekpart"),
        strength=int(strength) if strength else 0,
        note=cleaned(str(fields.get("note") or "")),
        noticed_on=date.fromisoformat(noticed) if noticed else None,
    )


def cleaned(note: str) -> str:
    """
    Return a note without control characters and without blanks around it.

    Emoji, every script and line breaks stay. Characters that turn the reading
    direction of what follows are closed again, so that a note cannot reverse
    the page around it.
    """
    text = note.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return _closed(unicodedata.normalize("NFC", kept).strip())


def _closed(text: str) -> str:
    """Add the closing characters that direction overrides and isolates in `text` lack."""
    embeddings = sum(c in "\u202a\u202b\u202d\u202e" for c in text) - text.count("\u202c")
    isolates = sum(c in "\u2066\u2067\u2068" for c in text) - text.count("\u2069")
    return text + "\u202c" * max(embeddings, 0) + "\u2069" * max(isolates, 0)


def _said(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip()


def _factors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    given: str | Iterable[Any] = fields.get("factors") or ()
    parts = given.split(SEPARATOR) if isinstance(given, str) else [str(part) for part in given]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _kind_faults(fields: Mapping[str, Any]) -> list[Fault]:
    if _said(fields, "kind") in KINDS:
        return []
    return [Fault("kind", Text("say whether you feel unsafe or at ease here"))]


def _factor_faults(fields: Mapping[str, Any]) -> list[Fault]:
    kind, named = _said(fields, "kind"), _factors(fields)
    if not named:
        return [Fault("factors", Text("tick at least one reason"))]
    unknown = [name for name in named if name not in FACTORS]
    faults = [
        Fault("factors", Text("“{name}” is not among the reasons", name=name[:40]))
        for name in unknown
    ]
    others = [name for name in named if name in FACTORS and kind not in FACTORS[name].kinds]
    if kind in KINDS:
        faults += [
            Fault(
                "factors",
                Text(
                    "“{reason}” does not go with “{kind}”",
                    reason=FACTORS[name].label,
                    kind=KINDS[kind],
                ),
            )
            for name in others
        ]
    return faults


def _choice_faults(fields: Mapping[str, Any]) -> list[Fault]:
    asked: dict[str, tuple[Collection[str], Text]] = {
        "daytime": (DAYTIMES, Text("choose by day, at dusk, after dark, or nothing")),
        "weekpart": (WEEKPARTS, Text("choose Monday to Friday, at weekends, or nothing")),
        "strength": (
            ("0", *map(str, STRENGTHS)),
            Text("choose how strongly from 1 to 4, or nothing"),
        ),
    }
    return [
        Fault(name, sentence)
        for name, (options, sentence) in asked.items()
        if _said(fields, name) and _said(fields, name) not in options
    ]


def _note_faults(fields: Mapping[str, Any]) -> list[Fault]:
    over = len(cleaned(str(fields.get("note") or ""))) - NOTE_MOST
    if over <= 0:
        return []
    return [
        Fault(
            "note",
            Text(
                "the note is {over} characters too long; {most} fit."
                " Nothing is lost: shorten it and go on",
                over=over,
                most=NOTE_MOST,
            ),
        )
    ]


def _date_faults(fields: Mapping[str, Any], at: datetime) -> list[Fault]:
    said = _said(fields, "noticed_on")
    if not said:
        return []
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return [Fault("noticed_on", Text("write the day like 2026-05-31, or leave it empty"))]
    today = day_of(at)
    if day > today:
        return [Fault("noticed_on", Text("the day lies in the future"))]
    if day < months_before(today, OLDEST_MONTHS):
        return [
            Fault(
                "noticed_on",
                Text(
                    "the day is more than {months} months ago; tell how it is now",
                    months=OLDEST_MONTHS,
                ),
            )
        ]
    return []


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    month = day.year * 12 + day.month - 1 - months
    year, index = divmod(month, 12)
    last = (date(year + (index == 11), (index + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, index + 1, min(day.day, last))


def _place_faults(fields: Mapping[str, Any], city: Any, water: Any, streets: Any) -> list[Fault]:
    try:
        x, y = float(fields["x"]), float(fields["y"])
    except (KeyError, TypeError, ValueError):
        return [Fault("place", Text("say where: on the map, by a street, or near a place"))]
    if not (math.isfinite(x) and math.isfinite(y)):
        return [Fault("place", Text("say where: on the map, by a street, or near a place"))]
    spot = shapely.Point(x, y)
    if not shapely.intersects(city, spot):
        return [
            Fault(
                "place",
                Text("the place lies outside the city; only places within it can be marked"),
            )
        ]
    if _wet(spot, water, streets):
        return [
            Fault("place", Text("the place lies on water; choose the way or the bank beside it"))
        ]
    return []


def _wet(spot: Any, water: Any, streets: Any) -> bool:
    if water is None or not shapely.intersects(water, spot):
        return False
    return streets is None or not shapely.dwithin(streets, spot, BRIDGE)
