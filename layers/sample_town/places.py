# ruff: noqa: E501  (one row of the table a line)
"""The sixty meeting places of the invented town; the estate and the village have few of them."""

from __future__ import annotations

from dataclasses import dataclass

from .plan import Place

OWNED = "Stadt Musterstadt"
INVENTED = "Musterstadt (invented)"


@dataclass(frozen=True)
class Entry:
    """
    One meeting place.

    Parameters
    ----------
    kind, name
        Kind and name of the place.
    near
        Where on the plan: it takes the nearest fitting building or free ground.
    hours
        Opening hours in OpenStreetMap's notation; "" is unknown.
    operator
        Who runs it.
    capacity
        People it can hold, 0 is unknown.
    fee
        Costs money to be there.
    languages
        Languages spoken.
    built
        Its own new building: length and width [m].
    """

    kind: str
    name: str
    near: Place
    hours: str = ""
    operator: str = ""
    capacity: int = 0
    fee: str = "unknown"
    languages: str = ""
    built: tuple[float, float] | None = None


ENTRIES: tuple[Entry, ...] = (
    # Houses that exist for meeting
    Entry("library", "Stadtbibliothek", (95, 165), "Tu-Fr 10:00-18:30; Sa 10:00-14:00", OWNED, 120, "no", "de;en"),
    Entry("library", "Zweigbücherei Weststadt", (-700, 300), "Tu,Th 14:00-18:00", OWNED, 35, "no", "de"),
    Entry("library", "Gemeindebücherei St. Martin", (-110, -95), "We 15:00-17:30; Su 10:30-11:30",
          "Kirchengemeinde St. Martin", 20, "no", "de"),
    Entry("community_centre", "Bürgerhaus am Markt", (-75, 120), "Mo-Fr 09:00-21:00; Sa 10:00-16:00", OWNED, 200, "no", "de;en;tr"),
    Entry("community_centre", "Bürgertreff Weststadt", (-380, 520), "Mo-Th 10:00-18:00; Fr 10:00-14:00",
          "Bürgerverein Weststadt e. V.", 60, "no", "de;ru"),
    Entry("community_centre", "Nachbarschaftshaus Oststadt", (480, 520), "Mo-Fr 09:00-19:00; Su 14:00-18:00",
          "Nachbarschaftshaus e. V.", 80, "no", "de;ar;tr;uk"),
    Entry("community_centre", "Gemeindezentrum Lerchenau", (-1780, 300), "Tu-Th 15:00-20:00", "", 90, "no", "de"),
    Entry("community_centre", "Bürgertreff Südhang", (-300, -740), "We 15:00-18:00; Fr 17:00-21:00", OWNED, 45, "no"),
    Entry("social_centre", "Mehrgenerationenhaus", (-500, 230), "Mo-Fr 08:30-17:30", OWNED, 110, "no", "de;en;ar"),
    Entry("social_centre", "Familienzentrum Oststadt", (900, 350), "Mo-Fr 08:00-16:00", "Familienwerk e. V.", 50, "no", "de;uk"),
    Entry("social_centre", "Treff im Kaufhaus für alle", (1400, 420), "Mo-Sa 10:00-16:00", "Werkstatt für alle gGmbH", 40, "no"),
    Entry("senior_centre", "Seniorentreff Altstadt", (-180, 20), "Mo-Fr 13:00-17:00", OWNED, 40, "no", "de"),
    Entry("senior_centre", "Begegnungsstätte Lindenallee", (700, 300), "Mo-Th 14:00-17:30", "Sozialstation Musterstadt", 55, "no", "de"),
    Entry("senior_centre", "Seniorentreff Nordstadt", (-150, 1150), "Tu,Th 14:00-17:00", OWNED, 30, "no", "de"),
    Entry("youth_centre", "Jugendhaus Güterschuppen", (260, 715), "Tu-Fr 14:00-21:00; Sa 15:00-22:00", OWNED, 150, "no", "de;en"),
    Entry("youth_centre", "Jugendtreff Lerchenau", (-1350, 150), "We-Fr 15:00-20:00", OWNED, 40, "no"),
    Entry("arts_centre", "Kulturwerkstatt Alte Färberei", (-110, -175), "Th-Sa 16:00-22:00", "Kulturwerkstatt e. V.", 90, "no", "de;en"),
    Entry("arts_centre", "Atelierhaus Ost", (1000, 600), "", "", 0, "no"),
    # Churches and a mosque
    Entry("place_of_worship", "Stadtkirche St. Martin", (-125, 55), "Mo-Su 09:00-18:00",
          "Kirchengemeinde St. Martin", 450, "no", "de", built=(46, 19)),
    Entry("place_of_worship", "Christuskirche", (-430, 350), "Su 09:30-12:00", "Christusgemeinde", 320, "no", "de", built=(40, 17)),
    Entry("place_of_worship", "Moschee Oststadt", (1010, 250), "Mo-Su 12:00-21:00",
          "Islamischer Kulturverein Musterstadt e. V.", 180, "no", "de;tr;ar", built=(24, 20)),
    Entry("place_of_worship", "Auferstehungskirche", (-300, 1290), "Su 10:00-12:00", "Auferstehungsgemeinde", 200, "no", "de", built=(30, 16)),
    Entry("place_of_worship", "Heilig-Geist-Kirche", (-1830, 210), "", "", 180, "no", "de", built=(28, 18)),
    Entry("place_of_worship", "Dorfkirche Altenried", (2330, -1500), "Su 10:30-11:30", "Kirchengemeinde Altenried", 140, "no", "de", built=(26, 12)),
    # Stages and halls
    Entry("theatre", "Stadttheater", (120, 265), "", OWNED, 380, "yes", "de"),
    Entry("theatre", "Kellertheater", (-60, 200), "Fr,Sa 19:00-23:00", "Kellertheater e. V.", 70, "yes", "de"),
    Entry("events_venue", "Stadthalle", (560, 90), "", OWNED, 800, "yes", built=(62, 40)),
    Entry("events_venue", "Festhalle Altenried", (2480, -1540), "", OWNED, 250, "yes", built=(34, 20)),
    # Cafés, pubs and kiosks
    Entry("cafe", "Café am Markt", (72, 55), "Mo-Sa 08:00-18:30; Su 10:00-18:00", "", 60, "yes"),
    Entry("cafe", "Café Glockenspiel", (-20, 145), "Tu-Su 09:30-18:00", "", 45, "yes"),
    Entry("cafe", "Café Gleis 1", (75, 690), "Mo-Fr 05:30-19:00; Sa 07:00-16:00", "", 30, "yes"),
    Entry("cafe", "Café Parkblick", (620, -215), "We-Su 11:00-19:00", "", 70, "yes", "de;it"),
    Entry("cafe", "Eiscafé Sonnenuhr", (120, 40), "Mar-Oct: Mo-Su 10:00-21:00", "", 80, "yes", "de;it"),
    Entry("cafe", "Backstube am Hang", (130, -740), "Mo-Sa 06:30-13:00", "", 16, "yes"),
    Entry("pub", "Zum Goldenen Löwen", (-70, -60), "Tu-Su 11:00-14:30,17:00-23:00", "", 90, "yes"),
    Entry("pub", "Gasthaus Krone", (2370, -1390), "Th-Su 17:00-22:00", "", 75, "yes", "de"),
    Entry("pub", "Zur Brücke", (110, -590), "Mo-Sa 16:00-24:00", "", 50, "yes"),
    Entry("pub", "Eckstübchen", (-530, 430), "Mo-Sa 17:00-01:00", "", 35, "yes"),
    Entry("biergarten", "Biergarten am Stadtpark", (860, -290), "Apr-Sep: Mo-Su 11:00-22:00", "", 220, "yes"),
    Entry("kiosk", "Kiosk Hochfeld", (-1520, 1120), "Mo-Sa 06:00-20:00; Su 08:00-12:00", "", 0, "yes", "de;tr"),
    Entry("kiosk", "Kiosk am Bahnhof", (0, 690), "Mo-Su 05:00-22:00", "", 0, "yes"),
    # Sport
    Entry("sports_centre", "Sporthalle West", (-900, 180), "Mo-Fr 16:00-22:00", "TSV Musterstadt e. V.", 300, "yes", built=(48, 30)),
    Entry("sports_centre", "Turnhalle Nord", (-860, 1330), "", "TSV Musterstadt e. V.", 150, "yes", built=(36, 22)),
    Entry("sports_centre", "Hallenbad Osterfeld", (1270, 200), "Tu-Fr 13:00-21:00; Sa,Su 09:00-18:00", OWNED, 350, "yes", built=(56, 36)),
)  # fmt: skip
"""Places in houses; each is a point at the entrance."""


@dataclass(frozen=True)
class Ground:
    """
    A meeting place in the open.

    Parameters
    ----------
    kind, name
        Kind and name of the place.
    near
        Where on the plan; it takes free ground between the streets.
    size
        Length and width [m]; a park without size takes a whole block.
    """

    kind: str
    name: str
    near: Place
    size: tuple[float, float] | None = None


GROUNDS: tuple[Ground, ...] = (
    Ground("park", "Stadtgarten", (-330, 430)),
    Ground("park", "Lerchenwäldchen", (-1600, 470)),
    Ground("park", "Dorfanger", (2420, -1420)),
    Ground("pitch", "Sportplatz Talwiesen", (280, -580), (88, 56)),
    Ground("pitch", "Bolzplatz Hochfeld", (-1900, 1560), (44, 26)),
    Ground("pitch", "Sportplatz Altenried", (2060, -1760), (96, 60)),
    Ground("playground", "Spielplatz am Stadtgraben", (-170, 190), (24, 20)),
    Ground("playground", "Spielplatz Weststadt", (-820, 480), (36, 26)),
    Ground("playground", "Spielplatz Oststadt", (520, 330), (34, 24)),
    Ground("playground", "Spielplatz Lerchenau Nord", (-1980, 450), (32, 24)),
    Ground("playground", "Spielplatz Lerchenau Süd", (-1950, -300), (32, 24)),
    Ground("playground", "Spielplatz Südhang", (-600, -1000), (30, 22)),
    Ground("playground", "Spielplatz Nordstadt", (350, 1220), (34, 24)),
    Ground("playground", "Spielplatz Hochfeld", (-1720, 1350), (40, 30)),
    Ground("playground", "Spielplatz Altenried", (2230, -1620), (28, 22)),
)
PARK = Ground("park", "Stadtpark", (750, -440))
"""The park between the river and the eastern town, a whole quarter of the plan."""

SCHOOLS: tuple[Ground, ...] = (
    Ground("school", "Schule am Westring", (-1000, 470), (70, 24)),
    Ground("school", "Gymnasium Oststadt", (880, 580), (76, 26)),
    Ground("school", "Grundschule Nordstadt", (-820, 1420), (58, 22)),
    Ground("school", "Grundschule Hochfeld", (-1420, 1480), (52, 20)),
    Ground("school", "Dorfschule Altenried", (2480, -1330), (32, 14)),
    Ground("hospital", "Krankenhaus Musterstadt", (-900, -230), (84, 30)),
    Ground("train_station", "Bahnhof Musterstadt", (-55, 755), (58, 14)),
)
"""Large houses that are not meeting places, but belong into the picture."""

EXPECTED = len(ENTRIES) + len(GROUNDS) + 1
"""How many meeting places the town has."""

HOUSE_KINDS = {
    "library": "civic", "community_centre": "civic", "social_centre": "civic",
    "senior_centre": "civic", "youth_centre": "civic", "arts_centre": "civic",
    "place_of_worship": "church", "theatre": "civic", "events_venue": "civic",
    "sports_centre": "sports_hall", "kiosk": "kiosk",
}  # fmt: skip
"""What the building of a place becomes; cafés and pubs stay on a ground floor with flats above."""
