"""Who may see a page. Every view carries exactly one of these marks; a test checks that."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, session

View = Callable[..., Any]

MARK = "access"
"""Attribute under which a view keeps its mark."""


def public(view: View) -> View:
    """Anyone may see this page."""
    setattr(view, MARK, "public")
    return view


def staff(view: View) -> View:
    """Only signed-in staff may see this page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if "staff" not in session:
            abort(403)
        return view(*args, **kwargs)

    setattr(guarded, MARK, "staff")
    return guarded
