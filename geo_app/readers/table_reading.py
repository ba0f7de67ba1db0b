"""One table on its way into a layer: whose columns, which ids, which shapes."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from layers import Column, Layer, Text

from .table_files import Opened
from .table_places import (
    WKT,
    accuracy,
    coordinate_columns,
    in_order,
    joined,
    misplaced,
    shapes_of,
    system,
)
from .table_values import Values, text
from .table_wishes import ID, Wishes
from .texts import ALIKE, plain_name

PLUS = " + "
COORDINATES = frozenset({"lon", "lat", "x", "y", WKT[0]})


class Reading:
    """
    One table on its way into a layer.

    Parameters
    ----------
    layer, opened, wishes
        What it becomes, what the file holds, how the person wants it.
    """

    def __init__(self, layer: Layer, opened: Opened, wishes: Wishes) -> None:
        self.layer, self.opened, self.wishes = layer, opened, wishes
        self.clerk = Values(wishes.decimal, wishes.meanings)
        self.remarks: list[Text] = []
        self.named = self._named()
        self.ids = self._ids()

    def columns(self) -> pd.DataFrame:
        """Return our columns, read from theirs; rows are still called as in the file."""
        frame = self.opened.frame
        self._check_wishes()
        read = {}
        for column in self.layer.columns:
            theirs = self.named.get(column.name, [])
            if column.name in self.wishes.constants:
                told = pd.Series(self.wishes.constants[column.name], index=frame.index, dtype="str")
                read[column.name] = self.clerk.read(column, told)
            elif theirs:
                read[column.name] = self._together(column, theirs)
            elif column.required:
                self.clerk.faults.append(self._missing(column))
        return pd.DataFrame(read, index=frame.index)

    def placed(self, table: pd.DataFrame, crs: Any) -> tuple[GeoDataFrame, list[Text]]:
        """Return the rows with their geometry in `crs`, those that are left out gone."""
        known = len(self.clerk.faults)
        shapes, source, remarks = self._shapes()
        if source is None and len(self.clerk.faults) > known:  # why they have no place is told
            self.clerk.nowhere |= set(table.index)
        placed = GeoDataFrame(table, geometry=np.asarray(shapes.array), crs=source)
        if self.clerk.left_out:
            keep = ~table.index.isin(self.clerk.left_out)
            self.remarks.append(
                Text(
                    "{count} {count:row was|rows were} left out as wished", count=int((~keep).sum())
                )
            )
            placed = placed[keep]
        if source is None:
            return placed.set_crs(crs), remarks
        if self.wishes.swap:
            placed = placed.set_geometry(placed.geometry.map(_swapped, na_action="ignore"))
        placed, told = in_order(
            placed, self.layer, repair=self.wishes.repair, faults=self.clerk.faults
        )
        wrong = misplaced(placed.geometry, source, crs)
        self.clerk.faults += wrong
        if wrong:
            self.clerk.nowhere |= set(placed.index)
            return placed.set_crs(crs, allow_override=True), remarks
        return placed.to_crs(crs), [*remarks, *told, *accuracy(source, crs)]

    def identified(self, table: GeoDataFrame) -> GeoDataFrame:
        """Return the table with its row ids: of the id column, else numbers from 1."""
        names = {
            str(row): name for row, name in zip(self.opened.frame.index, self.ids, strict=True)
        }
        parts = [str(row).partition("/") for row in table.index]  # “5/2” is a part of row 5
        table.index = pd.Index([names[row] + slash + part for row, slash, part in parts])
        return table

    def _named(self) -> dict[str, list[str]]:
        """Return our columns and the columns of theirs that make them up."""
        names = [str(name) for name in self.opened.frame.columns]
        named: dict[str, list[str]] = {}
        for theirs, ours in self.wishes.columns:
            parts = [theirs] if theirs in names else theirs.split(PLUS)
            named.setdefault(ours, []).extend(part.strip() for part in parts)
        alike = {plain_name(name): name for name in names}
        for ours in (*(column.name for column in self.layer.columns), ID):
            if plain_name(ours) in alike and ours not in named:
                named[ours] = [alike[plain_name(ours)]]
        return named

    def _check_wishes(self) -> None:
        """Note columns, options and keys that do not exist on either side."""
        names = [str(name) for name in self.opened.frame.columns]
        theirs = [name for parts in self.named.values() for name in parts]
        if self.wishes.joining:
            theirs.append(self.wishes.joining.theirs)
        for name in dict.fromkeys(theirs):
            if name not in names:
                self.clerk.faults.append(_no_such(name, names))
        ours = [column.name for column in self.layer.columns]
        wished = [
            *(our for _, our in self.wishes.columns),
            *self.wishes.constants,
            *self.wishes.meanings,
        ]
        for name in dict.fromkeys(wished):
            if name not in {*ours, ID, *COORDINATES}:
                self.clerk.faults.append(Text(
                    "“{name}” is no column of {layer}; it has {columns}{near}",
                    name=name, layer=self.layer.name, columns=", ".join([ID, *ours]),
                    near=_near(name, ours),
                ))  # fmt: skip
        self.named = {
            our: [name for name in parts if name in names] for our, parts in self.named.items()
        }

    def _ids(self) -> list[str]:
        """Return row ids: their id column, else numbers from 1."""
        frame = self.opened.frame
        named = [name for name in self.named.get(ID, []) if name in frame]
        if not named and self.wishes.joining and self.wishes.joining.theirs in frame:
            named = [self.wishes.joining.theirs]
        if not named:
            return [str(number) for number in range(1, len(frame) + 1)]
        ids = frame[named[0]].map(text)
        twice = ids[ids.duplicated() & (ids != "")].unique()
        empty = int((ids == "").sum())
        if len(twice):
            self.clerk.faults.append(Text(
                "column “{column}” is taken as row id, but {count} {count:id occurs|ids occur} more"
                " than once, such as {ids}; name another with --column THEIRS=id, or correct them",
                column=named[0], count=len(twice), ids=", ".join(twice[:5]),
            ))  # fmt: skip
        if empty:
            self.clerk.faults.append(Text(
                "column “{column}” is taken as row id, but {count} {count:row has|rows have} none",
                column=named[0], count=empty,
            ))  # fmt: skip
        if len(twice) or empty:
            return [str(number) for number in range(1, len(frame) + 1)]
        return list(ids)

    def _together(self, column: Column, theirs: list[str]) -> pd.Series[Any]:
        parts = [self.clerk.read(column, self.opened.frame[name]) for name in theirs]
        if len(parts) == 1:
            return parts[0]
        if column.kind in {int, float}:
            total: pd.Series[Any] = pd.concat(parts, axis=1).sum(axis=1, skipna=False)
            return total
        written: pd.Series[Any] = pd.concat(parts, axis=1).agg(" ".join, axis=1).str.strip()
        return written

    def _missing(self, column: Column) -> Text:
        names = [str(name) for name in self.opened.frame.columns if str(name) != "geometry"]
        return Text(
            "column “{column}” is missing ({meaning}); say which of yours it is with"
            ' --column "{theirs}={column}", or set it for all rows with --set {column}=…'
            " (your columns: {names}{near})",
            column=column.name, meaning=column.meaning, theirs=_alike(column.name, names) or "…",
            names=", ".join(names[:30]), near=_near(column.name, names),
        )  # fmt: skip

    def _shapes(self) -> tuple[GeoSeries, Any, list[Text]]:
        """Return geometry as the file means it, its CRS (None if there is none) and remarks."""
        frame, faults = self.opened.frame, self.clerk.faults
        if self.wishes.joining:
            joining = self.wishes.joining
            if joining.theirs not in frame:
                return _nowhere(frame), None, []
            shapes = joined(frame, joining.places, joining.theirs, joining.ours, self.clerk)
            return shapes, joining.places.crs, self._without_row()
        if isinstance(frame, GeoDataFrame) and frame.active_geometry_name:
            crs, remarks = system(
                self.opened.crs, self.wishes.crs, firm=self.opened.firm, faults=faults
            )
            return GeoSeries(frame.geometry.array, index=frame.index), crs, remarks
        columns = self._coordinates()
        if not columns:
            if not self.layer.may_lack_geometry:
                faults.append(self._no_coordinates())
            return _nowhere(frame), None, []
        crs, remarks = system(None, self.wishes.crs, firm=False, faults=faults)
        return shapes_of(frame, columns, self.clerk), crs, remarks

    def _coordinates(self) -> tuple[str, ...]:
        told = [self.named.get(name, []) for name in ("wkt", "lon", "lat", "x", "y")]
        wkt, lon, lat, x, y = (parts[0] if parts else "" for parts in told)
        if wkt:
            return (wkt,)
        if (lon or x) and (lat or y):
            return (lon or x, lat or y)
        return coordinate_columns(self.opened.frame)

    def _no_coordinates(self) -> Text:
        return Text(
            "the table has no coordinates; give x and y (--column Rechtswert=x --column"
            " Hochwert=y), a column with WKT (--column NAME=wkt), or take the shapes from a layer"
            " that is already imported (--geometry-from districts --key THEIRS=id)"
        )

    def _without_row(self) -> list[Text]:
        joining = self.wishes.joining
        if joining is None:
            return []
        ours = (
            joining.places.index.to_series() if joining.ours == ID else joining.places[joining.ours]
        )
        wanted = set(self.opened.frame[joining.theirs].map(text))
        lost = [key for key in ours.map(text) if key not in wanted]
        if not lost:
            return []
        return [Text("{count} {count:place has|places have} no row in the table: {keys}",
                     count=len(lost), keys=", ".join(lost[:10]))]  # fmt: skip


def _no_such(name: str, names: list[str]) -> Text:
    return Text(
        "the table has no column “{name}”{near}; it has {names}",
        name=name, near=_near(name, names), names=", ".join(names[:30]),
    )  # fmt: skip


def _near(name: str, names: Sequence[str]) -> str | Text:
    close = _alike(name, names, most=2)
    return Text(" – close: {names}", names=close) if close else ""


def _alike(name: str, names: Sequence[str], *, most: int = 1) -> str:
    plain = {plain_name(n): n for n in names}
    close = get_close_matches(plain_name(name), list(plain), n=most, cutoff=ALIKE)
    return ", ".join(plain[c] for c in close)


def _nowhere(frame: pd.DataFrame) -> GeoSeries:
    return GeoSeries([None] * len(frame), index=frame.index)


def _swapped(shape: Any) -> Any:
    return shapely.transform(shape, lambda points: points[:, ::-1])
