"""Which language a reader wants."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ..access import public
from ..addresses import own_address
from ..languages import COOKIE, LANGUAGES

bp = Blueprint("language", __name__)

A_YEAR = 365 * 24 * 3600


@bp.post("/language")
@public
def choose() -> Response:
    """Remember the language in a cookie and go back to the page."""
    tag = request.form.get("language", "")
    if tag not in LANGUAGES:
        abort(400)
    back = own_address(request.form.get("next", ""), otherwise=url_for("home.show"))
    response: Response = redirect(back, code=303)
    response.set_cookie(
        COOKIE, tag, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response
