"""Every setting: its name, default and help, and how its text is read."""

from __future__ import annotations

from pathlib import Path

from layers import Text
from layers.holidays import EVERYWHERE, LAENDER

from .setting import (
    LANGUAGES,
    PREFIX,
    Setting,
    SettingsError,
    crs,
    kind_of_worker,
    land,
    language,
    pairs,
    port,
    switch,
    whole,
)

__all__ = ["LANGUAGES", "PREFIX", "SETTINGS", "Setting", "SettingsError"]

PERIODS = (
    Setting(
        "unconfirmed_hours",
        "24",
        Text("hours after which a mark that was written but never sent is erased"),
        whole(1, 24 * 7),
    ),
    Setting(
        "answer_days",
        "14",
        Text("days for which a question to the person who sent a mark stays open"),
        whole(1, 365),
    ),
    Setting(
        "shown_days",
        "365",
        Text("days for which an accepted mark counts unless somebody says that it is still so"),
        whole(28, 3650),
    ),
    Setting(
        "text_days",
        "30",
        Text("days after the decision on a mark until its note and all questions are erased"),
        whole(0, 365),
    ),
    Setting(
        "point_days",
        "365",
        Text("days after a mark is closed until its exact point and its code are erased"),
        whole(0, 3650),
    ),
    Setting(
        "undecided_days",
        "180",
        Text(
            "days after the last step of a mark that nobody decides until its texts and its exact"
            " point are erased"
        ),
        whole(30, 3650),
    ),
    Setting("log_days", "7", Text("days after which lines of log files are erased"), whole(0, 90)),
    Setting(
        "audit_days",
        "365",
        Text("days after which entries about what staff did are erased"),
        whole(30, 3650),
    ),
)
"""How long what is kept; `python -m geo_app erase` does it."""

RULES = (
    Setting(
        "service_days",
        "7",
        Text("days within which a mark should have its first answer"),
        whole(1, 365),
    ),
    Setting(
        "task_days",
        "30",
        Text("days within which a task of the work list should be put right; then it is overdue"),
        whole(1, 3650),
    ),
    Setting(
        "two_people",
        "no",
        Text("yes: the exact point of a mark with a sensitive reason is shown to two people only"),
        switch,
    ),
    Setting(
        "least_marks",
        "5",
        Text("fewest marks that are published together; 5 or more"),
        whole(5, 1000),
    ),
    Setting(
        "least_sensitive",
        "10",
        Text("the same where one of them has a sensitive reason; 10 or more"),
        whole(10, 1000),
    ),
    Setting(
        "least_addresses",
        "8",
        Text("fewest addresses in a place that is published; 8 or more"),
        whole(8, 1000),
    ),
)
"""How marks are handled and when they are published."""

SIGN_IN = (
    Setting(
        "login_tries",
        "5",
        Text("wrong passwords for one name after which a connection waits a quarter of an hour"),
        whole(3, 100),
    ),
    Setting(
        "login_wait",
        "30",
        Text(
            "seconds an account waits after a hundred wrong passwords from everywhere; each further"
            " one doubles it, up to an hour"
        ),
        whole(1, 3600),
    ),
    Setting(
        "session_hours",
        "8",
        Text("hours after which staff have to sign in again"),
        whole(1, 24),
    ),
    Setting(
        "session_idle",
        "30",
        Text("minutes without a page after which staff have to sign in again"),
        whole(5, 24 * 60),
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
        pairs,
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
        whole(0, 5),
    ),
    Setting(
        "form_hours",
        "2",
        Text("hours after which a form of a mark has to be looked through again before sending"),
        whole(1, 24),
    ),
    Setting(
        "form_seconds",
        "4",
        Text("seconds that writing a mark takes at least; what is quicker is asked to send again"),
        whole(0, 60),
    ),
    Setting(
        "marks_hourly",
        "10",
        Text("marks that one device may send in an hour"),
        whole(1, 1000),
    ),
    Setting(
        "looks_hourly",
        "60",
        Text("codes that one device may look up in an hour"),
        whole(10, 10000),
    ),
    Setting(
        "voices_hourly",
        "30",
        Text("spots for which one device may say “me too” in an hour"),
        whole(1, 1000),
    ),
    Setting(
        "attack_marks",
        "120",
        Text("marks of all devices in an hour from which on each costs a short computation"),
        whole(1, 1000000),
    ),
    Setting(
        "work_bits",
        "16",
        Text("size of that computation: each more doubles it; 16 takes a phone about a second"),
        whole(1, 24),
    ),
    Setting(
        "work_wait",
        "60",
        Text("seconds that somebody without scripts waits instead of computing"),
        whole(5, 3600),
    ),
    Setting(
        "leave_to",
        "https://www.dwd.de/",
        Text("harmless page that “leave quickly” goes to"),
    ),
)
"""What keeps machines from sending marks, without any third party."""

LONG_WORK = (
    Setting(
        "workers",
        "2",
        Text("pieces of long work, such as proofs of the best sites, that run at the same time"),
        whole(1, 64),
    ),
    Setting(
        "worker_kind",
        "threads",
        Text(
            "threads, or processes: these need memory for the city each, and are worth it with many"
            " processors and many people asking at once"
        ),
        kind_of_worker,
    ),
    Setting("queue", "20", Text("pieces of long work that may wait for their turn"), whole(1, 500)),
    Setting(
        "visitor_jobs",
        "2",
        Text("pieces of long work that one visitor who is not signed in may have under way"),
        whole(1, 100),
    ),
    Setting(
        "job_minutes",
        "20",
        Text("minutes after which long work is stopped"),
        whole(1, 24 * 60),
    ),
    Setting(
        "result_days",
        "30",
        Text("days for which results of long work are kept on the disk"),
        whole(1, 3650),
    ),
)
"""How long work is done."""

SETTINGS: tuple[Setting, ...] = (
    Setting("city", "", Text("name of the city, shown on every page")),
    Setting(
        "language",
        "de",
        Text("language of the pages until somebody chooses another one"),
        language,
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
        crs,
    ),
    Setting(
        "contact",
        "",
        Text("whom to write to, shown on the page about this site: a name and an e-mail address"),
    ),
    Setting(
        "land",
        EVERYWHERE,
        Text(
            "Land of the city, whose public holidays count: {codes}; {none} is none in particular",
            codes=tuple(LAENDER),
            none=EVERYWHERE,
        ),
        land,
    ),
    Setting("host", "127.0.0.1", Text("address to serve at; 0.0.0.0 is every network")),
    Setting("port", "5000", Text("port to serve at"), port),
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
    *LONG_WORK,
)
"""Every setting there is."""
