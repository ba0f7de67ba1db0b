"""Street lamps: light where `streets` does not say whether a way is lit."""

from ..schema import POINTS, YES_NO_UNKNOWN, Column, Layer
from ..text import Text

LAYER = Layer(
    name="street_lamps",
    title=Text("Street lamps"),
    absent=Text(
        "Not in these data: light from shops and windows, lamps nobody has mapped and"
        " whether a lamp is switched off at night."
    ),
    geometry=POINTS,
    columns=(
        Column("works", str, Text("the lamp works"), options=YES_NO_UNKNOWN),
        Column("reference", str, Text("number on the lamp post")),
    ),
    label="reference",
)
