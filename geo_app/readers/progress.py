"""Progress of a long import, told on the error output so that results stay clean."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, TypeVar

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class Progress(Protocol):
    """Whatever hands through the items of a long work and tells how far it is."""

    def __call__(
        self, items: Iterable[T], label: str, total: int | None = None, unit: str = "rows"
    ) -> Iterable[T]:
        """Return `items` unchanged, one by one."""
        ...


def silent(
    items: Iterable[T],
    label: str,  # noqa: ARG001
    total: int | None = None,  # noqa: ARG001
    unit: str = "rows",  # noqa: ARG001
) -> Iterable[T]:
    """Tell nothing: for tests and servers."""
    return items


def bar(
    items: Iterable[T], label: str, total: int | None = None, unit: str = "rows"
) -> Iterable[T]:
    """Draw a progress bar on the error output; nothing where that is not a terminal."""
    told: Iterable[T] = tqdm(
        items,
        desc=label,
        total=total,
        unit=f" {unit}",
        unit_scale=True,
        file=sys.stderr,
        disable=None,
    )
    return told
