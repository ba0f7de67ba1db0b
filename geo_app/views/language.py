"""Which language a reader wants."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ..access import public
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
    response: Response = redirect(_back(request.form.get("next", "")), code=303)
    response.set_cookie(
        COOKIE, tag, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _back(address: str) -> str:
    """Return an address of ours without `lang`, or that of the first page."""
    parts = urlsplit(address.replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return url_for("home.show")
    query = urlencode(
        [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != "lang"]
    )
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{query}" if query else path
