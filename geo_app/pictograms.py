"""Our own drawings beside words: lines on a field of 24 by 24, coloured by the page."""

from __future__ import annotations

from markupsafe import Markup

ROUND = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z"
BULB = "M9 18h6M10 21h4M12 3a6 6 0 0 0-4 10.5c.8.8 1 1.5 1 2.5h6c0-1 .2-1.7 1-2.5A6 6 0 0 0 12 3z"
LOOK = "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6z"
PETAL = "a2.1 2.1 0 1 0 0-4.2 2.1 2.1 0 0 0 0 4.2z"
CALENDAR = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"

PATHS: dict[str, str] = {
    "unsafe": f"{ROUND}M8.5 16.5c1-1.5 2.2-2.2 3.5-2.2s2.5.7 3.5 2.2M9 9.5h.01M15 9.5h.01",
    "at_ease": f"{ROUND}M8.5 14c1 1.5 2.2 2.2 3.5 2.2s2.5-.7 3.5-2.2M9 9.5h.01M15 9.5h.01",
    "lamp-off": f"{BULB}M4 3l16 18",
    "lamp": f"{BULB}M12 7a2.4 2.4 0 0 0-2.4 2.4M2.5 9H4M20 9h1.5M4.5 3.5l1 1M19.5 3.5l-1 1",
    "empty": "M12 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 21c0-4 3-7 7-7s7 3 7 7",
    "corner": f"{LOOK}M4 20 20 4",
    "hedge": "M12 21v-8M12 13c-5 0-7-3-7-7 4 0 7 2 7 7zm0-2c0-4 3-6 7-6 0 4-2 6-7 6z",
    "broken": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11l.5 6M14 11l-.5 6",
    "barrier": "M3 8h18v6H3zM6 14v6M18 14v6M7 14l4-6M13 14l4-6",
    "maze": "M20 12V4H4v16h16M8 20V8h8v8h-4v-4",
    "car": "M4 16v-4l2-6h12l2 6v4zM4 16v3h3v-3M17 16v3h3v-3M4 12h16",
    "dots": "M5 12a1 1 0 1 0 2 0 1 1 0 0 0-2 0zm6 0a1 1 0 1 0 2 0 1 1 0 0 0-2 0z"
    "m6 0a1 1 0 1 0 2 0 1 1 0 0 0-2 0z",
    "speech": "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12h5",
    "steps": "M8 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 7v7l-2.5 6M8 14l2 6M5 10h6"
    "M17 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM17 9.5V15l-1.5 5M17 15l1.5 5M14.5 12h5",
    "bottle": "M10 2h4v5l2 3v11H8V10l2-3zM8 14h8",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-4 3-6.5 7-6.5s7 2.5 7 6.5"
    "M16 4.5a3.5 3.5 0 0 1 0 6.5M18.5 14.5c2.2.9 3.5 2.9 3.5 5.5",
    "eye": f"{LOOK}M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "flower": f"M12 6.2{PETAL}M15.8 10{PETAL}M8.2 10{PETAL}M12 13.6{PETAL}"
    "M12 13.600V21M12 19c-3 0-4.5-1.5-5-4M12 19c3 0 4.5-1.5 5-4",
    "walk": "M13 5.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.600zM12.5 8l-3 2-1 4"
    "M12.5 8l-1 6 3.5 3 1 5M11.5 14l-1 4-3 4M12.5 8l2 3.5 3 1",
    "signpost": "M12 3v18M8 21h8M12 5h6l2.5 2.200L18 9.5h-6M12 11H6l-2.5 2.200L6 15.5h6",
    "door": "M6 21V3h12v18M3 21h18M14.5 12h.01",
    "day": "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2M12 20v2M2 12h2M20 12h2"
    "M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
    "dusk": "M3 18h18M6 21.5h12M7 18a5 5 0 0 1 10 0M12 4v5M9.5 7l2.5 2.5L14.5 7"
    "M4 12l1.5 1M20 12l-1.5 1",
    "night": "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
    "any": f"{ROUND}M12 7v5l3.5 2",
    "weekday": f"{CALENDAR}M8 14h.01M12 14h.01M16 14h.01M8 17h.01M12 17h.01",
    "weekend": f"{CALENDAR}M14 14h2v2h-2z",
    "place": "M12 22s7-7.5 7-13a7 7 0 1 0-14 0c0 5.5 7 13 7 13z"
    "M12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "here": "M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM12 2v5M12 17v5M2 12h5M17 12h5",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21",
    "lock": "M6 11h12v10H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "public": LOOK + "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "erased": "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
    "finding": "M4 12.5 9.5 18 20 6.5",
}
"""Name to the path that is drawn."""


def pictogram(name: str) -> Markup:
    """Return a drawing by its name; it says nothing to a screen reader, the words beside it do."""
    return Markup(
        '<svg class="pictogram" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
    ).format(PATHS[name])
