"""Weights that the office has chosen for what comes first: the latest hold, all are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select

from layers import Text
from layers.priorities import UNKNOWN, as_weights

from .engines import KEEPERS, reading, writing
from .errors import ThemeError
from .layers import Store
from .theme_tables import priority_weights

LONGEST_REASON = 500


@dataclass(frozen=True)
class Weighing:
    """
    Weights that somebody has chosen for the city.

    Parameters
    ----------
    id
        Its number.
    weights
        Weight of each part of a priority.
    unknown
        What unknown parts count as, see `layers.priorities.UNKNOWN`.
    reason
        Why, in the words of whoever chose.
    at, by
        When, and login.
    """

    id: int
    weights: Mapping[str, float]
    unknown: str
    reason: str
    at: datetime
    by: str


class Weighings:
    """
    The weights of one city.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def all(self) -> list[Weighing]:
        """Return every choice, the latest first; that one holds."""
        query = select(priority_weights).order_by(priority_weights.c.id.desc())
        with reading(self._engine) as connection:
            return [_read(dict(row)) for row in connection.execute(query).mappings()]

    def latest(self) -> Weighing | None:
        """Return the weights that hold; None if nobody has chosen any."""
        return next(iter(self.all()), None)

    def save(
        self, weights: Mapping[str, float], *, unknown: str, reason: str, by: str, at: datetime
    ) -> Weighing:
        """
        Let weights hold from now on.

        Raises
        ------
        ParameterError
            If a weight cannot be.
        ThemeError
            If there is no reason, or a very long one.
        """
        as_weights(weights)
        unknown = UNKNOWN.read([unknown])
        reason = reason.strip()
        if not 0 < len(reason) <= LONGEST_REASON:
            raise ThemeError(
                [Text("say in up to {most} characters why these weights", most=LONGEST_REASON)]
            )
        told = orjson.dumps({"weights": dict(weights), "unknown": unknown}).decode()
        with writing(self._engine, lock=KEEPERS) as connection:
            new = insert(priority_weights).values(told=told, reason=reason, at=at, by=by)
            id_ = connection.scalars(new.returning(priority_weights.c.id)).one()
        return Weighing(id_, dict(weights), unknown, reason, at, by)


def _read(row: Mapping[str, Any]) -> Weighing:
    told = orjson.loads(row["told"])
    return Weighing(
        row["id"], told["weights"], told["unknown"], row["reason"], row["at"], row["by"]
    )
