"""The results of a night walk: written to the layer when it is finished, taken out to undo that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime

import geopandas
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import Connection

from layers import LAYERS, Text
from layers.audits import ITEMS, LEAST_RATERS, by_stop
from layers.days import day_of

from . import shelf
from .languages import say
from .origin import Import, Origin
from .store import MeanwhileError, Provenance, Rating, Store, Walk, WalkError, Walks
from .store.walk_ratings import conflicts, table
from .store.walks_kept import FINISHED, LIVE

LAYER = LAYERS["audits"]
Noted = Callable[[Connection], None]
SOURCE = Text("Night walks of the city")
MEANWHILE = Text("the layer of night walks has changed meanwhile; nothing was written, try again")


def day_walked(walk: Walk, ratings: Sequence[Rating], *, at: datetime) -> date:
    """Return the day on which most was rated, else the day planned, never one to come."""
    days = Counter(day_of(one.rated_at) for one in ratings if one.state == LIVE)
    likely = days.most_common(1)[0][0] if days else walk.planned_on or day_of(at)
    return min(likely, day_of(at))


def rows_of(store: Store, walk: Walk, ratings: Sequence[Rating], walked_on: date) -> GeoDataFrame:
    """
    Return what a walk adds to the layer: stops that several people have rated.

    Parameters
    ----------
    store, walk
        The city and the walk.
    ratings
        Everything that was sent.
    walked_on
        Day of the walk.
    """
    told = by_stop(table(ratings))
    told = told[told["raters"] >= LEAST_RATERS]
    every = {one.id: one for one in (*walk.stops, *walk.taken_out)}
    stops = [every[int(number)] for number in told.index]
    rows = told[["raters", *ITEMS]].assign(
        place=[one.name for one in stops],
        walk=str(walk.id),
        stop=[str(one.spot) for one in stops],
        walked_on=walked_on.isoformat(),
    )
    rows.index = pd.Index([f"{walk.id}-{one.id}" for one in stops], dtype="str")
    places = geopandas.points_from_xy([s.x for s in stops], [s.y for s in stops])
    return LAYER.complete(GeoDataFrame(rows, geometry=places, crs=store.crs))


def finish(
    store: Store,
    walks: Walks,
    walk: Walk,
    ratings: Sequence[Rating],
    *,
    walked_on: date,
    by: str,
    at: datetime,
) -> Provenance:
    """
    Write the results of a walk as a new version of the layer `audits`.

    Raises
    ------
    WalkError
        If ratings contradict each other, nothing can be written, or the day lies ahead.
    MeanwhileError
        If the walk or the layer has changed in between.
    """
    rows = rows_of(store, walk, ratings, walked_on)
    wrong = {
        Text("the day of the walk lies in the future"): walked_on > day_of(at),
        Text(
            "there are still versions of a rating that contradict each other: decide below which"
            " of them counts"
        ): bool(conflicts(ratings)),
        Text(
            "no stop was rated by {least} people, so there is nothing to write; a single opinion"
            " is not kept as a result",
            least=LEAST_RATERS,
        ): rows.empty,
    }
    if faults := [fault for fault, here in wrong.items() if here]:
        raise WalkError(faults)

    def noted(connection: Connection) -> None:
        walks.finished(connection, walk.id, walked_on=walked_on, on=walk.version, by=by, at=at)

    return _written(store, walk, rows, by, at, noted)


def reopen(store: Store, walks: Walks, walk: Walk, *, by: str, at: datetime) -> Provenance:
    """
    Take the results of a walk out of the layer and let people rate again.

    Raises
    ------
    WalkError
        If it is not finished.
    MeanwhileError
        If the layer has changed in between.
    """
    if walk.state != FINISHED:
        raise WalkError([Text("this walk is not finished")])

    def noted(connection: Connection) -> None:
        walks.reopened(connection, walk.id, by=by, at=at)

    return _written(store, walk, LAYER.empty(store.crs), by, at, noted)


def _written(
    store: Store, walk: Walk, rows: GeoDataFrame, by: str, at: datetime, noted: Noted
) -> Provenance:
    """Write the layer with these rows in place of the walk's rows so far."""
    present = LAYER.name in store.names()
    seen = store.provenance(LAYER.name).hash if present else ""
    before = shelf.table(store, LAYER.name) if present else LAYER.empty(store.crs)
    others = before[before["walk"] != str(walk.id)]
    parts = [part for part in (others, rows) if len(part)]
    joined = GeoDataFrame(pd.concat(parts)) if parts else LAYER.empty(store.crs)
    invented = all(store.provenance(name).invented for name in store.names())
    origin = Origin(
        file="",
        source=say(SOURCE),
        attribution=SOURCE,
        as_of=day_of(at).isoformat(),
        imported_by=by,
        invented=invented,
    )

    def also(
        connection: Connection, previous: Sequence[Provenance], _written: Sequence[Provenance]
    ) -> None:
        if [one.hash for one in previous] != ([seen] if present else []):
            raise MeanwhileError([MEANWHILE])
        noted(connection)

    return store.write([Import(LAYER, joined, origin)], at=at, also=also)[0]
