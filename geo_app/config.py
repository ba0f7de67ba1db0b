"""
Settings: one table with name, default and help; each is an environment variable `GEO_APP_<NAME>`.

A setting that is not in the table is refused, so that a slip of the pen does
not silently start a tool with other data than meant.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from layers import Text
from layers.holidays import EVERYWHERE
from layers.publication import Rules
from layers.receipt import Periods

from .settings import LANGUAGES, PREFIX, SETTINGS, Setting, SettingsError

__all__ = ["LANGUAGES", "SETTINGS", "Setting", "Settings", "SettingsError"]

FOR_TESTS = PREFIX + "TEST_"
"""Variables that the tests alone read, such as the address of their PostgreSQL."""

SECRET_BYTES = 32


@dataclass(frozen=True)
class Settings:
    """
    How this installation is set up; see `SETTINGS` for what each field means.

    Parameters
    ----------
    city, language, var, store, crs, contact, host, port, secret
        As in the table, like all that follow; `store` and `secret`
        are not shown in logs, they hold passwords.
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
    unconfirmed_hours: int = 24
    answer_days: int = 14
    shown_days: int = 365
    text_days: int = 30
    point_days: int = 365
    undecided_days: int = 180
    log_days: int = 7
    audit_days: int = 365
    service_days: int = 7
    task_days: int = 30
    two_people: bool = False
    least_marks: int = 5
    least_sensitive: int = 10
    least_addresses: int = 8
    login_tries: int = 5
    login_wait: int = 30
    session_hours: int = 8
    session_idle: int = 30
    proxies: int = 0
    form_hours: int = 2
    form_seconds: int = 4
    marks_hourly: int = 10
    looks_hourly: int = 60
    voices_hourly: int = 30
    attack_marks: int = 120
    work_bits: int = 16
    work_wait: int = 60
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_login: str = "preferred_username"
    oidc_roles: str = "roles"
    oidc_map: tuple[tuple[str, str], ...] = ()
    leave_to: str = "https://www.dwd.de/"
    land: str = EVERYWHERE
    workers: int = 2
    worker_kind: str = "threads"
    queue: int = 20
    visitor_jobs: int = 2
    job_minutes: int = 20
    result_days: int = 30

    @property
    def periods(self) -> Periods:
        """How long what of a mark is kept."""
        return Periods(
            unconfirmed_hours=self.unconfirmed_hours,
            answer_days=self.answer_days,
            shown_days=self.shown_days,
            text_days=self.text_days,
            point_days=self.point_days,
            undecided_days=self.undecided_days,
            log_days=self.log_days,
        )

    def due_before(self, at: datetime) -> datetime:
        """Return the moment before which a mark that still waits has waited for too long."""
        return at - timedelta(days=self.service_days)

    @property
    def rules(self) -> Rules:
        """When marks are published."""
        return Rules(
            least=self.least_marks,
            least_sensitive=max(self.least_sensitive, self.least_marks),
            addresses=self.least_addresses,
            shown_days=self.shown_days,
        )

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
