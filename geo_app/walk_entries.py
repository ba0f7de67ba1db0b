"""Ratings as devices and sheets send them: read strictly, answered so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers import Text
from layers.audits import ITEMS, STEPS
from layers.personal import personal_details

from .languages import say
from .store import Outcome, Rating, Walk, WalkError
from .store.walks_kept import LONGEST_NOTE

MOST_SENT = 200
"""So many ratings come with one request."""
MOST_BASES = 200
"""So many earlier versions one of them may name."""


class Entry(BaseModel):
    """One rating as a device sends it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: str
    stop: int
    items: dict[str, int]
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    bases: Annotated[list[str], Field(max_length=MOST_BASES)] = []
    at: str


class Sent(BaseModel):
    """What a device sends: the rater's word, the version of the plan it has, and ratings."""

    model_config = ConfigDict(strict=True, extra="forbid")

    word: str
    version: int = 0
    entries: Annotated[list[Entry], Field(max_length=MOST_SENT)] = []


def read(body: bytes) -> Sent:
    """
    Read what a device has sent.

    Raises
    ------
    WalkError
        If it is not what the page of a walk sends.
    """
    try:
        return Sent.model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:3])
        raise WalkError(
            [Text("these entries are not as the page of a walk sends them ({where})", where=where)]
        ) from None


def ratings_of(sent: Sequence[Entry], *, at: datetime) -> list[Rating]:
    """Return ratings; a device whose clock cannot be read is taken to have written just now."""
    return [
        Rating(one.id, one.stop, one.items, one.note.strip(), tuple(one.bases), _moment(one.at, at))
        for one in sent
    ]


def outcomes_told(
    sent: Sequence[Rating], outcomes: Sequence[Outcome], *, again: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """
    Tell a device what became of what it sent, and which notes may hold personal details.

    Parameters
    ----------
    sent, outcomes
        What came, and what became of it.
    again
        Ids whose notes need no looking at.
    """
    return [
        {
            "id": result.id,
            "state": result.state,
            "why": say(result.why) if result.why else "",
            "personal": [] if one.id in again else personal(one.note or ""),
        }
        for one, result in zip(sent, outcomes, strict=True)
    ]


def personal(note: str) -> list[str]:
    """Say what in a note may be a personal detail, for who wrote it."""
    return (
        [f"“{note[one.start : one.end]}” {say(one.why)}" for one in personal_details(note)]
        if note
        else []
    )


def mine_told(kept: Sequence[Rating]) -> list[dict[str, Any]]:
    """Return what counts of one rater, as a device keeps it."""
    return [
        {
            "id": one.id,
            "stop": one.stop,
            "items": dict(one.items),
            "note": one.note or "",
            "bases": list(one.bases),
            "at": one.rated_at.isoformat(),
        }
        for one in kept
    ]


def of_sheet(walk: Walk, form: Mapping[str, str], *, at: datetime) -> list[Rating]:
    """
    Read a sheet of paper typed in: fields `<stop>-<item>` and `<stop>-note`.

    Raises
    ------
    WalkError
        If nothing was typed in, or something other than 0 to 3.
    """
    found = []
    for stop in (*walk.stops, *walk.taken_out):
        values = {name: form.get(f"{stop.id}-{name}", "") for name in ITEMS}
        if any(value not in {"", *map(str, STEPS)} for value in values.values()):
            raise WalkError([Text("only the nine items can be rated, with 0 to 3")])
        items = {name: int(value) for name, value in values.items() if value}
        note = form.get(f"{stop.id}-note", "").strip()
        if items or note:
            found.append(Rating(str(uuid4()), stop.id or 0, items, note, (), at))
    if not found:
        raise WalkError([Text("nothing was filled in")])
    return found


def _moment(text: str, at: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment, at)
