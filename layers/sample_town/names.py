"""What streets of the invented town are called."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

THEMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "centre": (
        ("Gerber", "Färber", "Küfer", "Salz", "Korn", "Fischer", "Schmied", "Bader", "Hirten",
         "Kirch", "Kloster", "Spital", "Brunnen", "Turm", "Mauer", "Weber", "Seiler", "Töpfer",
         "Metzger", "Schuster", "Hafner", "Wagner", "Löwen", "Engel", "Rosen", "Stern", "Hinter",
         "Kreuz", "Rathaus", "Markt", "Tor", "Zehnt", "Zoll", "Kessler", "Nadler", "Zimmer",
         "Müller", "Bäcker", "Glocken", "Bären", "Hirsch", "Kronen", "Eich", "Pfarr", "Münz"),
        ("gasse", "gässle"),
    ),
    "poets": (
        ("Schiller", "Uhland", "Hölderlin", "Mörike", "Kepler", "Lessing", "Hebel", "Eichendorff",
         "Storm", "Fontane", "Heine", "Droste", "Hauff", "Lenau", "Kleist", "Herder", "Wieland",
         "Mozart", "Schubert", "Beethoven", "Haydn", "Bach", "Händel", "Lortzing", "Silcher"),
        ("straße",),
    ),
    "cities": (
        ("Ulmer", "Kasseler", "Erfurter", "Mainzer", "Bremer", "Lübecker", "Bamberger",
         "Regensburger", "Wormser", "Speyerer", "Trierer", "Passauer", "Marburger", "Fuldaer",
         "Gothaer", "Weimarer", "Jenaer", "Dresdner", "Leipziger", "Stettiner", "Aachener"),
        (" Straße",),
    ),
    "birds": (
        ("Amsel", "Drossel", "Finken", "Meisen", "Star", "Schwalben", "Zeisig", "Lerchen",
         "Nachtigall", "Elster", "Falken", "Habicht", "Kiebitz", "Reiher", "Storchen", "Sperling",
         "Kranich", "Eulen", "Kuckuck", "Spatzen", "Bussard", "Rotkehlchen", "Pirol", "Wachtel",
         "Fasanen", "Specht", "Dohlen", "Gimpel", "Stieglitz", "Zaunkönig", "Tauben", "Möwen"),
        ("weg", "straße"),
    ),
    "trees": (
        ("Buchen", "Eichen", "Erlen", "Eschen", "Fichten", "Kiefern", "Tannen", "Ulmen", "Weiden",
         "Pappel", "Holunder", "Hasel", "Flieder", "Ginster", "Wacholder", "Lärchen", "Eiben",
         "Kastanien", "Akazien", "Platanen", "Linden", "Schlehdorn", "Weißdorn", "Ahorn", "Espen",
         "Zedern", "Zypressen", "Robinien", "Mispel", "Quitten", "Walnuss", "Ebereschen"),
        ("weg", "straße"),
    ),
    "flowers": (
        ("Rosen", "Nelken", "Tulpen", "Veilchen", "Astern", "Dahlien", "Lilien", "Primel", "Mohn",
         "Malven", "Krokus", "Narzissen", "Enzian", "Arnika", "Iris", "Lupinen", "Anemonen",
         "Akelei", "Fuchsien", "Geranien", "Jasmin", "Klee", "Lavendel", "Levkojen", "Salbei",
         "Thymian", "Begonien", "Margeriten", "Kornblumen", "Glockenblumen", "Hortensien"),
        ("weg", "straße"),
    ),
    "estate": (
        ("Berliner", "Danziger", "Breslauer", "Osloer", "Stockholmer", "Kopenhagener", "Wiener"),
        (" Straße", " Weg"),
    ),
    "makers": (
        ("Diesel", "Otto", "Gutenberg", "Fraunhofer", "Liebig", "Röntgen", "Bunsen", "Helmholtz"),
        ("straße",),
    ),
    "hill": (
        ("Weinberg", "Sonnen", "Panorama", "Reb", "Kelter", "Halden", "Stein", "Quellen", "Burg",
         "Schloss", "Winzer", "Trauben", "Kirschen", "Schlehen", "Hang", "Wald", "Fuchs", "Reh",
         "Dachs", "Hasen", "Igel", "Marder", "Heide", "Ginster", "Aussicht", "Tal", "Himmel"),
        ("weg", "straße"),
    ),
    "stairs": (("Himmels", "Winzer", "Stein", "Kapellen"), ("stiege",)),
    "village": (
        ("Kirch", "Linden", "Backhaus", "Bach", "Anger", "Schul", "Dorf", "Mühl", "Hof", "Acker",
         "Wiesen", "Brunnen", "Schmiede", "Garten", "Keller", "Graben", "Brühl", "Kappel"),
        ("weg", "straße", "gasse"),
    ),
    "fields": (("Holder", "Kohl", "Ried", "Lehm", "Sand", "Mittel", "Loh", "Hafer"), ("weg",)),
}  # fmt: skip
"""First and last parts of street names by theme."""
ANY = "fields"


class StreetNames:
    """
    Hands out street names, each once.

    Parameters
    ----------
    random
        Source of the variation.
    taken
        Names already in use.
    """

    def __init__(self, random: np.random.Generator, taken: set[str]) -> None:
        self._random = random
        self._taken = set(taken)
        self._open: dict[str, Iterator[str]] = {}

    def next(self, theme: str) -> str:
        """Return a name that no other street bears."""
        names = self._open.setdefault(theme, self._all(theme))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        return name

    def _all(self, theme: str) -> Iterator[str]:
        firsts, lasts = THEMES.get(theme, THEMES[ANY])
        drawn = self._random.permutation(np.array(firsts, dtype=object))
        for last in lasts:
            yield from (joined(first, last) for first in drawn)
        for number in count(2):  # more streets than names: small and parallel ones, as in towns
            yield from (f"{lesser(number, lasts[0])} {joined(first, lasts[0])}" for first in drawn)


def joined(first: str, last: str) -> str:
    """Join the parts of a German street name."""
    return f"{first}{last}"


def lesser(number: int, last: str) -> str:
    """Return what stands before the second, third … street of one name, in its gender."""
    ending = "er" if last.strip().lower() == "weg" else "es" if last.endswith("le") else "e"
    word = {2: "Klein", 3: "Unter", 4: "Ober", 5: "Hinter", 6: "Vorder"}.get(number)
    return f"{word}{ending}" if word else f"{number}."
