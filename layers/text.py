"""Sentences for people: English in the code, any language on the page."""

from __future__ import annotations

from typing import Any, Self


class Text(str):
    """
    A sentence in English that remembers how it was made, so that it can be translated.

    To the library it is an ordinary `str`. The application looks `template`
    up in a catalogue and fills `values` in again, numbers in the reader's
    own notation and nested texts in the reader's own language. A word bends
    with a number where both forms stand behind its name: `{count:row|rows}`;
    a translation may hold as many forms as its language has.

    Parameters
    ----------
    template
        English, with `{name}` where a value goes; no format codes but word forms.
    values
        Numbers, days, plain text, other `Text` or tuples of them.

    Examples
    --------
    >>> Text("{people} people live here", people=1250)
    '1,250 people live here'
    >>> Text("{count} {count:row is|rows are} empty", count=1)
    '1 row is empty'
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill the template in English."""
        filled = {name: Written(plain(value), value != 1) for name, value in values.items()}
        self = super().__new__(cls, template.format(**filled) if values else template)
        self.template = template
        self.values = values
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Survive pickling and copying with template and values."""
        return (self.template,), self.values


class Written(str):
    """
    A value in writing, which chooses among the forms of a word that go with it.

    Parameters
    ----------
    text
        The value as the reader sees it.
    form
        Which form goes with it: 0 is the first, as with 1 in English and German.

    Examples
    --------
    >>> "{rows} {rows:row|rows}".format(rows=Written("2", 1))
    '2 rows'
    """

    __slots__ = ("form",)

    form: int

    def __new__(cls, text: str, form: int) -> Self:
        """Keep the form beside the text."""
        self = super().__new__(cls, text)
        self.form = int(form)
        return self

    def __format__(self, forms: str) -> str:
        """Return the text, or the word that goes with it."""
        return forms.split("|")[: self.form + 1][-1] if forms else str(self)


def plain(value: Any) -> str:
    """Write one value in English: numbers with separators and at most one decimal."""
    if isinstance(value, tuple | list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.1f}".removesuffix(".0")
    return str(value)
