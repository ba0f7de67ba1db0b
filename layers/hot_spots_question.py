"""What is asked of the marks: which kind, when, for which reasons, in which units, how tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from geopandas import GeoDataFrame

from .factors import FACTORS
from .hot_spots import coded
from .parameters import Bounds, Choice, Choices, Named
from .paths import Bools, Floats, Ints
from .schema import SEPARATOR
from .text import Text

DAYTIME = {
    "dark": Text("after dark and at dusk"),
    "day": Text("by day"),
    "all": Text("at any time"),
}
"""When; day and dark are told apart before anything is tested."""
TIMES = {"dark": ("dusk", "night"), "day": ("day",)}
KIND = {"unsafe": Text("feel unsafe"), "at_ease": Text("feel at ease")}
"""Which of the two kinds of mark stands out."""
METHOD = {
    "compare": Text("both kinds of marks compared (recommended)"),
    "exposure": Text("marks against residents"),
    "gi_star": Text("Getis-Ord Gi* on counts"),
    "density": Text("density along the streets"),
}
EXPOSURE = {"none": Text("nothing is declared"), "residents": Text("residents of the census")}
SIZE = {
    "fine": Text("squares of 150 m"),
    "middle": Text("squares of 200 m"),
    "coarse": Text("squares of 400 m"),
}
UNIT = {"square": Text("squares"), "segment": Text("parts of streets")}
VALID = {
    "now": Text("marks that are valid now"),
    "ever": Text("resolved and expired ones too"),
}


@dataclass(frozen=True)
class Looking:
    """
    What stands out: which marks are counted, where, and by which test.

    Parameters
    ----------
    kind
        The kind of mark that is looked for.
    daytime
        When; marks without a time are counted only "at any time".
    factors
        Only marks of the kind looked for that name one of these; none: all of them.
    size, unit
        In which units; tested are others, too.
    method
        How; "compare" is the one whose false alarms are known.
    exposure
        What the number of people at a place is taken from where there are
        too few marks of the other kind, or marks are tested against people.
    valid
        Whether marks that are resolved or expired count.
    bandwidth
        So far along the streets a mark spreads in a density.
    seed
        Decides the draws of scan, power and permutation.
    """

    kind: Annotated[str, Choice(KIND), Named(Text("What is looked for"))] = "unsafe"
    daytime: Annotated[
        str,
        Choice(DAYTIME),
        Named(
            Text("When"),
            Text("Day and dark are tested apart: a place may be one by day and another at night."),
        ),
    ] = "dark"
    factors: Annotated[
        tuple[str, ...],
        Choices({name: factor.label for name, factor in FACTORS.items()}),
        Named(Text("Only for these reasons"), Text("None chosen: all reasons.")),
    ] = ()
    size: Annotated[
        str,
        Choice(SIZE),
        Named(
            Text("Size of the squares"),
            Text("Two further sizes are tested as well, each grid twice, and the streets."),
        ),
    ] = "middle"
    unit: Annotated[str, Choice(UNIT), Named(Text("Shown as"))] = "square"
    method: Annotated[
        str,
        Choice(METHOD),
        Named(
            Text("Method"),
            Text(
                "Only the comparison of both kinds is proof against uneven reporting. The others"
                " are for those who ask for them."
            ),
        ),
    ] = "compare"
    exposure: Annotated[
        str,
        Choice(EXPOSURE),
        Named(
            Text("Where marks of the other kind are lacking, compare with"),
            Text("Residents say little about who walks past; so this can only be a hint."),
        ),
    ] = "none"
    valid: Annotated[str, Choice(VALID), Named(Text("Which marks"))] = "now"
    bandwidth: Annotated[
        float, Bounds(50, 1000, "m", 50), Named(Text("Density: so far a mark spreads"))
    ] = 200
    seed: Annotated[float, Bounds(1, 9999, "", 1), Named(Text("Seed of all draws"))] = 1

    def sentence(self) -> Text:
        """Return the question in words."""
        return Text(
            "Where do people {kind} more often than elsewhere, {daytime}, {reasons}?",
            kind=KIND[self.kind],
            daytime=DAYTIME[self.daytime],
            reasons=self.reasons(),
        )

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return which fields stand behind each part of the sentence."""
        return {"kind": ("kind",), "daytime": ("daytime",), "reasons": ("factors",)}

    def reasons(self) -> Text:
        """Return the reasons in words."""
        if not self.factors:
            return Text("for any reason")
        if len(self.factors) > 2:
            return Text("for one of {count} reasons", count=len(self.factors))
        return Text("because of: {reasons}", reasons=tuple(FACTORS[f].label for f in self.factors))


@dataclass(frozen=True, eq=False)
class Marks:
    """
    The marks that count for a question, as arrays.

    Parameters
    ----------
    x, y
        (n,) where [m].
    case
        (n,) whether of the kind looked for; the others are of the other kind.
    sender
        (n,) who sent each, -1 if not known.
    untimed, other_reasons, closed
        Marks that were left out: they name no time of day, other reasons, or are valid no more.
    """

    x: Floats
    y: Floats
    case: Bools
    sender: Ints
    untimed: int
    other_reasons: int
    closed: int

    def __len__(self) -> int:
        """How many there are."""
        return len(self.x)


def marks_for(looking: Looking, marks: GeoDataFrame) -> Marks:
    """
    Choose the marks that count.

    Parameters
    ----------
    looking
        The question.
    marks
        Table `credible.MARKS`; joined marks are one row already.

    Returns
    -------
    marks
        A mark all of whose reasons have been put right is no longer valid.
    """
    told = marks.geometry.x.notna().to_numpy() if len(marks) else np.zeros(0, dtype=bool)
    valid = told & (_valid(marks) if looking.valid == "now" else np.ones(len(marks), dtype=bool))
    daytime = marks["daytime"].to_numpy(dtype=object)
    timed = np.isin(daytime, TIMES.get(looking.daytime, ())) | (looking.daytime == "all")
    case = marks["kind"].to_numpy(dtype=object) == looking.kind
    named = ~case | _naming(marks, looking.factors)
    kept = valid & timed & named
    return Marks(
        x=marks.geometry.x.to_numpy(dtype=float)[kept],
        y=marks.geometry.y.to_numpy(dtype=float)[kept],
        case=np.asarray(case[kept]),
        sender=coded(marks["sender"].to_numpy(dtype=object)[kept]),
        untimed=int((valid & (daytime == "") & ~timed).sum()),
        other_reasons=int((valid & timed & ~named).sum()),
        closed=int((told & ~valid).sum()),
    )


def _valid(marks: GeoDataFrame) -> Bools:
    """(n,) published still, and not all of its reasons are mended."""
    open_yet = [
        not mended or bool(set(named.split(SEPARATOR)) - set(mended.split(SEPARATOR)))
        for named, mended in zip(marks["factors"], marks["mended"], strict=True)
    ]
    return np.asarray((marks["state"] == "published").to_numpy() & np.array(open_yet, dtype=bool))


def _naming(marks: GeoDataFrame, factors: tuple[str, ...]) -> Bools:
    """(n,) naming one of the factors; every mark where none is asked for."""
    if not factors:
        return np.ones(len(marks), dtype=bool)
    wanted = set(factors)
    told: list[Any] = [bool(wanted & set(text.split(SEPARATOR))) for text in marks["factors"]]
    return np.array(told, dtype=bool)
