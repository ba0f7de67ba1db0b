"""What a browser may do on our pages: run our scripts, fetch from us, nothing else."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

LONGEST_REQUEST = 64 * 1024
"""Largest request body that is read at all [bytes]; pages here send short forms only."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}

OF_MARKS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
"""
No browser keeps a page about a mark, no search engine lists it.

Other sites never learn its address either: `Referrer-Policy` tells it to our
own pages only, and its forms still say that they are ours.
"""


def of_marks() -> bool:
    """Tell whether this request is about somebody's own mark or reply: form, code, page."""
    path = request.path
    own_reply = path.startswith("/spots/") and path.endswith("/reply")
    return path == "/report" or path.startswith("/report/") or own_reply


def nonce() -> str:
    """Return the secret word of this request that marks our own scripts and styles."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def policy(word: str, *, worker: bool = False) -> str:
    """
    Return the Content-Security-Policy of a page.

    Parameters
    ----------
    word
        The nonce of this request. Styles that a script sets on an element
        need none; style attributes in the markup are never allowed.
    worker
        Whether the page may keep itself for times without network.
    """
    return "; ".join(
        (
            *(("worker-src 'self'",) if worker else ()),
            "default-src 'none'",
            f"script-src 'nonce-{word}'",
            f"style-src 'self' 'nonce-{word}'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def register(app: Flask) -> None:
    """Give every answer its headers and refuse forms that other sites send."""
    app.config.update(
        MAX_CONTENT_LENGTH=LONGEST_REQUEST,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="treffsicher",
    )
    app.before_request(_refuse_foreign_forms)
    app.after_request(_guard)
    app.jinja_env.globals["nonce"] = nonce


def _refuse_foreign_forms() -> None:
    """Accept a change only from our own pages; browsers tell where a form came from."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in {None, "same-origin", "none"}
    # A page that tells nobody its address sends "null"; the browser still says that it is ours.
    own_secret_page = origin == "null" and site == "same-origin"
    if origin is not None and not own_secret_page and urlsplit(origin).netloc != request.host:
        foreign = True
    if foreign:
        abort(403)


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy(nonce()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if of_marks():
        response.headers.update(OF_MARKS)
    if response.mimetype == "text/html":
        # A page holds the nonce of one request and the language of one reader.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.update(("Cookie", "Accept-Language"))
    return response
