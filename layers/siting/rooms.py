"""Sharing people out among places with limited room."""

from __future__ import annotations

from typing import Any

from scipy.sparse import csr_array

from .problem import Ints, Problem


def shared_out(problem: Problem, chosen: Ints) -> csr_array[Any]:
    """
    Share people out among the chosen places as well as can be.

    Parameters
    ----------
    problem
        The question, with capacities.
    chosen
        (k,) candidates.

    Returns
    -------
    taken
        (n, m) people of each demand that each place takes.
    """
    raise NotImplementedError
