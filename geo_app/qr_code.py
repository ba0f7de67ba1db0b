"""An address as a QR code, so that a phone opens it without typing."""

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """Draw an address of our own as a QR code."""
    drawn = segno.make(address, error="m").svg_inline(
        omitsize=True, border=2, svgclass="qr", lineclass=None, light="#fff", dark="#000"
    )
    return Markup(drawn)  # noqa: S704, drawn by us from our own address
