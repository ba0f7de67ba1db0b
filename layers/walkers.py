"""Who walks: speed, and which ways stop them."""

from dataclasses import dataclass
from typing import TypeVar

from .facts import facts
from .paths import Floats
from .text import Text

SECONDS_PER_MINUTE = 60
Amount = TypeVar("Amount", float, Floats)


@dataclass(frozen=True)
class Walker:
    """
    A way of walking.

    Parameters
    ----------
    name
        Name in addresses and files.
    label
        How the walk is told in a sentence.
    speed
        Average speed [m/s], waiting included.
    needs
        "anything", "no_steps" or "step_free".
    unknown
        Whether ways nobody has described "passes" or "blocks".
    source
        Where the speed comes from.
    """

    name: str
    label: Text
    speed: float
    needs: str
    unknown: str
    source: Text

    def minutes(self, metres: Amount) -> Amount:
        """Walking time [min] of a distance [m], or of many."""
        return metres / self.speed / SECONDS_PER_MINUTE

    def metres(self, minutes: Amount) -> Amount:
        """Distance [m] walked in a time [min], or in many."""
        return minutes * SECONDS_PER_MINUTE * self.speed


WALKERS: dict[str, Walker] = {
    name: Walker(
        name,
        Text(entry["label"]),
        entry["speed"],
        entry["needs"],
        entry["unknown"],
        Text(entry["source"]),
    )
    for name, entry in facts("walkers").items()
}
"""All walkers, from data/walkers.toml."""
