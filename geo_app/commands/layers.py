"""`layers`: what the city knows, templates to fill in, undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from layers import LAYERS, Text

from ..config import Settings
from ..readers.tables import write_template
from ..store import Provenance, Store

HEADINGS = ("layer", "rows", "as of", "licence", "hash", "source")
SHORT = 12


@click.command("layers")
@click.option("--json", "as_json", is_flag=True, help="Print for programs.")
@click.option(
    "--template",
    type=click.Choice(sorted(LAYERS)),
    help="Write an example table of this layer: the columns to fill in, and what each means.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the template; its ending (.csv, .xlsx, .gpkg, .geojson) is its format.",
)
@click.option(
    "--restore",
    type=click.Choice(sorted(LAYERS)),
    help="Undo the last import of this layer: its previous version becomes the current one.",
)
def command(*, as_json: bool, template: str | None, out: Path | None, restore: str | None) -> None:
    """
    List what the city knows: each layer with its rows, date, licence and hash.

    \b
    Examples:
      python -m geo_app layers
      python -m geo_app layers --json
      python -m geo_app layers --template meeting_places --out places.xlsx
      python -m geo_app layers --restore meeting_places
    """
    if template:
        target = out or Path(f"{template}.csv")
        write_template(LAYERS[template], target)
        click.echo(f"{target} written; fill it in, then: {_import_it(template, target)}")
        return
    if out:
        raise click.UsageError("--out names the file of a template; say which: --template NAME")
    settings = Settings.from_environment()
    store = Store.open(settings.store, crs=settings.crs)
    if restore:
        back = store.restore(restore)
        told = Text("back to {rows} {rows:row|rows} of {file}", rows=back.rows, file=back.file)
        click.echo(f"{restore}: {told}")
        return
    present = {name: store.provenance(name) for name in store.names()}
    click.echo(_as_json(present) if as_json else _as_table(present))


def _import_it(layer: str, file: Path) -> str:
    return f"python -m geo_app import table {file} --layer {layer} --crs EPSG:4326"


def _as_json(present: dict[str, Provenance]) -> str:
    told: list[dict[str, Any]] = [
        {
            "layer": name,
            "title": LAYERS[name].title,
            "rows": entry.rows,
            "as_of": entry.as_of,
            "source": entry.source,
            "licence": entry.licence,
            "attribution": entry.attribution,
            "file": entry.file,
            "file_hash": entry.file_hash,
            "hash": entry.hash,
            "imported_at": entry.imported_at.isoformat(),
            "imported_by": entry.imported_by,
            "invented": entry.invented,
            "remarks": list(entry.remarks),
        }
        for name, entry in present.items()
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _as_table(present: dict[str, Provenance]) -> str:
    lines: list[tuple[str, ...]] = [HEADINGS]
    lines += [
        _line(name, present[name]) if name in present else (name, "–", "", "", "", "not imported")
        for name in LAYERS
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i == 1 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _line(name: str, entry: Provenance) -> tuple[str, ...]:
    rows, short = f"{entry.rows:,}", entry.hash[:SHORT]
    return name, rows, entry.as_of or "?", entry.licence or "?", short, entry.source
