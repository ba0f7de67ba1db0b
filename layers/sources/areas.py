"""What the basemap draws beside streets and buildings: water, green, railways, names."""

from ..schema import AREAS, LINES, POINTS, Column, Layer
from ..text import Text

KINDS: dict[str, Text] = {
    "water": Text("water"),
    "green": Text("green"),
    "wood": Text("wood"),
    "field": Text("field"),
    "built": Text("built-up land"),
    "industry": Text("industry and trade"),
    "square": Text("pedestrian area"),
    "railway": Text("railway"),
    "place": Text("name of a place"),
}

LAYER = Layer(
    name="areas",
    title=Text("Land and water"),
    absent=Text("Not in these data: anything that matters for a walk; they are only drawn."),
    geometry=AREAS | LINES | POINTS,
    columns=(
        Column("kind", str, Text("what it is drawn as"), required=True, options=KINDS),
        Column("name", str, Text("name shown on the map")),
    ),
    label="name",
)
