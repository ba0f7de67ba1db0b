"""The row of tabs that all pages of prevention share."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from layers import ANALYSES, Text

from ..access import NEEDED, may

TABS: tuple[tuple[str, Text], ...] = (
    ("/prevention", Text("Work list")),
    ("/prevention/priorities", Text("Priorities")),
    ("/analyses/hot_spots", Text("Hot spots")),
    ("/analyses/silent_areas", Text("Silent areas")),
    ("/analyses/mark_trends", Text("Trends")),
    ("/analyses/near_repeats", Text("Near repeats")),
    ("/prevention/themes", Text("Focus themes")),
    ("/walks", Text("Night walks")),
    ("/measures", Text("Measures")),
    ("/presence", Text("Presence")),
    ("/moderation/replies", Text("Replies")),
)
"""Address and name; shown where the page exists and whoever is signed in may open it."""
ANALYSIS = "/analyses/"


@dataclass(frozen=True)
class Tab:
    """One tab: where it leads, what it is called, and whether it is open."""

    address: str
    label: Text
    here: bool


def prevention_tabs() -> list[Tab]:
    """Return the tabs that whoever is signed in may open; none on pages of other things."""
    open_ = max((path for path, _ in TABS if _within(path)), key=len, default="")
    if not open_:
        return []
    return [Tab(path, label, path == open_) for path, label in TABS if _may_open(path)]


def _within(path: str) -> bool:
    return request.path == path or request.path.startswith(path + "/")


def _may_open(path: str) -> bool:
    if path.startswith(ANALYSIS):
        analysis = ANALYSES.get(path.removeprefix(ANALYSIS))
        return analysis is not None and may(*analysis.roles)
    try:
        endpoint, _ = current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    roles = getattr(current_app.view_functions[endpoint], NEEDED, ())
    return may(*roles)
