"""Who may and can use a way: rules over what mappers have noted, unknown kept apart."""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame

from .facts import facts
from .paths import Bools

WALKING = facts("walking")
NOT_WALKABLE = frozenset(WALKING["on_foot"]["not_walkable"])
STEP_FREE = WALKING["step_free"]


def walkable(streets: GeoDataFrame) -> Bools:
    """Tell which ways a person may walk: explicitly allowed, or not closed by their kind."""
    closed = streets["kind"].isin(NOT_WALKABLE)
    return ((streets["foot"] == "yes") | ((streets["foot"] == "unknown") & ~closed)).to_numpy()


def steps(streets: GeoDataFrame) -> pd.Series[str]:
    """Tell which ways have steps: yes, no or unknown."""
    return streets["steps"].mask(streets["kind"] == "steps", "yes")


def step_free(streets: GeoDataFrame) -> pd.Series[str]:
    """
    Tell which ways can be used in a wheelchair: yes, no or unknown.

    What mappers say about wheelchairs comes first; else steps, rough surfaces
    and steep slopes say no, an even surface without any of these says yes.
    """
    hindered = (
        (steps(streets) == "yes")
        | streets["surface"].isin(STEP_FREE["no_surface"])
        | streets["smoothness"].isin(STEP_FREE["no_smoothness"])
        | (streets["incline"] > STEP_FREE["steepest"])
    )
    even = streets["surface"].isin(STEP_FREE["yes_surface"])
    told = pd.Series("unknown", index=streets.index, dtype="str")
    told = told.mask(even, "yes").mask(hindered, "no")
    told = told.mask(streets["wheelchair"].isin(["yes", "limited"]), "yes")
    return told.mask(streets["wheelchair"] == "no", "no")
