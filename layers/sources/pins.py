"""Pins: what the public sees of citizens' marks, and what the city itself has confirmed."""

from datetime import date

from geopandas import GeoDataFrame

from ..factors import FACTORS
from ..marks import DAYTIMES, KINDS
from ..schema import AREAS, LINES, POINTS, Column, Layer
from ..text import Text

UNITS: dict[str, Text] = {
    "segment": Text("part of a street"),
    "cell_100": Text("square of 100 m"),
    "cell_200": Text("square of 200 m"),
    "cell_400": Text("square of 400 m"),
    "district": Text("district"),
    "finding": Text("the city’s own finding"),
}
"""Units in which pins are shown, the finest first; a finding is exact."""

LEAST = 5
"""No table with fewer marks behind a row is accepted, whatever the rules of a city."""


def shown(pins: GeoDataFrame, on: date) -> GeoDataFrame:
    """
    Return the rows that are still shown on a day; one without a last day is.

    Parameters
    ----------
    pins
        The layer.
    on
        The day.
    """
    return pins[(pins["expires_on"] == "") | (pins["expires_on"] >= on.isoformat())]


def _nothing_but_masks(table: GeoDataFrame) -> list[Text]:
    """Refuse rows that would show a single mark: too few of them, or drawn as a point."""
    marks = table["unit"] != "finding"
    few = marks & (table["marks"] < LEAST)
    points = marks & (table.geometry.geom_type == "Point")
    undated = ~marks & (table["confirmed_on"] == "")
    told = {
        Text("stand for fewer than {least} marks", least=LEAST): few,
        Text("are drawn as points although they stand for marks"): points,
        Text("are findings of the city without a date"): undated,
    }
    return [
        Text(
            "{count} rows {fault}: {rows}",
            count=int(wrong.sum()),
            fault=fault,
            rows=", ".join(map(str, table.index[wrong][:5])),
        )
        for fault, wrong in told.items()
        if wrong.any()
    ]


LAYER = Layer(
    name="pins",
    title=Text("Marked spots"),
    absent=Text(
        "Not in these data: everyone who marked nothing, single marks, exact points, texts and"
        " spots with too few marks to be shown. A place without a mark is unknown, not safe."
    ),
    geometry=AREAS | LINES | POINTS,
    columns=(
        Column("place", str, Text("name of the street or district it lies in")),
        Column("unit", str, Text("how exactly it is shown"), required=True, options=UNITS),
        Column("kind", str, Text("how people feel there"), required=True, options=KINDS),
        Column("marks", int, Text("marks behind it, 0 for a finding"), "marks", low=0),
        Column(
            "factors",
            str,
            Text("what they name; empty where it is various"),
            options={name: factor.label for name, factor in FACTORS.items()},
            many=True,
        ),
        Column("factor_marks", str, Text("marks that name each factor, in the same order")),
        Column(
            "daytimes",
            str,
            Text("when; empty where it is various"),
            options=DAYTIMES,
            many=True,
        ),
        Column("daytime_marks", str, Text("marks of each time of day, in the same order")),
        Column("finding", str, Text("what the city has found and confirmed, in its own words")),
        Column("confirmed_on", date, Text("day on which the city confirmed it")),
        Column("released_on", date, Text("day on which this row first appeared like this")),
        Column("expires_on", date, Text("day after which it is no longer shown")),
    ),
    label="place",
    rules=_nothing_but_masks,
)
