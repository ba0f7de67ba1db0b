# ruff: noqa: E501  (one row of the table a line)
"""
The plan of the invented town: what lies where, drawn by hand in metres around the market.

A seed bends, turns and mirrors the plan, so every seed gives another town of
the same character; nothing here is copied from a real place.
"""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[float, float]
"""East and north of the market [m], before the plan is bent."""

RIVER: tuple[Place, ...] = (
    (-3900, -900), (-2850, -540), (-2050, -800), (-1350, -780), (-700, -430), (0, -360),
    (600, -560), (1150, -900), (1800, -880), (2350, -420), (2950, -150), (3900, -300),
)  # fmt: skip
RAILWAY: tuple[Place, ...] = (
    (-3900, 760), (-2400, 830), (-1200, 800), (0, 800), (1000, 860), (1900, 1150), (2800, 1600),
    (3900, 1950),
)  # fmt: skip
BOUNDARY: tuple[Place, ...] = (
    (-3050, -250), (-2900, 900), (-2750, 1500), (-2300, 2150), (-1300, 2380), (-300, 2250),
    (700, 2120), (1500, 2050), (2500, 1950), (3000, 1500), (3020, 500), (2900, -600),
    (3250, -1400), (3000, -2150), (2100, -2320), (1100, -2000), (300, -2280), (-700, -2350),
    (-1500, -1950), (-2400, -1500), (-2900, -1100),
)  # fmt: skip

RING: tuple[Place, ...] = (
    (-365, 15), (-270, 245), (35, 345), (220, 275), (315, 70), (270, -160), (10, -235), (-285, -195),
)  # fmt: skip
MARKET: tuple[Place, ...] = ((-45, 80), (52, 92), (60, 5), (-38, -4))


@dataclass(frozen=True)
class Road:
    """
    A street of the plan.

    Parameters
    ----------
    name, kind
        Name and kind of way in OpenStreetMap's words.
    course
        Places it runs through; places shared with another road are junctions.
    straight
        No curve between the places.
    bridge, tunnel
        Meets other ways only at its two ends.
    """

    name: str
    kind: str
    course: tuple[Place, ...]
    straight: bool = False
    bridge: bool = False
    tunnel: bool = False


STATION: Place = (40, 745)
WEST_CORNER, EAST_CORNER = (-1180, 720), (1130, 800)
WEST_END, EAST_END = (-2350, 120), (2300, 250)
WEST_CROSS, EAST_CROSS = (-1150, -20), (1200, 40)
TUNNEL_TOP, NORTH_CROSS, NORTH_END = (-600, 735), (-590, 960), (-520, 1500)
ESTATE_GATE, ESTATE_SIDE = (-1350, 1050), (-1230, 1400)
SOUTH_CROSS, HILL_CROSS, SOUTH_FOOT = (-5, -540), (-60, -1300), (800, -930)
WEST_BRIDGE_NORTH, WEST_BRIDGE_SOUTH = (-1205, -665), (-1250, -805)
OLD_BRIDGE_NORTH, OLD_BRIDGE_SOUTH = (5, -296), (0, -424)
FOOT_BRIDGE_NORTH, FOOT_BRIDGE_SOUTH = (934, -684), (862, -806)
PARK_CORNER, VILLAGE_GATE, VILLAGE_GREEN, VILLAGE_END = (
    (1180, -420), (2080, -1290), (2350, -1430), (2560, -1610),
)  # fmt: skip
WEST_MIDDLE, ALLOTMENT_CORNER, TRADE_CORNER = (-1750, 40), (1750, 135), (1700, 960)
OLD_WEST, OLD_EAST, NORTH_STATION, NORTH_EDGE = (-620, 0), (760, 45), (70, 915), (0, 1560)

ROADS: tuple[Road, ...] = (
    # The old centre
    Road("Am Stadtgraben", "tertiary", (*RING, RING[0])),
    Road("Marktplatz", "pedestrian", (*MARKET, MARKET[0]), straight=True),
    Road("Obere Hauptstraße", "pedestrian", (RING[2], (35, 205), MARKET[1])),
    Road("Untere Hauptstraße", "pedestrian", (MARKET[3], (-22, -110), RING[6])),
    Road("Westertorgasse", "living_street", (RING[0], (-180, 72), MARKET[0])),
    Road("Lange Gasse", "pedestrian", (MARKET[2], (190, 18), RING[4])),
    # Across the river
    Road("Brückenstraße", "secondary", (RING[6], OLD_BRIDGE_NORTH)),
    Road("Alte Brücke", "secondary", (OLD_BRIDGE_NORTH, OLD_BRIDGE_SOUTH), bridge=True),
    Road("Brückenstraße", "secondary", (OLD_BRIDGE_SOUTH, SOUTH_CROSS)),
    Road("Westbrücke", "secondary", (WEST_BRIDGE_NORTH, WEST_BRIDGE_SOUTH), bridge=True),
    Road("Parksteg", "footway", (FOOT_BRIDGE_NORTH, FOOT_BRIDGE_SOUTH), bridge=True),
    Road("", "footway", (FOOT_BRIDGE_SOUTH, SOUTH_FOOT)),
    Road("", "footway", (FOOT_BRIDGE_NORTH, (980, -560), (940, -347))),
    # Main roads
    Road("Bahnhofstraße", "secondary", (RING[2], (30, 520), STATION)),
    Road("Güterstraße", "tertiary", (WEST_CORNER, TUNNEL_TOP, STATION, (610, 765), EAST_CORNER)),
    Road("Mühltaler Straße", "primary",
         (RING[0], OLD_WEST, WEST_CROSS, WEST_MIDDLE, WEST_END, (-3900, 300))),
    Road("Hohenfelder Straße", "primary",
         (RING[4], OLD_EAST, EAST_CROSS, ALLOTMENT_CORNER, EAST_END, (3900, 420))),
    Road("Westring", "secondary", (WEST_CORNER, (-1140, 350), WEST_CROSS, (-1130, -330), WEST_BRIDGE_NORTH)),
    Road("Ostring", "secondary", (EAST_CORNER, (1190, 420), EAST_CROSS, (1160, -200), PARK_CORNER)),
    Road("Uferstraße", "tertiary", (RING[6], (-250, -285), (-700, -320), (-1000, -500), WEST_BRIDGE_NORTH)),
    Road("Parkstraße", "tertiary", (RING[5], (600, -255), (940, -347), PARK_CORNER)),
    Road("Am Stadtpark", "residential", (PARK_CORNER, (1290, -640), (1330, -800))),
    Road("Ahornallee", "tertiary", (OLD_WEST, (-650, 380), TUNNEL_TOP)),
    Road("Lindenallee", "tertiary", (OLD_EAST, (735, 400), (610, 765))),
    # West
    Road("Lerchenring", "residential",
         (WEST_END, (-2280, 300), (-2370, 500), (-2310, 700), (-2050, 660), (-1700, 715), WEST_CORNER)),
    Road("Lerchenring", "residential",
         (WEST_END, (-2440, -60), (-2380, -250), (-2410, -400), (-2150, -560), (-1690, -610), (-1420, -600),
          WEST_BRIDGE_NORTH)),
    Road("Siedlungsstraße", "tertiary",
         ((-1700, 715), (-1790, 380), WEST_MIDDLE, (-1680, -260), (-1690, -610))),
    # North of the railway
    Road("Nordstraße", "secondary", (TUNNEL_TOP, (-601, 762))),
    Road("Nordstraße", "secondary", ((-601, 762), (-598, 842)), tunnel=True),
    Road("Nordstraße", "secondary", ((-598, 842), NORTH_CROSS, NORTH_END, (-620, 2900))),
    Road("Bahnhofssteg", "footway", (STATION, (56, 770))),
    Road("Bahnhofssteg", "footway", ((56, 770), (62, 838)), tunnel=True),
    Road("Bahnhofssteg", "footway", ((62, 838), NORTH_STATION)),
    Road("Hinter der Bahn", "tertiary", (NORTH_CROSS, NORTH_STATION, (520, 930), (900, 1010))),
    Road("Sonnenweg", "residential", (NORTH_END, (-250, 1600), NORTH_EDGE, (260, 1630), (560, 1500), (820, 1520), (1010, 1320), (900, 1200), (900, 1010))),
    Road("Birkenallee", "tertiary", (NORTH_STATION, (40, 1240), NORTH_EDGE)),
    Road("Hochfeldstraße", "tertiary", (NORTH_CROSS, (-1000, 985), ESTATE_GATE)),
    Road("Schulstraße", "residential", (NORTH_END, (-900, 1520), ESTATE_SIDE)),
    Road("Hochfeldring", "tertiary",
         (ESTATE_GATE, (-1750, 1020), (-2120, 1060), (-2230, 1240), (-2160, 1560), (-1990, 1720),
          (-1620, 1690), (-1390, 1780), (-1210, 1660), ESTATE_SIDE, ESTATE_GATE)),
    # East
    Road("Industriestraße", "tertiary", (EAST_CORNER, TRADE_CORNER, (2330, 1190), (2430, 720), EAST_END)),
    Road("Messeweg", "residential", (ALLOTMENT_CORNER, (1735, 550), TRADE_CORNER)),
    Road("Wiesenweg", "residential", (PARK_CORNER, (1680, -440), (1950, -140), ALLOTMENT_CORNER)),
    # South bank and the village
    Road("Talstraße", "secondary",
         (WEST_BRIDGE_SOUTH, (-750, -610), SOUTH_CROSS, (450, -715), SOUTH_FOOT, (1150, -1095),
          (1650, -1080), VILLAGE_GATE, VILLAGE_GREEN, VILLAGE_END, (3900, -1960))),
    Road("Riedweg", "cycleway", (SOUTH_FOOT, (1250, -1010), (1700, -1000), VILLAGE_GATE)),
    Road("Bergstraße", "secondary", (SOUTH_CROSS, (70, -900), HILL_CROSS, (90, -1800), (-100, -2900))),
    Road("Höhenstraße", "residential",
         (WEST_BRIDGE_SOUTH, (-1290, -1000), (-1180, -1180), (-980, -1210), (-780, -1400), (-400, -1340),
          HILL_CROSS, (200, -1390), (440, -1470), (690, -1380), (800, -1200), (960, -1120), SOUTH_FOOT)),
    Road("Hintere Gasse", "residential",
         (VILLAGE_GATE, (2190, -1255), (2300, -1190), (2470, -1270), (2610, -1290), (2640, -1420), (2700, -1500), VILLAGE_END)),
    Road("Im Winkel", "residential",
         (VILLAGE_END, (2480, -1720), (2350, -1690), (2230, -1760), (2100, -1650), (2090, -1530), (1990, -1440), VILLAGE_GATE)),
)  # fmt: skip

RAMPS: tuple[tuple[Place, str], ...] = (
    (OLD_BRIDGE_NORTH, "steps"), (OLD_BRIDGE_SOUTH, "footway"), (WEST_BRIDGE_NORTH, "footway"),
    (WEST_BRIDGE_SOUTH, "footway"), (FOOT_BRIDGE_NORTH, "footway"), (FOOT_BRIDGE_SOUTH, "steps"),
    ((1330, -800), "footway"), ((-250, -285), "footway"), ((-700, -320), "footway"),
    ((-2120, -545), "footway"), ((450, -715), "footway"), ((1650, -1080), "path"),
)  # fmt: skip
"""Ways down to the riverside path: from where, and as what kind of way."""


@dataclass(frozen=True)
class Quarter:
    """
    A part of the town with one character.

    Parameters
    ----------
    name
        Short name in this package.
    district
        District it belongs to.
    within
        A place inside; the quarter reaches to the roads, the river or the railway around it.
    pattern
        How its streets were laid out: a key of `patterns.PATTERNS`.
    style
        How it is built on: a key of `buildings.STYLES`.
    theme
        What its streets are named after: a key of `names.THEMES`.
    """

    name: str
    district: str
    within: Place
    pattern: str
    style: str
    theme: str


QUARTERS: tuple[Quarter, ...] = (
    Quarter("market", "Altstadt", (5, 45), "square", "none", "centre"),
    Quarter("centre-nw", "Altstadt", (-150, 160), "lanes", "centre", "centre"),
    Quarter("centre-ne", "Altstadt", (150, 170), "lanes", "centre", "centre"),
    Quarter("centre-se", "Altstadt", (150, -80), "lanes", "centre", "centre"),
    Quarter("centre-sw", "Altstadt", (-150, -70), "lanes", "centre", "centre"),
    Quarter("west-1900", "Weststadt", (-300, 450), "blocks", "perimeter", "poets"),
    Quarter("west-rows", "Weststadt", (-880, 350), "rows", "slabs", "poets"),
    Quarter("west-villas", "Weststadt", (-650, -160), "blocks", "terraces", "poets"),
    Quarter("east-1900", "Oststadt", (400, 450), "blocks", "perimeter", "cities"),
    Quarter("east-mixed", "Oststadt", (950, 420), "blocks", "terraces", "cities"),
    Quarter("east-villas", "Oststadt", (700, -100), "blocks", "villas", "cities"),
    Quarter("park", "Oststadt", (750, -440), "park", "none", "park"),
    Quarter("larks-ne", "Lerchenau", (-1450, 380), "suburb", "terraces", "birds"),
    Quarter("larks-nw", "Lerchenau", (-2050, 380), "suburb", "detached", "birds"),
    Quarter("larks-se", "Lerchenau", (-1420, -300), "suburb", "detached", "flowers"),
    Quarter("larks-sw", "Lerchenau", (-2050, -220), "suburb", "detached", "flowers"),
    Quarter("north-west", "Nordstadt", (-900, 1240), "rows", "slabs", "trees"),
    Quarter("north-middle", "Nordstadt", (-250, 1230), "suburb", "terraces", "trees"),
    Quarter("north-east", "Nordstadt", (450, 1230), "suburb", "detached", "trees"),
    Quarter("estate", "Hochfeld", (-1700, 1380), "estate", "towers", "estate"),
    Quarter("trade", "Osterfeld", (1450, 550), "yards", "halls", "makers"),
    Quarter("industry", "Osterfeld", (2050, 650), "yards", "halls", "makers"),
    Quarter("allotments", "Osterfeld", (1500, -150), "allotments", "huts", "allotments"),
    Quarter("hill-west", "Südhang", (-650, -950), "slope", "detached", "hill"),
    Quarter("hill-east", "Südhang", (420, -1080), "slope", "detached", "hill"),
    Quarter("village-north", "Altenried", (2420, -1360), "hamlet", "village", "village"),
    Quarter("village-south", "Altenried", (2280, -1580), "hamlet", "village", "village"),
)

WOODS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    ("Stadtwald", ((-1250, 2500), (-1350, 1980), (-700, 1780), (100, 1850), (900, 1680), (1500, 1780), (1700, 2300), (300, 2500))),
    ("Bergholz", ((-1700, -2100), (-1650, -1450), (-1100, -1620), (-500, -1680), (-180, -1900), (-250, -2500))),
    ("Rieder Holz", ((900, -2200), (880, -1750), (1350, -1620), (1750, -1800), (1900, -2500))),
    ("Eichenschlag", ((-3200, 950), (-2500, 980), (-2350, 1500), (-2600, 1800), (-3200, 1600))),
)  # fmt: skip
"""Names and outlines of the woods."""
