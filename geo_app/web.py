"""Puts the pages together."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path

from flask import Flask, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from . import clock, errors, languages, oidc, security, session
from .config import Settings
from .headings import heading
from .jobs import Jobs
from .kernels import keep_kernels
from .store import (
    MarkStore,
    People,
    Rates,
    Replies,
    Reveals,
    Scenarios,
    Sessions,
    Store,
    Themes,
    WalkRatings,
    Walks,
)
from .store.weighings import Weighings
from .views import register as register_views

A_YEAR = 365 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """
    Build the application.

    Parameters
    ----------
    settings
        Where the store is, which city, which language; by default what the
        environment says.
    """
    settings = settings or Settings.from_environment()
    keep_kernels(settings.var)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret,
        SETTINGS=settings,
        CITY=settings.city,
        LANGUAGE=settings.language,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters["heading"] = heading
    store = Store.open(settings.store, crs=settings.crs)
    app.extensions |= {
        "store": store,
        "marks": MarkStore(store, settings),
        "people": People(store, settings),
        "rates": Rates(store, settings),
        "sessions": Sessions(store, settings),
        "replies": Replies(store, settings),
        "reveals": Reveals(store, settings),
        "scenarios": Scenarios(store),
        "themes": Themes(store),
        "weighings": Weighings(store),
        "walks": Walks(store),
        "walk_ratings": WalkRatings(store),
        "jobs": Jobs(store, settings, clock=partial(clock.of, app)),
    }
    app.extensions["jobs"].begin()
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )
    languages.register(app)
    security.register(app)
    session.register(app)
    oidc.register(app, settings)
    errors.register(app)
    register_views(app)
    return app


def asset(name: str) -> str:
    """Return the address of one of our own files; it changes when the file does."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    path = Path(__file__).parent / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else ""
