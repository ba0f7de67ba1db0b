"""Several names in one cell."""

from layers.schema import SEPARATOR


def split(text: str) -> tuple[str, ...]:
    """Read several names from one cell."""
    return tuple(part for part in text.split(SEPARATOR) if part)
