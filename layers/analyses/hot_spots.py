"""Hot spots: where one kind of mark outweighs the other by more than chance explains."""

from __future__ import annotations

import shapely
from geopandas import GeoDataFrame

from ..hot_spots_columns import COLUMNS, clusters_of, table_of
from ..hot_spots_found import find
from ..hot_spots_question import Looking, marks_for
from ..hot_spots_tables import districts_table, grids, kinds_by_district, scan, testing
from ..hot_spots_words import answer_of, figures_of, notes_on, style_of
from ..network import Network
from ..registry import Analysis, Result
from ..text import Text

ROLES = ("prevention", "moderator", "administrator")


def hot_spots(
    marks: GeoDataFrame,
    streets: Network,
    districts: GeoDataFrame | None = None,
    population: GeoDataFrame | None = None,
    *,
    looking: Looking = Looking(),
) -> Result:
    """
    Tell where people feel unsafe, or at ease, more often than chance explains.

    Nothing is told of any single place before the test is strong enough to
    find a threefold excess in four of five cases; until then the answer is how
    many marks would do.

    Parameters
    ----------
    marks
        Credible marks, exact; see `credible.MARKS`.
    streets
        The streets.
    districts
        For the rim of the city, and to check that both kinds are reported alike.
    population
        Residents, where marks are to be tested against them.
    looking
        Which marks, which units, which test.

    Returns
    -------
    result
        `table`: one row per square or part of a street that holds a mark, see
        `ANALYSIS.columns`; no finer than 100 m. `tables`: how it was tested,
        the same in every grid, clusters of the scan, both kinds by district.

    Source
    ------
    Comparison of two kinds of points: Fisher's exact test; correction:
    Benjamini & Hochberg (1995), JRSS B 57, 289-300; scan: Kulldorff (1997),
    Communications in Statistics 26(6), 1481-1496.
    """
    chosen = marks_for(looking, marks)
    finding = find(chosen, looking, ways=streets, population=population)
    city = None
    if districts is not None and not districts.empty:
        city = shapely.union_all(districts.geometry.array)
    table = table_of(finding, looking, ways=streets, city=city)
    kinds = kinds_by_district(chosen, looking, districts)
    differing = int(kinds.differs.sum()) if kinds is not None else None
    return Result(
        table=table,
        figures=tuple(figures_of(finding, looking, chosen)),
        answer=answer_of(finding, looking, chosen),
        notes=tuple(notes_on(finding, looking, chosen, table, differing)),
        tables=(
            testing(finding, looking, chosen),
            *scan(finding, streets),
            *grids(finding),
            *districts_table(kinds),
        ),
        style=style_of(finding, looking),
        lines=clusters_of(finding, streets.crs),
    )


ANALYSIS = Analysis(
    hot_spots,
    title=Text("Hot spots"),
    about=Text(
        "Where marks of one kind outweigh those of the other by more than chance explains; and"
        " how many marks are missing to tell."
    ),
    columns=COLUMNS,
    asked=Text("Which places stand out, and could we know?"),
    topic="prevention",
    order=2,
    roles=ROLES,
)
