"""A ranking in words: rows of its page, classes of its map, the file that leaves the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from layers import Column, Text
from layers.factors import FACTORS, OFFICES
from layers.priorities import DRAWS, INSIDE, PARTS, SPREAD, TOP
from layers.work_list import COLUMNS

from .languages import number, say
from .ranking import SEED, Order
from .writers import Document

GROUPS: dict[str, Text] = {
    "later": Text("after that, or no rank"),
    "next": Text("among the next {count}", count=2 * TOP),
    "first": Text("among the first {count}", count=TOP),
}
"""Classes of the map, the lowest first."""
NO_NAME = Text("a way without a name")
NONE = "\N{EN DASH}"
TASK_COLUMNS = (
    "factor", "office", "place", "between", "district", "marks", "voices", "waiting_days",
    "when", "people_dark",
)  # fmt: skip
"""Columns of the work list that stand in the file as well."""
READ = ("factor", "office", "place", "between", "district")
"""Columns of the work list that a row is told from."""
OWN_COLUMNS: tuple[Column, ...] = (
    Column("rank_first", int, Text("rank; equal ones share it")),
    Column("rank_last", int, Text("last of the ranks that it shares")),
    Column("points", int, Text("points of a hundred")),
    *(Column(f"part_{name}", float, part.label) for name, part in PARTS.items()),
    Column("share_first", float, Text("share of draws of shaken weights among the first")),
    Column("rank_low", int, Text("lowest rank in nine of ten draws")),
    Column("rank_high", int, Text("highest rank in nine of ten draws")),
    Column("why", str, Text("why this rank")),
)
"""Further columns of the file."""


@dataclass(frozen=True)
class Row:
    """
    One task on the page.

    Parameters
    ----------
    id
        Its id in the work list.
    name, where, office
        What is to be put right, where, and by whom.
    rank, points
        As written: "4" or "4–6", and points of a hundred; "–" without a rank.
    parts
        Parts from 0 to 1 in their order; None is unknown.
    order, position
        Where it stands.
    """

    id: str
    name: Text
    where: Text
    office: Text
    rank: str
    points: str
    parts: tuple[float | None, ...]
    order: Order = field(repr=False)
    position: int

    # a map of thousands of tasks needs no sentences: they are made where they are read
    @cached_property
    def why(self) -> Text:
        """Why this rank."""
        return self.order.why[self.position]

    @cached_property
    def stable(self) -> Text:
        """How sure the rank is."""
        return stable(self.order, self.position)


def rows_of(order: Order, positions: Iterable[int]) -> list[Row]:
    """Return tasks as their page shows them, by their positions in the ranking."""
    chosen = list(positions)
    tasks = order.ranking.tasks[list(READ)].iloc[chosen]
    every = zip(chosen, tasks.index, tasks.to_dict("records"), strict=True)
    return [_row(order, position, str(id_), task) for position, id_, task in every]


def _row(order: Order, position: int, id_: str, task: Mapping[Any, Any]) -> Row:
    parts = order.ranking.matrix[position]
    return Row(
        id=id_,
        name=FACTORS[task["factor"]].label,
        where=where(task),
        office=OFFICES[task["office"]].label,
        rank=_rank(order.ranks.first[position], order.ranks.last[position]),
        points=NONE if order.points[position] < 0 else str(order.points[position]),
        parts=tuple(None if np.isnan(value) else float(value) for value in parts),
        order=order,
        position=position,
    )


def where(task: Mapping[Any, Any]) -> Text:
    """Say where a task is: its street and between which, or its square; and the district."""
    place: Text | str = task["place"] or NO_NAME
    if task["between"]:
        place = Text("{place} ({between})", place=place, between=task["between"])
    if task["district"]:
        return Text("{place}, {district}", place=place, district=task["district"])
    return Text("{place}", place=place)


def stable(order: Order, position: int) -> Text:
    """Say what becomes of a rank if weights are shaken, and if unknown parts were known."""
    found = order.stability
    if not order.ranks.first[position]:
        return Text("Nothing of what counts is known of it.")
    low, high = int(found.low[position]), int(found.high[position])
    span = (
        Text("rank {rank}", rank=low)
        if low == high
        else Text("rank {low} to {high}", low=low, high=high)
    )
    if len(order.points) > found.top:
        told = Text(
            "With shaken weights {span}; in {share} % of draws among the first {top}",
            span=span,
            share=round(100 * float(found.share[position])),
            top=found.top,
        )
    else:
        told = Text("With shaken weights {span}", span=span)
    first, last = int(order.reach.first[position]), int(order.reach.last[position])
    if (first, last) == (order.ranks.first[position], order.ranks.last[position]):
        return Text("{told}.", told=told)
    return Text(
        "{told}. Whatever is true of what is unknown: rank {first} to {last}.",
        told=told,
        first=first,
        last=last,
    )


def group_of(rank: int) -> str:
    """Return the class of the map for a rank; 0 is none."""
    if not 0 < rank <= 3 * TOP:
        return "later"
    return "first" if rank <= TOP else "next"


def headline(order: Order) -> Text:
    """Say in a sentence how much the order depends on the weights."""
    count = len(order.points)
    if not count:
        return Text("There are no open tasks.")
    if count <= TOP:
        return Text(
            "{count} open {count:task|tasks}. So few can be worked through without a ranking.",
            count=count,
        )
    first = order.stability.share[order.ranks.first > 0]
    sure = int(np.count_nonzero(first >= INSIDE))
    return Text(
        "{count} open tasks. {sure} {sure:is|are} among the first {top} in at least nine of ten"
        " draws of shaken weights; the others depend on what you weigh.",
        count=count,
        sure=sure,
        top=TOP,
    )


def never_known(order: Order) -> tuple[Text, ...]:
    """Name the parts that have a weight but are unknown of every task, so that they say nothing."""
    labels = zip(PARTS.values(), order.ranking.never, strict=True)
    return tuple(p.label for p, never in labels if never and order.chosen.weights.get(p.name))


def document_of_order(
    order: Order, remarks: Sequence[tuple[Text, Any]], *, language: str
) -> Document:
    """
    Bundle a ranking for a file: tasks in their order with all parts and their doubts.

    Parameters
    ----------
    order
        What was ranked.
    remarks
        Further lines about it, such as that the town is invented.
    language
        Language of what is told about it.
    """
    chosen, rows = order.chosen, list(order.rows)
    table = order.ranking.tasks.iloc[rows]
    frame = table[[*TASK_COLUMNS, "geometry"]].copy()
    told: dict[str, Any] = {
        "rank_first": order.ranks.first[rows],
        "rank_last": order.ranks.last[rows],
        "points": order.points[rows],
        **{f"part_{name}": order.ranking.parts[name].to_numpy()[rows] for name in PARTS},
        "share_first": order.stability.share[rows],
        "rank_low": order.stability.low[rows],
        "rank_high": order.stability.high[rows],
        "why": [say(order.why[row], language) for row in rows],
    }
    for place, (name, values) in enumerate(told.items()):
        frame.insert(place, name, values)
    weights = ", ".join(
        f"{say(part.label, language)} {number(chosen.weights.get(name, 0), language=language)}"
        for name, part in PARTS.items()
    )
    shaken = Text(
        "{draws} draws, seed {seed}, standard deviation of the logarithm {spread}",
        draws=DRAWS, seed=SEED, spread=SPREAD,
    )  # fmt: skip
    columns = {column.name: column for column in (*OWN_COLUMNS, *COLUMNS)}
    about = [
        (Text("Name"), Text("Priorities")),
        *remarks,
        (Text("Weights"), weights),
        (Text("Shaken weights"), shaken),
        *((name, columns[name].meaning) for name in frame.columns if name in columns),
    ]
    lines = tuple((say(heading, language), say(text, language)) for heading, text in about)
    return Document("priorities", say(Text("Priorities"), language), frame, lines)


def _rank(first: int, last: int) -> str:
    if not first:
        return NONE
    return str(first) if first == last else f"{first}{NONE}{last}"
