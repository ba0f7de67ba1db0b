"""What is asked of trends and of near repeats: which marks, and how far back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .factors import FACTORS
from .marks import DAYTIMES, KINDS
from .parameters import Bounds, Choice, Choices, Named
from .text import Text

SPOTS: dict[str, Text] = {
    "unsafe": Text("unsafe spots"),
    "at_ease": Text("pleasant spots"),
    "": Text("spots of both kinds"),
}
"""Kinds of mark within a sentence."""
ANY_TIME = Text("at any time of day")


@dataclass(frozen=True)
class Trend:
    """
    Which marks are counted month by month.

    Parameters
    ----------
    kind
        "unsafe", "at_ease" or "" for both.
    factors
        Names of reasons of which one is named; none is all. Several are a focus theme.
    daytime
        Time of day, "" for any, told or not.
    months
        How many complete months the curve shows.
    """

    kind: Annotated[str, Choice(KINDS | {"": Text("both kinds")}), Named(Text("Kind of mark"))] = (
        "unsafe"
    )
    factors: Annotated[
        tuple[str, ...],
        Choices({name: factor.label for name, factor in FACTORS.items()}),
        Named(
            Text("Reasons"),
            Text("None ticked is all of them. Several together are one focus theme."),
        ),
    ] = ()
    daytime: Annotated[
        str,
        Choice({"": ANY_TIME} | DAYTIMES),
        Named(Text("Time of day"), Text("Marks that tell no time are then left out.")),
    ] = ""
    months: Annotated[
        float,
        Bounds(6, 36, "months", 1),
        Named(
            Text("Months shown"),
            Text("Older than twelve months, closed marks are erased and missing in the curve."),
        ),
    ] = 12

    def sentence(self) -> Text:
        """Return the question in words."""
        labels = tuple(FACTORS[name].label for name in self.factors)
        return Text(
            "Has anything changed in the marks of {kind}, {factors}, {daytime}?"
            " Shown are {months}.",
            kind=SPOTS[self.kind],
            factors=Text("because of {reasons}", reasons=labels)
            if labels
            else Text("whatever the reason"),
            daytime=DAYTIMES.get(self.daytime, ANY_TIME),
            months=_months(self.months),
        )

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return which fields stand behind each part of the sentence."""
        return {name: (name,) for name in ("kind", "factors", "daytime", "months")}


@dataclass(frozen=True)
class Repeats:
    """
    Which marks may follow each other.

    Parameters
    ----------
    kind
        "unsafe" or "at_ease".
    months
        How far to look back.
    """

    kind: Annotated[str, Choice(KINDS), Named(Text("Kind of mark"))] = "unsafe"
    months: Annotated[float, Bounds(3, 36, "months", 1), Named(Text("Months looked at"))] = 12

    def sentence(self) -> Text:
        """Return the question in words."""
        return Text(
            "Did one mark of {kind} follow another nearby, in the last {months}?",
            kind=SPOTS[self.kind],
            months=_months(self.months),
        )

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return which fields stand behind each part of the sentence."""
        return {"kind": ("kind",), "months": ("months",)}


def _months(count: float) -> Text:
    return Text("{count} {count:month|months}", count=int(count))
