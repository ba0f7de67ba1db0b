"""The screens of the form of a mark: what each one shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, make_response, render_template

from layers import Text
from layers.days import day_of
from layers.factors import FACTORS, factors_of
from layers.gazetteer import KINDS as SORTS
from layers.gazetteer import Candidate
from layers.marks import DAYTIMES, KINDS, NOTE_MOST, STRENGTHS, WEEKPARTS, Fault
from layers.personal import KINDS as DETAILS
from layers.personal import personal_details
from layers.receipt import receipt

from .. import cartography, spam, whereabouts, wizard
from ..clock import now, today
from ..config import Settings
from ..sketch import sketch
from ..spots import Spot, spots_near
from ..wizard import STEPS, Draft
from .city import current_store

TITLES: dict[str, Text] = {
    "kind": Text("How do you feel at this spot?"),
    "what": Text("What makes the spot unsafe?"),
    "what at_ease": Text("What makes the spot pleasant?"),
    "when": Text("When is it like that?"),
    "where": Text("Where is it?"),
    "near": Text("Is it one of these?"),
    "more": Text("Would you like to add something?"),
    "check": Text("Look through it, then send it"),
    "wait": Text("One moment, please"),
}


@dataclass(frozen=True)
class Choice:
    """
    One place to choose from.

    Parameters
    ----------
    value
        What the form sends: the spot [m].
    title, about
        What it is called and what it is.
    longitude, latitude
        Where the map shows it [degrees].
    chosen
        It is the one chosen so far.
    """

    value: str
    title: str | Text
    about: str | Text
    longitude: float
    latitude: float
    chosen: bool = False


def screen(
    step: str,
    draft: Draft,
    *,
    faults: Sequence[Fault] = (),
    notes: Sequence[Text] = (),
    status: int = 200,
    words: str = "",
    found: Sequence[Candidate] = (),
) -> Response:
    """
    Show one screen of the form.

    Parameters
    ----------
    step
        Which; an unknown one is the first.
    draft
        What has been answered so far.
    faults
        What is wrong with the answers of this screen.
    notes
        What else is to be said first.
    status
        Status of the answer.
    words, found
        What was searched for, and the places of such names.
    """
    step = step if step in TITLES else "kind"
    told = {
        "step": step,
        "title": TITLES.get(f"{step} {draft.kind}", TITLES[step]),
        "steps": STEPS,
        "number": STEPS.index({"near": "where", "wait": "check"}.get(step, step)) + 1,
        "draft": draft,
        "state": wizard.signed(draft, secret=_settings().secret, at=now()),
        "notes": (*notes, *(fault.text for fault in faults)),
        "wrong": {fault.field for fault in faults},
        "trap": spam.TRAP,
    }
    told |= SCREENS.get(step, _nothing)(draft)
    if step == "where":
        along = any(one.kind == whereabouts.CORNER for one in found)
        told |= {"words": words, "choices": _choices(draft, found), "along": along}
    response = make_response(render_template(f"report_{step}.html", **told))
    response.status_code = status
    return response


def _nothing(_: Draft) -> dict[str, object]:
    return {}


def _kind(_: Draft) -> dict[str, object]:
    return {"kinds": KINDS}


def _what(draft: Draft) -> dict[str, object]:
    offered = factors_of(draft.kind) or FACTORS
    groups = {
        group: [factor for factor in offered.values() if factor.group == group]
        for group in ("place", "behaviour")
    }
    return {"groups": {name: some for name, some in groups.items() if some}}


def _when(_: Draft) -> dict[str, object]:
    return {"daytimes": DAYTIMES, "weekparts": WEEKPARTS}


def _where(_: Draft) -> dict[str, object]:
    return {"drawing": cartography.of_sources(current_store(), [])}


def _nearby(draft: Draft) -> dict[str, object]:
    return {"near": near(draft)}


def _more(_: Draft) -> dict[str, object]:
    return {"strengths": STRENGTHS, "most": NOTE_MOST}


def _check(draft: Draft) -> dict[str, object]:
    """Return the privacy receipt, with the maps of what staff and the public will see."""
    store, at, settings = current_store(), now(), _settings()
    found = wizard.faults(draft, store, at=at)
    if found:
        return {"told": None, "missing": [fault.text for fault in found]}
    said = wizard.mark(draft, store, at=at)
    mask = whereabouts.mask(store, said.x, said.y, rules=settings.rules)
    return {
        "said": said,
        "told": receipt(said, on=day_of(at), periods=settings.periods, rules=settings.rules),
        "place": whereabouts.words(store, said.x, said.y),
        "exact": sketch(store, said.x, said.y, spot=True),
        "mask": mask,
        "masked": sketch(store, said.x, said.y, unit=mask.shape) if mask else None,
        "note_parts": note_parts(said.note),
        "factors": FACTORS, "daytimes": DAYTIMES, "weekparts": WEEKPARTS,
        "strengths": STRENGTHS, "kinds": KINDS,
    }  # fmt: skip


def _wait(draft: Draft) -> dict[str, object]:
    settings = _settings()
    return {"challenge": draft.token, "bits": settings.work_bits, "seconds": settings.work_wait}


SCREENS = {
    "kind": _kind,
    "what": _what,
    "when": _when,
    "where": _where,
    "near": _nearby,
    "more": _more,
    "check": _check,
    "wait": _wait,
}


def note_parts(note: str) -> list[tuple[str, Text | None]]:
    """Cut a note into parts: plain ones, and those that may be a personal detail, with why."""
    parts: list[tuple[str, Text | None]] = []
    done = 0
    for finding in sorted(personal_details(note), key=lambda one: one.start):
        if finding.start < done:
            continue
        parts.append((note[done : finding.start], None))
        parts.append((note[finding.start : finding.end], DETAILS[finding.kind]))
        done = finding.end
    parts.append((note[done:], None))
    return [part for part in parts if part[0]]


def _choices(draft: Draft, found: Sequence[Candidate]) -> list[Choice]:
    """Return what can be chosen: what was found; the spot so far where that is a corner of it."""
    corners = [one for one in found if one.kind == whereabouts.CORNER]
    choices = [_choice(one) for one in found]
    if draft.placed and (corners or not found):
        about = Text("in the middle of it") if corners else Text("chosen")
        words = whereabouts.words(current_store(), draft.x, draft.y)
        choices.insert(0, _chosen(draft, words, about))
    return choices


def _choice(one: Candidate) -> Choice:
    sort = Text("corner") if one.kind == whereabouts.CORNER else SORTS[one.kind]
    about = Text("{kind}, {district}", kind=sort, district=one.district) if one.district else sort
    whole = " street" if one.kind == "street" else ""
    spot = whereabouts.to_degrees(current_store(), one.x, one.y)
    return Choice(f"{one.x:.2f} {one.y:.2f}{whole}", one.name, about, *spot)


def _chosen(draft: Draft, words: Text, about: Text) -> Choice:
    spot = whereabouts.to_degrees(current_store(), draft.x, draft.y)
    return Choice(f"{draft.x:.2f} {draft.y:.2f}", words, about, *spot, chosen=True)


def near(draft: Draft) -> list[Spot]:
    """Return what others have marked so near that it may be the same."""
    return spots_near(current_store(), draft.x, draft.y, kind=draft.kind, on=today())


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])
