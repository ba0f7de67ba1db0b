"""What a password, a name to sign in with and roles have to be like."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from layers import Text

from .codes import ALPHABET
from .people_kept import ROLES

SHORTEST, LONGEST = 12, 200
"""Length of a password [characters]; a limit above keeps hashing quick."""


def one_time_password() -> str:
    """Return a password that is easy to read out: four groups of four characters, 79 bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(drawn[i : i + 4] for i in range(0, 16, 4)).lower()


def password_faults(password: str, login: str) -> list[Text]:
    """Return everything that is wrong with a password."""
    wrong = {
        Text("a password needs at least {least} characters", least=SHORTEST): (
            len(password) < SHORTEST
        ),
        Text("a password has at most {most} characters", most=LONGEST): len(password) > LONGEST,
        Text("the password must not be made of the name to sign in with"): (
            _made_of(password, login) or _made_of(password, login.partition("@")[0])
        ),
        Text("the password repeats a few characters only"): len(set(password)) < 5,
    }
    return [fault for fault, here in wrong.items() if here]


def _made_of(password: str, name: str) -> bool:
    """Tell whether a password is a name, perhaps several times and with digits beside it."""
    bare, known = ("".join(c for c in text.casefold() if c.isalpha()) for text in (password, name))
    return bool(known and bare) and not bare.replace(known, "")


def login_faults(login: str) -> list[Text]:
    """Return what is wrong with a name to sign in with."""
    good = 2 <= len(login) <= 100 and all(c.isalnum() or c in "._-@+" for c in login)
    if good:
        return []
    return [Text("a name to sign in with has 2 to 100 letters, digits or . _ - @ +")]


def role_faults(roles: Collection[str]) -> list[Text]:
    """Return what is wrong with roles."""
    wrong = [
        Text("“{role}” is not a role; there are {known}", role=role, known=tuple(ROLES))
        for role in sorted(set(roles) - set(ROLES))
    ]
    return wrong if roles else [Text("choose a role: {known}", known=tuple(ROLES))]
