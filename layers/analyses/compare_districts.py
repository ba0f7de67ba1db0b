"""Districts compared: every share with its interval, and ranks that say how sure they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from ..asked import check_group, district_of, layer_asked
from ..capacities import capacities_of
from ..coverage_notes import about_layer, about_people, about_walking, about_ways
from ..errors import MissingLayerError
from ..network import Network
from ..paths import Floats, Ints
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..shares import quantile, share
from ..sharing import Sharing, share_out
from ..sources.population import OUT_OF_100
from ..supply_tables import about_seats
from ..sureness import DRAWS, situation_of
from ..text import Text
from ..uncertainty import shares


def compare_districts(
    population: GeoDataFrame,
    streets: Network,
    districts: GeoDataFrame,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
) -> Result:
    """
    Coverage of every district, side by side, with ties told as ties.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    districts
        (d,) areas to compare.
    meeting_places, counselling_services
        Places that may be asked for.
    question
        Which places, which people, which walk, within what.

    Returns
    -------
    result
        `table`: the districts in which somebody lives, in their order and CRS,
        with the share reached, its 90 % interval and the range of ranks that
        nine in ten simulated cases give; see `ANALYSIS.columns`.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`; or if there is no district.

    Source
    ------
    Ranges of ranks instead of ranks, because a league table of noisy figures misleads:
    Goldstein & Spiegelhalter (1996), Journal of the Royal Statistical Society A 159(3), 385-443.
    """
    check_group(population, question)
    layer = layer_asked(question, meeting_places, counselling_services)
    if districts.empty:
        raise MissingLayerError(
            ["districts"], [Text("there is no district yet; import districts first")]
        )
    homes = population.centroid
    places = question.places(layer)
    seats = capacities_of(places, "by_kind")
    shared, _ = share_out(population, homes, streets, places, seats, Sharing(question))
    number = district_of(homes, districts)
    walks = streets.open_to(question.who_walks).nearest(homes, question.places(layer).geometry)
    cells = shared.assign(minutes=question.who_walks.minutes(walks.metres))
    drawn = _drawn(population, homes, streets, layer, question, number, len(districts))
    table = _table(districts, cells, number, drawn, question)
    return Result(
        table=table,
        figures=tuple(_figures(table)),
        answer=_answer(table, question),
        notes=(
            Text(
                "Ranks are given as the range that nine in ten simulated cases keep: districts"
                " whose ranges overlap are not told apart by these data."
            ),
            *_outside(cells, number),
            *about_seats(seats),
            *about_layer(layer, streets, question, shared=True),
            *about_people(population, question),
            *about_ways(homes, streets, cells, question),
            *about_walking(question),
        ),
        tables=(),
        style=Style(
            column="share",
            legend=Text("Reached"),
            breaks=(25.0, 50.0, 75.0),
            unit="%",
            ranking="people_uncovered",
            ranking_title=Text("Districts with most people without a place"),
            telling=("name", "people_uncovered", "share"),
        ),
    )


def _drawn(
    population: GeoDataFrame,
    homes: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    number: Ints,
    count: int,
) -> Floats:
    """Share reached of every district in every simulated case (draws × districts) [%]."""
    names = [f"in_{one}" for one in range(count)]
    people = population[question.group].to_numpy(dtype=float)
    inside = number[:, None] == np.arange(count)[None, :]
    split = population[["downscaled", "geometry"]].join(
        pd.DataFrame(
            np.where(inside, np.nan_to_num(people)[:, None], 0.0),
            index=population.index,
            columns=names,
        )
    )
    situation = situation_of(split, homes, streets, layer, question, names)
    return shares(situation, draws=DRAWS // 2, seed=1)


def _table(
    districts: GeoDataFrame, cells: GeoDataFrame, number: Ints, drawn: Floats, question: Question
) -> GeoDataFrame:
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    rank = _ranks(drawn)
    rows = [_row(cells[number == one], question) for one in range(len(districts))]
    table = districts[["name", "geometry"]].assign(
        **{name: [row[name] for row in rows] for name in rows[0]},
        low=low,
        high=high,
        rank_from=rank[0],
        rank_to=rank[1],
    )
    return table[table["people"] > 0]


def _row(cells: GeoDataFrame, question: Question) -> dict[str, float]:
    people = np.nan_to_num(cells["people"].to_numpy())
    minutes = cells["minutes"].to_numpy()
    near = minutes <= question.minutes
    total = float(people.sum())
    median = quantile(minutes, people, 0.5)
    return {
        "people": total,
        "people_uncovered": float(people[~near].sum()),
        "share": share(people, near),
        "median_walk": median if np.isfinite(median) else float("nan"),
        "access": float(people @ cells["access"].to_numpy() / total) if total else float("nan"),
    }


def _ranks(drawn: Floats) -> Floats:
    """First and last rank that nine in ten draws keep, 1 being the best served (2 × districts)."""
    lived_in = np.isfinite(drawn).all(axis=0)
    found = np.full((2, drawn.shape[1]), np.nan)
    if not lived_in.any():
        return found
    values = drawn[:, lived_in]
    # equal shares take the middle of the ranks they cover, as ties do
    better = (values[:, None, :] > values[:, :, None] + 1e-9).sum(axis=2)
    equal = (np.abs(values[:, None, :] - values[:, :, None]) <= 1e-9).sum(axis=2) - 1
    first, last = better + 1, better + 1 + equal
    found[0, lived_in] = np.quantile(first, 0.05, axis=0, method="lower")
    found[1, lived_in] = np.quantile(last, 0.95, axis=0, method="higher")
    return found


def _figures(table: GeoDataFrame) -> list[Figure]:
    people, part = table["people"].to_numpy(), table["share"].to_numpy()
    apart = int(((table["rank_to"] - table["rank_from"]) == 0).sum())
    return [
        Figure("districts", len(table), "districts", Text("districts in which people live")),
        Figure(
            "least", float(np.nanmin(part, initial=100.0)), "%", Text("least reached"), aside=True
        ),
        Figure("most", float(np.nanmax(part, initial=0.0)), "%", Text("most reached"), aside=True),
        Figure("people", float(people.sum()), "people", Text("people in them")),
        Figure("sure_ranks", apart, "districts", Text("whose rank is beyond doubt")),
    ]


def _answer(table: GeoDataFrame, question: Question) -> tuple[Text, ...]:
    if table.empty:
        return (Text("Nobody lives in any district, according to these data"),)
    part = table["share"].round()
    low, high = part.min(), part.max()
    if low == high:
        everywhere = Text(OUT_OF_100[question.group].template, share=round(low))
        return (Text("{share} in every district", share=everywhere),)
    return (
        Text(
            "From {low} in {worst} to {high} of 100 in {best}",
            low=Text(OUT_OF_100[question.group].template, share=round(low)),
            worst=_named(table, part == low),
            high=round(high),
            best=_named(table, part == high),
        ),
    )


def _named(table: GeoDataFrame, tied: pd.Series[bool]) -> Text:
    """Name a district and tell how many others have the same share."""
    names = table.loc[tied, "name"]
    if len(names) == 1:
        return Text("{name}", name=names.iloc[0])
    return Text("{name} and {count} {count:other|others}", name=names.iloc[0], count=len(names) - 1)


def _outside(cells: GeoDataFrame, number: Ints) -> list[Text]:
    lost = float(np.nansum(cells["people"].to_numpy()[number < 0]))
    if lost < 1:
        return []
    return [Text("{people} people live outside all districts.", people=round(lost))]


ANALYSIS = Analysis(
    compare_districts,
    title=Text("Districts compared"),
    about=Text("Every district with its share, its interval and how sure its rank is."),
    asked=Text("Which districts are served how well, and how sure is that?"),
    columns=(
        Column("name", str, Text("name of the district")),
        Column("people", float, Text("people asked about"), "people"),
        Column("people_uncovered", float, Text("people without a place in time"), "people"),
        Column("share", float, Text("reached"), "%"),
        Column("low", float, Text("at least"), "%"),
        Column("high", float, Text("at most"), "%"),
        Column("rank_from", float, Text("rank, from")),
        Column("rank_to", float, Text("rank, to")),
        Column("median_walk", float, Text("median walk"), "min"),
        Column("access", float, Text("for each 1,000 people, shared with all around")),
    ),
    order=4,
)
