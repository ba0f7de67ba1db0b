"""
Minutes of presence or cleaning, shared out without the loop.

Whoever sends people to where most is found, finds most where people were
sent. Three rules break that loop: what rounds find themselves never counts
(it is not even an argument here), a share of the minutes goes to places by
chance, and no district has more than a few times as many minutes per resident
as another. Within these rules the sum of what the minutes are worth is as
large as it can be, and proven to be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array

from .errors import InfeasibleError, ParameterError
from .facts import facts
from .paths import Bools, Floats, Ints
from .text import Text

_FACTS = facts("presence")
SLOT: float = _FACTS["slot"]["minutes"]
"""Nobody is sent anywhere for less [min]."""
MOST: int = _FACTS["slot"]["most"]
"""So many slots has one place at most."""
WORTH: float = _FACTS["slot"]["worth"]
"""Each further slot at a place is worth so much of the one before."""
SHARE, SHARE_LEAST, SHARE_MOST, UNKNOWN = (
    float(_FACTS["exploration"][name]) for name in ("share", "least", "most", "unknown")
)
"""Minutes by chance [%]: as usual, at least, at most; streets without a task count so often."""
FACTOR, FACTOR_LEAST, FACTOR_MOST = (
    float(_FACTS["fairness"][name]) for name in ("factor", "least", "most")
)
"""How many times as many minutes per resident one district may have as another."""
ANYTHING = 1e-4
"""What a slot by chance is worth beside a task: only enough to be spent."""
GAP = 1e-6
PER = 1000.0
"""Minutes are compared per so many residents."""


@dataclass(frozen=True)
class Service:
    """What rounds can do, from data/presence.toml: reasons of marks it helps against."""

    name: str
    label: Text
    about: Text
    factors: tuple[str, ...]


SERVICES: dict[str, Service] = {
    name: Service(name, Text(entry["label"]), Text(entry["about"]), tuple(entry["factors"]))
    for name, entry in _FACTS.items()
    if entry["is"] == "service"
}
"""Services, by name."""


@dataclass(frozen=True)
class Rules:
    """
    How minutes are shared out.

    Parameters
    ----------
    minutes
        In a week; whole slots of them are given.
    exploration
        Share by chance [%].
    fairness
        No district has more than so many times as many minutes per resident as another, give
        or take one slot; inf is no bound.
    """

    minutes: float
    exploration: float = SHARE
    fairness: float = FACTOR

    def __post_init__(self) -> None:
        """Look for faults, all at once."""
        faults = []
        if not SLOT <= self.minutes <= 100_000:
            faults.append(Text("minutes a week: from {least} to 100,000", least=SLOT))
        if not 0 <= self.exploration <= SHARE_MOST:
            faults.append(Text("by chance: from 0 to {most} %", most=SHARE_MOST))
        if not self.fairness >= FACTOR_LEAST:
            faults.append(Text("the bound between districts: 1 or more"))
        if faults:
            raise ParameterError(faults)

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return int(self.minutes // SLOT)

    @property
    def by_chance(self) -> int:
        """How many of them at least go to places by chance; halves upwards."""
        return int(np.ceil(self.slots * self.exploration / 100 - 1e-9))


@dataclass(frozen=True, eq=False)
class Shares:
    """
    Who gets how many slots.

    Parameters
    ----------
    slots
        (n,) of each place that is worth something.
    by_chance
        (d,) of each district that go to streets by chance: the floor, what is needed to keep
        districts even, and what no place needs.
    value
        What the slots at places are worth together.
    """

    slots: Ints
    by_chance: Ints
    value: float

    def minutes(self, district: Ints) -> Floats:
        """(d,) minutes of each district."""
        at_places = np.bincount(district, self.slots, minlength=len(self.by_chance))
        return np.asarray(SLOT * (at_places + self.by_chance))


def shared_out(value: Floats, district: Ints, residents: Floats, rules: Rules) -> Shares:
    """
    Give every place its slots, as much worth as the rules allow.

    Parameters
    ----------
    value
        (n,) what the first slot at each place is worth, such as points of its priority; not
        negative. Further ones are worth `WORTH` of the one before.
    district
        (n,) of each place, 0 to d.
    residents
        (d,) of each district; one without anybody is not bound.
    rules
        See `Rules`.

    Raises
    ------
    InfeasibleError
        If nothing keeps to the rules.

    Notes
    -----
    An integer program: y(j, s) is 1 if place j has its s-th slot, z(d) slots by chance of a
    district, t the least minutes per 1,000 residents; t ≤ m(d) ≤ factor · t up to one slot.
    Slots by chance go to districts by their residents first, so that they are even by
    themselves.
    """
    n, d = len(value), len(residents)
    worth = (value[:, None] * WORTH ** np.arange(MOST)).ravel()
    place_of = np.repeat(district, MOST)
    slots = csr_array((np.ones(n * MOST), (place_of, np.arange(n * MOST))), shape=(d, n * MOST))
    bound = residents > 0
    per = np.where(bound, SLOT * PER / np.where(bound, residents, 1.0), 0.0)
    floor = evenly(rules.by_chance, residents)
    total = LinearConstraint(
        np.concatenate([np.ones(n * MOST + d), [0.0]])[None], rules.slots, rules.slots
    )
    constraints = [total]
    if np.isfinite(rules.fairness) and bound.sum() > 1:
        rate = [csr_array(per[:, None] * slots.toarray()), csr_array(np.diag(per))]
        least = block_array([[*rate, csr_array(-np.ones((d, 1)))]])[bound]
        most = block_array([[*rate, csr_array(np.full((d, 1), -rules.fairness))]])[bound]
        constraints += [
            LinearConstraint(least, -per[bound], np.inf),
            LinearConstraint(most, -np.inf, per[bound]),
        ]
    found = milp(
        -np.concatenate([worth, np.full(d, ANYTHING), [0.0]]),
        constraints=constraints,
        bounds=Bounds(
            np.concatenate([np.zeros(n * MOST), floor, [0.0]]),
            np.concatenate([np.ones(n * MOST), np.full(d, rules.slots), [np.inf]]),
        ),
        integrality=np.concatenate([np.ones(n * MOST + d), [0]]),
        options={"mip_rel_gap": GAP, "time_limit": 60.0},
    )
    if found.x is None:
        raise InfeasibleError([NOTHING_KEEPS])
    chosen = np.rint(found.x).astype(np.intp)
    at_places = chosen[: n * MOST].reshape(n, MOST).sum(axis=1)
    return Shares(at_places, chosen[n * MOST : -1], float(worth @ chosen[: n * MOST]))


def evenly(slots: int, residents: Floats) -> Ints:
    """(d,) slots by residents, largest remainders first (Hamilton); ties to the earlier one."""
    total = residents.sum()
    quota = slots * (
        residents / total if total > 0 else np.full(len(residents), 1 / len(residents))
    )
    given = np.floor(quota + 1e-9)
    rest = int(slots - given.sum())
    first = np.argsort(-(quota - given), kind="stable")[:rest]
    given[first] += 1
    return given.astype(np.intp)


@dataclass(frozen=True, eq=False)
class Drawn:
    """
    Streets drawn by chance.

    Parameters
    ----------
    chosen
        Positions of the streets, one for each slot, in the order of the draw.
    chance
        (n,) how likely each street of the city was drawn at least once, so that what is found
        there can be counted for all that were not.
    """

    chosen: Ints
    chance: Floats


def draw(known: Bools, district: Ints, slots: Ints, *, seed: int) -> Drawn:
    """
    Draw streets by chance, district by district, so that every street has a known chance.

    Parameters
    ----------
    known
        (n,) whether there is an open task at a street; those without count `UNKNOWN` times.
    district
        (n,) of each street.
    slots
        (d,) how many are drawn in each; a district with fewer streets has some twice.
    seed
        The same seed draws the same streets.

    Source
    ------
    Systematic sampling with unequal chances: Madow (1949), Annals of Mathematical Statistics
    20(3), 333-354.
    """
    rng = np.random.default_rng(seed)
    weight = np.where(known, 1.0, UNKNOWN)
    chance = np.zeros(len(known))
    chosen: list[int] = []
    for number, many in enumerate(slots):
        here = rng.permutation(np.flatnonzero(district == number))
        if not len(here) or not many:
            continue
        share = many * weight[here] / weight[here].sum()
        upto = np.cumsum(share)
        upto[-1] = many
        points = rng.random() + np.arange(many)
        at = np.minimum(np.searchsorted(upto, points, side="right"), len(here) - 1)
        chosen += here[at].tolist()
        chance[here] = np.minimum(share, 1.0)
    return Drawn(np.array(chosen, dtype=np.intp), chance)


NOTHING_KEEPS = Text(
    "nothing keeps to these rules: give more minutes, or let districts differ more"
)
