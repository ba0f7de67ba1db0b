"""What can be wrong with a file of the census grid, told in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from layers import Text
from layers.sources.population import GROUPS

SIZES = {"100m": 100, "1km": 1000, "1000m": 1000, "10km": 10000, "10000m": 10000}
"""Cell sizes [m] as ids and column names write them."""

EAST, NORTH = (4_000_000, 4_700_000), (2_600_000, 3_600_000)
"""Germany in EPSG:3035 [m], roughly."""

SHOWN = 3


@dataclass
class Rows:
    """Rows of a file that have one fault: how many, and the first of them."""

    count: int = 0
    shown: list[Text] = field(default_factory=list)

    def add(self, words: pd.Series[Any]) -> None:
        """Note rows by their number in the file, with what stands in them."""
        self.count += len(words)
        for row, word in words.head(SHOWN - len(self.shown)).items():
            self.shown.append(Text("“{value}” (row {row})", value=str(word), row=str(row)))


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
    torn: str = ""
    nowhere: Rows = field(default_factory=Rows)
    unread: dict[str, Rows] = field(default_factory=dict)
    seen: pd.DataFrame = field(default_factory=pd.DataFrame)


def faults_of(file: GridFile) -> list[Text]:
    """Return everything that is wrong with a file, and find the size of its cells."""
    faults = _unreadable(file)
    astray = _astray(file)
    if file.table.empty or astray:
        return [*faults, *astray, *_wrong_counts(file)]
    file.size = _size(file)
    return [*faults, *_wrong_ids(file.table), *_wrong_cells(file), *_wrong_counts(file)]


def _unreadable(file: GridFile) -> list[Text]:
    """Say where the file is cut off or holds words where numbers belong."""
    faults = []
    if file.torn:
        faults.append(Text(
            "the file ends in the middle of a row (“{torn}”): it was cut off on the way; download"
            " it again", torn=file.torn,
        ))  # fmt: skip
    if file.nowhere.count:
        faults.append(Text(
            "{count} {count:row has|rows have} no readable coordinates or cell id ({rows}); correct"
            " or delete {count:it|them}, or download the file again",
            count=file.nowhere.count, rows=tuple(file.nowhere.shown),
        ))  # fmt: skip
    for name, rows in file.unread.items():
        faults.append(Text(
            "column “{column}” must hold numbers: {count} {count:row does|rows do} not, such as"
            " {rows}; known besides numbers are “–” and empty cells",
            column=name, count=rows.count, rows=tuple(rows.shown),
        ))  # fmt: skip
    return faults


def _astray(file: GridFile) -> list[Text]:
    """Say if the coordinates of the file, near the city or not, are not those of the grid."""
    seen = file.seen.dropna()
    if seen.empty:
        return []
    x, y = seen["x"], seen["y"]
    if _mostly(x, NORTH) and _mostly(y, EAST):
        return [
            Text(
                "x and y are exchanged: x must lie between 4,000,000 and 4,700,000 (EPSG:3035);"
                " exchange the headings of the two columns"
            )
        ]
    if not (_mostly(x, EAST) and _mostly(y, NORTH)):
        return [Text(
            "the coordinates are not those of the census grid in Germany (EPSG:3035, x about"
            " 4,000,000 to 4,700,000), such as {x}, {y}; for grids in another system use"
            " “import table”",
            x=_whole(x), y=_whole(y),
        )]  # fmt: skip
    return []


def _whole(values: pd.Series[Any]) -> str:
    return f"{values.iloc[0]:.10g}"


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
        "{count} cell {count:id does|ids do} not fit {count:its|their} coordinates, such as {ids}:"
        " the id names the lower left corner, x and y the middle; was the file sorted or edited"
        " column by column? Download it again",
        count=int(wrong.sum()), ids=", ".join(table["id"][wrong].head(SHOWN)),
    )]  # fmt: skip


def _wrong_cells(file: GridFile) -> list[Text]:
    table, size = file.table, file.size
    faults = []
    off = (table[["x", "y"]] % size != size / 2).any(axis=1)
    if off.any():
        faults.append(Text(
            "{count} {count:row does|rows do} not name the middle of a {size} m cell, such as"
            " {x}, {y} (row {row}); download the file again, or use “import table” for other grids",
            row=str(table.index[off][0]), count=int(off.sum()), size=size,
            x=_whole(table["x"][off]), y=_whole(table["y"][off]),
        ))  # fmt: skip
    twice = table.duplicated(["x", "y"])
    if twice.any():
        faults.append(Text(
            "{count} {count:cell occurs|cells occur} more than once, such as {x}, {y} (row {row});"
            " remove the repeated rows",
            row=str(table.index[twice][0]), count=int(twice.sum()),
            x=_whole(table["x"][twice]), y=_whole(table["y"][twice]),
        ))  # fmt: skip
    return faults


def _wrong_counts(file: GridFile) -> list[Text]:
    faults: list[Text] = []
    if file.table.empty:
        return faults
    for name in file.shares:
        outside = file.table[name] > 100
        if outside.any():
            faults.append(Text(
                "{count} {count:share|shares} in column “{column}” {count:is|are} above 100 %, such"
                " as {value} (row {row}); is it a column of counts?",
                count=int(outside.sum()), column=name, value=str(file.table[name][outside].iloc[0]),
                row=str(file.table.index[outside][0]),
            ))  # fmt: skip
    for name, ours in file.counts.items():
        people = file.table[name]
        if ours == "residents" and len(people) > 30 and people.max() <= 6:
            faults.append(Text(
                "column “{column}” holds classes from 1 to 6, not people; give the file with the"
                " exact values (“spitze Werte”)", column=name,
            ))  # fmt: skip
    return faults


def nobody(files: list[GridFile]) -> Text:
    """Say that nobody lives in any cell, or that it is withheld."""
    withheld = sum(file.withheld for file in files)
    if not withheld:
        return Text("in none of its cells does anybody live; is the column of residents empty?")
    return Text(
        "in none of its cells is it told how many people live there ({count} {count:value|values}"
        " withheld); give the file with the totals of a coarser grid",
        count=withheld,
    )


def counts_of(file: GridFile) -> pd.DataFrame:
    """Return the counts of a file under our names, by the middle (x, y) of each cell."""
    return file.table.set_index(["x", "y"])[list(file.counts)].rename(columns=file.counts)


def no_more_than_all(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Text]]:
    """Let no group be larger than all people of its cell; what is unknown stays unknown."""
    groups = [name for name in table if name in GROUPS and name != "residents"]
    over = table[groups].gt(table["residents"], axis=0)
    if not over.to_numpy().any():
        return table, []
    capped = table[groups].mask(over, table["residents"], axis=0)
    told = Text(
        "in {count} {count:cell|cells} a group is larger than all people together (counts are"
        " altered so that nobody is recognised): it is taken as all of them",
        count=int(over.any(axis=1).sum()),
    )
    return table.assign(**capped), [told]
