"""The coverage question: which places reach which people, by which walk, within what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from geopandas import GeoDataFrame
from pandas import Series

from .parameters import Bounds, Choice, Choices, Flag, Named
from .schema import SEPARATOR
from .sources.counselling_services import TOPICS
from .sources.meeting_places import HOUSES, KINDS, PAY_TO_USE
from .sources.population import GROUPS
from .text import Text
from .walkers import WALKERS, Walker

REACH = {
    "meeting_places": Text("meeting places"),
    "counselling_services": Text("counselling and help"),
}
"""Layers whose places can be reached."""

FEW = 3
"""So many kinds are named in the sentence; more are counted."""


@dataclass(frozen=True)
class Question:
    """
    Who reaches which places on foot, and how fast.

    Declared once; every analysis that takes a `Question` gets the same form,
    the same bounds and the same sentence above its result.

    Parameters
    ----------
    reach
        Layer of the places.
    kinds
        Kinds of meeting place that count; none named means all.
    topics
        Topics of counselling of which a service must offer one; none named means all.
    free_only
        Only places that cost nothing; where a place does not say, its kind decides.
    group
        Column of `population` that is counted.
    walker
        Who walks.
    minutes
        Longest walk that still counts [min].
    """

    reach: Annotated[str, Choice(REACH), Named(Text("What is to be reached"))] = "meeting_places"
    kinds: Annotated[
        tuple[str, ...],
        Choices(KINDS),
        Named(Text("Kinds of meeting place"), Text("None ticked means all.")),
    ] = HOUSES
    topics: Annotated[
        tuple[str, ...],
        Choices(TOPICS),
        Named(Text("Topics of counselling"), Text("None ticked means all.")),
    ] = ()
    free_only: Annotated[bool, Flag(), Named(Text("Only places free of charge"))] = False
    group: Annotated[str, Choice(GROUPS), Named(Text("For whom"))] = "residents"
    walker: Annotated[
        str, Choice({w.name: w.label for w in WALKERS.values()}), Named(Text("How they walk"))
    ] = "adult"
    minutes: Annotated[float, Bounds(1, 60, "min"), Named(Text("Longest walk"))] = 15

    @property
    def who_walks(self) -> Walker:
        """The walker asked for."""
        return WALKERS[self.walker]

    @property
    def metres(self) -> float:
        """Longest walk that still counts [m]."""
        return self.who_walks.metres(self.minutes)

    def places(self, table: GeoDataFrame) -> GeoDataFrame:
        """
        Return the places that count and can be walked to, in their order.

        Parameters
        ----------
        table
            The layer named by `reach`. Protected places are never among the
            answer: they have no location.
        """
        located = table[~(table.geometry.isna() | table.geometry.is_empty)]
        if self.reach == "counselling_services":
            return located[~located["protected"] & self._on_topic(located["topics"])]
        counts = located["kind"].isin(self.kinds or tuple(KINDS))
        if self.free_only:
            counts &= free_of_charge(located)
        return located[counts]

    def _on_topic(self, topics: Series[str]) -> Series[bool]:
        offered = topics.str.split(SEPARATOR)
        wanted = set(self.topics)
        return offered.map(lambda of: not wanted or bool(wanted & {t.strip() for t in of})).astype(
            bool
        )

    def sentence(self) -> Text:
        """
        Tell the question in words, as it stands above every result.

        The placeholders of its template are the parts a reader may change
        (see `parts`).
        """
        return Text(
            "How many {group} reach {places} {walk} within {minutes}?",
            group=GROUPS[self.group],
            places=self._places_in_words(),
            walk=self.who_walks.label,
            minutes=Text("{minutes} minutes", minutes=self.minutes),
        )

    @staticmethod
    def parts() -> dict[str, tuple[str, ...]]:
        """Return which parameters each part of the sentence stands for."""
        return {
            "group": ("group",),
            "places": ("reach", "kinds", "topics", "free_only"),
            "walk": ("walker",),
            "minutes": ("minutes",),
        }

    def _places_in_words(self) -> Text:
        if self.reach == "counselling_services":
            return _narrowed(Text("a counselling service"), tuple(TOPICS[t] for t in self.topics))
        chosen = self.kinds or tuple(KINDS)
        if set(chosen) == set(HOUSES):
            free = Text("a free place to meet under a roof")
            return free if self.free_only else Text("a place to meet under a roof")
        what = Text("a free place to meet") if self.free_only else Text("a place to meet")
        return _narrowed(what, () if len(chosen) == len(KINDS) else tuple(KINDS[k] for k in chosen))


def free_of_charge(meeting_places: GeoDataFrame) -> Series[bool]:
    """
    Tell which places cost nothing.

    Parameters
    ----------
    meeting_places
        (n,) rows with `fee` and `kind`.

    Returns
    -------
    free
        (n,) bool; a place that does not say is free unless its kind is one
        in which one is expected to pay.
    """
    unsaid = meeting_places["fee"] == "unknown"
    paid_kind = meeting_places["kind"].isin(PAY_TO_USE)
    return (meeting_places["fee"] == "no") | (unsaid & ~paid_kind)


def _narrowed(what: Text, labels: tuple[Text, ...]) -> Text:
    if not labels:
        return what
    if len(labels) > FEW:
        return Text("{what} ({count} kinds)", what=what, count=len(labels))
    return Text("{what} ({kinds})", what=what, kinds=labels)
