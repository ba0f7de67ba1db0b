"""Residents per grid cell or district, from the census or the residents' register."""

from ..schema import AREAS, YES_NO_UNKNOWN, Column, Layer
from ..text import Text

GROUPS: dict[str, Text] = {
    "residents": Text("people"),
    "under_10": Text("children under 10"),
    "under_18": Text("children under 18"),
    "aged_65plus": Text("people of 65 and over"),
    "aged_75plus": Text("people of 75 and over"),
    "aged_80plus": Text("people of 80 and over"),
    "foreign_nationals": Text("people without a German passport"),
}
"""Groups of people a question may ask about; each is a column of the layer."""

OUT_OF_100: dict[str, Text] = {
    "residents": Text("{share} of 100 people"),
    "under_10": Text("{share} of 100 children under 10"),
    "under_18": Text("{share} of 100 children under 18"),
    "aged_65plus": Text("{share} of 100 people of 65 and over"),
    "aged_75plus": Text("{share} of 100 people of 75 and over"),
    "aged_80plus": Text("{share} of 100 people of 80 and over"),
    "foreign_nationals": Text("{share} of 100 people without a German passport"),
}
"""The headline for each group; whole sentences, because languages bend them differently."""

LAYER = Layer(
    name="population",
    title=Text("Residents"),
    absent=Text(
        "Not in these data: people without a registered address, visitors, commuters and"
        " everyone who moved in after the census day. Small counts carry deliberate noise."
    ),
    geometry=AREAS,
    columns=(
        Column(
            "residents",
            float,
            Text("people registered in the cell"),
            "people",
            required=True,
            low=0,
        ),
        Column("under_10", float, Text("of them under 10 years old"), "people", low=0),
        Column("under_18", float, Text("of them under 18 years old"), "people", low=0),
        Column("aged_65plus", float, Text("of them 65 and over"), "people", low=0),
        Column("aged_75plus", float, Text("of them 75 and over"), "people", low=0),
        Column("aged_80plus", float, Text("of them 80 and over"), "people", low=0),
        Column(
            "foreign_nationals", float, Text("of them without a German passport"), "people", low=0
        ),
        Column(
            "reliable",
            str,
            Text("the count is reliable according to its source"),
            options=YES_NO_UNKNOWN,
        ),
        Column("downscaled", bool, Text("the count was estimated from a coarser area")),
    ),
)
