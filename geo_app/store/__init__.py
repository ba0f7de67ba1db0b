"""
Where a city's layers live: a SQLite file, or PostGIS; the same methods for both.

`Store.open(url, crs=…)`, then `names`, `provenance`, `history`, `read`, `write`,
`restore`, `remove` and `close`. In the same database: `MarkStore` (citizens'
marks), `People` (accounts of staff and what they did) and `Rates` (how often a
device does something).
"""

from .devices import Rates
from .errors import (
    CodeError,
    LoginError,
    MeanwhileError,
    MeasureError,
    NothingToUndoError,
    NotImportedError,
    PeopleError,
    PresenceError,
    QueueFullError,
    RevealError,
    ScenarioError,
    StoreAddressError,
    StoreBusyError,
    StoreCrsError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
    StoreVersionError,
    TamperedError,
    ThemeError,
    UnknownJobError,
    UnknownMarkError,
    UnknownMeasureError,
    UnknownPlanError,
    UnknownScenarioError,
    UnknownThemeError,
    UnknownWalkError,
    WalkError,
)
from .layers import Store
from .marks import Added, Filter, Finding, Kept, Look, MarkStore, Numbers, Waiting
from .measures import Measures
from .people import ROLES, People, Person
from .provenance import Provenance
from .replies import Replies
from .reveals import Reveals
from .scenarios import Scenarios
from .scenarios_kept import Scenario, Step
from .sessions import Sessions
from .themes import Themes
from .themes_kept import Theme
from .walk_ratings import WalkRatings
from .walks import Walks
from .walks_kept import Outcome, Rating, Stop, Walk

__all__ = [
    "ROLES",
    "Added",
    "CodeError",
    "Filter",
    "Finding",
    "Kept",
    "LoginError",
    "Look",
    "MarkStore",
    "MeanwhileError",
    "MeasureError",
    "Measures",
    "NotImportedError",
    "NothingToUndoError",
    "Numbers",
    "Outcome",
    "People",
    "PeopleError",
    "Person",
    "PresenceError",
    "Provenance",
    "QueueFullError",
    "Rates",
    "Rating",
    "Replies",
    "RevealError",
    "Reveals",
    "Scenario",
    "ScenarioError",
    "Scenarios",
    "Sessions",
    "Step",
    "Stop",
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
    "TamperedError",
    "Theme",
    "ThemeError",
    "Themes",
    "UnknownJobError",
    "UnknownMarkError",
    "UnknownMeasureError",
    "UnknownPlanError",
    "UnknownScenarioError",
    "UnknownThemeError",
    "UnknownWalkError",
    "Waiting",
    "Walk",
    "WalkError",
    "WalkRatings",
    "Walks",
]
