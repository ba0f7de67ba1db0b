"""The accounts with which anybody may try the desk in the invented town, and nowhere else."""

from __future__ import annotations

from .store import People, Store

PREVENTION = "praevention"
"""Who has done in the invented town what its prevention office has done."""
TRIALS: dict[str, tuple[str, ...]] = {
    "planung": ("planner",),
    PREVENTION: ("prevention", "moderator"),
}
"""Login to roles; the passwords are random and printed once, where the town is made."""


def all_invented(store: Store) -> bool:
    """Tell whether everything the store holds is invented; an empty store holds nothing."""
    names = store.names()
    return bool(names) and all(store.provenance(name).invented for name in names)


def trials(store: Store, people: People) -> tuple[str, ...]:
    """Return the accounts of which the page for signing in should speak."""
    if not all_invented(store):
        return ()
    found = {login: people.get(login) for login in TRIALS}
    return tuple(login for login, one in found.items() if one is not None and not one.locked)
