"""Focus themes of the prevention office: every state is kept, so that any change can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from layers import Text

from .engines import KEEPERS, reading, writing
from .errors import MeanwhileError, ThemeError, UnknownThemeError
from .layers import Store
from .theme_tables import theme, theme_state
from .themes_kept import Theme, theme_faults, theme_of


class Themes:
    """
    Every focus theme of one city.

    Whoever changes a theme says which of its states they saw; if somebody else
    has changed it since, nothing is written and `MeanwhileError` says so.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def all(self, *, taken_back: bool = False) -> list[Theme]:
        """
        Return the themes; open ones first, each group by its first day, the latest first.

        Parameters
        ----------
        taken_back
            Return instead those whose making was undone.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(select(theme)).mappings().all()
            found = [
                _read(connection, dict(row)) for row in rows if (row["state"] == 0) is taken_back
            ]
        found.sort(key=lambda one: (one.from_on, one.id), reverse=True)
        return sorted(found, key=lambda one: one.until_on is not None)

    def get(self, id_: int) -> Theme:
        """
        Return a theme, also one that was closed or taken back (its state is 0).

        Raises
        ------
        UnknownThemeError
            If there is none.
        """
        with reading(self._engine) as connection:
            return _found(connection, id_)

    def history(self, id_: int) -> list[Theme]:
        """Return all states of a theme, those that were undone too, the latest first."""
        with reading(self._engine) as connection:
            _found(connection, id_)
            rows = _states(connection, id_)
        return [
            theme_of(id_, row["number"], rows, at=row["at"], by=row["by"]) for row in reversed(rows)
        ]

    def add(
        self,
        name: str,
        *,
        about: str = "",
        factors: Iterable[str] = (),
        from_on: date,
        until_on: date | None = None,
        by: str,
        at: datetime,
    ) -> Theme:
        """
        Make a theme.

        Parameters
        ----------
        name, about, factors, from_on, until_on
            As in `Theme`.
        by, at
            Login of who makes it, and when.

        Raises
        ------
        ThemeError
            If it has no name, or anything else is wrong; lists every fault.
        """
        told = _told(name, about, factors, from_on, until_on)
        with writing(self._engine, lock=KEEPERS) as connection:
            new = insert(theme).values(state=0, at=at, by=by).returning(theme.c.id)
            id_ = connection.scalars(new).one()
            _append(connection, id_, told, parent=0, by=by, at=at)
            return _found(connection, id_)

    def change(
        self,
        id_: int,
        name: str,
        *,
        about: str,
        factors: Iterable[str],
        from_on: date,
        until_on: date | None,
        on: int,
        by: str,
        at: datetime,
    ) -> Theme:
        """
        Say something else of a theme.

        Parameters
        ----------
        id_
            Its number.
        name, about, factors, from_on, until_on
            All it says from now on.
        on
            The state that whoever changes it had before their eyes.
        by, at
            Login, and when.

        Raises
        ------
        MeanwhileError
            If it is in another state by now; says who changed it.
        ThemeError
            As `add`.
        """
        told = _told(name, about, factors, from_on, until_on)
        with writing(self._engine, lock=KEEPERS) as connection:
            now = _to_change(connection, id_, on)
            _append(connection, id_, told, parent=now.state, by=by, at=at)
            return _found(connection, id_)

    def close(self, id_: int, until_on: date, *, on: int, by: str, at: datetime) -> Theme:
        """End the work on a theme with a day. Raises as `change` does."""
        return self._until(id_, until_on, on=on, by=by, at=at)

    def reopen(self, id_: int, *, on: int, by: str, at: datetime) -> Theme:
        """Work on a closed theme again. Raises as `change` does."""
        return self._until(id_, None, on=on, by=by, at=at)

    def undo(self, id_: int, *, on: int, by: str, at: datetime) -> Theme:
        """Go back to the state before; before the first, the theme is taken back."""
        return self._move(id_, on, by, at, forward=False)

    def redo(self, id_: int, *, on: int, by: str, at: datetime) -> Theme:
        """Go on to the state that was undone last."""
        return self._move(id_, on, by, at, forward=True)

    def _until(self, id_: int, until_on: date | None, *, on: int, by: str, at: datetime) -> Theme:
        was = self.get(id_)
        return self.change(
            id_,
            was.name,
            about=was.about,
            factors=was.factors,
            from_on=was.from_on,
            until_on=until_on,
            on=on,
            by=by,
            at=at,
        )

    def _move(self, id_: int, on: int, by: str, at: datetime, *, forward: bool) -> Theme:
        with writing(self._engine, lock=KEEPERS) as connection:
            now = _to_change(connection, id_, on)
            to = now.redo if forward else now.undo
            if to is None:
                raise ThemeError(
                    [
                        Text("there is nothing to redo")
                        if forward
                        else Text("there is nothing to undo")
                    ]
                )
            _hold(connection, id_, to, by=by, at=at)
            return _found(connection, id_)


def _told(
    name: str, about: str, factors: Iterable[str], from_on: date, until_on: date | None
) -> dict[str, Any]:
    name, about, which = name.strip(), about.strip(), tuple(dict.fromkeys(factors))
    if wrong := theme_faults(name, about, which, from_on, until_on):
        raise ThemeError(wrong)
    return {
        "name": name,
        "about": about,
        "factors": ",".join(which),
        "from_on": from_on.isoformat(),
        "until_on": "" if until_on is None else until_on.isoformat(),
    }


def _append(
    connection: Connection,
    id_: int,
    told: Mapping[str, Any],
    *,
    parent: int,
    by: str,
    at: datetime,
) -> None:
    here = theme_state.c
    last = connection.scalar(select(func.max(here.number)).where(here.theme_id == id_))
    number = 1 + (last or 0)
    connection.execute(
        insert(theme_state).values(theme_id=id_, number=number, parent=parent, at=at, by=by, **told)
    )
    _hold(connection, id_, number, by=by, at=at)


def _hold(connection: Connection, id_: int, state: int, *, by: str, at: datetime) -> None:
    """Let a state hold from now on."""
    here = update(theme).where(theme.c.id == id_)
    connection.execute(here.values(state=state, at=at, by=by))


def _found(connection: Connection, id_: int) -> Theme:
    row = connection.execute(select(theme).where(theme.c.id == id_)).mappings().first()
    if row is None:
        raise UnknownThemeError([Text("there is no such theme")])
    return _read(connection, dict(row))


def _read(connection: Connection, row: Mapping[str, Any]) -> Theme:
    states = _states(connection, row["id"])
    return theme_of(row["id"], row["state"], states, at=row["at"], by=row["by"])


def _states(connection: Connection, id_: int) -> list[dict[str, Any]]:
    query = select(theme_state).where(theme_state.c.theme_id == id_).order_by(theme_state.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def _to_change(connection: Connection, id_: int, on: int) -> Theme:
    """Return the theme if it is in the state that whoever changes it believes."""
    now = _found(connection, id_)
    if now.state != on:
        raise MeanwhileError(
            [
                Text(
                    "{who} has changed this theme in the meantime, at {when}. Nothing of yours is"
                    " lost: look at the present state, then send your change once more",
                    who=now.changed_by,
                    when=now.changed_at,
                )
            ]
        )
    return now
