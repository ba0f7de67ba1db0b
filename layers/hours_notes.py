"""What a careful reader must know where opening hours or entrances are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geopandas import GeoDataFrame

from .doubts import entrances_unknown, hours_unknown
from .holidays import EVERYWHERE, LAENDER, holidays
from .open_when import EVENINGS, PUBLIC_HOLIDAY, WINDOWS
from .opening_hours import HALF, YEAR, Hours, hours
from .question import Question
from .text import Text

NO_HOURS = Text("Opening hours and free seats are not considered.")
NO_SEATS = Text("Free seats are not considered.")
"""What is said where neither hours are asked for nor seats are shared out."""

NAMED = 3
"""So many texts that cannot be read are quoted; the others are counted."""


def about_hours(layer: GeoDataFrame, question: Question) -> Iterator[Text]:
    """
    Tell how hours and entrances were counted, and what is not known of them.

    Parameters
    ----------
    layer
        All places of the layer asked for.
    question
        What was asked.
    """
    if question.step_free_only and (unsaid := entrances_unknown(question, layer)):
        yield Text(
            "{count} {count:place that fits does|places that fit do} not say whether"
            " {count:it has|they have} steps; {count:it is|they are} left out, and only the best"
            " case counts {count:it|them}.",
            count=unsaid,
        )
    if not question.asks_hours:
        yield NO_HOURS
        return
    fitting = replace(question, open_when="any").places(layer)
    yield from _about_unknown(question, hours_unknown(question, layer), len(fitting))
    yield from about_texts([hours(text, question.land) for text in fitting["opening_hours"]])
    yield from about_unreadable(fitting["opening_hours"], question.land)
    if question.open_when == EVENINGS:
        yield about_evenings()
    if question.open_when == PUBLIC_HOLIDAY:
        yield about_holidays(question.land)
    yield about_the_week(question.land)
    yield NO_SEATS


def _about_unknown(question: Question, unsaid: int, fitting: int) -> Iterator[Text]:
    if not unsaid:
        return
    if question.unknown_hours == "open":
        yield Text(
            "Of {count} of the {all} places that fit otherwise it is not known whether they are"
            " open then; they count as open, the best case.",
            count=unsaid,
            all=fitting,
        )
    else:
        yield Text(
            "Of {count} of the {all} places that fit otherwise it is not known whether they are"
            " open then; they count as closed, the worst case.",
            count=unsaid,
            all=fitting,
        )


def about_texts(read: Sequence[Hours]) -> Iterator[Text]:
    """Tell which opening hours had to be translated, and which differ over the year."""
    mended = sum(hours.mended for hours in read)
    if mended:
        yield Text("{count} opening hours were written in German and translated.", count=mended)
    varying = sum(hours.varies for hours in read)
    if varying:
        yield Text(
            "{count} {count:place opens|places open} at other hours in winter or in other weeks;"
            " what is told holds in September, and what changes from week to week counts as"
            " unknown.",
            count=varying,
        )


def about_unreadable(texts: Sequence[str], land: str) -> Iterator[Text]:
    """Quote the opening hours that cannot be read."""
    bad = [text for text in texts if not hours(text, land).readable]
    if bad:
        yield Text(
            "{count} opening hours cannot be read and count as unknown: {texts}.",
            count=len(bad),
            texts=tuple(f"“{text}”" for text in dict.fromkeys(bad[:NAMED])),
        )


def about_the_week(land: str) -> Text:
    """Tell which week is meant, and when an hour is open."""
    return Text(
        "Opening hours are those of an ordinary week in September {year}, without public holidays"
        " in {land} and outside school holidays; an hour counts as open if the place is open for"
        " at least {minutes} minutes of it.",
        year=str(YEAR),
        land=Text("Germany") if land == EVERYWHERE else LAENDER[land],
        minutes=HALF,
    )


def about_evenings() -> Text:
    """Tell which hours are evening and weekend."""
    evening, weekend = WINDOWS["weekday_evenings"], WINDOWS["weekends"]
    return Text(
        "Evenings are Monday to Friday from {evening} to {night}:00, weekends Saturday and Sunday"
        " from {morning} to {late}:00 (assumption); one open hour among them is enough.",
        evening=evening["from"],
        night=evening["to"],
        morning=weekend["from"],
        late=weekend["to"],
    )


def about_holidays(land: str) -> Text:
    """Tell for how many days a year public holidays stand, and what is not known of them."""
    return Text(
        "{land} has {count} public holidays a year; opening hours are those of Ascension Day. Where"
        " opening hours say nothing of holidays, an hour counts as known only if it is the same on"
        " all seven days of the week.",
        land=Text("All of Germany") if land == EVERYWHERE else LAENDER[land],
        count=len(holidays(YEAR, land)),
    )
