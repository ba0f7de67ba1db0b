"""Personal details in notes: what is found, what is missed, what is shown in vain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.facts import facts
from layers.personal import KINDS, personal_details

NOTES = [
    # With personal details, marked by hand.
    ("Bitte rufen Sie mich an: 030 23125 417", ["phone"]),
    ("Meine Nummer ist +49 30 23125417, danke", ["phone"]),
    ("Handy 0151 23456789", ["phone"]),
    ("Tel. 23125 am Vormittag", ["phone"]),
    ("Call me on +44 20 7946 0958", ["phone"]),
    ("Antwort an max.muster@example.org", ["email"]),
    ("muster (at) example.org", ["email"]),
    ("Write to jane@example.com please", ["email"]),
    ("Der Wagen KA-AB 123 steht jede Nacht auf dem Gehweg", ["plate"]),
    ("Auto mit Kennzeichen: ka xy 99", ["plate"]),
    ("B MW 4711 rast hier durch", ["plate"]),
    ("Der Lieferwagen HH AB 12E parkt dort", ["plate"]),
    ("Frau Müller aus dem zweiten Stock schreit", ["name"]),
    ("Herr Dr. von Stein stellt die Tonnen in den Weg", ["name"]),
    ("Das war Herr Yılmaz", ["name"]),
    ("Der Hausmeister Schmidt macht nichts", ["name"]),
    ("Mr Smith keeps his dog there", ["name"]),
    ("Mrs. O’Brien saw it too", ["name"]),
    ("Familie Weber grillt auf dem Weg", ["name"]),
    ("Ein Mann namens Kevin", ["name"]),
    ("@nachtwanderer_ka hat es gefilmt", ["account"]),
    ("Instagram: dunkle.ecke", ["account"]),
    ("siehe t.me/weststadt", ["account"]),
    ("Er wohnt Poststraße 12", ["address"]),
    ("in der Langen Gasse 5a wird geschrien", ["address"]),
    ("Goethestr. 7, Hinterhaus", ["address"]),
    ("They live at 12 High Street", ["address"]),
    ("Ein junger Mann mit Bart steht dort", ["description"]),
    ("Zwei Jugendliche in schwarzen Kapuzenpullis", ["description"]),
    ("Der Typ war etwa 40 Jahre alt", ["description"]),
    ("Eine 80-jährige Frau ist gestürzt", ["description"]),
    ("Er trug eine rote Jacke", ["description"]),
    ("Immer diese Ausländer", ["description"]),
    ("Ein südländisch aussehender Mann", ["description"]),
    ("Die Obdachlosen machen Angst", ["description"]),
    ("Junkies am Eingang", ["description"]),
    ("A tall man with a beard followed me", ["description"]),
    ("Two guys in their twenties, hoodies up", ["description"]),
    ("a woman with blond hair", ["description"]),
    ("homeless people sleep here", ["description"]),
    ("Frau Weber, Tel. 030 23125 678, KA-XY 1", ["name", "phone", "plate"]),
    # What a program of this kind misses, so that nobody thinks it finds everything.
    ("null drei null, zwei drei eins zwei fünf", ["phone"]),
    ("der Mehmet aus dem Kiosk", ["name"]),
    # Without personal details.
    ("Abends geht hier die Lampe nicht an.", []),
    ("Seit Mai 2026 sind drei von 5 Lampen kaputt.", []),
    ("Die Hecke ist zu groß und der Weg zu klein.", []),
    ("An der alten Mauer ist es dunkel.", []),
    ("Eine Frau hat hier abends Angst.", []),
    ("Hier fühlt man sich als Frau nicht wohl.", []),
    ("Zwischen 22 und 23 Uhr ist niemand da.", []),
    ("In der Poststraße 22 Uhr: alles dunkel", []),
    ("Am Bahnsteig 3 ist kein Licht.", []),
    ("Bus 42 hält hier nicht mehr.", []),
    ("Parkplatz 3 ist unübersichtlich", []),
    ("Man sieht nicht, wer um die Ecke kommt.", []),
    ("Hier sitzen oft nette Leute auf der Bank.", []),
    ("Der Aushang im Format DIN A 4 fehlt.", []),
    ("Freitags um 18.30 Uhr sehr voll, Fr. Abend auch", []),
    ("Too dark after the last bus 🌒", []),
    ("The path is short and the hedge is tall.", []),
    ("It is the old bridge by the park.", []),
    ("Somebody called after me.", []),
    ("Am 31.05.2026 gegen 23:15 bemerkt", []),
    ("Die Lampe Nr. 4711 flackert", []),
    ("مظلم جداً في المساء", []),
    ("Der Weg ist 200 m lang, 1,5 m breit", []),
    ("Ich wurde verfolgt.", []),
    ("Jemand hat mir etwas nachgerufen.", []),
    ("Die Jacke blieb am Zaun hängen.", []),
]
"""Invented notes and what a careful reader marks in them; numbers are from ranges for fiction."""


def kinds(note):
    return sorted({finding.kind for finding in personal_details(note)})


def test_recall_and_precision_on_notes_marked_by_hand():
    """At least nine of ten details are found, and nine of ten findings are details."""
    expected = [(note, kind) for note, marked in NOTES for kind in marked]
    found = [(note, kind) for note, _ in NOTES for kind in kinds(note)]
    right = set(expected) & set(found)
    recall, precision = len(right) / len(expected), len(right) / len(found)
    wrong = sorted(set(expected) ^ set(found))
    assert recall >= 0.9, wrong
    assert precision >= 0.9, wrong


@pytest.mark.parametrize(("note", "part"), [
    ("Anruf: 030 23125 417 bitte", "030 23125 417"),
    ("an max.muster@example.org senden", "max.muster@example.org"),
    ("das war Frau Müller gestern", "Frau Müller"),
    ("der Wagen KA-AB 123 steht", "KA-AB 123"),
])  # fmt: skip
def test_exactly_the_detail_is_marked(note, part):
    """So that taking it out leaves the rest of the sentence."""
    (finding,) = personal_details(note)
    assert note[finding.start : finding.end] == part


def test_the_words_are_never_certain():
    """Every sentence says "may": the writer knows better."""
    assert all("may" in why.split() for why in KINDS.values())
    assert not any(re.search(r"\b(is|are|certain|sure)\b", why) for why in KINDS.values())


@given(st.text(max_size=300))
def test_findings_lie_in_the_text_in_order_and_apart(note):
    """Whatever is written."""
    found = personal_details(note)
    ends = [0]
    for finding in found:
        assert ends[-1] <= finding.start < finding.end <= len(note)
        assert finding.why == KINDS[finding.kind]
        ends.append(finding.end)


@pytest.mark.parametrize("note", ["a" * 1000, "Frau " * 200, "1" * 1000, "@" * 1000, " at " * 250,
                                  "A-" * 500, "von " * 250, "Str. 1 " * 140])  # fmt: skip
def test_no_note_takes_long(note):
    """Patterns must not explode on repeated text (timeout of the test run)."""
    personal_details(note[:1000])


def test_words_are_lower_case_stems_and_known():
    """Of the table of words: nothing twice in one list."""
    for entry in facts("person_words").values():
        assert entry["words"] == [word.lower() for word in entry["words"]]
        assert len(set(entry["words"])) == len(entry["words"])
