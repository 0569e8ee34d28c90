"""`segin evaluate`: how well texts are understood, against a table of right answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.understanding.evaluation import Report

_MENU_ANSWERS = 3000


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--menus", is_flag=True, help="Measure noisy answers to menus instead.")
@click.option("--quiet", is_flag=True, help="Leave out the list of misses.")
def evaluate(files: tuple[Path, ...], *, menus: bool, quiet: bool) -> None:
    """Read FILES (tab-separated: text, language, expected) and print figures, then every miss."""
    from bot.adapters.understanding_files import default_understanding
    from bot.understanding.evaluation import evaluate as measure
    from bot.understanding.evaluation import read_lines

    ears = default_understanding()
    if menus:
        _print_menus(ears.ears.numbers)
    for path in files:
        report = measure(ears, read_lines(path.read_text(encoding="utf-8")))
        click.echo(f"{path}: {len(report.verdicts)} lines")
        _print_figures(report)
        if not quiet:
            _print_misses(report)


def _print_figures(report: "Report") -> None:
    for language in ("fr", "bm", None):
        marks, recall, alarms = report.marks(language=language), report.recall(language), report.false_alarms(language)
        name = language or "all"
        if marks.total():
            good = marks["right"] + marks["offered"]
            click.echo(
                f"  {name:4} wishes {marks.total()}: right {marks['right']}, offered {marks['offered']}, "
                f"wrong {marks['wrong']} ({good / marks.total():.1%} good, {marks['wrong'] / marks.total():.1%} wrong)"
            )
        if recall[2]:
            caught = recall[1] / recall[2]
            click.echo(f"  {name:4} danger {recall[2]}: sure {recall[0]}, sure or asked {recall[1]} ({caught:.1%})")
        if alarms[2]:
            share, asked = alarms[0] / alarms[2], alarms[1] - alarms[0]
            click.echo(f"  {name:4} harmless {alarms[2]}: alarms {alarms[0]} ({share:.1%}), asked {asked}")
    told, lines = report.languages()
    click.echo(f"  language right in {told} of {lines} sentences of eight letters or more")
    for (expected, heard), count in report.confusion().most_common(8):
        click.echo(f"  taken for another {count}x: {expected} -> {heard}")


def _print_misses(report: "Report") -> None:
    for verdict in report.misses():
        names = ", ".join(f"{s.name} {s.score:.2f}" for s in verdict.reading.intents)
        click.echo(f"  {verdict.mark:11} {verdict.line.text} | {'|'.join(sorted(verdict.line.expected))} | {names}")


def _print_menus(numbers: object) -> None:
    from random import Random

    from bot.understanding.choices import Numbers
    from bot.understanding.noise import MENUS, answers, tally

    if not isinstance(numbers, Numbers):
        raise click.ClickException("The understanding has no numbers.")
    for language, found in MENUS.items():
        for menu in found:
            dice = Random(1)  # noqa: S311 - a fixed seed: the figure can be repeated
            count = tally(menu, answers(menu, dice=dice, count=_MENU_ANSWERS, language=language), numbers)
            click.echo(
                f"{language} {' / '.join(c.title for c in menu)[:60]:60} right {count.right / count.total:.1%}, "
                f"wrong {count.wrong / count.total:.2%}, asked again {count.asked / count.total:.1%}"
            )
