"""
The form of a mark, one question at a time, remembered by the page itself.

What has been answered travels signed from page to page in a hidden field: no
cookie, nothing in the store before it is sent, and a lost connection or the
back button loses nothing.
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from layers import LayersError, Text
from layers.factors import FACTORS
from layers.marks import Fault, Mark, check_mark, mark_of

from . import whereabouts
from .store import Kept, Store

STEPS = ("kind", "what", "when", "where", "more", "check")
"""One screen each."""
FIELDS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "what": ("factors",),
    "when": ("daytime", "weekpart", "noticed_on"),
    "where": ("place",),
    "more": ("strength", "note"),
    "check": (),
}
"""What each screen asks, by the names that `check_mark` uses."""
SPOT = re.compile(
    r"(?P<x>-?\d{1,8}(?:\.\d{1,3})?) (?P<y>-?\d{1,8}(?:\.\d{1,3})?)(?P<street> street)?"
)
"""A spot of the list [m]; a whole street is asked for its corner next."""
LONGEST_WORD = 200
"""Nothing but the note is longer [characters]."""


class ForgedFormError(LayersError, ValueError):
    """What a page should have remembered is missing or was changed on the way."""


@dataclass(frozen=True)
class Draft:
    """
    What has been answered so far, right or wrong.

    Parameters
    ----------
    token
        Random text made with the form: however often it is sent, it is one mark.
    opened
        When the form was opened [s since 1970].
    kind, factors, daytime, weekpart, noticed_on, strength, note
        As in `layers.marks.Mark`, as text.
    x, y
        The spot [m], NaN while there is none.
    code
        Code of the mark that is corrected, "" for a new one.
    waiting
        Since when somebody waits instead of computing [s since 1970], 0 for nobody.
    """

    token: str
    opened: float
    kind: str = ""
    factors: tuple[str, ...] = ()
    daytime: str = ""
    weekpart: str = ""
    noticed_on: str = ""
    x: float = math.nan
    y: float = math.nan
    strength: str = ""
    note: str = ""
    code: str = ""
    waiting: float = 0.0

    @classmethod
    def fresh(cls, at: datetime) -> Draft:
        """Begin a new form."""
        return cls(token=secrets.token_urlsafe(18), opened=at.timestamp())

    @classmethod
    def of(cls, kept: Kept, code: str, at: datetime) -> Draft:
        """Fill a form with a mark that is to be corrected."""
        x, y = kept.exact or (math.nan, math.nan)
        return replace(
            cls.fresh(at),
            kind=kept.kind,
            factors=kept.factors,
            daytime=kept.daytime,
            weekpart=kept.weekpart,
            noticed_on=kept.noticed_on,
            x=x,
            y=y,
            strength=str(kept.strength or ""),
            note=kept.note or "",
            code=code,
        )

    @property
    def placed(self) -> bool:
        """Whether there is a spot."""
        return math.isfinite(self.x) and math.isfinite(self.y)

    def fields(self) -> dict[str, Any]:
        """Return the answers as `check_mark` takes them."""
        told = asdict(self)
        return {
            name: told[name]
            for name in (
                "kind", "factors", "daytime", "weekpart", "noticed_on", "x", "y", "strength", "note"
            )
        }  # fmt: skip


def signed(draft: Draft, *, secret: str, at: datetime) -> str:
    """Write a draft so that a page can carry it and nobody can change it on the way."""
    told = asdict(draft)
    for axis in ("x", "y"):
        told[axis] = told[axis] if draft.placed else None
    return str(_signer(secret).dumps({**told, "at": at.timestamp()}))


def read(text: str, *, secret: str) -> tuple[Draft, float]:
    """
    Return the draft that a page carried, and when that page was made [s since 1970].

    Raises
    ------
    ForgedFormError
        If it is missing or was changed.
    """
    try:
        told = _signer(secret).loads(text)
        at = float(told.pop("at"))
        for axis in ("x", "y"):
            told[axis] = math.nan if told[axis] is None else float(told[axis])
        return Draft(**{**told, "factors": tuple(told["factors"])}), at
    except (BadData, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ForgedFormError(
            [
                Text(
                    "This page has lost what was answered, or it was changed on the way. Please"
                    " begin again; nothing was sent."
                )
            ]
        ) from error


def answered(draft: Draft, step: str, form: MultiDict[str, str], store: Store) -> Draft:
    """Take over what was answered on one screen, right or wrong."""
    if step == "what":
        return replace(draft, factors=tuple(t[:LONGEST_WORD] for t in form.getlist("factors")))
    if step == "where":
        return _placed(draft, form, store)
    given: dict[str, Any] = {}
    for name in FIELDS.get(step, ()):
        if name in form:
            given[name] = form[name] if name == "note" else form[name][:LONGEST_WORD]
    changed = replace(draft, **given)
    if changed.kind != draft.kind:
        fits = tuple(n for n in draft.factors if n in FACTORS and changed.kind in FACTORS[n].kinds)
        changed = replace(changed, factors=fits)
    return changed


def faults(draft: Draft, store: Store, *, at: datetime, step: str = "") -> list[Fault]:
    """Return what is wrong with a draft: with one screen, or with all of it."""
    around = whereabouts.surroundings(store, draft.x, draft.y)
    found = check_mark(draft.fields(), **around, at=at)
    return [fault for fault in found if not step or fault.field in FIELDS[step]]


def step_of(fault: Fault) -> str:
    """Return the screen on which a fault can be mended."""
    return next(step for step, fields in FIELDS.items() if fault.field in fields)


def mark(draft: Draft, store: Store, *, at: datetime) -> Mark:
    """Return the mark that a draft without faults is."""
    return mark_of(draft.fields(), **whereabouts.surroundings(store, draft.x, draft.y), at=at)


def _placed(draft: Draft, form: Mapping[str, str], store: Store) -> Draft:
    """Take over the spot that was chosen: on the map, or from the list."""
    chosen = form.get("spot", "")
    if chosen == "map":
        return _on_map(draft, form, store)
    found = SPOT.fullmatch(chosen)
    return replace(draft, x=float(found["x"]), y=float(found["y"])) if found else draft


def _on_map(draft: Draft, form: Mapping[str, str], store: Store) -> Draft:
    try:
        longitude, latitude = float(form["longitude"]), float(form["latitude"])
    except (KeyError, ValueError):
        return draft
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        return draft
    x, y = whereabouts.from_degrees(store, longitude, latitude)
    return replace(draft, x=round(x, 2), y=round(y, 2))


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="form of a mark")
