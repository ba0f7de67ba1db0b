"""Marks as analyses for staff read them: every one that a moderator has found credible."""

from __future__ import annotations

from datetime import date

from .factors import FACTORS
from .marks import DAYTIMES, KINDS, WEEKPARTS
from .schema import POINTS, Column, Layer
from .text import Text

STANDING: dict[str, Text] = {
    "published": Text("accepted"),
    "resolved": Text("resolved"),
    "expired": Text("expired"),
}
"""Where a credible mark stands; one that waits again is still accepted until that is decided."""

MARKS = Layer(
    name="marks",
    title=Text("Marks of citizens, exact and for staff alone"),
    absent=Text(
        "Marks that nobody has accepted yet, what patrols have found, everybody who has not"
        " written, and what was taken back or erased."
    ),
    geometry=POINTS,
    columns=(
        Column("kind", str, Text("how people feel there"), required=True, options=KINDS),
        Column(
            "factors",
            str,
            Text("what is named as the reason, here or in a mark joined with it"),
            options={name: factor.label for name, factor in FACTORS.items()},
            many=True,
        ),
        Column("daytime", str, Text("at which time of day"), options={"": Text("")} | DAYTIMES),
        Column("weekpart", str, Text("on which days"), options={"": Text("")} | WEEKPARTS),
        Column("strength", int, Text("how strongly it is felt; 0 is not said"), low=0, high=4),
        Column("state", str, Text("where the mark stands"), required=True, options=STANDING),
        Column("received_on", date, Text("day on which it was sent"), required=True),
        Column("accepted_on", date, Text("day on which it was accepted last")),
        Column("closed_on", date, Text("day on which it was closed, if it is")),
        Column("merged", int, Text("further marks joined with it"), low=0),
        Column("confirmed", int, Text("how often its sender has said “still so”"), low=0),
        Column(
            "voices",
            int,
            Text("“me too” for the public row that counts it; all marks of a row share them"),
            low=0,
        ),
        Column("pin", str, Text("public row that counts it, if one does")),
        Column(
            "mended",
            str,
            Text("reasons that the city has put right and nobody has contradicted"),
            options={name: factor.label for name, factor in FACTORS.items()},
            many=True,
        ),
        Column("sender", str, Text("same for marks from one device on one day; empty if erased")),
    ),
)
"""
The table called “marks”.

It is in no list of layers: no public page, download or interface may show it,
and an analysis that reads it is for staff alone. What it makes of them tells
of street parts and squares of 100 m, never of a single mark.
"""
