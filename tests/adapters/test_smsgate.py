"""The way out through an Android phone: once under our own id, asked for by it, and seen when it sleeps."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.adapters.smsgate import SmsGateSender
from bot.core.messages import Address, Status
from bot.gateway_settings import SmsGate
from tests.adapters.test_kannel import ROW as KANNEL_ROW

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ROW = replace(KANNEL_ROW, provider="smsgate")


@dataclass
class Server:
    """The part of the API that is used: messages by id, and devices with the time they were last seen."""

    url: str = ""
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    devices: list[dict[str, str]] | None = field(default_factory=list)  # None: the phone itself, which has no list
    plan: list[int | str] = field(default_factory=list)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any] | None:
        planned = self.plan.pop(0) if self.plan else 202
        if isinstance(planned, int) and planned >= 300:
            return planned, {"message": "no"}
        if body["id"] in self.messages:
            return 409, {"message": "duplicate id"}
        self.messages[body["id"]] = body
        return None if planned == "cut after" else (202, {"id": body["id"], "state": "Pending", "recipients": []})

    def get(self, path: str) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "pass"}
        if path == "/devices":
            return (404, {}) if self.devices is None else (200, self.devices)
        known = self.messages.get(path.removeprefix("/messages/"))
        return (200, {"state": self.states.get(known["id"], "Pending")}) if known else (404, {})


@pytest.fixture
def server() -> Iterator[Server]:
    api = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(api.post(self.path, body))

        def do_GET(self) -> None:
            self._answer(api.get(self.path))

        def _answer(self, answer: tuple[int, Any] | None) -> None:
            if self.headers["Authorization"] != "Basic c2VnaW46d29yZA==":  # segin:word
                answer = 401, {}
            if answer is None:
                self.connection.close()
                return
            body = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield api
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def sender(server: Server) -> SmsGateSender:
    return SmsGateSender(SmsGate(server.url, "segin", "word", "key", sim=2), now=lambda: NOW, timeout=0.5)


def test_it_hands_a_message_over_under_our_own_id(sender: SmsGateSender, server: Server) -> None:
    result = sender.send(ROW)

    message = server.messages[ROW.id]
    assert (result.status, result.verdict, result.provider_id) == (Status.ACCEPTED, "ok", ROW.id)
    assert (message["textMessage"], message["phoneNumbers"]) == ({"text": ROW.text}, ["+22376123456"])
    assert (message["simNumber"], message["withDeliveryReport"], message["priority"]) == (2, True, 0)


def test_an_alert_does_not_wait_for_the_others(sender: SmsGateSender, server: Server) -> None:
    sender.send(replace(ROW, kind="alert"))

    assert server.messages[ROW.id]["priority"] == 100


def test_what_was_cut_off_is_found_by_its_id(sender: SmsGateSender, server: Server) -> None:
    server.plan = ["cut after"]
    lost = sender.send(ROW)
    server.states[ROW.id] = "Sent"
    found = sender.find(ROW)

    assert lost.verdict == "unknown"
    assert found is not None
    assert (found.status, found.verdict) == (Status.SENT, "ok")
    assert sender.send(ROW).status is Status.ACCEPTED
    assert len(server.messages) == 1


def test_what_never_got_there_is_not_found(sender: SmsGateSender) -> None:
    assert sender.find(ROW) is None


@pytest.mark.parametrize(
    ("answer", "verdict"), [(400, "permanent"), (401, "retry"), (404, "retry"), (429, "retry"), (500, "unknown")]
)
def test_what_a_refusal_means(sender: SmsGateSender, server: Server, answer: int, verdict: str) -> None:
    server.plan = [answer]
    result = sender.send(ROW)

    assert (result.verdict, result.error_code) == (verdict, f"smsgate-{answer}")


def test_without_a_connection_it_is_tried_again_and_cannot_be_asked(server: Server) -> None:
    sender = SmsGateSender(SmsGate("http://127.0.0.1:9", "segin", "word", "key"), now=lambda: NOW, timeout=0.5)
    found = sender.find(ROW)

    assert sender.send(ROW).verdict == "retry"
    assert found is not None
    assert found.verdict == "unknown"
    assert not sender.is_up()


def test_it_cannot_send_to_what_is_no_number(sender: SmsGateSender, server: Server) -> None:
    assert sender.send(replace(ROW, to=Address("whatsapp", "+22376123456"))).verdict == "permanent"
    assert server.messages == {}


@pytest.mark.parametrize(
    ("minutes", "up"), [([1], True), ([4, 60], True), ([6], False), ([24 * 60, 30], False), ([], False)]
)
def test_a_sleeping_phone_shows_within_minutes(
    sender: SmsGateSender, server: Server, minutes: list[int], up: bool
) -> None:
    server.devices = [{"id": "d", "lastSeen": (NOW - timedelta(minutes=ago)).isoformat()} for ago in minutes]

    assert sender.is_up() is up


def test_a_phone_that_is_its_own_server_only_has_to_answer(sender: SmsGateSender, server: Server) -> None:
    server.devices = None

    assert sender.is_up()


def test_with_another_password_nothing_is_known(server: Server) -> None:
    sender = SmsGateSender(SmsGate(server.url, "segin", "other", "key"), now=lambda: NOW)
    found = sender.find(ROW)

    assert (sender.send(ROW).error_code, sender.is_up()) == ("smsgate-401", False)
    assert found is not None
    assert found.verdict == "unknown"
