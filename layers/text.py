"""Sentences for people: English in the code, any language on the page."""

from __future__ import annotations

from typing import Any, Self


class Text(str):
    """
    A sentence in English that remembers how it was made, so that it can be translated.

    To the library it is an ordinary `str`. The application looks `template`
    up in a catalogue and fills `values` in again, numbers in the reader's
    own notation and nested texts in the reader's own language.

    Parameters
    ----------
    template
        English, with `{name}` where a value goes; no format codes.
    values
        Numbers, days, plain text, other `Text` or tuples of them.

    Examples
    --------
    >>> Text("{people} people live here", people=1250)
    '1,250 people live here'
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill the template in English."""
        filled = {name: plain(value) for name, value in values.items()}
        self = super().__new__(cls, template.format(**filled) if values else template)
        self.template = template
        self.values = values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Survive pickling and copying with template and values."""
        return (self.template,), self.values


def plain(value: Any) -> str:
    """Write one value in English: numbers with separators and at most one decimal."""
    if isinstance(value, tuple | list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.1f}".removesuffix(".0")
    return str(value)
