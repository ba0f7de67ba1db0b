"""Audits: what people rated together at the stops of finished night walks."""

from datetime import date

from geopandas import GeoDataFrame

from ..audits import ITEMS, LEAST_RATERS, STEPS
from ..schema import POINTS, Column, Layer
from ..text import Text


def _by_several(table: GeoDataFrame) -> list[Text]:
    """Refuse rows in which one person's opinion would stand alone, and rows without a day."""
    told = {
        Text("were rated by fewer than {least} people", least=LEAST_RATERS): (
            table["raters"] < LEAST_RATERS
        ),
        Text("do not say on which day the walk was"): table["walked_on"] == "",
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
    name="audits",
    title=Text("Night walks"),
    absent=Text(
        "Not in these data: places where nobody walked, stops rated by one person alone, notes,"
        " and who rated. A place without a rating is unknown, neither good nor bad."
    ),
    geometry=POINTS,
    columns=(
        Column("place", str, Text("where the stop is")),
        Column("walk", str, Text("number of the walk"), required=True),
        Column("stop", str, Text("number of the spot, the same when a walk is repeated")),
        Column("walked_on", date, Text("day of the walk")),
        Column("raters", int, Text("people who rated"), "people", required=True, low=0),
        *(Column(name, float, item.label, "0–3", low=STEPS[0], high=STEPS[-1])
          for name, item in ITEMS.items()),
    ),
    label="place",
    rules=_by_several,
)  # fmt: skip
