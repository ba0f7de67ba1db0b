"""How rows of the public layer and findings of the city are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from layers import LAYERS, Text
from layers.days import day_of
from layers.factors import FACTORS
from layers.marks import KINDS

PINS = LAYERS["pins"]


@dataclass(frozen=True)
class Finding:
    """
    What the city itself has found at a place and confirmed; published exactly.

    Parameters
    ----------
    x, y
        The place [m].
    place
        Its name, such as a street.
    kind
        "unsafe" or "at_ease".
    factors
        Names of factors.
    finding
        In the city's own words; nothing a citizen wrote.
    confirmed_on
        Day on which somebody looked.
    expires_on
        Last day on which it is shown.
    """

    x: float
    y: float
    place: str
    kind: str
    factors: tuple[str, ...]
    finding: str
    confirmed_on: date
    expires_on: date


def finding_faults(found: Finding, at: datetime) -> list[Text]:
    """Return everything that is wrong with a finding."""
    wrong = {
        Text("say what was found"): not found.finding.strip(),
        Text("say whether it makes people feel unsafe or at ease"): found.kind not in KINDS,
        Text("choose reasons from the list"): not set(found.factors) <= set(FACTORS),
        Text("the day on which it was confirmed lies in the future"): (
            found.confirmed_on > day_of(at)
        ),
        Text("the last day must not lie before the day of the finding"): (
            found.expires_on < found.confirmed_on
        ),
    }
    return [fault for fault, here in wrong.items() if here]


def written_pins(pins: GeoDataFrame) -> str:
    """Write the public rows as JSON; geometries as hexadecimal well-known binary."""
    rows = pd.DataFrame(pins.drop(columns=pins.geometry.name)).to_dict("index")
    shapes = shapely.to_wkb(pins.geometry.to_numpy(), hex=True)
    told = [
        {"id": id_, "row": row, "geometry": shape}
        for (id_, row), shape in zip(rows.items(), shapes, strict=True)
    ]
    return orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def read_pins(text: str, crs: Any) -> GeoDataFrame:
    """Read what `written_pins` wrote."""
    told = orjson.loads(text)
    if not told:
        return PINS.empty(crs)
    table = pd.DataFrame([one["row"] for one in told], index=[one["id"] for one in told])
    places = shapely.from_wkb([one["geometry"] for one in told])
    return PINS.complete(GeoDataFrame(table, geometry=places, crs=crs))
