"""Shares and quantiles of people: every cell counts as often as people live in it."""

import numpy as np

from .paths import Bools, Floats


def share(people: Floats, chosen: Bools) -> float:
    """
    Share of people for whom something holds [%].

    Parameters
    ----------
    people
        (n,) people per cell; NaN is unknown and not counted.
    chosen
        (n,) whether it holds there.

    Returns
    -------
    share
        0 to 100; NaN if nobody is counted.
    """
    total = np.nansum(people)
    return float(100 * np.nansum(people[chosen]) / total) if total > 0 else float("nan")


def quantile(values: Floats, people: Floats, part: float) -> float:
    """
    Least value that `part` of all people do not exceed.

    Parameters
    ----------
    values
        (n,) value per cell; inf is allowed.
    people
        (n,) people per cell; NaN is unknown and not counted.
    part
        0 to 1; 0.5 gives the median.

    Returns
    -------
    value
        NaN if nobody is counted, inf if fewer people than asked have a finite value.
    """
    counted = np.nan_to_num(people) > 0
    if not counted.any():
        return float("nan")
    order = np.argsort(values[counted], kind="stable")
    running = np.cumsum(people[counted][order])
    at = np.searchsorted(running, part * running[-1] * (1 - 1e-12))
    return float(values[counted][order][min(at, len(order) - 1)])


def curve(values: Floats, people: Floats, limits: Floats) -> Floats:
    """
    Share of people within each limit [%].

    Parameters
    ----------
    values
        (n,) value per cell.
    people
        (n,) people per cell.
    limits
        (m,) ascending limits, included.
    """
    return np.array([share(people, values <= limit) for limit in limits])


def out_of_100(percent: float) -> int:
    """Round a share [%] to whole people out of 100; 0 and 100 only where they are exact."""
    if percent <= 0 or percent >= 100:
        return round(percent)
    return min(99, max(1, round(percent)))
