"""Opening hours are kept in one notation and told in the reader's words."""

from __future__ import annotations

import re

import pytest

from geo_app.opening import WORDS, judged, told


@pytest.mark.parametrize(
    ("hours", "german"),
    [
        ("Tu-Su 10:00-18:00; PH off", "Di-So 10:00-18:00; Feiertage geschlossen"),
        ("Mo,We,Th 09:00-12:30", "Mo,Mi,Do 09:00-12:30"),
        ("Mar-Oct: sunrise-sunset", "Mär-Okt: Sonnenaufgang-Sonnenuntergang"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_days_and_months_have_their_german_names(hours, german):
    assert told(hours, "de") == german


def test_a_remark_in_quotation_marks_stays_as_it_was_written():
    assert told('We "We are closed in May"', "de") == 'Mi "We are closed in May"'


def test_words_that_are_not_of_the_notation_stay():
    assert told("by appointment", "de") == "by appointment"


def test_times_are_never_touched():
    hours = "; ".join(f"{word} 08:15-19:45" for word in WORDS)
    assert re.findall(r"[\d:]+", told(hours, "de")) == re.findall(r"[\d:]+", hours)


@pytest.mark.parametrize("hours", ["Mo-Fr 10:00-18:00", "Di, Do 14-18 Uhr", ""])
def test_hours_that_can_be_read_are_shown_without_a_word_more(hours):
    assert judged(hours, "de") == told(hours, "de")


def test_hours_that_cannot_be_read_say_so_and_are_shown_as_entered():
    assert judged("nach Lust und Laune", "de") == (
        "nach Lust und Laune (nicht lesbar, zählt als unbekannt)"
    )
