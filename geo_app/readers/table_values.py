"""What a clerk wrote becomes what a column keeps: numbers, dates, yes and no, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from layers import Column, Text

from .texts import ALIKE, plain_name

NOTHING = frozenset(
    {"", "-", "–", "—", "k.a.", "k. a.", "n/a", "na", "nan", "none", "null", "#n/a", "unbekannt",
     "unknown", "?", "keine angabe"}
)  # fmt: skip
"""Words for "not known"."""

YES = frozenset({"yes", "ja", "j", "y", "true", "wahr", "1", "1.0", "x", "vorhanden"})
NO = frozenset({"no", "nein", "n", "false", "falsch", "0", "0.0", "nicht vorhanden"})
PARTLY = frozenset({"limited", "teilweise", "eingeschränkt", "bedingt", "partly"})

GROUPED = re.compile(r"^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$")
ENGLISH_GROUPED = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")
ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
GERMAN = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
DAY_NUMBER = re.compile(r"^\d{5}(\.\d+)?$")
SHOWN = 5
OTHERS = "*"


@dataclass
class Values:
    """
    Values of one table on their way into the columns of a layer.

    Parameters
    ----------
    decimal
        "," or "." where the person said so, "" finds it out column by column.
    meanings
        Our column to their word to our option; "*" stands for every other word
        that is no option itself, an option "" leaves the row out.
    faults
        Everything found wrong so far.
    left_out
        Rows that a meaning of "" leaves out.
    nowhere
        Rows of which it is already told why they have no place.
    """

    decimal: str = ""
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: list[Text] = field(default_factory=list)
    left_out: set[Any] = field(default_factory=set)
    nowhere: set[Any] = field(default_factory=set)

    def read(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        """Return `values` in the form that `column` keeps; faults are noted, not raised."""
        if column.name in self.meanings:
            values = self._translated(column, values)
        if column.kind in {int, float}:
            return self._numbers(column, values)
        if column.kind is bool:
            return self._yes_no(column, values) == "yes"
        if column.kind is date:
            return self._dates(column, values)
        if column.options is not None:
            return self._options(column, values)
        return values.map(text)

    def numbers(self, name: str, values: pd.Series[Any]) -> pd.Series[Any]:
        """Return numbers, such as coordinates, that are no column of a layer."""
        read = self._read_numbers(name, values)
        told = ~values.map(text).str.casefold().isin(NOTHING)
        self.nowhere |= set(values.index[read.isna() & told])
        return read

    def _translated(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        meaning = {key.casefold(): ours for key, ours in self.meanings[column.name].items()}
        words = values.map(text).str.casefold()
        translated = words.map(meaning)
        if OTHERS in meaning:
            known = words.map(plain_name).isin(
                [plain_name(option) for option in column.options or {}]
            )
            translated = translated.where(translated.notna() | known, meaning[OTHERS])
        self.left_out |= set(values.index[translated == ""])
        return translated.where(translated.notna(), values)

    def _numbers(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        numbers = self._read_numbers(column.name, values)
        if column.kind is int:
            return numbers.fillna(0).round().astype("int64")
        return numbers

    def _read_numbers(self, name: str, values: pd.Series[Any]) -> pd.Series[Any]:
        if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != bool:
            return values.astype(float)
        words = values.map(text)
        known = (
            words[~words.str.casefold().isin(NOTHING)]
            .str.replace("\u00a0", "")
            .str.replace(" ", "")
        )
        decimal = self.decimal or self._decimal(name, known)
        if decimal == ",":
            known = known.str.replace(".", "").str.replace(",", ".")
        else:
            known = known.where(~known.str.match(ENGLISH_GROUPED), known.str.replace(",", ""))
        numbers = pd.to_numeric(known, errors="coerce")
        self._told(
            Text("column “{column}” must hold numbers", column=name),
            words.loc[numbers.index[numbers.isna()]],
        )
        return numbers.reindex(values.index).astype(float)

    def _decimal(self, name: str, known: pd.Series[Any]) -> str:
        """Find the decimal sign of a column; a lone “1.234” may be either, so ask."""
        if (
            known.str.match(r"^[-+]?\d+(\.\d{3})*,\d+$").any()
            and not known.str.match(r".*,.*\.").any()
        ):
            return ","
        dotted = known[known.str.contains(".", regex=False)]
        if dotted.str.count(r"\.").gt(1).any():
            return ","
        if (
            len(dotted)
            and dotted.str.match(GROUPED).all()
            and not dotted.str.match(r"^[-+]?0").any()
        ):
            self.faults.append(Text(
                "column “{column}”: {example} may mean {thousands} or {decimals};"
                " say it with --decimal , or --decimal .",
                column=name, example=dotted.iloc[0],
                thousands=dotted.iloc[0].replace(".", ""),
                decimals=dotted.iloc[0].replace(".", ","),
            ))  # fmt: skip
        return "."

    def _yes_no(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        words = values.map(text).str.casefold()
        read = words.map(lambda word: _yes_no(word, column.options or {}))
        self._told(
            Text(
                "column “{column}” takes yes, no or unknown (ja, nein, unbekannt)",
                column=column.name,
            ),
            values.map(text)[read == ""],
        )
        return read.where(read != "", "unknown")

    def _options(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        options = column.options or {}
        if "yes" in options:
            return self._yes_no(column, values)
        names = {plain_name(key): key for key in options}
        names |= {plain_name(label): key for key, label in options.items()}
        words = values.map(text)
        if column.many:
            read = words.map(lambda cell: _each(cell, names))
        else:
            read = words.map(
                lambda word: names.get(plain_name(word), column.unknown if word == "" else None)
            )
        wrong = read.isna() & ~read.index.isin(self.left_out)
        self._unknown_options(column, words[wrong])
        return read.fillna("" if column.many else next(iter(options)))

    def _unknown_options(self, column: Column, words: pd.Series[Any]) -> None:
        if words.empty:
            return
        counts = words.value_counts().head(SHOWN)
        options = list(column.options or {})
        first = str(counts.index[0])
        near = get_close_matches(first.casefold(), options, n=1, cutoff=ALIKE) or ["…"]
        self.faults.append(Text(
            "column “{column}” does not know {words} ({count} {count:row|rows}, such as {rows}); it"
            ' takes {options}. Say what they mean: --map "{column}:{first}={near}", or leave all'
            ' such rows out: --map "{column}:*="',
            column=column.name, words=", ".join(f"“{word}”" for word in counts.index),
            count=len(words), options=", ".join(options), first=first, near=near[0],
            rows=", ".join(map(str, words.index[:SHOWN])),
        ))  # fmt: skip

    def _dates(self, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        read = values.map(_day)
        words = values.map(text)
        serial = words[read.isna() & words.str.match(DAY_NUMBER)]
        other = words[read.isna() & ~words.str.match(DAY_NUMBER)]
        self._told(Text(
            "column “{column}” holds Excel’s day numbers instead of dates; format its cells as date"
            " (31.05.2026) and save again", column=column.name,
        ), serial)  # fmt: skip
        self._told(Text(
            "column “{column}” needs whole dates, 2026-05-31 or 31.05.2026, from 1950 on (1899 and"
            " 1900 are usually empty spreadsheet cells)", column=column.name,
        ), other)  # fmt: skip
        return read.fillna("")

    def _told(self, rule: Text, wrong: pd.Series[Any]) -> None:
        if wrong.empty:
            return
        rows = tuple(
            Text("“{value}” (row {row})", value=value, row=str(row))
            for row, value in wrong.head(SHOWN).items()
        )
        self.faults.append(
            Text(
                "{rule}: {count} {count:row does|rows do} not, such as {rows}",
                rule=rule,
                count=len(wrong),
                rows=rows,
            )
        )


def text(cell: Any) -> str:
    """Return a cell as text: no spaces around it, no “.0” behind a whole number, "" for nothing."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _yes_no(word: str, options: Mapping[str, Text]) -> str:
    """Return yes, no, limited or unknown; "" for a word that is none of them."""
    answers: list[tuple[Callable[[str], bool], str]] = [
        (YES.__contains__, "yes"),
        (NO.__contains__, "no"),
        (NOTHING.__contains__, "unknown"),
        (PARTLY.__contains__, "limited" if "limited" in options else "unknown"),
    ]
    return next((answer for fits, answer in answers if fits(word)), "")


def _each(cell: str, names: Mapping[str, str]) -> str | None:
    """Return several options of one cell, or None if one of them is not known."""
    words = [word for word in re.split(r"[;,|]", cell) if word.strip()]
    read = [names.get(plain_name(word)) for word in words]
    return None if None in read else ";".join(dict.fromkeys(option for option in read if option))


def _day(cell: Any) -> str | None:
    """Return an ISO day, "" for an empty cell, None for anything that is no day of our time."""
    word = text(cell)
    if word.casefold() in NOTHING:
        return ""
    found = ISO.match(word)
    parts = [int(part) for part in found.groups()] if found else []
    german = GERMAN.match(word)
    if german:
        parts = [int(part) for part in reversed(german.groups())]
    try:
        day = date(*parts)
    except (TypeError, ValueError):
        return None
    return day.isoformat() if 1950 <= day.year <= 2100 else None
