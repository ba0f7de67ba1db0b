"""Links that the city has added to the street data, until the data have them themselves."""

from datetime import date

from ..doctor import KINDS
from ..schema import LINES, Column, Layer
from ..text import Text

LAYER = Layer(
    name="street_links",
    title=Text("Links added to the streets"),
    absent=Text("Not in these data: whether these links have steps, light or a gate."),
    geometry=LINES,
    columns=(
        Column("kind", str, Text("what was suspected"), options=KINDS),
        Column("name", str, Text("ways concerned")),
        Column("accepted_by", str, Text("account that accepted it")),
        Column("accepted_on", date, Text("day on which it was accepted")),
    ),
    label="name",
)
