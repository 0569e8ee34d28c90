"""`segin facts`: what the assistant may say, who checked it, and changes without touching a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.adapters.fact_files import FactFiles
    from bot.adapters.sql.fact_edits import SqlFactEdits
    from bot.core.facts import Fact, Facts
    from bot.core.facts_editing import FactEdit

BY = click.option("--by", required=True, help="Your name, as it is to stand beside the change.")
WHY = click.option("--why", required=True, help="The reason, for whoever reads the history.")
LISTS = {"phones"}


@click.group()
def facts() -> None:
    """List, check, change and switch off what the assistant may say."""


@facts.command("list")
@click.option("--status", help="Only facts with this status.")
@click.option("--topic", help="Only facts about this.")
def list_facts(status: str | None, topic: str | None) -> None:
    """List the facts with status, year and who checked them."""
    with _desk() as desk:
        for fact in desk.facts.facts.values():
            if status in {None, fact.status} and topic in {None, fact.topic}:
                click.echo(_line(fact))


@facts.command()
@click.argument("fact_id")
def show(fact_id: str) -> None:
    """Show a fact with its source and every change that was made to it."""
    with _desk() as desk:
        fact = desk.find(fact_id)
        source = desk.facts.sources[fact.source]
        click.echo(f"{_line(fact)}\n  {fact.text}\n  source: {source.title} ({source.publisher}, {source.year})")
        for name in ("scope", "address", "email", "note", "reliability"):
            if getattr(fact, name):
                click.echo(f"  {name}: {getattr(fact, name)}")
        for key, value in fact.says.items():
            click.echo(f"  {{{key}}}: {value}")
        for made in desk.edits:
            if made.fact_id == fact_id:
                click.echo(f"  {made.at:%d/%m/%Y %H:%M} {made.by}: {_changes(made)}{_reason(made)}")


@facts.command()
@click.argument("fact_id")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the check; today when left out.")
@click.option("--why", default="", help="How it was checked: called, asked at the office.")
@BY
def verify(fact_id: str, on: datetime | None, by: str, why: str) -> None:
    """Note that you have checked a fact: called the number, asked the office."""
    from bot.core import facts_editing

    with _desk() as desk:
        day = on.date() if on else desk.now.date()
        desk.keep(facts_editing.verify(desk.facts, fact_id, by=by, on=day, at=desk.now), why=why)
    click.echo(f"{fact_id} was checked on {day.isoformat()} by {by}.")


@facts.command()
@click.argument("fact_id")
@WHY
@BY
def suspend(fact_id: str, by: str, why: str) -> None:
    """Switch a fact off: "je ne sais pas" is said instead, until `segin facts resume`."""
    from bot.core import facts_editing

    with _desk() as desk:
        desk.keep(facts_editing.suspend(desk.facts, fact_id, by=by, at=desk.now), why=why)
    click.echo(f"{fact_id} is switched off.")


@facts.command()
@click.argument("fact_id")
@WHY
@BY
def resume(fact_id: str, by: str, why: str) -> None:
    """Switch a fact on again."""
    from bot.core import facts_editing

    with _desk() as desk:
        made = facts_editing.suspend(desk.facts, fact_id, by=by, at=desk.now, suspended=False)
        desk.keep(desk.weighed(made), why=why)
    click.echo(f"{fact_id} is said again.")


@facts.command()
@click.argument("fact_id")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE…")
@WHY
@BY
def edit(fact_id: str, changes: tuple[str, ...], by: str, why: str) -> None:
    """Change status, year, text, note, address, email, phones ("20 22 76 97, …") or a value (says.oim_address)."""
    from bot.core import facts_editing

    with _desk() as desk:
        made = facts_editing.edit(desk.facts, fact_id, _read_changes(changes), by=by, at=desk.now)
        desk.keep(desk.weighed(made), why=why)
    click.echo(f"{fact_id} is changed; it counts as unchecked until `segin facts verify {fact_id}`.")


@facts.command("stale")
def list_stale() -> None:
    """List facts that nobody has checked for twelve months; exit status 1 when there are any."""
    from bot.core.facts import stale, unchecked_emergency

    with _desk() as desk:
        today = desk.now.date()
        old, urgent = stale(desk.facts, today), unchecked_emergency(desk.facts, today=today)
    for sentence in urgent:
        click.echo(sentence)
    for fact in old:
        click.echo(_line(fact))
    if old or urgent:
        raise SystemExit(1)


@facts.command()
@click.option("--write", is_flag=True, help="Write the files; without it they are only shown.")
def export(write: bool) -> None:  # noqa: FBT001 - click's way
    """Put the changes that were made here into the files of facts, for the next version."""
    from bot.core.facts_export import export as written

    with _desk() as desk:
        changed = written(desk.files.texts, desk.files.facts, desk.edits)
    for name, text in changed.items():
        if write:
            (_root() / name).write_text(text, encoding="utf-8")
        click.echo(f"{name} is written." if write else f"# {name}\n{text}")
    if not changed:
        click.echo("Nothing was changed.")


@dataclass(slots=True)
class _Desk:
    """The facts as they are now, and where changes are kept."""

    files: "FactFiles"
    kept: "SqlFactEdits"
    edits: "tuple[FactEdit, ...]"
    facts: "Facts"
    now: datetime

    def find(self, fact_id: str) -> "Fact":
        """Return a fact. Raises BadEdit with what it might be called."""
        from bot.core.facts_editing import known

        return known(self.facts, fact_id)

    def weighed(self, made: "FactEdit") -> "FactEdit":
        """Return a change after which every sentence can still be said. Raises BadEdit with one that could not."""
        from bot.adapters.actions import known, package_actions
        from bot.adapters.files import load_assistant
        from bot.channels.printed import text
        from bot.core.facts_weighing import weigh

        actions, validates = known(package_actions())
        assistant = replace(load_assistant(_root(), actions=actions, validates=validates), facts=self.facts)
        return weigh(assistant, made, words=text, today=self.now.date())

    def keep(self, made: "FactEdit", *, why: str) -> None:
        """Keep a change with its reason."""
        self.kept.add(replace(made, why=why.strip()))


@contextmanager
def _desk() -> Iterator[_Desk]:
    """Open the installation's facts; what cannot be done is one sentence and exit status 1."""
    from bot.adapters.clock import SystemClock
    from bot.adapters.fact_files import read_facts
    from bot.bootstrap import fact_edits
    from bot.core.facts_editing import BadEdit, overlay

    files = read_facts(_root())
    try:
        with fact_edits() as kept:
            edits = kept.all()
            yield _Desk(files, kept, edits, overlay(files.facts, edits), SystemClock().now())
    except BadEdit as error:
        raise click.ClickException(str(error)) from error


def _root() -> Path:
    from bot.bootstrap import ROOT

    return ROOT


def _read_changes(changes: tuple[str, ...]) -> dict[str, Any]:
    """Read FIELD=VALUE pairs; says.NAME=VALUE changes one value, phones take several between commas."""
    read: dict[str, Any] = {}
    for change in changes:
        key, sign, value = change.partition("=")
        if not sign:
            raise click.UsageError(f"{change!r} is no change: write FIELD=VALUE, for instance status=closed.")
        name, dot, inner = key.strip().partition(".")
        if dot:
            read.setdefault(name, {})[inner] = value
        else:
            read[name] = [part.strip() for part in value.split(",")] if name in LISTS else value
    return read


def _line(fact: "Fact") -> str:
    checked = f"checked {fact.verified_on} by {fact.verified_by}" if fact.verified_on else "never checked"
    off = "  OFF" if fact.suspended else ""
    return f"{fact.id}  {fact.status}  {fact.year}  {checked}{off}"


def _reason(made: "FactEdit") -> str:
    return f" ({made.why})" if made.why else ""


def _changes(made: "FactEdit") -> str:
    return ", ".join(f"{key} = {value}" for key, value in made.changes.items())
