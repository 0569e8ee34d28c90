"""`segin flows draw`: the picture of a flow, from the same file that is run."""

from pathlib import Path

import click

ROOT = Path(__file__).parents[2]


@click.group()
def flows() -> None:
    """Look at the conversations."""


@flows.command()
@click.argument("flow", required=False)
@click.option("--format", "form", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True)
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, help="Where flows/ lies."
)
def draw(flow: str | None, form: str, root: Path) -> None:
    """Draw FLOW, or every flow when none is named."""
    from bot.adapters.files import read_sources
    from bot.core.drawing import mermaid, svg
    from bot.core.drawing_words import Words
    from bot.core.loading import read_parts

    parts = read_parts(read_sources(root))[0]
    known, words = (
        parts.flows,
        Words(parts.catalogues["fr"].texts, parts.domain.responses, parts.flows, parts.facts.values()),
    )
    if flow and flow not in known:
        raise click.BadParameter(f"There is no flow {flow!r}; known: {', '.join(sorted(known))}.")
    for name in [flow] if flow else known:
        click.echo(mermaid(known[name], words) if form == "mermaid" else svg(known[name], words), nl=False)
