"""`segin contacts`: bring a list of people in; the reasons are in French, the language of those who keep the lists."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.core.entries import Field
    from bot.core.imports import Import
    from bot.service.import_contacts import ImportDesk

SHOWN = 50  # lines with a problem; the rest is counted


@click.group()
def contacts() -> None:
    """Bring lists of people in."""


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Your name, for the audit trail.")
@click.option("--consent-source", required=True, help='Where and when they agreed: "formulaire Kayes, mai 2026".')
@click.option("--column", "columns", multiple=True, help='TITLE=FIELD where a title is not understood, "TITLE=" skips.')
@click.option("--tag", default="", help="A tag for everybody of the list, for audiences.")
@click.option("--merge", is_flag=True, help="Confirm that lines with a number we know complete that person.")
@click.option("--all-or-nothing/--keep-good", default=True, show_default=True, help="When a line cannot be kept.")
@click.option("--dry-run", is_flag=True, help="Read and judge only; nobody is kept.")
def import_list(  # noqa: PLR0913 click hands in each option
    *,
    file: Path,
    by: str,
    consent_source: str,
    columns: tuple[str, ...],
    tag: str,
    merge: bool,
    all_or_nothing: bool,
    dry_run: bool,
) -> None:
    """Read the persons of a CSV or XLSX FILE, say what is wrong with which line, and let the others in."""
    from bot.bootstrap import at_home
    from bot.core.imports import NotNow, Terms
    from bot.ports.imports import BadFile
    from bot.service import import_contacts as use

    with at_home() as house:
        desk = house.import_desk
        try:
            with file.open("rb") as opened:
                new = use.upload(desk, opened, by=by)
            terms = Terms(_columns(new, columns), consent_source, tag)
            found = _judged(desk, new.id, terms, by=by)
            if dry_run:
                use.drop(desk, new.id, by=by)
            else:
                use.let_in(desk, new.id, merge=merge, all_or_nothing=all_or_nothing, by=by)
                use.work(desk, new.id)
                found = desk.imports.one(new.id) or found
        except (BadFile, NotNow) as error:
            if isinstance(error, NotNow):
                use.drop(desk, new.id, by=by)
            raise click.ClickException(str(error)) from error
        _end(found)


def _columns(new: "Import", given: tuple[str, ...]) -> "tuple[Field | None, ...]":
    """Return what each column is, as guessed and as said."""
    from bot.core.entries import FIELDS

    said = dict(one.rsplit("=", 1) for one in given if "=" in one)
    wrong = [title for title in said if title not in new.titles]
    wrong += [field for field in said.values() if field and field not in FIELDS]
    if wrong or len(said) != len(given):
        titles, fields = ", ".join(new.titles), ", ".join(FIELDS)
        msg = f"--column is TITLE=FIELD. Titles of this list: {titles}. Fields: {fields}."
        raise click.BadParameter(msg)
    known: dict[str, Field] = {field: field for field in FIELDS}
    found = tuple(
        known.get(said[title]) if title in said else field for title, field in zip(new.titles, new.columns, strict=True)
    )
    for title, field in zip(new.titles, found, strict=True):
        click.echo(f"  {title or '(no title)'}: {field or 'left out'}")
    return found


def _judged(desk: "ImportDesk", ident: str, terms: "object", *, by: str) -> "Import":
    """Read the list, and print what is wrong with it."""
    from bot.core.entries import sentence
    from bot.core.imports import Terms
    from bot.service import import_contacts as use

    assert isinstance(terms, Terms)  # noqa: S101 for the type checker: imported when needed
    faults = use.agree(desk, ident, terms, by=by)
    if faults:
        use.drop(desk, ident, by=by)
        raise click.ClickException(" ".join(faults))
    use.work(desk, ident)
    found = desk.imports.one(ident)
    if found is None or found.state != "checked":
        raise click.ClickException(found.failure if found else "The list is gone.")
    titles = {field: title for title, field in zip(found.titles, found.columns, strict=True) if field}
    for line in desk.imports.judged(ident, statuses=("bad",), limit=SHOWN):
        for problem in line.problems:
            click.echo(sentence(line.number, titles.get(problem.field, problem.field), problem))
    return found


def _end(found: "Import") -> None:
    """Say what became of the lines; exit status 1 where some could not be kept."""
    words = {
        "good": "can be kept",
        "bad": "have a problem",
        "twice": "repeat a number of the list",
        "known": "have a number that we know",
        "in": "let in",
        "merged": "merged into a person we know",
        "left": "left as they are, the number became somebody's meanwhile",
    }
    for status, count in sorted(found.counts.items()):
        click.echo(f"{count} line(s) {words[status]}")
    if found.count("bad"):
        raise click.exceptions.Exit(1)
