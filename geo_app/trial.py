"""The account with which anybody may plan in the invented town, and nowhere else."""

from __future__ import annotations

from .store import People, Store

TRIAL = "planung"
"""Its name; its password is random and printed once, where the town is made."""


def all_invented(store: Store) -> bool:
    """Tell whether everything the store holds is invented; an empty store holds nothing."""
    names = store.names()
    return bool(names) and all(store.provenance(name).invented for name in names)


def has_trial(store: Store, people: People) -> bool:
    """Tell whether the page for signing in should speak of the account."""
    found = people.get(TRIAL) if all_invented(store) else None
    return found is not None and not found.locked
