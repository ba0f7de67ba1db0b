"""Meeting places (Orte der Begegnung): where people of the city can meet."""

from datetime import date

from ..schema import AREAS, POINTS, YES_NO_UNKNOWN, Column, Layer
from ..text import Text

KINDS: dict[str, Text] = {
    "community_centre": Text("community centre"),
    "social_centre": Text("social centre"),
    "senior_centre": Text("senior centre"),
    "youth_centre": Text("youth centre"),
    "library": Text("library"),
    "arts_centre": Text("arts centre"),
    "place_of_worship": Text("place of worship"),
    "theatre": Text("theatre"),
    "events_venue": Text("events venue"),
    "cafe": Text("café"),
    "pub": Text("pub"),
    "biergarten": Text("beer garden"),
    "kiosk": Text("kiosk"),
    "sports_centre": Text("sports centre"),
    "pitch": Text("pitch"),
    "playground": Text("playground"),
    "park": Text("park"),
}
"""Kinds of meeting place and their labels."""

HOUSES = (
    "community_centre", "social_centre", "senior_centre", "youth_centre", "library", "arts_centre"
)  # fmt: skip
"""Kinds with a roof that exist for meeting: what most questions are about."""

PAY_TO_USE = frozenset(
    {"theatre", "events_venue", "cafe", "pub", "biergarten", "kiosk", "sports_centre"}
)
"""Kinds that one is expected to pay in, where a place says nothing about a fee."""

LAYER = Layer(
    name="meeting_places",
    title=Text("Meeting places"),
    absent=Text(
        "Not in these data: places nobody has mapped, private invitations, and whether"
        " everyone feels welcome."
    ),
    geometry=POINTS | AREAS,
    columns=(
        Column("name", str, Text("name shown on the map")),
        Column("kind", str, Text("kind of place"), required=True, options=KINDS),
        Column("opening_hours", str, Text("opening hours in OpenStreetMap’s notation")),
        Column(
            "step_free", str, Text("can be entered and used without steps"), options=YES_NO_UNKNOWN
        ),
        Column("fee", str, Text("costs money to be there"), options=YES_NO_UNKNOWN),
        Column("languages", str, Text("languages spoken, as codes separated by semicolons")),
        Column("capacity", float, Text("people it can hold"), "people", low=0),
        Column("operator", str, Text("who runs it")),
        Column("yearly_cost", float, Text("what it costs the city a year"), "€", low=0),
        Column(
            "closing_cost",
            float,
            Text("what closing it would cost, spread over the years planned"),
            "€",
            low=0,
        ),
        Column("website", str, Text("its page on the web")),
        Column("source", str, Text("where this entry comes from")),
        Column("checked_on", date, Text("day on which somebody last checked this entry")),
    ),
    label="name",
)
