"""
Settings: one table with name, default and help; each is an environment variable `GEO_APP_<NAME>`.

A setting that is not in the table is refused, so that a slip of the pen does
not silently start a tool with other data than meant.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from pyproj import CRS
from pyproj.exceptions import CRSError

from layers import LayersError, Text
from layers.crs import is_metric

PREFIX = "GEO_APP_"
FOR_TESTS = PREFIX + "TEST_"
"""Variables that the tests alone read, such as the address of their PostgreSQL."""

LANGUAGES = ("de", "en")
SECRET_BYTES = 32


class SettingsError(LayersError, ValueError):
    """Settings are unknown or do not fit; lists all of them."""


def _text(value: str) -> str:
    return value


def _port(value: str) -> int:
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise SettingsError([Text("a number between 1 and 65535")])


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
)
"""Every setting there is."""


@dataclass(frozen=True)
class Settings:
    """
    How this installation is set up; see `SETTINGS` for what each field means.

    Parameters
    ----------
    city, language, var, store, crs, contact, host, port, secret
        As in the table; `store` and `secret` are not shown in logs, they hold passwords.
    """

    city: str
    language: str
    var: Path
    store: str = field(repr=False)
    crs: str
    contact: str
    host: str
    port: int
    secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """
        Read the settings; makes the secret if there is none yet.

        Parameters
        ----------
        environ
            Variables and their text; by default those of this process.

        Raises
        ------
        SettingsError
            Lists every setting that is unknown or does not fit.
        """
        environ = os.environ if environ is None else environ
        faults = _unknown(environ)
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            given = environ.get(setting.variable, "").strip()
            try:
                values[setting.name] = setting.read(given or setting.default)
            except SettingsError as error:
                faults.append(
                    Text(
                        "{variable} must be {rule}, not “{given}”",
                        variable=setting.variable,
                        rule=error.faults[0],
                        given=given,
                    )
                )
        if faults:
            raise SettingsError(faults)
        if not environ.get(PREFIX + "STORE", "").strip():
            values["store"] = values["store"].format(var=values["var"])
        return cls(**values | {"secret": values["secret"] or _kept_secret(values["var"])})


def _unknown(environ: Mapping[str, str]) -> list[Text]:
    known = {setting.variable for setting in SETTINGS}
    return [
        Text(
            "{variable} is not a setting; there are {known}",
            variable=name,
            known=tuple(sorted(known)),
        )
        for name in sorted(environ)
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and name not in known
    ]


def _kept_secret(var: Path) -> str:
    """Read the secret of this installation, or make one that only this account can read."""
    path = var / "secret"
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            [
                Text(
                    "the key that signs cookies cannot be kept in {path} ({reason}); choose a"
                    " folder this account may write to with GEO_APP_VAR, or set GEO_APP_SECRET",
                    path=str(path),
                    reason=error.strerror or str(error),
                )
            ]
        ) from error
    if not secret:
        raise SettingsError([Text("the file {path} is empty; delete it", path=str(path))])
    return secret


def _make_secret(path: Path) -> None:
    """Write it whole under another name first: programs that start together share one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(SECRET_BYTES), encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
