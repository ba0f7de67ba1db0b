"""Near repeats: whether marks near a place follow each other sooner than chance would have it."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from ..hot_spots_columns import named_squares
from ..multiple_tests import RATE, benjamini_hochberg
from ..near_repeats import METRES, SPAN, Knox, knox
from ..network import Network
from ..registry import Analysis, Figure, Result, Style, Table
from ..schema import Column
from ..text import Text
from ..trend_question import Repeats
from ..trends import Span, as_of, says, unusual_days

TIMES: dict[str, Text] = {
    "all": Text("any time of day, told or not"),
    "dark": Text("at dusk and after dark"),
    "day": Text("by day"),
}
DARK = ("dusk", "night")
NEAREST = Text("Pairs within {metres} m and {days} days", metres=METRES[1], days=SPAN[1])
DRAWS = 999
SEED = 1
SIDE = 400.0
"""Side of the squares on the map [m]: coarser than the bands, so that no pair is shown alone."""
ENOUGH = 10.0
"""
Pairs that chance alone must bring to the nearest band before anything is told: then twice as many
are found in four of five cases (exact Poisson, one-sided 5 %: 16 needed, power .84).
"""


def near_repeats(
    marks: GeoDataFrame,
    streets: Network | None = None,
    districts: GeoDataFrame | None = None,
    *,
    repeats: Repeats = Repeats(),
) -> Result:
    """
    Knox test: pairs of marks near in space and in time, against days dealt out anew.

    Parameters
    ----------
    marks
        Credible marks (`credible.MARKS`).
    streets, districts
        Name the squares.
    repeats
        Which marks, and how far to look back.

    Returns
    -------
    result
        `table`: squares of 400 m with marks and pairs of the nearest band;
        `tables`: times as many pairs as by chance for each band, of marks at
        any time, after dark and by day, and the same with pairs and p.

    Source
    ------
    See `layers.near_repeats`; bands are half-open, [a, b).
    """
    today = as_of(marks)
    start = (pd.Timestamp(today) - pd.DateOffset(months=int(repeats.months))).date()
    recent = marks[(marks["kind"] == repeats.kind) & (marks["received_on"] >= start.isoformat())]
    # a device that writes of several spots on one day would be its own near repeat
    chosen = says(recent)
    bursts = unusual_days(chosen["received_on"], Span(start, today, today))
    usual = chosen[~chosen["received_on"].isin([day.isoformat() for day in bursts])]
    parts = {"all": usual, "dark": usual[usual["daytime"].isin(DARK)],
             "day": usual[usual["daytime"] == "day"]}  # fmt: skip
    found = {name: _knox(some) for name, some in parts.items()}
    told = {name: one for name, one in found.items() if one.expected[0, 0] >= ENOUGH}
    return Result(
        table=_squares(usual, streets, districts),
        figures=_figures(found["all"], usual),
        answer=_answer(found, {name: len(some) for name, some in parts.items()}),
        notes=_notes(len(recent), len(chosen), len(usual), bursts),
        tables=(
            *(_heat(name, one) for name, one in told.items()),
            *(_listed(name, one) for name, one in told.items()),
        ),
        style=Style(
            column="pairs",
            legend=NEAREST,
            breaks=(0.0, 2.0, 5.0),
            words=(Text("none"), Text("1 or 2"), Text("3 to 5"), Text("6 and more")),
            unit="pairs",
            ranking="pairs",
            ranking_title=Text("Squares with most pairs"),
            telling=("place", "pairs", "marks"),
        ),
    )  # fmt: skip


def _days(marks: DataFrame) -> Any:
    return pd.to_datetime(marks["received_on"]).map(pd.Timestamp.toordinal).to_numpy(dtype=float)


def _knox(marks: GeoDataFrame) -> Knox:
    if len(marks) < 2:
        nothing = np.zeros((len(METRES) - 1, len(SPAN) - 1))
        return Knox(METRES, SPAN, nothing.astype(np.intp), nothing, nothing + np.nan, nothing + 1,
                    DRAWS)  # fmt: skip
    x, y = marks.geometry.x, marks.geometry.y
    return knox(x, y, _days(marks), draws=DRAWS, seed=SEED)


STARTS: dict[str, Text] = {"dark": Text("At dusk and after dark"), "day": Text("By day")}


def _answer(found: dict[str, Knox], marks: dict[str, int]) -> tuple[Text, ...]:
    return (
        *_sentences(found["all"], marks["all"]),
        *(
            Text("{when}: {what}.", when=start, what=_short(found[name], marks[name]))
            for name, start in STARTS.items()
        ),
    )


def _sentences(one: Knox, count: int) -> tuple[Text, Text]:
    if one.expected[0, 0] < ENOUGH:
        return (
            Text("Too few marks for near repeats."),
            Text("{what}.", what=_too_few(one, count)),
        )
    bands = {"metres": METRES[1], "days": SPAN[1]}
    observed, expected = int(one.observed[0, 0]), round(float(one.expected[0, 0]), 1)
    if _sure(one)[0, 0]:
        told = Text(
            "Within {metres} m and {days} days there are {ratio} times as many pairs as by chance"
            " ({observed} against {expected}; p = {p} %).",
            ratio=round(float(one.ratio[0, 0]), 1), observed=observed, expected=expected,
            p=round(100 * float(one.p[0, 0]), 1), **bands,
        )  # fmt: skip
        return Text("Marks follow each other."), told
    told = Text(
        "Within {metres} m and {days} days there are {observed} pairs, and chance alone would bring"
        " {expected}.",
        observed=observed, expected=expected, **bands,
    )  # fmt: skip
    return Text("No near repeats can be told."), told


def _short(one: Knox, count: int) -> Text:
    if one.expected[0, 0] < ENOUGH:
        return Text("too few, {what}", what=_too_few(one, count))
    if not _sure(one)[0, 0]:
        return Text("no near repeats can be told")
    return Text("{ratio} times as many pairs as by chance", ratio=round(float(one.ratio[0, 0]), 1))


def _too_few(one: Knox, count: int) -> Text:
    expected = float(one.expected[0, 0])
    if expected <= 0:
        return Text("{count} marks bring no pair so near by chance", count=count)
    # pairs grow with the square of the marks
    more = int(np.ceil(count * (ENOUGH / expected) ** 0.5)) - count
    return Text(
        "{count} marks bring {expected} pairs so near by chance, and {enough} are needed to find"
        " twice as many; about {more} further marks would do",
        count=count, expected=round(expected, 1), enough=int(ENOUGH), more=more,
    )  # fmt: skip


def _sure(one: Knox) -> Any:
    """(a, b) bands with more pairs than by chance, all of them corrected for together."""
    return benjamini_hochberg(one.p.ravel()).rejected.reshape(one.p.shape)


def _band(a: float, b: float, unit: str) -> Text:
    return Text("[{a}, {b}) {unit}", a=int(a), b=int(b), unit=Text(unit))


def _heat(name: str, one: Knox) -> Table:
    columns = tuple(
        Column(f"days_{n}", float, _band(a, b, "days")) for n, (a, b) in enumerate(pairwise(SPAN))
    )
    frame = DataFrame(np.round(one.ratio, 2), columns=[column.name for column in columns])
    frame.insert(0, "far", [f"m{n}" for n in range(len(frame))])
    bands = {f"m{n}": _band(a, b, "m") for n, (a, b) in enumerate(pairwise(METRES))}
    return Table(
        f"ratios_{name}",
        Text("Times as many pairs as by chance: {when}", when=TIMES[name]),
        frame,
        (Column("far", str, Text("apart"), options=bands), *columns),
        chart="heat",
    )


def _listed(name: str, one: Knox) -> Table:
    sure = _sure(one)
    rows = [
        {
            "far": f"m{a}",
            "soon": f"d{b}",
            "observed": int(one.observed[a, b]),
            "expected": round(float(one.expected[a, b]), 1),
            "ratio": round(float(one.ratio[a, b]), 2),
            "p": round(100 * float(one.p[a, b]), 1),
            "told": "more" if sure[a, b] else "none",
        }
        for a, b in product(range(len(METRES) - 1), range(len(SPAN) - 1))
    ]
    far = {f"m{n}": _band(METRES[n], METRES[n + 1], "m") for n in range(len(METRES) - 1)}
    long = {f"d{n}": _band(SPAN[n], SPAN[n + 1], "days") for n in range(len(SPAN) - 1)}
    words = {"more": Text("more than by chance"), "none": Text("nothing can be told")}
    return Table(
        f"pairs_{name}",
        Text("Pairs in every band: {when}", when=TIMES[name]),
        DataFrame(rows),
        (
            Column("far", str, Text("apart"), options=far),
            Column("soon", str, Text("after"), options=long),
            Column("observed", int, Text("pairs found")),
            Column("expected", float, Text("pairs by chance")),
            Column("ratio", float, Text("ratio")),
            Column("p", float, Text("as many by chance (p)"), "%"),
            Column("told", str, Text("what can be told"), options=words),
        ),
    )


def _squares(
    marks: GeoDataFrame, streets: Network | None, districts: GeoDataFrame | None
) -> GeoDataFrame:
    x, y = (np.asarray(v, dtype=float) for v in (marks.geometry.x, marks.geometry.y))
    cells, back = np.unique(
        np.stack([np.floor(x / SIDE), np.floor(y / SIDE)]), axis=1, return_inverse=True
    )
    back = back.ravel()
    near = _near(marks)
    pairs = np.bincount(back, weights=near, minlength=cells.shape[1])
    left, low = cells * SIDE
    shapes = shapely.box(left, low, left + SIDE, low + SIDE)
    names = [""] * len(shapes) if streets is None else named_squares(shapes, streets, districts)
    return GeoDataFrame(
        {
            "place": pd.array(names, dtype="str"),
            "marks": np.bincount(back, minlength=cells.shape[1]),
            "pairs": pairs,
        },
        index=[f"square/{int(a)}/{int(b)}" for a, b in cells.T],
        geometry=shapes,
        crs=marks.crs,
    )


def _near(marks: GeoDataFrame) -> Any:
    """(n,) how many later ones lie in the nearest band of distance and time of each mark."""
    points, days = np.asarray(marks.geometry.array), _days(marks)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=METRES[1])
    apart = shapely.distance(points[one], points[other]) < METRES[1]
    soon = np.abs(days[one] - days[other]) < SPAN[1]
    return np.bincount(one[(one < other) & apart & soon], minlength=len(points)).astype(float)


def _figures(one: Knox, usual: GeoDataFrame) -> tuple[Figure, ...]:
    return (
        Figure("marks", len(usual), "", Text("marks compared")),
        Figure("observed", float(one.observed[0, 0]), "", NEAREST),
        Figure("expected", round(float(one.expected[0, 0]), 1), "", Text("pairs by chance")),
        Figure("p", float(one.p[0, 0]), "", Text("p, one-sided"), aside=True),
    )


def _notes(recent: int, chosen: int, usual: int, bursts: dict[Any, int]) -> tuple[Text, ...]:
    said = [
        Text(
            "Bands hold their lower border and not their upper one, [a, b): 100 m belongs to the"
            " second band. Distances 0, 100, 200 m and spans 0, 7, 14, 30 days are assumptions."
        ),
        Text(
            "The days are dealt out {draws} times among the places (seed {seed}), so that busy"
            " places and busy weeks explain themselves. One-sided: more pairs than by chance; all"
            " {tests} bands corrected together (Benjamini and Hochberg, {rate} %).",
            draws=DRAWS, seed=SEED, tests=(len(METRES) - 1) * (len(SPAN) - 1),
            rate=int(100 * RATE),
        ),
        Text(
            "Of several marks of one device on one day one counts: {dropped} of {recent} were left"
            " out. The same person on another day, or with another device, cannot be recognised"
            " and looks like a near repeat.",
            dropped=recent - chosen, recent=recent,
        ),
        Text(
            "Marks that staff have joined because they say the same count once: that hides near"
            " repeats. The day is that on which a mark was sent, not that on which something was."
        ),
        Text(
            "Near repeats say that people write of a place again soon. They do not say why, and"
            " they are no forecast."
        ),
    ]  # fmt: skip
    if bursts:
        said.insert(
            3,
            Text(
                "{marks} marks of {count} {count:day|days} on which unusually many wrote were left"
                " out.",
                marks=chosen - usual, count=len(bursts),
            ),
        )  # fmt: skip
    return tuple(said)


ANALYSIS = Analysis(
    run=near_repeats,
    title=Text("Near repeats"),
    about=Text(
        "Whether marks near each other come soon after each other more often than chance would"
        " have it: the Knox test, with its bands printed."
    ),
    asked=Text("Does one mark follow another nearby?"),
    topic="prevention",
    order=5,
    roles=("prevention", "moderator", "administrator"),
    columns=(
        Column("place", str, Text("district and nearest street")),
        Column("marks", int, Text("marks in the square")),
        Column("pairs", float, NEAREST),
    ),
)
