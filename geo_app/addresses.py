"""Addresses that come with a form or a link: only our own are followed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit


def own_address(address: str, *, otherwise: str) -> str:
    """
    Return an address of this site without `lang`, or another one.

    Parameters
    ----------
    address
        What a form or a link says: a path, perhaps with a query.
    otherwise
        Where to go if it leads elsewhere, or nowhere.
    """
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return otherwise
    query = urlencode(
        [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != "lang"]
    )
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{query}" if query else path
