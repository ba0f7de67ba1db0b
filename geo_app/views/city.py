"""What every view knows of the city: its store, and how a page of rows is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, cast
from urllib.parse import urlencode

from flask import current_app, request

from layers import ANALYSES, LAYERS, Analysis, Layer, Text
from layers.sample_town import NAME

from ..access import may, only
from ..errors import NotFoundError
from ..planned import is_number, named
from ..store import Store

PER_PAGE = 25
SCENARIO = "scenario"
"""Parameter that names the scenario a question counts with."""
PLANNERS = ("planner", "administrator")
"""Roles that plan."""


def current_store() -> Store:
    """Return the store of this application."""
    return cast("Store", current_app.extensions["store"])


def city_name() -> str:
    """Return the name of the city: as set, that of the invented town, or ""."""
    told = str(current_app.config["CITY"])
    return told or (NAME if invented(current_store()) else "")


def invented(store: Store) -> bool:
    """Tell whether anything the store shows is invented."""
    return any(store.provenance(name).invented for name in store.names())


def layer_called(name: str) -> Layer:
    """
    Return the layer called `name`.

    Raises
    ------
    NotFoundError
        If there is none; names all there are.
    """
    if name not in LAYERS:
        raise NotFoundError([unknown(name, tuple(LAYERS))])
    return LAYERS[name]


def analysis_called(name: str) -> Analysis:
    """
    Return the analysis called `name`; one for staff only to whom has one of its roles.

    Whoever is not signed in is sent there, other staff are refused.

    Raises
    ------
    NotFoundError
        If there is none; names all that may be asked.
    RoleError
        If somebody is signed in who may not.
    """
    if name not in ANALYSES:
        raise NotFoundError([unknown(name, [a.name for a in askable()])])
    found = ANALYSES[name]
    if found.roles:
        only(*found.roles)
    return found


def askable() -> list[Analysis]:
    """Return the analyses that whoever asks may see."""
    return [a for a in ANALYSES.values() if not a.roles or may(*a.roles)]


def unknown(name: str, known: Sequence[str]) -> Text:
    """Say that a name in an address is not known, and which are."""
    return Text("“{name}” is not known; there are {known}", name=name, known=tuple(known))


def asked(*own: str, of: str = "") -> dict[str, list[str]]:
    """
    Return what the address asks of an analysis, and the Land of this city.

    Parameters
    ----------
    own
        Names that the page itself takes and an analysis does not know.
    of
        Name of the analysis, where the address does not name it.
    """
    taken = {"lang", *own}
    told = {name: texts for name, texts in request.args.lists() if name not in taken}
    analysis = ANALYSES.get(of or (request.view_args or {}).get("name", ""))
    if analysis is not None and "land" in analysis.parameters:
        # which Land it is, the city knows; nobody should have to say so in every address
        told.setdefault("land", [current_app.config["SETTINGS"].land])
    check_scenario(told)
    return told


def check_scenario(told: Mapping[str, Sequence[str]]) -> None:
    """
    Refuse a question about a scenario to whoever may not look at it.

    Its number is for planners alone, the end of its link for whoever has it.

    Raises
    ------
    NotFoundError
        If it may not be looked at.
    UnknownScenarioError
        If there is none.
    """
    for key in told.get(SCENARIO, ()):
        if is_number(key) and not may(*PLANNERS):
            raise NotFoundError([Text("there is no such scenario; planners sign in to see theirs")])
        if key:
            named(current_store(), key)


@dataclass(frozen=True)
class Page:
    """
    One page of a long table.

    Parameters
    ----------
    number, count
        Which page of how many, from 1.
    total
        Rows on all pages.
    start, stop
        Its rows, as a slice.
    """

    number: int
    count: int
    total: int
    start: int
    stop: int


def page_of(total: int, *, size: int = PER_PAGE) -> Page:
    """Return the page that the address asks for; one that does not exist gives the nearest."""
    count = max(1, ceil(total / size))
    number = min(max(1, request.args.get("page", 1, type=int)), count)
    return Page(number, count, total, (number - 1) * size, min(number * size, total))


def address_with(**changes: Any) -> str:
    """Return the address of this page with some of its query changed; `None` leaves one out."""
    query = {name: texts for name, texts in request.args.lists() if name not in changes}
    query |= {name: [str(value)] for name, value in changes.items() if value is not None}
    return f"{request.path}?{urlencode(query, doseq=True)}"
