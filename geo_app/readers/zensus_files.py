"""The files of the census grid: their columns, signs and codes, read piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers import Text

from .broken import ragged, torn
from .errors import ReadError
from .texts import FIRST, plain_name, sniff
from .zensus_checks import SIZES, GridFile, Rows, counts_of, faults_of, no_more_than_all, nobody

if TYPE_CHECKING:
    from .progress import Progress

PIECE = 100_000
"""Rows read at once."""

COUNTS: dict[str, str] = {
    "einwohner": "residents",
    "insgesamtbevoelkerung": "residents",
    "bevoelkerungszahl": "residents",
    "unter10": "under_10",
    "ageunder10": "under_10",
    "a80undaelter": "aged_80plus",
    "age80plus": "aged_80plus",
    "unter18": "under_18",
    "a65undaelter": "aged_65plus",
    "ausland": "foreign_nationals",
    "auslandinsgesamt": "foreign_nationals",
    "foreignnationals": "foreign_nationals",
}
"""Columns that hold people (names without capitals and signs), and ours for them."""

SHARES: dict[str, str] = {
    "anteilunter18": "under_18",
    "unter18a": "under_18",
    "anteilueber65": "aged_65plus",
    "anteilab65": "aged_65plus",
    "ab65a": "aged_65plus",
    "anteilauslaender": "foreign_nationals",
    "auslaendera": "foreign_nationals",
}
"""Columns that hold shares of the residents [%], and the group they tell."""

ZERO = {"–", "-", "—"}
"""What stands for "nothing, or withheld": 0 people in counts, unknown in shares."""

DAMAGED = Text("files of the census are whole when they are published; download it again")

INSPIRE_ID = re.compile(r"(?:CRS3035RES)?(\d+k?m)N(\d+)E(\d+)$")


@dataclass(frozen=True)
class Cells:
    """
    What the files tell, cell by cell.

    Parameters
    ----------
    table
        Counts and `reliable`, indexed by the middle (x, y) of each cell in EPSG:3035 [m].
    size
        Side of the cells [m].
    year
        Year of the census as text, "" where the files do not say.
    remarks
        What was left out or taken as unknown.
    own
        Counts as the files with the totals tell them, without finer ones.
    finer
        Counts of finer files before they were summed, each with the side of its cells [m].
    """

    table: pd.DataFrame
    size: int
    year: str
    remarks: tuple[Text, ...]
    own: pd.DataFrame
    finer: tuple[tuple[int, pd.DataFrame], ...] = ()


def read_cells(paths: Sequence[Path], *, box: Any, progress: Progress) -> Cells:
    """
    Read files of one grid and put them together cell by cell.

    Parameters
    ----------
    paths
        The files; the first that tells a column counts.
    box
        Only cells near these bounds in EPSG:3035 [m] are kept; None keeps all.
    progress
        Told how far the reading is.

    Raises
    ------
    ReadError
        Lists the faults of all files.
    """
    files, faults = [], []
    for path in paths:
        try:
            files.append(_read(path, box, progress))
        except ReadError as error:
            faults += [
                Text("{file}: {fault}", file=path.name, fault=f) if len(paths) > 1 else f
                for f in error.faults
            ]
    faults += _do_not_fit(files, all_of_them=len(files) == len(paths))
    if faults:
        raise ReadError(", ".join(path.name for path in paths), faults)
    size = max(file.size for file in files)
    finer = [file for file in files if file.size < size]
    own = _merged([replace(file) for file in files if file.size == size])
    files = [_coarsened(file, size) for file in files]
    table, most = no_more_than_all(_merged(files))
    if table.empty:
        raise ReadError(", ".join(path.name for path in paths), [nobody(files)])
    remarks = [*_remarks(files, table), *most]
    if finer:
        remarks.append(
            Text(
                "counts of {files} are summed in cells of {size} m, the size of the totals",
                files=tuple(file.path.name for file in finer),
                size=size,
            )
        )
    before = tuple((file.size, counts_of(file)) for file in finer)
    return Cells(table, size, files[0].year, tuple(remarks), own, before)


def _do_not_fit(files: list[GridFile], *, all_of_them: bool) -> list[Text]:
    """Say if totals lack or sizes differ; the totals may stand in a file that is broken."""
    with_totals = {file.size for file in files if "residents" in file.counts.values()}
    if not with_totals:
        if not all_of_them:
            return []
        return [
            Text(
                "no file tells how many people live in a cell; give the file with the totals too"
                " (Einwohner, in 2022 “Bevölkerungszahl”)"
            )
        ]
    coarser = [file for file in files if file.size > min(with_totals)]
    if len(with_totals) > 1 or coarser:
        sizes = ", ".join(f"{file.path.name}: {file.size} m" for file in files)
        return [
            Text(
                "the files have cells of different size ({sizes}); give the totals in one size"
                " and nothing coarser",
                sizes=sizes,
            )
        ]
    return []


def _coarsened(file: GridFile, size: int) -> GridFile:
    """Sum the counts of finer cells in the cells of the totals; shares have no sum and go."""
    if file.size == size:
        return file
    table = file.table.copy()
    table[["x", "y"]] = table[["x", "y"]] // size * size + size / 2
    summed = table.groupby(["x", "y"], as_index=False)[list(file.counts)].sum()
    return replace(file, table=summed, size=size, shares={}, flag="")


def _read(path: Path, box: Any, progress: Progress) -> GridFile:
    if not path.is_file():
        raise ReadError(path.name, [Text("there is no such file: {path}", path=str(path))])
    form = sniff(path)
    told: dict[str, Any] = {
        "sep": form.delimiter,
        "encoding": form.encoding,
        "skiprows": form.comments,
        "index_col": False,  # more cells than headings must not shift the columns
    }
    try:
        header = pd.read_csv(path, nrows=0, **told)
        file = _columns(path, list(header.columns))
        pieces = pd.read_csv(path, dtype=str, keep_default_na=False, chunksize=PIECE, **told)
        file.torn = torn(path, form.delimiter, form.encoding, cells=len(header.columns))
        rows = max(1, path.stat().st_size // form.bytes_per_row // PIECE)
        read = [
            _piece(file, piece.set_index(piece.index + form.comments + FIRST), box)
            for piece in _whole(progress(pieces, path.name, rows, "pieces"), torn=bool(file.torn))
        ]
    except pd.errors.ParserError as error:
        fault = ragged(path, form.delimiter, form.encoding, form.comments)
        raise ReadError(path.name, [fault, DAMAGED]) from error
    file.table = pd.concat(read) if read else pd.DataFrame()
    faults = faults_of(file)
    if file.table.empty and not faults:
        faults = [_nothing(box)]
    if faults:
        raise ReadError(path.name, faults)
    return file


def _whole(pieces: Iterable[pd.DataFrame], *, torn: bool) -> Iterator[pd.DataFrame]:
    """Yield the pieces, without the last row of all if it is torn: that is told once."""
    before = None
    for piece in pieces:
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before.iloc[:-1] if torn else before


def _nothing(box: Any) -> Text:
    if box is None:
        return Text("the file holds no cell with people; is it the right one, and whole?")
    return Text(
        "none of its cells lies in or near the city; give the grid of this region,"
        " or check the border"
    )


def _columns(path: Path, names: list[str]) -> GridFile:
    """Find the columns that matter by their names."""
    file = GridFile(path)
    for name in names:
        told = plain_name(name)
        if told in COUNTS and COUNTS[told] not in file.counts.values():
            file.counts[name] = COUNTS[told]
        elif told in SHARES:
            file.shares[name] = SHARES[told]
        elif told in {"x", "xmp"} or told.startswith("xmp"):
            file.x = name
        elif told in {"y", "ymp"} or told.startswith("ymp"):
            file.y = name
        elif told.startswith("gitterid") and not file.id:
            file.id = name
        elif told.startswith("werterlaeuternde"):
            file.flag = name
    faults = _unknown_columns(file, names)
    if faults:
        raise ReadError(path.name, faults)
    old = "werterl" not in " ".join(names).casefold() and (bool(file.shares) and not file.id)
    file.year = next((y for y in ("2022", "2011") if y in path.name), "2011" if old else "")
    return file


def _unknown_columns(file: GridFile, names: list[str]) -> list[Text]:
    told = {plain_name(name) for name in names}
    if {"merkmal", "auspraegungcode"} <= told:
        return [Text(
            "this is the long form of the census of 2011 (one row per characteristic);"
            " give the “spitze Werte” at 1 km or the grid of 2022 instead"
        )]  # fmt: skip
    faults = []
    if not (file.x and file.y) and not file.id:
        faults.append(Text(
            "neither coordinates (x_mp_100m, y_mp_100m) nor GITTER_ID are among its columns"
            " ({names}); this is not a census grid (for other tables use “import table”)",
            names=", ".join(names[:12]),
        ))  # fmt: skip
    if not file.counts and not file.shares:
        faults.append(Text(
            "no column tells anything about residents; known are Einwohner, ages, shares under 18"
            " and over 65, foreign nationals. Its columns: {names}", names=", ".join(names[:12]),
        ))  # fmt: skip
    return faults


def _piece(file: GridFile, rows: pd.DataFrame, box: Any) -> pd.DataFrame:
    """Return the cells of one piece near the city, numbers read, shares still in percent."""
    ids = _from_ids(rows[file.id]) if file.id else None
    table = _places(file, rows, ids)
    lost = table[["x", "y"]].isna().any(axis=1)
    file.nowhere.add(rows[file.x or file.id][lost])
    if file.seen.empty:
        file.seen = table[["x", "y"]]
    near = ~lost
    if box is not None:
        near &= table["x"].between(box[0] - 10_000, box[2] + 10_000)
        near &= table["y"].between(box[1] - 10_000, box[3] + 10_000)
    rows, table = rows[near], table[near]
    if ids is not None:
        table[["id_x", "id_y", "id_size", "id"]] = ids[near].assign(id=rows[file.id])
    for name in file.counts:
        table[name] = _told(file, rows[name], share=False)
    for name in file.shares:
        table[name] = _told(file, rows[name], share=True)
    if file.flag:
        table["flag"] = rows[file.flag].str.contains("KLAMMERN")
    return table


def _places(file: GridFile, rows: pd.DataFrame, ids: pd.DataFrame | None) -> pd.DataFrame:
    """Return the middles of the cells as the coordinates tell them, else their ids."""
    if file.x and file.y:
        return pd.DataFrame({"x": _numbers(rows[file.x]), "y": _numbers(rows[file.y])})
    assert ids is not None  # noqa: S101  # `_unknown_columns` asks for one of them
    return ids[["x", "y"]].copy()


def _from_ids(ids: pd.Series[Any]) -> pd.DataFrame:
    """Return middle and size [m] of the cells that INSPIRE ids name; NaN where one is malformed."""
    parts = ids.str.strip().str.extract(INSPIRE_ID)
    size = parts[0].map(SIZES).astype(float)
    short = parts[1].str.len() <= 5  # “100mN26910E43410” counts in cells, not in metres
    unit = np.where(short, size, 1.0)
    north, east = (parts[i].astype(float) * unit + size / 2 for i in (1, 2))
    return pd.DataFrame({"x": east, "y": north, "size": size})


def _numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_numeric(values.str.strip().str.replace(",", "."), errors="coerce").astype(float)


def _told(file: GridFile, values: pd.Series[Any], *, share: bool) -> pd.Series[Any]:
    """
    Read one column of counts or shares.

    `–` means none or withheld: in a count it is taken as 0, so that sums over
    many cells stay right; a share it leaves unknown. -9 and -1 (2011) are unknown.
    """
    dash = values.str.strip().isin(ZERO)
    numbers = _numbers(values.where(~dash, "" if share else "0"))
    unread = numbers.isna() & ~dash & (values.str.strip() != "")
    if unread.any():
        file.unread.setdefault(str(values.name), Rows()).add(values[unread])
    withheld = numbers < 0
    file.dashes += int(dash.sum())
    file.withheld += int(withheld.sum())
    return numbers.mask(withheld)


def _merged(files: list[GridFile]) -> pd.DataFrame:
    """Put the files together; shares become counts of the residents of the same cell."""
    tables = [file.table.set_index(["x", "y"]) for file in files]
    every = tables[0].index
    for table in tables[1:]:
        every = every.union(table.index)
    merged = pd.DataFrame(index=every)
    for file, table in zip(files, tables, strict=True):
        for name, ours in file.counts.items():
            if ours not in merged:
                merged[ours] = table[name]
    for file, table in zip(files, tables, strict=True):
        for name, ours in file.shares.items():
            if ours not in merged:
                merged[ours] = merged["residents"] * table[name] / 100
    merged["reliable"] = _reliable(files, tables, every)
    inhabited = merged["residents"].fillna(0) > 0
    files[0].empty += int((~inhabited).sum())
    return merged[inhabited]


def _reliable(files: list[GridFile], tables: list[pd.DataFrame], every: Any) -> pd.Series[Any]:
    reliable = pd.Series("unknown", index=every)
    flags = [t["flag"].reindex(every) for f, t in zip(files, tables, strict=True) if f.flag]
    for flag in flags:
        reliable[(flag == False) & (reliable == "unknown")] = "yes"  # noqa: E712
    for flag in flags:
        reliable[flag == True] = "no"  # noqa: E712
    return reliable


def _remarks(files: list[GridFile], table: pd.DataFrame) -> list[Text]:
    dashes, withheld = sum(f.dashes for f in files), sum(f.withheld for f in files)
    shaky = int((table["reliable"] == "no").sum())
    remarks = [
        Text(
            "{count} {count:value is|values are} “–” (none or withheld): counted as 0 people in"
            " counts, unknown in shares",
            count=dashes,
        ),
        Text(
            "{count} {count:value is|values are} withheld (-9 or -1): unknown",
            count=withheld,
        ),
        Text(
            "{count} {count:cell|cells} without people {count:was|were} left out",
            count=files[0].empty,
        ),
        Text(
            "{count} {count:cell is|cells are} of low reliability according to the source"
            " (KLAMMERN)",
            count=shaky,
        ),
    ]
    # the values of a sentence, not of a table
    return [remark for remark in remarks if remark.values["count"]]  # noqa: PD011
