"""`analyse`: run an analysis, print its figures, save its result."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from layers import ANALYSES, Analysis, Bounds, Cancelled, Figure, Flag, ParameterError, Text
from layers.parameters import Key

from ..config import Settings
from ..documents import document_of
from ..kernels import keep_kernels
from ..languages import SOURCE, with_unit
from ..progress import watched
from ..results import Computed, compute
from ..store import Store
from ..writers import FORMATS, ending, write

CTRL_C = 130
"""What a program returns that was ended by Ctrl+C."""


def _asks() -> str:
    """Tell every analysis and what may be set, from its signature."""
    lines = []
    for analysis in ANALYSES.values():
        lines.append(f"{analysis.name}: {analysis.about}")
        for name, parameter in analysis.parameters.items():
            lines.append(f"  {name}={_takes(parameter.takes)}  {parameter.label}")
    return "\b\n" + "\n".join(lines)


def _takes(takes: Any) -> str:
    if isinstance(takes, Bounds):
        return f"{takes.low:g}..{takes.high:g} [{takes.unit}]"
    if isinstance(takes, Flag):
        return "yes|no"
    if isinstance(takes, Key):
        return "number or link"
    return "|".join(takes.options)


def _known(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """Refuse a name that is no analysis, and name those there are."""
    if name not in ANALYSES:
        raise click.BadParameter(f"“{name}” is not an analysis; there are {', '.join(ANALYSES)}")
    return name


@click.command("analyse", epilog=_asks())
@click.argument("name", callback=_known)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="Set a parameter; several kinds are separated by commas.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Save the result; the ending is the format: " + ", ".join(FORMATS) + ".",
)
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
def command(*, name: str, settings: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """
    Run an analysis on the city's layers.

    \b
    Examples:
      python -m geo_app analyse coverage --set minutes=15 --json
      python -m geo_app analyse coverage --set walker=85plus --out var/gaps.gpkg
      python -m geo_app analyse coverage --set kinds=library,youth_centre --set free_only=yes
    """
    if out and ending(out) not in FORMATS:
        raise click.UsageError(f"--out {out}: the ending must be one of {', '.join(FORMATS)}")
    analysis = ANALYSES[name]
    configured = Settings.from_environment()
    land = {"land": [configured.land]} if "land" in analysis.parameters else {}
    values = analysis.parse(land | _read(settings))
    store = Store.open(configured.store, crs=configured.crs)
    keep_kernels(configured.var)
    try:
        with watched() as watch:
            computed = compute(store, analysis, values, watch=watch)
    except Cancelled:
        click.echo("Cancelled; nothing was saved.", err=True)
        raise click.exceptions.Exit(CTRL_C) from None
    click.echo(_as_json(analysis, values, computed) if as_json else _as_text(values, computed))
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write(document_of(analysis, values, computed), out)
        click.echo(f"{len(computed.result.table):,} rows written to {out}", err=as_json)


def _read(settings: tuple[str, ...]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    wrong = [text for text in settings if "=" not in text]
    if wrong:
        raise ParameterError(
            [Text("--set needs PARAMETER=VALUE, not “{text}”", text=text) for text in wrong]
        )
    for name, value in (text.split("=", 1) for text in settings):
        told.setdefault(name, []).append(value)
    return told


def _as_text(values: Mapping[str, Any], computed: Computed) -> str:
    result = computed.result
    lines = [values["question"].sentence()] if "question" in values else []
    if computed.invented:
        lines.append("The data are invented.")
    width = max(len(figure.label) for figure in result.figures)
    lines += ["  ".join(result.answer), ""]
    told = [figure for figure in result.figures if not figure.aside]
    lines += [f"  {figure.label:<{width}}  {_amount(figure)}" for figure in told]
    lines += ["", *(f"- {note}" for note in result.notes)]
    return "\n".join(lines)


def _amount(figure: Figure) -> str:
    """Write a figure as the pages do: people, shares and metres in whole numbers."""
    if not math.isfinite(figure.value):
        return f"unknown ({figure.note})" if figure.note else "unknown"
    told = with_unit(figure.value, figure.unit, SOURCE)
    if figure.low is not None and figure.high is not None:
        low, high = (with_unit(end, figure.unit, SOURCE) for end in (figure.low, figure.high))
        told += f" ({low} to {high})"
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _as_json(analysis: Analysis, values: Mapping[str, Any], computed: Computed) -> str:
    told = {
        "analysis": analysis.name,
        "parameters": {n: ",".join(texts) for n, texts in analysis.write(values).items()},
        "figures": [
            {
                "name": figure.name,
                "value": _number(figure.value),
                "unit": figure.unit,
                "low": _number(figure.low),
                "high": _number(figure.high),
                "note": figure.note,
            }
            for figure in computed.result.figures
        ],
        "notes": list(computed.result.notes),
        "inputs": [{"layer": p.layer, "rows": p.rows, "hash": p.hash} for p in computed.inputs],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
