"""`erase`: what is kept no longer than it has to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from layers import Text

from ..config import Settings
from ..store import Store
from ..store.erasure import Due, Erasure
from ..store.log_lines import erase_lines, old_lines

A_DAY = timedelta(days=1)


class Moment(click.ParamType[datetime]):
    """A day or a moment as ISO text; without a zone it is UTC."""

    name = "day"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read the text."""
        if isinstance(value, datetime):
            return value
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a day like 2027-01-31", param, ctx)
        return told if told.tzinfo else told.replace(tzinfo=UTC)


@click.command("erase")
@click.option("--at", type=Moment(), help="As if it were this day; without it, now.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be erased.")
@click.option("--yes", is_flag=True, help="Really erase as of a day in the future.")
def command(*, at: datetime | None, dry_run: bool, yes: bool) -> None:
    """
    Erase what has been kept long enough: texts, exact points, codes, logs.

    Run it every day (cron, systemd). Twice is the same as once. What is erased
    is gone from the files of the database too; backups have to be erased by
    whoever keeps them. The periods are settings; README.md lists them.

    \b
    Examples:
      python -m geo_app erase
      python -m geo_app erase --at 2027-01-31 --dry-run
    """
    now = datetime.now(UTC)
    moment = at or now
    if moment > now + A_DAY and not (dry_run or yes):
        raise click.UsageError(
            "--at lies in the future: look first with --dry-run; --yes really erases"
        )
    settings = Settings.from_environment()
    # first, so that they go even if the files of the database are in use
    logs = _logs(settings, moment, dry_run=dry_run)
    with Store.open(settings.store, crs=settings.crs) as store:
        erasure = Erasure(store, settings)
        done = erasure.due(at=moment) if dry_run else erasure.erase(at=moment)
    click.echo(f"{'Would erase' if dry_run else 'Erased'} as of {moment:%Y-%m-%d %H:%M} UTC")
    click.echo(_as_table([*done, logs]))
    if not dry_run:
        click.echo("The files of the database were written anew without it.")


def _logs(settings: Settings, at: datetime, *, dry_run: bool) -> Due:
    folder, days = settings.var / "logs", settings.log_days
    if dry_run:
        count = sum(old_lines(folder, at=at, days=days).values())
    else:
        count = erase_lines(folder, at=at, days=days)
    return Due(Text("lines of log files"), Text("{days} days", days=days), count)


def _as_table(rows: Sequence[Due]) -> str:
    wide, long = (max(len(getattr(row, name)) for row in rows) for name in ("what", "when"))
    return "\n".join(f"  {r.what:<{wide}}  {r.when:<{long}}  {r.count:>7,}" for r in rows)
