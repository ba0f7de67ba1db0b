"""How sure the outcome of a scenario is: told when the page stands already."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from layers.sureness_pairs import gained_told, with_ends

from . import plan_tables, planning
from .planning import Plan
from .results import Computed
from .store import Scenario, Store


def address(kept: Scenario) -> str:
    """Return where it is told: by the link of a scenario, if that was used."""
    token = (request.view_args or {}).get("token")
    if token:
        return url_for("plan.shared_sure", token=token)
    return url_for("plan.sure", id_=kept.id)


def told(store: Store, plan: Plan, computed: Computed) -> dict[str, Any]:
    """Return what a piece of the page says of it: the interval, why, and that of the gain."""
    beside = planning.sureness(store, plan)
    if not beside.known:
        return {"beside": beside}
    figure = plan_tables.tally(computed.result)["share_after"]
    ended = with_ends(figure, beside.sure(1), plan.question.group)
    return {
        "beside": beside,
        "sure_of": ended,
        "sure_gain": gained_told(beside)[:1] if plan.changes else (),
    }
