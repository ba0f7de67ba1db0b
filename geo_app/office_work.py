"""The work list of a city as its pages tell it: tasks, filters, words, and what is behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from pandas import DataFrame

from layers import ANALYSES, Analysis, MissingLayerError, Text
from layers.days import day_of
from layers.factors import FACTORS, OFFICES
from layers.work_list import DONE, LAPSED, OPEN, STATES, WHEN, WorkList, work_list

from . import results, shelf
from .languages import say
from .store import MarkStore, Store, Theme
from .store.credible import NAME, origin_of_marks

OVERDUE = "overdue"
STANDING = {OVERDUE: Text("overdue"), **STATES}
"""How a task stands on the map: overdue ones apart from other open ones."""
ORDERS: dict[str, Text] = {
    "age": Text("the oldest first"),
    "voices": Text("most voices first"),
    "people": Text("most people after dark first"),
}
SHOWN = {OPEN: STATES[OPEN], DONE: STATES[DONE], LAPSED: STATES[LAPSED], "all": Text("all")}
"""What can be asked for; open ones unless something else is."""
NOT_COMPUTED = Text("not computed yet")
CANNOT = Text("nothing is known about the light of the ways")


@dataclass(frozen=True)
class AfterDark:
    """
    How many people depend on each dark way.

    Parameters
    ----------
    rows
        Rows of the analysis `criticality`, or None while they are not known.
    why
        Why they are not known, or None.
    to_compute
        Whether a computation would tell.
    versions
        Fingerprints of the layers it was made of.
    """

    rows: DataFrame | None
    why: Text | None = None
    to_compute: bool = False
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """
    All tasks of a city.

    Parameters
    ----------
    tasks
        As in `layers.work_list.WorkList`, with `standing` (a key of `STANDING`).
    members
        Which mark is in which task.
    again
        Id of a task → how many of its marks were put right before and are not.
    dark
        What is known of people after dark.
    """

    tasks: GeoDataFrame
    members: DataFrame
    again: Mapping[str, int]
    dark: AfterDark

    def open_marks(self, task: str) -> list[str]:
        """Return the ids of the marks for which a task is not put right, in their order."""
        mine = self.members[(self.members["task"] == task) & (self.members["status"] != DONE)]
        return sorted(mine["mark"])

    def seen(self, task: str) -> str:
        """Return what stands for these marks: a form sent later must be about the same."""
        return hashlib.sha256(" ".join(self.open_marks(task)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Wanted:
    """
    Which tasks somebody asks for; "" and 0 are any.

    Parameters
    ----------
    office, factor, district
        Names.
    factors
        Those of the focus theme asked for.
    when
        "day" or "dark"; both is among both.
    state
        A key of `SHOWN`.
    voices
        So many at least.
    words
        All of them stand in what a task says.
    order
        A key of `ORDERS`.
    """

    office: str = ""
    factor: str = ""
    factors: tuple[str, ...] = ()
    district: str = ""
    when: str = ""
    state: str = OPEN
    voices: int = 0
    words: str = ""
    order: str = "age"
    late: bool = False

    @property
    def names_behaviour(self) -> bool:
        """Whether tasks about behaviour are asked for by name."""
        named = {self.factor, *self.factors} - {""}
        return self.office == "prevention" or any(FACTORS[name].sensitive for name in named)


def work(store: Store, marks: MarkStore, *, task_days: int, at: datetime) -> Work:
    """
    Return every task, made anew as soon as any mark is another one.

    Parameters
    ----------
    store, marks
        The city's data.
    task_days
        Days after which an open task is overdue.
    at
        Now.

    Raises
    ------
    MissingLayerError
        If there are no streets to put tasks at.
    """
    dark = after_dark(store)
    layers = [store.provenance(n).hash for n in ("streets", "districts") if n in store.names()]
    key = (NAME, (origin_of_marks(store, at=at).hash, *layers), dark.versions)
    made: WorkList = results.remembered(
        store, "work list", key, lambda: _made(store, marks, dark, at), most=1
    )
    mended = marks.mended_marks()
    members = made.members[made.members["status"] != DONE]
    before = [pair in mended for pair in zip(members["mark"], members["factor"], strict=True)]
    late = (made.tasks["state"] == OPEN) & (made.tasks["waiting_days"] > task_days)
    tasks = made.tasks.assign(standing=made.tasks["state"].where(~late, OVERDUE))
    again = {str(task): int(n) for task, n in members["task"][before].value_counts().items()}
    return Work(tasks, made.members, again, dark)


def _made(store: Store, marks: MarkStore, dark: AfterDark, at: datetime) -> WorkList:
    if "streets" not in store.names():
        raise MissingLayerError(["streets"], [Text("import the streets first")])
    districts = shelf.table(store, "districts") if "districts" in store.names() else None
    return work_list(
        marks.credible(at=at),
        shelf.table(store, "streets"),
        at=day_of(at),
        districts=districts,
        dark=dark.rows,
    )


def criticality(land: str = "") -> tuple[Analysis, dict[str, Any]]:
    """Return the analysis that tells how many people depend on each dark way, and its question."""
    analysis = ANALYSES["criticality"]
    given = {"land": [land]} if land and "land" in analysis.parameters else {}
    return analysis, analysis.parse(given)


def after_dark(store: Store) -> AfterDark:
    """Return what is remembered of people after dark; nothing is computed here."""
    try:
        found = results.ready(store, *criticality())
    except MissingLayerError as error:
        return AfterDark(None, error.faults[0])
    if found is None:
        return AfterDark(None, NOT_COMPUTED, to_compute=True)
    if not found.result.figures:
        return AfterDark(None, CANNOT)
    return AfterDark(found.result.table, versions=tuple(p.hash for p in found.inputs))


def chosen(tasks: GeoDataFrame, wanted: Wanted) -> GeoDataFrame:
    """Return the tasks that somebody asks for, in the order asked for."""
    here = np.ones(len(tasks), dtype=bool)
    for column in ("office", "factor", "district"):
        if value := getattr(wanted, column):
            here &= (tasks[column] == value).to_numpy()
    if wanted.factors:
        here &= tasks["factor"].isin(wanted.factors).to_numpy()
    if wanted.state != "all":
        here &= (tasks["state"] == wanted.state).to_numpy()
    if wanted.when:
        here &= tasks["when"].isin([wanted.when, "both"]).to_numpy()
    if wanted.late:
        here &= (tasks["standing"] == OVERDUE).to_numpy()
    here &= (tasks["voices"] >= wanted.voices).to_numpy()
    found = tasks[here]
    if words := wanted.words.casefold().split():
        found = found[[_says(row, words) for row in found.itertuples()]]
    return ordered(found, wanted.order)


def ordered(tasks: GeoDataFrame, order: str) -> GeoDataFrame:
    """Return tasks in an order, a key of `ORDERS`; equals by age, voices and id."""
    first = {"voices": ["voices"], "people": ["people_dark"]}.get(order, [])
    by = [*first, "waiting_days", "voices"]
    found = tasks.sort_index(kind="stable")
    for column in reversed(by):
        found = found.sort_values(column, ascending=False, kind="stable", na_position="last")
    return found


def _says(row: Any, words: Collection[str]) -> bool:
    told = (row.place, row.between, row.district, say(FACTORS[row.factor].label))
    text = " ".join(told).casefold()
    return all(word in text for word in words)


@dataclass(frozen=True)
class Told:
    """
    One task in words.

    Parameters
    ----------
    id
        Its id.
    what, where, office
        Its reason, its place, and who can do something about it.
    age
        How long it has been open, or when it was.
    voices, people, when
        How many say so, how many depend on it after dark, and when it matters.
    again
        Somebody says that it is still so, or None.
    standing
        A key of `STANDING`.
    row
        The row of the table.
    """

    id: str
    what: Text
    where: Text
    office: Text
    age: Text
    voices: Text
    people: Text | None
    when: str
    again: Text | None
    standing: str
    row: Any = field(repr=False)


def told(row: Any, work: Work) -> Told:
    """
    Tell one task in words.

    Parameters
    ----------
    row
        A row of `work.tasks` from `itertuples`.
    work
        All of them.
    """
    again = work.again.get(row.Index, 0)
    return Told(
        id=row.Index,
        what=FACTORS[row.factor].label,
        where=where(row),
        office=OFFICES[row.office].label,
        age=_age(row),
        voices=Text("{count} {count:voice|voices}", count=int(row.voices)),
        people=_people(row),
        when=row.when,
        again=AGAIN if again else None,
        standing=row.standing,
        row=row,
    )


AGAIN = Text("open again: it was put right, and somebody says that it is still so")


def where(row: Any) -> Text:
    """Say where a task is, as exactly as staff may know without opening a mark."""
    return _in_district(_place(row), row.district)


def _place(row: Any) -> Text:
    if row.unit == "square":
        return Text("square of 100 m")
    nameless = Text("a way without a name")
    ends = row.between.split(" – ") if row.between else []
    street = row.place or nameless
    if len(ends) > 1:
        return Text("{street} between {one} and {other}", street=street, one=ends[0], other=ends[1])
    if ends:
        return Text("{street} near {other}", street=street, other=ends[0])
    return Text("part of {street}", street=street)


def _in_district(place: Text, district: str) -> Text:
    return Text("{place}, {district}", place=place, district=district) if district else place


def _age(row: Any) -> Text:
    if row.state == DONE:
        return Text("put right")
    if row.state == LAPSED:
        return Text("run out on its own, marked on {day}", day=date.fromisoformat(row.first_on))
    days = int(row.waiting_days)
    if row.standing == OVERDUE:
        return Text("overdue: open for {count} {count:day|days}", count=days)
    return Text("open for {count} {count:day|days}", count=days) if days else Text("new today")


def _people(row: Any) -> Text | None:
    """Tell the lower bound; a lit way takes nobody’s place and needs no word."""
    if not np.isfinite(row.people_dark) or row.people_dark < 1:
        return None
    return Text("after dark {people} people at least depend on it", people=round(row.people_dark))


def factors_of(theme: Theme | None) -> tuple[str, ...]:
    """Return the reasons of a theme that can be tasks."""
    return () if theme is None else tuple(n for n in theme.factors if n in FACTORS)


def said(wanted: Wanted, theme: Theme | None) -> list[Text | str]:
    """Say which tasks are asked for, part by part; not what holds unless something is asked."""
    told: dict[Text | str, bool] = {
        wanted.words: bool(wanted.words),
        OFFICES[wanted.office].label if wanted.office else "office": bool(wanted.office),
        FACTORS[wanted.factor].label if wanted.factor else "factor": bool(wanted.factor),
        theme.name if theme else "theme": theme is not None,
        wanted.district: bool(wanted.district),
        WHEN[wanted.when] if wanted.when else "when": bool(wanted.when),
        SHOWN[wanted.state]: wanted.state != OPEN,
        Text("{count} {count:voice|voices} at least", count=wanted.voices): wanted.voices > 0,
        STANDING[OVERDUE]: wanted.late,
    }
    return [words for words, asked in told.items() if asked]
