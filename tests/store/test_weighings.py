"""The city's own weights: the latest hold, every choice is kept with its reason."""

from datetime import timedelta

import pytest

from geo_app.store import ThemeError
from geo_app.store.weighings import LONGEST_REASON, Weighings
from layers import ParameterError
from layers.priorities import PARTS

from .mark_samples import NOON

EQUAL = dict.fromkeys(PARTS, 1.0)


@pytest.fixture
def weighings(store):
    """Weights of an empty store: nobody has chosen any."""
    return Weighings(store)


def test_nobody_has_chosen_at_first(weighings):
    assert (weighings.latest(), weighings.all()) == (None, [])


def test_the_latest_choice_holds_and_the_earlier_ones_are_kept(weighings):
    first = weighings.save(EQUAL, unknown="left_out", reason="trial", by="pia", at=NOON)
    later = NOON + timedelta(days=1)
    second = weighings.save(
        EQUAL | {"near": 2.5}, unknown="low", reason=" council, 3 March ", by="paul", at=later
    )
    assert weighings.latest() == second
    assert weighings.all() == [second, first]
    assert (second.weights["near"], second.reason, second.by, second.at) == (
        2.5, "council, 3 March", "paul", later,
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "  ", "x" * (LONGEST_REASON + 1)])
def test_without_a_reason_nothing_is_saved(weighings, reason):
    with pytest.raises(ThemeError):
        weighings.save(EQUAL, unknown="left_out", reason=reason, by="pia", at=NOON)
    assert weighings.all() == []


def test_weights_that_cannot_be_are_not_saved(weighings):
    for weights, unknown in ((EQUAL | {"near": -1}, "low"), ({}, "low"), (EQUAL, "guess")):
        with pytest.raises(ParameterError):
            weighings.save(weights, unknown=unknown, reason="why", by="pia", at=NOON)
    assert weighings.all() == []
