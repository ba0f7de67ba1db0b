"""What OpenStreetMap's tags mean in our layers: tables, and one small function per column."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

Tags = dict[str, str]

NOT_WAYS = frozenset(
    [
        "bus_stop",
        "elevator",
        "emergency_bay",
        "rest_area",
        "services",
        "proposed",
        "construction",
        "abandoned",
        "razed",
        "disused",
        "planned",
        "dismantled",
        "demolished",
        "removed",
        "street_lamp",
        "crossing",
        "corridor",
        "traffic_mirror",
        "toll_gantry",
        "no",
    ]
)
"""Values of `highway` that are not a way somebody can see and use today."""

MEETING_PLACES: tuple[tuple[str, str, str], ...] = (
    *(
        ("amenity", kind, kind)
        for kind in (
            "community_centre", "social_centre", "youth_centre", "library", "arts_centre",
            "theatre", "events_venue", "cafe", "pub", "biergarten", "place_of_worship",
        )
    ),
    ("shop", "kiosk", "kiosk"),
    *(("leisure", kind, kind) for kind in ("sports_centre", "playground", "park", "pitch")),
)  # fmt: skip
"""Key, value, kind of meeting place; the first that fits counts."""

CENTRES_FOR: tuple[tuple[str, str], ...] = (
    ("senior", "senior_centre"),
    ("elderly", "senior_centre"),
    ("juvenile", "youth_centre"),
    ("youth", "youth_centre"),
    ("child", "youth_centre"),
)
"""Words in `community_centre:for` or `community_centre` that name a narrower kind."""

FACILITIES = frozenset({"", "outreach", "healthcare", "shelter", "advice", "counselling"})
"""Values of `social_facility` that advise people; homes, workshops and food banks do not."""

TOPICS_FOR: Mapping[str, str] = {
    "abused": "violence",
    "addict": "addiction",
    "addiction": "addiction",
    "antiviolence": "violence",
    "child": "family",
    "couple": "family",
    "crisis": "crisis",
    "debt": "debt",
    "disabled": "disability",
    "diseased": "health",
    "displaced": "migration",
    "domestic_violence": "violence",
    "drug_addicted": "addiction",
    "drugs": "addiction",
    "education": "family",
    "family": "family",
    "homeless": "housing",
    "immigrant": "migration",
    "juvenile": "youth",
    "marriage": "family",
    "mental_health": "crisis",
    "migrant": "migration",
    "orphan": "family",
    "pregnancy": "family",
    "refugee": "migration",
    "senior": "seniors",
    "sexual_abuse": "violence",
    "sick": "health",
    "underprivileged": "general",
    "unemployed": "work",
    "victim": "victims",
    "violence": "violence",
    "women": "violence",
    "youth": "youth",
}
"""Words in `social_facility:for` and `healthcare:counselling`, and our topic for them."""

ADVICE = re.compile(r"berat|counsel|anlaufstelle|kontaktstelle|hilfe|notruf", re.IGNORECASE)
"""Names that say that an association's office advises people."""

SHELTER = re.compile(
    r"frauen-?\s?haus|frauen-?\s?(und )?(kinder)?-?\s?schutz|m[äa]dchen(haus|zuflucht|schutz)"
    r"|zufluchts(wohnung|haus|st[äa]tte|ort)|schutzwohnung|gewaltschutzhaus|männerschutz"
    r"|wom[ae]n.{0,3} (shelter|refuge)",
    re.IGNORECASE,
)
"""Names of places whose location is secret (women's shelters, safe houses)."""

REFUGES = frozenset({"shelter", "group_home", "refuge", "assisted_living"})
PERSECUTED = ("abused", "women", "victim", "domestic_violence", "girls")

THEMES: dict[tuple[str, str], str] = {
    ("natural", "water|bay"): "water",
    ("waterway", "riverbank|dock"): "water",
    ("landuse", "reservoir|basin"): "water",
    ("natural", "wood"): "wood",
    ("landuse", "forest"): "wood",
    ("leisure", "park|garden|playground|pitch|golf_course|common|dog_park"): "green",
    ("landuse", "grass|cemetery|recreation_ground|village_green|allotments|flowerbed"): "green",
    ("natural", "grassland|scrub|heath"): "green",
    ("amenity", "grave_yard"): "green",
    ("landuse", "farmland|meadow|orchard|vineyard|plant_nursery|farmyard"): "field",
    ("landuse", "residential|education|religious"): "built",
    ("amenity", "school|kindergarten|university|college|hospital"): "built",
    ("landuse", "industrial|commercial|retail|railway|quarry|port|depot|construction"): "industry",
    ("place", "square"): "square",
}
"""Key and values, and the theme of the basemap they belong to."""

THEME_OF = {
    (key, value): theme for (key, values), theme in THEMES.items() for value in values.split("|")
}
WATERS = frozenset({"river", "canal", "stream"})
RAILWAYS = frozenset({"rail", "light_rail", "tram", "subway", "narrow_gauge"})
PLACES = frozenset({"city", "town", "suburb", "village", "hamlet", "quarter", "neighbourhood"})
PLAZAS = frozenset({"pedestrian", "footway", "living_street"})

KEYS = (
    "highway", "building", "amenity", "leisure", "shop", "healthcare", "office",
    "social_facility", "boundary", "landuse", "natural", "waterway", "railway", "place",
)  # fmt: skip
"""Keys that make an object interesting; all others are passed over while streaming."""

AREA_KEYS = frozenset(KEYS) - {"highway", "waterway", "railway", "boundary", "place"}
"""Keys that only an area (or a point) carries: an open line with one is broken."""

YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
NO = frozenset({"no", "private"})


def yes_no(value: str | None) -> str:
    """Read a plain yes or no; anything else is unknown."""
    return value if value in {"yes", "no"} else "unknown"


def on_foot(tags: Tags) -> str:
    """
    Say whether a way is open to walkers, as far as its tags say so.

    `foot` counts before `access`; motorways and motor roads are closed; a
    sidewalk opens a way. `foot=use_sidepath` stays unknown: the path beside
    it is often not mapped.
    """
    foot = tags.get("foot", "")
    if foot in YES | NO:
        return "yes" if foot in YES else "no"
    if tags.get("motorroad") == "yes" or tags["highway"] in {"motorway", "motorway_link"}:
        return "no"
    if any(tags.get(f"sidewalk{side}") in SIDEWALK for side in ("", ":both", ":left", ":right")):
        return "yes"
    access = tags.get("access", "")
    if access in NO:
        return "no"
    return "yes" if access in {"yes", "permissive"} else "unknown"


SIDEWALK = frozenset({"yes", "both", "left", "right"})


def lit(tags: Tags) -> str:
    """Say whether a way is lit at night; `disused` lamps do not shine."""
    value = tags.get("lit", "")
    if value in {"yes", "24/7", "automatic", "limited", "interval", "sunset-sunrise", "dusk-dawn"}:
        return "yes"
    return "no" if value in {"no", "disused"} else "unknown"


def steps(tags: Tags) -> str:
    """Say whether a way has steps."""
    if tags["highway"] == "steps":
        return "yes"
    return yes_no(tags.get("steps"))


def wheelchair(tags: Tags) -> str:
    """Read `wheelchair` of a way: yes, limited, no or unknown."""
    value = tags.get("wheelchair", "")
    if value == "designated":
        return "yes"
    return value if value in {"yes", "limited", "no"} else "unknown"


def step_free(tags: Tags) -> str:
    """
    Read `wheelchair` of a place.

    `limited` may mean a step at the door or a toilet that is too narrow: unknown.
    """
    value = tags.get("wheelchair", "")
    if value in {"yes", "designated"}:
        return "yes"
    return "no" if value == "no" else "unknown"


def fee(tags: Tags) -> str:
    """Read `fee`: an amount is a yes; no tag is unknown, never free."""
    value = tags.get("fee", "")
    if value in {"no", "donation", "free"}:
        return "no"
    return "yes" if value == "yes" or value[:1].isdigit() else "unknown"


INCLINE = re.compile(r"^[-+]?\s*(\d+(?:[.,]\d+)?)\s*(%|°)$")


def incline(tags: Tags) -> float:
    """Read the steepness of a way [%] without its direction; "up" and "down" are unknown."""
    found = INCLINE.match(tags.get("incline", "").strip())
    if not found:
        return np.nan
    value = number(found[1])
    if found[2] == "°":
        value = float(np.tan(np.radians(value)) * 100) if value < 90 else np.nan
    return value if value <= 100 else np.nan


def number(value: str | None, *, high: float = np.inf) -> float:
    """Read a number that is not negative and at most `high`; anything else is unknown."""
    try:
        read = float((value or "").strip().replace(",", "."))
    except ValueError:
        return np.nan
    return read if 0 <= read <= high and np.isfinite(read) else np.nan


def first_of(tags: Tags, *keys: str) -> str:
    """Return the first of several tags that says something."""
    return next((tags[key] for key in keys if tags.get(key)), "")


def is_protected(tags: Tags) -> bool:
    """
    Say whether an object is a place whose location is secret.

    A shelter for people who flee from violence, by its tags or by a name that
    mentions one. Rather one advice centre too few on the map than one shelter.
    """
    if SHELTER.search(" ".join(tags.get(key, "") for key in NAMES)):
        return True
    social = tags.get("social_facility", "")
    sheltering = social in REFUGES or tags.get("amenity") in {"shelter", "refuge"}
    told_for = tags.get("social_facility:for", "") + tags.get("shelter:for", "")
    return sheltering and any(word in told_for for word in PERSECUTED)


NAMES = ("name", "official_name", "alt_name", "short_name", "operator", "description")


def public_name(tags: Tags) -> str:
    """Return the name of an object unless it gives away a protected place."""
    return "" if is_protected(tags) else tags.get("name", "")


def address(tags: Tags) -> str:
    """Return street and house number, or what stands in for them in a village."""
    street = first_of(tags, "addr:street", "addr:place")
    house = tags.get("addr:housenumber", "")
    return f"{street} {house}".strip() if street and house else ""


def languages(tags: Tags) -> str:
    """Return the codes of the languages spoken, sorted, separated by semicolons."""
    spoken = {
        key.removeprefix("language:")
        for key, value in tags.items()
        if key.startswith("language:") and value in {"yes", "main", "designated"}
    }
    return ";".join(sorted(spoken))


WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")


def checked_on(tags: Tags) -> str:
    """Return the day of the last survey, or "" where it is missing or not a whole date."""
    day = first_of(tags, "check_date", "survey:date")
    try:
        return day if WHOLE_DAY.match(day) and date.fromisoformat(day).year >= 1950 else ""
    except ValueError:
        return ""


def meeting_place(tags: Tags) -> str:
    """Return the kind of meeting place, or "" if the object is none."""
    kind = next((kind for key, value, kind in MEETING_PLACES if tags.get(key) == value), "")
    if kind in {"community_centre", "social_centre"}:
        told = tags.get("community_centre:for", "") + tags.get("community_centre", "")
        return next((narrow for word, narrow in CENTRES_FOR if word in told), kind)
    return kind


def topics(tags: Tags) -> str:
    """Return the topics of a counselling service, sorted, separated by semicolons."""
    told = ";".join(
        tags.get(key, "")
        for key in ("social_facility:for", "healthcare:counselling", "counselling")
    )
    found = {TOPICS_FOR[word.strip()] for word in told.split(";") if word.strip() in TOPICS_FOR}
    if not found and tags.get("healthcare") == "counselling":
        found = {"health"}
    return ";".join(sorted(found))


def is_counselling(tags: Tags) -> bool:
    """Say whether an object advises people who need help."""
    if tags.get("healthcare") == "counselling":
        return True
    if tags.get("amenity") == "social_facility" or "social_facility" in tags:
        return tags.get("social_facility", "") in FACILITIES
    return is_association(tags) and advises(tags)


def is_association(tags: Tags) -> bool:
    """Say whether an object is the office of an association or charity."""
    return tags.get("office") in {"association", "ngo", "charity"}


def advises(tags: Tags) -> bool:
    """Say whether an association says that it advises people."""
    return bool(topics(tags)) or bool(ADVICE.search(tags.get("name", "")))


def theme(tags: Tags) -> str:
    """Return the theme of the basemap an area belongs to, or ""."""
    if tags.get("highway") in PLAZAS:
        return "square"
    return next((THEME_OF[tag] for tag in tags.items() if tag in THEME_OF), "")
