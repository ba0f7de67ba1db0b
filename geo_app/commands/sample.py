"""`sample`: the invented town, into the store."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from geopandas import GeoDataFrame

from layers import LAYERS, Text
from layers.errors import LayersError
from layers.sample_town import NAME, sample_town
from layers.sample_town.marks import sample_marks

from ..config import Settings
from ..languages import say
from ..maps.basemap import build_basemap
from ..measures_invented import live_measures
from ..origin import Import, Origin, whoever_is_here
from ..store import MarkStore, People, Store
from ..store.marks_invented import live
from ..store.passwords import one_time_password
from ..themes_invented import live_themes
from ..trial import TRIALS, all_invented
from ..walks_invented import live_walks


@click.command("sample")
@click.option("--seed", default=1, show_default=True, help="Another number is another town.")
@click.option("--replace", is_flag=True, help="Replace what the store holds, even a real city.")
@click.option("--if-empty", is_flag=True, help="Do nothing if the store holds anything.")
def command(*, seed: int, replace: bool, if_empty: bool) -> None:
    """
    Build the invented town “Musterstadt”, to try everything without any data.

    About 30,000 invented people, streets, houses, places and services go into
    the store; every page says that they are invented. The same seed always
    gives the same town. Some hundred marks of spots are sent, read and
    released as if that had happened in the months before today; themes, measures
    and two night walks stand beside them. Where nobody has an account yet, two
    are made: one to try scenarios, one for prevention.

    \b
    Examples:
      python -m geo_app sample
      GEO_APP_STORE=sqlite:///var/other.sqlite python -m geo_app sample --seed 7
    """
    settings = Settings.from_environment()
    store = Store.open(settings.store, crs=settings.crs)
    if if_empty and store.names():
        _account(store, settings)
        return
    if not replace:
        _refuse_real_layers(store)
    with _step("Inventing the town"):
        town = sample_town(seed=seed)
    imports = [
        Import(LAYERS[name], table.to_crs(store.crs), _origin(seed, settings.language))
        for name, table in town.items()
    ]
    with _step("Writing it to the store"):
        written = store.write(imports, at=datetime.now(UTC))
    with _step("Drawing the basemap"):
        build_basemap(store, settings.var / "basemap")
    for entry in written:
        click.echo(f"  {entry.layer:<20} {entry.rows:>7,} rows")
    _mark_spots(store, MarkStore(store, settings), town, seed)
    _account(store, settings)
    click.echo("Look at it: python -m geo_app serve")


def _mark_spots(
    store: Store, marks: MarkStore, town: Mapping[str, GeoDataFrame], seed: int
) -> None:
    now = datetime.now(UTC)
    with _step("Letting invented people mark spots"):
        invented, truth = sample_marks(town, seed=seed, at=now)
        count = live(marks, invented.to_crs(marks.crs), at=now)
    if not count:
        click.echo("  the store holds marks already; none was added")
        return
    live_themes(store, at=now)
    with _step("Planning measures and answering for them"):
        live_measures(store, truth.to_crs(marks.crs), at=now)
    with _step("Walking by night and rating the stops"):
        live_walks(store, truth.to_crs(marks.crs), seed=seed, at=now)


def _account(store: Store, settings: Settings) -> None:
    """Let whoever tries the invented town use its desk; a real city makes its own accounts."""
    people = People(store, settings)
    if people.everybody() or not all_invented(store):
        return
    at = datetime.now(UTC)
    for login, roles in TRIALS.items():
        password = one_time_password()
        people.add(login, roles, at=at, by="command line (sample)", password=password)
        click.echo(f"To try it, sign in at /login as {login} with the password {password}")


def _refuse_real_layers(store: Store) -> None:
    real = [name for name in store.names() if not store.provenance(name).invented]
    if real:
        raise LayersError(
            [
                Text(
                    "the store holds a real city ({layers}); name another store in GEO_APP_STORE,"
                    " or use --replace",
                    layers=tuple(real),
                )
            ]
        )


def _origin(seed: int, language: str) -> Origin:
    told = say(Text("{town} (invented)", town=NAME), language)
    return Origin(
        file=f"sample_town(seed={seed})",
        source=told,
        licence="CC0-1.0",
        attribution=told,
        imported_by=whoever_is_here(),
        invented=True,
    )


@contextmanager
def _step(what: str) -> Iterator[None]:
    click.echo(f"{what} … ", nl=False)
    start = time.perf_counter()
    yield
    click.echo(f"{time.perf_counter() - start:.1f} s")
