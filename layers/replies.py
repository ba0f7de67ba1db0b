"""The right of reply: what people who live at a published spot may say, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import MarkError
from .marks import NOTE_MOST, Fault, cleaned
from .publication import Rules
from .receipt import Periods, Receipt
from .text import Text

STANCES: dict[str, Text] = {
    "otherwise": Text("I see it otherwise"),
    "changed": Text("It has changed"),
    "correct": Text("Something told here is wrong"),
}
"""What a reply says."""
ABOUT: dict[str, Text] = {
    "otherwise": Text("I know this spot and do not feel like that here."),
    "changed": Text("Something was built, repaired, cut or closed since."),
    "correct": Text("Reason, place or the city’s own words do not fit. Please correct it."),
}
"""The same in a sentence."""
COUNTED: dict[str, Text] = {
    "otherwise": Text("{count} see it otherwise"),
    "changed": Text("{count} say that it has changed"),
    "correct": Text("{count} ask for a correction"),
}
"""How many have replied so."""
ANSWER_MOST = 600
"""Longest answer of the city that is published beside a spot [characters]."""


@dataclass(frozen=True)
class Reply:
    """
    What somebody replies to a published spot.

    Parameters
    ----------
    stance
        A key of `STANCES`.
    note
        For staff alone, "" if nothing was written; never published.
    """

    stance: str
    note: str = ""


def reply_faults(fields: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with what was filled in: `stance` and `note`."""
    found = []
    if fields.get("stance", "") not in STANCES:
        found.append(Fault("stance", Text("Choose what you want to say.")))
    over = len(cleaned(fields.get("note", ""))) - NOTE_MOST
    if over > 0:
        words = Text(
            "the note is {over} characters too long; {most} fit."
            " Nothing is lost: shorten it and go on",
            over=over,
            most=NOTE_MOST,
        )
        found.append(Fault("note", words))
    return found


def reply_of(fields: Mapping[str, str]) -> Reply:
    """
    Return the reply that was filled in.

    Raises
    ------
    MarkError
        Lists every fault.
    """
    found = reply_faults(fields)
    if found:
        raise MarkError([fault.text for fault in found])
    return Reply(fields["stance"], cleaned(fields.get("note", "")))


def answer_faults(words: str) -> list[Text]:
    """Return what is wrong with an answer that the city would publish."""
    told = cleaned(words)
    if not told:
        return [Text("write the answer that everybody will read")]
    if len(told) > ANSWER_MOST:
        return [
            Text(
                "the answer is {over} characters too long; {most} fit",
                over=len(told) - ANSWER_MOST,
                most=ANSWER_MOST,
            )
        ]
    return []


def told_counts(counts: Mapping[str, int], *, least: int) -> tuple[Text, ...]:
    """
    Say how many have replied, where that singles nobody out.

    Parameters
    ----------
    counts
        Replies that somebody has read, by stance.
    least
        Fewest replies that are told; the same k as for marks.

    Returns
    -------
    told
        Each stance by itself if every stance that occurs has enough replies;
        else all of them together if these are enough; else nothing. So no
        smaller number can be worked out from what is told.
    """
    here = {stance: counts.get(stance, 0) for stance in STANCES if counts.get(stance, 0)}
    total = sum(here.values())
    if total < least:
        return ()
    if all(count >= least for count in here.values()):
        return tuple(Text(COUNTED[s].template, count=count) for s, count in here.items())
    return (Text("{count} people have replied to it", count=total),)


def reply_receipt(reply: Reply, *, periods: Periods = Periods(), rules: Rules = Rules()) -> Receipt:
    """
    Say what happens to a reply before it is sent.

    Parameters
    ----------
    reply
        As it would be sent.
    periods
        How long what is kept.
    rules
        From how many on numbers are told.
    """
    staff = [
        Text("what you chose, to which spot, and the day"),
        Text("not who you are, we do not know that"),
    ]
    if reply.note:
        staff.insert(1, Text("your text"))
    erased = [
        Text("the reply as a whole: {days} days after somebody has dealt with it",
             days=periods.point_days),
        Text("what stands for your device: at midnight; until then it keeps one device from"
             " replying twice to the same spot"),
    ]  # fmt: skip
    if reply.note:
        erased.insert(
            0,
            Text(
                "your text: {days} days after somebody has dealt with it, {undecided} days after"
                " you sent it at the latest",
                days=periods.text_days,
                undecided=periods.undecided_days,
            ),
        )
    return Receipt(
        staff=tuple(staff),
        public=(
            *((Text("never your text"),) if reply.note else ()),
            Text(
                "how many have replied, once somebody has read them and {least} have come together",
                least=rules.least,
            ),
            Text("perhaps an answer of the city, in its own words and with its date"),
            Text(
                "the marks behind the spot stay as they are: one voice does not strike out another"
            ),
        ),
        erased=tuple(erased),
    )
