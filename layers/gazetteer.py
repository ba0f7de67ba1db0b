"""
Search for streets, addresses, places and districts of the city by name, without a map.

Forgiving: case, umlauts, "ss" for "ß", "Str." for "Straße", hyphens and small
typing errors do not matter. Nothing leaves the city's own tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from rapidfuzz import fuzz, process

from .text import Text

KINDS: dict[str, Text] = {
    "street": Text("street"),
    "address": Text("address"),
    "meeting_place": Text("meeting place"),
    "district": Text("district"),
}
"""Kinds of candidate; equally good ones come in this order."""

SCORE_LEAST = 72.0
"""Names less similar than this are not meant [0 to 100]."""
SAME_STREET = 300.0
"""Pieces of one name farther apart than this are two streets [m]."""
LONGEST = 200

NEAR = re.compile(
    r"^\s*(?:near|close to|next to|by|at|opposite|behind|in front of|in der nähe von|nahe|nähe|bei|"
    r"beim|neben|am|an der|vor|vorm|hinter|gegenüber(?: von)?)\s+(?:(?:the|der|dem|den)\s+)?",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^(?P<street>.*\D)\s*(?P<number>\d{1,4})\s*(?P<letter>[a-z]?)$")
STREET = re.compile(r"(?:\bstr\b\.?|str\.|(?<=\w)str\b)")

NO_WORD = re.compile(r"[\W_]+")


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
    score: float = 100.0


@dataclass(frozen=True)
class Gazetteer:
    """
    All names of a city, prepared for searching; build it once per version of the layers.

    Parameters
    ----------
    entries
        All places with a name.
    names
        Their folded names without repetition; each stands for the entries in `found`.
    found
        Folded name → positions in `entries`.
    """

    entries: tuple[Candidate, ...]
    names: tuple[str, ...]
    found: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(
        cls,
        *,
        streets: GeoDataFrame | None = None,
        buildings: GeoDataFrame | None = None,
        meeting_places: GeoDataFrame | None = None,
        districts: GeoDataFrame | None = None,
    ) -> Gazetteer:
        """
        Prepare the names of the city's layers; what is missing is left out.

        Parameters
        ----------
        streets, buildings, meeting_places, districts
            Layers of the store [m]; buildings give addresses.
        """
        parts = [
            *(_streets(streets) if streets is not None else ()),
            *(_named(buildings, "address", "address") if buildings is not None else ()),
            *(_named(meeting_places, "meeting_place") if meeting_places is not None else ()),
            *(_named(districts, "district") if districts is not None else ()),
        ]
        entries = tuple(_in_districts(parts, districts))
        found: dict[str, list[int]] = defaultdict(list)
        for position, entry in enumerate(entries):
            found[folded(entry.name)].append(position)
        searched = tuple(name for name in found if not _is_address_only(found[name], entries))
        return cls(entries, searched, {name: tuple(at) for name, at in found.items()})

    def search(self, text: str, *, most: int = 8) -> list[Candidate]:
        """
        Return the best candidates for what somebody typed, the best first.

        Parameters
        ----------
        text
            A street, a street with house number, a place or a district;
            "near …" before it is understood. Too long or empty finds nothing.
        most
            Most candidates returned.

        Returns
        -------
        candidates
            None if nothing is similar enough.
        """
        typed = text[:LONGEST]
        ways = (typed, NEAR.sub("", typed), NEAR.sub("", typed).split(",")[0])
        meant = dict.fromkeys(folded(way) for way in ways)
        found = [c for asked in meant if len(asked) >= 2 for c in self._candidates(asked, most)]
        order = list(KINDS)
        found.sort(key=lambda c: (-c.score, order.index(c.kind), c.name, c.district, c.x, c.y))
        return _once(found)[:most]

    def _candidates(self, asked: str, most: int) -> list[Candidate]:
        """Return everything that fits a folded text, in no order."""
        exact = [self.entries[at] for at in self.found.get(asked, ())]
        similar = [
            replace(self.entries[at], score=round(score, 1))
            for name, score in self._similar(asked, most)
            for at in self.found[name]
        ]
        return [*exact, *([] if exact else self._house(asked, most)), *similar]

    def _similar(self, asked: str, most: int) -> list[tuple[str, float]]:
        """Return folded names similar to what was asked, with their scores."""
        close = process.extract(
            asked, self.names, scorer=fuzz.WRatio, limit=4 * most, score_cutoff=SCORE_LEAST
        )
        told = [(name, _score(asked, name)) for name, _, _ in close]
        return [(name, score) for name, score in told if score >= SCORE_LEAST]

    def _house(self, asked: str, most: int) -> list[Candidate]:
        """Return houses of the number asked in streets similar to the one asked, or near it."""
        match = NUMBER.match(asked)
        if match is None:
            return []
        houses: list[Candidate] = []
        number = match["number"]
        for street, score in self._similar(match["street"].strip(), most):
            for name in (f"{street} {number}{match['letter']}", f"{street} {number}"):
                houses += [
                    replace(self.entries[at], score=round(score, 1))
                    for at in self.found.get(name, ())
                ]
        return houses


def folded(text: str) -> str:
    """Return a name as it is compared: lower case, umlauts and ß as ae, oe, ue, ss, words apart."""
    told = unicodedata.normalize("NFC", text).casefold()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        told = told.replace(letter, pair)
    told = STREET.sub("strasse ", told)
    if not told.isascii():
        parts = unicodedata.normalize("NFKD", told)
        told = "".join(c for c in parts if not unicodedata.combining(c))
    words = NO_WORD.sub(" ", told).strip()
    joined = re.sub(r"\s+(?=strasse\b)", "", words)
    return re.sub(r"(\d)\s+(?=[a-z]\b)", r"\1", joined)


def _score(asked: str, name: str) -> float:
    """
    Rate how well a name fits: whole name, its beginning, or one of its words.

    The beginning counts, because people type until they see what they mean.
    """
    whole = fuzz.ratio(asked, name)
    if name == asked:
        return 100.0
    if len(asked) >= 3 and name.startswith(asked):
        return max(whole, 96.0)
    if len(asked) >= 3 and f" {asked}" in f" {name}":
        return max(whole, 92.0)
    start = fuzz.ratio(asked, name[: len(asked)]) if len(asked) >= 5 else 0.0
    words = fuzz.token_set_ratio(asked, name) if len(asked) >= 5 else 0.0
    return float(max(whole, 0.94 * start, 0.9 * words))


def _is_address_only(positions: Iterable[int], entries: tuple[Candidate, ...]) -> bool:
    """Addresses are found by street and number, so the index of names stays small."""
    return all(entries[at].kind == "address" for at in positions)


def _streets(streets: GeoDataFrame) -> Iterator[Candidate]:
    """Return one entry for each street; pieces of a name far apart are several streets."""
    named = streets[streets["name"] != ""]
    lines = named.geometry.to_numpy()
    for name, rows in named.groupby("name", sort=True).indices.items():
        groups = _clusters(lines[rows])
        for number in np.unique(groups):
            middle = _middle(lines[rows[groups == number]])
            yield Candidate(str(name), "street", *middle, "")


def _middle(lines: Any) -> tuple[float, float]:
    """Return the point of the lines that is nearest to their middle [m]."""
    middle = shapely.centroid(shapely.multilinestrings(lines))
    nearest = lines[int(np.argmin(shapely.distance(lines, middle)))]
    point = shapely.line_interpolate_point(nearest, shapely.line_locate_point(nearest, middle))
    return float(point.x), float(point.y)


def _clusters(lines: Any) -> Any:
    """Number the groups of lines that lie within `SAME_STREET` of one another."""
    group = np.arange(len(lines))
    if len(lines) == 1:
        return group
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=SAME_STREET)
    changed = True
    while changed:
        lowest = group.copy()
        np.minimum.at(lowest, left, group[right])
        changed = bool((lowest != group).any())
        group = lowest
    return group


def _named(table: GeoDataFrame, kind: str, column: str = "name") -> Iterator[Candidate]:
    """Return an entry for each named row that has a place; equal names nearby once."""
    here = table[(table[column] != "") & ~table.geometry.isna() & ~table.geometry.is_empty]
    points = shapely.point_on_surface(here.geometry.to_numpy())
    x, y = shapely.get_x(points), shapely.get_y(points)
    spots = pd.DataFrame({"name": here[column].to_numpy(), "x": x, "y": y})
    block = (spots["x"] // SAME_STREET).astype(int), (spots["y"] // SAME_STREET).astype(int)
    first = ~pd.DataFrame({"name": spots["name"], "e": block[0], "n": block[1]}).duplicated()
    for name, east, north in spots[first].itertuples(index=False):
        yield Candidate(str(name), kind, float(east), float(north), "")


def _in_districts(entries: list[Candidate], districts: GeoDataFrame | None) -> Iterator[Candidate]:
    """Fill in the smallest district around each entry."""
    if districts is None or districts.empty or not entries:
        yield from entries
        return
    by_size = districts.iloc[np.argsort(-districts.geometry.area.to_numpy(), kind="stable")]
    points = shapely.points([e.x for e in entries], [e.y for e in entries])
    inside = np.full(len(entries), "", dtype=object)
    entry, area = shapely.STRtree(by_size.geometry.to_numpy()).query(points, predicate="intersects")
    order = np.argsort(area, kind="stable")
    inside[entry[order]] = by_size["name"].to_numpy()[area[order]]
    for candidate, district in zip(entries, inside, strict=True):
        yield replace(candidate, district=str(district))


def _once(ranked: Iterable[Candidate]) -> list[Candidate]:
    """Keep the best of each place."""
    seen: dict[tuple[str, str, float, float], Candidate] = {}
    for candidate in ranked:
        key = (candidate.name, candidate.kind, candidate.x, candidate.y)
        seen.setdefault(key, candidate)
    return list(seen.values())
