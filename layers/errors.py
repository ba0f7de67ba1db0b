"""
Everything that can go wrong in `layers`.

    LayersError
    ├── TableError        a table does not fit its layer (also a ValueError)
    │   └── CrsError      its coordinates are missing, or are not in metres
    ├── ParameterError    an analysis was asked for a value it does not take (also a ValueError)
    ├── MissingLayerError an analysis needs a layer that the city has not imported yet
    ├── MarkError         a mark cannot be taken as it is (also a ValueError)
    ├── InfeasibleError  no choice of places can keep to what is asked (also a ValueError)
    ├── TransitionError   a mark may not go from here to there (also a ValueError)
    └── Cancelled         nobody wants the answer of a long analysis any more
"""

from collections.abc import Mapping, Sequence

from .text import Text


class LayersError(Exception):
    """
    Base class; messages are written for the person at the screen.

    Parameters
    ----------
    faults
        Every fault found, not only the first; each says what to do.
    """

    def __init__(self, faults: Sequence[Text]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class TableError(LayersError, ValueError):
    """A table does not fit its layer."""

    def __init__(self, layer: str, faults: Sequence[Text]) -> None:
        super().__init__(faults)
        self.layer = layer

    def __str__(self) -> str:
        """Name the layer before its faults."""
        return f"{self.layer}: {super().__str__()}"


class CrsError(TableError):
    """A table has no coordinate reference system, or one that is not in metres."""


class ParameterError(LayersError, ValueError):
    """A parameter is unknown, not a number, or outside its bounds."""


class MissingLayerError(LayersError, LookupError):
    """
    An analysis needs layers that are not in the store.

    Parameters
    ----------
    layers
        Names of the missing layers.
    faults
        One sentence for each, with what to do about it.
    """

    def __init__(self, layers: Sequence[str], faults: Sequence[Text]) -> None:
        super().__init__(faults)
        self.layers = tuple(layers)


class MarkError(LayersError, ValueError):
    """A mark cannot be taken as it is; nothing of what was written is lost."""


class TransitionError(LayersError, ValueError):
    """A mark may not go from the state it is in to the one asked for, or not by this role."""


class Cancelled(LayersError):  # noqa: N818, nothing is wrong: somebody asked for it
    """Nobody wants the answer of a long analysis any more; raised by its `watch`."""

    def __init__(self, faults: Sequence[Text] = (Text("cancelled"),)) -> None:
        super().__init__(faults)


class InfeasibleError(LayersError, ValueError):
    """
    No choice of places can keep to what is asked.

    Parameters
    ----------
    faults
        What cannot be kept, and what is the most there can be.
    best
        District to the largest share of its people that can be reached at
        all; those that miss their floor only.
    """

    def __init__(self, faults: Sequence[Text], best: Mapping[int, float] | None = None) -> None:
        super().__init__(faults)
        self.best = dict(best or {})
