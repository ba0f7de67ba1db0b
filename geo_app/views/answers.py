"""What came of it, for everybody: in the city's own words, per theme and per published spot."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from layers.factors import FACTORS
from layers.measures import STATUSES, Measure, Status

from .. import answers, spots
from ..access import public
from ..clock import now, today
from ..store import Measures, Themes
from .city import current_store
from .moderation import marks, settings

bp = Blueprint("answers", __name__, url_prefix="/answers")

ORDER = (Status.JUDGED, Status.DONE, Status.RUNNING, Status.STOPPED)
"""What has an answer comes first; what is only planned is not public."""


@bp.get("")
@public
def show() -> str:
    """Everything that was begun, by theme; never a single mark, no numbers of places."""
    store = current_store()
    begun = [one for one in Measures(store).all() if one.public]
    factor = request.args.get("factor", "")
    named = {name for one in begun for name in one.factors}
    chosen = [one for one in begun if factor not in named or factor in one.factors]
    table = spots.pins(store, on=today())
    there = {one.id: answers.spots_of(one, table) for one in chosen}
    return render_template(
        "answers.html",
        groups=_groups(chosen),
        spots=there,
        by_spot=_by_spot(chosen, there),
        begun=len(begun),
        answered=sum(one.answer is not None for one in begun),
        waiting=answers.waiting(marks().cases(now() - answers.A_YEAR)),
        service_days=settings().service_days,
        counts={one.id: answers.public_counts(one) for one in chosen},
        factor=factor,
        named=[FACTORS[name] for name in FACTORS if name in named],
        factors=FACTORS,
        statuses=STATUSES,
    )


def _groups(chosen: list[Measure]) -> list[dict[str, Any]]:
    """Return measures by theme; those without one come last."""
    store = current_store()
    known = {one.id: one for one in Themes(store).all()}
    rank = {status: number for number, status in enumerate(ORDER)}
    ordered = sorted(chosen, key=lambda one: (rank[one.status], -one.id))
    groups: dict[int | None, list[Measure]] = {}
    for one in ordered:
        groups.setdefault(one.theme_id if one.theme_id in known else None, []).append(one)
    themes = sorted((id_ for id_ in groups if id_ is not None), key=lambda i: known[i].name)
    keys: list[int | None] = [*themes, *([None] if None in groups else [])]
    return [
        {"theme": known[key] if key is not None else None, "measures": groups[key]} for key in keys
    ]


def _by_spot(chosen: list[Measure], there: dict[int, list[spots.Spot]]) -> list[dict[str, Any]]:
    """Return published spots with the measures that concern them, by name: nothing is ranked."""
    found: dict[str, dict[str, Any]] = {}
    for one in chosen:
        for spot in there[one.id]:
            found.setdefault(spot.id, {"spot": spot, "measures": []})["measures"].append(one)
    return sorted(found.values(), key=lambda told: str(told["spot"].place))
