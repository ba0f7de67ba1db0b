"""People put into cells by estimate, measured where a finer grid knows; groups within their all."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from geo_app.cli import main
from layers.downscaling import cell_ids, cell_squares, downscale
from layers.downscaling_check import are_fine, compare, measure, remark

from .test_downscaling import SOUTH, UTM, WEST, cells, points

NEUREUT = Path("../shared/data/karlsruhe_neureut")


def series(**people):
    """Return people by the name of a cell."""
    return pd.Series(people, dtype=float)


def test_two_cells_exchanged_by_half():
    """
    Known are 30 and 10, estimated 20 and 20: a quarter of all stands in the wrong cell.

    Each cell is off by 10, whoever is asked.
    """
    found = compare(series(a=20, b=20), series(a=30, b=10))
    assert (found.known, found.estimated, found.total_error) == (40, 40, 0)
    assert found.error == 10
    assert found.misplaced == pytest.approx(25)


def test_errors_count_by_those_who_live_with_them():
    """Off by 4 where 30 live, by 8 where 10 live: (4 × 30 + 8 × 10) / 40 = 5."""
    assert compare(series(a=34, b=18), series(a=30, b=10)).error == 5


def test_a_wrong_total_is_no_wrong_place():
    """Twice as many everywhere: nobody is misplaced, the total is off by all of them."""
    found = compare(series(a=60, b=20), series(a=30, b=10))
    assert found.misplaced == pytest.approx(0)
    assert found.total_error == 40


def test_where_nobody_is_known_nothing_is_said_and_unknown_is_left_out():
    """A cell that is withheld is neither right nor wrong."""
    assert np.isnan(compare(series(a=5), series()).misplaced)
    found = compare(series(a=5, b=7), series(a=5, b=np.nan))
    assert (found.cells, found.misplaced, found.estimated) == (1, 0, 5)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=20).filter(
        lambda pairs: all(map(sum, zip(*pairs, strict=True)))
    )
)
def test_misplaced_is_a_share_and_the_same_both_ways(pairs):
    """Between 0 and 100; known and estimated exchanged, as many stand wrong."""
    guess, truth = (pd.Series(side, dtype=float) for side in zip(*pairs, strict=True))
    one, other = compare(guess, truth), compare(truth, guess)
    assert -1e-9 <= one.misplaced <= 100 + 1e-9
    assert one.misplaced == pytest.approx(other.misplaced)


def fine(*corners, **counts):
    """Return known cells of 100 m, by their ids."""
    x, y = (np.array(side) for side in zip(*corners, strict=True))
    shapes = cell_squares(x, y, 100, UTM)
    return GeoDataFrame(counts, index=cell_ids(x, y, 100), geometry=shapes.array, crs=UTM)


def test_homes_tell_better_than_spreading_evenly():
    """All 50 live in one corner, as the homes say: nobody is misplaced, evenly 99 of 100 are."""
    source = cells((WEST, SOUTH), residents=[50.0])
    known = fine((WEST, SOUTH), residents=[50.0])
    homes = points((WEST + 50, SOUTH + 50), weight=[1])
    found = measure(source, known, [homes], count="residents")
    assert found.areas == 1
    assert found.placement.misplaced == pytest.approx(0)
    assert found.evenly.misplaced == pytest.approx(99, abs=0.1)
    told = remark(found, "people")
    assert "50 people" in told
    assert "0 of 100 are put into a wrong cell" in told


def test_without_an_area_that_both_know_nothing_is_measured():
    """The finer grid lies elsewhere, or the coarse count is withheld."""
    known = fine((WEST, SOUTH), residents=[50.0])
    elsewhere = cells((WEST + 5000, SOUTH), residents=[50.0])
    withheld = cells((WEST, SOUTH), residents=[np.nan])
    for source in (elsewhere, withheld):
        assert measure(source, known, [], count="residents") is None


def test_only_counted_cells_of_the_finest_grid_can_judge():
    """Cells of 1 km and estimated ones judge nobody."""
    assert are_fine(fine((WEST, SOUTH), downscaled=[False]))
    assert not are_fine(fine((WEST, SOUTH), downscaled=[True]))
    assert not are_fine(cells((WEST, SOUTH), downscaled=[False]))


@given(
    st.lists(
        st.tuples(st.integers(1, 500), st.floats(0, 1), st.booleans()), min_size=1, max_size=4
    ),
    st.lists(st.tuples(st.integers(0, 3999), st.integers(0, 999), st.integers(1, 9)), max_size=8),
)
def test_a_group_never_exceeds_all_and_unknown_stays_unknown(areas, homes):
    """Whatever the homes: in each cell part ≤ all, and an uncounted group is counted nowhere."""
    people = np.array([count for count, _, _ in areas], dtype=float)
    part = np.array([count * share for count, share, _ in areas])
    part[[unknown for _, _, unknown in areas]] = np.nan
    corners = [(WEST + 1000 * i, SOUTH) for i in range(len(areas))]
    source = cells(*corners, residents=people, under_18=part)
    weights = [
        points(*((WEST + x, SOUTH + y) for x, y, _ in homes), weight=[w for *_, w in homes])
    ] if homes else []  # fmt: skip
    table = downscale(source, weights, counts=["residents", "under_18"]).table
    known = table["under_18"].notna()
    assert (table["under_18"] <= table["residents"] * (1 + 1e-9) + 1e-9)[known].all()
    assert table["residents"].sum() == pytest.approx(people.sum())
    everywhere_known = not np.isnan(part).any()
    assert known.all() if everywhere_known else not known.all()


@pytest.mark.city
@pytest.mark.skipif(not NEUREUT.exists(), reason="real data are not here")
def test_in_neureut_buildings_place_people_better_than_spreading_them_evenly(tmp_path):
    """Old people, children and foreign nationals alike, by the census cells that are known."""
    store = f"sqlite:///{tmp_path}/store.sqlite"
    environment = {"GEO_APP_STORE": store, "GEO_APP_VAR": str(tmp_path)}
    run = CliRunner()
    extract = NEUREUT / "osr_karlsruhe_kirchfeld.osm.pbf"
    grids = [str(NEUREUT / f"zensus2011_{size}.csv") for size in ("1km", "100m_partial")]
    run.invoke(main, ["import", "osm", str(extract)], env=environment, catch_exceptions=False)
    told = run.invoke(main, ["import", "zensus", *grids], env=environment, catch_exceptions=False)
    found = re.findall(r"(\d+) of 100 are put into .* would be (\d+)\)", told.output)
    assert len(found) == 3
    assert all(int(estimated) < int(evenly) for estimated, evenly in found)
