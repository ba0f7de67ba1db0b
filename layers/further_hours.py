"""
Which existing place should open at which further hours: covering over place × span.

A span is a few hours on one day, in the morning, the afternoon or the evening.
Somebody gains an hour if a place within reach opens in it and none was open
before. Spans of one day part do not overlap, so the hours that a home lacks in
a span are one demand: all of them are gained at once by any place in reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from .open_when import ANY, DAYS, EVENINGS, PUBLIC_HOLIDAY, SHORT, WINDOWS
from .opening_hours import DAY
from .paths import Bools, Floats, Ints
from .siting import Problem, Solution, proof, quick
from .text import Text
from .weekly import Week

PARTS = ("mornings", "afternoons", "evenings")
"""Parts of the day in which a span begins, from data/hours.toml."""

SMALL = 400_000
"""A program with no more entries than this is proven at once."""

SECONDS = 3.0
"""So long may the proof take while somebody waits for the page."""

TIE = 1e-4
"""Weight of hours where people are counted: they only decide between equals."""


@dataclass(frozen=True)
class Span:
    """
    Some hours of one day.

    Parameters
    ----------
    day
        A name from `open_when.DAYS`.
    start, end
        First hour, and the hour at which it closes again.
    """

    day: str
    start: int
    end: int

    @property
    def slots(self) -> Ints:
        """Its hours among the 192 slots of `opening_hours`."""
        return DAY * DAYS.index(self.day) + np.arange(self.start, self.end)

    @property
    def words(self) -> Text:
        """The span as people say it."""
        return Text(
            "{day} {start} to {end}:00", day=SHORT[self.day], start=self.start, end=self.end
        )


def spans_of(when: str, length: float) -> tuple[Span, ...]:
    """
    Return the spans that may be opened in addition.

    Parameters
    ----------
    when
        A name from `open_when.WHEN`: any span of the week, those of evenings
        and weekends, or those of one day.
    length
        Hours of each span, at most 4.
    """
    days = DAYS if when == ANY else (when,)
    if when == EVENINGS:
        days = DAYS
    starts = {part: int(WINDOWS[part]["from"]) for part in PARTS}
    weekend = ("saturday", "sunday")
    return tuple(
        Span(day, starts[part], starts[part] + int(length))
        for day, part in product(days, PARTS)
        if (day != PUBLIC_HOLIDAY or when == PUBLIC_HOLIDAY)
        and (when != EVENINGS or day in weekend or part == "evenings")
    )


@dataclass(frozen=True, eq=False)
class Offer:
    """
    What could open, and what for.

    Parameters
    ----------
    spans
        The spans that may be opened.
    places
        (c,) positions of the places whose hours are known among those that fit.
    lacking
        (n, s) hours in which nobody in reach is open, per home and span.
    reach
        (n, c) what is stored is within reach.
    people
        (n,) people.
    """

    spans: tuple[Span, ...]
    places: Ints
    lacking: Floats
    reach: csr_array[Any]
    people: Floats

    @property
    def helps(self) -> bool:
        """Whether anybody who reaches one of the places lacks hours."""
        reaching = np.diff(self.reach.indptr) > 0
        return bool((self.lacking.sum(axis=1) * self.people)[reaching].any())

    def gained(self, chosen: Ints) -> Floats:
        """(n, s) hours that each home gains from candidates, numbered place by place."""
        hours = np.zeros_like(self.lacking)
        for candidate in chosen:
            place, span = divmod(int(candidate), len(self.spans))
            there = self.reach[:, [place]].nonzero()[0]
            hours[there, span] = self.lacking[there, span]
        return hours


def offer_of(week: Week, people: Floats, when: str, length: float, covered: Bools) -> Offer:
    """
    Lay out what could open.

    Parameters
    ----------
    week
        Who reaches an open place when.
    people
        (n,) people; NaN is nobody.
    when, length
        As in `spans_of`.
    covered
        (n, 192) hours that need nothing more: `week.asked`, or a bolder case.
    """
    spans = spans_of(when, length)
    lacking = [(~covered[:, span.slots]).sum(axis=1) for span in spans]
    places = np.flatnonzero(week.known)
    return Offer(
        spans,
        places,
        np.column_stack(lacking).astype(np.float64),
        csr_array(week.reach[:, places]),
        np.nan_to_num(people),
    )


def problem_of(offer: Offer, count: int, gain: str) -> Problem:
    """
    Write the question as one of covering.

    Parameters
    ----------
    offer
        What could open.
    count
        How many spans are opened.
    gain
        "person_hours": hours gained by all people together; "people": people
        who have no open place in any of the spans so far.
    """
    spans = len(offer.spans)
    rows, weights = zip(*_demands(offer, gain), strict=True)
    costs = vstack([csr_array((0, len(offer.places) * spans)), *rows], format="csr")
    most = min(count, costs.shape[1])
    return Problem("mclp", csr_array(costs), np.concatenate(weights), p=most)


def _demands(offer: Offer, gain: str) -> Iterator[tuple[csr_array[Any], Floats]]:
    spans = len(offer.spans)
    for number in range(spans):
        hours = offer.lacking[:, number] * offer.people
        here = np.flatnonzero(hours)
        reach = offer.reach[here]
        columns = (len(here), len(offer.places) * spans)
        moved = csr_array((reach.data, reach.indices * spans + number, reach.indptr), shape=columns)
        yield moved, hours[here] * (TIE if gain == "people" else 1.0)
    if gain == "people":
        wanting = np.array([span.end - span.start for span in offer.spans])
        never = np.flatnonzero((offer.lacking == wanting).all(axis=1) & (offer.people > 0))
        there = coo_array(offer.reach[never])
        row, place = np.repeat(there.row, spans), np.repeat(there.col, spans)
        column = place * spans + np.tile(np.arange(spans), there.nnz)
        shape = (len(never), len(offer.places) * spans)
        yield csr_array((np.ones(len(row)), (row, column)), shape=shape), offer.people[never]


def best(problem: Problem) -> Solution:
    """Answer at once; small questions are proven, one span is exact by trying all."""
    found = quick(problem)
    if found.proven or problem.costs.nnz > SMALL:
        return found
    return proof(problem, found, seconds=SECONDS)


def in_order(offer: Offer, chosen: Ints) -> tuple[Ints, tuple[Floats, ...]]:
    """
    Order candidates by what each adds to those before it.

    Returns
    -------
    order
        (p,) the candidates, the one that gains most first; those that gain
        nothing are left out.
    gains
        For each of them (n,) hours that every home gains by it.
    """
    left = [int(candidate) for candidate in chosen]
    lacking, order, gains = offer.lacking.copy(), [], []
    while left:
        added = [_added(offer, lacking, candidate) for candidate in left]
        totals = [float(offer.people @ hours) for hours in added]
        at = int(np.argmax(totals))
        if not totals[at] > 0:
            break
        span = left[at] % len(offer.spans)
        lacking[added[at] > 0, span] = 0
        order.append(left.pop(at))
        gains.append(added[at])
    return np.array(order, dtype=np.intp), tuple(gains)


def singles(offer: Offer) -> Floats:
    """(c, s) person-hours that each span at each place would gain by itself; exact."""
    return np.asarray(offer.reach.T.astype(bool) @ (offer.lacking * offer.people[:, None]))


def _added(offer: Offer, lacking: Floats, candidate: int) -> Floats:
    place, span = divmod(candidate, len(offer.spans))
    hours = np.zeros(len(offer.people))
    there = offer.reach[:, [place]].nonzero()[0]
    hours[there] = lacking[there, span]
    return hours
