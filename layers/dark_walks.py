"""Walks by day and after dark, side by side: the same homes, the same places, two costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from geopandas import GeoDataFrame, GeoSeries

from .darkness import Darkness, Spots, spots_at
from .lighting import Light, light_of
from .network import Network, Walks
from .paths import Bools, Floats
from .pieces import Pieces


@dataclass(frozen=True, eq=False)
class Ground:
    """
    The ways open to a walker, with what is known of their light and of marked spots.

    Parameters
    ----------
    streets
        m edges open to the walker.
    light
        Where it is light.
    spots
        Published unsafe spots that count after dark.
    """

    streets: Network
    light: Light
    spots: Spots

    @classmethod
    def of(
        cls, streets: Network, street_lamps: GeoDataFrame | None, pins: GeoDataFrame | None
    ) -> Ground:
        """Look at the light and the spots of these ways."""
        return cls(streets, light_of(streets, street_lamps), spots_at(streets, pins))

    @property
    def told(self) -> bool:
        """Whether anybody has noted anything about the light of any way."""
        return bool(self.light.known.any())

    def slow(self, darkness: Darkness, unknown: str = "") -> Floats:
        """
        Return what a metre of each edge counts as.

        Parameters
        ----------
        darkness
            The factors.
        unknown
            "lit" or "dark": what unknown light counts as instead of what
            `darkness` says.
        """
        dark = self.light.dark(unknown or darkness.unknown_light)
        return darkness.slow(dark, self.spots.near)


@dataclass(frozen=True, eq=False)
class DarkWalks:
    """
    The walk of every home by day and after dark.

    Parameters
    ----------
    day
        (h,) walks by day [m].
    felt
        (h,) walks after dark, in metres that count, with unknown light as asked.
    best, worst
        (h,) the same if all unknown light were lit, or unlit [m].
    by_light
        (h,) as `felt`, but without the marked spots [m].
    real
        (h,) length on the ground of the walk after dark [m]; longer than by
        day where people would rather go round.
    """

    day: Walks
    felt: Walks
    best: Floats
    worst: Floats
    by_light: Floats
    real: Floats

    @classmethod
    def of(
        cls, ground: Ground, homes: GeoSeries, places: GeoSeries, darkness: Darkness
    ) -> DarkWalks:
        """
        Walk from every home to its nearest place, in each case.

        Parameters
        ----------
        ground
            The ways.
        homes
            (h,) points.
        places
            (k,) points or areas.
        darkness
            The factors.
        """
        best, worst = (_walk(ground, homes, places, darkness, case) for case in ("lit", "dark"))
        felt = worst if darkness.unknown_light == "dark" else best
        spots = bool(len(ground.spots.spot)) and darkness.spot_factor > 1
        alone = Darkness(darkness.dark_factor, darkness.unknown_light, 1)
        return cls(
            day=ground.streets.nearest(homes, places),
            felt=felt,
            best=best.metres,
            worst=worst.metres,
            by_light=_walk(ground, homes, places, alone).metres if spots else felt.metres,
            real=_on_the_ground(ground, homes, places, darkness),
        )

    def within(self, limit: float) -> Within:
        """Tell who reaches a place within `limit` [m], in each case."""
        return Within(
            self.day.metres <= limit,
            self.felt.metres <= limit,
            self.best <= limit,
            self.worst <= limit,
            self.by_light <= limit,
        )


@dataclass(frozen=True, eq=False)
class Within:
    """
    Who reaches a place in time.

    Parameters
    ----------
    day, dark, best, worst, by_light
        (h,) by day, and after dark in each case of `DarkWalks`.
    """

    day: Bools
    dark: Bools
    best: Bools
    worst: Bools
    by_light: Bools


def _walk(
    ground: Ground, homes: GeoSeries, places: GeoSeries, darkness: Darkness, unknown: str = ""
) -> Walks:
    slow = ground.slow(darkness, unknown)
    streets = ground.streets if (slow == 1).all() else ground.streets.slowed(slow)
    return streets.nearest(homes, places)


def _on_the_ground(
    ground: Ground, homes: GeoSeries, places: GeoSeries, darkness: Darkness
) -> Floats:
    """Length of the walks that count least."""
    pieces = Pieces.cut(ground.streets, homes, places)
    return pieces.walks(pieces.spread(ground.slow(darkness)))[1]


def longer_by(day: Floats, dark: Floats) -> Floats:
    """
    Return how much longer a walk feels after dark.

    Parameters
    ----------
    day, dark
        (h,) minutes; inf where there is no walk.

    Returns
    -------
    longer
        (h,) minutes, at least 0; 0 where there is no walk by day either.
    """
    finite = np.isfinite(day) & np.isfinite(dark)
    return np.where(finite, np.maximum(np.where(finite, dark, 0) - np.where(finite, day, 0), 0), 0)
