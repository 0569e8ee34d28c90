"""`segin check`: every fault of flows, domain, facts and catalogues, with file and line."""

import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]


@click.command()
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, help="Where flows/ lies."
)
@click.option("--live", is_flag=True, help="Also refuse emergency numbers that nobody has checked here.")
def check(root: Path, live: bool) -> None:  # noqa: FBT001 - click hands flags over like this
    """Check everything that the assistant says and asks; exit status 1 when something was found."""
    from bot.adapters.actions import known, package_actions
    from bot.adapters.clock import SystemClock
    from bot.adapters.files import read_sources
    from bot.bootstrap import fact_edits
    from bot.channels.printed import text
    from bot.core.checks import check as findings_of
    from bot.core.facts import unchecked_emergency
    from bot.core.facts_editing import overlay
    from bot.core.loading import read_parts

    actions, validates = known(package_actions())
    sources = read_sources(root, actions=actions, validates=validates)
    today = SystemClock().now().date()
    findings = findings_of(sources, words=text, today=today)
    lines = [str(finding) for finding in findings]
    if live:
        with fact_edits() as kept:
            facts = overlay(read_parts(sources)[0].facts, kept.all())
        lines += unchecked_emergency(facts, today=today)
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} findings." if lines else "Nothing found.", err=bool(lines))
    sys.exit(1 if lines else 0)
