"""
The languages of the interface.

English sentences in the code are the message ids of gettext catalogues in
`translations/`. German is the usual language and the fallback of every other
one; English needs no catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request

from layers import Text
from layers.days import HERE
from layers.text import Written

FOLDER = Path(__file__).parent / "translations"
COOKIE = "language"
SOURCE, FALLBACK = "en", "de"

UNKNOWN = Text("unknown")
NEVER = Text("not reached")

UNITS = (
    Text("people"),
    Text("places"),
    Text("marks"),
    Text("family places"),
    Text("storeys"),
    Text("%"),
    Text("min"),
    Text("m"),
)
"""Units of columns and figures, listed here because they are plain text there."""


WHOLE = frozenset({"people", "%", "m", "€"})
CHANCE, SMALLEST = "p", 0.0001
"""Unit of the p of a test, which is told with four decimals; what is smaller is told as less."""
"""Units told in whole numbers: more digits would promise too much."""


SPOKEN = (
    "de", "en", "ar", "bg", "bs", "cs", "da", "el", "es", "fa", "fr", "gsg",
    "he", "hi", "hr", "hu", "it", "ku",
    "nl", "pl", "ps", "pt", "ro", "ru", "sk", "so", "sq", "sr",
    "sv", "ti", "tr", "uk", "ur", "vi", "zh"
)  # fmt: skip
"""Codes of languages that places and services here name."""


@dataclass(frozen=True)
class Language:
    """
    One language a page can be read in.

    Parameters
    ----------
    tag
        Name in `<html lang>`, addresses and the folder of its catalogue.
    name
        Its own name for itself.
    """

    tag: str
    name: str

    @property
    def locale(self) -> Locale:
        """How it writes numbers and dates."""
        return Locale.parse(self.tag)

    @property
    def direction(self) -> str:
        """Direction of writing: "ltr" or "rtl"."""
        return str(self.locale.text_direction)


PLURALS = ("zero", "one", "two", "few", "many", "other")
"""Forms of words that languages know, in the order in which a translation writes them."""

LANGUAGES: dict[str, Language] = {
    language.tag: language for language in (Language("de", "Deutsch"), Language("en", "English"))
}
"""All languages a reader may choose."""


@cache
def catalogue(tag: str) -> Mapping[str, str]:
    """
    Read the translations of one language.

    Parameters
    ----------
    tag
        One of `LANGUAGES`.

    Returns
    -------
    messages
        English to translation; empty and doubtful ("fuzzy") entries are left out.
    """
    path = FOLDER / tag / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=tag)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


def translate(template: str, language: str) -> str:
    """Look one template up: in its language, else in German, else as it stands."""
    if language == SOURCE:
        return template
    found = catalogue(language).get(template)
    return found or catalogue(FALLBACK).get(template, template)


def say(text: Any, language: str | None = None) -> str:
    """
    Write anything in the reader's language.

    Parameters
    ----------
    text
        A `Text` (translated with everything in it), a day or a number (in the
        reader's notation), yes or no, a tuple of these, or plain text, which
        stays as it is.
    language
        One of `LANGUAGES`; by default that of the request.
    """
    tag = language or current()
    if isinstance(text, Text):
        template = translate(text.template, tag)
        values = {
            name: Written(say(value, tag), _form(value, tag)) for name, value in text.values.items()
        }
        return template.format(**values) if values else template
    if isinstance(text, tuple | list):
        return ", ".join(say(item, tag) for item in text)
    if isinstance(text, bool):
        return translate("yes" if text else "no", tag)
    if isinstance(text, int | float):
        return number(text, language=tag)
    if isinstance(text, date):
        return moment(text, tag) if isinstance(text, datetime) else day(text, tag)
    return str(text)


def _form(value: Any, tag: str) -> int:
    """Return which form of a word goes with a value: the number of its plural in the language."""
    if not isinstance(value, Real) or not math.isfinite(value):
        return 0
    rule = LANGUAGES[tag].locale.plural_form
    here = [name for name in PLURALS if name in rule.tags or name == "other"]
    told = abs(float(value))
    return here.index(rule(int(told) if told.is_integer() else told))


def number(value: float, digits: int = 1, language: str | None = None) -> str:
    """
    Write a number in the reader's notation.

    Parameters
    ----------
    value
        The number; NaN is told as unknown, infinity as not reached.
    digits
        Decimal places shown at most.
    language
        One of `LANGUAGES`; by default that of the request.
    """
    tag = language or current()
    if math.isnan(value):
        return translate(UNKNOWN.template, tag)
    if math.isinf(value):
        return translate(NEVER.template, tag)
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    rounded = round(float(value), digits) + 0.0  # no "-0"
    return str(format_decimal(rounded, format=pattern, locale=LANGUAGES[tag].locale))


def change(value: float, digits: int = 1, language: str | None = None) -> str:
    """Write a difference with its sign; none at all is a plain 0."""
    told = number(value, digits, language)
    return f"+{told}" if math.isfinite(value) and round(value, digits) > 0 else told


def with_unit(value: float, unit: str, language: str | None = None) -> str:
    """Write a number and its unit; people, shares and metres are told in whole numbers."""
    tag = language or current()
    if unit == CHANCE and 0 <= value < SMALLEST:
        return f"<\N{NO-BREAK SPACE}{number(SMALLEST, 4, tag)}"
    told = number(value, 0 if unit in WHOLE else 4 if unit == CHANCE else 1, tag)
    if not math.isfinite(value) or unit in {"", CHANCE}:
        return told
    return f"{told}\N{NO-BREAK SPACE}{translate(unit, tag)}"


def day(moment: date, language: str | None = None) -> str:
    """Write a day in the reader's notation; that of a moment by the clocks of Germany."""
    locale = LANGUAGES[language or current()].locale
    told = moment.astimezone(HERE) if isinstance(moment, datetime) else moment
    return str(format_date(told, format="long", locale=locale))


def moment(at: datetime, language: str | None = None) -> str:
    """Write a moment in the reader's notation, by the clocks of Germany."""
    locale = LANGUAGES[language or current()].locale
    here = at.astimezone(HERE)
    told = format_date(here, format="medium", locale=locale)
    return f"{told}, {format_time(here, format='short', locale=locale)}"


def month(told: str, language: str | None = None) -> str:
    """Write a month such as "2026-05" in the reader's notation."""
    locale = LANGUAGES[language or current()].locale
    return str(format_date(date.fromisoformat(f"{told}-01"), format="LLLL y", locale=locale))


def spoken(language: str | None = None) -> dict[str, str]:
    """Return the names of languages people speak here, by their code, as the reader calls them."""
    names = LANGUAGES[language or current()].locale.languages
    return {code: str(names[code]) for code in SPOKEN if code in names}


def current() -> str:
    """Return the language of this request, or the usual one outside of a request."""
    if not has_request_context():
        return FALLBACK
    if "language" not in g:
        g.language = _asked_for()
    return str(g.language)


def usual() -> str:
    """Return the language of the city, as its settings say."""
    tag = str(current_app.config.get("LANGUAGE", FALLBACK))
    return tag if tag in LANGUAGES else FALLBACK


def _asked_for() -> str:
    for tag in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if tag in LANGUAGES:
            return str(tag)
    return request.accept_languages.best_match(list(LANGUAGES), default=usual()) or usual()


def _gettext(template: str, /, **values: Any) -> str:
    return say(Text(template, **values))


def register(app: Flask) -> None:
    """Make pages speak: `_()`, and the filters `say`, `number` and `with_unit`."""
    for tag in LANGUAGES:
        catalogue(tag)  # a broken catalogue stops the start, not the first reader
    app.jinja_env.globals.update(_=_gettext, languages=LANGUAGES)
    app.jinja_env.filters.update(
        change=change,
        say=say,
        number=number,
        with_unit=with_unit,
        day=day,
        moment=moment,
        month=month,
    )
    app.context_processor(lambda: {"language": LANGUAGES[current()]})
