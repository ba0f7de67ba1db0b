"""A measure of prevention: what is planned, how it will be judged, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import shapely

from .days import day_of
from .factors import FACTORS, OFFICES
from .facts import facts
from .text import Text


class Status(StrEnum):
    """Where a measure stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    JUDGED = "judged"
    """Somebody has answered what came of it."""


STATUSES: dict[Status, Text] = {
    Status.PLANNED: Text("planned"),
    Status.RUNNING: Text("running"),
    Status.DONE: Text("carried out"),
    Status.STOPPED: Text("stopped"),
    Status.JUDGED: Text("judged"),
}
"""What each status is called."""

NEXT: Mapping[Status, tuple[Status, ...]] = {
    Status.PLANNED: (Status.RUNNING, Status.STOPPED),
    Status.RUNNING: (Status.DONE, Status.STOPPED),
    Status.DONE: (Status.JUDGED,),
    Status.STOPPED: (Status.JUDGED,),
    Status.JUDGED: (),
}
"""Status → those that can follow; the last event can always be taken back."""

BASELINES: dict[str, Text] = {
    "year_before": Text("the same days of the year before"),
    "before": Text("the days just before"),
}
"""With which days the time after is compared."""


@dataclass(frozen=True)
class Kind:
    """One kind of measure, from data/measures.toml."""

    name: str
    label: Text
    about: Text
    place: bool
    light: bool


KINDS: dict[str, Kind] = {
    name: Kind(name, Text(told["label"]), Text(told["about"]), told["place"], told["light"])
    for name, told in facts("measures").items()
}
"""Kinds of measures, in the order of the form."""

DESIGN = ("factors", "places", "control", "buffer", "from_on", "until_on", "baseline", "indicators")
"""What is fixed before a measure begins: with these it is judged."""
LONGEST = {"name": 120, "project": 120, "funding": 200, "expects": 300, "place_words": 200}
"""Longest texts [characters]; others may have 1,000."""
LONG = 1000
BUFFER_MOST = 500
"""Widest displacement zone [m]."""
SPAN_MOST = 366
"""Longest span that is compared [days]: a year."""
INDICATORS_MOST = 8


@dataclass(frozen=True)
class Indicator:
    """
    A number that staff type in, where no marks can tell: before and after.

    Parameters
    ----------
    name
        What is counted, such as consultations held.
    before, after
        Counts in the spans before and after; None until known.
    of_before, of_after
        Out of how many, if it is a share; None for a count.
    """

    name: str
    before: int | None = None
    after: int | None = None
    of_before: int | None = None
    of_after: int | None = None


@dataclass(frozen=True)
class Plan:
    """
    Everything that staff say about a measure.

    Parameters
    ----------
    name, about
        What it is called, and what is done.
    kind
        One of `KINDS`.
    theme_id
        Number of the focus theme it belongs to, or None.
    project
        The project within the theme, "" for none.
    office
        One of `OFFICES`.
    cost
        In euros, or None while unknown.
    funding
        Who pays.
    factors
        Reasons it addresses: only marks that name one of them are counted.
    expected
        By how much the marks are hoped to fall [%]; 0 is not said.
    expects
        What it shall change, in words.
    from_on, until_on
        First and last day of the time after: what is done is in place.
    baseline
        One of `BASELINES`.
    places, control
        Areas [m] where something is done, and where nothing is; None for none.
    place_words
        Where it is, in the city's own words.
    control_words
        Why this control, as it was suggested or typed.
    buffer
        How wide the zone around both is in which marks may reappear [m]; 0 for none.
    indicators
        Numbers that staff type in.
    """

    name: str = ""
    about: str = ""
    kind: str = "other"
    theme_id: int | None = None
    project: str = ""
    office: str = "prevention"
    cost: int | None = None
    funding: str = ""
    factors: tuple[str, ...] = ()
    expected: int = 0
    expects: str = ""
    from_on: date | None = None
    until_on: date | None = None
    baseline: str = "year_before"
    places: Any = None
    control: Any = None
    place_words: str = ""
    control_words: Text | str = ""
    buffer: int = 0
    indicators: tuple[Indicator, ...] = ()

    @property
    def after(self) -> tuple[date, date] | None:
        """First and last day of the time after, or None."""
        return (self.from_on, self.until_on) if self.from_on and self.until_on else None

    @property
    def before(self) -> tuple[date, date] | None:
        """First and last day it is compared with: as many days."""
        if self.after is None:
            return None
        start, end = self.after
        if self.baseline == "before":
            return start - (end - start) - timedelta(days=1), start - timedelta(days=1)
        first = a_year_before(start)
        return first, first + (end - start)


@dataclass(frozen=True)
class Fixed:
    """
    How it will be judged was laid down.

    Parameters
    ----------
    at
        When.
    hash
        SHA-256 of the design, so that everybody can see whether it is still the same.
    """

    at: datetime
    hash: str


@dataclass(frozen=True)
class Answer:
    """
    What came of a measure.

    Parameters
    ----------
    at
        When it was published.
    evidence
        Key of `measure_answers.SENTENCES`.
    finding
        The sentence that the evidence allows; it cannot be edited.
    words
        What the city says in its own words.
    told
        Further figures for staff, by name.
    """

    at: datetime
    evidence: str
    finding: Text | str
    words: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure(Plan):
    """
    A measure as it stands.

    Parameters
    ----------
    id
        Its number.
    status
        Where it stands.
    fixed
        How it will be judged, or None if that was never laid down.
    changed_since
        When the design was changed after it was laid down, and which parts.
    since
        When it came to its present status.
    answer
        What came of it, or None.
    """

    id: int = 0
    status: Status = Status.PLANNED
    fixed: Fixed | None = None
    changed_since: tuple[tuple[datetime, tuple[str, ...]], ...] = ()
    since: datetime | None = None
    answer: Answer | None = None

    @property
    def plan(self) -> Plan:
        """What staff say about it, without where it stands."""
        return Plan(**{f.name: getattr(self, f.name) for f in fields(Plan)})

    @property
    def in_advance(self) -> bool:
        """Tell whether the design stood on the day it began, and was not touched since."""
        if self.fixed is None or self.from_on is None:
            return False
        last = max([self.fixed.at, *(at for at, _ in self.changed_since)])
        return day_of(last) <= self.from_on

    @property
    def public(self) -> bool:
        """Tell whether those concerned may know of it: it has begun."""
        return self.status is not Status.PLANNED


def a_year_before(day: date) -> date:
    """Return the same day of the year before; the 28th for the 29th of February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def plan_faults(plan: Plan) -> list[Text]:
    """Find everything that is wrong with a plan, in the order of the form."""
    return [*_word_faults(plan), *_choice_faults(plan), *_span_faults(plan), *_place_faults(plan)]


def ready_faults(plan: Plan) -> list[Text]:
    """Say what is missing before the way of judging can be laid down."""
    told = {
        Text("say from which day to which day it is looked at"): plan.after is None,
        Text("choose a control area, or nothing can be compared"): (
            plan.places is not None and plan.control is None
        ),
        Text("name the reasons whose marks are counted"): (
            plan.places is not None and not plan.factors
        ),
        Text("choose places, or name at least one number that is counted before and after"): (
            plan.places is None and not plan.indicators
        ),
    }
    return [fault for fault, missing in told.items() if missing]


def _word_faults(plan: Plan) -> list[Text]:
    faults = [] if plan.name.strip() else [Text("give the measure a name")]
    for one in fields(plan):
        value = getattr(plan, one.name)
        over = len(value) - LONGEST.get(one.name, LONG) if isinstance(value, str) else 0
        if over > 0 and one.name != "control_words":
            faults.append(Text("“{start}…” is {over} characters too long",
                               start=value[:20], over=over))  # fmt: skip
    return faults


def _choice_faults(plan: Plan) -> list[Text]:
    wrong = {
        Text("choose what kind of measure it is"): plan.kind not in KINDS,
        Text("choose the office that is responsible"): plan.office not in OFFICES,
        Text("choose with which days it is compared"): plan.baseline not in BASELINES,
        Text("choose reasons from the list"): any(f not in FACTORS for f in plan.factors),
        Text("the cost is a whole number of euros"): plan.cost is not None and plan.cost < 0,
        Text("the marks can fall by 1 to 100 %"): not 0 <= plan.expected <= 100,
        Text("the zone around is 0 to {most} m wide", most=BUFFER_MOST): (
            not 0 <= plan.buffer <= BUFFER_MOST
        ),
        Text("at most {most} numbers are counted", most=INDICATORS_MOST): (
            len(plan.indicators) > INDICATORS_MOST
        ),
        Text("a part cannot be more than its whole, and no number is below 0"): any(
            _impossible(one) for one in plan.indicators
        ),
    }
    return [fault for fault, found in wrong.items() if found]


def _impossible(one: Indicator) -> bool:
    numbers = (one.before, one.after, one.of_before, one.of_after)
    parts = ((one.before, one.of_before), (one.after, one.of_after))
    return any(n is not None and n < 0 for n in numbers) or any(
        some is not None and of is not None and some > of for some, of in parts
    )


def _span_faults(plan: Plan) -> list[Text]:
    if plan.after is None:
        return []
    days = (plan.after[1] - plan.after[0]).days + 1
    if days < 1:
        return [Text("the last day lies before the first one")]
    if days > SPAN_MOST:
        return [Text("look at one year at most; that is long enough for every season")]
    return []


def _place_faults(plan: Plan) -> list[Text]:
    """Marks in the places or in their zone must not count as control."""
    if plan.places is None or plan.control is None:
        return []
    if shapely.intersects(plan.places.buffer(plan.buffer), plan.control.buffer(plan.buffer)):
        return [
            Text(
                "the control area lies too near: its zone touches that of the places. Marks that"
                " move there would look like an effect"
            )
        ]
    return []
