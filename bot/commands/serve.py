"""`segin serve`: the web server alone, for several machines."""

import os

import click

from bot.config import read_settings


@click.command()
def serve() -> None:
    """Serve webhooks and console; `segin worker` sends, on this machine or another."""
    settings = read_settings(os.environ)
    settings.require_startable()

    from bot.adapters import logs
    from bot.adapters.redis_server import at_hand
    from bot.adapters.web_server import WebServer, listen
    from bot.bootstrap import build, make_ready
    from bot.web import create_app

    logs.configure()
    listening = listen(settings.host, settings.port)
    with at_hand(settings.data_dir, settings.redis_url) as url:
        house = build(settings, url)
        make_ready(house)
        WebServer(create_app(house), listening).run()
