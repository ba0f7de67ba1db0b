"""What one setting is, and how its text is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from layers import LayersError, Text
from layers.crs import is_metric
from layers.open_when import LANDS

PREFIX = "GEO_APP_"

LANGUAGES = ("de", "en")


class SettingsError(LayersError, ValueError):
    """Settings are unknown or do not fit; lists all of them."""


def as_is(value: str) -> str:
    """Take the text as it is."""
    return value


def port(value: str) -> int:
    """Accept the number of a port."""
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise SettingsError([Text("a number between 1 and 65535")])


def whole(least: int, most: int) -> Callable[[str], int]:
    """Accept whole numbers within bounds, both included."""

    def read(value: str) -> int:
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        raise SettingsError([Text("a whole number from {least} to {most}", least=least, most=most)])

    return read


def switch(value: str) -> bool:
    """Accept yes or no."""
    if value.lower() in {"yes", "no"}:
        return value.lower() == "yes"
    raise SettingsError([Text("yes or no")])


def pairs(value: str) -> tuple[tuple[str, str], ...]:
    """Accept pairs such as `a=b;c=d`."""
    parts = [part.strip().partition("=") for part in value.split(";") if part.strip()]
    if all(name and right for name, _, right in parts):
        return tuple((name.strip(), right.strip()) for name, _, right in parts)
    raise SettingsError([Text("pairs such as city-mods=moderator;it=administrator")])


def language(value: str) -> str:
    """Accept a language of the pages."""
    if value in LANGUAGES:
        return value
    raise SettingsError([Text("one of {options}", options=LANGUAGES)])


def land(value: str) -> str:
    """Accept the code of a Land, in small letters too."""
    if value.upper() in LANDS:
        return value.upper()
    raise SettingsError([Text("one of {options}", options=tuple(LANDS))])


def crs(value: str) -> str:
    """Accept a system in metres as text: a code, PROJ, WKT or a .prj or .wkt file holding one."""
    if value.lower().endswith((".prj", ".wkt")) and Path(value).is_file():
        value = Path(value).read_text(encoding="utf-8")
    try:
        fits = is_metric(CRS.from_user_input(value))
    except CRSError:
        fits = False
    if fits:
        return value
    raise SettingsError(
        [Text("a projected coordinate system in metres, such as EPSG:25832, or a .prj file of one")]
    )


KINDS_OF_WORKERS = ("threads", "processes")


def kind_of_worker(value: str) -> str:
    """Accept what long work runs on."""
    if value in KINDS_OF_WORKERS:
        return value
    raise SettingsError([Text("one of {options}", options=KINDS_OF_WORKERS)])


@dataclass(frozen=True)
class Setting:
    """
    One setting.

    Parameters
    ----------
    name
        Name in `Settings`; the variable is `GEO_APP_` and the name in capitals.
    default
        Text that stands for a variable that is not set; `{var}` is the folder of that name.
    help
        What it does, for the one who installs the tool.
    read
        Turns text into a value, or raises `SettingsError` with what it should have been.
    """

    name: str
    default: str
    help: Text
    read: Callable[[str], Any] = as_is

    @property
    def variable(self) -> str:
        """Name of its environment variable."""
        return PREFIX + self.name.upper()
