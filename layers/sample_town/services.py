# ruff: noqa: E501  (one row of the table a line)
"""Counselling in the invented town; telephone numbers are from ranges kept for fiction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from ..crs import METRIC
from .places import INVENTED, OWNED
from .plan import Place
from .siting import Siting, checked

FICTION = "030 23125 {:03d}"
"""
Numbers nobody has: the Federal Network Agency keeps (0)30 23125 xxx free for films.

Source
------
Bundesnetzagentur, Mitteilung Nr. 148/2021, Amtsblatt 7/2021, p. 489.
"""
REGION = "Landkreis Musterland"


@dataclass(frozen=True)
class Service:
    """
    One counselling service.

    Parameters
    ----------
    name, topics
        Name and topics, separated by semicolons.
    near
        Where on the plan its house is; none for help by phone and for protected places.
    languages, hours, operator
        Languages, opening hours, who runs it.
    online
        Helps online.
    family_places
        Places for a woman and her children; such a place is protected.
    """

    name: str
    topics: str
    near: Place | None = None
    languages: str = "de"
    hours: str = ""
    operator: str = ""
    online: str = "unknown"
    family_places: float = np.nan


SERVICES: tuple[Service, ...] = (
    Service("Sozialberatung im Rathaus", "general;housing", (60, 110), "de;en", "Mo-Fr 08:30-12:00; Th 14:00-18:00", OWNED, "no"),
    Service("Frauenberatungsstelle", "violence;crisis", (-180, 130), "de;en;tr;uk", "Mo,We,Fr 09:00-13:00; Tu 15:00-18:00",
            "Frauen helfen Frauen Musterstadt e. V.", "yes"),
    Service("Opferhilfe Musterland", "victims;violence", (210, 230), "de;en", "Tu,Th 10:00-16:00", "Opferhilfe Musterland e. V.", "yes"),
    Service("Antidiskriminierungsbüro", "discrimination", (330, 420), "de;en;ar;tr", "We 13:00-18:00", "Miteinander e. V.", "yes"),
    Service("Erziehungs- und Familienberatung", "family;youth", (-460, 480), "de;ru", "Mo-Th 09:00-17:00; Fr 09:00-12:00", OWNED),
    Service("Schwangerenberatung", "family;health", (-230, 420), "de;en;ar", "Mo,Tu,Th 09:00-12:00"),
    Service("Jugendberatung Gleis 2", "youth;crisis;addiction", (190, 700), "de;en", "Mo-Fr 13:00-18:00", OWNED, "yes"),
    Service("Pflegestützpunkt", "seniors;disability", (-760, 120), "de", "Mo-Fr 09:00-12:00; We 14:00-17:00", REGION),
    Service("Migrationsberatung", "migration;work", (560, 440), "de;en;ar;fa;uk;tr", "Mo,Tu,Th 09:00-12:00; We 14:00-17:00",
            "Nachbarschaftshaus e. V."),
    Service("Suchtberatung", "addiction", (640, 600), "de;ru", "Mo-Fr 10:00-16:00", "", "yes"),
    Service("Schuldnerberatung", "debt;housing", (-560, 620), "de", "Tu 09:00-12:00; Th 14:00-17:00", REGION),
    Service("Beratung für Menschen mit Behinderung", "disability;work", (-40, -150), "de;dgs", ""),
    Service("Krisentelefon Musterland", "crisis;health", None, "de;en", "24/7", REGION, "no"),
    Service("Elterntelefon Musterstadt", "family", None, "de", "Mo-Fr 17:00-20:00", "Familienwerk e. V.", "no"),
    Service("Frauen- und Kinderschutzhaus", "violence", None, "de;en;tr;ar", "24/7", "Frauen helfen Frauen Musterstadt e. V.",
            family_places=9),
    Service("Schutzwohnung", "violence", None, "de;uk;ru", "", "", family_places=3),
)  # fmt: skip


def layer(siting: Siting, *, seed: int) -> GeoDataFrame:
    """
    Return the counselling services before they are completed.

    Protected places have neither geometry nor address, only their region,
    a telephone number and how many families they can take in.

    Parameters
    ----------
    siting
        Houses to take rooms in.
    seed
        Seed of the variation.
    """
    random = np.random.default_rng([seed, 13])
    rows = [_house(siting, service.near) if service.near else -1 for service in SERVICES]
    points = iter(siting.entrances([row for row in rows if row >= 0]))
    table = DataFrame([
        {
            "name": s.name, "topics": s.topics, "languages": s.languages,
            "opening_hours": s.hours, "operator": s.operator, "online": s.online,
            "by_phone": "yes", "phone": FICTION.format(100 + 7 * number),
            "protected": not np.isnan(s.family_places), "family_places": s.family_places,
            "address": siting.houses["address"].iloc[row] if row >= 0 else "",
            "region": "Musterstadt" if s.near else REGION,
        }
        for number, (s, row) in enumerate(zip(SERVICES, rows, strict=True))
    ])  # fmt: skip
    step_free = random.choice(["yes", "no", "unknown"], len(table), p=(0.5, 0.25, 0.25))
    table["step_free"] = np.where([s.near is None for s in SERVICES], "unknown", step_free)
    table["source"], table["checked_on"] = INVENTED, checked(random, len(table))
    geometry = [next(points) if row >= 0 else None for row in rows]
    services = GeoDataFrame(table, geometry=geometry, crs=METRIC)
    services.index = [f"service/{number}" for number in range(1, len(services) + 1)]
    return services


def _house(siting: Siting, near: Place) -> int:
    """Return the nearest house with an address [row of the buildings]."""
    houses = siting.houses
    wanted = shapely.points(siting.ground.layout.terrain.place([near])[0])
    away = shapely.distance(houses["footprint"].to_numpy(), wanted)
    return int(
        np.argmin(np.where(houses["address"].ne("") & houses["kind"].ne("barn"), away, np.inf))
    )
