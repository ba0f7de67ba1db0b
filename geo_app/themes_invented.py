"""Focus themes of the invented town: one about spots, one that needs none."""

from __future__ import annotations

from datetime import datetime, timedelta

from layers.days import day_of

from .store import Store, Themes
from .trial import PREVENTION as BY

BEGUN = timedelta(days=200)
INVENTED = (
    (
        "Gut beleuchtete Wege",
        "Wege, auf denen man abends sieht und gesehen wird.",
        ("poor_light", "no_overview", "no_one_around", "overgrown"),
    ),
    (
        "Beratung und Schutz",
        "Wer Gewalt erlebt, soll wissen, wo es Rat und Schutz gibt, und dort rasch Hilfe finden.",
        (),
    ),
)
"""Name, description and factors."""


def live_themes(store: Store, *, at: datetime) -> int:
    """
    Choose two focus themes, if the store holds none.

    Parameters
    ----------
    store
        With the invented town.
    at
        Now; the themes began some months ago.

    Returns
    -------
    count
        How many were made.
    """
    themes = Themes(store)
    if themes.all() or themes.all(taken_back=True):
        return 0
    since = at - BEGUN
    for name, about, factors in INVENTED:
        themes.add(name, about=about, factors=factors, from_on=day_of(since), by=BY, at=since)
    return len(INVENTED)
