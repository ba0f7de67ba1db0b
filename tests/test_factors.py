"""Reasons for a mark: places and behaviour, never kinds of people."""

import re

import pytest

from layers.factors import FACTORS, OFFICES, factors_of, is_sensitive, offices_of
from layers.facts import facts
from layers.marks import KINDS

OF_PEOPLE = {
    "men", "man", "women", "woman", "youth", "youths", "teenagers", "children", "foreigners",
    "migrants", "refugees", "homeless", "beggars", "junkies", "addicts", "drinkers", "gang",
    "gangs", "muslim", "roma", "elderly", "poor", "mentally", "race", "religion", "nationality",
}  # fmt: skip
"""Words that would name a category of people; "poor light" is the one use of "poor"."""


@pytest.mark.parametrize("name", FACTORS)
def test_a_reason_never_names_a_kind_of_people(name):
    """Neither label nor explanation speaks of who is there, only of the place or what is done."""
    factor = FACTORS[name]
    told = f"{name} {factor.label} {factor.about}".lower().replace("poor light", "")
    words = set(re.findall(r"[a-z]+", told.replace("_", " ").replace("poor light", "")))
    assert not words & OF_PEOPLE
    described = {w for key in ("origin", "group") for w in facts("person_words")[key]["words"]}
    assert not words & described


@pytest.mark.parametrize("name", FACTORS)
def test_a_reason_is_complete(name):
    """Group, kinds and office are known ones; it has a picture and a source."""
    factor = FACTORS[name]
    assert factor.group in {"place", "behaviour"}
    assert factor.kinds
    assert set(factor.kinds) <= set(KINDS)
    assert factor.office in OFFICES
    assert factor.pictogram
    assert factor.source
    assert factor.about.endswith(".")


def test_behaviour_is_sensitive_and_places_are_not():
    """What somebody did to somebody needs more protection than a broken lamp."""
    for factor in FACTORS.values():
        assert factor.sensitive == (factor.group == "behaviour")


def test_the_reasons_of_the_form_are_all_there():
    """Eight of the place and four of behaviour make unsafe, eight make at ease, and a way out."""
    unsafe, at_ease = factors_of("unsafe"), factors_of("at_ease")
    assert sum(f.group == "behaviour" for f in unsafe.values()) == 4
    assert sum(f.group == "place" for f in unsafe.values()) == 8 + 1
    assert len(at_ease) == 8
    assert not set(unsafe) & set(at_ease)


def test_light_goes_to_street_lighting_and_hedges_to_green_spaces():
    """The offices come in the order of the reasons, each once."""
    named = ("poor_light", "overgrown", "poor_light")
    assert offices_of(named) == ("street_lighting", "green_spaces")


def test_one_sensitive_reason_makes_the_mark_sensitive():
    """An unknown name is not sensitive, it is a fault found elsewhere."""
    assert is_sensitive(("poor_light", "followed"))
    assert not is_sensitive(("poor_light", "no such reason"))
