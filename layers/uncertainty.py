"""
How sure a share of people reached is: a simulation over what may be wrong.

Everything is drawn on walks that have been computed already, so that a
thousand draws take about a second for a city. Deviations are cut at three
standard deviations; what can never change is decided once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .facts import facts
from .paths import Bools, Floats
from .text import Text

CUT = 3.0
"""No draw lies farther out than so many standard deviations."""

CAUSES: dict[str, Text] = {
    "people": Text("how many people live where"),
    "speed": Text("how fast people walk"),
    "position": Text("where places and homes are exactly"),
    "unknown": Text("places of which something is unknown"),
}
"""What may be wrong, in words."""

DEVIATIONS: dict[str, float] = {name: e["deviation"] for name, e in facts("uncertainty").items()}
"""Standard deviations, from data/uncertainty.toml."""

NOTHING = 1e-9
"""A variance [% squared] below this is rounding."""

AT_ONCE = 4_000_000
"""So many distances are drawn at once (32 MB each)."""


@dataclass(frozen=True)
class Situation:
    """
    What a share is computed from, and how wrong each part of it may be.

    Parameters
    ----------
    reach
        (n, k) metres from cells to places, farther than `limit` (see `horizon`).
    toward
        (nnz, 2) direction from the cell to the place, of length one.
    limit
        Longest walk that counts [m].
    people, people_deviation
        (n, g) people of each group per cell, and how far off that may be [people].
    start_deviation
        (n,) how far homes lie from the point a cell starts at [m].
    chance
        (k,) how likely each place counts at all, 0 to 1.
    speed, position
        How far off speed [part of it] and places [m, in each direction] may be.
    """

    reach: csr_array[Any]
    toward: Floats
    limit: float
    people: Floats
    people_deviation: Floats
    start_deviation: Floats
    chance: Floats
    speed: float = DEVIATIONS["speed"]
    position: float = DEVIATIONS["position"]

    def only(self, cause: str) -> Situation:
        """Return the situation in which nothing but one of `CAUSES` may be wrong."""
        nothing = np.zeros(len(self.people))
        parts: dict[str, Any] = {
            "people_deviation": self.people_deviation * (cause == "people"),
            "speed": self.speed if cause == "speed" else 0.0,
            "position": self.position if cause == "position" else 0.0,
            "start_deviation": self.start_deviation if cause == "position" else nothing,
        }
        if cause != "unknown":
            parts["chance"] = np.where(self.chance >= 0.5, 1.0, 0.0)
        return replace(self, **parts)


@dataclass(frozen=True)
class Sureness:
    """
    How sure a share is.

    Parameters
    ----------
    low, high
        (g,) nine in ten draws lie between them, for each group [%].
    causes
        Which part of the variance each cause of `CAUSES` brings alone, for the first
        group; they add up to 1.
    draws
        How many draws it rests on.
    """

    low: Floats
    high: Floats
    causes: dict[str, float]
    draws: int


def horizon(limit: float, start: float) -> float:
    """
    How far walks must be known [m] for a simulation about `limit`.

    Parameters
    ----------
    limit
        Longest walk that counts [m].
    start
        Greatest deviation of a start [m].
    """
    sideways = CUT * (DEVIATIONS["position"] * np.sqrt(2) + start)
    return float(limit * (1 + CUT * DEVIATIONS["speed"]) + sideways)


def sureness(situation: Situation, *, draws: int = 1000, seed: int = 1) -> Sureness:
    """
    Simulate how sure a share of people reached is.

    Parameters
    ----------
    situation
        What the share is computed from.
    draws
        How often everything is drawn anew.
    seed
        The same seed gives the same interval.

    Returns
    -------
    sureness
        Its 90 % interval, and what makes it wide.
    """
    low, high = np.quantile(shares(situation, draws=draws, seed=seed), [0.05, 0.95], axis=0)
    parts = {
        cause: float(
            np.var(shares(situation.only(cause), draws=max(draws // 10, 1), seed=seed + n)[:, 0])
        )
        for n, cause in enumerate(CAUSES, start=1)
    }
    parts = {cause: part if part > NOTHING else 0.0 for cause, part in parts.items()}
    total = sum(parts.values())
    return Sureness(
        low,
        high,
        {cause: part / total if total > 0 else 0.0 for cause, part in parts.items()},
        draws,
    )


def shares(situation: Situation, *, draws: int, seed: int) -> Floats:
    """
    Draw the share of people reached again and again [%].

    Parameters
    ----------
    situation, draws, seed
        As in `sureness`.

    Returns
    -------
    shares
        (draws, g) 0 to 100; NaN where nobody is counted.
    """
    rng = np.random.default_rng(seed)
    always, rows = decided(situation)
    people = np.nan_to_num(situation.people)
    variance = np.where(people > 0, situation.people_deviation, 0.0) ** 2
    # counts are wrong independently, so the variances of sums are sums of variances
    both = np.hstack([people, variance])
    entries = Entries.of(situation, rows)
    step = max(1, AT_ONCE // max(1, len(entries.metres)))
    inside = both[always].sum(axis=0) + np.concatenate(
        [
            _reached(entries, situation, rng, min(step, draws - first)) @ both[rows]
            for first in range(0, draws, step)
        ]
    )
    outside = np.maximum(both.sum(axis=0) - inside, 0.0)
    groups = people.shape[1]
    a, b = (
        np.maximum(part[:, :groups] + np.sqrt(part[:, groups:]) * cut(rng, draws, groups), 0.0)
        for part in (inside, outside)
    )
    # a draw in which nobody is left tells nothing of counts: it is taken without their noise
    plain = inside[:, :groups], people.sum(axis=0)
    share = np.divide(100 * plain[0], plain[1], out=np.full(a.shape, np.nan), where=plain[1] > 0)
    return np.divide(100 * a, a + b, out=share, where=a + b > 0)


@dataclass(frozen=True)
class Entries:
    """
    Walks of the cells that may or may not be reached, cell by cell.

    Parameters
    ----------
    metres, toward, place
        (e,) walks, their directions, and the place each leads to.
    cell
        (e,) position of the cell among those of this table.
    starts
        (c,) where each cell's walks begin.
    deviation
        (c,) of its start [m].
    """

    metres: Floats
    toward: Floats
    place: NDArray[np.intp]
    cell: NDArray[np.intp]
    starts: NDArray[np.intp]
    deviation: Floats

    @classmethod
    def of(cls, situation: Situation, rows: NDArray[np.intp]) -> Entries:
        """Gather the walks of some cells of a situation."""
        reach = situation.reach
        counts = np.diff(reach.indptr)[rows]
        taken = np.concatenate(
            [np.arange(reach.indptr[r], reach.indptr[r + 1]) for r in rows]
            or [np.empty(0, dtype=np.intp)]
        ).astype(np.intp)
        return cls(
            reach.data[taken],
            situation.toward[taken],
            reach.indices[taken].astype(np.intp),
            np.repeat(np.arange(len(rows)), counts),
            (np.cumsum(counts) - counts).astype(np.intp),
            situation.start_deviation[rows],
        )


def _reached(
    entries: Entries, situation: Situation, rng: np.random.Generator, draws: int
) -> NDArray[np.float64]:
    """Whether each undecided cell is reached in each draw (draws × cells), as 0 and 1."""
    cells, places = len(entries.starts), len(situation.chance)
    speed = 1 + situation.speed * cut(rng, draws)
    moved = situation.position * cut(rng, draws, places, 2)
    counts = rng.random((draws, places)) < situation.chance
    start = entries.deviation * cut(rng, draws, cells)
    if not cells:
        return np.zeros((draws, 0))
    walks = entries.metres + start[:, entries.cell]
    walks += moved[:, entries.place, 0] * entries.toward[:, 0]
    walks += moved[:, entries.place, 1] * entries.toward[:, 1]
    near = (walks <= situation.limit * speed[:, None]) & counts[:, entries.place]
    return np.logical_or.reduceat(near, entries.starts, axis=1).astype(float)


def decided(situation: Situation) -> tuple[Bools, NDArray[np.intp]]:
    """Cells that are reached whatever is drawn, and positions of those that may be."""
    reach = situation.reach
    row = np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr))
    margin = CUT * (
        situation.position * np.abs(situation.toward).sum(axis=1) + situation.start_deviation[row]
    )
    surely = situation.chance[reach.indices] >= 1
    surely &= reach.data + margin <= situation.limit * (1 - CUT * situation.speed)
    maybe = reach.data - margin <= situation.limit * (1 + CUT * situation.speed)
    maybe &= situation.chance[reach.indices] > 0
    always = np.bincount(row[surely], minlength=reach.shape[0]) > 0
    sometimes = np.bincount(row[maybe], minlength=reach.shape[0]) > 0
    return always, np.flatnonzero(sometimes & ~always)


def cut(rng: np.random.Generator, *shape: int) -> Floats:
    """Draw standard normal deviations that are cut at `CUT`."""
    return np.clip(rng.standard_normal(shape), -CUT, CUT)
