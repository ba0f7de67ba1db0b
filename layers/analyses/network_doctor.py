"""Network doctor: where the street data look wrong, ranked by the people it matters to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from .. import paths
from ..asked import check_group, layer_asked
from ..crs import to_display
from ..doctor import KINDS, MENDED_BY_LINK, RULES, helped, suspects
from ..network import Network
from ..paths import Floats
from ..question import Question
from ..registry import Analysis, Figure, Result, Style
from ..schema import Column
from ..text import Text
from ..watch import Watch, nobody

FELT = 1.0
"""A walk that gets shorter by less than this [m] is the same walk."""
AT_ONCE = 25
"""So many links are tried out before the page is shown."""
MANY = 300
"""So many homes far from a way, or with a long way round, are listed at most."""


def network_doctor(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
    watch: Watch = nobody,
) -> Result:
    """
    Suspected faults of the street data, the gravest first.

    Parameters
    ----------
    population
        (n,) areas with people per group, in a CRS in metres.
    streets
        Walking network in the same CRS.
    meeting_places, counselling_services
        Places that may be asked for: a fault matters to those whose walk to
        one of them it lengthens.
    question
        Which places, which people, which walk, within what.
    watch
        Who waits: every suspected link is tried out.

    Returns
    -------
    result
        `table`: one line per suspicion, see `ANALYSIS.columns`. For what a
        link would mend, `people` is exact: everybody whose walk gets shorter
        by it, counted past junctions. Whether it is a fault, only somebody
        who knows the place can tell.

    Raises
    ------
    MissingLayerError, ParameterError
        As `coverage`.

    Source
    ------
    Rules of thumb of `data/doctor.toml`; assumptions, no publication.
    """
    layer = layer_asked(question, meeting_places, counselling_services)
    return _examined(population, streets, layer, question, watch, None)


def first_look(
    population: GeoDataFrame,
    streets: Network,
    meeting_places: GeoDataFrame | None = None,
    counselling_services: GeoDataFrame | None = None,
    *,
    question: Question = Question(),
) -> Result:
    """
    Answer at once: as `network_doctor`, but only some links are tried out.

    Parameters
    ----------
    population, streets, meeting_places, counselling_services, question
        As in `network_doctor`.

    Returns
    -------
    result
        `final` if there were no more links to try.
    """
    layer = layer_asked(question, meeting_places, counselling_services)
    return _examined(population, streets, layer, question, nobody, AT_ONCE)


def _examined(
    population: GeoDataFrame,
    streets: Network,
    layer: GeoDataFrame,
    question: Question,
    watch: Watch,
    most: int | None,
) -> Result:
    check_group(population, question)
    places = question.places(layer)
    homes = population.centroid
    people = np.nan_to_num(population[question.group].to_numpy(dtype=float))
    network = streets.open_to(question.who_walks)
    rows = [
        *_links(network, homes, people, places, question, watch, most),
        *_far(network, homes, people, population.index),
        *_detours(network, homes, people, places, population.index),
    ]
    table = _table(rows, population.crs)
    return Result(
        table=table,
        figures=tuple(_figures(table)),
        answer=_answer(table),
        notes=(
            Text(
                "These are suspicions, found by rules of thumb. A fence, a wall or a river may be"
                " the reason, or a bridge that the data do not tell of; only somebody who knows the"
                " place can say."
            ),
            Text(
                "People are those whose walk to the nearest place asked about would get shorter"
                " if this one link were there."
            ),
            Text(
                "Best mended where the data come from: each suspicion has a text to note it in"
                " OpenStreetMap."
            ),
        ),
        tables=(),
        style=Style(
            column="people",
            legend=Text("People it matters to"),
            breaks=(10.0, 100.0, 1000.0),
            unit="people",
            ranking="people",
            ranking_title=Text("Suspected faults that matter to most people"),
            telling=("people", "kind", "where"),
        ),
        final=bool(table["people"].notna().all()),
    )


def _links(
    network: Network,
    homes: GeoSeries,
    people: Floats,
    places: GeoDataFrame,
    question: Question,
    watch: Watch,
    most: int | None,
) -> Iterator[dict[str, object]]:
    """Every link that may be missing, tried out; no more than `most` of them, if that is set."""
    if not len(network.lines):
        return
    there = network.snap(places.geometry)
    nearest = paths.nearest(network.graph, *network.ends(there))
    found = suspects(network)
    for number, (kind, line, edges) in enumerate(
        zip(found.kind, found.line, found.edges, strict=True)
    ):
        watch(number / len(found.kind), Text("trying out links that may be missing"))
        told = {
            "id": f"{kind}-{_at(line)}",
            "kind": kind,
            "gap": float(shapely.length(line)),
            "where": _names(network, edges),
            "geometry": line,
        }
        if most is not None and number >= most:
            yield told
            continue
        before, after = helped(network, homes, nearest, line)
        shorter = after < before - FELT
        reached = (after <= question.metres) & (before > question.metres)
        lengths = np.where(np.isfinite(before), before, after + question.metres)[shorter]
        saved = question.who_walks.minutes(lengths - after[shorter])
        yield told | {
            "people": float(people[shorter].sum()),
            "people_gained": float(people[reached].sum()),
            "minutes": float(saved @ people[shorter] / max(people[shorter].sum(), 1e-9)),
        }


def _far(
    network: Network, homes: GeoSeries, people: Floats, index: pd.Index
) -> Iterator[dict[str, object]]:
    """Homes that lie far from every way."""
    points = np.asarray(homes.array)
    (at, edge), gap = network.tree.query_nearest(points, return_distance=True, all_matches=False)
    far = np.flatnonzero((gap > RULES["long_snap"]["metres"]) & (people[at] > 0))
    for one in far[np.argsort(-people[at[far]], kind="stable")][:MANY]:
        yield {
            "id": f"long_snap-{index[at[one]]}",
            "kind": "long_snap",
            "people": float(people[at[one]]),
            "people_gained": np.nan,
            "minutes": np.nan,
            "gap": float(gap[one]),
            "where": _name(network, int(edge[one])),
            "geometry": shapely.shortest_line(points[at[one]], network.lines[edge[one]]),
        }


def _detours(
    network: Network, homes: GeoSeries, people: Floats, places: GeoDataFrame, index: pd.Index
) -> Iterator[dict[str, object]]:
    """Homes whose walk is many times as long as the straight line to the place nearest by air."""
    if places.empty or homes.empty:
        return
    points, goals = np.asarray(homes.array), np.asarray(places.geometry.array)
    (at, goal), air = shapely.STRtree(goals).query_nearest(
        points, return_distance=True, all_matches=False
    )
    walk = network.nearest(homes, places.geometry).metres[at]
    rule = RULES["detour"]
    long = (walk > rule["ratio"] * air) & (walk - air > rule["metres"]) & np.isfinite(walk)
    chosen = np.flatnonzero(long & (people[at] > 0))
    for one in chosen[np.argsort(-people[at[chosen]], kind="stable")][:MANY]:
        yield {
            "id": f"detour-{index[at[one]]}",
            "kind": "detour",
            "people": float(people[at[one]]),
            "people_gained": np.nan,
            "minutes": np.nan,
            "gap": float(air[one]),
            "where": str(places["name"].iloc[goal[one]]),
            "geometry": shapely.shortest_line(points[at[one]], goals[goal[one]]),
        }


def _table(rows: list[dict[str, object]], crs: object) -> GeoDataFrame:
    columns = [column.name for column in ANALYSIS.columns if column.name != "note"]
    frame = pd.DataFrame(rows, columns=["id", *columns, "geometry"])
    frame = frame.drop_duplicates("id").set_index("id")
    numbers = {column.name: float for column in ANALYSIS.columns if column.kind is float}
    table = GeoDataFrame(frame.astype(numbers), geometry="geometry", crs=crs)
    table = table.sort_values("people", ascending=False, kind="stable")
    return table.assign(note=_notes(table))


def _notes(table: GeoDataFrame) -> list[str]:
    """Text to note each suspicion in OpenStreetMap, in plain English as mappers use it."""
    middle = to_display(table[["geometry"]]).geometry
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(middle.array)))
    return [
        f"Suspected: {KINDS[kind]} near {where or 'a way without a name'}, {lat:.6f} {lon:.6f}."
        " Please check on the ground whether one can walk through here."
        for kind, where, (lon, lat) in zip(table["kind"], table["where"], points, strict=True)
    ]


def _figures(table: GeoDataFrame) -> Iterator[Figure]:
    matters = table[(table["people"] > 0) & table["kind"].isin(MENDED_BY_LINK)]
    yield Figure("suspicions", len(table), "", Text("suspicions"))
    yield Figure("links", len(matters), "", Text("missing links that matter to somebody"))
    for kind, label in KINDS.items():
        yield Figure(kind, int((table["kind"] == kind).sum()), "", label)


def _answer(table: GeoDataFrame) -> tuple[Text, ...]:
    links = table[table["kind"].isin(MENDED_BY_LINK) & (table["people"] > 0)]
    if links.empty:
        return (Text("No missing link is suspected that would matter to anybody"),)
    worst = links.iloc[0]
    return (
        Text(
            "One missing link may lengthen the walk of {people} people",
            people=round(worst["people"]),
        ),
        Text("Suspected: {kind} ({where}).", kind=KINDS[worst["kind"]], where=worst["where"])
        if worst["where"]
        else Text("Suspected: {kind}.", kind=KINDS[worst["kind"]]),
    )


def _names(network: Network, edges: object) -> str:
    names = [_name(network, int(edge)) for edge in np.atleast_1d(np.asarray(edges))]
    return " / ".join(dict.fromkeys(filter(None, names)))


def _name(network: Network, edge: int) -> str:
    return str(network.name[edge] or "")


def _at(line: shapely.LineString) -> str:
    x, y = shapely.get_coordinates(shapely.centroid(line))[0]
    return f"{x:.0f}-{y:.0f}"


ANALYSIS = Analysis(
    network_doctor,
    title=Text("Network doctor"),
    about=Text("Ends that miss each other, crossings without a junction, islands, ways round."),
    asked=Text("Where are the street data probably wrong, and whom does it matter to?"),
    topic="data",
    quick=first_look,
    columns=(
        Column("kind", str, Text("what is suspected"), options=KINDS),
        Column("people", float, Text("people whose walk would get shorter"), "people"),
        Column("people_gained", float, Text("of them newly within the limit"), "people"),
        Column("minutes", float, Text("shorter by, on average"), "min"),
        Column("gap", float, Text("length of the gap"), "m"),
        Column("where", str, Text("ways or places concerned")),
        Column("note", str, Text("text to note it in OpenStreetMap")),
    ),
)
