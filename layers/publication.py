"""
Publication of marks: masked units, small groups never shown, not even by subtraction.

How it works. Accepted marks wait in a pool. On a release day, groups of at
least k marks in one unit with at least 8 addresses become rows of the public
layer: first in parts of streets, then in squares of 100 and 200 m, then as
bare counts in squares of 400 m and districts (`grouping`). A row never
changes; it stays until it expires or until so many of its marks were taken
back that fewer than k stand behind it, and then goes as a whole. Bare counts
may be replaced by finer rows once at least k new marks of the same unit are
there. Marks of a row that went rest for one release before they are shown
again, and so does the unit. Reasons and times of day are told only in units that are never taken
apart, and only where each group and what remains of the row are k or none.

What is promised, to somebody who keeps every release:

- every row stands for at least k marks (10 if one names a sensitive factor)
  in a unit with at least 8 addresses, and no mark is in two rows at a time;
- every number that follows exactly from adding and subtracting rows, within
  a release or between releases, over nested units, reasons or times of day,
  counts a group of at least k marks;
- asking again and again shows the same: there is no noise to average out;
- when a mark was sent cannot be told more exactly than between two releases:
  the day on which a row expires is a release day, too.

What is not promised:

- somebody who knows all other marks of a row knows the last one, too. This
  includes people who send marks themselves to fill a row: one device counts
  once towards k where the store says which device (`sender`), and staff read
  every mark, but no rule can exclude it without adding noise to the truth;
- somebody who knows that a person has marked one of the spots behind a row
  learns what all of them share: that they are in this unit, and the reason
  if all name it;
- rough conclusions ("some of these were probably here before") remain;
- a mark taken back may stay in the number of its row until the row goes.

Source
------
k-anonymity: Samarati & Sweeney (1998); differencing and complementary
suppression: Hundepool et al. (2012), Statistical Disclosure Control, Wiley.
k = 5, 10 and 8 addresses: CONVENTIONS (assumptions, to be set by the city).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from pandas import Series

from .errors import ParameterError
from .factors import FACTORS, is_sensitive
from .grouping import COARSE, FINE, Batch, Entry, Unit, grouped, needed
from .marks import DAYTIMES, KINDS
from .masks import LEVELS, Units
from .schema import SEPARATOR
from .sources.pins import LAYER
from .text import Text


@dataclass(frozen=True)
class Rules:
    """
    When a group of marks may be shown.

    Parameters
    ----------
    least
        Fewest marks in a row, or in any group that can be worked out [marks].
    least_sensitive
        The same where a mark names a sensitive factor [marks].
    addresses
        Fewest addresses in a unit [addresses].
    shown_days
        How long a mark counts after it was accepted or confirmed [days].
    """

    least: int = 5
    least_sensitive: int = 10
    addresses: int = 8
    shown_days: int = 365


@dataclass(frozen=True)
class Release:
    """
    What one release day gives.

    Parameters
    ----------
    pins
        The public layer.
    placed
        Id of each mark → id of the row it is counted in, "" if it waits. The
        store keeps it with the mark and hands it in as `pin` next time; it is
        as secret as the marks.
    """

    pins: GeoDataFrame
    placed: Series[str]


def next_release(day: date) -> date:
    """
    Return the next release day on or after `day`: the first Monday of a month.

    Fixed days keep anybody from seeing a mark appear just after it was sent.
    """
    first = day.replace(day=1)
    monday = first + timedelta(days=-first.weekday() % 7)
    if monday >= day:
        return monday
    return next_release((first + timedelta(days=32)).replace(day=1))


def last_release(day: date) -> date:
    """Return the last release day on or before `day`."""
    first = day.replace(day=1)
    monday = next_release(first)
    return monday if monday <= day else next_release((first - timedelta(days=1)).replace(day=1))


def publish(
    marks: GeoDataFrame,
    *,
    streets: GeoDataFrame,
    addresses: GeoDataFrame,
    districts: GeoDataFrame,
    on: date,
    previous: GeoDataFrame | None = None,
    rules: Rules = Rules(),
) -> Release:
    """
    Return the public layer of a release day.

    Parameters
    ----------
    marks
        Marks that are accepted now (state "published"), exact points [m];
        columns `marks.MARK_COLUMNS`, `pin` (row each is counted in, "" for
        none; may be missing) and perhaps `sender` (same for marks from one
        device on one day). Marks taken back are simply not there any more.
    streets, addresses, districts
        The city's layers [m]; addresses are `buildings`, or points.
    on
        The release day; see `next_release`.
    previous
        The layer as last released, or none.
    rules
        When a group may be shown.

    Raises
    ------
    ParameterError
        If `on` is no release day, or rules are laxer than the layer allows.
    """
    _permitted(on, rules)
    units = Units.of(streets, addresses, districts)
    table = _read(marks, units)
    before = _marks_of(previous, marks.crs)
    fresh = (table["expires_on"] == "") | (table["expires_on"] >= on.isoformat())
    staying, gone = _retired(before, table[fresh], on, rules)
    waits = (table["pin"] == "") & (table["accepted_on"] <= on.isoformat())
    table["pin"] = table["pin"].where(table["pin"].isin(set(staying.index)), "")
    waiting = table[waits & fresh]
    placeable = table[fresh]
    replaced: set[str] = set()
    batches: list[tuple[str, Batch]] = []
    for kind in KINDS:
        formed, apart = _of_kind(kind, placeable, waiting, staying, gone, units, rules)
        replaced |= apart
        batches += [(kind, batch) for batch in formed]
    rows, placed = _rows(batches, table, units, on, rules)
    kept = staying[~staying.index.isin(replaced)]
    pin = table["pin"].where(~table["pin"].isin(replaced), "")
    pin.update(pd.Series(placed, dtype="str"))
    return Release(_layer([kept, rows]), pin.reindex(marks.index.astype(str)).rename("pin"))


def with_findings(pins: GeoDataFrame, findings: GeoDataFrame) -> GeoDataFrame:
    """
    Add what the city itself has found and confirmed, exactly and with its date.

    Parameters
    ----------
    pins
        The public layer; findings in it are replaced.
    findings
        Points, lines or areas; columns place, kind, factors, finding,
        confirmed_on, expires_on. No mark stands behind a row any more.
    """
    told = findings.assign(unit="finding", marks=0)
    told.index = pd.Index([f"finding/{i}" for i in findings.index], dtype="str")
    return _layer([_marks_of(pins, findings.crs), LAYER.complete(told)])


def _permitted(on: date, rules: Rules) -> None:
    faults = []
    if on != next_release(on):
        faults.append(
            Text(
                "{day} is no release day; the next one is {next}",
                day=on,
                next=next_release(on),
            )
        )
    lowest = Rules()
    if (
        rules.least < lowest.least
        or rules.least_sensitive < max(lowest.least_sensitive, rules.least)
        or rules.addresses < lowest.addresses
    ):
        faults.append(
            Text(
                "the rules may be stricter, but not laxer than {least} marks, {sensitive} for"
                " sensitive reasons and {addresses} addresses",
                least=lowest.least,
                sensitive=lowest.least_sensitive,
                addresses=lowest.addresses,
            )
        )
    if faults:
        raise ParameterError(faults)


def _read(marks: GeoDataFrame, units: Units) -> pd.DataFrame:
    """Return the marks, oldest first, with their units instead of their points."""
    keys = units.keys(marks.geometry.to_numpy()).set_index(marks.index)
    told = pd.DataFrame(marks.drop(columns=marks.geometry.name)).join(keys)
    told["pin"] = told["pin"].fillna("") if "pin" in told else ""
    senders = told["sender"].fillna("") if "sender" in told else [""] * len(told)
    told["sender"] = [s or f"mark {mark}" for s, mark in zip(senders, told.index, strict=True)]
    told["accepted_on"] = told["accepted_on"].astype(str)
    told["named"] = [tuple(f for f in text.split(SEPARATOR) if f) for text in told["factors"]]
    told["sensitive"] = [is_sensitive(named) for named in told["named"]]
    told.index = told.index.astype(str)
    return told.iloc[told.index.argsort(kind="stable")].sort_values("accepted_on", kind="stable")


def _marks_of(pins: GeoDataFrame | None, crs: Any) -> GeoDataFrame:
    if pins is None:
        return LAYER.empty(crs)
    return pins[pins["unit"] != "finding"]


def _retired(
    before: GeoDataFrame, table: pd.DataFrame, on: date, rules: Rules
) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Split the rows into those that stay and those that expire or lost too many marks."""
    alive = Counter(table["pin"])
    delicate = set(table.loc[table["sensitive"], "pin"])
    least = [rules.least_sensitive if pin in delicate else rules.least for pin in before.index]
    held = np.array([alive[pin] for pin in before.index], dtype=int)
    stays = (held >= np.array(least, dtype=int)) & (before["expires_on"] > on.isoformat())
    return before[stays], before[~stays]


def _entries(table: pd.DataFrame) -> list[Entry]:
    keys = zip(*(table[level] for level in LEVELS), strict=True)
    rows = zip(table.index, keys, table["named"], table["sensitive"], table["sender"], strict=True)
    return [
        Entry(mark, key, frozenset(named), bool(sensitive), sender)
        for mark, key, named, sensitive, sender in rows
    ]


def _of_kind(
    kind: str,
    table: pd.DataFrame,
    waiting: pd.DataFrame,
    staying: GeoDataFrame,
    gone: GeoDataFrame,
    units: Units,
    rules: Rules,
) -> tuple[list[Batch], set[str]]:
    """
    Form the batches of one kind; also return the rows they replace.

    Coarse rows that hold a mark which was taken back or is too old are left
    as they are: taken apart, they would show that one is missing.
    """
    pool = _entries(waiting[waiting["kind"] == kind])
    closed = _units_of(gone[gone["kind"] == kind])
    rows = staying[(staying["kind"] == kind) & staying["unit"].isin(COARSE)]
    held = {pin: _entries(part) for pin, part in table[table["pin"] != ""].groupby("pin")}
    coarse: dict[Unit, list[Entry]] = {}
    pins: dict[Unit, set[str]] = {}
    for unit, pin, count in zip(_units(rows), rows.index, rows["marks"], strict=True):
        if len(held.get(pin, ())) == count:
            coarse.setdefault(unit, []).extend(held[pin])
            pins.setdefault(unit, set()).add(pin)
    every = {(level, e.key(level)) for e in pool for level in LEVELS}
    every |= {(level, e.key(level)) for es in coarse.values() for e in es for level in LEVELS}
    open_units = {u for u in every - closed if units.has(*u, rules.addresses)}
    batches, apart = grouped(pool, coarse, open_units=open_units, rules=rules)
    return batches, {pin for unit in apart for pin in pins[unit]}


def _units(rows: GeoDataFrame) -> list[Unit]:
    """Return level and key of each row; the key stands in its id."""
    return [
        (unit, pin.split("/", 3)[3]) for unit, pin in zip(rows["unit"], rows.index, strict=True)
    ]


def _units_of(rows: GeoDataFrame) -> set[Unit]:
    return set(_units(rows))


def _rows(
    batches: Sequence[tuple[str, Batch]],
    table: pd.DataFrame,
    units: Units,
    on: date,
    rules: Rules,
) -> tuple[GeoDataFrame, dict[str, str]]:
    """Return the new rows, and which mark is in which."""
    placed: dict[str, str] = {}
    rows: dict[str, dict[str, Any]] = {}
    order = sorted(batches, key=lambda b: (b[0], b[1][0], b[1][1], -len(b[1][2])))
    for number, (kind, (level, key, members)) in enumerate(order, 1):
        pin = f"pin/{on.isoformat()}/{number}/{key}"
        placed |= dict.fromkeys((e.id for e in members), pin)
        rows[pin] = {
            "place": units.place(level, key),
            "unit": level,
            "kind": kind,
            "marks": len(members),
            **_told(level, table.loc[[e.id for e in members]], needed(members, rules)),
            "released_on": on.isoformat(),
            "expires_on": _expiry(table.loc[[e.id for e in members], "expires_on"], on, rules),
            "geometry": units.shape(level, key),
        }
    if not rows:
        return LAYER.empty(units.streets.crs), placed
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return LAYER.complete(GeoDataFrame(frame, geometry="geometry", crs=units.streets.crs)), placed


def _expiry(days: Series[str], on: date, rules: Rules) -> str:
    """
    Return the release day on which a row goes at the latest.

    The newest mark counts as if accepted on the release day that followed: all
    days between two releases give the same, so that none of them can be told.
    """
    shown = timedelta(days=rules.shown_days)
    told = days[days != ""]
    accepted = date.fromisoformat(told.max()) - shown if len(told) else on
    return next_release(next_release(accepted) + shown + timedelta(days=1)).isoformat()


def _told(level: str, members: pd.DataFrame, least: int) -> dict[str, str]:
    """Return reasons and times of day as far as no smaller group follows from them."""
    if level not in FINE:
        return {}
    reasons = Counter(name for named in members["named"] for name in named)
    times = Counter(time for time in members["daytime"] if time)
    factors = _safe(reasons, len(members), least, FACTORS)
    daytimes = _safe(times, len(members), least, DAYTIMES)
    if sum(daytimes.values()) < len(members) < sum(daytimes.values()) + least:
        daytimes = {}
    return {
        "factors": SEPARATOR.join(factors),
        "factor_marks": SEPARATOR.join(map(str, factors.values())),
        "daytimes": SEPARATOR.join(daytimes),
        "daytime_marks": SEPARATOR.join(map(str, daytimes.values())),
    }


def _safe(
    counts: Mapping[str, int], total: int, least: int, order: Collection[str]
) -> dict[str, int]:
    """Return counts that are k or more and leave none or k, the greatest first."""
    shown = [
        n for n in order if counts[n] >= least and (total - counts[n]) in _none_or(least, total)
    ]
    return {name: counts[name] for name in sorted(shown, key=lambda n: -counts[n])}


def _none_or(least: int, total: int) -> Collection[int]:
    return {0, *range(least, total + 1)}


def _layer(parts: Iterable[GeoDataFrame]) -> GeoDataFrame:
    full = [part for part in parts if len(part)] or list(parts)[:1]
    return LAYER.check(LAYER.complete(pd.concat(full)))
