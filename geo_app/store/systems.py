"""Whether two coordinate systems are one, although files write them differently."""

from __future__ import annotations

from typing import Any

from pyproj import CRS

from layers import Text


def same(one: CRS, other: CRS) -> bool:
    """
    Tell whether coordinates in both systems mean the same place.

    PROJ compares the systems it knows. A system without an EPSG code comes
    back from a shapefile or GeoPackage with other names for its parts
    ("D_Unknown_based…" for "Unknown based…"); then the numbers decide.
    """
    if one.equals(other, ignore_axis_order=True):
        return True
    coded = one.to_epsg() is not None or other.to_epsg() is not None
    return not coded and _numbers(one) == _numbers(other)


def called(crs: CRS) -> Text:
    """Name a system so that two of them can be told apart."""
    code = crs.to_epsg()
    if code is not None:
        return Text("EPSG:{code} ({name})", code=str(code), name=crs.name)
    return Text("“{name}” ({numbers})", name=crs.name, numbers=_conversion(crs))


def _conversion(crs: CRS) -> str:
    if crs.coordinate_operation is None:
        return "?"
    return ", ".join(f"{p.name} {float(p.value):.12g}" for p in crs.coordinate_operation.params)


def _numbers(crs: CRS) -> tuple[Any, ...]:
    """Everything that moves a coordinate: projection, ellipsoid, meridian and the datum's name."""
    conversion, ellipsoid, datum = crs.coordinate_operation, crs.ellipsoid, crs.datum
    if conversion is None or ellipsoid is None or datum is None or crs.prime_meridian is None:
        return (crs.to_wkt(),)
    return (
        conversion.method_name,
        tuple(
            (p.code, round(float(p.value) * p.unit_conversion_factor, 12))
            for p in conversion.params
        ),
        round(ellipsoid.semi_major_metre, 4),
        round(ellipsoid.inverse_flattening, 6),
        crs.prime_meridian.longitude,
        datum.name.replace("_", " ").lower().removeprefix("d "),
    )
