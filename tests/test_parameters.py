"""What may be asked is read from the signature; every fault is told at once."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import ANALYSES, ParameterError, Text
from layers.parameters import (
    Bounds,
    Choice,
    Choices,
    Flag,
    Named,
    flat,
    parameters_of,
    parse,
    write,
)
from layers.question import Question
from layers.sources.meeting_places import KINDS
from layers.walkers import WALKERS

COVERAGE = ANALYSES["coverage"]


def test_the_form_comes_from_the_signature():
    """Text becomes one checked value; what is not given has its default."""
    assert COVERAGE.parse({"minutes": "5", "free_only": "yes"}) == {
        "question": Question(minutes=5.0, free_only=True)
    }


def test_a_german_decimal_comma_is_understood():
    """A clerk types 7,5."""
    assert COVERAGE.parse({"minutes": "7,5"})["question"].minutes == 7.5


def test_several_kinds_come_repeated_or_with_commas():
    """Checkboxes repeat a name; the command line uses commas; order does not matter."""
    asked = [
        COVERAGE.parse({"kinds": text})["question"].kinds
        for text in (["park", "library"], "library,park", ["library, park"])
    ]
    assert asked == [("library", "park")] * 3


def test_every_fault_is_told_at_once():
    """Four things are wrong, four sentences say so."""
    with pytest.raises(ParameterError) as caught:
        COVERAGE.parse(
            {"minutes": "0", "walker": "giant", "colour": "red", "kinds": "library,pool"}
        )
    text = str(caught.value)
    assert len(caught.value.faults) == 4
    assert all(word in text for word in ("minutes", "giant", "colour", "pool"))


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "", "soon", "1e99", "0", "61"])
def test_a_number_out_of_bounds_is_refused(text):
    """Neither words nor numbers that are none get through."""
    with pytest.raises(ParameterError, match="minutes"):
        COVERAGE.parse({"minutes": text})


def test_a_value_given_twice_is_refused():
    """Two limits at once have no meaning."""
    with pytest.raises(ParameterError, match="once"):
        COVERAGE.parse({"minutes": ["5", "10"]})


def test_labels_bounds_and_plain_flags_are_found():
    """Parameters without a label are called by their name; `bool` is a flag."""

    def analysis(
        *,
        depth: Annotated[float, Bounds(0, 9, "m"), Named(Text("How deep"))] = 1,
        kind: Annotated[str, Choice({"a": Text("A")})] = "a",
        only_new: bool = False,
    ):
        return depth, kind, only_new

    found = flat(parameters_of(analysis))
    assert found["depth"].label == "How deep"
    assert found["only_new"].label == "only new"
    assert isinstance(found["only_new"].takes, Flag)
    assert parse(parameters_of(analysis), {"only_new": "yes"})["only_new"] is True


@given(
    st.floats(1, 60).map(lambda m: round(m, 2)),
    st.sampled_from(sorted(WALKERS)),
    st.sets(st.sampled_from(sorted(KINDS))),
    st.booleans(),
)
def test_what_is_written_reads_back_the_same(minutes, walker, kinds, free_only):
    """An address made from a question leads back to the same question."""
    ordered = Choices(KINDS).read([",".join(kinds)])
    question = Question(minutes=minutes, walker=walker, kinds=ordered, free_only=free_only)
    values = {"question": question}
    assert parse(COVERAGE.asks, write(COVERAGE.asks, values)) == values
