"""Long work tells how far it is, and stops when nobody wants its answer any more."""

from __future__ import annotations

from typing import Protocol

from .text import Text


class Watch(Protocol):
    """
    Whoever waits for a long analysis.

    The analysis calls it from time to time, at least every second or so. The
    watch shows the progress, and raises `errors.Cancelled` when nobody wants
    the answer any more: the analysis lets it pass, since it changes nothing
    but what it returns.
    """

    def __call__(self, done: float, doing: Text) -> None:
        """
        Take note of the progress.

        Parameters
        ----------
        done
            Share of the work that is done, 0 to 1.
        doing
            What is being done now, in words for the person who waits.

        Raises
        ------
        Cancelled
            If nobody wants the answer any more.
        """


def nobody(done: float, doing: Text) -> None:
    """Watch nothing: the default of every long analysis."""


def part(watch: Watch, start: float, end: float) -> Watch:
    """
    Return the watch of one part of the work, whose own 0 to 1 is `start` to `end` of the whole.

    Parameters
    ----------
    watch
        Who watches the whole.
    start, end
        Where the part begins and ends in it, 0 to 1.
    """

    def watched(done: float, doing: Text) -> None:
        watch(start + (end - start) * min(max(done, 0.0), 1.0), doing)

    return watched
