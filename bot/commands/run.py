"""`segin run`: everything in one foreground process tree."""

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from bot.config import ConfigError, Settings, read_settings
from bot.ports import StorageAway

if TYPE_CHECKING:
    from socket import socket

    from bot.house import House


@click.command()
def run() -> None:
    """Start everything: web, worker with schedule, and Redis unless SEGIN_REDIS_URL names one."""
    settings = read_settings(os.environ)
    settings.require_startable()

    from bot.adapters import logs
    from bot.adapters.supervisor import supervise
    from bot.bootstrap import greeting

    gc.disable()  # what is loaded now stays; looking for garbage in it only costs time
    logs.configure()
    sys.exit(supervise(_children(settings), ready=lambda: click.echo(greeting(settings))))


def _children(settings: Settings) -> dict[str, Callable[[], int]]:
    """Open the port, prepare the data, load what all processes share; return how each child is started."""
    from bot.adapters import redis_server
    from bot.adapters.processes import fork
    from bot.adapters.web_server import WebServer, listen
    from bot.bootstrap import build
    from bot.web import create_app

    listening = listen(settings.host, settings.port)
    url = settings.redis_url or redis_server.socket_url(settings.data_dir)
    house = build(settings, url)
    app = create_app(house)
    if not house.is_ready():
        _prepare_data(settings)
    gc.freeze()  # the children share these pages as long as nobody writes into them
    gc.enable()
    parts = {
        "web server": lambda: fork(WebServer(app, listening).run),
        "worker": lambda: fork(lambda: _work(house, listening)),
    }
    if settings.redis_url:
        return parts
    return {"Redis server": lambda: redis_server.start(settings.data_dir).process.pid, **parts}


def _prepare_data(settings: Settings) -> None:
    """Bring the database up to date in a process of its own, whose libraries and connections end with it."""
    from bot.adapters.processes import fork
    from bot.bootstrap import prepare_data

    def body() -> int:
        try:
            return prepare_data(settings)
        except (ConfigError, StorageAway) as error:
            click.echo(f"segin: {error}", err=True)
            return 1

    _, status = os.waitpid(fork(body), 0)
    if status:
        raise ConfigError("The data could not be prepared: read the lines above.")


def _seed(house: "House") -> None:
    """Play a demonstration's invented people, in a process of its own that keeps no memory; nobody waits for them."""
    from bot.adapters.processes import fork
    from bot.demo import may_seed, seed

    def body() -> int:
        seed(house)
        return 0

    if may_seed(house.settings):
        os.waitpid(fork(body), 0)


def _work(house: "House", listening: "socket") -> int:
    from bot.adapters.queue import Rounds, work

    listening.close()
    _seed(house)
    return work(house.celery, Rounds(house.slices), with_schedule=True)
