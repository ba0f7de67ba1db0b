"""
Imagined towns of square cells, in which people are here and not there.

They stand in where methods are tried out: how often a test finds what is
there, and how often what is not. Busy cells lie beside busy ones, as around a
centre and along its streets.
"""

from __future__ import annotations

import numpy as np

from .paths import Floats, Ints

SIDE = 20
"""So many cells a town has from west to east, and from south to north."""
SPREAD = 3.25
"""Standard deviation of the logarithm of how many people pass a cell; assumption, see `power`."""
SMOOTH = 1.5
"""How far around it [cells] a busy place is busy; assumption."""
BUSIEST = 0.05
"""A worse place is looked for among this part of the cells, the busiest; assumption."""


def footfall(
    rng: np.random.Generator,
    towns: int,
    *,
    side: int = SIDE,
    spread: float = SPREAD,
    smooth: float = SMOOTH,
) -> Floats:
    """
    Imagine how many people pass each cell.

    Parameters
    ----------
    rng
        Generator that decides.
    towns
        How many towns.
    side
        Cells along a side of each; what leaves it on one side enters on the other.
    spread
        Standard deviation of the logarithm; 0 is even.
    smooth
        Standard deviation [cells] of the Gaussian that makes neighbours alike.

    Returns
    -------
    share
        (towns, side * side) share of all people; each row adds up to 1.
    """
    steps = np.fft.fftfreq(side)
    wave = np.exp(-2 * (np.pi * smooth * np.hypot(steps[:, None], steps)) ** 2)
    noise = rng.standard_normal((towns, side, side))
    level = np.real(np.fft.ifft2(np.fft.fft2(noise) * wave)).reshape(towns, -1)
    level -= level.mean(axis=1, keepdims=True)
    level /= level.std(axis=1, keepdims=True)
    people = np.exp(spread * level)
    return np.asarray(people / people.sum(axis=1, keepdims=True))


def busiest(share: Floats) -> Ints:
    """(towns, k) the busiest cells of each town, a part of `BUSIEST` of all and at least one."""
    most = max(round(BUSIEST * share.shape[1]), 1)
    return np.asarray(np.argsort(-share, axis=1, kind="stable")[:, :most])


def busy_places(rng: np.random.Generator, share: Floats) -> Ints:
    """(towns, 4) a block of two by two cells in each town, its first one among the busiest."""
    side = round(share.shape[1] ** 0.5)
    cell = rng.permuted(busiest(share), axis=1)[:, :1]
    down, right = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    return (cell // side + down) % side * side + (cell % side + right) % side
