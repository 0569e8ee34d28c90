"""`segin staff`: who may sign in to the console; the first administrator is made here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.core.staff import ROLES

if TYPE_CHECKING:
    from bot.core.accounts import Account
    from bot.service.come_in import Entrance
    from bot.service.ports import Ports

TERMINAL = "terminal"  # who does it, for the audit trail: whoever may read the keys of this installation


@click.group()
def staff() -> None:
    """Add, list, close and reset accounts of staff."""


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="What colleagues and the story of a case call them.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(sorted(ROLES)), help="More than once.")
@click.option("--partner", default="", help="The organisation's id in the directory, for the role partner.")
@click.option("--phone", default="", help="Telephone for alerts and for work by SMS.")
def add(login: str, name: str, roles: tuple[str, ...], partner: str, phone: str) -> None:
    """Add LOGIN; prints a first password once, which they change when they first sign in."""
    from bot.service.staffing import Asked, add_staff

    given = frozenset(role for role in ROLES if role in roles)
    with _open() as (entrance, _):
        account, password = add_staff(entrance, Asked(login, name, given, partner, phone=phone), by=TERMINAL)
    click.echo(f"{account.login} may sign in. First password, shown only now: {password}")


@staff.command("list")
def list_staff() -> None:
    """List accounts: login, name, roles, and what is still missing."""
    with _open() as (entrance, _):
        for account in entrance.book.all():
            click.echo(_line(account))


@staff.command()
@click.argument("login")
def deactivate(login: str) -> None:
    """Close LOGIN's account, end their sessions at once, and free the cases that they had in hand."""
    from bot.service.staffing import set_active

    with _open() as (entrance, ports):
        set_active(entrance, ports, _account(entrance, login), active=False, by=TERMINAL)
    click.echo(f"{login} can no longer sign in.")


@staff.command()
@click.argument("login")
def activate(login: str) -> None:
    """Open LOGIN's account again."""
    from bot.service.staffing import set_active

    with _open() as (entrance, ports):
        set_active(entrance, ports, _account(entrance, login), active=True, by=TERMINAL)
    click.echo(f"{login} may sign in again.")


@staff.command()
@click.argument("login")
def reset(login: str) -> None:
    """Take back LOGIN's password, second factor and sessions; prints a new first password once."""
    from bot.service.staffing import reset_staff

    with _open() as (entrance, _):
        password = reset_staff(entrance, _account(entrance, login), by=TERMINAL)
    click.echo(f"{login} sets everything up anew. First password, shown only now: {password}")


@contextmanager
def _open() -> "Iterator[tuple[Entrance, Ports]]":
    """Open the installation; what cannot be done is one sentence and exit status 1."""
    from bot.bootstrap import front_door
    from bot.service.staffing import BadAccount

    try:
        with front_door() as (entrance, _, ports):
            yield entrance, ports
    except BadAccount as error:
        raise click.ClickException(str(error)) from error


def _account(entrance: "Entrance", login: str) -> "Account":
    account = entrance.book.by_login(login)
    if account is None:
        msg = f"Nobody signs in as {login}; `segin staff list` shows who does."
        raise click.ClickException(msg)
    return account


def _line(account: "Account") -> str:
    notes = [
        "" if account.active else "CLOSED",
        "no second factor yet" if account.needs_second_factor and not account.has_second_factor else "",
        f"partner {account.partner}" if account.partner else "",
    ]
    return "  ".join(filter(None, [account.login, account.name, ", ".join(sorted(account.roles)), *notes]))
