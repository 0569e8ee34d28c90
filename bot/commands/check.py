"""`segin check`: every fault of flows, domain, facts and catalogues, with file and line."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.core.loading import Sources

ROOT = Path(__file__).parents[2]


@click.command()
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, help="Where flows/ lies."
)
@click.option("--live", is_flag=True, help="Also say what this installation lacks before people are served.")
def check(root: Path, live: bool) -> None:  # noqa: FBT001 - click hands flags over like this
    """Check everything that the assistant says and asks; exit status 1 when something was found."""
    from bot.adapters.actions import known, package_actions
    from bot.adapters.clock import SystemClock
    from bot.adapters.files import read_sources
    from bot.channels.printed import text
    from bot.core.checks import check as findings_of

    actions, validates = known(package_actions())
    sources = read_sources(root, actions=actions, validates=validates)
    today = SystemClock().now().date()
    findings = findings_of(sources, words=text, today=today)
    lines = [str(finding) for finding in findings]
    if live:
        lines += _live(sources, today)
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} findings." if lines else "Nothing found.", err=bool(lines))
    sys.exit(1 if lines else 0)


def _live(sources: "Sources", today: date) -> list[str]:
    """Return what settings, ways and emergency numbers lack; with what staff changed, once settings can be read."""
    from bot.adapters.watch import Watch
    from bot.bootstrap import fact_edits, make_senders
    from bot.config import ConfigError
    from bot.core.facts import unchecked_emergency
    from bot.core.facts_editing import overlay
    from bot.core.loading import read_parts
    from bot.readiness import hindrances

    lines = hindrances(os.environ, lambda settings: Watch(settings.ways, make_senders(settings)).ways())
    facts = read_parts(sources)[0].facts
    try:
        with fact_edits() as kept:
            facts = overlay(facts, kept.all())
    except ConfigError as error:
        lines += [problem for problem in error.problems if problem not in lines]
    return [*lines, *unchecked_emergency(facts, today=today)]
