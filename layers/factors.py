"""What makes a spot feel unsafe or at ease, and which office can do something about it."""

from dataclasses import dataclass

from .facts import facts
from .text import Text


@dataclass(frozen=True)
class Office:
    """
    Who puts something right.

    Parameters
    ----------
    name
        Name in addresses and files.
    label
        What it is called in a sentence.
    contact
        Address for internal mail, "" until the city fills it in; never public.
    source
        Why this office.
    """

    name: str
    label: Text
    contact: str
    source: str


@dataclass(frozen=True)
class Factor:
    """
    One reason for a mark: a property of the place or a behaviour, never a kind of people.

    Parameters
    ----------
    name
        Name in addresses and files.
    label, about
        What is ticked, and a sentence that helps to choose.
    group
        "place" or "behaviour".
    kinds
        Kinds of mark it can be given for: "unsafe", "at_ease".
    office
        Name of the office that can do something about it, or should know.
    sensitive
        Published only from more marks on; revealing an exact point may need two people.
    pictogram
        Name of the drawing beside it.
    source
        Who found that it matters.
    """

    name: str
    label: Text
    about: Text
    group: str
    kinds: tuple[str, ...]
    office: str
    sensitive: bool
    pictogram: str
    source: str


OFFICES: dict[str, Office] = {
    name: Office(name, Text(entry["label"]), entry["contact"], entry["source"])
    for name, entry in facts("offices").items()
}
"""All offices, from data/offices.toml."""

FACTORS: dict[str, Factor] = {
    name: Factor(
        name,
        Text(entry["label"]),
        Text(entry["about"]),
        entry["group"],
        tuple(entry["kinds"]),
        entry["office"],
        entry["sensitive"],
        entry["pictogram"],
        entry["source"],
    )
    for name, entry in facts("factors").items()
}
"""All factors in the order of the form, from data/factors.toml."""


def factors_of(kind: str) -> dict[str, Factor]:
    """Return the factors that a mark of `kind` can name, in the order of the form."""
    return {name: factor for name, factor in FACTORS.items() if kind in factor.kinds}


def is_sensitive(factors: tuple[str, ...] | list[str]) -> bool:
    """Tell whether any of the factors named is sensitive; unknown names are not."""
    return any(name in FACTORS and FACTORS[name].sensitive for name in factors)


def offices_of(factors: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the offices responsible for the factors named, each once, in the factors' order."""
    named = (FACTORS[name].office for name in factors if name in FACTORS)
    return tuple(dict.fromkeys(named))
