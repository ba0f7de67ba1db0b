"""Why a mark is not accepted: the list of reasons, and no others."""

from __future__ import annotations

from .text import Text

REJECTIONS: dict[str, Text] = {
    "names_a_person": Text("it names or describes a person"),
    "group_of_people": Text("it speaks of a group of people instead of a place or a behaviour"),
    "not_a_place": Text("it is not about a public place in the city"),
    "emergency": Text("it is an emergency or an offence: please call 110"),
    "other_matter": Text("it is a matter for another service of the city"),
    "several_times": Text("it was sent several times"),
    "spam": Text("it is advertising or a joke"),
}
"""Reasons for a rejection: shown to the citizen and counted in the public log."""
