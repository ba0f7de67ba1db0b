"""Buildings: where people live within a census cell, and how many addresses a place has."""

from ..schema import AREAS, Column, Layer
from ..text import Text

LAYER = Layer(
    name="buildings",
    title=Text("Buildings"),
    absent=Text("Not in these data: who lives inside, empty flats and buildings not yet mapped."),
    geometry=AREAS,
    columns=(
        Column("kind", str, Text("what the building is, such as house, apartments or garage")),
        Column("levels", float, Text("storeys above ground"), "storeys", low=0, high=120),
        Column("address", str, Text("street and house number")),
        Column("name", str, Text("name of the building")),
    ),
    label="name",
)
