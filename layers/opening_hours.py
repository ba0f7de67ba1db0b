"""
Opening hours as a week of 168 hours, and a public holiday of 24 more.

Hours are kept in OpenStreetMap's notation and read for one ordinary week:
seven days of September without a public holiday in the Land and without
school holidays (see data/hours.toml, where every rule below has its figure).

- An hour is **open** if the place is open for at least half of it, **closed**
  if it is closed for more than half of it, **unknown** otherwise.
- A span over midnight counts on both days; "24/7" is every hour; sunrise is
  07:00 and sunset 19:00.
- A remark ("by appointment") makes its hours unknown unless they are called
  open as well; so does "unknown". After "18:00+" one hour is open, the rest
  of the day unknown. No text, or one that cannot be read, is unknown.
- An hour at which the place opens in some of the four weeks up to the
  ordinary one only, such as on the first Monday of a month, is unknown. Rules
  for a season hold as they do in September.
- A public holiday is read on Ascension Day, a Thursday that is one in every
  Land. A text that says nothing of holidays (PH) is open at hours at which
  the place opens on all seven days, closed where it opens on none, and
  unknown in between.

School holidays (SH) are not known to the reader: rules for them alone never hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from opening_hours import (  # type: ignore[attr-defined]  # ParserError is not in its stub
    OpeningHours,
    ParserError,
    State,
)

from .facts import facts
from .holidays import EVERYWHERE, ascension_day, possible_holidays

States = NDArray[np.uint8]
CLOSED, OPEN, UNKNOWN = 0, 1, 2
"""What an hour may be."""

DAY, WEEK = 24, 168
SLOTS = WEEK + DAY
"""Hours of the week, Monday 0 o'clock first, and then those of a public holiday."""

REMEMBERED = 1 << 16
"""So many texts are read once only; a city has some thousand."""

FACTS = facts("hours")
YEAR: int = FACTS["ordinary_week"]["year"]
HALF: int = FACTS["whole_hour"]["minutes"]
STATES = {State.CLOSED: CLOSED, State.OPEN: OPEN, State.UNKNOWN: UNKNOWN}
WEEKS: int = FACTS["ordinary_week"]["weeks"]
REMARK = re.compile(r'"[^"]*"')
HOLIDAY = re.compile(r"\bPH\b")
OPEN_WITH_REMARK = re.compile(r'\bopen\s+"')
OPEN_END = re.compile(r"(\d{1,2}:\d\d)(-\d{1,2}:\d\d)?\+")
FALLBACK = re.compile(r'\|\|(?=(?:[^"]*"[^"]*")*[^"]*$)')
DAY_NAMES = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*"
HOLIDAY_AND_DAY = re.compile(rf"\b(PH|SH) {DAY_NAMES}\b|\b{DAY_NAMES} (PH|SH)\b")
"""Days that are holidays as well; the reader would take them for days or holidays."""
LONGEST = 366
"""Changes farther away than this [days] are not looked for."""


@dataclass(frozen=True, eq=False)
class Hours:
    """
    One text of opening hours, read.

    Parameters
    ----------
    slots
        (192,) state of every hour of an ordinary week, then of a public holiday.
    readable
        Whether the text could be read; an empty one is not unreadable.
    mended
        Whether it was written in German and had to be translated first.
    varies
        Whether the place opens at other hours in winter, or in other weeks.
    """

    slots: States
    readable: bool = True
    mended: bool = False
    varies: bool = False


@lru_cache(maxsize=REMEMBERED)
def hours(text: str, land: str = EVERYWHERE) -> Hours:
    """
    Read opening hours.

    Parameters
    ----------
    text
        In OpenStreetMap's notation; "" is unknown.
    land
        Code of the Land whose holidays make no ordinary week.
    """
    if not text.strip():
        return Hours(_kept(np.full(SLOTS, UNKNOWN, dtype=np.uint8)))
    for read in dict.fromkeys((text, in_notation(text))):
        try:
            states, varies = _read(read, land)
        except ParserError:
            continue
        return Hours(_kept(states), mended=read != text, varies=varies)
    return Hours(_kept(np.full(SLOTS, UNKNOWN, dtype=np.uint8)), readable=False)


def mask(text: str, land: str = EVERYWHERE) -> States:
    """Return the (168,) states of an ordinary week, Monday 0 o'clock first."""
    return hours(text, land).slots[:WEEK]


def masks(texts: Iterable[str], land: str = EVERYWHERE) -> States:
    """Return the (k, 168) states of the ordinary week of many places."""
    return slots(texts, land)[:, :WEEK]


def slots(texts: Iterable[str], land: str = EVERYWHERE) -> States:
    """
    Read the opening hours of many places.

    Parameters
    ----------
    texts
        (k,) opening hours; equal ones are read once.
    land
        As in `hours`.

    Returns
    -------
    states
        (k, 192) of an ordinary week and a public holiday.
    """
    rows = [hours(text, land).slots for text in texts]
    return np.array(rows, dtype=np.uint8).reshape(len(rows), SLOTS)


@cache
def ordinary_week(land: str = EVERYWHERE, since: str = "from") -> date:
    """
    Return the Monday of the ordinary week of a Land.

    Parameters
    ----------
    land
        Its code.
    since
        "from", or "winter_from" for the one in winter.
    """
    first = date.fromisoformat(f"{YEAR}-{FACTS['ordinary_week'][since]}")
    monday = first + timedelta(days=-first.weekday() % 7)
    free = possible_holidays(YEAR, land)
    while any(monday + timedelta(days=day) in free for day in range(7)):
        monday += timedelta(days=7)
    return monday


GERMAN = (
    (r"[\u2013\u2014]", "-"),
    (r"(?<=\d)\s*Uhr\b", ""),
    (r"\s+bis\s+", "-"),
    (r"(?<=\d)\.(?=\d\d\b)", ":"),
    (r"\b(montags?|mo\.)(?=\W|$)", "Mo"),
    (r"\b(dienstags?|di\.?)(?=\W|$)", "Tu"),
    (r"\b(mittwochs?|mi\.?)(?=\W|$)", "We"),
    (r"\b(donnerstags?|do\.?)(?=\W|$)", "Th"),
    (r"\b(freitags?|fr\.)(?=\W|$)", "Fr"),
    (r"\b(samstags?|sonnabends?|sa\.)(?=\W|$)", "Sa"),
    (r"\b(sonntags?|so\.?)(?=\W|$)", "Su"),
    (r"\b(an )?(gesetzlichen )?feiertagen?\b|\bfeiertags?\b", "PH"),
    (r"\bt(ä|ae)glich\b", "Mo-Su"),
    (r"\b(geschlossen|zu)\b", "off"),
    (r"\s*\b(und|u\.)\s*", ","),
    (r"(?<=[a-z])\s*:\s+(?=\d)", " "),
    (r"\s*-\s*", "-"),
    (r"\s*,\s*", ","),
    (r"(?<![\d:])(\d{1,2})(?=-\d)(?!:)", r"\1:00"),
    (r"(?<=-)(\d{1,2})(?![\d:])", r"\1:00"),
    (r"(?<!\d)(\d:\d\d)", r"0\1"),
)
"""How Germans write hours, and how OpenStreetMap does; in this order."""


def in_notation(text: str) -> str:
    """
    Translate hours as German offices write them, such as "Di, Do 14 bis 17.30 Uhr".

    What stands in quotation marks stays. Only a text that cannot be read as
    it is should be given: "So" is Sunday to a German and nothing in the notation.
    """
    pieces = re.split(r'("[^"]*")', text)
    for number in range(0, len(pieces), 2):
        for pattern, notation in GERMAN:
            pieces[number] = re.sub(pattern, notation, pieces[number], flags=re.IGNORECASE)
    return "".join(pieces).strip()


def _kept(states: States) -> States:
    """Make it safe to hand the same array to everybody."""
    states.flags.writeable = False
    return states


def _read(text: str, land: str) -> tuple[States, bool]:
    """States of all slots, and whether other weeks differ."""
    rules = _Text.of(text)
    monday = ordinary_week(land)
    first = monday - timedelta(days=7 * (WEEKS - 1))
    weeks = rules.states(first, 7 * WEEKS).reshape(WEEKS, WEEK)
    every_week = (weeks == weeks[-1]).all(axis=0)
    week = np.where(every_week, weeks[-1], UNKNOWN).astype(np.uint8)
    winter = rules.states(ordinary_week(land, "winter_from"), 7)
    varies = not every_week.all() or bool((winter != weeks[-1]).any())
    if HOLIDAY.search(REMARK.sub("", text)):
        holiday = rules.states(ascension_day(YEAR), 1)
    else:
        days = week.reshape(7, DAY)
        same = (days == days[0]).all(axis=0)
        holiday = np.where(same, days[0], UNKNOWN).astype(np.uint8)
    return np.concatenate([week, holiday]), varies


@dataclass(frozen=True)
class _Text:
    """A text that can be read, cut where one rule stands in for those before it ("||")."""

    parts: tuple[_Rules, ...]

    @classmethod
    def of(cls, text: str) -> _Text:
        """Read it; the reader itself loses rules before a fallback."""
        return cls(tuple(_Rules.of(part.strip()) for part in FALLBACK.split(text)))

    def states(self, first: date, days: int) -> States:
        """States of the hours of some days in a row."""
        states, *others = (part.states(first, days) for part in self.parts)
        for other in others:
            states = np.where(states == CLOSED, other, states).astype(np.uint8)
        return states


@dataclass(frozen=True)
class _Rules:
    """Rules read twice if a span has an open end: at its longest, and at its shortest."""

    long: OpeningHours
    short: OpeningHours | None
    called_open: bool

    @classmethod
    def of(cls, text: str) -> _Rules:
        """Read rules that are known to be readable."""

        def reader(text: str) -> OpeningHours:
            return OpeningHours(text, country=EVERYWHERE, max_interval_days=LONGEST)

        rules = HOLIDAY_AND_DAY.sub(lambda found: found[1] or found[2], text)
        short = reader(OPEN_END.sub(_with_end, rules)) if OPEN_END.search(rules) else None
        long = reader(OPEN_END.sub(r"\1+", rules))
        return cls(long, short, OPEN_WITH_REMARK.search(rules) is not None)

    def states(self, first: date, days: int) -> States:
        """States of the hours of some days in a row."""
        states = self._by_hour(self.long, first, days)
        if self.short is None:
            return states
        sure = self._by_hour(self.short, first, days)
        return np.where((states == OPEN) & (sure != OPEN), UNKNOWN, states).astype(np.uint8)

    def _by_hour(self, read: OpeningHours, first: date, days: int) -> States:
        start = datetime.combine(first, time())
        minutes = np.zeros(days * DAY * 60, dtype=np.uint8)
        for since, until, state, remark in read.intervals(start, start + timedelta(days=days)):
            doubt = remark and state == State.OPEN and not self.called_open
            if doubt or state != State.CLOSED:
                known = UNKNOWN if doubt else STATES[state]
                minutes[_minute(since, start) : _minute(until, start)] = known
        by_hour = minutes.reshape(days * DAY, 60)
        is_open = (by_hour == OPEN).sum(axis=1) >= HALF
        may_be = (by_hour != CLOSED).sum(axis=1) >= HALF
        return np.where(is_open, OPEN, np.where(may_be, UNKNOWN, CLOSED)).astype(np.uint8)


def _with_end(found: re.Match[str]) -> str:
    """Close what has no closing time: then, or after the time that is sure."""
    if found[2]:
        return found[1] + found[2]
    hour, minute = map(int, found[1].split(":"))
    end = hour * 60 + minute + FACTS["open_end"]["minutes"]
    return f"{found[1]}-{end // 60:02}:{end % 60:02}"


def _minute(at: datetime, start: datetime) -> int:
    return int((at - start).total_seconds() // 60)
