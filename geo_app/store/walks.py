"""Night walks: planned, opened with a link, finished; changed by one person at a time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from layers import Text

from .engines import KEEPERS, hold, reading, writing
from .errors import MeanwhileError, UnknownWalkError, WalkError
from .forgetting import forget_pages
from .layers import Store
from .walk_tables import walk, walk_rater, walk_rating, walk_stop
from .walks_kept import DRAFT, FINISHED, MOST_STOPS, OPEN, Stop, Walk, name_faults

UNKNOWN = Text("there is no such walk; it may have been deleted")


class Walks:
    """
    Every night walk of one city.

    Whoever changes a plan says which version they saw; if somebody else has
    changed it since, nothing is written and `MeanwhileError` says so.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def listed(self, *, deleted: bool = False) -> list[Walk]:
        """Return all walks, or those in the bin; the one made last comes first."""
        here = walk.c.deleted_at
        query = select(walk).where(here.is_not(None) if deleted else here.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(walk.c.id.desc())).mappings().all()
            return [_read(connection, dict(row)) for row in rows]

    def get(self, id_: int) -> Walk:
        """
        Return a walk, also one in the bin.

        Raises
        ------
        UnknownWalkError
            If there is none.
        """
        with reading(self._engine) as connection:
            return found(connection, id_)

    def taken_along(self, token: str) -> Walk:
        """
        Return the walk behind a link.

        Raises
        ------
        UnknownWalkError
            If there is none, it is still being planned, or is in the bin.
        """
        with reading(self._engine) as connection:
            return by_token(connection, token)

    def add(
        self,
        name: str,
        settings: Mapping[str, Any],
        *,
        by: str,
        at: datetime,
        stops: Sequence[Stop] = (),
        repeats: int | None = None,
        planned_on: date | None = None,
    ) -> Walk:
        """
        Make a walk; its way is planned afterwards, by `plan`.

        Raises
        ------
        WalkError
            If it has no name, or too long a one.
        """
        if wrong := name_faults(name):
            raise WalkError(wrong)
        told = {
            "name": name.strip(), "state": DRAFT, "version": 1, "token": _token(),
            "settings": _json(settings), "route": _json({}), "planned_on": _day(planned_on),
            "walked_on": "", "repeats": repeats, "created_at": at, "changed_at": at,
            "changed_by": by,
        }  # fmt: skip
        with writing(self._engine, lock=KEEPERS) as connection:
            id_ = connection.scalars(insert(walk).values(told).returning(walk.c.id)).one()
            _put(connection, id_, stops)
            return found(connection, id_)

    def plan(
        self,
        id_: int,
        *,
        settings: Mapping[str, Any],
        stops: Sequence[Stop],
        route: Mapping[str, Any],
        on: int,
        by: str,
        at: datetime,
    ) -> Walk:
        """
        Change the plan; a stop left out stays known if something was rated there.

        Raises
        ------
        MeanwhileError
            If somebody else has changed it since version `on`.
        WalkError
            If it is finished, is in the bin, or has too many stops.
        """
        if len(stops) > MOST_STOPS:
            raise WalkError([Text("a walk has at most {most} stops", most=MOST_STOPS)])
        with writing(self._engine, lock=KEEPERS) as connection:
            _to_change(connection, id_, on)
            _put(connection, id_, stops)
            told = {"settings": _json(settings), "route": _json(route)}
            _set(connection, id_, version=on + 1, changed_by=by, changed_at=at, **told)
            return found(connection, id_)

    def rename(
        self, id_: int, name: str, planned_on: date | None, *, by: str, at: datetime
    ) -> Walk:
        """Give a walk another name or day."""
        if wrong := name_faults(name):
            raise WalkError(wrong)
        told = {"name": name.strip(), "planned_on": _day(planned_on)}
        return self._changed(id_, **told, changed_by=by, changed_at=at)

    def open(self, id_: int, *, by: str, at: datetime) -> Walk:
        """
        Let people rate by the link.

        Raises
        ------
        WalkError
            If it has no stop or no way yet, or is in the bin.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            now = found(connection, id_)
            if not now.stops or not now.route or now.deleted_at is not None:
                raise WalkError([Text("a walk needs a way and a stop before it is opened")])
            _set(connection, id_, state=OPEN, changed_by=by, changed_at=at)
            return found(connection, id_)

    def close(self, id_: int, *, by: str, at: datetime) -> Walk:
        """Go back to planning; the link shows nothing until the walk is opened again."""
        with writing(self._engine, lock=KEEPERS) as connection:
            if found(connection, id_).state == FINISHED:
                raise WalkError([FINISHED_ALREADY])
            _set(connection, id_, state=DRAFT, changed_by=by, changed_at=at)
            return found(connection, id_)

    def new_link(self, id_: int, *, by: str, at: datetime) -> Walk:
        """Make the old link worthless and return the walk with another one."""
        return self._changed(id_, token=_token(), changed_by=by, changed_at=at)

    def delete(self, id_: int, *, at: datetime) -> Walk:
        """
        Put a walk into the bin; its link shows nothing while it is there.

        Raises
        ------
        WalkError
            If it is finished: its results are in the layer; open it again first.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            if found(connection, id_).state == FINISHED:
                raise WalkError([FINISHED_ALREADY])
            _set(connection, id_, deleted_at=at)
            return found(connection, id_)

    def bring_back(self, id_: int) -> Walk:
        """Take a walk out of the bin."""
        return self._changed(id_, deleted_at=None)

    def erase(self, id_: int) -> None:
        """
        Erase a walk in the bin with everything rated there; this cannot be undone.

        Raises
        ------
        WalkError
            If it is not in the bin.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            if found(connection, id_).deleted_at is None:
                raise WalkError([Text("only what is in the bin can be erased")])
            # a child at a time: the order holds on both engines, whatever cascades
            for table in (walk_rating, walk_rater, walk_stop):
                connection.execute(delete(table).where(table.c.walk_id == id_))
            connection.execute(delete(walk).where(walk.c.id == id_))
        forget_pages(self._engine)

    def finished(
        self, connection: Connection, id_: int, *, walked_on: date, on: int, by: str, at: datetime
    ) -> None:
        """Note, in the transaction that writes its results, that a walk is finished."""
        hold(connection, KEEPERS)
        _unchanged(found(connection, id_), on)
        told = {"state": FINISHED, "walked_on": _day(walked_on), "finished_at": at}
        _set(connection, id_, **told, changed_by=by, changed_at=at)

    def reopened(self, connection: Connection, id_: int, *, by: str, at: datetime) -> None:
        """Note, in the transaction that takes its results out, that a walk is open again."""
        hold(connection, KEEPERS)
        told: dict[str, Any] = {"state": OPEN, "walked_on": "", "finished_at": None}
        _set(connection, id_, **told, changed_by=by, changed_at=at)

    def _changed(self, id_: int, **told: Any) -> Walk:
        with writing(self._engine, lock=KEEPERS) as connection:
            found(connection, id_)
            _set(connection, id_, **told)
            return found(connection, id_)


FINISHED_ALREADY = Text("this walk is finished; open it again first, then its results are undone")


def found(connection: Connection, id_: int) -> Walk:
    """Return a walk within a transaction; raises `UnknownWalkError`."""
    row = connection.execute(select(walk).where(walk.c.id == id_)).mappings().first()
    if row is None:
        raise UnknownWalkError([UNKNOWN])
    return _read(connection, dict(row))


def by_token(connection: Connection, token: str) -> Walk:
    """Return the walk behind a link within a transaction; raises `UnknownWalkError`."""
    query = select(walk).where(
        walk.c.token == token, walk.c.deleted_at.is_(None), walk.c.state != DRAFT
    )
    row = connection.execute(query).mappings().first() if token else None
    if row is None:
        raise UnknownWalkError(
            [Text("this link opens no walk; perhaps it is being planned anew, or was replaced")]
        )
    return _read(connection, dict(row))


def _read(connection: Connection, row: Mapping[str, Any]) -> Walk:
    query = select(walk_stop).where(walk_stop.c.walk_id == row["id"])
    rows = connection.execute(query.order_by(walk_stop.c.position, walk_stop.c.id)).mappings()
    stops = [_stop(dict(one)) for one in rows]
    rated = select(walk_rating.c.stop_id).where(walk_rating.c.walk_id == row["id"]).distinct()
    known = set(connection.scalars(rated))
    raters = select(func.count()).select_from(walk_rater).where(walk_rater.c.walk_id == row["id"])
    told = dict(row) | {
        "settings": orjson.loads(row["settings"]),
        "route": orjson.loads(row["route"]),
        "planned_on": _date(row["planned_on"]),
        "walked_on": _date(row["walked_on"]),
    }
    return Walk(
        **told,
        stops=tuple(one for one in stops if not one.removed),
        taken_out=tuple(one for one in stops if one.removed and one.id in known),
        raters=connection.scalar(raters) or 0,
    )


def _stop(row: Mapping[str, Any]) -> Stop:
    names = ("x", "y", "name", "why", "id", "spot", "removed")
    return Stop(**{name: row[name] for name in names})


def _unchanged(now: Walk, on: int) -> None:
    if now.version == on:
        return
    raise MeanwhileError(
        [
            Text(
                "{who} has changed this walk in the meantime, at {when}. Nothing was changed now:"
                " look at the present plan, then send your change once more",
                who=now.changed_by,
                when=now.changed_at,
            )
        ]
    )


def _to_change(connection: Connection, id_: int, on: int) -> None:
    now = found(connection, id_)
    if now.deleted_at is not None:
        raise WalkError([Text("this walk is in the bin; bring it back first")])
    if now.state == FINISHED:
        raise WalkError([FINISHED_ALREADY])
    _unchanged(now, on)


def _put(connection: Connection, id_: int, stops: Sequence[Stop]) -> None:
    """
    Write the stops of a plan; those no longer in it are only marked.

    A phone without network may hold ratings of them that nobody knows of yet.
    """
    here = walk_stop.c
    kept = [one.id for one in stops if one.id is not None]
    gone = (here.walk_id == id_) & here.id.not_in(kept)
    connection.execute(update(walk_stop).where(gone).values(removed=True))
    for position, one in enumerate(stops):
        told = {"position": position, "name": one.name, "why": one.why, "removed": False}
        if one.id is not None:
            mine = (here.walk_id == id_) & (here.id == one.id)
            connection.execute(update(walk_stop).where(mine).values(told))
            continue
        told |= {"walk_id": id_, "x": one.x, "y": one.y, "spot": one.spot or 0}
        new = connection.scalars(insert(walk_stop).values(told).returning(here.id)).one()
        if one.spot is None:
            connection.execute(update(walk_stop).where(here.id == new).values(spot=new))


def _set(connection: Connection, id_: int, **told: Any) -> None:
    connection.execute(update(walk).where(walk.c.id == id_).values(**told))


def _token() -> str:
    return secrets.token_urlsafe(18)


def _json(told: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(told)).decode()


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
