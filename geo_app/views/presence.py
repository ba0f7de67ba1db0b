"""Presence without the loop: minutes of a week shared out, a sheet for duty, and the log."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from geopandas import GeoDataFrame
from werkzeug.wrappers import Response as AnyResponse

from layers import LayersError, ParameterError, Text
from layers.factors import FACTORS
from layers.presence import (
    FACTOR,
    FACTOR_LEAST,
    FACTOR_MOST,
    PER,
    SERVICES,
    SHARE,
    SHARE_LEAST,
    SHARE_MOST,
    SLOT,
    Rules,
)

from .. import cartography, duty
from ..access import person, staff
from ..clock import now, today
from ..errors import status_of
from ..languages import say
from ..legends import Legend
from ..maps.features import feature_collection
from ..maps.shell import Source
from ..session import people
from ..sketch import close_up
from ..store.presence import MOST_MINUTES, DutyPlans, Plan
from .city import current_store
from .priorities import order_of, whole_ranking

bp = Blueprint("presence", __name__, url_prefix="/presence")

ROLES = ("prevention", "administrator")
"""Roles that plan presence; nobody else sees where somebody will be."""
DAYS: tuple[Text, ...] = (
    Text("Monday"), Text("Tuesday"), Text("Wednesday"), Text("Thursday"), Text("Friday"),
    Text("Saturday"), Text("Sunday"),
)  # fmt: skip
USUAL_DAYS = (0, 1, 2, 3, 4)
USUAL_MINUTES = 600
OTHERWISE: dict[str, Text] = {
    "no_chance": Text("without a share by chance"),
    "no_bound": Text("without the bound between districts"),
    "found_counts": Text("if what rounds find counted like what residents say"),
}
"""What would have been chosen otherwise."""
SHORT: dict[str, Text] = {
    "no_chance": Text("no chance"),
    "no_bound": Text("no bound"),
    "found_counts": Text("finds count"),
}
"""The same as headings of a table."""
KINDS: dict[str, Text] = {"task": Text("for a task"), "chance": Text("by chance")}
Answer = AnyResponse | tuple[str, int] | str


def plans() -> DutyPlans:
    """Return the duty plans of this city."""
    return DutyPlans(current_store())


@bp.get("")
@staff(*ROLES)
def index() -> Answer:
    """Every plan, and the form for a new one."""
    return _index()


@bp.post("")
@staff(*ROLES)
def add() -> Answer:
    """Share out the minutes of a week."""
    try:
        wanted = _wanted(request.form)
        made = duty.plan_of(
            current_store(),
            order_of(whole_ranking()),
            plans().places_found(),
            wanted,
            by=person().login,
            at=now(),
        )
    except LayersError as error:
        return _index(error.faults), status_of(error)
    made = plans().add(made)
    told = f"{made.service}, {made.week.isoformat()}, seed {made.seed}"
    people().audit("duty planned", by=made.made_by, at=made.made_at, what=f"duty {made.id}",
                   detail=told)  # fmt: skip
    return redirect(url_for("presence.show", id_=made.id), code=303)


@bp.get("/<int:id_>")
@staff(*ROLES)
def show(id_: int) -> Answer:
    """One plan: who gets how much, why, what otherwise, and what became of it."""
    return _page(plans().get(id_))


@bp.get("/<int:id_>/print")
@staff(*ROLES)
def paper(id_: int) -> str:
    """Show the sheet for duty."""
    plan = plans().get(id_)
    store = current_store()
    drawn = {stop.number: close_up(store, stop.shape) for stop in plan.stops}
    return render_template("presence_print.html", **_told(plan), drawn=drawn)


@bp.get("/<int:id_>/features")
@staff(*ROLES)
def features(id_: int) -> Response:
    """Stops on the map: parts of streets and squares."""
    plan = plans().get(id_)
    table = GeoDataFrame(
        {
            "name": [say(stop.place) for stop in plan.stops],
            "kind": ["chance" if stop.by_chance else "task" for stop in plan.stops],
            "minutes": [stop.minutes for stop in plan.stops],
            "day": [say(DAYS[stop.day]) for stop in plan.stops],
        },
        geometry=[stop.shape for stop in plan.stops],
        index=[str(stop.number) for stop in plan.stops],
        crs=current_store().crs,
    )
    answer = make_response(feature_collection(table, ["name", "kind", "minutes", "day"]))
    answer.headers["Content-Type"] = "application/geo+json"
    return answer


@bp.post("/<int:id_>/been")
@staff(*ROLES)
def been(id_: int) -> Answer:
    """Note how long somebody was at the stops."""
    try:
        plans().been(id_, _minutes_typed(request.form))
    except LayersError as error:
        return _page(plans().get(id_), error.faults), status_of(error)
    return redirect(url_for("presence.show", id_=id_) + "#been", code=303)


@bp.post("/<int:id_>/found")
@staff(*ROLES)
def found(id_: int) -> Answer:
    """Note what a round found; it is kept apart and never counts."""
    typed, plan = request.form, plans().get(id_)
    factor = typed.get("factor", "")
    try:
        if factor not in SERVICES[plan.service].factors:
            raise ParameterError([Text("choose what was found")])
        plans().find(id_, typed.get("stop", 0, type=int), factor, by=person().login, at=now())
    except LayersError as error:
        return _page(plan, error.faults), status_of(error)
    return redirect(url_for("presence.show", id_=id_) + "#found", code=303)


@bp.post("/<int:id_>/drop")
@staff(*ROLES)
def drop(id_: int) -> AnyResponse:
    """Take a plan back."""
    plans().drop(id_, at=now())
    people().audit("duty taken back", by=person().login, at=now(), what=f"duty {id_}")
    return redirect(url_for("presence.show", id_=id_), code=303)


@bp.post("/<int:id_>/restore")
@staff(*ROLES)
def restore(id_: int) -> AnyResponse:
    """Put a plan in force again that was taken back."""
    plans().drop(id_, at=None)
    people().audit("duty put in force again", by=person().login, at=now(), what=f"duty {id_}")
    return redirect(url_for("presence.show", id_=id_), code=303)


def _wanted(typed: Mapping[str, str]) -> duty.Wanted:
    """Read the form; every fault at once."""
    faults: list[Text] = []
    service = typed.get("service", "")
    if service not in SERVICES:
        faults.append(Text("choose what is shared out"))
    try:
        asked = date.fromisoformat(typed.get("week", ""))
    except ValueError:
        asked = today()
        faults.append(Text("choose a day of the week that is planned"))
    days = tuple(
        sorted({int(day) for day in request.form.getlist("days") if day in set("0123456")})
    )
    if not days:
        faults.append(Text("choose at least one day of duty"))
    share = _number(typed.get("exploration", ""))
    if not SHARE_LEAST <= share <= SHARE_MOST:
        faults.append(
            Text("by chance: from {least} to {most} %", least=SHARE_LEAST, most=SHARE_MOST)
        )
    bound = _number(typed.get("fairness", ""))
    if not FACTOR_LEAST <= bound <= FACTOR_MOST:
        faults.append(
            Text("the bound between districts: from {least} to {most}", least=FACTOR_LEAST,
                 most=FACTOR_MOST)
        )  # fmt: skip
    minutes = _number(typed.get("minutes", ""))
    if not SLOT <= minutes <= 100_000:
        faults.append(Text("minutes a week: from {least} to 100,000", least=SLOT))
    if faults:
        raise ParameterError(faults)
    monday = asked - timedelta(days=asked.weekday())
    seed = int(_number(typed.get("seed", ""))) if typed.get("seed", "").isdigit() else _seed()
    return duty.Wanted(service, monday, days, Rules(minutes, share, bound), seed % 2**31)


def _seed() -> int:
    return secrets.randbelow(10**6)


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return float("nan")


def _minutes_typed(typed: Mapping[str, str]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for name, text in typed.items():
        number = name.removeprefix("stop-")
        if number != name and number.isdecimal():
            spent = _number(text)
            blank = not text.strip()
            found[int(number)] = None if blank else int(spent) if np.isfinite(spent) else -1
    return found


def _index(faults: Sequence[Text] = ()) -> str:
    typed = request.form
    return render_template(
        "presence.html",
        faults=faults,
        listed=plans().listed(),
        services=SERVICES,
        factors=FACTORS,
        days=DAYS,
        chosen_days={int(d) for d in typed.getlist("days") if d.isdecimal()} or set(USUAL_DAYS),
        typed=typed,
        usual={
            "minutes": USUAL_MINUTES,
            "exploration": round(SHARE),
            "fairness": FACTOR,
            "week": (today() + timedelta(days=7 - today().weekday())).isoformat(),
        },
        bounds={"share": (SHARE_LEAST, SHARE_MOST), "factor": (FACTOR_LEAST, FACTOR_MOST)},
        slot=round(SLOT),
    )


def _page(plan: Plan, faults: Sequence[Text] = ()) -> str:
    return render_template(
        "presence_plan.html",
        faults=faults,
        found=plans().found([plan.id]),
        factors=FACTORS,
        most=MOST_MINUTES,
        drawing=_drawing(plan),
        **_told(plan),
    )


def _told(plan: Plan) -> dict[str, Any]:
    told, log = plan.told, plan.told["otherwise"]
    return {
        "plan": plan,
        "service": SERVICES[plan.service],
        "days": DAYS,
        "rounds": [
            (plan.week + timedelta(days=day), DAYS[day], [s for s in plan.stops if s.day == day])
            for day in plan.days
        ],
        "districts": [
            {
                "name": name,
                "minutes": minutes,
                "by_chance": chance,
                "rate": minutes / residents * PER if residents else float("nan"),
                "otherwise": [log[one]["minutes"][number] for one in OTHERWISE],
            }
            for number, (name, residents, minutes, chance) in enumerate(
                zip(told["districts"], told["residents"], told["minutes"], told["by_chance"],
                    strict=True)
            )
        ],
        "otherwise": [(words, SHORT[name], log[name]) for name, words in OTHERWISE.items()],
        "by_chance": sum(stop.minutes for stop in plan.stops if stop.by_chance),
        "monday": plan.week,
    }  # fmt: skip


def _drawing(plan: Plan) -> cartography.Drawing:
    words = tuple(zip(("k1", "k3"), (say(label) for label in KINDS.values()), strict=True))
    plain = {"unit": "", "options": {}, "many": False}
    source = Source(
        name="stops",
        title=say(Text("Stops")),
        kind="cells",
        url=url_for("presence.features", id_=plan.id),
        columns=tuple(
            plain | {"name": name, "label": say(label)}
            for name, label in (
                ("name", Text("")), ("day", Text("Day")), ("minutes", Text("Minutes")),
            )
        ),
        values="kind",
        kinds=tuple(KINDS),
        inks=("k1", "k3"),
        scale="kinds",
        label="name",
    )  # fmt: skip
    return cartography.of_sources(
        current_store(), [source], legend=Legend(say(Text("Why somebody is sent there")), words)
    )
