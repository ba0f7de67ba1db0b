"""Invented marks live as real ones do."""

import pytest

from geo_app.origin import Import, Origin
from geo_app.store import Filter
from geo_app.store.marks_invented import BY, live
from layers import LAYERS
from layers.marks import State
from layers.sample_town import sample_town
from layers.sample_town.marks import sample_marks

from .mark_samples import NOON


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.usefixtures("engine")
def test_the_invented_marks_are_sent_read_and_released(store, marks, people):
    """Each ends in the state it was invented in, with a history that holds; done once only."""
    town = sample_town(seed=1)
    origin = Origin(file="town", invented=True)
    store.write([Import(LAYERS[n], t, origin) for n, t in town.items()], at=NOON)
    invented, _ = sample_marks(town, seed=1, at=NOON)
    assert live(marks, invented, at=NOON) == len(invented)
    wanted = invented["state"].value_counts()
    told = marks.queue(Filter(states=list(State)), at=NOON, limit=10_000)
    assert len(told) == len(invented)
    for state in ("rejected", "withdrawn", "asked"):
        assert sum(one.mark.state == state for one in told) == wanted.get(state, 0)
    accepted = [one.mark for one in told if one.mark.state is State.PUBLISHED]
    assert len(accepted) >= wanted["published"]
    for one in told:
        assert marks.history(one.mark.id)[-1].at <= NOON
    pins = store.read("pins")
    assert len(pins) > 0
    assert pins["marks"].min() >= 5
    assert pins["marks"].sum() <= len(accepted)
    assert store.provenance("pins").invented
    voices = sum(marks.voices(pin) for pin in pins.index)
    assert 0 < voices <= len(marks.voice_days())
    assert {entry.by for entry in people.audit_log(limit=10_000)} == {BY}
    assert people.verify_audit() == ()
    assert live(marks, invented, at=NOON) == 0
