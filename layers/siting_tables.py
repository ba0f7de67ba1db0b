"""Figures and tables of a siting: the answer, why each place, what else there is, the front."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from .asked import district_of
from .further_tables import names_of
from .paths import Bools, Floats, Ints
from .registry import Figure, Table
from .schema import Column
from .shares import out_of_100, quantile, share
from .siting import Solution
from .siting_solve import Answered, Asked
from .sources.population import GROUPS, OUT_OF_100
from .text import Text

Names = Mapping[int, str]

GIVEN_UP = "given_up"
"""Name of the table of places that would be closed."""


def figures_of(
    asked: Asked, found: Answered, population: GeoDataFrame, table: GeoDataFrame
) -> tuple[Figure, ...]:
    """Headline figures: reach then and today, whom it gains, how good the answer is."""
    people = table["people"].to_numpy()
    now, then = _in_time(asked, table, "minutes_before"), _in_time(asked, table, "minutes")
    gained = float(table["people_gained"].sum())
    best = found.best
    return (
        Figure("share_covered", share(people, then), "%", Text("reached in time")),
        Figure("share_before", share(people, now), "%", Text("today")),
        Figure("new_places", float(len(asked.new(best))), "", Text("new places")),
        Figure("people_gained", gained, "people", Text("more people in time")),
        Figure(
            "people_not_covered",
            float(table["people_uncovered"].sum()),
            "people",
            Text("still not in time"),
        ),
        _walk("median_walk", Text("median walk then"), table["minutes"].to_numpy(), people, 0.5),
        _walk(
            "median_before", Text("median walk today"), table["minutes_before"].to_numpy(), people,
            0.5,
        ),
        *_of_aim(asked, found, table),
        *_of_money(asked, found),
        Figure(
            "gap", 100 * best.gap, "%", Text("below the best possible at most"), note=best.how,
            aside=True,
        ),
        Figure("value", best.value, "", Text("value of the aim"), aside=True),
        Figure("bound", best.bound, "", Text("best possible value at most"), aside=True),
        *_of_groups(asked, population, then),
    )  # fmt: skip


def _of_aim(asked: Asked, found: Answered, table: GeoDataFrame) -> Iterator[Figure]:
    """Figures that only matter where short walks, or two places to choose from, are the aim."""
    if asked.wish.aim == "short":
        yield Figure("mean_walk", _mean(table, "minutes"), "min", Text("average walk then"))
        before = _mean(table, "minutes_before")
        yield Figure("mean_before", before, "min", Text("average walk today"))
    elif asked.wish.aim == "longest":
        yield Figure("longest_walk", _longest(asked, found), "min", Text("longest walk then"))
    elif asked.wish.aim == "twice":
        then, now = found.best.chosen, np.arange(len(asked.standing))
        label = Text("can choose between two then")
        yield Figure("people_twice", _twice(asked, then), "people", label)
        label = Text("can choose between two today")
        yield Figure("people_twice_before", _twice(asked, now), "people", label)


def _of_money(asked: Asked, found: Answered) -> Iterator[Figure]:
    """What the answer costs, where that was asked."""
    if asked.prices is None:
        return
    cost = asked.prices.of(found.best)
    yield Figure("cost", cost, "€", Text("cost a year of all places together"))
    if asked.wish.budget > 0:
        yield Figure("budget_left", asked.wish.budget - cost, "€", Text("left of the budget"))


def _twice(asked: Asked, places: Ints) -> float:
    """People who have at least two of these places within the limit."""
    near = asked.problem.costs[:, places].tocoo()
    at_hand = np.bincount(near.row[near.data <= asked.wish.metres], minlength=near.shape[0])
    return float(asked.people[asked.counted][at_hand >= 2].sum())


def _mean(table: GeoDataFrame, column: str) -> float:
    """Average walk of everybody who can walk there at all [min]."""
    minutes, people = table[column].to_numpy(), table["people"].fillna(0.0).to_numpy()
    there = np.isfinite(minutes) & (people > 0)
    return float(np.average(minutes[there], weights=people[there])) if there.any() else float("nan")


def _longest(asked: Asked, found: Answered) -> float:
    return float(asked.wish.who_walks.minutes(found.best.value))


def _of_groups(asked: Asked, population: GeoDataFrame, then: Bools) -> Iterator[Figure]:
    for name in asked.known:
        if name != asked.wish.group:
            reached = share(population[name].to_numpy(), then)
            yield Figure(f"share_covered_{name}", reached, "%", GROUPS[name])


def _walk(name: str, label: Text, minutes: Floats, people: Floats, quota: float) -> Figure:
    value = quantile(minutes, people, quota)
    if np.isinf(value):
        note = Text("Cannot be told: too few people can walk there at all.")
        return Figure(name, float("nan"), "min", label, note=note, aside=True)
    return Figure(name, value, "min", label)


def answer_of(asked: Asked, found: Answered, table: GeoDataFrame) -> tuple[Text, ...]:
    """Answer in words: the headline, today beside it, and how sure it is."""
    people = table["people"].to_numpy()
    then = share(people, _in_time(asked, table, "minutes"))
    if np.isnan(then):
        return (Text("Nobody lives here, according to these data"),)
    today = share(people, _in_time(asked, table, "minutes_before"))
    reached = Text(OUT_OF_100[asked.wish.group].template, share=out_of_100(then))
    within = Text("{reached} get there in time then.", reached=reached)
    before = (
        Text("With the scenario as it is, it is {share}.", share=out_of_100(today))
        if asked.wish.scenario
        else Text("Today it is {share}.", share=out_of_100(today))
    )
    if closed := len(asked.closed(found.best)):
        gone = Text("{count} {count:place|places} of today would be given up.", count=closed)
        before = Text("{one} {other}", one=before, other=gone)
    if asked.prices is not None:
        price = Text("It costs {cost} € a year.", cost=round(asked.prices.of(found.best)))
        before = Text("{one} {other}", one=before, other=price)
    count = len(asked.new(found.best))
    if asked.wish.aim == "short":
        head = Text(
            "{minutes} {minutes:minute|minutes} on average with {count} new {count:place|places}",
            minutes=round(_mean(table, "minutes"), 1),
            count=count,
        )
        return (head, within, before, sure(asked, found.best))
    if asked.wish.aim == "longest":
        head = Text(
            "{minutes} {minutes:minute|minutes}"
            " at the longest with {count} new {count:place|places}",
            minutes=round(_longest(asked, found), 1),
            count=count,
        )
        return (head, within, before, sure(asked, found.best))
    head = Text("{reached} with {count} new {count:place|places}", reached=reached, count=count)
    return (head, before, sure(asked, found.best))


def sure(asked: Asked, best: Solution) -> Text:
    """Tell how sure it is that there is nothing better among the candidates."""
    if best.missing > 0:
        return Text(
            "Not everything that was asked for is kept yet: {people} {people:person is|people are}"
            " missing to it.",
            people=int(np.ceil(best.missing)),
        )
    if best.proven:
        return Text("Proven: no other choice among these candidates is better.")
    if asked.wish.aim == "all" and asked.prices is not None:
        return Text(
            "At most {less} € a year less could be enough; that is not known yet.",
            less=int(np.ceil(best.value - best.bound - 1e-6)),
        )
    if asked.wish.aim == "all":
        fewer = int(np.ceil(best.value - best.bound - 1e-6))
        return Text(
            "At most {fewer} {fewer:place|places} fewer could be enough; that is not known yet.",
            fewer=fewer,
        )
    return Text(
        "At most {gap} % below the best possible among these candidates.",
        gap=max(0.1, round(100 * best.gap, 1)),
    )


def tables_of(
    asked: Asked,
    found: Answered,
    table: GeoDataFrame,
    names: Names,
    districts: GeoDataFrame | None,
) -> tuple[Table, ...]:
    """Tables: the chosen places first, then others, the front, and the districts."""
    return (
        _chosen(asked, found, names, districts),
        *_given_up(asked, found),
        *_others(asked, found, names),
        *_front(asked, found),
        *_districts(asked, table, districts),
    )


def _given_up(asked: Asked, found: Answered) -> Iterator[Table]:
    """Places of today, by their ids, that are no part of the answer."""
    closed = asked.standing.iloc[asked.closed(found.best)]
    if len(closed):
        frame = pd.DataFrame(
            {"place": pd.Series(names_of(closed), index=closed.index, dtype=object)}
        )
        columns = (Column("place", str, Text("Name")),)
        yield Table(GIVEN_UP, Text("Places of today that would be given up"), frame, columns)


def _chosen(asked: Asked, found: Answered, names: Names, districts: GeoDataFrame | None) -> Table:
    """Why this one: whom each chosen place gains."""
    new = asked.new(found.best)
    row = np.searchsorted(found.gains.chosen, new + len(asked.standing))
    spots = asked.sites.points.iloc[new]
    where = district_of(spots, districts)
    told = [] if districts is None else districts["name"].tolist()
    of = asked.known.index(asked.wish.group)
    others = [k for k, name in enumerate(asked.known) if k != of]
    frame = pd.DataFrame(
        {
            "number": np.arange(1, len(new) + 1),
            "site": pd.Series([names[int(n)] for n in new], dtype=object),
            "district": [told[w] if w >= 0 else "" for w in where],
            "gained": found.gains.only[row, of] if len(new) else np.empty(0),
            "nearest": found.gains.served[row, of] if len(new) else np.empty(0),
            **{asked.known[k]: found.gains.only[row, k] for k in others if len(new)},
        }
    )
    columns = [
        Column("number", int, Text("No.")),
        Column("site", str, Text("Site")),
        *([Column("district", str, Text("District"))] if told else []),
        Column("gained", float, Text("reached by it alone"), "people"),
        Column("nearest", float, Text("nearest to"), "people"),
        *(
            Column(
                asked.known[k],
                float,
                Text("of them: {group}", group=GROUPS[asked.known[k]]),
                "people",
            )
            for k in others
            if len(new)
        ),
    ]
    return Table("chosen", Text("Why these sites"), frame, tuple(columns))


def _others(asked: Asked, found: Answered, names: Names) -> Iterator[Table]:
    """Answers nearly as good: what remains when a site falls through."""
    if not found.others:
        return
    mine = {int(n) for n in asked.new(found.best)}
    rows = []
    for number, one in enumerate(found.others, start=1):
        theirs = [int(n) for n in asked.new(one)]
        rows.append(
            {
                "number": number,
                "without": "; ".join(names[n] for n in sorted(mine - set(theirs))),
                "instead": "; ".join(names[n] for n in theirs if n not in mine),
                "worse": _worse(found.best, one),
                "covered": float(asked.problem.people[one.assigned >= 0].sum()),
            }
        )
    columns = (
        Column("number", int, Text("No.")),
        Column("without", str, Text("in place of")),
        Column("instead", str, Text("rather")),
        Column("worse", float, Text("worse by"), "%"),
        Column("covered", float, Text("people served"), "people"),
    )
    yield Table("alternatives", Text("Nearly as good"), pd.DataFrame(rows), columns)


def _worse(best: Solution, other: Solution) -> float:
    return 100 * abs(other.value - best.value) / abs(best.value) if best.value else 0.0


def _front(asked: Asked, found: Answered) -> Iterator[Table]:
    """What other numbers of places would give, for all and for the worst-off district."""
    if not found.front:
        return
    money = asked.wish.budget > 0
    kept = 0 if money else len(asked.standing)
    rows = [
        {"places": point.places - kept, "share": 100 * point.share, "worst": 100 * point.worst}
        for point in found.front
    ]
    several = len(np.unique(asked.district[asked.district >= 0])) > 1
    size = (
        Column("places", float, Text("Budget a year"), "€")
        if money
        else Column("places", float, Text("New places"), "places")
    )
    columns = (
        size,
        Column("share", float, Text("of all"), "%"),
        *([Column("worst", float, Text("in the worst-off district"), "%")] if several else []),
    )
    frame = pd.DataFrame(rows)
    most = frame.sort_values(["places", "share"]).drop_duplicates("places", keep="last")
    title = Text("What more money would bring") if money else Text("What more places would bring")
    marked = float(asked.wish.budget if money else asked.wish.more)
    if len(most) > 1:
        yield Table("curve", title, most, columns, chart="line", marked=marked)
    told = (
        Text("Budget, reach and the worst-off district")
        if money
        else Text("Number of places, reach and the worst-off district")
    )
    # the heading says already what is counted
    first = size if money else Column("places", float, Text("New places"))
    yield Table("front", told, frame, (first, *columns[1:]))


def _districts(
    asked: Asked, table: GeoDataFrame, districts: GeoDataFrame | None
) -> Iterator[Table]:
    if districts is None or districts.empty or table.empty:
        return
    people = table["people"].to_numpy()
    now, then = _in_time(asked, table, "minutes_before"), _in_time(asked, table, "minutes")
    rows = []
    for number, name in enumerate(districts["name"]):
        here = asked.district == number
        rows.append(
            {
                "district": name,
                "people": float(np.nansum(people[here])),
                "before": share(people[here], now[here]),
                "after": share(people[here], then[here]),
                "gained": float(np.nansum(table["people_gained"].to_numpy()[here])),
            }
        )
    columns = (
        Column("district", str, Text("District")),
        Column("people", float, Text("People"), "people"),
        Column("before", float, Text("reached today"), "%"),
        Column("after", float, Text("reached then"), "%"),
        Column("gained", float, Text("more people in time"), "people"),
    )
    frame = pd.DataFrame(rows).sort_values("gained", ascending=False, kind="stable")
    yield Table("districts", Text("Districts"), frame, columns)


def _in_time(asked: Asked, table: GeoDataFrame, column: str) -> Bools:
    return np.asarray(table[column].to_numpy() <= asked.wish.minutes + 1e-9)
