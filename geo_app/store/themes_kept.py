"""A focus theme as it is kept: what it says, since when, and what undo and redo would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from layers import Text
from layers.factors import FACTORS

LONGEST_NAME, LONGEST_ABOUT = 120, 2000


@dataclass(frozen=True)
class Theme:
    """
    A focus theme (Schwerpunktthema): what the prevention office works on for a while.

    Parameters
    ----------
    id
        Its number in addresses.
    name, about
        What it is called, and what it is about in the words of the office.
    factors
        Names of the factors it brings together; empty for a theme without
        spots, such as counselling or protection.
    from_on, until_on
        First and last day of work on it; None while it is open.
    state
        Number of the state that holds; whoever changes it says which one they saw.
    changed_at, changed_by
        When, and login of who put it into this state.
    undo, redo
        Numbers of the states that undo and redo lead to, or None; 0 takes the theme back.
    """

    id: int
    name: str
    about: str
    factors: tuple[str, ...]
    from_on: date
    until_on: date | None
    state: int = 1
    changed_at: datetime | None = None
    changed_by: str = ""
    undo: int | None = None
    redo: int | None = None

    def is_open(self, on: date) -> bool:
        """Tell whether the theme is worked on, or will be, as of a day."""
        return self.until_on is None or self.until_on >= on


def theme_of(
    id_: int, state: int, rows: Sequence[Mapping[str, Any]], *, at: datetime, by: str
) -> Theme:
    """
    Put a theme together.

    Parameters
    ----------
    id_
        Its number.
    state
        Number of the state that holds; for 0, the theme says what it would say again.
    rows
        All its states.
    at, by
        When it was put into this state, and by whom.
    """
    following = [row["number"] for row in rows if row["parent"] == state]
    redo = max(following, default=None)
    shown = next(row for row in rows if row["number"] == (state or redo))
    return Theme(
        id=id_,
        name=shown["name"],
        about=shown["about"],
        factors=tuple(name for name in shown["factors"].split(",") if name),
        from_on=date.fromisoformat(shown["from_on"]),
        until_on=date.fromisoformat(shown["until_on"]) if shown["until_on"] else None,
        state=state,
        changed_at=at,
        changed_by=by,
        undo=shown["parent"] if state else None,
        redo=redo,
    )


def theme_faults(
    name: str, about: str, factors: Sequence[str], from_on: date, until_on: date | None
) -> list[Text]:
    """Return everything that is wrong with what a theme would say."""
    unknown = tuple(one for one in factors if one not in FACTORS)
    wrong = {
        Text("give the theme a name"): not name,
        Text("the name has at most {most} characters", most=LONGEST_NAME): len(name) > LONGEST_NAME,
        Text("the description has at most {most} characters", most=LONGEST_ABOUT): (
            len(about) > LONGEST_ABOUT
        ),
        Text("there is no factor {names}", names=unknown): bool(unknown),
        Text("the last day of the theme lies before its first"): (
            until_on is not None and until_on < from_on
        ),
    }
    return [told for told, is_wrong in wrong.items() if is_wrong]
