"""
What keeps machines from sending marks, without asking anybody else.

A form tells how long it was open; a field that people do not see stays empty;
a device sends so many marks in an hour and no more, known by a keyed hash
that dies with the day. Only while very many marks come in, each one costs the
browser a short computation, or its owner a minute's patience.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import current_app, request

from layers import Text

from .clock import now
from .config import Settings
from .store import Rates

TRAP = "website"
"""Field that people do not see and programs like to fill in."""
NETWORK_BITS = 64
"""So much of an IPv6 address stands for one connection; the rest changes at will."""

TRAPPED = Text(
    "A field that nobody sees was filled in, as programs do. If you are a person, just send it"
    " again; everything is still here."
)
TOO_FAST = Text(
    "That was very quick. Please look at what will be seen by whom, wait a few seconds and send it"
    " again; everything is still here."
)
TOO_MANY = Text(
    "From this connection {most} marks have come within an hour. Leave this page open and send it"
    " later; everything is still here."
)
TOO_MANY_CORRECTIONS = Text(
    "From this connection {most} corrections have come within an hour. Leave this page open and"
    " send it later; everything is still here."
)
TOO_MANY_REPLIES = Text(
    "From this connection {most} replies have come within an hour. Leave this page open and send it"
    " later; everything is still here."
)
TOO_MANY_LOOKS = Text(
    "From this connection {most} codes have been looked up within an hour. Please try again in an"
    " hour; nothing is lost."
)
TOO_MANY_VOICES = Text(
    "From this connection {most} voices have come within an hour. Please try again in an hour."
)


def connection() -> str:
    """Return what stands for the connection of this request; it goes nowhere but into a hash."""
    told = request.remote_addr or ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> NETWORK_BITS << NETWORK_BITS))
    return str(address)


def device() -> str:
    """Return what stands for the device of this request: its connection and its browser."""
    return f"{connection()} {request.user_agent.string}"


def too_many(what: str, most: int) -> bool:
    """Count once more for this connection and tell whether it is too often by now."""
    return _rates().hit(what, connection(), at=now()) > most


def fault_of_form(form: Mapping[str, str], *, opened: float, at: datetime) -> Text | None:
    """
    Tell what makes a form look like that of a program, or None.

    Parameters
    ----------
    form
        Its fields.
    opened
        When it was opened [s since 1970].
    at
        Now.
    """
    if form.get(TRAP):
        return TRAPPED
    if at.timestamp() - opened < _settings().form_seconds:
        return TOO_FAST
    return None


def fault_of_connection() -> Text | None:
    """Tell whether as many marks of this connection were kept this hour as may be, or None."""
    most = _settings().marks_hourly
    full = _rates().times("mark", connection(), at=now()) >= most
    return Text(TOO_MANY.template, most=most) if full else None


def count_mark() -> None:
    """
    Count a mark that was newly kept, for this connection and for the whole city.

    What is refused or sent again counts for nobody: otherwise one connection
    alone could make marking a spot costly for everybody.
    """
    _rates().hit("mark", connection(), at=now())


def fault_of_replies() -> Text | None:
    """Tell whether as many replies of this connection were kept this hour as may be, or None."""
    most = _settings().marks_hourly
    full = _rates().times("reply", connection(), at=now()) >= most
    return Text(TOO_MANY_REPLIES.template, most=most) if full else None


def count_reply() -> None:
    """Count a reply that was newly kept, for this connection and for the whole city."""
    _rates().hit("reply", connection(), at=now())


def fault_of_corrections() -> Text | None:
    """Count a correction of this connection; tell whether there were too many, or None."""
    most = _settings().marks_hourly
    many = too_many("correction", most)
    return Text(TOO_MANY_CORRECTIONS.template, most=most) if many else None


def under_attack(at: datetime) -> bool:
    """Tell whether so much came from everywhere this hour that each mark and reply shall cost."""
    came = sum(_rates().total(what, at=at) for what in ("mark", "reply"))
    return came >= _settings().attack_marks


def worked(challenge: str, answer: str) -> bool:
    """
    Tell whether a browser has done its computation.

    Parameters
    ----------
    challenge
        Text that is bound to the form.
    answer
        A number such that the SHA-256 of `challenge:answer` begins with
        `work_bits` zero bits.
    """
    if not answer.isascii() or not answer.isdigit() or len(answer) > 16:
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest) >> (256 - _settings().work_bits) == 0


def waited(since: float, at: datetime) -> bool:
    """Tell whether somebody whose browser cannot compute has waited for long enough instead."""
    return 0 < since <= at.timestamp() - _settings().work_wait


def _rates() -> Rates:
    return cast("Rates", current_app.extensions["rates"])


def _settings() -> Settings:
    return cast("Settings", current_app.config["SETTINGS"])
