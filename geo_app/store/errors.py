"""
Everything that can go wrong with the store.

    LayersError
    └── StoreError                the store cannot be used
        ├── StoreAddressError     the address is not one of a store (also a ValueError)
        ├── StoreUnreachableError no server, no folder, wrong password (also an OSError)
        ├── StoreReadOnlyError    it may be read, but not changed (also a PermissionError)
        ├── StoreBusyError        somebody else is writing for too long (also a TimeoutError)
        ├── StoreFullError        the disk is full (also an OSError)
        ├── StoreDamagedError     the file is not a store, or broken
        ├── StoreVersionError     made by a newer version of this program
        ├── StoreCrsError         holds data in another coordinate system (also a ValueError)
        └── NothingToUndoError    no previous version is kept (also a LookupError)
    MissingLayerError
    └── NotImportedError          the layer is not in the store (also a KeyError)
    LayersError
    ├── CodeError                 what was typed is not a code (also a LookupError)
    ├── UnknownMarkError          no mark has this code or id (also a LookupError)
    ├── TamperedError             a history was changed behind the program's back
    ├── RevealError               the exact point is not shown like this (also a PermissionError)
    ├── LoginError                name or password is wrong, or too many tries (also a
    │                             PermissionError)
    ├── PeopleError               an account cannot be made or changed like this (also a ValueError)
    ├── UnknownScenarioError      no scenario has this number or link (also a LookupError)
    ├── ScenarioError             a scenario cannot be changed like this (also a ValueError)
    │   └── MeanwhileError        somebody else has changed it in the meantime
    ├── UnknownMeasureError       no measure has this number (also a LookupError)
    ├── MeasureError              a measure cannot be planned like this (also a ValueError)
    ├── UnknownJobError           there is no such job, or not any more (also a LookupError)
    └── QueueFullError            too much long work is under way already
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from layers import LayersError, MissingLayerError, Text


class StoreError(LayersError):
    """The store cannot be used; says why and what to do."""


class StoreAddressError(StoreError, ValueError):
    """The address of the store is not one this program understands."""


class StoreUnreachableError(StoreError, OSError):
    """The server does not answer, or the folder cannot be used."""

    __str__ = LayersError.__str__


class StoreReadOnlyError(StoreError, PermissionError):
    """The store may be read but not changed."""

    __str__ = LayersError.__str__


class StoreBusyError(StoreError, TimeoutError):
    """Somebody else has been writing for too long."""

    __str__ = LayersError.__str__


class StoreFullError(StoreError, OSError):
    """There is no room left on the disk."""

    __str__ = LayersError.__str__


class StoreDamagedError(StoreError):
    """The file is not a store, or it is broken."""


class StoreVersionError(StoreError):
    """The store was made by a newer version of this program."""


class StoreCrsError(StoreError, ValueError):
    """The store holds its data in another coordinate system."""


class NothingToUndoError(StoreError, LookupError):
    """No previous version of a layer is kept."""


class CodeError(LayersError, LookupError):
    """What was typed is not a code; a slip, most likely."""


class UnknownMarkError(LayersError, LookupError):
    """No mark has this code or id, or not any more."""


class TamperedError(LayersError):
    """A history was changed behind the back of the program; lists every sign of it."""


class RevealError(LayersError, PermissionError):
    """An exact point is not shown without a reason, or not to one person alone."""

    __str__ = LayersError.__str__


class LoginError(LayersError, PermissionError):
    """Name or password is wrong, or there were too many tries; which of them is not told."""

    __str__ = LayersError.__str__


class PeopleError(LayersError, ValueError):
    """An account cannot be made or changed like this; lists every fault."""


class UnknownScenarioError(LayersError, LookupError):
    """No scenario has this number or link, or not any more."""


class ScenarioError(LayersError, ValueError):
    """A scenario cannot be changed like this; lists every fault."""


class UnknownThemeError(LayersError, LookupError):
    """No focus theme has this number."""


class ThemeError(LayersError, ValueError):
    """A focus theme or the city's weights cannot be changed like this; lists every fault."""


class UnknownPlanError(LayersError, LookupError):
    """No duty plan has this number."""


class PresenceError(LayersError, ValueError):
    """A note on a duty plan cannot be written like this; lists every fault."""


class UnknownWalkError(LayersError, LookupError):
    """No night walk has this number or link, or not any more."""


class WalkError(LayersError, ValueError):
    """A night walk cannot be changed or rated like this; lists every fault."""


class MeanwhileError(ScenarioError):
    """Somebody else has changed it in the meantime; nothing was written, nothing is lost."""


class NotImportedError(MissingLayerError, KeyError):
    """A layer is not in the store."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            [layer],
            [Text("“{layer}” is not in the store yet; import it first", layer=layer)],
        )

    def __str__(self) -> str:
        """Tell the sentence; a plain KeyError would quote it."""
        return "; ".join(self.faults)


UNREACHABLE = Text(
    "the store {place} cannot be reached ({reason}); check the address in GEO_APP_STORE"
    " and whether the database is running"
)
READ_ONLY = Text(
    "the store {place} must not be changed by this account; give it the right to write there"
)
BUSY = Text("the store {place} is busy: another import is running; try again when it is done")
FULL = Text("there is no room left on the disk of the store {place}; nothing was changed")
DAMAGED = Text("{place} is not a store of this program, or it is broken; restore a backup")
OTHER = Text("the store {place} refused: {reason}; nothing was changed")

CAUSES: dict[str, tuple[type[StoreError], Text]] = {
    # SQLite, by the name of its result code
    "SQLITE_BUSY": (StoreBusyError, BUSY),
    "SQLITE_LOCKED": (StoreBusyError, BUSY),
    "SQLITE_READONLY": (StoreReadOnlyError, READ_ONLY),
    "SQLITE_PERM": (StoreReadOnlyError, READ_ONLY),
    "SQLITE_FULL": (StoreFullError, FULL),
    "SQLITE_CANTOPEN": (StoreUnreachableError, UNREACHABLE),
    "SQLITE_NOTADB": (StoreDamagedError, DAMAGED),
    "SQLITE_CORRUPT": (StoreDamagedError, DAMAGED),
    # PostgreSQL, by SQLSTATE or its class
    "08": (StoreUnreachableError, UNREACHABLE),
    "28": (StoreUnreachableError, UNREACHABLE),
    "3D": (StoreUnreachableError, UNREACHABLE),
    "53100": (StoreFullError, FULL),
    "53": (StoreUnreachableError, UNREACHABLE),
    "57": (StoreUnreachableError, UNREACHABLE),
    "55P03": (StoreBusyError, BUSY),
    "40": (StoreBusyError, BUSY),
    "25006": (StoreReadOnlyError, READ_ONLY),
    "42501": (StoreReadOnlyError, READ_ONLY),
}


class UnknownMeasureError(LayersError, LookupError):
    """No measure has this number."""


class MeasureError(LayersError, ValueError):
    """A measure cannot be planned like this; lists every fault."""


class UnknownJobError(LayersError, LookupError):
    """There is no such job, or not any more."""


class QueueFullError(LayersError):
    """Too much long work is under way already; nothing is lost by trying later."""


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn what a database driver complains about into a sentence for people."""
    try:
        yield
    except DBAPIError as error:
        raise _sentence(error, place) from error


def _sentence(error: DBAPIError, place: str) -> StoreError:
    reason = " ".join(str(error.orig).split())
    kind, template = _cause(error)
    return kind([Text(template, place=place, reason=reason)])


def _cause(error: DBAPIError) -> tuple[type[StoreError], Text]:
    code: str = getattr(error.orig, "sqlstate", None) or ""
    name: str = getattr(error.orig, "sqlite_errorname", None) or ""
    for known in (code, code[:2], name, "_".join(name.split("_")[:2])):
        if known in CAUSES:
            return CAUSES[known]
    if not code and not name and error.connection_invalidated | _before_connecting(error):
        return StoreUnreachableError, UNREACHABLE
    return StoreError, OTHER


def _before_connecting(error: DBAPIError) -> bool:
    """Psycopg gives no SQLSTATE where no server answers, and no statement was sent."""
    return error.statement is None
