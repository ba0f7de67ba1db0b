"""
Short names of columns, for a page where the meaning would be too long.

A column that is not listed is called by its meaning, so that a new layer
needs nothing here.
"""

from __future__ import annotations

from layers import Column, Text

HEADINGS: dict[str, Text] = {
    "name": Text("Name"),
    "kind": Text("Kind"),
    "topics": Text("Topics"),
    "opening_hours": Text("Opening hours"),
    "step_free": Text("Without steps"),
    "fee": Text("Costs money"),
    "languages": Text("Languages"),
    "capacity": Text("Room for"),
    "operator": Text("Run by"),
    "yearly_cost": Text("Costs a year"),
    "closing_cost": Text("Closing costs"),
    "website": Text("Website"),
    "source": Text("Source"),
    "checked_on": Text("Last checked"),
    "phone": Text("Telephone"),
    "by_phone": Text("Helps by phone"),
    "online": Text("Helps online"),
    "address": Text("Address"),
    "region": Text("Serves"),
    "family_places": Text("Places in the shelter"),
    "protected": Text("Protected place"),
    "people": Text("People"),
    "minutes": Text("Walk"),
    "metres": Text("Length of the walk"),
    "place": Text("Nearest place"),
    "place_id": Text("Its id"),
    "straight_line": Text("As the crow flies"),
    "covered": Text("Reached in time"),
    "people_without": Text("Without an open place"),
    "hours": Text("Hours a week"),
    "hours_best": Text("At best"),
    "hours_gained": Text("Gained"),
    "hours_lacking": Text("Lacking"),
    "person_hours": Text("Person-hours"),
    "gaining": Text("People who gain"),
    "mostly": Text("Mostly in"),
    "opens": Text("Place"),
    "span": Text("Opens in addition"),
    "reached": Text("In the chosen hours"),
    "worst": Text("At worst"),
    "best": Text("At best"),
    "people_uncovered": Text("Without a place"),
    "rank": Text("Rank"),
    "what": Text("What"),
    "between": Text("Between"),
    "dark_metres": Text("In the dark"),
    "people_regained": Text("Get a place back"),
    "people_lost": Text("Lose a place by it alone"),
    "minutes_regained": Text("Felt minutes saved"),
    "minutes_lost": Text("Felt minutes it costs"),
    "when_reached": Text("In reach"),
    "day_minutes": Text("Walk by day"),
    "felt_minutes": Text("Felt after dark"),
    "real_minutes": Text("On the clock"),
    "longer": Text("Feels longer by"),
    "people_lose": Text("Lose their place"),
    "lit": Text("Lit"),
    "steps": Text("Steps"),
    "surface": Text("Surface"),
    "smoothness": Text("Smoothness"),
    "wheelchair": Text("In a wheelchair"),
    "incline": Text("Slope"),
    "bridge": Text("Bridge"),
    "tunnel": Text("Underpass"),
    "foot": Text("On foot"),
    "start_node": Text("Start"),
    "end_node": Text("End"),
    "residents": Text("Residents"),
    "reliable": Text("Reliable"),
    "downscaled": Text("Estimated"),
    "levels": Text("Storeys"),
    "works": Text("Works"),
    "reference": Text("Number"),
    "unit": Text("How exactly"),
    "marks": Text("Marks"),
    "factors": Text("Reasons"),
    "factor_marks": Text("Marks for each reason"),
    "daytimes": Text("When"),
    "daytime_marks": Text("Marks for each time"),
    "finding": Text("What was found"),
    "confirmed_on": Text("Confirmed on"),
    "released_on": Text("Shown since"),
    "expires_on": Text("Shown until"),
}
"""Name of a column to its short name."""

OF_SPOTS: dict[str, Text] = {
    "name of the street or district it lies in": Text("Place"),
    "how people feel there": Text("Feeling"),
}
"""Meaning to short name, where a name means something else in another layer."""


def heading(column: Column) -> Text:
    """Return what a column is called on a page."""
    return OF_SPOTS.get(column.meaning) or HEADINGS.get(column.name, column.meaning)
