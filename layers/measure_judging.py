"""What may be said of a measure: before it starts, and when it is over, in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .displacement import (
    LEVEL,
    POWER,
    Difference,
    Ratio,
    against_control,
    baseline_needed,
    difference,
    power,
    smallest_drop,
    verdict,
)
from .exact_tests import RateRatio, rate_ratio
from .measure_counts import Tally
from .measures import SPAN_MOST, Indicator, Measure, Status
from .text import Text

HALF = 0.5
"""The effect that every measure is asked about: half of the marks gone."""

PLACES_MOST = 10
"""Nobody puts more places than this into one measure (assumption)."""

FEWER, MORE, NONE, TOO_FEW = "fewer", "more", "none", "too_few"
NOT_IN_ADVANCE, NO_BASELINE, STOPPED = "not_in_advance", "no_baseline", "stopped"
COUNTED, NOT_COUNTED, NOT_OVER = "counted", "not_counted", "not_over"

SENTENCES: dict[str, Text] = {
    FEWER: Text(
        "Fewer people mark this there now, compared with similar places where nothing was done."
        " Chance alone would show that in at most 5 of 100 cases. Whether the measure is the"
        " reason, numbers alone cannot prove."
    ),
    MORE: Text(
        "More people mark this there now, compared with similar places where nothing was done."
        " Chance alone would show that in at most 5 of 100 cases. That can also mean that more"
        " people speak up."
    ),
    NONE: Text(
        "There is no evidence either way: the marks changed no more than chance lets them, compared"
        " with similar places. A halving would very probably have shown; a smaller change may have"
        " been missed."
    ),
    TOO_FEW: Text(
        "There is no evidence either way: there were too few marks to tell. Even a halving could"
        " easily have been missed, so this does not mean that nothing has changed."
    ),
    NOT_IN_ADVANCE: Text(
        "Whether it helped cannot be said from marks: how to judge it was not laid down before it"
        " began, and numbers chosen afterwards prove nothing."
    ),
    NO_BASELINE: Text(
        "Whether it helped cannot be said: marks were not yet collected in the time it would have"
        " to be compared with."
    ),
    STOPPED: Text("It was stopped before anything could be judged."),
    COUNTED: Text(
        "What was counted is told below. Without a place to compare with, the numbers say what"
        " changed, not why."
    ),
    NOT_COUNTED: Text("Nothing was counted before and after, so nobody can say whether it helped."),
    NOT_OVER: Text("The time in which it is looked at is not over yet."),
}
"""What the evidence allows to be said, by its kind; nobody edits these."""

CLAIMS = re.compile(
    r"\b(gewirkt|wirkt\w*|wirksam\w*|wirkung\w*|geholfen|hilft|erfolg\w*|verbesser\w*|sicherer|"
    r"effektiv\w*|gelöst|worked|works|effective\w*|helped|helps|success\w*|improve\w*|safer|"
    r"solved)\b",
    re.IGNORECASE,
)
"""Words that claim an effect, German and English; a list of our own, so it cannot be complete."""
DOUBT = re.compile(
    r"\b(nicht|nichts|kein\w*|ob|weder|unklar|offen|ungewiss|not|no|nor|nothing|whether|unclear|"
    r"unknown|cannot)\b",
    re.IGNORECASE,
)
"""Words that take a claim back within the same sentence."""


@dataclass(frozen=True)
class Outlook:
    """
    What could be told at all, worked out before anything is done.

    Parameters
    ----------
    smallest
        Smallest drop that would be found with a power of 80 %; NaN if none would be.
    halving, expected
        Power for a halving, and for the drop that is hoped for (NaN if none is said).
    needed
        Marks in the places, with as many in the control, that a halving needs.
    days
        So many days instead would do; None where a year does not suffice.
    times
        So many times as many marks are needed.
    told
        All that in sentences.
    """

    smallest: float
    halving: float
    expected: float
    needed: int
    days: int | None
    times: float
    told: tuple[Text, ...]


@dataclass(frozen=True)
class Count:
    """
    One number that staff typed in, judged.

    Parameters
    ----------
    indicator
        What was counted.
    ratio
        After against before, with an exact interval.
    told
        A sentence.
    """

    indicator: Indicator
    ratio: RateRatio
    told: Text


@dataclass(frozen=True)
class Evidence:
    """
    What is known when a measure is judged.

    Parameters
    ----------
    kind
        Key of `SENTENCES`.
    difference, ratio, alone
        Weighted displacement difference, ratio against the control, and after
        against before in the places alone; None where nothing is counted.
    halving
        Power that a halving would have had, from what was counted before.
    counts
        Numbers that staff typed in.
    """

    kind: str
    difference: Difference | None = None
    ratio: Ratio | None = None
    alone: RateRatio | None = None
    halving: float = math.nan
    counts: tuple[Count, ...] = ()

    @property
    def finding(self) -> Text:
        """The sentence that the evidence allows."""
        return SENTENCES[self.kind]


def outlook(found: Tally, *, days: int, expected: int = 0) -> Outlook | None:
    """
    Work out what could be told, before a measure starts.

    Parameters
    ----------
    found
        What was counted in the time before.
    days
        Length of the span [days].
    expected
        Drop that is hoped for [%]; 0 is not said.

    Returns
    -------
    outlook
        None while too little of the time before has been seen.
    """
    here, there = found.expected
    if math.isnan(here + there):
        return None
    smallest = smallest_drop(here, there, around=found.around)
    halving = power(here, there, HALF, around=found.around)
    hoped = power(here, there, expected / 100, around=found.around) if expected else math.nan
    needed = baseline_needed(HALF)
    times = needed / min(here, there) if min(here, there) > 0 else math.inf
    longer = math.ceil(days * times) if math.isfinite(times) else SPAN_MOST + 1
    enough = halving >= POWER
    told = [_smallest_told(smallest, here, there)]
    if expected:
        told.append(_chance_told(expected, hoped))
    if not enough:
        told += _advice(needed, longer, times)
    return Outlook(smallest, halving, hoped, needed, longer if longer <= SPAN_MOST else None,
                   times, tuple(told))  # fmt: skip


def evidence(measure: Measure, found: Tally | None) -> Evidence:
    """
    Tell what may be said of a measure, by rules that leave no choice.

    Nothing is said before its time is over: who looks until it looks good
    calls too many measures effective.

    Parameters
    ----------
    measure
        As it stands.
    found
        What was counted, or None where there are no places.
    """
    if found is None:
        counts = judged(measure.indicators)
        return Evidence(COUNTED if counts else NOT_COUNTED, counts=counts)
    if measure.control is None or not measure.factors:
        return Evidence(NOT_COUNTED, counts=judged(measure.indicators))
    before, after = found.counts.treated
    told = Evidence(
        NONE,
        difference(found.counts),
        against_control(found.counts),
        rate_ratio(after, before, 1, 1, LEVEL, alternative="less"),
        _power_then(found),
        judged(measure.indicators),
    )
    return replace(told, kind=_kind(measure, found, told))


def _kind(measure: Measure, found: Tally, told: Evidence) -> str:
    if not found.over:
        return STOPPED if measure.status is Status.STOPPED else NOT_OVER
    if not found.covered:
        return NO_BASELINE
    if not measure.in_advance:
        return NOT_IN_ADVANCE
    says = verdict(found.counts)
    if says == "none":
        return NONE if told.halving >= POWER else TOO_FEW
    return str(says)


def _power_then(found: Tally) -> float:
    """Return the power for a halving from the counts before, as they were."""
    here, there = found.counts.treated[0], found.counts.control[0]
    around = found.counts.displaced[0] + found.counts.displaced_control[0]
    return power(float(here), float(there), HALF, around=float(around))


def judged(indicators: Sequence[Indicator]) -> tuple[Count, ...]:
    """
    Compare the numbers before and after, those that are known on both sides.

    The level is shared out among them (Bonferroni): with eight numbers, one
    that moves by chance is no finding.
    """
    known = [one for one in indicators if one.before is not None and one.after is not None]
    level = 1 - (1 - LEVEL) / max(len(known), 1)
    return tuple(_count(one, level) for one in known)


def claims(words: str, kind: str) -> list[str]:
    """
    Return the sentences of `words` that claim an effect the evidence does not show.

    Parameters
    ----------
    words
        What the city wants to say.
    kind
        Key of `SENTENCES`; only with "fewer" may an effect be claimed.
    """
    if kind == FEWER:
        return []
    sentences = [part.strip() for part in re.split(r"(?<=[.!?;])\s+|\n+", words) if part.strip()]
    return [one for one in sentences if CLAIMS.search(one) and not DOUBT.search(one)]


def _count(one: Indicator, level: float) -> Count:
    before, after = one.before or 0, one.after or 0
    shares = one.of_before is not None and one.of_after is not None
    of = (one.of_after or 1, one.of_before or 1) if shares else (1, 1)
    ratio = rate_ratio(after, before, of[0], of[1], level, alternative="two-sided")
    moved = ratio.low > 1 or ratio.high < 1
    words = {"name": one.name, "before": before, "after": after}
    if shares:
        words |= {"of_before": of[1], "of_after": of[0]}
    return Count(one, ratio, Text(_TOLD[shares, bool(moved)].template, **words))


_TOLD: dict[tuple[bool, bool], Text] = {
    (False, True): Text(
        "{name}: {before} before, {after} after. That is more than chance.",
        name="", before=0, after=0,
    ),
    (False, False): Text(
        "{name}: {before} before, {after} after. Chance alone can do that.",
        name="", before=0, after=0,
    ),
    (True, True): Text(
        "{name}: {before} of {of_before} before, {after} of {of_after} after. That is more than"
        " chance.",
        name="", before=0, of_before=0, after=0, of_after=0,
    ),
    (True, False): Text(
        "{name}: {before} of {of_before} before, {after} of {of_after} after. Chance alone can do"
        " that.",
        name="", before=0, of_before=0, after=0, of_after=0,
    ),
}  # fmt: skip
"""(it is a share, it moved beyond chance) → what is said of a number."""


def _smallest_told(smallest: float, here: float, there: float) -> Text:
    marks = {"here": round(here), "there": round(there)}
    if math.isnan(smallest):
        return Text(
            "With about {here} marks in this time, and {there} in the control, it could not be told"
            " even if all marks went away.",
            **marks,
        )
    if smallest > HALF:
        return Text(
            "With about {here} marks in this time, and {there} in the control, it could not be told"
            " even if it halved the marks. Only a drop of {drop} % or more would be found in 8 of"
            " 10 cases.",
            **marks,
            drop=math.ceil(100 * smallest),
        )
    return Text(
        "With about {here} marks in this time, and {there} in the control, a drop of {drop} % or"
        " more would be found in 8 of 10 cases.",
        **marks,
        drop=math.ceil(100 * smallest),
    )


def _chance_told(expected: int, hoped: float) -> Text:
    return Text(
        "The drop of {drop} % that is hoped for would be found in {cases} of 100 cases.",
        drop=expected,
        cases=round(100 * hoped),
    )


def _advice(needed: int, longer: int, times: float) -> list[Text]:
    ways = [
        Text(
            "To find a halving, about {needed} marks are needed in the places and as many in the"
            " control.",
            needed=needed,
        )
    ]
    if longer <= SPAN_MOST:
        ways.append(Text("Look at {days} days instead, before and after.", days=longer))
    elif times <= PLACES_MOST:
        ways.append(
            Text(
                "Even a year would not do: take about {times} times as many places with the same"
                " reason together, or judge it by something else, such as a night walk before and"
                " after or the light itself.",
                times=math.ceil(times),
            )
        )
    else:
        ways.append(
            Text(
                "Judge it by something else, such as a night walk before and after or the light"
                " itself."
            )
        )
    return ways
