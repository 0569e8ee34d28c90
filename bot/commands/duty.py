"""`segin duty`: the rota from the terminal."""

import click


@click.group()
def duty() -> None:
    """Show and fill the duty list (times in Bamako)."""


@duty.command("list")
@click.option("--days", default=7, show_default=True, help="How many days ahead.")
def list_shifts(days: int) -> None:
    """Show who is on duty, from now on."""
    from datetime import timedelta

    from bot.bootstrap import installed
    from bot.core.hours import BAMAKO

    _, ports = installed()
    now, book = ports.clock.now(), ports.store.duty
    names = {account.id: account.login for account in book.people()}
    shifts = book.shifts(since=now, until=now + timedelta(days=days))
    for shift in shifts:
        starts, ends = shift.starts_at.astimezone(BAMAKO), shift.ends_at.astimezone(BAMAKO)
        who = names.get(shift.staff_id, "(closed account)")
        click.echo(f"{starts:%Y-%m-%dT%H:%M}  {ends:%Y-%m-%dT%H:%M}  {shift.role:10}  {shift.channel:8}  {who}")
    if not shifts:
        click.echo("Nobody has a shift: urgent cases alert every supervisor, then SEGIN_ALERT_TO.")


@duty.command("add")
@click.argument("login")
@click.argument("starts")
@click.argument("ends")
@click.option("--role", type=click.Choice(["main", "substitute", "supervisor"]), default="main", show_default=True)
@click.option("--channel", type=click.Choice(["sms", "whatsapp", "email"]), default="sms", show_default=True)
@click.option("--weeks", default=1, show_default=True, help="Repeat it in so many weeks.")
@click.option("--by", required=True, help="Your login, for the audit trail.")
def add(login: str, starts: str, ends: str, role: str, channel: str, weeks: int, by: str) -> None:  # noqa: PLR0913, PLR0917 click's way
    """Put LOGIN on duty from STARTS to ENDS, such as 2026-11-23T08:00 2026-11-23T20:00."""
    from bot.bootstrap import installed
    from bot.service.keep_rota import Asked, BadShift, add_shifts

    _, ports = installed()
    staff_id = next((one.id for one in ports.store.duty.people() if one.login == login.strip().lower()), "")
    if not staff_id:
        msg = f"Nobody signs in as {login}: `segin staff list` shows the names."
        raise click.ClickException(msg)
    try:
        made = add_shifts(ports, Asked(staff_id, starts, ends, role, channel, str(weeks)), by=by)
    except BadShift as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(made)} shift(s) added.")
