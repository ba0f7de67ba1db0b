"""Scenarios of planners: saved step by step, so that nothing that was planned is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from layers import Text

from .engines import KEEPERS, hold, reading, writing
from .errors import MeanwhileError, ScenarioError, UnknownScenarioError
from .layers import Store
from .scenario_tables import scenario, scenario_step
from .scenarios_kept import CHANGE, MOST_STEPS, Scenario, Step, name_faults, path_to, redo_of

UNKNOWN = Text("there is no such scenario; it may have been deleted")


class Scenarios:
    """
    Every scenario of one city.

    Each step names the step it builds on; if somebody else has moved the
    scenario on in the meantime, nothing is written and `MeanwhileError` says so.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def listed(self, *, deleted: bool = False) -> list[Scenario]:
        """Return all scenarios, or those in the bin; the one changed last comes first."""
        here = scenario.c.deleted_at
        query = select(scenario).where(here.is_not(None) if deleted else here.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(scenario.c.changed_at.desc(), scenario.c.id))
            return [_read(connection, dict(row)) for row in rows.mappings()]

    def get(self, id_: int) -> Scenario:
        """
        Return a scenario, also one in the bin.

        Raises
        ------
        UnknownScenarioError
            If there is none.
        """
        with reading(self._engine) as connection:
            return _found(connection, id_)

    def shared(self, token: str) -> Scenario:
        """
        Return the scenario behind a link.

        Raises
        ------
        UnknownScenarioError
            If there is none, or it is shared no longer, or is in the bin.
        """
        query = select(scenario).where(scenario.c.token == token, scenario.c.deleted_at.is_(None))
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first() if token else None
            if row is None:
                raise UnknownScenarioError(
                    [Text("this link shows nothing; perhaps it is shared no longer")]
                )
            return _read(connection, dict(row))

    def add(
        self,
        name: str,
        *,
        about: str = "",
        asked: str = "",
        base: str = "",
        by: str,
        at: datetime,
        changes: Iterable[Mapping[str, Any]] = (),
    ) -> Scenario:
        """
        Make a scenario.

        Parameters
        ----------
        name, about, asked, base
            As in `Scenario`.
        by, at
            Login of who makes it, and when.
        changes
            What its first steps tell, such as sites that an analysis proposes.

        Raises
        ------
        ScenarioError
            If it has no name, or something is too long.
        """
        name, about = name.strip(), about.strip()
        if wrong := name_faults(name, about):
            raise ScenarioError(wrong)
        told = {
            "name": name, "about": about, "asked": asked, "owner": by, "base": base,
            "step": 0, "token": "", "created_at": at, "changed_at": at, "changed_by": by,
            "adopted_by": "", "answer": "",
        }  # fmt: skip
        with writing(self._engine, lock=KEEPERS) as connection:
            new = insert(scenario).values(told).returning(scenario.c.id)
            id_ = connection.scalars(new).one()
            for one in changes:
                _append(connection, id_, CHANGE, one, by=by, at=at)
            return _found(connection, id_)

    def append(
        self, id_: int, kind: str, told: Mapping[str, Any], *, on: int, by: str, at: datetime
    ) -> Scenario:
        """
        Add a step.

        Parameters
        ----------
        id_
            The scenario.
        kind, told
            As in `Step`.
        on
            The step that whoever made it had before their eyes.
        by, at
            Login, and when.

        Raises
        ------
        MeanwhileError
            If the scenario stands elsewhere by now; it says who moved it.
        ScenarioError
            If it was adopted, is in the bin or has too many steps.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            _to_change(connection, id_, on)
            _append(connection, id_, kind, told, by=by, at=at)
            return _found(connection, id_)

    def extend(
        self, id_: int, changes: Iterable[Mapping[str, Any]], *, on: int, by: str, at: datetime
    ) -> Scenario:
        """Add several changes at once, such as sites that an analysis proposes; all or none."""
        with writing(self._engine, lock=KEEPERS) as connection:
            _to_change(connection, id_, on)
            for one in changes:
                _append(connection, id_, CHANGE, one, by=by, at=at)
            return _found(connection, id_)

    def undo(self, id_: int, *, on: int, by: str, at: datetime) -> Scenario:
        """Go one step back; nothing is erased. Raises as `append` does."""
        return self._move(id_, on, by, at, forward=False)

    def redo(self, id_: int, *, on: int, by: str, at: datetime) -> Scenario:
        """Go one step forward again. Raises as `append` does."""
        return self._move(id_, on, by, at, forward=True)

    def _move(self, id_: int, on: int, by: str, at: datetime, *, forward: bool) -> Scenario:
        with writing(self._engine, lock=KEEPERS) as connection:
            now = _to_change(connection, id_, on)
            to = now.redo if forward else now.undo
            if to is None:
                said = (
                    Text("there is nothing to redo")
                    if forward
                    else Text("there is nothing to undo")
                )
                raise ScenarioError([said])
            step = to.number if forward else to.parent
            _set(connection, id_, step=step, changed_by=by, changed_at=at)
            return _found(connection, id_)

    def rename(self, id_: int, name: str, about: str, *, by: str, at: datetime) -> Scenario:
        """Give a scenario another name and description."""
        name, about = name.strip(), about.strip()
        if wrong := name_faults(name, about):
            raise ScenarioError(wrong)
        return self._changed(id_, name=name, about=about, changed_by=by, changed_at=at)

    def duplicate(self, id_: int, name: str, *, base: str, by: str, at: datetime) -> Scenario:
        """Make a scenario of the changes of another one that count; its link is not shared."""
        old = self.get(id_)
        return self.add(
            name,
            about=old.about,
            asked=old.question,
            base=base,
            by=by,
            at=at,
            changes=[step.told for step in old.changes],
        )

    def delete(self, id_: int, *, at: datetime) -> Scenario:
        """Put a scenario into the bin; its link shows nothing while it is there."""
        return self._changed(id_, deleted_at=at)

    def bring_back(self, id_: int) -> Scenario:
        """Take a scenario out of the bin."""
        return self._changed(id_, deleted_at=None)

    def erase(self, id_: int) -> None:
        """
        Erase a scenario that is in the bin with all its steps; this cannot be undone.

        Raises
        ------
        ScenarioError
            If it is not in the bin.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            if _found(connection, id_).deleted_at is None:
                raise ScenarioError([Text("only what is in the bin can be erased")])
            connection.execute(delete(scenario).where(scenario.c.id == id_))

    def share(self, id_: int) -> Scenario:
        """Make a link that nobody can guess; a scenario that has one keeps it."""
        with writing(self._engine, lock=KEEPERS) as connection:
            if not _found(connection, id_).token:
                _set(connection, id_, token=secrets.token_urlsafe(24))
            return _found(connection, id_)

    def unshare(self, id_: int) -> Scenario:
        """Take the link away; a later one will be another one."""
        return self._changed(id_, token="")

    def adopted(
        self,
        id_: int,
        connection: Connection,
        *,
        version: int,
        answer: str,
        by: str,
        at: datetime,
        on: int,
    ) -> None:
        """Note, in the transaction that writes it, what became a version. Raises as `append`."""
        hold(connection, KEEPERS)
        _to_change(connection, id_, on)
        told = {"adopted_version": version, "answer": answer}
        _set(connection, id_, adopted_at=at, adopted_by=by, **told)

    def not_adopted(self, id_: int, connection: Connection) -> None:
        """Note, in the transaction that undoes it, that a scenario is adopted no longer."""
        hold(connection, KEEPERS)
        told = {"adopted_by": "", "adopted_version": None, "answer": ""}
        _set(connection, id_, adopted_at=None, **told)

    def _changed(self, id_: int, **told: Any) -> Scenario:
        with writing(self._engine, lock=KEEPERS) as connection:
            _found(connection, id_)
            _set(connection, id_, **told)
            return _found(connection, id_)


def _found(connection: Connection, id_: int) -> Scenario:
    row = connection.execute(select(scenario).where(scenario.c.id == id_)).mappings().first()
    if row is None:
        raise UnknownScenarioError([UNKNOWN])
    return _read(connection, dict(row))


def _read(connection: Connection, row: Mapping[str, Any]) -> Scenario:
    query = select(scenario_step).where(scenario_step.c.scenario_id == row["id"])
    steps = {one["number"]: _step(dict(one)) for one in connection.execute(query).mappings()}
    return Scenario(**row, path=path_to(steps, row["step"]), redo=redo_of(steps, row["step"]))


def _step(row: Mapping[str, Any]) -> Step:
    told = orjson.loads(row["told"])
    return Step(row["number"], row["parent"], row["kind"], told, row["at"], row["by"])


def _to_change(connection: Connection, id_: int, on: int) -> Scenario:
    """Return the scenario if it stands where whoever changes it believes."""
    now = _found(connection, id_)
    if now.deleted_at is not None:
        raise ScenarioError([Text("this scenario is in the bin; bring it back first")])
    if now.adopted_at is not None:
        raise ScenarioError(
            [Text("this scenario was adopted; undo that, or duplicate it to plan on")]
        )
    if now.step != on:
        raise MeanwhileError(
            [
                Text(
                    "{who} has changed this scenario in the meantime, at {when}. Nothing of yours"
                    " is lost: look at the present state, then send your change once more",
                    who=now.changed_by,
                    when=now.changed_at,
                )
            ]
        )
    return now


def _append(
    connection: Connection, id_: int, kind: str, told: Mapping[str, Any], *, by: str, at: datetime
) -> None:
    here = scenario_step.c
    query = select(func.max(here.number)).where(here.scenario_id == id_)
    number = 1 + (connection.scalar(query) or 0)
    if number > MOST_STEPS:
        raise ScenarioError(
            [Text("this scenario has very many steps; duplicate it and plan on in the copy")]
        )
    parent = connection.scalars(select(scenario.c.step).where(scenario.c.id == id_)).one()
    connection.execute(
        insert(scenario_step).values(
            scenario_id=id_,
            number=number,
            parent=parent,
            kind=kind,
            told=orjson.dumps(dict(told)).decode(),
            at=at,
            by=by,
        )
    )
    _set(connection, id_, step=number, changed_by=by, changed_at=at)


def _set(connection: Connection, id_: int, **told: Any) -> None:
    connection.execute(update(scenario).where(scenario.c.id == id_).values(**told))
