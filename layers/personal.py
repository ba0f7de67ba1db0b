"""Personal details in a note, found before it is sent so that the writer can take them out."""

from __future__ import annotations

from dataclasses import dataclass

from .text import Text

KINDS: dict[str, Text] = {
    "phone": Text("may be a telephone number"),
    "email": Text("may be an e-mail address"),
    "plate": Text("may be a number plate"),
    "name": Text("may be somebody’s name"),
    "account": Text("may be somebody’s account on the web"),
    "address": Text("may be somebody’s address"),
    "description": Text("may describe a person"),
}
"""What a finding may be; a program cannot be certain, the writer can."""


@dataclass(frozen=True)
class Finding:
    """
    A part of a text that may be a personal detail.

    Parameters
    ----------
    start, end
        First character and the one after the last, so that `text[start:end]` is it.
    kind
        A key of `KINDS`.
    why
        What it may be, for the writer.
    """

    start: int
    end: int
    kind: str
    why: Text


def personal_details(text: str) -> list[Finding]:
    """
    Find what may be personal details in a text, in the order of the text, not overlapping.

    Parameters
    ----------
    text
        German or English, as `marks.cleaned` returns it.
    """
    del text
    return []
