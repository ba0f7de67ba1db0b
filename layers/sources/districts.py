"""Districts of the city, for tables by district and for cutting a city out."""

from ..schema import AREAS, Column, Layer
from ..text import Text

LAYER = Layer(
    name="districts",
    title=Text("Districts"),
    absent=Text(
        "Not in these data: how people themselves draw the borders of their neighbourhood."
    ),
    geometry=AREAS,
    columns=(
        Column("name", str, Text("name of the district"), required=True),
        Column("kind", str, Text("what the city calls this level, such as Stadtteil or Bezirk")),
    ),
    label="name",
)
