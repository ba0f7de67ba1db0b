"""A scenario as it is kept: its steps, which of them count, what undo and redo would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers import Text

CHANGE, DROP, QUESTION = "change", "drop", "question"
"""Kinds of step: change a place, take one change back, ask another question."""
LONGEST_NAME, LONGEST_ABOUT = 120, 1000
MOST_STEPS = 5000
"""Steps of one scenario; far more than anybody plans by hand."""


@dataclass(frozen=True)
class Step:
    """
    One step of a scenario; never changed, never erased on its own.

    Parameters
    ----------
    number
        Its number in the scenario, from 1.
    parent
        The step it builds on; 0 is the beginning.
    kind
        "change", "drop" or "question".
    told
        What it does: `change` and `was` (a change, and the place before it),
        `number` (of the change taken back), or `query` (text of a question).
    at, by
        When, and login of who did it.
    """

    number: int
    parent: int
    kind: str
    told: Mapping[str, Any]
    at: datetime
    by: str


@dataclass(frozen=True)
class Scenario:
    """
    One scenario.

    Parameters
    ----------
    id
        Its number in addresses.
    name, about
        What it is called, and a short description.
    asked
        Query text of the question it began with.
    owner
        Login of whoever made it.
    base
        Content hash of the layer of places on which it began.
    step
        The step it stands at; 0 is the beginning.
    token
        Secret of the link that shares it, or "".
    created_at, changed_at, changed_by
        When it was made; when and by whom it was changed last.
    deleted_at
        When it was put into the bin, or None.
    adopted_at, adopted_by, adopted_version
        When and by whom it was adopted, and the version of the layer that was made.
    answer
        Its headline on that day, as the store writes sentences.
    path
        Steps that lead to where it stands, the first one first.
    redo
        The step that redo would bring back, or None.
    """

    id: int
    name: str
    about: str
    asked: str
    owner: str
    base: str
    step: int
    token: str
    created_at: datetime
    changed_at: datetime
    changed_by: str
    deleted_at: datetime | None
    adopted_at: datetime | None
    adopted_by: str
    adopted_version: int | None
    answer: str
    path: tuple[Step, ...] = ()
    redo: Step | None = None

    @property
    def undo(self) -> Step | None:
        """The step that undo would take back."""
        return self.path[-1] if self.path else None

    @property
    def question(self) -> str:
        """Query text of the question it is judged by."""
        asked = [step.told["query"] for step in self.path if step.kind == QUESTION]
        return str(asked[-1]) if asked else self.asked

    @property
    def changes(self) -> tuple[Step, ...]:
        """Changes that count: those on the path that were not taken back one by one."""
        dropped = {step.told["number"] for step in self.path if step.kind == DROP}
        return tuple(s for s in self.path if s.kind == CHANGE and s.number not in dropped)


def path_to(steps: Mapping[int, Step], number: int) -> tuple[Step, ...]:
    """Return the steps from the beginning to `number`."""
    found: list[Step] = []
    while number in steps:
        found.append(steps[number])
        number = steps[number].parent
    return tuple(reversed(found))


def redo_of(steps: Mapping[int, Step], number: int) -> Step | None:
    """Return the latest of the steps that build on `number`."""
    following = [step for step in steps.values() if step.parent == number]
    return max(following, key=lambda step: step.number, default=None)


def name_faults(name: str, about: str) -> list[Text]:
    """Return what is wrong with a name and a description."""
    wrong = {
        Text("give the scenario a name"): not name,
        Text("the name has at most {most} characters", most=LONGEST_NAME): len(name) > LONGEST_NAME,
        Text("the description has at most {most} characters", most=LONGEST_ABOUT): (
            len(about) > LONGEST_ABOUT
        ),
    }
    return [fault for fault, here in wrong.items() if here]
