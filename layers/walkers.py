"""Who walks: speed, and which ways stop them."""

from dataclasses import dataclass

from .facts import facts
from .text import Text

SECONDS_PER_MINUTE = 60


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
    source: str

    def minutes(self, metres: float) -> float:
        """Walking time [min] of a distance [m]; works on arrays as well."""
        return metres / self.speed / SECONDS_PER_MINUTE

    def metres(self, minutes: float) -> float:
        """Distance [m] walked in a time [min]."""
        return minutes * SECONDS_PER_MINUTE * self.speed


WALKERS: dict[str, Walker] = {
    name: Walker(
        name,
        Text(entry["label"]),
        entry["speed"],
        entry["needs"],
        entry["unknown"],
        entry["source"],
    )
    for name, entry in facts("walkers").items()
}
"""All walkers, from data/walkers.toml."""
