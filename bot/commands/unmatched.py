"""`segin unmatched`: staff say what messages meant that were not understood, and the examples learn from it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from bot.adapters.sql.unmatched import SqlUnmatched
    from bot.core.unmatched import Unmatched

BY = click.option("--by", required=True, help="Your name, as it is to stand beside the label.")
LANGUAGE = click.option("--language", type=click.Choice(["fr", "bm"]), help="Only this language.")


@click.group()
def unmatched() -> None:
    """List and label messages that were not understood, and write them as lines of nlu.yml.

    They are kept with the person's consent, without numbers and names, for ninety days.
    """


@unmatched.command("list")
@click.option("--all", "everything", is_flag=True, help="Labelled ones too.")
@LANGUAGE
def list_unmatched(everything: bool, language: str | None) -> None:  # noqa: FBT001 click's way
    """List messages, newest first: number, day, language, text, what was offered, label."""
    with _desk() as desk:
        shown = [one for one in _of(desk.all(), language) if everything or not one.label]
    for one in shown:
        click.echo(_line(one))
    if not shown:
        click.echo("Nothing is waiting for a label.")


@unmatched.command()
@click.argument("ident", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@click.argument("intent")
@click.option("--danger", is_flag=True, help="Somebody in danger wrote it: it must never teach an ordinary wish.")
@BY
def label(ident: int, intent: str, danger: bool, by: str) -> None:  # noqa: FBT001 click's way
    """Say that message ID meant INTENT; a later label replaces an earlier one."""
    from bot.core.unmatched import UnknownIntent, known_intent

    try:
        known_intent(intent, {name for by_intent in _examples().values() for name in by_intent})
    except UnknownIntent as error:
        raise click.ClickException(str(error)) from error
    with _desk() as desk:
        _there(desk.label(ident, intent, danger=danger, by=by, now=_now()), ident)
    click.echo(f"Message {ident}: {intent}{', danger' if danger else ''}.")


@unmatched.command()
@click.argument("ident", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@BY
def drop(ident: int, by: str) -> None:
    """Remove message ID: it teaches nothing, or says too much about somebody."""
    with _desk() as desk:
        _there(desk.drop(ident, by=by, now=_now()), ident)
    click.echo(f"Message {ident} is gone.")


@unmatched.command()
@LANGUAGE
def export(language: str | None) -> None:
    """Write labelled messages as blocks for the end of nlu.yml; lines that it already has are left out."""
    from bot.core.unmatched import as_nlu, new_lines

    with _desk() as desk:
        found = [one for one in desk.all() if one.label]
    known = _examples()
    for code in (language,) if language else tuple(known):
        have = [line for lines in known[code].values() for line in lines]
        lines = new_lines(_of(found, code), have)
        if lines:
            click.echo(f"# locales/{code}/nlu.yml\n{as_nlu(lines)}", nl=False)
    _say_what_words_must_learn(_of(found, language))


def _say_what_words_must_learn(found: "Sequence[Unmatched]") -> None:
    """Tell, beside the lines, which messages no example may carry alone: danger is caught by words, not by scores."""
    numbers = ", ".join(str(one.id) for one in found if one.danger)
    if numbers:
        click.echo(f"Marked as danger: {numbers}. Put their words into the danger lists of words.yml too.", err=True)


@contextmanager
def _desk() -> "Iterator[SqlUnmatched]":
    """Open the installation's messages."""
    from bot.bootstrap import unmatched_texts

    with unmatched_texts() as desk:
        yield desk


def _examples() -> Mapping[str, Mapping[str, Sequence[str]]]:
    from bot.adapters.understanding_files import read_examples
    from bot.bootstrap import ROOT

    return read_examples(ROOT)


def _now() -> "datetime":
    from bot.adapters.clock import SystemClock

    return SystemClock().now()


def _of(found: "Sequence[Unmatched]", language: str | None) -> "list[Unmatched]":
    return [one for one in found if language in {None, one.language}]


def _there(done: bool, ident: int) -> None:  # noqa: FBT001 the answer of the desk
    if not done:
        msg = f"There is no message {ident}; `segin unmatched list --all` shows those there are."
        raise click.ClickException(msg)


def _line(one: "Unmatched") -> str:
    from bot.core.hours import BAMAKO

    offered = f"  offered: {', '.join(one.offered)}" if one.offered else ""
    said = f"  = {one.label}{' DANGER' if one.danger else ''} ({one.labelled_by})" if one.label else ""
    return f"{one.id}  {one.kept_at.astimezone(BAMAKO):%d/%m/%Y}  {one.language}  {one.text}{offered}{said}"
