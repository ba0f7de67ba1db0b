"""What goes into a downloaded file: the rows, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geopandas import GeoDataFrame

from layers import Analysis, Column, Layer, Text
from layers.days import day_of
from layers.disclosure import NOTE, withheld
from layers.what_if_tables import COLUMNS

from .languages import SOURCE, say, with_unit
from .planning import Plan
from .results import Computed
from .store import Provenance
from .writers import Document

ALARM = Text("Invented data: nothing in this file is real.")

PLANNED = Text("A scenario: what would be, if these changes were made. Nothing is decided.")

Lines = Iterable[tuple[str, Any]]


def document_of_layer(
    layer: Layer, table: GeoDataFrame, origin: Provenance, *, language: str = SOURCE
) -> Document:
    """
    Bundle a layer of the store for a file.

    Parameters
    ----------
    layer, table, origin
        What it is, its rows, where they come from.
    language
        Language of its title and of what is told about it.
    """
    about = [
        (Text("Name"), layer.title),
        *_alarm(invented=origin.invented),
        *_origin(origin),
        (Text("Not in these data"), layer.absent),
        *((Text("Remark"), remark) for remark in origin.remarks),
        *_columns(layer.columns),
    ]
    shown = withheld(table, layer.columns)
    about += [(Text("Remark"), NOTE)] if shown is not table else []
    return Document(layer.name, say(layer.title, language), shown, _told(about, language))


def document_of(
    analysis: Analysis, values: Mapping[str, Any], computed: Computed, *, language: str = SOURCE
) -> Document:
    """
    Bundle a result for a file.

    Parameters
    ----------
    analysis, values, computed
        What was asked and found.
    language
        Language of its title and of what is told about it.
    """
    result = computed.result
    about = [
        (Text("Name"), analysis.title),
        *_alarm(invented=computed.invented),
        *((Text("Question"), v.sentence()) for v in values.values() if hasattr(v, "sentence")),
        *((Text("Answer"), answer) for answer in result.answer),
        *((name, ",".join(texts)) for name, texts in analysis.write(values).items() if texts),
        *((f.label, with_unit(f.value, f.unit, language)) for f in result.figures),
        *((Text("Remark"), note) for note in result.notes),
        *(line for origin in computed.inputs for line in _origin(origin, origin.layer)),
        *_columns(analysis.columns),
    ]
    title = say(analysis.title, language)
    shown = withheld(result.table, analysis.columns)
    about += [(Text("Remark"), NOTE)] if shown is not result.table else []
    return Document(analysis.name, title, shown, _told(about, language), result.tables)


def document_of_scenario(
    plan: Plan, changes: Sequence[Text], computed: Computed, *, language: str = SOURCE
) -> Document:
    """
    Bundle a scenario for a file: who gains and who loses, cell by cell.

    Parameters
    ----------
    plan, computed
        The scenario, and what it does.
    changes
        Its changes in words.
    language
        Language of its title and of what is told about it.
    """
    result, scenario = computed.result, plan.scenario
    about = [
        (Text("Name"), scenario.name),
        *_alarm(invented=computed.invented),
        (Text("Please note"), PLANNED),
        *([(Text("Description"), scenario.about)] if scenario.about else []),
        (Text("Question"), plan.question.sentence()),
        *((Text("Answer"), answer) for answer in result.answer),
        *((Text("Change"), change) for change in changes),
        *((f.label, with_unit(f.value, f.unit, language)) for f in result.figures),
        *((Text("Remark"), note) for note in result.notes),
        *(line for origin in computed.inputs for line in _origin(origin, origin.layer)),
        *_columns(COLUMNS),
    ]
    name = f"scenario_{scenario.id}"
    shown = withheld(result.table, COLUMNS)
    about += [(Text("Remark"), NOTE)] if shown is not result.table else []
    return Document(name, scenario.name, shown, _told(about, language), result.tables)


def _alarm(*, invented: bool) -> Lines:
    return [(Text("Please note"), ALARM)] if invented else []


def _origin(origin: Provenance, layer: str = "") -> Lines:
    told = (
        (Text("Source"), origin.source),
        (Text("Licence"), origin.licence),
        (Text("Attribution"), Text(origin.attribution)),
        (Text("State of the data"), origin.as_of),
        (Text("File"), origin.file),
        (Text("Imported"), day_of(origin.imported_at).isoformat()),
    )
    for heading, text in told:
        if text:
            yield (Text("{what} ({layer})", what=heading, layer=layer) if layer else heading), text


def _columns(columns: Sequence[Column]) -> Lines:
    for column in columns:
        told = Text("{meaning} [{unit}]", meaning=column.meaning, unit=Text(column.unit))
        yield column.name, told if column.unit else column.meaning


def _told(about: Lines, language: str) -> tuple[tuple[str, str], ...]:
    """Write every line in one language; equal headings are numbered, since metadata need keys."""
    seen: dict[str, int] = {}
    lines = []
    for heading, text in about:
        name = say(heading, language)
        seen[name] = seen.get(name, 0) + 1
        lines.append((name if seen[name] == 1 else f"{name} {seen[name]}", say(text, language)))
    return tuple(lines)
