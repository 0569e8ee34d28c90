"""`segin providers`: each way to the people, whether it is up, what waits, what it cost."""

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.ways import Traffic, Way

UP = {True: "up", False: "DOWN", None: "unknown"}


@click.command()
def providers() -> None:
    """Show the providers that are configured; exit status 1 when something is wrong with one."""
    from bot.adapters.clock import SystemClock
    from bot.adapters.sql.engine import Database
    from bot.adapters.sql.providers import traffic
    from bot.adapters.watch import Watch
    from bot.bootstrap import make_senders, prepare_data
    from bot.config import read_settings
    from bot.core.ways import Traffic, trouble

    settings = read_settings(os.environ)
    prepare_data(settings)
    database = Database(settings.database_url)
    now = SystemClock().now()
    ways = Watch(settings.ways, make_senders(settings)).ways()
    known = traffic(database, now=now)
    database.close()
    if not ways:
        click.echo("No provider is configured: see .env.example for Twilio, Kannel and SMSGate.")
        return
    click.echo(
        f"{'provider':10}{'state':9}{'waiting':>8}{'oldest':>9}{'heard':>9}{'segments/day':>14}{'F CFA/day':>11}"
    )
    for way in ways:
        click.echo(_line(way, known.get(way.provider, Traffic()), now))
    if any(trouble(way, known.get(way.provider, Traffic()), now=now) for way in ways):
        raise SystemExit(1)


def _line(way: "Way", traffic: "Traffic", now: "datetime") -> str:
    oldest, heard = _ago(traffic.oldest, now), _ago(traffic.heard_at, now)
    left = traffic.segments_today
    return f"{way.provider:10}{UP[way.up]:9}{traffic.waiting:8}{oldest:>9}{heard:>9}{left:14}{left * way.fcfa:11}"


def _ago(at: "datetime | None", now: "datetime") -> str:
    if at is None:
        return "-"
    minutes = int((now - at).total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 two hours are read as minutes
