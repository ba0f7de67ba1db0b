"""The layers of a city in a database: read, replaced as a whole, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Self

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS
from sqlalchemy import Connection, Engine, delete, insert, select, update

from geo_app.origin import Import
from layers import LAYERS, CrsError, TableError, Text
from layers.crs import METRIC, check_metric

from .bulk import insert_features
from .engines import address, connect, reading, shown, writing
from .errors import NothingToUndoError, NotImportedError, StoreCrsError
from .provenance import Provenance, columns_of, of_row
from .rows import Rows, pack, unpack
from .spatial import Box, box_of, candidates
from .systems import called, same
from .tables import feature, layer_version, store_fact

Also = Callable[[Connection, Sequence[Provenance], Sequence[Provenance]], None]
"""What is done in the same transaction, with the versions before and after."""


class Store:
    """
    Every layer of one city, all in one coordinate system.

    Safe to be used by several threads and programs at once: who reads sees
    the state before or after an import, never one in between.

    Parameters
    ----------
    engine
        An open database that is up to date; `Store.open` makes one.
    crs
        Its coordinate system, in metres.
    """

    def __init__(self, engine: Engine, crs: CRS) -> None:
        self._engine = engine
        self.crs = crs
        # PostGIS knows the systems of the EPSG by number. A city's own system, such as one
        # with a false easting of 2,500,000 m, has none: its geometries get 0, "not told",
        # and the store itself remembers the system as WKT. Adding it to spatial_ref_sys
        # would need rights that a city's database rarely grants.
        self._srid = crs.to_epsg(min_confidence=100) or 0

    @classmethod
    def open(cls, url: str, *, crs: Any = METRIC) -> Self:
        """
        Open the store at `url`; make it if it is not there, bring it up to date if it is old.

        Parameters
        ----------
        url
            `sqlite:///folder/file.sqlite` or `postgresql://user:password@host/database`.
        crs
            Coordinate system of the city, in metres: anything pyproj understands.

        Raises
        ------
        StoreError
            If it cannot be reached or written, comes from a newer version or
            holds data in another coordinate system.
        CrsError
            If `crs` is not in metres.
        """
        check_metric("store", crs)
        engine = connect(address(url))
        try:
            return cls(engine, _settle_crs(engine, CRS.from_user_input(crs)))
        except StoreCrsError:
            engine.dispose()
            raise

    @property
    def engine(self) -> Engine:
        """The open database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Give connections back; the store must not be used any more."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({shown(self._engine.url)!r}, crs={self.crs.name!r})"

    def names(self) -> list[str]:
        """Names of the layers present, sorted; those this program does not know are left out."""
        with reading(self._engine) as connection:
            present = connection.scalars(
                select(layer_version.c.layer).where(layer_version.c.current)
            )
            return sorted(name for name in present if name in LAYERS)

    def provenance(self, name: str) -> Provenance:
        """
        Where the layer `name` comes from.

        Raises
        ------
        NotImportedError
            If the layer is not in the store (also a KeyError).
        """
        with reading(self._engine) as connection:
            return _current(connection, name)

    def history(self, name: str) -> list[Provenance]:
        """Versions of the layer `name` that are kept, newest first; `current` is the one read."""
        with reading(self._engine) as connection:
            return _history(connection, name)

    def read(self, name: str, bbox: Box | None = None) -> GeoDataFrame:
        """
        Read a layer as it was imported: same rows, order, ids, dtypes and geometry.

        Parameters
        ----------
        name
            Name of the layer.
        bbox
            Only rows that touch this box, edges included: west, south, east, north [m]
            in `crs`. Rows without a place touch none.

        Returns
        -------
        table
            Checked by its layer, in `crs`, index `id`; geometries that were empty are None.

        Raises
        ------
        NotImportedError
            If the layer is not in the store (also a KeyError).
        TableError
            If the layer has changed so much since that the data no longer fit.
        ParameterError
            If the box is not one.
        """
        box = None if bbox is None else box_of(bbox)
        with reading(self._engine) as connection:
            version = _current(connection, name).version
            rows = connection.execute(self._select(version, bbox)).all()
        table = self._table(name, rows)
        if box is None:
            return table
        return table[shapely.intersects(np.asarray(table.geometry.array), box)]

    def read_version(self, origin: Provenance) -> GeoDataFrame:
        """
        Read a version of a layer that `history` tells of, current or not.

        Raises
        ------
        TableError
            If the layer has changed so much since that the data no longer fit.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(self._select(origin.version, None)).all()
        return self._table(origin.layer, rows)

    def _select(self, version: int, bbox: Box | None) -> Any:
        here = feature.c
        query = select(here.position, here.row_id, here.properties, here.geometry)
        if bbox is None:
            return query.where(here.version_id == version)
        west, south, east, north = map(float, bbox)
        box = (west, south, east, north, self._srid)
        return query.where(
            candidates(here.id, here.version_id, here.geometry, version, *box),
            here.minx <= east,
            here.maxx >= west,
            here.miny <= north,
            here.maxy >= south,
        )

    def _table(self, name: str, rows: Sequence[Any]) -> GeoDataFrame:
        """Put rows back into the order of the imported table."""
        in_order = sorted(rows, key=itemgetter(0))
        _, ids, properties, geometry = zip(*in_order, strict=True) if rows else ((), (), (), ())
        return unpack(LAYERS[name], ids, properties, geometry, self.crs)

    def write(
        self, imports: Sequence[Import], *, at: datetime, also: Also | None = None
    ) -> list[Provenance]:
        """
        Replace layers: all of them, or none if anything is wrong with one of them.

        The version that was current is kept for `restore`; older ones are deleted.

        Parameters
        ----------
        imports
            Tables with their layers and origins, in the `crs` of the store.
        at
            Moment of the import, with its time zone.
        also
            Done in the same transaction; if it refuses, nothing is written.

        Returns
        -------
        provenance
            One for each import, in their order.

        Raises
        ------
        TableError
            If a table does not fit its layer or is in another coordinate system;
            lists the faults of all tables.
        StoreError
            If the database refuses; nothing is changed then.
        """
        if at.tzinfo is None:
            msg = "the moment of an import needs a time zone"
            raise ValueError(msg)
        packed = self._pack(imports)
        with writing(self._engine) as connection:
            written = [
                self._replace(connection, given, rows, at)
                for given, rows in zip(imports, packed, strict=True)
            ]
            if also:
                also(connection, _replaced(connection, written), written)
            return written

    def _pack(self, imports: Sequence[Import]) -> list[Rows]:
        """Check every table before anything is written."""
        errors = list(_twice(imports))
        packed = []
        for given in imports:
            try:
                table = given.layer.check(given.layer.complete(given.table))
                self._check_crs(given.layer.name, table)
                packed.append(pack(given.layer, table))
            except TableError as error:
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise _together(errors)
        return packed

    def _check_crs(self, name: str, table: GeoDataFrame) -> None:
        if not same(self.crs, table.crs):
            raise CrsError(
                name,
                [
                    Text(
                        "its coordinates are in {theirs}, this store is in {ours}; convert the"
                        " table first (every import command does)",
                        theirs=called(table.crs),
                        ours=called(self.crs),
                    )
                ],
            )

    def _replace(
        self, connection: Connection, given: Import, rows: Rows, at: datetime
    ) -> Provenance:
        name = given.layer.name
        here = layer_version.c
        connection.execute(delete(layer_version).where(here.layer == name, ~here.current))
        connection.execute(update(layer_version).where(here.layer == name).values(current=False))
        told = columns_of(given.origin) | {
            "layer": name,
            "current": True,
            "hash": rows.hash,
            "rows": len(rows.ids),
            "imported_at": at,
        }
        version = connection.scalars(insert(layer_version).values(told).returning(here.id)).one()
        geometry = GeoSeries(rows.geometry, crs=self.crs)
        insert_features(connection, version, rows, geometry, srid=self._srid)
        return _current(connection, name)

    def restore(self, name: str, *, also: Also | None = None) -> Provenance:
        """
        Undo the last import of a layer: the version before it becomes current again.

        Done twice, it brings the import back. `also` as in `write`.

        Raises
        ------
        NotImportedError
            If the layer is not in the store (also a KeyError).
        NothingToUndoError
            If there is no version before it (also a LookupError).
        """
        with writing(self._engine) as connection:
            now = _current(connection, name)
            kept = [one for one in _history(connection, name) if not one.current]
            if not kept:
                raise NothingToUndoError(
                    [
                        Text(
                            "no earlier version of “{layer}” is kept, so there is nothing to undo",
                            layer=name,
                        )
                    ]
                )
            change = update(layer_version)
            here = layer_version.c.id
            # one after the other: the database itself allows only one current version
            connection.execute(change.where(here == now.version).values(current=False))
            connection.execute(change.where(here == kept[0].version).values(current=True))
            if also:
                also(connection, [now], [_current(connection, name)])
            return _current(connection, name)

    def remove(self, name: str) -> None:
        """
        Delete a layer with all its versions; this cannot be undone.

        Raises
        ------
        NotImportedError
            If the layer is not in the store (also a KeyError).
        """
        with writing(self._engine) as connection:
            _current(connection, name)
            connection.execute(delete(layer_version).where(layer_version.c.layer == name))


def _settle_crs(engine: Engine, crs: CRS) -> CRS:
    """Note the CRS in a new store; refuse another one in a store that has one."""
    with reading(engine) as connection:
        noted = _noted_crs(connection)
    if noted is None:
        with writing(engine) as connection:
            noted = _noted_crs(connection)
            if noted is None:
                connection.execute(insert(store_fact).values(name="crs", value=crs.to_wkt()))
                return crs
    present = CRS.from_wkt(noted)
    if same(present, crs):
        return present
    raise StoreCrsError(
        [
            Text(
                "the store {place} is in {present}, not in {asked}; set GEO_APP_CRS to the former,"
                " or choose another store with GEO_APP_STORE",
                place=shown(engine.url),
                present=called(present),
                asked=called(crs),
            )
        ]
    )


def _noted_crs(connection: Connection) -> str | None:
    return connection.scalar(select(store_fact.c.value).where(store_fact.c.name == "crs"))


def _current(connection: Connection, name: str) -> Provenance:
    for version in _history(connection, name):
        if version.current:
            return version
    raise NotImportedError(name)


def _replaced(connection: Connection, written: Sequence[Provenance]) -> list[Provenance]:
    names = [one.layer for one in written]
    return [one for name in names for one in _history(connection, name) if not one.current]


def _history(connection: Connection, name: str) -> list[Provenance]:
    query = select(layer_version).where(layer_version.c.layer == name)
    rows = connection.execute(query.order_by(layer_version.c.id.desc())).mappings()
    return [of_row(dict(row)) for row in rows]


def _twice(imports: Iterable[Import]) -> Iterable[TableError]:
    names = [given.layer.name for given in imports]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield TableError(name, [Text("it comes more than once in one import; join its tables")])


def _together(errors: Sequence[TableError]) -> TableError:
    """One error with the faults of several tables, each told with its layer."""
    faults = [
        Text("{layer}: {fault}", layer=error.layer, fault=fault)
        for error in errors
        for fault in error.faults
    ]
    return TableError(", ".join(error.layer for error in errors), faults)
