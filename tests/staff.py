"""Staff of a city for tests: accounts, a clock that stands still, marks, browsers signed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from geo_app.session import FIELD
from geo_app.store import People
from layers.marks import Mark

from .towns import SOUTH, WEST

AT = datetime(2026, 5, 31, 12, tzinfo=UTC)
WORDS = "lantern meadow kettle"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashing as slow as it should be is tested elsewhere."""
STAFF = {
    "mara": ("moderator",),
    "milo": ("moderator",),
    "pia": ("prevention",),
    "ada": ("administrator",),
    "paul": ("planner",),
}
"""Login to roles."""


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self):
        self.at = AT

    def __call__(self):
        """Tell the time."""
        return self.at

    def goes_on(self, **much):
        """Let time pass."""
        self.at += timedelta(**much)


def staffed(app):
    """Give an application its staff and a clock that stands still."""
    extensions = app.extensions
    people = People(extensions["store"], app.config["SETTINGS"], hasher=QUICK)
    for login, roles in STAFF.items():
        people.add(login, roles, at=AT, password=WORDS)
    extensions["people"] = people
    app.config["CLOCK"] = Clock()
    return app


def signed_in(app, login):
    """Return a browser in which somebody has signed in."""
    browser = app.test_client()
    answer = browser.post("/login", data={"login": login, "password": WORDS})
    assert answer.status_code == 303
    return browser


def word(client, path="/password"):
    """Return the word of the session that its forms carry."""
    return re.search(f'name="{FIELD}" value="([0-9a-f]+)"', client.get(path).text)[1]


def send(client, path, **data):
    """Send a form as the page of a session does."""
    return client.post(path, data={FIELD: word(client), **data})


def said(x=250.0, y=10.0, **more):
    """Return what a citizen says about a spot of the street: dark and overgrown unless told."""
    told = {"kind": "unsafe", "factors": ("poor_light", "overgrown"), "daytime": "night"} | more
    return Mark(x=WEST + x, y=SOUTH + y, **told)


def marked(app, at=AT, **more):
    """Send a mark and return its id and code."""
    added = app.extensions["marks"].add(said(**more), at=at)
    return added.id, added.code
