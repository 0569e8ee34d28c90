"""`segin worker`: background work alone, for several machines."""

import os
import sys

import click

from bot.config import read_settings


@click.command()
@click.option("--schedule/--no-schedule", default=False, show_default=True, help="Run the schedule inside, too.")
def worker(*, schedule: bool) -> None:
    """Send what waits, sweep what was left, remind; by itself when no schedule and no queue is there."""
    settings = read_settings(os.environ)
    settings.require_startable()

    from bot.adapters import logs
    from bot.adapters.queue import Rounds, work
    from bot.adapters.redis_server import at_hand
    from bot.bootstrap import build, make_ready

    logs.configure()
    with at_hand(settings.data_dir, settings.redis_url) as url:
        house = build(settings, url)
        make_ready(house)
        sys.exit(work(house.celery, Rounds(house.slices), with_schedule=schedule))
