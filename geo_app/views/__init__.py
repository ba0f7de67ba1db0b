"""One blueprint per group of pages."""

from __future__ import annotations

from typing import Any

from flask import Flask

from ..store import ROLES
from . import about, analyses, home, language, layers, maps, session
from .city import city_name, current_store, invented

BLUEPRINTS = (home.bp, analyses.bp, layers.bp, maps.bp, about.bp, language.bp, session.bp)


def register(app: Flask) -> None:
    """Add every group of pages, and what the frame around each page needs to know."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    return {
        "invented": invented(current_store()),
        "city": city_name(),
        "desk": session.desk,
        "roles": ROLES,
    }
