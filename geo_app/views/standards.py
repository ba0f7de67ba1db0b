"""The book of standards: limits others have set, and what each would say of this city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Blueprint, render_template

from layers import ANALYSES, MissingLayerError, ParameterError
from layers.question import Question
from layers.shares import share
from layers.standards import STANDARDS, Standard

from ..access import public
from ..forms import form
from ..results import compute
from .city import asked, current_store

bp = Blueprint("standards", __name__, url_prefix="/standards")


@dataclass(frozen=True)
class Verdict:
    """
    What one standard says of a city.

    Parameters
    ----------
    standard
        The limit.
    within
        Longest walk that counts for the walker asked about [min].
    reached, straight
        Share of people who reach a place, on foot and as the crow flies [%].
    misled
        People for whom the straight line says yes and the walk says no.
    """

    standard: Standard
    within: float
    reached: float
    straight: float
    misled: float


@bp.get("")
@public
def show() -> str:
    """Every limit with its source, and what it would say of the places asked about."""
    analysis = ANALYSES["coverage"]
    values = analysis.parse(asked(of="coverage"))
    question: Question = values["question"]
    try:
        table = compute(current_store(), analysis, values).result.table
    except (MissingLayerError, ParameterError):
        table = None
    return render_template(
        "standards.html",
        analysis=analysis,
        form=form(analysis, values),
        query=analysis.write(values),
        question=question,
        standards=STANDARDS.values(),
        verdicts=[]
        if table is None
        else [verdict(one, question, table) for one in STANDARDS.values()],
    )


def verdict(standard: Standard, question: Question, table: Any) -> Verdict:
    """
    Judge a city by one standard.

    Parameters
    ----------
    standard
        The limit.
    question
        Who walks.
    table
        Table of a coverage: `people`, `minutes` and `straight_line` per cell.
    """
    within = standard.within(question.who_walks)
    people = table["people"].to_numpy()
    near, straight = (table[c].to_numpy() <= within for c in ("minutes", "straight_line"))
    return Verdict(
        standard,
        within,
        share(people, near),
        share(people, straight),
        float(np.nansum(people[straight & ~near])),
    )
