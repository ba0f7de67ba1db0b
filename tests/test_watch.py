"""Long work is watched: progress in parts, an end when nobody wants the answer."""

import pytest

from layers import Analysis, Cancelled, Style, Text
from layers.parameters import parameters_of
from layers.watch import Watch, nobody, part


def slow(population, *, minutes: bool = False, watch: Watch = nobody):
    """Stand in for an analysis that takes long."""


def quick(population, *, minutes: bool = False):
    """Stand in for one that does not."""


def test_who_watches_is_not_asked_for_on_the_form():
    """`watch` is no parameter; that it is there makes the analysis long."""
    assert [parameter.name for parameter in parameters_of(slow)] == ["minutes"]
    of = {"title": Text("Slow"), "about": Text("Slow."), "columns": ()}
    assert Analysis(slow, **of).long
    assert not Analysis(quick, **of).long


def test_a_part_of_the_work_moves_the_whole_within_its_bounds():
    """Half of the part from 20 to 60 % is 40 % of the whole; beyond its end it stays at 60 %."""
    seen = []
    watched = part(lambda done, _doing: seen.append(done), 0.2, 0.6)
    for done in (0.0, 0.5, 1.0, 7.0):
        watched(done, Text("counting"))
    assert seen == pytest.approx([0.2, 0.4, 0.6, 0.6])


def test_nobody_wants_to_know_and_nothing_happens():
    """The default watch lets all work go on; one that cancels ends it with its own error."""
    assert nobody(0.5, Text("counting")) is None

    def cancel(_done, _doing):
        raise Cancelled

    with pytest.raises(Cancelled, match="cancelled"):
        part(cancel, 0, 1)(0.5, Text("counting"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"breaks": (1, 2, 3, 4)},
        {"breaks": (1, 2, 3, 4, 5), "scale": "diverging"},
        {"kinds": tuple("abcdef"), "scale": "kinds"},
        {"breaks": (1, 2), "words": (Text("few"), Text("many"))},
    ],
)
def test_a_style_without_colours_for_its_classes_is_refused(wrong):
    """Four sequential classes, five diverging ones, five kinds; a word for each class or none."""
    with pytest.raises(ValueError, match="classes"):
        Style("minutes", Text("Minutes"), **wrong)
