"""`publish`: the masked layer of citizens' marks on a release day."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from layers.days import day_of
from layers.publication import last_release

from ..config import Settings
from ..store import MarkStore, Store


@click.command("publish")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Release day, the first Monday of a month; without it, the latest one.",
)
def command(*, on: datetime | None) -> None:
    """
    Release the accepted marks, masked, on the fixed day of the month.

    Run it every day (cron, systemd): on other days, and twice on the same day,
    nothing changes.

    \b
    Examples:
      python -m geo_app publish
      python -m geo_app publish --on 2026-06-01
    """
    settings, now = Settings.from_environment(), datetime.now(UTC)
    day = on.date() if on else last_release(day_of(now))
    with Store.open(settings.store, crs=settings.crs) as store:
        written = MarkStore(store, settings).publish(day, at=now)
    click.echo(f"pins of {day.isoformat()}: {written.rows:,} rows")
