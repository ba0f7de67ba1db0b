"""`replay`: a saved result, asked again."""

from __future__ import annotations

from pathlib import Path

import click

from layers import LAYERS
from layers.credible import MARKS

from ..config import Settings
from ..replays import Moved, read_record, replay
from ..store import Store

TITLES = {layer.name: layer.title for layer in (*LAYERS.values(), MARKS)}


@click.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(*, file: Path) -> None:
    """
    Ask a saved result again and tell what has moved, and why.

    FILE is what “To ask again (JSON)” below a result saves.

    \b
    Example:
      python -m geo_app replay coverage-2026-05-31.json
    """
    settings = Settings.from_environment()
    store = Store.open(settings.store, crs=settings.crs)
    found = replay(store, read_record(file.read_bytes()))
    click.echo("Nothing has moved." if found.same else "What has moved:")
    for one in found.figures:
        if not found.same and not one.unmoved:
            click.echo(f"  {one.label}: {one.then:,.2f} -> {one.now:,.2f} {one.unit}{_why(one)}")
    if found.lost:
        titles = ", ".join(TITLES.get(name, name) for name in found.lost)
        click.echo(f"Changed since, but the earlier version is gone: {titles}.")
    if found.other_program:
        click.echo("It was computed by another version of this program.")


def _why(one: Moved) -> str:
    told = [f"{TITLES[name]} {part:+,.2f}" for name, part in one.parts.items()]
    return f" ({', '.join(told)})" if told else ""
