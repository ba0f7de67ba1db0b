"""The privacy receipt: who will see what of a mark, and when it is erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .factors import FACTORS, is_sensitive
from .marks import DAYTIMES, STRENGTHS, WEEKPARTS, Mark
from .publication import Rules, next_release
from .text import Text


@dataclass(frozen=True)
class Periods:
    """
    How long what is kept; a city may change each of them.

    Parameters
    ----------
    unconfirmed_hours
        A mark that was written but never sent [h].
    answer_days
        How long a question to the citizen stays open [days].
    shown_days
        How long an accepted mark counts without somebody saying it is still so [days].
    text_days
        Note, questions and answers after the decision [days].
    point_days
        After closing, until the exact point is coarsened to the square it lies in [days].
    undecided_days
        Texts and exact point of a mark that nobody decides, after its last step [days].
    log_days
        Lines of technical logs [days].

    Source
    ------
    CONVENTIONS: unconfirmed 24 h; raw text 30 d after the decision; exact
    point coarsened 12 months after closing; log lines 7 d. Answers, the time
    shown and the time undecided are assumptions.
    """

    unconfirmed_hours: int = 24
    answer_days: int = 14
    shown_days: int = 365
    text_days: int = 30
    point_days: int = 365
    undecided_days: int = 180
    log_days: int = 7

    def draft_until(self, at: datetime) -> datetime:
        """Return when something written at `at` but never sent is erased."""
        return at + timedelta(hours=self.unconfirmed_hours)

    def text_until(self, decided: datetime) -> datetime:
        """Return when the texts of a mark decided at `decided` are erased."""
        return decided + timedelta(days=self.text_days)

    def point_until(self, closed: datetime) -> datetime:
        """Return when the exact point of a mark closed at `closed` is coarsened."""
        return closed + timedelta(days=self.point_days)

    def shown_until(self, accepted: date) -> date:
        """Return the last day on which a mark accepted that day is counted."""
        return accepted + timedelta(days=self.shown_days)


@dataclass(frozen=True)
class Receipt:
    """What a citizen reads before sending: three short lists."""

    staff: tuple[Text, ...]
    public: tuple[Text, ...]
    erased: tuple[Text, ...]


def receipt(
    mark: Mark, *, on: date, periods: Periods = Periods(), rules: Rules = Rules()
) -> Receipt:
    """
    Say what happens to a mark before it is sent.

    Parameters
    ----------
    mark
        As it would be sent.
    on
        Today: the earliest release day follows from it.
    periods
        How long what is kept.
    rules
        When something is published.
    """
    return Receipt(_staff(mark), _public(mark, on, periods, rules), _erased(mark, periods))


def _staff(mark: Mark) -> tuple[Text, ...]:
    said = [
        Text("the exact spot; each look at it is logged with a reason"),
        Text("what you ticked: {reasons}", reasons=tuple(FACTORS[n].label for n in mark.factors)),
    ]
    times = [DAYTIMES[mark.daytime]] if mark.daytime else []
    times += [WEEKPARTS[mark.weekpart]] if mark.weekpart else []
    if times:
        said.append(Text("when: {times}", times=tuple(times)))
    if mark.noticed_on:
        said.append(Text("the day you noticed it: {day}", day=mark.noticed_on))
    if mark.strength:
        said.append(Text("how strongly: {strength}", strength=STRENGTHS[mark.strength]))
    if mark.note:
        said.append(Text("your note"))
    said += [
        Text("the day on which you sent it; not who you are, we do not know that"),
        Text(
            "whether many marks came here within an hour, and from how many devices: a random"
            " number links the marks of one device and day until the exact spot is erased"
        ),
    ]
    return tuple(said)


def _public(mark: Mark, on: date, periods: Periods, rules: Rules) -> tuple[Text, ...]:
    least = rules.least_sensitive if is_sensitive(mark.factors) else rules.least
    return (
        Text(
            "nothing before somebody has read it, and nothing before {day}",
            day=next_release(on),
        ),
        Text(
            "then a number only: at least {least} marks together, for a part of a street or a"
            " larger area in which at least {addresses} addresses lie, never your spot alone",
            least=least,
            addresses=rules.addresses,
        ),
        Text(
            "never your note, never the hour or day; reasons and times of day only as numbers that"
            " enough marks share"
        ),
        Text(
            "your mark counts for {days} days after it was accepted or you last said that it is"
            " still so; the number goes as a whole on a release day, once too few of its marks"
            " count",
            days=periods.shown_days,
        ),
    )


def _erased(mark: Mark, periods: Periods) -> tuple[Text, ...]:
    said = [
        Text(
            "not sent within {hours} hours: everything is erased", hours=periods.unconfirmed_hours
        ),
    ]
    if mark.note:
        said.append(Text("your note: {days} days after the decision", days=periods.text_days))
    said += [
        Text(
            "the exact spot and what your code opens: {days} days after the mark is closed",
            days=periods.point_days,
        ),
        Text(
            "what the city asks and you answer: {days} days after the decision",
            days=periods.text_days,
        ),
        Text(
            "if nobody decides: all you wrote and the exact spot {days} days after the last step",
            days=periods.undecided_days,
        ),
        Text(
            "not erased unless you take it back: a coarse square of 100 m and with it {remains}",
            remains=_remains(mark),
        ),
        Text(
            "if you take it back with your code: at once; the number it was part of may stay until"
            " it is renewed, nobody can tell you from it"
        ),
    ]
    return tuple(said)


def _remains(mark: Mark) -> tuple[Text, ...]:
    """Return what stays with the coarse square for counting."""
    said = [Text("how you feel"), Text("your reasons")]
    if mark.daytime or mark.weekpart:
        said.append(Text("the times you named"))
    if mark.noticed_on:
        said.append(Text("the day you noticed it"))
    if mark.strength:
        said.append(Text("how strongly you feel it"))
    return (*said, Text("when you sent it and what became of it"))
