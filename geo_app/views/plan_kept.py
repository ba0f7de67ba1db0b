"""What is done to a scenario as a whole: name, copy, bin, link."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from layers import LayersError, Text

from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..languages import say
from ..planned import PLACES
from ..session import people
from .city import PLANNERS, current_store
from .plan import Answer, bp, page_of, scenarios


@bp.post("/<int:id_>/rename")
@staff(*PLANNERS)
def rename(id_: int) -> Answer:
    """Give a scenario another name and description."""
    typed = request.form
    try:
        scenarios().rename(
            id_, typed.get("name", ""), typed.get("about", ""), by=person().login, at=now()
        )
    except LayersError as error:
        return page_of(scenarios().get(id_), error.faults, status=status_of(error))
    return _back(id_)


@bp.post("/<int:id_>/duplicate")
@staff(*PLANNERS)
def duplicate(id_: int) -> Answer:
    """Make a copy and go there."""
    old = scenarios().get(id_)
    name = say(Text("{name} (copy)", name=old.name[:100]))
    base = current_store().provenance(PLACES).hash
    made = scenarios().duplicate(id_, name, base=base, by=person().login, at=now())
    return _back(made.id)


@bp.post("/<int:id_>/delete")
@staff(*PLANNERS)
def delete(id_: int) -> Answer:
    """Put a scenario into the bin; the list offers to undo that."""
    scenarios().delete(id_, at=now())
    return redirect(url_for("plan.index", deleted=id_), code=303)


@bp.post("/<int:id_>/bring-back")
@staff(*PLANNERS)
def bring_back(id_: int) -> Answer:
    """Take a scenario out of the bin."""
    scenarios().bring_back(id_)
    return _back(id_)


@bp.post("/<int:id_>/erase")
@staff(*PLANNERS)
def erase(id_: int) -> Answer:
    """Erase a scenario in the bin for good."""
    scenarios().erase(id_)
    _note("scenario erased", id_)
    return redirect(url_for("plan.index"), code=303)


@bp.post("/<int:id_>/share")
@staff(*PLANNERS)
def share(id_: int) -> Answer:
    """Make a link that shows the scenario to whoever has it."""
    scenarios().share(id_)
    _note("scenario shared", id_)
    return _back(id_)


@bp.post("/<int:id_>/unshare")
@staff(*PLANNERS)
def unshare(id_: int) -> Answer:
    """Take the link away."""
    scenarios().unshare(id_)
    _note("scenario shared no longer", id_)
    return _back(id_)


def _note(action: str, id_: int, **more: Any) -> None:
    people().audit(action, by=person().login, at=now(), what=f"scenario {id_}", **more)


def _back(id_: int) -> Answer:
    return redirect(url_for("plan.show", id_=id_), code=303)
