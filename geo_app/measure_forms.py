"""What staff type of a measure, read into a plan; every fault is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from layers import Text
from layers.factors import FACTORS
from layers.measures import INDICATORS_MOST, Indicator, Measure, Plan, plan_faults

from .store import MeasureError

TEXTS = ("name", "about", "kind", "project", "office", "funding", "expects", "baseline",
         "place_words")  # fmt: skip
NUMBER = Text("“{text}” is no whole number")
DAY = Text("write days like 2026-05-31")


def read_plan(typed: Any, now: Plan) -> Plan:
    """
    Read the form of a measure.

    Parameters
    ----------
    typed
        Fields of the form (several of a name).
    now
        The plan so far: places and control are not part of the form.

    Raises
    ------
    MeasureError
        Lists every fault.
    """
    faults: list[Text] = []
    told: dict[str, Any] = {name: typed.get(name, "").strip() for name in TEXTS}
    told["factors"] = tuple(name for name in FACTORS if name in typed.getlist("factor"))
    for name in ("cost", "theme_id"):
        told[name] = _whole(typed.get(name, ""), faults)
    for name in ("expected", "buffer"):
        told[name] = _whole(typed.get(name, ""), faults) or 0
    for name in ("from_on", "until_on"):
        told[name] = _day(typed.get(name, ""), faults)
    told["indicators"] = read_indicators(typed, faults)
    plan = replace(now, **told)
    faults += plan_faults(plan)
    if faults:
        raise MeasureError(list(dict.fromkeys(faults)))
    return plan


def read_indicators(typed: Any, faults: list[Text]) -> tuple[Indicator, ...]:
    """Read the numbers that are counted; rows without a name are left out."""
    rows = []
    for number in range(INDICATORS_MOST):
        name = typed.get(f"indicator_{number}", "").strip()
        if name:
            told: dict[str, Any] = {
                column: _whole(typed.get(f"{column}_{number}", ""), faults)
                for column in ("before", "after", "of_before", "of_after")
            }
            rows.append(Indicator(name, **told))
    return tuple(rows)


def read_numbers(typed: Any, measure: Measure) -> Plan:
    """
    Read numbers typed in at the end: what is counted stays, only what came after is new.

    Raises
    ------
    MeasureError
        Lists every fault.
    """
    faults: list[Text] = []
    rows = tuple(
        replace(
            one,
            after=_whole(typed.get(f"after_{number}", ""), faults),
            of_after=_whole(typed.get(f"of_after_{number}", ""), faults),
        )
        for number, one in enumerate(measure.indicators)
    )
    plan = replace(measure.plan, indicators=rows)
    faults += plan_faults(plan)
    if faults:
        raise MeasureError(list(dict.fromkeys(faults)))
    return plan


def typed_of(plan: Plan) -> Mapping[str, Any]:
    """Return a plan as its form shows it."""
    told: dict[str, Any] = {name: getattr(plan, name) for name in TEXTS}
    numbers = ("cost", "theme_id", "expected", "buffer")
    told |= {name: _shown(getattr(plan, name)) for name in numbers}
    told["expected"] = str(plan.expected or "")
    told |= {n: d.isoformat() if (d := getattr(plan, n)) else "" for n in ("from_on", "until_on")}
    for number, one in enumerate(plan.indicators):
        told[f"indicator_{number}"] = one.name
        for column in ("before", "after", "of_before", "of_after"):
            told[f"{column}_{number}"] = _shown(getattr(one, column))
    return told


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _whole(text: str, faults: list[Text]) -> int | None:
    plain = text.strip().replace(".", "").replace("\N{NO-BREAK SPACE}", "").removesuffix("€")
    if not plain.strip():
        return None
    try:
        return int(plain)
    except ValueError:
        faults.append(Text(NUMBER.template, text=text.strip()[:20]))
        return None


def _day(text: str, faults: list[Text]) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        faults.append(DAY)
        return None
