"""Lines of log files that are too old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path


def old_lines(folder: Path, *, at: datetime, days: int) -> dict[Path, int]:
    """
    Return how many lines of each log file are too old.

    Parameters
    ----------
    folder
        Folder of the log files, `*.log`; it may be missing.
    at
        Now.
    days
        How long lines are kept [days].
    """
    found = {path: _too_old(path, at, days) for path in sorted(folder.glob("*.log"))}
    return {path: count for path, count in found.items() if count}


def erase_lines(folder: Path, *, at: datetime, days: int) -> int:
    """Erase them; the file stays the same, so that a program may go on writing to it."""
    due = old_lines(folder, at=at, days=days)
    for path, count in due.items():
        with path.open("r+", encoding="utf-8", errors="replace") as file:
            kept = file.readlines()[count:]
            file.seek(0)
            file.truncate()
            file.writelines(kept)
    return sum(due.values())


def _too_old(path: Path, at: datetime, days: int) -> int:
    """Count the lines before the first one that is young enough; a line without a moment counts."""
    since = at - timedelta(days=days)
    count = 0
    for number, moment in _moments(path):
        if moment is not None and moment > since:
            return count
        count = number
    return count


def _moments(path: Path) -> Iterator[tuple[int, datetime | None]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            yield number, _moment(line)


def _moment(line: str) -> datetime | None:
    """Read the moment a line begins with, as `2026-05-31T12:00:00` or with a blank."""
    try:
        told = datetime.fromisoformat(line[:19])
    except ValueError:
        return None
    return told.replace(tzinfo=UTC)
