"""`segin audit`: whether the trail of who saw and did what is as it was written."""

import click


@click.group()
def audit() -> None:
    """Verify the audit trail."""


@audit.command()
@click.option("--head", default="", help="The newest link as a log or a paper has it: it must be in the chain.")
def verify(head: str) -> None:
    """Compare the chain of hashes with every line; exit status 1 when something was changed, added or taken away."""
    from bot.bootstrap import front_door

    with front_door() as (_, trail, _):
        state = trail.verify()
        missing = bool(head) and not trail.has_link(head)
    if state.broken_at is not None:
        msg = f"THE AUDIT TRAIL WAS CHANGED: link {state.broken_at} does not fit its lines. Keep a copy of everything."
        raise click.ClickException(msg)
    if missing:
        msg = "THE AUDIT TRAIL WAS CUT: the link that was noted is not in it. Keep a copy of everything."
        raise click.ClickException(msg)
    click.echo(f"{state.closed} lines under {state.links} links are as they were; {state.waiting} wait to be closed.")
    click.echo(f"Newest link: {state.head or 'none yet'}")
