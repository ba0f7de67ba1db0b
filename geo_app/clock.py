"""The clock of the application: the only place where a page asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

from flask import Flask, current_app, has_app_context

from layers.days import day_of


def now() -> datetime:
    """Return the moment, in UTC; tests set their own clock as `app.config["CLOCK"]`."""
    return of(current_app) if has_app_context() else datetime.now(UTC)


def today() -> date:
    """Return the day of the city."""
    return day_of(now())


def of(app: Flask) -> datetime:
    """Return the moment by the clock of an application, where there is no request."""
    clock = app.config.get("CLOCK")
    return cast("datetime", clock()) if clock else datetime.now(UTC)
