"""The coverage question: which places reach which people, by which walk, within what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import Series

from .holidays import EVERYWHERE
from .open_when import ANY, LANDS, UNSAID, WHEN, states_of, told
from .opening_hours import OPEN, UNKNOWN, States
from .parameters import Bounds, Choice, Choices, Flag, Named
from .schema import SEPARATOR
from .sources.counselling_services import TOPICS
from .sources.meeting_places import HOUSES, KINDS, PAY_TO_USE
from .sources.population import GROUPS
from .standards import STANDARDS
from .text import Text
from .walkers import WALKERS, Walker

REACH = {
    "meeting_places": Text("meeting places"),
    "counselling_services": Text("counselling and help"),
}
"""Layers whose places can be reached."""

Doubt = Literal["as asked", "counts", "counts not"]
"""How a place counts of which it is not known whether it fits."""

OWN = "own"
"""The limit is the asker's own, no named standard."""

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
    open_when, open_hour
        When a place has to be open: at some hour of a window, or at this hour
        of a day (see `opening_hours` for what an open hour is).
    unknown_hours
        Whether a place of which that is not known counts as "closed" or "open".
    land
        Land whose public holidays count; `holidays.EVERYWHERE` is none in particular.
    step_free_only
        Only places that can be entered without steps; one that does not say cannot.
    group
        Column of `population` that is counted.
    walker
        Who walks.
    minutes
        Longest walk that still counts [min]; a named standard sets it.
    standard
        A threshold others have set, by name, or `OWN`.
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
    step_free_only: Annotated[
        bool,
        Flag(),
        Named(
            Text("Only places without steps"),
            Text("Places that do not say whether they have steps are left out."),
        ),
    ] = False
    open_when: Annotated[str, Choice(WHEN), Named(Text("Open when"))] = ANY
    open_hour: Annotated[
        float,
        Bounds(0, 23, "o’clock"),
        Named(Text("From this hour on"), Text("Open for at least half of the hour that follows.")),
    ] = 15
    unknown_hours: Annotated[
        str, Choice(UNSAID), Named(Text("How unknown opening hours count"))
    ] = "closed"
    land: Annotated[
        str,
        Choice(LANDS),
        Named(Text("Land"), Text("Decides which days are public holidays.")),
    ] = EVERYWHERE
    group: Annotated[str, Choice(GROUPS), Named(Text("For whom"))] = "residents"
    walker: Annotated[
        str, Choice({w.name: w.label for w in WALKERS.values()}), Named(Text("How they walk"))
    ] = "adult"
    minutes: Annotated[float, Bounds(1, 60, "min"), Named(Text("Longest walk"))] = 15
    standard: Annotated[
        str,
        Choice(
            {OWN: Text("none: the minutes above")} | {s.name: s.label for s in STANDARDS.values()}
        ),
        Named(Text("Or a limit that others have set")),
    ] = OWN

    def __post_init__(self) -> None:
        """Let a named standard say how far is too far: its metres first, else its minutes."""
        if self.standard != OWN:
            within = STANDARDS[self.standard].within(self.who_walks)
            object.__setattr__(self, "minutes", within)

    @property
    def who_walks(self) -> Walker:
        """The walker asked for."""
        return WALKERS[self.walker]

    @property
    def metres(self) -> float:
        """Longest walk that still counts [m]."""
        return self.who_walks.metres(self.minutes)

    @property
    def asks_hours(self) -> bool:
        """Whether places have to be open at certain hours."""
        return self.open_when != ANY

    def places(self, table: GeoDataFrame, doubt: Doubt = "as asked") -> GeoDataFrame:
        """
        Return the places that count and can be walked to, in their order.

        Parameters
        ----------
        table
            The layer named by `reach`. Protected places are never among the
            answer: they have no location.
        doubt
            Whether a place counts of which hours or steps are not known: as
            the question asks, or the best ("counts") and the worst case.
        """
        fitting = self.fitting(table)
        counts = np.ones(len(fitting), dtype=bool)
        if self.step_free_only:
            counts &= fitting["step_free"].isin(
                ["yes", "unknown"] if doubt == "counts" else ["yes"]
            )
        if self.asks_hours:
            state = self.open_states(fitting)
            as_open = self.unknown_hours == "open" if doubt == "as asked" else doubt == "counts"
            counts &= (state == OPEN) | ((state == UNKNOWN) & as_open)
        return fitting if counts.all() else fitting[counts]

    def fitting(self, table: GeoDataFrame) -> GeoDataFrame:
        """Return the places of the right kind or topic, open and without steps or not."""
        shapes = np.asarray(table.geometry.array)
        located = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        if self.reach == "counselling_services":
            return table[located & ~table["protected"] & self._on_topic(table["topics"])]
        counts = located & table["kind"].isin(self.kinds or tuple(KINDS))
        if self.free_only:
            counts &= free_of_charge(table)
        return table[counts]

    def open_states(self, places: GeoDataFrame) -> States:
        """Tell of each place whether it is open when asked for, as `opening_hours` does."""
        return states_of(places["opening_hours"], self.open_when, self.open_hour, self.land)

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
        parts = {
            "group": GROUPS[self.group],
            "places": self._places_in_words(),
            "walk": self.who_walks.label,
            "minutes": self._limit_in_words(),
        }
        if not self.asks_hours:
            return Text("How many {group} reach {places} {walk} within {minutes}?", **parts)
        parts["open"] = told(self.open_when, self.open_hour, self.unknown_hours)
        if self.reach == "counselling_services":
            return Text(
                "How many {group} reach {places} which is open {open} {walk} within {minutes}?",
                **parts,
            )
        return Text(
            "How many {group} reach {places} that is open {open} {walk} within {minutes}?", **parts
        )

    @staticmethod
    def parts() -> dict[str, tuple[str, ...]]:
        """Return which parameters each part of the sentence stands for."""
        return {
            "group": ("group",),
            "places": ("reach", "kinds", "topics", "free_only", "step_free_only"),
            "open": ("open_when", "open_hour", "unknown_hours", "land"),
            "walk": ("walker",),
            "minutes": ("minutes", "standard"),
        }

    def _limit_in_words(self) -> Text:
        if self.standard == OWN:
            return Text("{minutes} {minutes:minute|minutes}", minutes=self.minutes)
        standard = STANDARDS[self.standard]
        if standard.metres is None:
            return Text(
                "{minutes} {minutes:minute|minutes} ({standard})",
                minutes=self.minutes,
                standard=standard.short,
            )
        return Text("{metres} m ({standard})", metres=standard.metres, standard=standard.short)

    def _places_in_words(self) -> Text:
        words = self._kinds_in_words()
        return Text("{what} without steps", what=words) if self.step_free_only else words

    def _kinds_in_words(self) -> Text:
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
