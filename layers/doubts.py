"""What is not known about places and ways: the worst and the best case of an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geopandas import GeoDataFrame

from .opening_hours import UNKNOWN
from .paths import Bools, Floats
from .question import Question
from .shares import share
from .text import Text
from .walkers import WALKERS, Walker


@dataclass(frozen=True, eq=False)
class Interval:
    """
    Ends of a headline figure, and why it has an interval.

    Parameters
    ----------
    low, high
        Worst and best case.
    why
        What is not known, in words.
    worst, best
        (n,) which cells are covered in either case, to tell it of other groups.
    """

    low: float
    high: float
    why: Text
    worst: Bools | None = None
    best: Bools | None = None

    def among(self, people: Floats) -> Interval | None:
        """Return the same for another group of people; None if the cells are not known."""
        if self.worst is None or self.best is None:
            return None
        return replace(self, low=share(people, self.worst), high=share(people, self.best))


@dataclass(frozen=True)
class Case:
    """
    One way in which everything may turn out that is not known.

    Parameters
    ----------
    walker
        Who walks.
    places
        The places that count.
    """

    walker: Walker
    places: GeoDataFrame


def doubts_of(question: Question, layer: GeoDataFrame) -> tuple[Text, ...]:
    """
    Name what is not known and would change the answer.

    Parameters
    ----------
    question
        What is asked.
    layer
        All places of the layer asked for.
    """
    doubts = []
    if question.who_walks.needs == "step_free":
        doubts.append(Text("some ways do not say whether a wheelchair can use them"))
    if question.asks_hours and (hours_unknown(question, layer)):
        doubts.append(Text("the opening hours of some places are not known"))
    if question.step_free_only and entrances_unknown(question, layer):
        doubts.append(Text("some places do not say whether they have steps"))
    return tuple(doubts)


def why_of(doubts: tuple[Text, ...]) -> Text:
    """Tell why there is a worst and a best case."""
    reasons = doubts[0]
    for doubt in doubts[1:]:
        reasons = Text("{one}, and because {other}", one=reasons, other=doubt)
    return Text("Worst and best case, because {reasons}.", reasons=reasons)


def cases_of(question: Question, layer: GeoDataFrame) -> tuple[Case, Case]:
    """
    Return the worst and the best case of everything that is not known at once.

    Parameters
    ----------
    question
        What is asked.
    layer
        All places of the layer asked for.
    """
    walker = question.who_walks
    wheels = walker.needs == "step_free"
    worst = WALKERS["wheelchair_worst"] if wheels else walker
    best = WALKERS["wheelchair_best"] if wheels else walker
    return (
        Case(worst, question.places(layer, doubt="counts not")),
        Case(best, question.places(layer, doubt="counts")),
    )


def hours_unknown(question: Question, layer: GeoDataFrame) -> int:
    """Count the places that fit but for their hours, and of whose hours nothing is known then."""
    fitting = replace(question, open_when="any").places(layer)
    return int((question.open_states(fitting) == UNKNOWN).sum())


def entrances_unknown(question: Question, layer: GeoDataFrame) -> int:
    """Count the places that fit but do not say whether they have steps."""
    fitting = replace(question, step_free_only=False).places(layer)
    return int((fitting["step_free"] == "unknown").sum())
