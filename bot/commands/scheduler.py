"""`segin scheduler`: the schedule alone, one for all machines."""

import os

import click

from bot.config import read_settings


@click.command()
def scheduler() -> None:
    """Ask the workers, in time, for each piece of background work."""
    settings = read_settings(os.environ)
    settings.require_startable()

    from bot.adapters import logs
    from bot.adapters.queue import make_celery, schedule
    from bot.adapters.redis_server import at_hand
    from bot.house import EVERY

    logs.configure()
    with at_hand(settings.data_dir, settings.redis_url) as url:
        schedule(make_celery(url, EVERY))
