"""
What one dark way, or one marked spot, is worth: exact counterfactuals, each alone.

Two questions for every one of them. *Loss*: if all else were as by day and
only this one were dark, who would lose the place within reach? *Gain*: as
things are now, if only this one were mended, who would get one back? The two
differ, because several dark ways may stand between a home and its place: then
each alone costs nothing as long as the others stay, and together they do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .paths import Floats, Ints
from .pieces import Pieces, Spread, pointers_of
from .text import Text
from .watch import Watch, nobody, part

ROUNDING = 1e-6
"""Differences below this [m] are rounding: nobody loses a place by them."""

STEPS = 20
"""So often the progress is told."""


@dataclass(frozen=True, eq=False)
class Projects:
    """
    What could be mended, each by itself.

    Parameters
    ----------
    first
        (k+1,) where the edges of each project begin.
    edge
        (t,) its edges.
    alone
        (t,) what a metre of the edge counts as if only this project is not mended.
    mended
        (t,) what it counts as if only this project is mended.
    """

    first: Ints
    edge: Ints
    alone: Floats
    mended: Floats

    @classmethod
    def of(cls, project: Ints, edge: Ints, alone: Floats, mended: Floats, count: int) -> Projects:
        """
        Gather the edges of each project.

        Parameters
        ----------
        project
            (t,) which of the `count` projects each edge belongs to.
        edge, alone, mended
            (t,) as in the class.
        count
            How many projects there are.
        """
        order = np.lexsort((edge, project))
        first = pointers_of(project[order], count)
        return cls(first, edge[order], alone[order], mended[order])

    def __len__(self) -> int:
        """How many there are."""
        return len(self.first) - 1

    def some(self, since: int, until: int) -> Projects:
        """Return the projects from `since` to before `until`."""
        edges = slice(self.first[since], self.first[until])
        first = self.first[since : until + 1] - self.first[since]
        return Projects(first, self.edge[edges], self.alone[edges], self.mended[edges])

    def on(self, pieces: Pieces) -> tuple[Ints, Ints, Ints]:
        """Return the projects as pieces: pointers, pieces, and which edge entry each is of."""
        counts = np.diff(pieces.first)[self.edge]
        entry = np.repeat(np.arange(len(self.edge)), counts)
        begins = np.repeat(np.cumsum(counts) - counts, counts)
        chosen = pieces.first[self.edge[entry]] + np.arange(len(entry)) - begins
        ends = np.concatenate([[0], np.cumsum(counts)])
        return ends[self.first].astype(np.int64), chosen.astype(np.int64), entry


@dataclass(frozen=True, eq=False)
class Weights:
    """
    What each project is worth.

    Parameters
    ----------
    people
        (k,) people who lose a place within the limit, or get one back.
    metres
        (k,) metres of walk that count more, or less, summed over all people.
    """

    people: Floats
    metres: Floats


def homes_of(pieces: Pieces, people: Floats) -> tuple[Ints, Floats, Floats]:
    """
    Return who lives at which node; whoever lives inside a place is there already.

    Parameters
    ----------
    pieces
        n nodes and the homes.
    people
        (h,) people per home; NaN is unknown and not counted.

    Returns
    -------
    pointers
        (n+1,) where the homes of each node begin.
    stub, people
        Straight way to the door [m], and how many live there.
    """
    counted = np.nan_to_num(people)
    chosen = np.flatnonzero((pieces.home >= 0) & ~pieces.inside & (counted > 0))
    chosen = chosen[np.argsort(pieces.home[chosen], kind="stable")]
    pointers = pointers_of(pieces.home[chosen], len(pieces.start))
    return pointers, pieces.stub[chosen], counted[chosen]


def losses(
    pieces: Pieces,
    people: Floats,
    limit: float,
    projects: Projects,
    *,
    watch: Watch = nobody,
) -> Weights:
    """
    Count for each project who loses a place if all is as by day but this one.

    Parameters
    ----------
    pieces
        The ways, with h homes and the places.
    people
        (h,) people per home; NaN is unknown and not counted.
    limit
        Longest walk that counts [m].
    projects
        k projects.
    watch
        Is told how far the work is.

    Returns
    -------
    weights
        (k,) exact: equal to walking through the whole city once per project.
        Only the branches of the tree of shortest paths that hang on a
        project are walked again; a project off this tree costs nothing.

    Source
    ------
    Dynamic shortest paths by repairing the affected branches: Ramalingam &
    Reps (1996), Journal of Algorithms 21(2), 267-305.
    """
    # numba is heavy, and most questions need none of this
    from .kernels_edges import raised  # noqa: PLC0415

    slow = np.ones(len(pieces.first) - 1)
    base, homes = pieces.spread(slow), homes_of(pieces, people)
    tree = _children(pieces, base)

    def count(some: Projects) -> Weights:
        first, chosen, entry = some.on(pieces)
        return Weights(
            *raised(
                pieces.neighbours,
                pieces.cost(slow),
                pieces.ground,
                pieces.start,
                pieces.ends,
                base.felt,
                base.before,
                tree,
                homes,
                limit + ROUNDING,
                (first, chosen, some.alone[entry]),
            )
        )

    return _in_steps(projects, count, watch, Text("Each dark way alone"))


def gains(
    pieces: Pieces,
    people: Floats,
    limit: float,
    projects: Projects,
    slow: Floats,
    *,
    watch: Watch = nobody,
) -> Weights:
    """
    Count for each project who gets a place back if it alone is mended.

    Parameters
    ----------
    pieces, people, limit, projects, watch
        As in `losses`.
    slow
        (m,) what a metre of each edge counts as now.

    Returns
    -------
    weights
        (k,) exact, as in `losses`: an improvement is followed only as far as
        it shortens a walk.
    """
    # numba is heavy, and most questions need none of this
    from .kernels_edges import lowered  # noqa: PLC0415

    base, homes = pieces.spread(slow), homes_of(pieces, people)

    def count(some: Projects) -> Weights:
        first, chosen, entry = some.on(pieces)
        return Weights(
            *lowered(
                pieces.neighbours,
                pieces.cost(slow),
                pieces.ground,
                pieces.ends,
                base.felt,
                homes,
                limit + ROUNDING,
                (first, chosen, some.mended[entry]),
            )
        )

    return _in_steps(projects, count, watch, Text("Each mended alone"))


def best_together(
    pieces: Pieces,
    people: Floats,
    limit: float,
    projects: Projects,
    slow: Floats,
    most: int,
    *,
    watch: Watch = nobody,
) -> tuple[Ints, Floats]:
    """
    Choose projects one after the other, each time the one that adds most.

    Parameters
    ----------
    pieces, people, limit, projects, slow, watch
        As in `gains`; the projects share no edge.
    most
        So many are chosen at most.

    Returns
    -------
    chosen
        (j,) projects in the order of choice; it ends where none regains
        anybody. Not proven to be the best choice: two ways that help only
        together are not found one by one.
    regained
        (j,) people who have a place again with the projects up to here, exact.
    """
    chosen: list[int] = []
    regained = [0.0]
    slow = slow.copy()
    for number in range(min(most, len(projects))):
        step = part(watch, number / most, (number + 1) / most)
        weights = gains(pieces, people, limit, projects, slow, watch=step)
        best = int(np.lexsort((-weights.metres, -weights.people))[0])
        if weights.people[best] <= 0:
            break
        chosen.append(best)
        regained.append(regained[-1] + float(weights.people[best]))
        edges = slice(projects.first[best], projects.first[best + 1])
        slow[projects.edge[edges]] = projects.mended[edges]
    return np.array(chosen, dtype=np.intp), np.array(regained[1:])


def _in_steps(
    projects: Projects, count: Callable[[Projects], Weights], watch: Watch, doing: Text
) -> Weights:
    """Count the projects in some steps, and tell the watch after each."""
    bounds = np.unique(np.linspace(0, len(projects), STEPS + 1).astype(int))
    found = []
    for since, until in pairwise(bounds):
        watch(since / max(len(projects), 1), doing)
        found.append(count(projects.some(int(since), int(until))))
    watch(1.0, doing)
    nothing = [Weights(np.empty(0), np.empty(0))]
    return Weights(
        np.concatenate([w.people for w in nothing + found]),
        np.concatenate([w.metres for w in nothing + found]),
    )


def _children(pieces: Pieces, base: Spread) -> tuple[Ints, Ints]:
    """For each node, the nodes whose way leads over it next."""
    child = np.flatnonzero(base.before >= 0)
    ends = pieces.ends[base.before[child]]
    parent = np.where(ends[:, 0] == child, ends[:, 1], ends[:, 0])
    order = np.argsort(parent, kind="stable")
    return pointers_of(parent[order], len(pieces.start)), child[order]
