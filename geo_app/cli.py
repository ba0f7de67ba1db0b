"""The commands and their faults: which there are, and how an error reaches the person."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

STARTED = time.perf_counter()
"""When the program began [s]; `serve` tells how long it took to be ready."""


@dataclass(frozen=True)
class Entry:
    """Where a command stands and what the list of commands says about it."""

    module: str
    about: str


COMMANDS = {
    "sample": Entry("sample", "Build the invented town, to try everything without any data."),
    "import": Entry("imports", "Import a city: OpenStreetMap, census grid, own tables."),
    "layers": Entry("layers", "List what the city knows; write templates; undo an import."),
    "analyse": Entry("analyse", "Run an analysis and print or save its result."),
    "replay": Entry("replay", "Ask a saved result again and tell what has moved, and why."),
    "people": Entry("people", "Make and change accounts of staff."),
    "publish": Entry("publish", "Release citizens’ marks, masked, on the fixed day."),
    "erase": Entry("erase", "Erase what has been kept long enough."),
    "serve": Entry("serve", "Serve the maps and pages on this machine."),
}
"""Name to entry, in the order in which a city needs them."""


class Faults(click.ClickException):
    """Every fault of one command on a line of its own, without a stack trace."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the faults to the error stream."""
        click.echo(self.message, err=True, file=file)


class Commands(click.Group):
    """Commands that are imported when called, so that help and start-up stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command; it has the name of its file, or `command` there."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".commands.{COMMANDS[cmd_name].module}", __package__)
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.about) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; faults of the data become sentences."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            faults = _faults(error)
            if not faults:
                raise
            raise Faults(faults) from error


def _faults(error: Exception) -> str:
    """Return what to tell about `error`, or "" if it is a defect of the program."""
    # The library is loaded by the time it can fail; help must not wait for it.
    from layers import LayersError  # noqa: PLC0415

    if not isinstance(error, LayersError):
        return ""
    about = getattr(error, "file", "") or getattr(error, "layer", "")
    lines = [f"  - {fault}" for fault in error.faults]
    return "\n".join([f"This does not work{f' ({about})' if about else ''}:", *lines])


@click.command(
    cls=Commands,
    epilog="""\b
    Try it without data:
      python -m geo_app sample
      python -m geo_app serve
    \b
    Your own city:
      export GEO_APP_STORE=sqlite:///var/mycity.sqlite
      python -m geo_app import osm mycity.osm.pbf
      python -m geo_app import zensus zensus2022_100m.csv
      python -m geo_app serve
    \b
    Settings are environment variables; README.md lists them all.
    """,
)
def main() -> None:
    """Plan meeting places: who can walk to a place to meet, and who cannot."""
