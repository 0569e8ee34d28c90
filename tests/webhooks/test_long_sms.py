"""The longest SMS through the real web server: nothing between the gateway and us cuts it off."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask

from bot.adapters.clock import SystemClock
from bot.adapters.processes import fork
from bot.adapters.web_server import WebServer, listen
from bot.channels.kannel import Received
from webhooks.kannel import Line, UseCases, blueprint

ARABIC = "عدت من ليبيا وفقدت أوراقي وأحتاج إلى مساعدة "
FIELDS = {"secret": "secret", "from": "22376123456", "to": "36000", "id": "1"}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def address(kept: Path) -> Iterator[str]:
    """The webhook behind gunicorn as the product starts it; it writes down the text that came."""

    def keep(received: Received) -> None:
        kept.write_text(received.incoming.text, encoding="utf-8")

    app = Flask(__name__)
    nothing = UseCases(keep, lambda _: None, lambda _: None, SystemClock().now)
    app.register_blueprint(blueprint(Line(("secret",)), nothing))
    listening = listen("127.0.0.1", 0)
    server = fork(WebServer(app, listening).run)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/kannel/messages"
    os.kill(server, signal.SIGTERM)
    os.waitpid(server, 0)
    listening.close()


def test_fourteen_parts_in_arabic_arrive_by_a_get_url(address: str, kept: Path) -> None:
    text = (ARABIC * 30)[: 14 * 67]
    answer = requests.get(address, params=FIELDS | {"text": text}, timeout=20)

    assert answer.status_code == 200
    assert kept.read_text(encoding="utf-8") == text


def test_the_longest_joined_sms_arrives_by_a_post_url(address: str, kept: Path) -> None:
    text = (ARABIC * 500)[: 255 * 67]
    plain = {"Content-Type": "text/plain; charset=UTF-8"}
    answer = requests.post(address, params=FIELDS, data=text.encode(), headers=plain, timeout=20)

    assert answer.status_code == 200
    assert kept.read_text(encoding="utf-8") == text
