"""
Where a city's layers live: a SQLite file, or PostGIS; the same methods for both.

`Store.open(url, crs=…)`, then `names`, `provenance`, `history`, `read`, `write`,
`restore`, `remove` and `close`.
"""

from .errors import (
    NothingToUndoError,
    NotImportedError,
    StoreAddressError,
    StoreBusyError,
    StoreCrsError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreVersionError,
)
from .layers import Store
from .provenance import Provenance

__all__ = [
    "NotImportedError",
    "NothingToUndoError",
    "Provenance",
    "Store",
    "StoreAddressError",
    "StoreBusyError",
    "StoreCrsError",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "StoreReadOnlyError",
    "StoreUnreachableError",
    "StoreVersionError",
]
