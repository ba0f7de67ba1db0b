"""Takes the picture of the README from the invented town: `make pictures`."""

from pathlib import Path

PICTURE = Path(__file__).parents[2] / "geo_app" / "static" / "img" / "screenshot.jpg"
LARGEST = 300_000
"""A picture in the repository stays small [bytes]."""


def test_picture(open_page):
    page = open_page("/analyses/coverage?lang=en", viewport={"width": 1280, "height": 800})
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_000)  # the basemap is drawn tile by tile
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURE, type="jpeg", quality=85)
    assert PICTURE.stat().st_size < LARGEST
