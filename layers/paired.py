"""
How sure several shares are that stand beside each other, and the difference between them.

Before and after, by day and after dark, hour by hour: people, speed, homes and
places are the same whatever is compared, so each draw of them serves every
case. A difference is therefore surer than the shares it is made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .paths import Bools, Floats, Ints
from .uncertainty import AT_ONCE, CAUSES, NOTHING, Entries, Situation, cut, decided

Cases = Sequence[Sequence[Situation]]
"""For each share the situations whose mean it is; all with the same people and places."""


@dataclass(frozen=True, eq=False)
class Paired:
    """
    Draws of several shares under the same doubts.

    Parameters
    ----------
    shares
        (d, h, g) share of each group in each case [%]; NaN where nobody is counted.
    causes
        Which part of the variance each cause brings alone, for the last case and
        the first group; they add up to 1, or are all 0.
    """

    shares: Floats
    causes: dict[str, float]

    def ends(self, case: int, group: int = 0) -> tuple[float, float]:
        """Return between which two shares nine in ten draws lie [%]."""
        return _ends(self.shares[:, case, group])

    def difference(self, one: int, other: int, group: int = 0) -> tuple[float, float]:
        """Return the same for how much the other case exceeds the one [percentage points]."""
        return _ends(self.shares[:, other, group] - self.shares[:, one, group])


def paired(cases: Cases, *, draws: int = 1000, seed: int = 1) -> Paired:
    """
    Simulate several shares with common draws.

    Parameters
    ----------
    cases
        See `Cases`. Situations that share one `reach` are walked once.
    draws, seed
        As in `uncertainty.sureness`.
    """
    last = [cases[-1]]
    parts = {
        cause: float(
            np.var(
                _shares([[one.only(cause) for one in last[0]]], max(draws // 10, 1), seed + number)[
                    :, 0, 0
                ]
            )
        )
        for number, cause in enumerate(CAUSES, start=1)
    }
    parts = {cause: part if part > NOTHING else 0.0 for cause, part in parts.items()}
    total = sum(parts.values())
    causes = {cause: part / total if total > 0 else 0.0 for cause, part in parts.items()}
    by_weight = dict(sorted(causes.items(), key=lambda item: -item[1]))
    return Paired(_shares(cases, draws, seed), by_weight)


def _ends(drawn: Floats) -> tuple[float, float]:
    low, high = np.quantile(drawn, [0.05, 0.95])
    return float(low), float(high)


def _shares(cases: Cases, draws: int, seed: int) -> Floats:
    """(d, h, g) shares of every draw."""
    rng = np.random.default_rng(seed)
    first = cases[0][0]
    people = np.nan_to_num(first.people)
    variance = np.where(people > 0, first.people_deviation, 0.0) ** 2
    found = [[decided(one) for one in situations] for situations in cases]
    unsure = np.unique(np.concatenate([rows for case in found for _, rows in case]))
    fixed = np.array([np.mean([always for always, _ in case], axis=0) for case in found])
    fixed[:, unsure] = 0.0
    walked = _walked(cases, unsure)
    most = max([len(entries.metres) for entries, _ in walked.values()] + [len(unsure) * len(cases)])
    step = max(1, AT_ONCE // max(1, most))
    return np.concatenate(
        [
            _drawn(
                _reached(cases, walked, len(unsure), rng, min(step, draws - at)),
                fixed, people, variance, unsure, rng,
            )
            for at in range(0, draws, step)
        ]
    )  # fmt: skip


def _walked(cases: Cases, unsure: Ints) -> dict[int, tuple[Entries, Ints]]:
    """Gather walks of the undecided cells, once for each reach, and which cells have any."""
    found = {}
    for situation in (one for situations in cases for one in situations):
        if id(situation.reach) not in found:
            some = np.flatnonzero(np.diff(situation.reach.indptr)[unsure] > 0)
            found[id(situation.reach)] = (Entries.of(situation, unsure[some]), some)
    return found


def _reached(
    cases: Cases,
    walked: dict[int, tuple[Entries, Ints]],
    cells: int,
    rng: np.random.Generator,
    draws: int,
) -> Floats:
    """(d, h, u) part of the situations of a case in which each undecided cell is reached."""
    first = cases[0][0]
    places = len(first.chance)
    speed = 1 + first.speed * cut(rng, draws)
    moved = first.position * cut(rng, draws, places, 2)
    luck = rng.random((draws, places))
    shift = cut(rng, draws, cells)
    near = {
        key: _near(entries, some, first.limit * speed, moved, shift)
        for key, (entries, some) in walked.items()
    }
    reached = np.zeros((draws, len(cases), cells))
    for number, situations in enumerate(cases):
        alike = Counter((id(one.reach), id(one.chance)) for one in situations)
        for one in {(id(one.reach), id(one.chance)): one for one in situations}.values():
            entries, some = walked[id(one.reach)]
            if len(some):
                counts = (luck < one.chance)[:, entries.place]
                there = np.logical_or.reduceat(near[id(one.reach)] & counts, entries.starts, axis=1)
                many = alike[id(one.reach), id(one.chance)]
                reached[:, number, some] += there * (many / len(situations))
    return reached


def _near(entries: Entries, some: Ints, limit: Floats, moved: Floats, shift: Floats) -> Bools:
    """(d, e) whether each walk is short enough in each draw."""
    walks = entries.metres + (entries.deviation * shift[:, some])[:, entries.cell]
    walks += moved[:, entries.place, 0] * entries.toward[:, 0]
    walks += moved[:, entries.place, 1] * entries.toward[:, 1]
    return np.asarray(walks <= limit[:, None])


def _drawn(
    reached: Floats,
    fixed: Floats,
    people: Floats,
    variance: Floats,
    unsure: NDArray[np.intp],
    rng: np.random.Generator,
) -> Floats:
    """
    (d, h, g) shares, with the noise of counts.

    People reached in each case and all people are sums of the same noisy counts, so they
    are drawn together, with the covariances that follow from who is reached where.
    """
    d, h = reached.shape[:2]
    g = people.shape[1]
    mean = fixed @ people + reached @ people[unsure]
    total = people.sum(axis=0)
    both = np.empty((d, g, h + 1, h + 1))
    both[:, :, h, h] = variance.sum(axis=0)
    for a in range(h):
        both[:, :, a, h] = both[:, :, h, a] = fixed[a] @ variance + reached[:, a] @ variance[unsure]
        for b in range(a + 1):
            shared = (fixed[a] * fixed[b]) @ variance
            both[:, :, a, b] = shared + (reached[:, a] * reached[:, b]) @ variance[unsure]
            both[:, :, b, a] = both[:, :, a, b]
    # where two cases reach the same people there is no triangular root, but there is this one
    values, vectors = np.linalg.eigh(both)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]
    noise = np.einsum("dgab,dgb->dag", root, cut(rng, d, g, h + 1))
    counted = np.maximum(total + noise[:, h], 0.0)[:, None]
    inside = np.clip(mean + noise[:, :h], 0.0, counted)
    plain = np.divide(100 * mean, total, out=np.full(mean.shape, np.nan), where=total > 0)
    # a draw in which nobody is left tells nothing of counts: it is taken without their noise
    shares: Floats = np.divide(
        100 * inside, counted, out=plain, where=(counted > NOTHING) & (total > 0)
    )
    return shares
