"""What a careful reader must know of a figure after dark."""

from __future__ import annotations

from collections.abc import Iterator

from .dark_walks import Ground
from .darkness import Darkness
from .text import Text

HALF = 0.5
"""Below this share of known ways the light is hardly known."""


def notes_on_the_dark(ground: Ground, darkness: Darkness) -> tuple[Text, ...]:
    """
    Name what was assumed about light and marked spots, and what is missing.

    Parameters
    ----------
    ground
        The ways, their light and the marked spots.
    darkness
        The factors.
    """
    return (
        *_about_light(ground),
        *_about_lamps(ground),
        *_about_spots(ground, darkness),
        *_about_feelings(darkness),
    )


def known_share(ground: Ground) -> float:
    """Share of all ways, by length, of which it is known whether they are lit [0 to 1]."""
    metres = ground.streets.metres
    unknown = metres * (ground.light.most - ground.light.least)
    return float(1 - unknown.sum() / max(metres.sum(), 1e-9))


def _about_light(ground: Ground) -> Iterator[Text]:
    metres, light = ground.streets.metres, ground.light
    whole = max(metres.sum(), 1e-9)
    lit, unlit = (metres * (1 - light.most)).sum(), (metres * light.least).sum()
    yield Text(
        "Of {km} km of ways {lit} % are lit and {unlit} % unlit; of {unknown} % nobody has noted"
        " it, by length.",
        km=round(whole / 1000, 1),
        lit=round(100 * lit / whole),
        unlit=round(100 * unlit / whole),
        unknown=round(100 * (whole - lit - unlit) / whole),
    )
    if ground.told and known_share(ground) < HALF:
        yield Text(
            "The light of most ways is not known: read the worst and the best case, not one"
            " number. Every way that is noted in OpenStreetMap (lit=yes or lit=no) narrows them."
        )
    partly = (light.state == "unknown") & (light.most < 1)
    if partly.any():
        yield Text(
            "{count} {count:way is|ways are} lit in part: that part counts as lit.",
            count=int(partly.sum()),
        )


def _about_lamps(ground: Ground) -> Iterator[Text]:
    light = ground.light
    if not light.lamps:
        yield Text("There are no street lamps in these data; only the streets themselves say.")
        return
    by_lamps = (light.by == "lamps") & (light.state != "unknown")
    yield Text(
        "Lamps decide for {ways} {ways:way that does|ways that do} not say whether there is light;"
        " {lamps} {lamps:lamp is|lamps are} mapped. A way without mapped lamps stays unknown, not"
        " dark.",
        ways=int(by_lamps.sum()),
        lamps=light.lamps,
    )
    if light.broken:
        yield Text(
            "{count} {count:lamp does|lamps do} not work and {count:lights|light} nothing, unless"
            " the street says that it is lit.",
            count=light.broken,
        )


def _about_spots(ground: Ground, darkness: Darkness) -> Iterator[Text]:
    spots = ground.spots
    if darkness.spot_factor == 1:
        yield Text("Marked unsafe spots are left out.")
    elif len(spots.table):
        yield Text(
            "At {count} published unsafe {count:spot|spots} a way counts {factor} times its length:"
            " an assumption.",
            count=len(spots.table),
            factor=darkness.spot_factor,
        )
        if spots.untold:
            yield Text(
                "{count} of them {count:does|do} not say at what time of day and"
                " {count:counts|count}.",
                count=spots.untold,
            )
    if spots.coarse:
        yield Text(
            "{count} unsafe {count:spot is|spots are} published only as a large square or district."
            " Which way is meant is not known, so none counts more.",
            count=spots.coarse,
        )
    if spots.by_day:
        yield Text(
            "{count} unsafe {count:spot was|spots were} marked by day only, and"
            " {count:does|do} not count after dark.",
            count=spots.by_day,
        )


def _about_feelings(darkness: Darkness) -> Iterator[Text]:
    yield Text(
        "An unlit way counts {factor} times its length. This is an assumption that you can change:"
        " nobody has measured how much longer such a way feels. The walk itself does not take"
        " longer, so felt and real minutes are told apart.",
        factor=darkness.dark_factor,
    )
    yield Text(
        "Unlit does not mean dangerous. The figures say which ways keep people from a place, so"
        " that they can be mended; they do not advise anybody to avoid a street."
    )
