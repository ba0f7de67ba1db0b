"""What can be wrong with a file of the census grid, told in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from layers import Text

SIZES = {"100m": 100, "1km": 1000, "1000m": 1000, "10km": 10000, "10000m": 10000}
"""Cell sizes [m] as ids and column names write them."""

EAST, NORTH = (4_000_000, 4_700_000), (2_600_000, 3_600_000)
"""Germany in EPSG:3035 [m], roughly."""

SHOWN = 3


@dataclass
class GridFile:
    """One file: which of its columns matter, and the faults found so far."""

    path: Path
    x: str = ""
    y: str = ""
    id: str = ""
    flag: str = ""
    size: int = 0
    year: str = ""
    counts: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    dashes: int = 0
    withheld: int = 0
    empty: int = 0


def faults_of(file: GridFile) -> list[Text]:
    """Return everything that is wrong with a file, and find the size of its cells."""
    table = file.table
    x, y = table["x"], table["y"]
    if (x.isna() | y.isna()).any():
        lost = int((x.isna() | y.isna()).sum())
        return [Text("{count} rows have no readable coordinates or cell id", count=lost)]
    if _mostly(x, NORTH) and _mostly(y, EAST):
        return [
            Text("x and y are exchanged: x must lie between 4,000,000 and 4,700,000 (EPSG:3035)")
        ]
    if not (_mostly(x, EAST) and _mostly(y, NORTH)):
        return [Text(
            "the coordinates are not those of the census grid in Germany (EPSG:3035, x about"
            " 4,000,000 to 4,700,000); for grids in another system use “import table”"
        )]  # fmt: skip
    file.size = _size(file)
    return [*_wrong_ids(table), *_wrong_cells(file), *_wrong_counts(file)]


def _mostly(values: pd.Series[Any], limits: tuple[int, int]) -> bool:
    return bool(values.between(*limits).mean() > 0.9)


def _size(file: GridFile) -> int:
    """Return the side of the cells [m]: from ids, column names or the middles themselves."""
    if "id_size" in file.table:
        return int(file.table["id_size"].mode().iloc[0])
    told = [size for end, size in SIZES.items() if file.x.casefold().endswith(end)]
    if told:
        return told[0]
    middles = file.table[["x", "y"]]
    return 1000 if bool((middles % 1000 == 500).all(axis=None)) else 100


def _wrong_ids(table: pd.DataFrame) -> list[Text]:
    if "id" not in table:
        return []
    wrong = ~((table["id_x"] == table["x"]) & (table["id_y"] == table["y"]))
    if not wrong.any():
        return []
    return [Text(
        "{count} cell ids do not fit their coordinates, such as {ids}: the id names the lower left"
        " corner, x and y the middle; was the file sorted or edited column by column?",
        count=int(wrong.sum()), ids=", ".join(table["id"][wrong].head(SHOWN)),
    )]  # fmt: skip


def _wrong_cells(file: GridFile) -> list[Text]:
    table, size = file.table, file.size
    faults = []
    off = (table[["x", "y"]] % size != size / 2).any(axis=1)
    if off.any():
        faults.append(Text(
            "{count} coordinates are not the middle of a {size} m cell, such as {x}, {y}",
            count=int(off.sum()), size=size,
            x=str(table["x"][off].iloc[0]), y=str(table["y"][off].iloc[0]),
        ))  # fmt: skip
    twice = table.duplicated(["x", "y"])
    if twice.any():
        faults.append(Text(
            "{count} cells occur more than once, such as {x}, {y}; remove the repeated rows",
            count=int(twice.sum()),
            x=str(table["x"][twice].iloc[0]), y=str(table["y"][twice].iloc[0]),
        ))  # fmt: skip
    return faults


def _wrong_counts(file: GridFile) -> list[Text]:
    faults = []
    for name in file.shares:
        outside = file.table[name] > 100
        if outside.any():
            faults.append(Text(
                "{count} shares in column “{column}” are above 100 %, such as {value}",
                count=int(outside.sum()), column=name, value=str(file.table[name][outside].iloc[0]),
            ))  # fmt: skip
    for name, ours in file.counts.items():
        people = file.table[name]
        if ours == "residents" and len(people) > 30 and people.max() <= 6:
            faults.append(Text(
                "column “{column}” holds classes from 1 to 6, not people; give the file with the"
                " exact values (“spitze Werte”)", column=name,
            ))  # fmt: skip
    return faults
