"""Duty plans of presence and cleaning, what became of them, and what rounds found themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection, insert, select, update

from layers import Text

from .engines import KEEPERS, reading, writing
from .errors import PresenceError, UnknownPlanError
from .layers import Store
from .presence_tables import patrol_finding, presence_plan, presence_stop
from .provenance import read_remarks, write_remarks

MOST_MINUTES = 600
"""Nobody is at one stop for longer on one day."""


@dataclass(frozen=True)
class Stop:
    """
    One stop.

    Parameters
    ----------
    number, day
        From 1; day of the week, 0 is Monday.
    minutes, been
        As planned, and as somebody was there; None where nobody has said.
    by_chance, chance
        Whether it was drawn, and how likely that was.
    place, district
        Where, in words.
    why
        Why, in sentences.
    shape
        Part of a street or square [m].
    """

    number: int
    day: int
    minutes: int
    by_chance: bool
    chance: float
    place: Text
    district: str
    why: tuple[Text, ...]
    shape: Any
    been: int | None = None


@dataclass(frozen=True)
class Plan:
    """
    One week of one service.

    Parameters
    ----------
    id, service, week
        Its number, name of the service, its Monday.
    minutes, exploration, fairness, seed, days
        The rules it was made by, see `layers.presence.Rules`.
    told
        What is logged: minutes by district, and what would have been chosen otherwise.
    made_at, made_by, dropped_at
        When, by whom, and when it was taken back.
    stops
        In the order of the sheet.
    """

    id: int
    service: str
    week: date
    minutes: int
    exploration: float
    fairness: float
    seed: int
    days: tuple[int, ...]
    told: Mapping[str, Any]
    made_at: datetime
    made_by: str
    dropped_at: datetime | None = None
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a round found: never a mark, never counted."""

    id: int
    plan_id: int
    stop: int
    factor: str
    at: datetime
    by: str


class DutyPlans:
    """
    Every duty plan of one city.

    Parameters
    ----------
    store
        The store of the city.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def listed(self) -> list[Plan]:
        """Return the plans without their stops; the latest week first."""
        order = (presence_plan.c.week.desc(), presence_plan.c.id.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(select(presence_plan).order_by(*order)).mappings()
            return [_plan(dict(row)) for row in rows]

    def get(self, id_: int) -> Plan:
        """
        Return a plan with its stops.

        Raises
        ------
        UnknownPlanError
            If there is none.
        """
        with reading(self._engine) as connection:
            return _found(connection, id_)

    def add(self, plan: Plan) -> Plan:
        """Write a plan; its number is given here."""
        told = {
            "service": plan.service,
            "week": plan.week.isoformat(),
            "minutes": plan.minutes,
            "exploration": plan.exploration,
            "fairness": plan.fairness,
            "seed": plan.seed,
            "days": "".join(map(str, plan.days)),
            "told": orjson.dumps(dict(plan.told), option=orjson.OPT_SERIALIZE_NUMPY).decode(),
            "made_at": plan.made_at,
            "made_by": plan.made_by,
        }
        with writing(self._engine, lock=KEEPERS) as connection:
            new = insert(presence_plan).values(told).returning(presence_plan.c.id)
            id_ = connection.scalars(new).one()
            if plan.stops:
                connection.execute(insert(presence_stop), [_row(id_, stop) for stop in plan.stops])
            return _found(connection, id_)

    def drop(self, id_: int, *, at: datetime | None) -> Plan:
        """Take a plan back, or with None put it in force again; nothing is erased."""
        with writing(self._engine, lock=KEEPERS) as connection:
            _found(connection, id_)
            here = presence_plan.c.id == id_
            connection.execute(update(presence_plan).where(here).values(dropped_at=at))
            return _found(connection, id_)

    def been(self, id_: int, minutes: Mapping[int, int | None]) -> Plan:
        """
        Note how long somebody was at some stops.

        Parameters
        ----------
        id_
            The plan.
        minutes
            By number of the stop; None takes a note back.

        Raises
        ------
        PresenceError
            If a stop is not of the plan, or minutes cannot be; lists every fault.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            known = {stop.number for stop in _found(connection, id_).stops}
            faults = [
                Text("stop {number}: from 0 to {most} minutes", number=number, most=MOST_MINUTES)
                for number, spent in minutes.items()
                if number not in known or not (spent is None or 0 <= spent <= MOST_MINUTES)
            ]
            if faults:
                raise PresenceError(faults)
            for number, spent in minutes.items():
                here = (presence_stop.c.plan_id == id_) & (presence_stop.c.number == number)
                connection.execute(update(presence_stop).where(here).values(been=spent))
            return _found(connection, id_)

    def find(self, id_: int, stop: int, factor: str, *, by: str, at: datetime) -> Found:
        """
        Note what a round found; it is kept apart and never counts.

        Raises
        ------
        PresenceError
            If there is no such stop.
        """
        with writing(self._engine, lock=KEEPERS) as connection:
            if stop not in {one.number for one in _found(connection, id_).stops}:
                raise PresenceError([Text("there is no stop {number}", number=stop)])
            told = {"plan_id": id_, "stop": stop, "factor": factor, "at": at, "by": by}
            new = insert(patrol_finding).values(told).returning(patrol_finding.c.id)
            return Found(connection.scalars(new).one(), id_, stop, factor, at, by)

    def found(self, plans: Iterable[int] | None = None) -> list[Found]:
        """Return what rounds found, of all plans or of some; the latest first."""
        query = select(patrol_finding).order_by(patrol_finding.c.id.desc())
        if plans is not None:
            query = query.where(patrol_finding.c.plan_id.in_(list(plans)))
        with reading(self._engine) as connection:
            return [Found(**dict(row)) for row in connection.execute(query).mappings()]

    def places_found(self) -> Sequence[tuple[str, Any]]:
        """Return factor and shape of the stop of everything rounds found."""
        joined = patrol_finding.join(
            presence_stop,
            (presence_stop.c.plan_id == patrol_finding.c.plan_id)
            & (presence_stop.c.number == patrol_finding.c.stop),
        )
        query = select(patrol_finding.c.factor, presence_stop.c.shape).select_from(joined)
        with reading(self._engine) as connection:
            return [
                (factor, shapely.from_wkb(shape)) for factor, shape in connection.execute(query)
            ]


def _found(connection: Connection, id_: int) -> Plan:
    row = connection.execute(select(presence_plan).where(presence_plan.c.id == id_)).mappings()
    first = row.first()
    if first is None:
        raise UnknownPlanError([Text("there is no such duty plan")])
    query = (
        select(presence_stop).where(presence_stop.c.plan_id == id_).order_by(presence_stop.c.number)
    )
    stops = tuple(_stop(dict(one)) for one in connection.execute(query).mappings())
    return _plan(dict(first), stops)


def _plan(row: dict[str, Any], stops: tuple[Stop, ...] = ()) -> Plan:
    row |= {
        "week": date.fromisoformat(row["week"]),
        "days": tuple(int(day) for day in row["days"]),
        "told": orjson.loads(row["told"]),
    }
    return Plan(**row, stops=stops)


def _row(id_: int, stop: Stop) -> dict[str, Any]:
    return {
        "plan_id": id_,
        "number": stop.number,
        "day": stop.day,
        "minutes": stop.minutes,
        "by_chance": int(stop.by_chance),
        "chance": stop.chance,
        "place": write_remarks((stop.place,)),
        "district": stop.district,
        "why": write_remarks(stop.why),
        "shape": shapely.to_wkb(stop.shape),
        "been": stop.been,
    }


def _stop(row: dict[str, Any]) -> Stop:
    row.pop("plan_id")
    row |= {
        "by_chance": bool(row["by_chance"]),
        "place": read_remarks(row["place"])[0],
        "why": read_remarks(row["why"]),
        "shape": shapely.from_wkb(row["shape"]),
    }
    return Stop(**row)
