"""
What can go wrong while a file is read.

    LayersError
    └── ReadError   a file cannot become a layer (also a ValueError)
"""

from collections.abc import Sequence

from layers import LayersError, Text


class ReadError(LayersError, ValueError):
    """
    A file cannot become a layer.

    Parameters
    ----------
    file
        Name of the file, as the person gave it.
    faults
        Every fault found; each says what to do.
    """

    def __init__(self, file: str, faults: Sequence[Text]) -> None:
        super().__init__(faults)
        self.file = file

    def __str__(self) -> str:
        """Name the file before its faults."""
        return f"{self.file}: {super().__str__()}"
