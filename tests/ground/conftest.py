"""The embedded server, started as the product starts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters import redis_server
from bot.adapters.redis_server import EmbeddedServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    started = redis_server.start(tmp_path)
    yield started
    started.stop()
