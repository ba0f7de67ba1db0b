"""What goes into a downloaded file of an analysis: rows, tables, and what to know of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from layers import Analysis, Text

from .results import Computed
from .writers import Document

Say = Callable[[Text], str]


def document_of(
    analysis: Analysis, values: Mapping[str, Any], computed: Computed, *, say: Say = str
) -> Document:
    """
    Bundle a result for a file.

    Parameters
    ----------
    analysis, values, computed
        What was asked and found.
    say
        How a sentence is told, such as in the reader's language.
    """
    result = computed.result
    question = values.get("question")
    about = [
        (say(Text("Analysis")), say(analysis.title)),
        *([(say(Text("Question")), say(question.sentence()))] if question else []),
        *((name, ", ".join(told)) for name, told in analysis.write(values).items() if told),
        *((say(f.label), f"{f.value:g} {f.unit}") for f in result.figures),
        *((say(Text("Note")) + f" {n}", say(note)) for n, note in enumerate(result.notes, 1)),
        *((p.layer, _origin(p)) for p in computed.inputs),
    ]
    if computed.invented:
        about.insert(0, (say(Text("Invented")), say(Text("These data are invented."))))
    return Document(
        name=analysis.name,
        title=say(analysis.title),
        table=result.table,
        about=tuple(about),
        tables=result.tables,
    )


def _origin(layer: Any) -> str:
    return "; ".join(part for part in (layer.source, layer.licence, layer.as_of) if part)
