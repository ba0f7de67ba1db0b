"""Every setting: its name, default and help, and how its text is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from layers import LayersError, Text
from layers.crs import is_metric

PREFIX = "GEO_APP_"

LANGUAGES = ("de", "en")


class SettingsError(LayersError, ValueError):
    """Settings are unknown or do not fit; lists all of them."""


def _text(value: str) -> str:
    return value


def _port(value: str) -> int:
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise SettingsError([Text("a number between 1 and 65535")])


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Accept whole numbers within bounds, both included."""

    def read(value: str) -> int:
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        raise SettingsError([Text("a whole number from {least} to {most}", least=least, most=most)])

    return read


def _switch(value: str) -> bool:
    if value.lower() in {"yes", "no"}:
        return value.lower() == "yes"
    raise SettingsError([Text("yes or no")])


def _pairs(value: str) -> tuple[tuple[str, str], ...]:
    """Accept pairs such as `a=b;c=d`."""
    parts = [part.strip().partition("=") for part in value.split(";") if part.strip()]
    if all(name and right for name, _, right in parts):
        return tuple((name.strip(), right.strip()) for name, _, right in parts)
    raise SettingsError([Text("pairs such as city-mods=moderator;it=administrator")])


def _language(value: str) -> str:
    if value in LANGUAGES:
        return value
    raise SettingsError([Text("one of {options}", options=LANGUAGES)])


def _crs(value: str) -> str:
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
    read: Callable[[str], Any] = _text

    @property
    def variable(self) -> str:
        """Name of its environment variable."""
        return PREFIX + self.name.upper()


PERIODS = (
    Setting(
        "unconfirmed_hours",
        "24",
        Text("hours after which a mark that was written but never sent is erased"),
        _whole(1, 24 * 7),
    ),
    Setting(
        "answer_days",
        "14",
        Text("days for which a question to the person who sent a mark stays open"),
        _whole(1, 365),
    ),
    Setting(
        "shown_days",
        "365",
        Text("days for which an accepted mark counts unless somebody says that it is still so"),
        _whole(28, 3650),
    ),
    Setting(
        "text_days",
        "30",
        Text("days after the decision on a mark until its note and all questions are erased"),
        _whole(0, 365),
    ),
    Setting(
        "point_days",
        "365",
        Text("days after a mark is closed until its exact point and its code are erased"),
        _whole(0, 3650),
    ),
    Setting(
        "undecided_days",
        "180",
        Text(
            "days after the last step of a mark that nobody decides until its texts and its exact"
            " point are erased"
        ),
        _whole(30, 3650),
    ),
    Setting("log_days", "7", Text("days after which lines of log files are erased"), _whole(0, 90)),
    Setting(
        "audit_days",
        "365",
        Text("days after which entries about what staff did are erased"),
        _whole(30, 3650),
    ),
)
"""How long what is kept; `python -m geo_app erase` does it."""

RULES = (
    Setting(
        "service_days",
        "7",
        Text("days within which a mark should have its first answer"),
        _whole(1, 365),
    ),
    Setting(
        "two_people",
        "no",
        Text("yes: the exact point of a mark with a sensitive reason is shown to two people only"),
        _switch,
    ),
    Setting(
        "least_marks",
        "5",
        Text("fewest marks that are published together; 5 or more"),
        _whole(5, 1000),
    ),
    Setting(
        "least_sensitive",
        "10",
        Text("the same where one of them has a sensitive reason; 10 or more"),
        _whole(10, 1000),
    ),
    Setting(
        "least_addresses",
        "8",
        Text("fewest addresses in a place that is published; 8 or more"),
        _whole(8, 1000),
    ),
)
"""How marks are handled and when they are published."""

SIGN_IN = (
    Setting(
        "login_tries",
        "5",
        Text("wrong passwords for one name after which a connection waits a quarter of an hour"),
        _whole(3, 100),
    ),
    Setting(
        "login_wait",
        "30",
        Text(
            "seconds an account waits after a hundred wrong passwords from everywhere; each further"
            " one doubles it, up to an hour"
        ),
        _whole(1, 3600),
    ),
    Setting(
        "session_hours",
        "8",
        Text("hours after which staff have to sign in again"),
        _whole(1, 24),
    ),
    Setting(
        "session_idle",
        "30",
        Text("minutes without a page after which staff have to sign in again"),
        _whole(5, 24 * 60),
    ),
)
"""How staff sign in."""

SERVICE = (
    Setting(
        "oidc_issuer",
        "",
        Text(
            "sign-in service of the city (OpenID Connect): its address, such as"
            " https://login.example.org/realms/city; empty is none"
        ),
    ),
    Setting("oidc_client", "", Text("name under which that service knows this tool")),
    Setting("oidc_secret", "", Text("secret that this tool shares with that service")),
    Setting(
        "oidc_login",
        "preferred_username",
        Text("claim of that service that is the name to sign in with; unique and lasting"),
    ),
    Setting("oidc_roles", "roles", Text("claim of that service that lists roles or groups")),
    Setting(
        "oidc_map",
        "",
        Text(
            "which of its values are which role, such as city-mods=moderator;it=administrator;"
            " empty: the values are the names of roles"
        ),
        _pairs,
    ),
)
"""How staff sign in by a service of the city."""

LIMITS = (
    Setting(
        "proxies",
        "0",
        Text(
            "web servers in front of this one whose word on a visitor’s address is trusted;"
            " with none, all visitors of a web server in front share one limit"
        ),
        _whole(0, 5),
    ),
    Setting(
        "form_hours",
        "2",
        Text("hours after which a form of a mark has to be looked through again before sending"),
        _whole(1, 24),
    ),
    Setting(
        "form_seconds",
        "4",
        Text("seconds that writing a mark takes at least; what is quicker is asked to send again"),
        _whole(0, 60),
    ),
    Setting(
        "marks_hourly",
        "10",
        Text("marks that one device may send in an hour"),
        _whole(1, 1000),
    ),
    Setting(
        "looks_hourly",
        "60",
        Text("codes that one device may look up in an hour"),
        _whole(10, 10000),
    ),
    Setting(
        "voices_hourly",
        "30",
        Text("spots for which one device may say “me too” in an hour"),
        _whole(1, 1000),
    ),
    Setting(
        "attack_marks",
        "120",
        Text("marks of all devices in an hour from which on each costs a short computation"),
        _whole(1, 1000000),
    ),
    Setting(
        "work_bits",
        "16",
        Text("size of that computation: each more doubles it; 16 takes a phone about a second"),
        _whole(1, 24),
    ),
    Setting(
        "work_wait",
        "60",
        Text("seconds that somebody without scripts waits instead of computing"),
        _whole(5, 3600),
    ),
    Setting(
        "leave_to",
        "https://www.dwd.de/",
        Text("harmless page that “leave quickly” goes to"),
    ),
)
"""What keeps machines from sending marks, without any third party."""

SETTINGS: tuple[Setting, ...] = (
    Setting("city", "", Text("name of the city, shown on every page")),
    Setting(
        "language",
        "de",
        Text("language of the pages until somebody chooses another one"),
        _language,
    ),
    Setting("var", "var", Text("folder for everything that is made while working"), Path),
    Setting(
        "store",
        "sqlite:///{var}/store.sqlite",
        Text(
            "where the city’s data are kept: sqlite:///folder/file.sqlite or"
            " postgresql://user:password@host/database"
        ),
    ),
    Setting(
        "crs",
        "EPSG:25832",
        Text(
            "coordinate system of the city, in metres: EPSG:25832 (most of Germany), EPSG:25833"
            " (the east), or a .prj file; settled when the store is made"
        ),
        _crs,
    ),
    Setting(
        "contact",
        "",
        Text("whom to write to, shown on the page about this site: a name and an e-mail address"),
    ),
    Setting("host", "127.0.0.1", Text("address to serve at; 0.0.0.0 is every network")),
    Setting("port", "5000", Text("port to serve at"), _port),
    Setting(
        "secret",
        "",
        Text(
            "key that signs cookies; left empty, one is made and kept in the file {file}",
            file="var/secret",
        ),
    ),
    *PERIODS,
    *RULES,
    *SIGN_IN,
    *SERVICE,
    *LIMITS,
)
"""Every setting there is."""
