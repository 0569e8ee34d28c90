"""`segin cases`: what a caseworker does from the terminal until they prefer the console."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.core.case_life import OUTCOMES

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.cases import Case, Priority
    from bot.core.people import Person
    from bot.core.staff import Staff
    from bot.ports import Known
    from bot.service.brain import Brain
    from bot.service.change_case import Seen
    from bot.service.ports import Ports


def _typed(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return the words; "-" reads them from the terminal, which remembers a command line but not what is typed."""
    return sys.stdin.read().strip() if value == "-" else value


TEXT = click.argument("text", metavar="TEXT|-", callback=_typed)
REASON = click.argument("reason", metavar="REASON|-", callback=_typed)
BY = click.option("--by", required=True, help="Your name, as it is to stand in the case's story.")


@click.group()
def cases() -> None:
    """List, read, take, answer and close cases.

    Give "-" for words about somebody and type them below: the shell remembers a command line.
    """


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
    from bot.service.change_case import find_case

    with _app() as (_, ports):
        case = find_case(ports, reference, by=_whoever("terminal"))
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
        case = work_cases.take(ports, _seen(reference, by))
    click.echo(f"Case {case.reference} is yours.")


@cases.command()
@click.argument("reference")
@click.argument("login")
@BY
def assign(reference: str, login: str, by: str) -> None:
    """Give a case to the member of staff who signs in as LOGIN."""
    from bot.service import work_cases

    with _app() as (_, ports):
        account = next((one for one in ports.store.duty.people() if one.login == login), None)
        if account is None:
            msg = f"Nobody signs in as {login}; `segin staff list` shows who does."
            raise click.ClickException(msg)
        case = work_cases.assign(ports, _seen(reference, by), account.staff)
    click.echo(f"Case {case.reference} is {account.name}'s.")


@cases.command()
@click.argument("reference")
@TEXT
@BY
def answer(reference: str, text: str, by: str) -> None:
    """Send TEXT to the person, as it stands ("-": type it below, then Ctrl-D)."""
    from bot.service import answer_person

    with _app() as (brain, ports):
        sent = answer_person.answer(brain, ports, _seen(reference, by), text)
    click.echo(f"Queued: {sent.parts} message(s), {sent.segments} SMS.")


@cases.command()
@click.argument("reference")
@REASON
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at it again, such as 2026-12-01.")
@BY
def wait(reference: str, reason: str, until: "datetime | None", by: str) -> None:
    """Let a case wait; REASON says for what or whom."""
    from bot.service import work_cases

    with _app() as (_, ports):
        case = work_cases.wait(ports, _seen(reference, by), reason, until.date() if until else None)
    click.echo(f"Case {case.reference} waits.")


@cases.command()
@click.argument("reference")
@TEXT
@BY
def note(reference: str, text: str, by: str) -> None:
    """Write TEXT into a case; the person does not see it."""
    from bot.service import work_cases

    with _app() as (_, ports):
        case = work_cases.note(ports, _seen(reference, by), text)
    click.echo(f"Noted in case {case.reference}.")


@cases.command()
@click.argument("reference")
@click.argument("priority", type=click.Choice(["P1", "P2", "P3"]))
@REASON
@BY
def priority(reference: str, priority: "Priority", reason: str, by: str) -> None:
    """Change how urgent a case is; REASON says why."""
    from bot.service import work_cases

    with _app() as (brain, ports):
        case = work_cases.set_priority(brain, ports, _seen(reference, by), priority, reason)
    click.echo(f"Case {case.reference} is {case.priority} now.")


@cases.command()
@click.argument("reference")
@click.argument("partner")
@BY
def refer(reference: str, partner: str, by: str) -> None:
    """Hand a case to PARTNER, an id of the directory; the person is asked later whether they helped."""
    from bot.service import work_cases

    with _app() as (brain, ports):
        case = work_cases.refer(brain, ports, _seen(reference, by), partner)
    click.echo(f"Case {case.reference} is with {case.referred_to}.")


@cases.command("hand-back")
@click.argument("reference")
@BY
def hand_back(reference: str, by: str) -> None:
    """Give the word back to the assistant; the case stays open."""
    from bot.service import end_case

    with _app() as (brain, ports):
        case = end_case.hand_back(brain, ports, _seen(reference, by))
    click.echo(f"Case {case.reference} is open, in nobody's hands.")


@cases.command()
@click.argument("reference")
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), default="solved", show_default=True, help="How it ended.")
@click.option("--words", default="", help="The same in words, for the case's story.")
@BY
def close(reference: str, outcome: str, words: str, by: str) -> None:
    """Close a case; the person is asked whether it is solved, and their conversation goes on where it stopped."""
    from bot.service import end_case

    with _app() as (brain, ports):
        case = end_case.close(brain, ports, _seen(reference, by), outcome, words)
    click.echo(f"Case {case.reference} is closed.")


@cases.command()
@click.argument("reference")
@click.option("--reason", default="", help="Why, for the case's story.")
@BY
def reopen(reference: str, reason: str, by: str) -> None:
    """Open a closed case again."""
    from bot.service import end_case

    with _app() as (brain, ports):
        case = end_case.reopen(brain, ports, _seen(reference, by), reason)
    click.echo(f"Case {case.reference} is open again.")


def _seen(reference: str, by: str) -> "Seen":
    from bot.service.change_case import Seen

    return Seen(reference, _whoever(by))


def _whoever(name: str) -> "Staff":
    """Return somebody at the terminal: who may run commands here can read the database too, so nothing is kept back."""
    from bot.core.staff import Staff

    return Staff(name, name, frozenset({"caseworker", "supervisor", "focal_point"}))


@contextmanager
def _app() -> "Iterator[tuple[Brain, Ports]]":
    """Open the installation; what cannot be done to a case is one sentence and exit status 1."""
    from bot.bootstrap import installed
    from bot.core.case_life import NotAllowed
    from bot.ports import Conflict
    from bot.service.answer_person import NobodyThere
    from bot.service.change_case import NoSuchCase

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

    holder = f", {case.holder}" if case.holder else ""
    secret = " (sensitive)" if case.sensitive else ""
    opened = f"{case.opened_at.astimezone(BAMAKO):%d/%m/%Y %H:%M}"
    due = f", due {case.due_at.astimezone(BAMAKO):%d/%m %H:%M}" if case.due_at else ""
    return f"{case.reference}  {case.priority}  {case.status}{holder}  {case.kind}{secret}  {opened}{due}"
