"""`segin person`: what a person may ask about their data, and what may keep it: export, erase, hold, release."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.core.staff import Staff
    from bot.house import House

NAMED = click.argument("named", metavar="REF|ID")
BY = click.option("--by", required=True, help="Your name, for the audit trail.")


@click.group()
def person() -> None:
    """Export or erase everything that is kept of one person, named by the reference of a case or by their id."""


@person.command()
@NAMED
@click.option("--out", type=click.Path(path_type=Path), help="Into this new file, for your eyes only (0600).")
@BY
def export(named: str, out: Path | None, by: str) -> None:
    """Write everything that is kept of somebody as JSON, voice notes included."""
    from bot.core.cases import read_reference
    from bot.core.staff import named_in_trail

    with _house(named) as (house, person_id):
        whole = house.exports.of_person(person_id)
        case = house.ports.store.case(read_reference(named) or "")
        about = named_in_trail(case) if case else person_id
        with house.ports.store.write() as tx:
            tx.audit(actor=by, action="person.export", object_id=about, now=house.ports.clock.now())
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    _write(out, text)
    click.echo(f"Everything is in {out}. Hand it over, then delete it.")


@person.command()
@NAMED
@BY
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(named: str, by: str, yes: bool) -> None:  # noqa: FBT001 click's way
    """Erase somebody for good; a legal hold, or a complaint that is open, puts it off."""
    from bot.service.own_data import IsHeld, erase_person

    with _house(named) as (house, person_id):
        if not yes:
            click.confirm("Everything of this person goes for good, in every case too. Erase it?", abort=True)
        receipt = _receipt(house)
        try:
            erase_person(house.brain, house.ports, person_id, by=_whoever(by), receipt=receipt)
        except IsHeld as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Erased. The receipt is {receipt}.")


@person.command()
@NAMED
@click.option("--reason", required=True, help="Why the data must be kept; it is stored encrypted.")
@BY
def hold(named: str, reason: str, by: str) -> None:
    """Keep somebody's data from being purged or erased, for a legal reason (a supervisor decides)."""
    from bot.ports.retention import AlreadyHeld
    from bot.service.own_data import hold_person

    with _house(named) as (house, person_id):
        try:
            hold_person(house.ports, house.holds, person_id, reason=reason, by=by)
        except (AlreadyHeld, ValueError) as error:
            raise click.ClickException(str(error)) from error
    click.echo("Held: nothing of this person is purged or erased until `segin person release`.")


@person.command()
@NAMED
@BY
def release(named: str, by: str) -> None:
    """Lift a legal hold; whoever wished meanwhile to be erased is erased at once."""
    from bot.service.own_data import release_person

    with _house(named) as (house, person_id):
        receipt = _receipt(house)
        was = release_person(house.brain, house.ports, house.holds, person_id, by=_whoever(by), receipt=receipt)
    if was is None:
        raise click.ClickException("No legal hold is in force for this person.")
    click.echo(f"Released and erased. The receipt is {receipt}." if was.erase else "Released.")


@contextmanager
def _house(named: str) -> Iterator[tuple["House", str]]:
    from bot.bootstrap import at_home
    from bot.service.own_data import NoSuchPerson, find_person

    with at_home() as house:
        try:
            person_id = find_person(house.ports, named)
        except NoSuchPerson as error:
            raise click.ClickException(str(error)) from error
        yield house, person_id


def _whoever(name: str) -> "Staff":
    """Return somebody at the terminal: a complaint is not theirs to make go away."""
    from bot.core.staff import Staff

    return Staff(name, name, frozenset({"caseworker", "supervisor"}))


def _receipt(house: "House") -> str:
    from bot.core.cases import REFERENCES, reference

    return reference(house.ports.ids.number(REFERENCES))


def _write(out: Path, text: str) -> None:
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        msg = f"{out} cannot be made ({error.strerror}): name a file that does not exist yet."
        raise click.ClickException(msg) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
