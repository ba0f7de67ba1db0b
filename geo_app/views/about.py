"""What this is, how it counts, whom to ask."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from layers import LAYERS
from layers.walkers import WALKERS

from .. import shelf
from ..access import public
from .city import current_store

bp = Blueprint("about", __name__, url_prefix="/about")


@bp.get("")
@public
def show() -> str:
    """Sources, method, accessibility and contact."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "about.html",
        origins=shelf.present(current_store()),
        walkers=WALKERS.values(),
        layers=LAYERS,
        contact=settings.contact,
    )
