"""Progress of long work in a terminal, and Ctrl+C that ends it cleanly."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from layers import Cancelled, Text
from layers.watch import Watch

WIDE = 24
"""Characters of the bar."""


@contextmanager
def watched() -> Iterator[Watch]:
    """
    Show on standard error how far the work is; Ctrl+C asks it to stop.

    A second Ctrl+C ends the program at once. Where standard error is a file,
    each new step is one line.
    """
    asked = False

    def stop(_signal: int, _frame: Any) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stop)
    shown = _Shown()

    def watch(done: float, doing: Text) -> None:
        if asked:
            raise Cancelled
        shown(done, doing)

    try:
        yield watch
    finally:
        signal.signal(signal.SIGINT, before)
        shown.end()


class _Shown:
    """A bar that stays on one line, or one line per step where nobody looks on."""

    def __init__(self) -> None:
        self._last = ""
        self._bar = sys.stderr.isatty()

    def __call__(self, done: float, doing: Text) -> None:
        filled = round(WIDE * min(max(done, 0.0), 1.0))
        line = f"[{'#' * filled}{'.' * (WIDE - filled)}] {done:4.0%}  {doing}"
        if self._bar and line != self._last:
            click.echo(f"\r{line:<{len(self._last)}}", nl=False, err=True)
            self._last = line
        elif not self._bar and str(doing) != self._last:
            click.echo(str(doing), err=True)
            self._last = str(doing)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar and self._last:
            click.echo("\r" + " " * len(self._last) + "\r", nl=False, err=True)
