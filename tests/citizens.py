"""A small town with everything a mark can meet, and a citizen without a script who walks it."""

from __future__ import annotations

import html
import itertools
import re
from datetime import UTC, datetime, timedelta

from shapely import Point, box

from geo_app.origin import Import, Origin
from layers import LAYERS

from .towns import SOUTH, WEST, layer, main_street, streets

AT = datetime(2026, 5, 31, 12, 0, tzinfo=UTC)
DRY = (WEST + 60, SOUTH + 2)
WET = (WEST + 30, SOUTH + 35)
OUTSIDE = (WEST + 5000, SOUTH)
ANSWERS = {
    "kind": {"kind": "unsafe"},
    "what": {"factors": ["poor_light"]},
    "when": {"daytime": "night", "weekpart": "", "noticed_on": ""},
    "where": {"spot": f"{DRY[0]} {DRY[1]}"},
    "more": {"strength": "3", "note": "The lamp is broken."},
}
"""What is answered screen by screen unless a test says otherwise."""
MOST_SCREENS = 12
"""The form has fewer: whoever has seen so many goes round in circles."""


def town():
    r"""
    One long street with a side lane in its middle, ten houses and a pond.

        houses ∎∎∎∎∎∎∎∎∎∎     pond ○ above the west end
        Long Street ──────────┬───────────
                              │ Side Lane
        |------ West -----------|-- East --|
    """
    east = [WEST + 111 * n for n in range(5)]
    blocks = [[(a, SOUTH), (b, SOUTH)] for a, b in itertools.pairwise(east)]
    lane = [(east[2], SOUTH), (east[2], SOUTH - 40)]
    houses = [box(x, SOUTH + 8, x + 6, SOUTH + 14) for x in (WEST + 5 + 10 * n for n in range(10))]
    return main_street() | {
        "streets": streets([*blocks, lane], name=["Long Street"] * 4 + ["Side Lane"]),
        "buildings": layer(
            "buildings", houses, address=[f"Long Street {n + 1}" for n in range(10)]
        ),
        "areas": layer(
            "areas", [box(WEST + 20, SOUTH + 25, WEST + 40, SOUTH + 45)], kind=["water"]
        ),
    }


def imports(tables, *, invented=False):
    """Return tables as imports from a survey."""
    origin = Origin(
        file="town.gpkg", source="A survey", licence="CC0-1.0", as_of="2025", invented=invented
    )
    return [Import(LAYERS[name], table, origin) for name, table in tables.items()]


def pins(**changes):
    """Return a public layer: two kinds, one with reasons and times, and a finding of the city."""
    told = {
        "place": ["Long Street", "West", "Side Lane"],
        "unit": ["segment", "cell_400", "finding"],
        "kind": ["unsafe", "at_ease", "unsafe"],
        "marks": [12, 6, 0],
        "factors": ["poor_light;overgrown", "", "poor_light"],
        "factor_marks": ["7;5", "", ""],
        "daytimes": ["night", "", ""],
        "daytime_marks": ["12", "", ""],
        "finding": ["", "", "Two lamps are dark."],
        "confirmed_on": ["", "", "2026-05-04"],
        "released_on": ["2026-05-04", "2026-05-04", ""],
        "expires_on": ["2027-03-01", "2027-03-01", "2026-12-31"],
    } | changes
    shapes = [
        town()["streets"].geometry.iloc[0],
        box(WEST - 50, SOUTH - 50, WEST + 200, SOUTH + 50),
        Point(WEST + 222, SOUTH - 20),
    ]
    return layer("pins", shapes[: len(told["place"])], **told)


class Citizen:
    """Somebody who fills in the form with nothing but links and buttons."""

    def __init__(self, app, *, language="en"):
        """Open no page yet; the clock stands still until `wait`."""
        self.client = app.test_client()
        self.at = AT
        self.language = {"Accept-Language": language}
        self.page = None
        app.config["CLOCK"] = lambda: self.at

    def wait(self, **span):
        """Let time pass."""
        self.at += timedelta(**span)

    def open(self, path):
        """Open a page."""
        self.page = self.client.get(path, headers=self.language)
        return self.page

    def send(self, path, **fields):
        """Send a form."""
        self.page = self.client.post(path, data=fields, headers=self.language)
        return self.page

    def follow(self):
        """Follow where the last answer leads."""
        return self.open(self.page.location)

    def field(self, name):
        """Return the value of a hidden field of this page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        return html.unescape(found[1]) if found else ""

    def press(self, button="next", **fields):
        """Press a button of the form with what was filled in."""
        told = {"state": self.field("state"), "step": self.field("step"), "go": button}
        return self.send("/report", **told, **fields)

    def answer(self, until="check", **instead):
        """Answer screen by screen until one is shown; `instead` replaces answers of a screen."""
        self.open("/report")
        for _ in range(MOST_SCREENS):
            if (step := self.field("step")) == until:
                return self.page
            self.press(**instead.get(step, ANSWERS.get(step, {})))
            assert self.page.status_code == 200, (step, self.alert())
            assert self.field("step") != step, (step, self.alert() or self.words())
        raise AssertionError(f"no screen “{until}” after “{step}”")

    def report(self, **instead):
        """Send a mark and return its code."""
        self.answer(**instead)
        self.wait(seconds=30)
        self.press("send")
        return self.code()

    def act(self, code, deed, **fields):
        """Press a button of the page of a mark and see what it gives."""
        self.open(f"/report/{code}")
        self.send(f"/report/{code}", do=deed, word=self.field("word"), **fields)
        return self.follow() if self.page.status_code == 303 else self.page

    def code(self):
        """Return the code on this page."""
        return re.search(r'class="code"[^>]*>([^<]+)<', self.page.text)[1]

    def title(self):
        """Return the heading of this page."""
        return html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)[1])

    def alert(self):
        """Return what is said first on this page, or ""."""
        found = re.search(r'role="alert".*?>(.*?)</div>', self.page.text, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""

    def words(self):
        """Return the text of this page."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.page.text)).split())
