"""
Groups of marks that may be shown, so formed that no subtraction shows a smaller one.

Marks wait in a *pool* until a *batch* takes them. A batch is a group of at
least k marks in one unit; once shown, its row never changes. Batches in fine
units stay until they retire as a whole. Batches in coarse units may be
*refined*: taken apart together with at least k new marks of the same unit,
into finer batches and perhaps one coarse batch again, nothing left over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .masks import LEVELS

FINE = ("segment", "cell_100", "cell_200")
"""Units whose batches are never taken apart: only they tell reasons and times of day."""
COARSE = ("cell_400", "district")


class Rules(Protocol):
    """What grouping needs to know of `publication.Rules`."""

    @property
    def least(self) -> int:
        """Fewest marks."""

    @property
    def least_sensitive(self) -> int:
        """Fewest marks where one names a sensitive factor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What grouping knows of one mark.

    Parameters
    ----------
    id
        Its id.
    keys
        Its unit on each of `masks.LEVELS`.
    factors
        Names of its factors.
    sensitive
        One of them is sensitive.
    sender
        Marks with the same sender count once towards k.
    """

    id: str
    keys: tuple[str, ...]
    factors: frozenset[str]
    sensitive: bool
    sender: str

    def key(self, level: str) -> str:
        """Return its unit on a level, "" if none."""
        return self.keys[LEVELS.index(level)]


Unit = tuple[str, str]
"""Level and key."""
Batch = tuple[str, str, tuple[Entry, ...]]
"""Level, key and members."""


def needed(entries: Iterable[Entry], rules: Rules) -> int:
    """Return how many marks a group like this needs."""
    return rules.least_sensitive if any(e.sensitive for e in entries) else rules.least


def enough(entries: Collection[Entry], rules: Rules) -> bool:
    """Tell whether a group is large enough to be shown; one sender's marks count once."""
    return len({e.sender for e in entries}) >= needed(entries, rules)


def grouped(
    pool: Sequence[Entry],
    coarse: dict[Unit, list[Entry]],
    *,
    open_units: Collection[Unit],
    rules: Rules,
) -> tuple[list[Batch], set[Unit]]:
    """
    Form the batches of one release and one kind of mark.

    Parameters
    ----------
    pool
        Marks that no batch holds, the oldest first.
    coarse
        Coarse unit → all marks of the batches there, if these can be taken apart.
    open_units
        Units with enough addresses in which nothing retires this time.
    rules
        Sizes.

    Returns
    -------
    batches
        New ones, disjoint.
    taken_apart
        Coarse units whose former batches are replaced.
    """
    batches = list(_fine(pool, open_units, rules))
    waiting = _without(pool, batches)
    taken_apart: set[Unit] = set()
    for level in COARSE:
        for unit in sorted(u for u in coarse if u[0] == level and u in open_units):
            here = [e for e in waiting if e.key(level) == unit[1]]
            refined = _refined(unit, coarse[unit], here, open_units, rules)
            if refined:
                taken_apart.add(unit)
                batches += refined
                waiting = _without(waiting, refined)
    for level in COARSE:
        for unit, here in _by_unit(waiting, level).items():
            if unit in open_units and unit not in taken_apart:
                batches += [(*unit, group) for group in _shown(here, rules)]
        waiting = _without(waiting, batches)
    return batches, taken_apart


def _fine(entries: Sequence[Entry], open_units: Collection[Unit], rules: Rules) -> Iterator[Batch]:
    """Form batches in fine units: by reason where a reason has enough marks, else mixed."""
    left = list(entries)
    for level in FINE:
        formed: list[Batch] = []
        for unit, here in _by_unit(left, level).items():
            if unit in open_units:
                formed += [(*unit, group) for group in _by_reason(here, rules)]
        left = _without(left, formed)
        yield from formed


def _by_reason(entries: Sequence[Entry], rules: Rules) -> Iterator[tuple[Entry, ...]]:
    left = list(entries)
    while len(left) >= rules.least:
        naming: dict[str, list[Entry]] = defaultdict(list)
        for entry in left:
            for factor in entry.factors:
                naming[factor].append(entry)
        best = sorted(naming, key=lambda factor: (-len(naming[factor]), factor))
        group = next((g for f in best for g in _shown(naming[f], rules)), None)
        if group is None:
            break
        yield group
        taken = {e.id for e in group}
        left = [e for e in left if e.id not in taken]
    yield from _shown(left, rules)


def _shown(entries: Sequence[Entry], rules: Rules) -> list[tuple[Entry, ...]]:
    """Return all of a group if it is large enough, else those without sensitive factors."""
    for group in (tuple(entries), tuple(e for e in entries if not e.sensitive)):
        if enough(group, rules):
            return [group]
    return []


def _refined(
    unit: Unit,
    old: Sequence[Entry],
    new: Sequence[Entry],
    open_units: Collection[Unit],
    rules: Rules,
) -> list[Batch]:
    """
    Take the batches of a coarse unit apart, or return nothing.

    Everything that was shown is shown again; at least k marks are new; and
    what remains in the coarse unit is as many as before or differs by k.
    """
    if not enough(new, rules):
        return []
    finer = list(_fine([*old, *new], open_units, rules))
    if not finer:
        return []
    rest, spare = _without(old, finer), _without(new, finer)
    moved = [e for e in new if e not in set(spare)]
    for count in range(len(spare), -1, -1):
        remaining = (*rest, *spare[:count])
        if (
            (not remaining or enough(remaining, rules))
            and _apart(len(remaining), len(old), needed((*old, *remaining), rules))
            and enough([*moved, *spare[:count]], rules)
        ):
            return [*finer, *([(*unit, remaining)] if remaining else [])]
    return []


def _apart(now: int, before: int, step: int) -> bool:
    return now == before or abs(now - before) >= step


def _by_unit(entries: Iterable[Entry], level: str) -> dict[Unit, list[Entry]]:
    found: dict[Unit, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.key(level):
            found[level, entry.key(level)].append(entry)
    return dict(sorted(found.items()))


def _without(entries: Iterable[Entry], batches: Iterable[Batch]) -> list[Entry]:
    taken = {member.id for *_, members in batches for member in members}
    return [entry for entry in entries if entry.id not in taken]
