"""`segin cases`: what a caseworker does from the terminal until they prefer the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.core.cases import Case
    from bot.core.people import Person
    from bot.ports import Known
    from bot.service.brain import Brain
    from bot.service.receive_message import Ports

BY = click.option("--by", required=True, help="Your name, as it is to stand in the case's story.")


@click.group()
def cases() -> None:
    """List, read, take, answer and close cases."""


@cases.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed cases too.")
@click.option("--sensitive", is_flag=True, help="Sensitive cases too (for the focal point only).")
def list_cases(everything: bool, sensitive: bool) -> None:  # noqa: FBT001 click's way
    """List cases, most urgent first."""
    with _app() as (_, ports):
        found = ports.store.cases(include_closed=everything, include_sensitive=sensitive)
    for case in found:
        click.echo(_line(case))
    if not found:
        click.echo("No case is open." if sensitive else "No case is open; sensitive ones are not looked at here.")


@cases.command()
@click.argument("reference")
@click.option("--sensitive", is_flag=True, help="Open a sensitive case (for the focal point only).")
def show(reference: str, sensitive: bool) -> None:  # noqa: FBT001 click's way
    """Show a case and its whole story."""
    from bot.core.hours import BAMAKO
    from bot.service.work_cases import find_case

    with _app() as (_, ports):
        case = find_case(ports, reference)
        if case.sensitive and not sensitive:
            msg = f"Case {case.reference} is for the focal point alone, who opens it with --sensitive."
            raise click.ClickException(msg)
        events = ports.store.timeline(case.id)
        known = ports.store.person(case.person_id)
    click.echo(_line(case))
    for name, value in _about(known, case).items():
        click.echo(f"  {name}: {value}")
    if case.words:
        click.echo(f"  words: {', '.join(case.words)}")
    for name, value in case.note.items():
        click.echo(f"  {name}: {value}")
    for event in events:
        click.echo(f"  {event.at.astimezone(BAMAKO):%d/%m %H:%M}  {event.kind:8} {event.actor}: {event.text}")


@cases.command()
@click.argument("reference")
@BY
def take(reference: str, by: str) -> None:
    """Take a case into your hands."""
    from bot.service import work_cases

    with _app() as (_, ports):
        case = work_cases.take(ports, reference, by=by)
    click.echo(f"Case {case.reference} is yours.")


@cases.command()
@click.argument("reference")
@click.argument("text")
@BY
def answer(reference: str, text: str, by: str) -> None:
    """Send TEXT to the person, as it stands."""
    from bot.service import work_cases

    with _app() as (brain, ports):
        sent = work_cases.answer(brain, ports, reference, text, by=by)
    click.echo(f"Queued: {sent.parts} message(s), {sent.segments} SMS.")


@cases.command()
@click.argument("reference")
@click.option("--outcome", default="", help="How it ended, for the case's story.")
@BY
def close(reference: str, outcome: str, by: str) -> None:
    """Close a case; the person is told, and their conversation goes on where it stopped."""
    from bot.service import work_cases

    with _app() as (brain, ports):
        case = work_cases.close(brain, ports, reference, by=by, outcome=outcome)
    click.echo(f"Case {case.reference} is closed.")


@contextmanager
def _app() -> "Iterator[tuple[Brain, Ports]]":
    """Open the installation; what cannot be done to a case is one sentence and exit status 1."""
    from bot.bootstrap import installed
    from bot.core.cases import NotAllowed
    from bot.ports import Conflict
    from bot.service.work_cases import NobodyThere, NoSuchCase

    try:
        yield installed()
    except (NoSuchCase, NotAllowed, NobodyThere) as error:
        raise click.ClickException(str(error)) from error
    except Conflict as error:
        msg = "Somebody else changed this case at the same moment: look at it again."
        raise click.ClickException(msg) from error


def _about(known: "Known", case: "Case") -> dict[str, str]:
    """Return what to know before writing or calling, the rule for calls first; empty once the person is erased."""
    person = known.person
    if person is None:
        return {"person": "erased"}
    others = [other.reference for other in known.open_cases if other.id != case.id and not other.sensitive]
    told = {
        "call": _call_rule(person),
        "writes in": person.language or "not known",
        "region": person.region or "not known",
        "consent": person.consent,
        "shared phone": "be discreet: others read it" if person.discreet else "",
        "name": person.contact.get("name", ""),
        "by": ", ".join(address.channel for address in person.addresses),
        "other cases": ", ".join(others),
    }
    return {name: value for name, value in told.items() if value}


def _call_rule(person: "Person") -> str:
    if person.do_not_call or person.discreet:
        return "DO NOT CALL: write only"
    hours = person.contact.get("call_hours")
    return f"agreed: {hours}" if hours else "not known whether a call is safe: write first"


def _line(case: "Case") -> str:
    from bot.core.hours import BAMAKO

    holder = f", {case.taken_by}" if case.taken_by else ""
    secret = " (sensitive)" if case.sensitive else ""
    opened = f"{case.opened_at.astimezone(BAMAKO):%d/%m/%Y %H:%M}"
    return f"{case.reference}  {case.priority}  {case.status}{holder}  {case.kind}{secret}  {opened}"
