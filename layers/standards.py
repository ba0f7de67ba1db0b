"""Distances and times that others have set down: named, sourced, none made for meeting places."""

from dataclasses import dataclass

from .facts import facts
from .text import Text
from .walkers import Walker


@dataclass(frozen=True)
class Standard:
    """
    One threshold somebody has published.

    Parameters
    ----------
    name
        Name in addresses and files.
    label, short
        Name for people, and in a sentence.
    minutes, metres
        The threshold [min] and [m]; `None` where the source does not give it.
    made_for
        What its authors had in mind.
    kind
        "norm", "recommendation" or "habit".
    source, year
        Where it stands.
    """

    name: str
    label: Text
    short: Text
    minutes: float | None
    metres: float | None
    made_for: Text
    kind: Text
    source: Text
    year: int | None

    def within(self, walker: Walker) -> float:
        """Longest walk that counts [min]: its metres at this walker's speed, else its minutes."""
        if self.metres is not None:
            return walker.minutes(self.metres)
        return self.minutes if self.minutes is not None else float("nan")


STANDARDS: dict[str, Standard] = {
    name: Standard(
        name,
        Text(entry["label"]),
        Text(entry["short"]),
        entry.get("minutes"),
        entry.get("metres"),
        Text(entry["made_for"]),
        Text(entry["kind"]),
        Text(entry["source"]),
        entry.get("year"),
    )
    for name, entry in facts("standards").items()
}
"""All standards, from data/standards.toml."""
