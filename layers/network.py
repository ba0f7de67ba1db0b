"""The walking network (being written)."""

from __future__ import annotations

from dataclasses import dataclass

from geopandas import GeoDataFrame


@dataclass(frozen=True)
class Network:
    """Placeholder until the real one lands."""

    streets: GeoDataFrame

    @classmethod
    def from_streets(cls, streets: GeoDataFrame) -> Network:
        """Build the network."""
        return cls(streets)
