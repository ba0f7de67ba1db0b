"""Search for streets, addresses, places and districts of the city by name, without a map."""

from __future__ import annotations

from dataclasses import dataclass

from geopandas import GeoDataFrame


@dataclass(frozen=True)
class Candidate:
    """
    One place that may be meant.

    Parameters
    ----------
    name
        As the city writes it.
    kind
        "street", "address", "meeting_place" or "district".
    x, y
        A point in it [m].
    district
        Name of the district it lies in, or "".
    score
        0 to 100: how well the name fits.
    """

    name: str
    kind: str
    x: float
    y: float
    district: str
    score: float


@dataclass(frozen=True)
class Gazetteer:
    """All names of a city, prepared for searching; build it once per version of the layers."""

    names: tuple[str, ...]

    @classmethod
    def of(
        cls,
        *,
        streets: GeoDataFrame | None = None,
        buildings: GeoDataFrame | None = None,
        meeting_places: GeoDataFrame | None = None,
        districts: GeoDataFrame | None = None,
    ) -> Gazetteer:
        """Prepare the names of the city's layers; what is missing is left out."""
        del streets, buildings, meeting_places, districts
        return cls(())

    def search(self, text: str, *, most: int = 8) -> list[Candidate]:
        """Return the best candidates for what somebody typed, the best first."""
        del text, most
        return []
