"""Streets and paths; analyses receive them as a walking `Network`."""

from ..network import Network
from ..schema import LINES, YES_NO_UNKNOWN, Column, Layer
from ..text import Text

WHEELCHAIR: dict[str, Text] = {
    "yes": Text("yes"),
    "limited": Text("partly"),
    "no": Text("no"),
    "unknown": Text("unknown"),
}

LAYER = Layer(
    name="streets",
    title=Text("Streets and paths"),
    absent=Text(
        "Not in these data: unmapped shortcuts, waiting at lights, closed gates, road works,"
        " ice and everything nobody has noted about light, kerbs and surface."
    ),
    geometry=LINES,
    columns=(
        Column(
            "kind",
            str,
            Text("kind of way in OpenStreetMap’s words, such as residential, footway, steps"),
        ),
        Column("name", str, Text("name of the street")),
        Column("foot", str, Text("explicitly allowed on foot"), options=YES_NO_UNKNOWN),
        Column("lit", str, Text("lit at night"), options=YES_NO_UNKNOWN),
        Column("steps", str, Text("has steps"), options=YES_NO_UNKNOWN),
        Column("surface", str, Text("surface in OpenStreetMap’s words, such as asphalt or gravel")),
        Column("smoothness", str, Text("smoothness in OpenStreetMap’s words, such as good or bad")),
        Column("wheelchair", str, Text("usable in a wheelchair"), options=WHEELCHAIR),
        Column("incline", float, Text("steepest slope, without direction"), "%", low=0, high=100),
        Column("bridge", bool, Text("is a bridge")),
        Column("tunnel", bool, Text("is a tunnel or underpass")),
        Column("start_node", int, Text("id of the junction at its start; 0 where none is given")),
        Column("end_node", int, Text("id of the junction at its end; 0 where none is given")),
    ),
    label="name",
    prepare=Network.from_streets,
)
