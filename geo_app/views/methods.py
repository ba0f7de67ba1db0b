"""Every method of prevention in plain words and in formulas, computed before everybody’s eyes."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from layers import Text
from layers.false_alarms import MARKS
from layers.power import ENOUGH
from layers.publication import next_release

from .. import methods
from .. import spots as public_spots
from ..access import public
from ..clock import today
from .city import current_store

bp = Blueprint("methods", __name__, url_prefix="/methods")

SECTIONS: tuple[tuple[str, Text], ...] = (
    ("today", Text("What applies here today")),
    ("list", Text("The list of things to mend")),
    ("public", Text("What becomes public")),
    ("alarms", Text("Why counts alone deceive")),
    ("compare", Text("Unsafe against at-ease marks")),
    ("many", Text("Many tests at once")),
    ("power", Text("When hot spots are unlocked")),
    ("scan", Text("The scan as a second opinion")),
    ("gi", Text("Gi* and density, for those who ask")),
    ("silent", Text("Silent areas")),
    ("small", Text("Small numbers and trends")),
    ("repeats", Text("Near repeats")),
    ("priorities", Text("Priorities")),
    ("walks", Text("Night walks")),
    ("measures", Text("Whether a measure has worked")),
    ("accuracy", Text("How good a map of hot spots is")),
    ("coverage", Text("Reach: the other half")),
    ("never", Text("What is never done")),
)
"""Ids and titles, in their order; the table of contents is made of them."""
EARLIER: dict[str, str] = {"gi": "67", "gi_corrected": "45", "footfall": "52", "compared": "0.03"}
"""
False hot cells per map in 300 runs of an earlier simulation of the project (METHODS, 4), whose
towns were made with other assumptions.
"""
RECIPES: dict[str, Text] = {
    "gi": Text("Gi* on counts, p < .05"),
    "gi_corrected": Text("Gi* on counts, corrected for many tests"),
    "footfall": Text("counts against the number of people who pass, known exactly, p < .05"),
    "footfall_corrected": Text("the same, corrected for many tests"),
    "compared": Text("unsafe against at-ease marks, corrected: the method used here"),
}
"""Recipes of the simulation in words."""
PICTURED = ("gi", "footfall", "compared")
"""Recipes of which one town is drawn."""


@bp.get("")
@public
def show() -> str:
    """Plain words, formulas, examples, the simulation, and what applies to this city today."""
    examples = methods.examples()
    simulated = methods.simulated()
    rules = current_app.config["SETTINGS"].rules
    return render_template(
        "methods.html",
        sections=dict(SECTIONS),
        examples=examples,
        agreeing=methods.all_agree(list(examples.values())),
        volume=methods.volume(public_spots.pins(current_store(), on=today())),
        enough=100 * ENOUGH,
        next_day=next_release(today()),
        rules=rules,
        simulated=simulated,
        marks=MARKS,
        recipes=RECIPES,
        earlier=EARLIER,
        pictures={name: methods.drawn(simulated.example[name]) for name in PICTURED},
        side=simulated.example[PICTURED[0]].shape[0],
    )
