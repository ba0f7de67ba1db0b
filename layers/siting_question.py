"""The question of where places should stand: a coverage question with an aim and candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .parameters import Bounds, Choice, Choices, Key, Named
from .question import Question
from .siting.problem import Model
from .sources.population import GROUPS
from .text import Text

AIMS: dict[str, Text] = {
    "most": Text("as many as possible reach one in time"),
    "all": Text("everybody reaches one in time, with the fewest places"),
    "twice": Text("as many as possible can choose between two"),
    "short": Text("the walk is shortest on average"),
    "longest": Text("even the longest walk is as short as can be"),
}
"""What shall be best, by name."""

MODELS: dict[str, Model] = {
    "most": "mclp",
    "all": "lscp",
    "twice": "backup",
    "short": "p_median",
    "longest": "p_center",
}
"""The model of location science behind each aim."""

EXISTING: dict[str, Text] = {
    "kept": Text("stay as they are"),
    "movable": Text("may be closed and replaced"),
    "ignored": Text("are left out: as if there were none"),
}
CANDIDATES: dict[str, Text] = {
    "corners": Text("street corners where people live"),
    "buildings": Text("public buildings, schools and churches"),
    "places": Text("places of other kinds that exist already"),
}
"""Where new places may stand."""


@dataclass(frozen=True)
class Wish(Question):
    """
    Where places should stand so that people reach them.

    Parameters
    ----------
    aim
        What shall be best, one of `AIMS`.
    places
        How many more places there may be; without a meaning where all are to be reached.
    existing
        What may become of the places that count today, one of `EXISTING`.
    candidates
        Where a new place may stand, one of `CANDIDATES`.
    spacing
        Side of the squares of which each gives one street corner [m].
    floor
        Share of the people of every district that must be reached [%].
    weighed
        Groups whose people count more.
    factor
        So many times do they count.
    room
        People for whom each new place has room; 0 is any number.
    budget
        What all places may cost together [€ a year], instead of how many there may be; 0: their
        number decides.
    new_cost, keep_cost, close_cost
        Cost of a new place, of one that stays and of closing one [€ a year], where the layer
        tells none.
    scenario
        Name of the scenario whose list of places stands for today's; "" for today's own. Whoever
        calls hands that list in; here it is only told.
    patience
        So long a proof may take [s].
    """

    aim: Annotated[str, Choice(AIMS), Named(Text("What shall be best"))] = "most"
    places_more: Annotated[
        float,
        Bounds(1, 50, "places"),
        Named(
            Text("New places"),
            Text("Without a meaning where everybody shall be reached with the fewest places."),
        ),
    ] = 2
    existing: Annotated[str, Choice(EXISTING), Named(Text("The places there are"))] = "kept"
    candidates: Annotated[str, Choice(CANDIDATES), Named(Text("Where a new place may stand"))] = (
        "corners"
    )
    spacing: Annotated[
        float,
        Bounds(50, 1000, "m", 50),
        Named(Text("One street corner per square of")),
    ] = 150
    floor: Annotated[
        float,
        Bounds(0, 100, "%", 5),
        Named(
            Text("At least so many reached in every district"),
            Text("Only where as many as possible shall be reached, or the walk be short."),
        ),
    ] = 0
    weighed: Annotated[tuple[str, ...], Choices(GROUPS), Named(Text("Groups that count more"))] = ()
    factor: Annotated[float, Bounds(1, 10, "×", 0.5), Named(Text("So many times"))] = 2
    room: Annotated[
        float,
        Bounds(0, 20_000, "people", 50),
        Named(Text("Room in each new place"), Text("0: for any number of people.")),
    ] = 0
    budget: Annotated[
        float,
        Bounds(0, 100_000_000, "€", 1000),
        Named(
            Text("Budget a year for all places"),
            Text("Instead of a number of new places; 0: the number decides."),
        ),
    ] = 0
    new_cost: Annotated[
        float,
        Bounds(0, 10_000_000, "€", 1000),
        Named(
            Text("A new place costs a year"),
            Text("With a budget, or where everybody shall be reached: then as cheaply as can be."),
        ),
    ] = 0
    keep_cost: Annotated[
        float,
        Bounds(0, 10_000_000, "€", 1000),
        Named(
            Text("A place of today costs a year"),
            Text("Where the city has not noted it; 0 if the budget is for new places alone."),
        ),
    ] = 0
    close_cost: Annotated[
        float,
        Bounds(0, 10_000_000, "€", 1000),
        Named(
            Text("Closing a place costs"),
            Text("Spread over the years planned; only where places may be closed."),
        ),
    ] = 0
    scenario: Annotated[str, Key(), Named(Text("Counted with the places of a scenario"))] = ""
    patience: Annotated[
        float, Bounds(5, 900, "s", 5), Named(Text("So long the search for the best may take"))
    ] = 120

    @property
    def model(self) -> Model:
        """The model of location science that is asked."""
        return MODELS[self.aim]

    @property
    def more(self) -> int:
        """How many more places there may be."""
        return round(self.places_more)

    @property
    def weighs_money(self) -> bool:
        """Whether costs decide: a budget is given, or everybody is to be reached at least cost."""
        return self.budget > 0 or self.aim == "all"

    @property
    def has_floor(self) -> bool:
        """Whether every district must have its share."""
        return self.floor > 0 and self.model in {"mclp", "p_median", "backup"}

    @property
    def looks_far(self) -> bool:
        """Whether walks longer than the limit matter."""
        return self.model in {"p_median", "p_center"}

    def sentence(self) -> Text:
        """Tell the question in words, as `Question.sentence` does."""
        before = super().sentence().values
        parts = {name: before[name] for name in ("group", "places", "walk", "minutes")}
        if self.aim == "all":
            return Text(
                "Where must {count} stand so that {aim} {group} reach {places} {walk} within"
                " {minutes}?",
                count=Text("the cheapest further places")
                if self.new_cost > 0
                else Text("the fewest further places"),
                aim=Text("all"),
                **parts,
            )
        count = (
            Text("further places for at most {budget} € a year", budget=round(self.budget))
            if self.budget > 0
            else Text("{count} more {count:place|places}", count=self.more)
        )
        if self.model in {"mclp", "backup"}:
            aim = (
                Text("as many as possible of the")
                if self.model == "mclp"
                else Text("as many as possible, and twice if possible, of the")
            )
            return Text(
                "Where should {count} stand so that {aim} {group} reach {places} {walk} within"
                " {minutes}?",
                count=count,
                aim=aim,
                **parts,
            )
        aim = (
            Text("the shortest walk on average")
            if self.model == "p_median"
            else Text("the shortest longest walk")
        )
        return Text(
            "Where should {count} stand so that {group} have {aim} {walk} to {places}?",
            count=count,
            aim=aim,
            **{n: v for n, v in parts.items() if n != "minutes"},
        )

    @staticmethod
    def parts() -> dict[str, tuple[str, ...]]:
        """Return which parameters each part of the sentence stands for."""
        return Question.parts() | {"count": ("places_more", "budget", "new_cost"), "aim": ("aim",)}
