"""`people`: accounts of staff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from ..config import Settings
from ..origin import whoever_is_here
from ..store import ROLES, People, Person, Store

HEADINGS = ("login", "roles", "state")
ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(list(ROLES)),
    help="What the account may do; give it several times for several roles.",
)
ASK = click.option("--ask", is_flag=True, help="Type a password instead of getting one to change.")


@click.group("people")
def command() -> None:
    """
    Make and change accounts of staff; the first administrator is made here.

    \b
    Examples:
      python -m geo_app people add leitung --role administrator
      python -m geo_app people add stadtplanung --role moderator --role planner --ask
      python -m geo_app people list
      python -m geo_app people role stadtplanung --role prevention
      python -m geo_app people lock stadtplanung
      python -m geo_app people password stadtplanung
    """


@command.command("add")
@click.argument("login")
@ROLE
@ASK
def add(*, login: str, roles: tuple[str, ...], ask: bool) -> None:
    """Make an account; prints a password that has to be changed on signing in."""
    with _people() as people:
        made = people.add(login, roles, at=_now(), by=_who(), password=_asked(ask=ask))
    click.echo(f"{login.strip().casefold()} added ({', '.join(roles)})")
    _tell(made)


@command.command("list")
def everybody() -> None:
    """List all accounts with their roles."""
    with _people() as people:
        rows = [HEADINGS, *(_line(one) for one in people.everybody())]
    if len(rows) == 1:
        click.echo("There is no account yet: python -m geo_app people add --help")
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command("role")
@click.argument("login")
@ROLE
def role(*, login: str, roles: tuple[str, ...]) -> None:
    """Set the roles of an account; those not named are taken away."""
    with _people() as people:
        people.set_roles(login, roles, by=_who(), at=_now())
    click.echo(f"{login}: {', '.join(roles)}")


@command.command("lock")
@click.argument("login")
def lock(*, login: str) -> None:
    """Lock an account; whoever is signed in with it is signed out."""
    with _people() as people:
        people.lock(login, by=_who(), at=_now())
    click.echo(f"{login} is locked")


@command.command("unlock")
@click.argument("login")
def unlock(*, login: str) -> None:
    """Unlock an account, also one that waits after wrong passwords."""
    with _people() as people:
        people.unlock(login, by=_who(), at=_now())
    click.echo(f"{login} is unlocked")


@command.command("password")
@click.argument("login")
@ASK
def password(*, login: str, ask: bool) -> None:
    """Give an account a new password; it has to be changed on signing in."""
    with _people() as people:
        made = people.give_password(login, by=_who(), at=_now(), password=_asked(ask=ask))
    click.echo(f"{login} has a new password")
    _tell(made)


@contextmanager
def _people() -> Iterator[People]:
    settings = Settings.from_environment()
    with Store.open(settings.store, crs=settings.crs) as store:
        yield People(store, settings)


def _now() -> datetime:
    return datetime.now(UTC)


def _who() -> str:
    return f"command line ({whoever_is_here() or '?'})"


def _asked(*, ask: bool) -> str:
    if not ask:
        return ""
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _tell(made: str) -> None:
    if made:
        click.echo(f"One-time password, shown only here: {made}")


def _line(one: Person) -> tuple[str, ...]:
    state = [
        word
        for word, is_so in (
            ("locked", one.locked),
            ("waits after wrong passwords", one.locked_until is not None),
            ("has to change the password", one.must_change),
            ("signs in elsewhere", not one.has_password),
        )
        if is_so
    ]
    return one.login, ", ".join(one.roles), ", ".join(state)
