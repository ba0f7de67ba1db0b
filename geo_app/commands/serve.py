"""`serve`: the pages on this machine."""

from __future__ import annotations

import logging
import socket
import time
from pathlib import Path

import click
import waitress

from .. import create_app
from ..cli import STARTED, Faults
from ..config import Settings
from ..kernels import warm_up
from ..maps.basemap import build_basemap, manifest, version_of
from ..store import Store


@click.command("serve")
@click.option("--host", help="Address to listen at; 0.0.0.0 lets the whole network in.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
def command(*, host: str | None, port: int | None, threads: int) -> None:
    """
    Serve the maps and pages on this machine.

    Host and port are settings as well (GEO_APP_HOST, GEO_APP_PORT); an option
    goes before a setting. In public, put a web server with TLS in front.

    \b
    Examples:
      python -m geo_app serve
      python -m geo_app serve --host 0.0.0.0 --port 8080
    """
    settings = Settings.from_environment()
    host, port = host or settings.host, port or settings.port
    app = create_app(settings)
    listening = _listen(host, port)
    # A browser asks for a dozen things at once; that they queue is no news to anybody.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(app, sockets=[listening], threads=threads, ident=None)
    _prepare(app.extensions["store"], settings.var / "basemap")
    warm_up(everything=True)
    click.echo(
        f"Ready after {time.perf_counter() - STARTED:.1f} s at http://{host}:{port}"
        " · Ctrl+C ends it"
    )
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
    finally:
        app.extensions["jobs"].close()


def _prepare(store: Store, basemap: Path) -> None:
    """Bring the basemap up to date: another store may have been served from here before."""
    if not store.names():
        click.echo(
            "The store is still empty. Try the invented town: python -m geo_app sample\n"
            "or import your city: python -m geo_app import --help"
        )
    elif manifest(basemap).get("version") != version_of(store):
        click.echo("Drawing the basemap …")
        build_basemap(store, basemap)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise Faults(
            f"cannot listen at {host}:{port} ({error.strerror}); another program may be using it:"
            " end that one, or choose another with --port 5001"
        ) from error
