"""Opening hours: kept as OpenStreetMap notes them, told with the reader's names of days."""

from __future__ import annotations

import re

from layers import Text
from layers.opening_hours import hours as read

from .languages import say

WORDS: dict[str, Text] = {
    "Mo": Text("Mo"),
    "Tu": Text("Tu"),
    "We": Text("We"),
    "Th": Text("Th"),
    "Fr": Text("Fr"),
    "Sa": Text("Sa"),
    "Su": Text("Su"),
    "PH": Text("holidays"),
    "SH": Text("school holidays"),
    "Jan": Text("Jan"),
    "Feb": Text("Feb"),
    "Mar": Text("Mar"),
    "Apr": Text("Apr"),
    "May": Text("May"),
    "Jun": Text("Jun"),
    "Jul": Text("Jul"),
    "Aug": Text("Aug"),
    "Sep": Text("Sep"),
    "Oct": Text("Oct"),
    "Nov": Text("Nov"),
    "Dec": Text("Dec"),
    "week": Text("week"),
    "sunrise": Text("sunrise"),
    "sunset": Text("sunset"),
    "open": Text("open"),
    "off": Text("closed"),
    "closed": Text("closed"),
}
"""Words of the notation; what stands in quotation marks is a remark and stays."""

PART = re.compile(r'"[^"]*"|[A-Za-z]+')


def words(language: str) -> dict[str, str]:
    """Return the words of the notation as the reader writes them."""
    return {word: say(text, language) for word, text in WORDS.items()}


def told(hours: str, language: str) -> str:
    """
    Write opening hours for people.

    Parameters
    ----------
    hours
        In OpenStreetMap's notation, such as "Tu-Su 10:00-18:00; PH off".
    language
        One of `LANGUAGES`.

    Source
    ------
    OpenStreetMap Wiki, Key:opening_hours/specification.
    """
    known = words(language)
    return PART.sub(lambda part: known.get(part[0], part[0]), hours)


def judged(hours: str, language: str) -> str:
    """
    Write opening hours for people, and say so if they cannot be read.

    What cannot be read is shown as it was entered, so that somebody can mend it.

    Parameters
    ----------
    hours, language
        As in `told`.
    """
    words = told(hours, language)
    if read(hours).readable:
        return words
    return say(Text("{hours} (cannot be read, counts as unknown)", hours=words), language)
