"""One blueprint per group of pages."""

from __future__ import annotations

from typing import Any

from flask import Flask

from ..store import ROLES
from . import (
    about,
    analyses,
    answers,
    audit,
    decisions,
    districts,
    doctor,
    findings,
    home,
    jobs,
    language,
    layers,
    log,
    maps,
    measure_steps,
    measures,
    methods,
    moderation,
    people,
    plan,
    plan_adopt,
    plan_kept,
    plan_public,
    presence,
    prevention,
    priorities,
    release,
    replay,
    replies,
    replies_desk,
    report,
    report_code,
    session,
    several,
    siting,
    spots,
    standards,
    theme_report,
    themes,
    walks,
    walks_done,
    walks_go,
)
from .city import city_name, current_store, invented
from .prevention_tabs import prevention_tabs

TO_THE_QUEUE = (decisions, log, several)
"""Modules that add their pages to the blueprint of `moderation`."""
TO_THE_REPLIES = (replies_desk,)
"""Modules that add their pages to the blueprint of `replies`."""
TO_THE_LEDGER = (measure_steps,)
"""Modules that add their pages to the blueprint of `measures`."""
TO_THE_DESK = (plan_adopt, plan_kept, plan_public)
"""Modules that add their pages to the blueprint of `plan`."""
TO_THE_WALKS = (walks_done, walks_go)
"""Modules that add their pages to the blueprint of `walks`."""

BLUEPRINTS = (
    home.bp, analyses.bp, siting.bp, jobs.bp, layers.bp, maps.bp, about.bp,
    standards.bp, methods.bp, districts.bp, replay.bp, doctor.bp, language.bp, session.bp,
    report.bp, report_code.bp, spots.bp, replies.bp,
    moderation.bp, release.bp, findings.bp, prevention.bp, priorities.bp, themes.bp, plan.bp,
    people.bp, audit.bp, measures.bp, presence.bp, answers.bp, theme_report.bp, walks.bp,
)  # fmt: skip


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
        "prevention_tabs": prevention_tabs,
    }
