"""Why a figure moved: parts add up, nothing gets nothing, order does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.attribution import MOST, attribution

NAMES = ("people", "places", "streets")


def from_table(values):
    """Return a figure that is looked up by what has happened."""
    return lambda happened: np.array([values[happened]])


def test_two_causes_by_pencil():
    """0 → 4 by a alone, 2 by b alone, 10 by both: a brings (4 + 8) / 2, b brings (2 + 6) / 2."""
    values = {
        frozenset(): 0.0,
        frozenset("a"): 4.0,
        frozenset("b"): 2.0,
        frozenset("ab"): 10.0,
    }
    parts = attribution(from_table(values), ["a", "b"])
    assert (parts["a"][0], parts["b"][0]) == (pytest.approx(6), pytest.approx(4))


@given(st.integers(0, 2**32 - 1))
def test_parts_add_up_and_order_does_not_matter(seed):
    """Whatever the figures do, the parts are the whole difference."""
    rng = np.random.default_rng(seed)
    known: dict[frozenset[str], np.ndarray] = {}

    def value(happened):
        return known.setdefault(happened, rng.normal(size=2))

    parts = attribution(value, NAMES)
    whole = known[frozenset(NAMES)] - known[frozenset()]
    assert sum(parts.values()) == pytest.approx(whole)
    backwards = attribution(value, NAMES[::-1])
    assert all(backwards[name] == pytest.approx(parts[name]) for name in NAMES)


def test_what_changes_nothing_gets_nothing():
    """A layer that was imported again without a difference explains nothing."""
    parts = attribution(lambda happened: np.array([float("a" in happened)]), ["a", "idle"])
    assert parts["idle"][0] == 0
    assert parts["a"][0] == 1


def test_too_many_causes_are_refused():
    """The work doubles with each; nobody waits for a thousand runs."""
    with pytest.raises(ValueError, match="can be told apart"):
        attribution(lambda _: np.zeros(1), [str(n) for n in range(MOST + 1)])
