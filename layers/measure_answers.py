"""Words for answers: what the city may begin with, chosen by the evidence, free to be edited."""

from __future__ import annotations

from .measure_judging import (
    COUNTED,
    FEWER,
    MORE,
    NO_BASELINE,
    NONE,
    NOT_COUNTED,
    NOT_IN_ADVANCE,
    STOPPED,
    TOO_FEW,
)
from .text import Text

SUGGESTED: dict[str, Text] = {
    FEWER: Text(
        "Thank you for marking this. We have done what we planned there, and we keep an eye on the"
        " place."
    ),
    MORE: Text(
        "Thank you for marking this. What we did was not enough, or more people know now that they"
        " can tell us. We look at the place again."
    ),
    NONE: Text(
        "Thank you for marking this. We have done what we planned there. The numbers do not show"
        " whether it helped; please tell us how it is now."
    ),
    TOO_FEW: Text(
        "Thank you for marking this. We have done what we planned there. Too few people have"
        " written to see whether it helped; please tell us how it is now."
    ),
    NOT_IN_ADVANCE: Text(
        "Thank you for marking this. We have done what we planned there. Please tell us how it is"
        " now."
    ),
    NO_BASELINE: Text(
        "Thank you for marking this. We have done what we planned there. Please tell us how it is"
        " now."
    ),
    STOPPED: Text(
        "Thank you for marking this. We could not do what we had planned. The reason remains on"
        " our list."
    ),
    COUNTED: Text("This is what we did and what we counted."),
    NOT_COUNTED: Text("This is what we did."),
}
"""What the field for the city's own words begins with."""
