"""Why a task has its rank, in one sentence: what lifts it and what holds it down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .paths import Floats
from .priorities import HUNDRED, LEFT_OUT, PARTS, Ranks, filled, points, ranks, score
from .text import Text

LEAST = 1.0
"""What moves a score by less than this [points] is not named."""
MOST = 3
"""So many parts are named on each side."""


def medians(parts: Floats) -> Floats:
    """Return the middle value of each part among the tasks that know it; NaN where none does."""
    columns = [column[~np.isnan(column)] for column in parts.T]
    return np.array([np.median(known) if len(known) else np.nan for known in columns])


def moved(parts: Floats, weights: Floats) -> Floats:
    """
    Return by how many points each part sets a task apart from the median task.

    Parameters
    ----------
    parts, weights
        As in `layers.priorities.score`.

    Returns
    -------
    moved
        (n, k) weight · (part - its median) as a share of all weights [points];
        0 where the part is unknown.
    """
    apart = np.nan_to_num(parts - medians(parts), nan=0.0)
    return np.asarray(HUNDRED * apart * weights / weights.sum())


def why(parts: Floats, weights: Floats, *, unknown: str = LEFT_OUT) -> list[Text]:
    """
    Tell of every task why it has its rank.

    Parameters
    ----------
    parts, weights, unknown
        As in `layers.priorities.score`.

    Returns
    -------
    sentences
        One per task: its rank, the parts that lift it and those that hold it
        down against the median task, and what is unknown.
    """
    places = ranks(points(score(parts, weights, unknown=unknown)))
    apart = moved(filled(parts, unknown), weights)
    # what nobody knows of any task sets none apart
    missing = np.isnan(parts) & (weights > 0) & ~np.isnan(parts).all(axis=0)
    return [
        _with_unknown(_sentence(ranked(places, row), apart[row]), missing[row])
        for row in range(len(parts))
    ]


def ranked(places: Ranks, row: int) -> Text:
    """Say a rank, and with how many others it is shared."""
    first, last = int(places.first[row]), int(places.last[row])
    if not first:
        return Text("no rank")
    if first == last:
        return Text("rank {rank}", rank=first)
    return Text("rank {first} to {last}, equal", first=first, last=last)


def _sentence(rank: Text, apart: Floats) -> Text:
    order = np.argsort(-np.abs(apart), kind="stable")
    lifts = _named([part for part in order if apart[part] >= LEAST][:MOST])
    holds = _named([part for part in order if apart[part] <= -LEAST][:MOST])
    if lifts and holds:
        return Text(
            "{rank}: lifted by {lifts}; held down by {holds}", rank=rank, lifts=lifts, holds=holds
        )
    if lifts:
        return Text("{rank}: lifted by {lifts}; nothing holds it down", rank=rank, lifts=lifts)
    if holds:
        return Text("{rank}: held down by {holds}; nothing lifts it", rank=rank, holds=holds)
    return Text("{rank}: like the median task in everything that is known", rank=rank)


def _with_unknown(told: Text, missing: Sequence[bool]) -> Text:
    names = _named(np.flatnonzero(missing).tolist())
    if not names:
        return Text("{told}.", told=told)
    return Text("{told}. Unknown: {parts}.", told=told, parts=names)


def _named(which: Sequence[int]) -> tuple[Text, ...]:
    labels = [part.label for part in PARTS.values()]
    return tuple(labels[int(part)] for part in which)
