"""The work list as a file that may leave the desk: no exact place, no words of citizens."""

from __future__ import annotations

from collections.abc import Sequence

from geopandas import GeoDataFrame

from layers import Text
from layers.marks import DAYTIMES
from layers.schema import SEPARATOR
from layers.work_list import COLUMNS, STATES, WHEN

from .documents import ALARM
from .languages import say
from .office_work import Told
from .writers import Document

LEFT_OUT = ("factor", "office", "place", "between", "unit", "sensitive", "earlier")
"""Columns that the words stand for, or that say more about marks than an office needs."""


def document_of_tasks(
    tasks: GeoDataFrame, told: Sequence[Told], *, without: int, language: str, invented: bool
) -> Document:
    """
    Bundle tasks for a file in the words of the reader.

    Parameters
    ----------
    tasks
        Rows of `office_work.Work.tasks`, in their order.
    told
        The same in words.
    without
        So many tasks about behaviour were left out.
    language
        Language of the words.
    invented
        The data are invented.
    """
    words = tasks.assign(
        state=[say(STATES[state], language) for state in tasks["state"]],
        when=[say(WHEN[when], language) for when in tasks["when"]],
        daytimes=[_times(times, language) for times in tasks["daytimes"]],
    )
    names = {
        "what": [say(one.what, language) for one in told],
        "where": [say(one.where, language) for one in told],
        "responsible": [say(one.office, language) for one in told],
    }
    rest = [c.name for c in COLUMNS if c.name not in LEFT_OUT]
    table = words.assign(**names)[[*names, *rest, "geometry"]]
    title = say(Text("Work list"), language)
    return Document("work_list", title, table, tuple(_about(without, language, invented=invented)))


def _times(times: str, language: str) -> str:
    return ", ".join(say(DAYTIMES[time], language) for time in times.split(SEPARATOR) if time)


def _about(without: int, language: str, *, invented: bool) -> list[tuple[str, str]]:
    lines: list[tuple[Text, Text]] = [(Text("Name"), Text("Work list"))]
    if invented:
        lines.append((Text("Please note"), ALARM))
    lines.append(
        (
            Text("Not in these data"),
            Text(
                "Exact places and words of citizens. Each row stands for a part of a street or a"
                " square of 100 m."
            ),
        )
    )
    if without:
        lines.append((Text("Remark"), left_out(without)))
    told = [(say(heading, language), say(text, language)) for heading, text in lines]
    return [*told, *((c.name, say(c.meaning, language)) for c in COLUMNS if c.name not in LEFT_OUT)]


def left_out(count: int) -> Text:
    """Say that tasks about behaviour stay at the desk."""
    return Text(
        "{count} {count:task|tasks} about behaviour {count:is|are} left out; only crime prevention"
        " takes them along, by choosing itself as the office",
        count=count,
    )
