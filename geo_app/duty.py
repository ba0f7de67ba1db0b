"""Makes a duty plan of a city: tasks, streets and residents on one side, rules on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers import Text
from layers.asked import district_of
from layers.factors import FACTORS
from layers.presence import SERVICES, SLOT, Drawn, Rules, Shares, draw, shared_out
from layers.presence_rounds import Visit, rounds

from . import office_work, results, shelf
from .ranking import Order
from .store import Store
from .store.presence import Plan, Stop

NEAR = 100.0
"""What a round found so near to a place [m] would count for it, if it counted."""
NO_DUTY = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "construction"})
"""Ways nobody walks."""
BY_CHANCE = Text("by chance: nobody has asked for it; so that what nobody reports can be found")
BEHAVIOUR = Text("behaviour that unsettles people")
NAMELESS = Text("a way without a name")
WHOLE = Text("whole city")


@dataclass(frozen=True, eq=False)
class Places:
    """
    Places with open tasks that a service can do something about, each once.

    Parameters
    ----------
    value
        (n,) points of the first of its tasks.
    district
        (n,) number of its district.
    shape, where, why
        (n,) part of a street or square [m], and it in words.
    """

    value: Any
    district: Any
    shape: Any
    where: Sequence[Text]
    why: Sequence[tuple[Text, ...]]


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Where somebody can be sent at all.

    Parameters
    ----------
    names, residents
        (d,) districts, and how many live there.
    street, street_district, street_shape
        (s,) streets by name within a district.
    """

    names: tuple[str, ...]
    residents: Any
    street: Any
    street_district: Any
    street_shape: Any


@dataclass(frozen=True)
class Wanted:
    """What a plan is asked for: service, Monday of the week, days, rules and seed."""

    service: str
    week: date
    days: tuple[int, ...]
    rules: Rules
    seed: int


def plan_of(
    store: Store,
    order: Order,
    found: Sequence[tuple[str, Any]],
    wanted: Wanted,
    *,
    by: str,
    at: datetime,
) -> Plan:
    """
    Make a plan and the log of what would have been chosen otherwise.

    Parameters
    ----------
    store, order
        The city, and its open tasks with their points.
    found
        Factor and shape of what rounds have found so far: it decides nothing, the log alone
        tells what it would have changed.
    wanted, by, at
        What is asked for, by whom and when.

    Raises
    ------
    InfeasibleError
        If nothing keeps to the rules.
    """
    ground = ground_of(store)
    places = places_of(store, order, wanted.service, ground)
    shares = shared_out(places.value, places.district, ground.residents, wanted.rules)
    known = _known(places, ground)
    drawn = draw(known, ground.street_district, shares.by_chance, seed=wanted.seed)
    stops = _stops(places, ground, shares, drawn, wanted.days)
    return Plan(
        id=0,
        service=wanted.service,
        week=wanted.week,
        minutes=int(wanted.rules.slots * SLOT),
        exploration=wanted.rules.exploration,
        fairness=wanted.rules.fairness,
        seed=wanted.seed,
        days=wanted.days,
        told=_log(places, ground, shares, found, wanted),
        made_at=at,
        made_by=by,
        stops=stops,
    )


def ground_of(store: Store) -> Ground:
    """Return districts with their residents, and streets; made once per version of the layers."""
    there = set(store.names())
    named = [name for name in ("districts", "population", "streets") if name in there]
    key = tuple(store.provenance(name).hash for name in named)
    found: Ground = results.remembered(store, "ground of duty", key, lambda: _ground(store), most=1)
    return found


def _ground(store: Store) -> Ground:
    there = set(store.names())
    districts = shelf.table(store, "districts") if "districts" in there else None
    homes = shelf.table(store, "population")
    number = _district(homes.geometry.centroid, districts)
    names = (str(WHOLE),) if districts is None else tuple(districts["name"].astype(str))
    people = homes["residents"].fillna(0.0).to_numpy(dtype=float)
    residents = np.bincount(number[number >= 0], people[number >= 0], minlength=len(names))
    ways = shelf.table(store, "streets")
    ways = ways[~ways["kind"].isin(NO_DUTY)]
    middle = ways.geometry.interpolate(0.5, normalized=True)
    told = ways[["name"]].assign(district=_district(middle, districts), row=range(len(ways)))
    told = told[told["district"] >= 0]
    # ways without a name are only drawn where no way has one
    named = told.groupby("district")["name"].transform("max") != ""
    told = told[(told["name"] != "") | ~named]
    told["key"] = told["name"].where(told["name"] != "", told["row"].astype(str))
    groups = told.groupby(["district", "name", "key"], sort=True)["row"].agg(list)
    lines = np.asarray(ways.geometry.array)
    return Ground(
        names,
        residents,
        np.array([name for _, name, _ in groups.index], dtype=object),
        np.array([number for number, _, _ in groups.index], dtype=np.intp),
        np.array([shapely.union_all(lines[rows]) for rows in groups], dtype=object),
    )


def _district(points: Any, districts: GeoDataFrame | None) -> Any:
    if districts is None:
        return np.zeros(len(points), dtype=np.intp)
    return district_of(points, districts)


def places_of(store: Store, order: Order, service: str, ground: Ground) -> Places:
    """Gather open tasks that a service can do something about, those at one place together."""
    tasks = order.ranking.tasks
    mine = tasks["factor"].isin(SERVICES[service].factors).to_numpy()
    rows = [row for row in order.rows if mine[row] and order.points[row] > 0]
    there = set(store.names())
    districts = shelf.table(store, "districts") if "districts" in there else None
    by_place: dict[bytes, list[int]] = {}
    for row in rows:
        by_place.setdefault(shapely.to_wkb(tasks.geometry.iloc[row]), []).append(row)
    listed = list(tasks.itertuples())
    first = [some[0] for some in by_place.values()]
    shapes = tasks.geometry.iloc[first]
    number = _district(shapes.representative_point(), districts)
    inside = np.flatnonzero((number >= 0) & (number < len(ground.names)))
    groups = list(by_place.values())
    return Places(
        value=order.points[first][inside].astype(float) if first else np.empty(0),
        district=number[inside],
        shape=np.asarray(shapes.array)[inside],
        where=[office_work.where(listed[groups[n][0]]) for n in inside],
        why=[tuple(_why(listed[row], int(order.points[row])) for row in groups[n]) for n in inside],
    )


def _why(row: Any, points: int) -> Text:
    return Text(
        "{what}: {count} {count:voice|voices}, {points} points of a hundred",
        # a sheet leaves the office: what behaviour it is, the work list tells those who may read it
        what=BEHAVIOUR if row.sensitive else FACTORS[row.factor].label,
        count=int(row.voices),
        points=points,
    )


def _known(places: Places, ground: Ground) -> Any:
    """Whether there is an open task at each street."""
    known = np.zeros(len(ground.street), dtype=bool)
    if len(places.shape):
        tree = shapely.STRtree(places.shape)
        known[tree.query(ground.street_shape, predicate="dwithin", distance=1.0)[0]] = True
    return known


def _stops(
    places: Places, ground: Ground, shares: Shares, drawn: Drawn, days: tuple[int, ...]
) -> tuple[Stop, ...]:
    """Put slots into rounds and tell why somebody is sent there."""
    at = np.concatenate([np.repeat(np.arange(len(shares.slots)), shares.slots),
                         len(shares.slots) + drawn.chosen]).astype(np.intp)  # fmt: skip
    shapes = np.concatenate([places.shape, ground.street_shape])
    visits = rounds(at, shapely.get_coordinates(shapely.centroid(shapes)), days)
    return tuple(
        _stop(number, visit, places, ground, drawn) for number, visit in enumerate(visits, start=1)
    )


def _stop(number: int, visit: Visit, places: Places, ground: Ground, drawn: Drawn) -> Stop:
    at, minutes = visit.place, int(visit.slots * SLOT)
    if at < len(places.where):
        return Stop(
            number, visit.day, minutes, by_chance=False, chance=1.0, place=places.where[at],
            district=ground.names[places.district[at]], why=places.why[at],
            shape=places.shape[at],
        )  # fmt: skip
    street = at - len(places.where)
    district = ground.names[ground.street_district[street]]
    name = str(ground.street[street]) or NAMELESS
    where = Text("{place}, {district}", place=name, district=district)
    return Stop(
        number, visit.day, minutes, by_chance=True, chance=float(drawn.chance[street]),
        place=where, district=district, why=(BY_CHANCE,), shape=ground.street_shape[street],
    )  # fmt: skip


def _log(
    places: Places,
    ground: Ground,
    shares: Shares,
    found: Sequence[tuple[str, Any]],
    wanted: Wanted,
) -> dict[str, Any]:
    """Tell minutes by district as chosen and otherwise, and how many slots would be elsewhere."""
    rules = wanted.rules
    as_if = replace(places, value=_if_found_counted(places, found, wanted.service))
    others = {
        "no_chance": (places, replace(rules, exploration=0.0)),
        "no_bound": (places, replace(rules, fairness=float("inf"))),
        "found_counts": (as_if, rules),
    }
    told: dict[str, Any] = {
        "districts": list(ground.names),
        "residents": ground.residents.tolist(),
        "minutes": shares.minutes(places.district).tolist(),
        "by_chance": (shares.by_chance * SLOT).tolist(),
        "places": len(places.value),
        "found": len(found),
        "otherwise": {},
    }
    for name, (these, other) in others.items():
        chosen = shared_out(these.value, these.district, ground.residents, other)
        more = np.flatnonzero(chosen.slots > shares.slots)
        told["otherwise"][name] = {
            "minutes": chosen.minutes(places.district).tolist(),
            "by_chance": (chosen.by_chance * SLOT).tolist(),
            "moved": float(SLOT * np.maximum(chosen.slots - shares.slots, 0).sum()),
            "more_at": [str(places.where[n]) for n in more[:5]],
        }
    return told


def _if_found_counted(places: Places, found: Sequence[tuple[str, Any]], service: str) -> Any:
    """Return what places would be worth if what rounds found counted like residents' marks."""
    shapes = [shape for factor, shape in found if factor in SERVICES[service].factors]
    value = places.value.copy()
    if shapes and len(value):
        tree = shapely.STRtree(places.shape)
        at = tree.query(np.array(shapes, dtype=object), predicate="dwithin", distance=NEAR)[1]
        voices = np.array([sum(int(told.values["count"]) for told in why) for why in places.why])
        more = np.bincount(at, minlength=len(value))
        value *= (voices + more) / np.maximum(voices, 1)
    return value
