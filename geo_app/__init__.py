"""The web application: maps, pages, commands and storage around `layers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from .config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """
    Build the application.

    Parameters
    ----------
    settings
        Where the store is, which city, which language; by default what the
        environment says.
    """
    # The command line imports this package too and must not wait for the web.
    from .web import create_app as create  # noqa: PLC0415

    return create(settings)
