"""Counselling and help: contact points on the map, protected places never."""

from datetime import date

from geopandas import GeoDataFrame

from ..schema import AREAS, POINTS, YES_NO_UNKNOWN, Column, Layer
from ..text import Text

TOPICS: dict[str, Text] = {
    "general": Text("general social advice"),
    "violence": Text("violence against women, domestic violence"),
    "victims": Text("help for victims of crime"),
    "discrimination": Text("discrimination and racism"),
    "crisis": Text("mental crisis"),
    "family": Text("family, upbringing, pregnancy"),
    "youth": Text("young people"),
    "seniors": Text("age and care"),
    "disability": Text("disability"),
    "migration": Text("migration and asylum"),
    "addiction": Text("addiction"),
    "debt": Text("debt"),
    "housing": Text("housing and homelessness"),
    "work": Text("work and unemployment"),
    "health": Text("health"),
}
"""Topics of counselling and their labels."""


def _protected_places_have_no_place(table: GeoDataFrame) -> list[Text]:
    """Refuse coordinates and addresses for protected places, and rows that lack them otherwise."""
    located = ~(table.geometry.isna() | table.geometry.is_empty)
    told = table["protected"] & (located | (table["address"] != ""))
    remote = (table["by_phone"] == "yes") | (table["online"] == "yes")
    lost = ~table["protected"] & ~located & ~remote
    faults = []
    if told.any():
        faults.append(
            Text(
                "{count} protected places come with coordinates or an address (rows {rows}):"
                " leave both empty, the location of a shelter is secret",
                count=int(told.sum()),
                rows=", ".join(map(str, table.index[told][:5])),
            )
        )
    if lost.any():
        faults.append(
            Text(
                "{count} services have neither coordinates nor help by phone or online"
                " (rows {rows}): give one of them",
                count=int(lost.sum()),
                rows=", ".join(map(str, table.index[lost][:5])),
            )
        )
    return faults


LAYER = Layer(
    name="counselling_services",
    title=Text("Counselling and help"),
    absent=Text(
        "Not in these data: waiting times, services nobody has entered, and where protected"
        " places such as women’s shelters are: that is secret."
    ),
    geometry=POINTS | AREAS,
    columns=(
        Column("name", str, Text("name shown on the map"), required=True),
        Column(
            "topics",
            str,
            Text("what it helps with, separated by semicolons"),
            options=TOPICS,
            many=True,
        ),
        Column("languages", str, Text("languages spoken, as codes separated by semicolons")),
        Column("opening_hours", str, Text("hours in OpenStreetMap’s notation")),
        Column("phone", str, Text("telephone number")),
        Column("website", str, Text("its page on the web")),
        Column("by_phone", str, Text("helps by phone"), options=YES_NO_UNKNOWN),
        Column("online", str, Text("helps online"), options=YES_NO_UNKNOWN),
        Column(
            "step_free", str, Text("can be entered and used without steps"), options=YES_NO_UNKNOWN
        ),
        Column("protected", bool, Text("a protected place: its location is secret")),
        Column("address", str, Text("street and house number; empty for a protected place")),
        Column("region", str, Text("city or county it serves")),
        Column(
            "family_places",
            float,
            Text("places for a woman and her children, in a shelter"),
            "family places",
            low=0,
        ),
        Column("operator", str, Text("who runs it")),
        Column("source", str, Text("where this entry comes from")),
        Column("checked_on", date, Text("day on which somebody last checked this entry")),
    ),
    label="name",
    rules=_protected_places_have_no_place,
    may_lack_geometry=True,
)
