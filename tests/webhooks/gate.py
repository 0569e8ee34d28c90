"""The webhooks of a Kannel gateway, with use cases that write down what they were asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.channels.kannel import Received
from bot.core.messages import Incoming
from bot.ports import StorageAway
from bot.service.take_status import Report
from webhooks import calls
from webhooks.kannel import Line, UseCases, blueprint

NOW = datetime(2026, 11, 21, 8, 0, 5, tzinfo=UTC)
MESSAGES, STATUS = "/webhooks/kannel/messages", "/webhooks/kannel/status"
CALLS, ANY_CALLS = "/webhooks/kannel/calls", "/webhooks/calls"
FIELDS = {
    "secret": "secret",
    "from": "22376123456",
    "to": "36000",
    "text": "Bonjour, j'ai perdu mon passeport",
    "id": "709080a8-4a5a-4103-9597-b1f38040546b",
    "ts": "2026-11-21 08:00:00",
    "coding": "0",
    "charset": "UTF-8",
    "udh": "",
    "smsc": "SMPP",
}


@dataclass
class Gate:
    """What came through, and when."""

    secrets: tuple[str, ...] = ("secret",)
    allowed: tuple[str, ...] = ()
    storage_away: bool = False
    now: datetime = NOW
    received: list[Received] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    calls: list[Incoming] = field(default_factory=list)

    def client(self) -> FlaskClient:
        app = Flask(__name__)
        line = Line(self.secrets, tuple(ip_network(one) for one in self.allowed))
        use_cases = UseCases(self._receive, self._report, self.calls.append, lambda: self.now)
        app.register_blueprint(blueprint(line, use_cases))
        app.register_blueprint(calls.blueprint(line, use_cases))
        return app.test_client()

    def get(self, path: str, **fields: str) -> TestResponse:
        return self.client().get(f"{path}?{urlencode(fields)}")

    def _receive(self, received: Received) -> None:
        if self.storage_away:
            raise StorageAway("The database is away.")
        self.received.append(received)

    def _report(self, report: Report) -> None:
        if self.storage_away:
            raise StorageAway("The database is away.")
        self.reports.append(report)

    @property
    def texts(self) -> list[str]:
        return [one.incoming.text for one in self.received]
