"""Sentences that remember how they were made."""

import copy
import pickle

from layers import Text


def test_numbers_are_written_for_people():
    """Thousands are separated, needless decimals are dropped."""
    assert Text("{a}, {b}, {c}", a=1234567, b=2.0, c=0.25) == "1,234,567, 2, 0.2"


def test_texts_and_lists_nest():
    """A list of texts is told with commas."""
    assert Text("one of {kinds}", kinds=(Text("library"), Text("park"))) == "one of library, park"


def test_a_copy_still_knows_its_template():
    """Results travel between processes and caches."""
    text = Text("{people} people", people=7)
    for twin in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert (twin, twin.template, twin.values) == ("7 people", "{people} people", {"people": 7})


def test_a_sentence_without_values_keeps_its_braces():
    """A template without values is not filled: it is filled later."""
    assert Text("{share} of 100 people") == "{share} of 100 people"


def test_a_word_bends_with_its_number():
    """One row, two rows, no rows; any number but one takes the second form."""
    rows = {n: Text("{n} {n:row is|rows are} left", n=n) for n in (0, 1, 2, 1.0)}
    assert rows == {0: "0 rows are left", 1: "1 row is left", 2: "2 rows are left"}
