"""A door that Twilio knocks at, with use cases that write down what they were asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bot.core.messages import Incoming, Status
from bot.ports import OutgoingRow, StorageAway
from bot.service.take_status import Report
from webhooks.twilio import Line, UseCases, blueprint

PUBLIC_URL = "https://segin.example"
ACCOUNT = "AC" + "0" * 31 + "1"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@dataclass
class Door:
    """What came through the door, and what is answered."""

    replies: tuple[str, ...] = ()
    storage_away: bool = False
    tokens: tuple[str, ...] = ("token",)
    allow_unsigned: bool = False
    received: list[Incoming] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    calls: list[Incoming] = field(default_factory=list)

    def client(self) -> FlaskClient:
        line = Line(PUBLIC_URL, ACCOUNT if self.tokens else None, self.tokens, self.allow_unsigned)
        app = Flask(__name__)
        app.register_blueprint(blueprint(line, UseCases(self._receive, self._report, self._call, lambda: NOW)))
        return app.test_client()

    def post(self, path: str, body: str, *, signed: str | None = "token") -> TestResponse:
        """Post a form to /webhooks/twilio{path}, signed with a token or (None) not at all."""
        path = f"/webhooks/twilio{path}"
        headers = {}
        if signed is not None:
            fields = MultiDict(parse_qsl(body, keep_blank_values=True))
            headers["X-Twilio-Signature"] = RequestValidator(signed).compute_signature(PUBLIC_URL + path, fields)
        return self.client().post(path, data=body, headers=headers, content_type="application/x-www-form-urlencoded")

    def _receive(self, incoming: Incoming) -> tuple[OutgoingRow, ...]:
        self._refuse_when_away()
        self.received.append(incoming)
        return tuple(row(f"row{number}", text, incoming) for number, text in enumerate(self.replies))

    def _report(self, report: Report) -> None:
        self._refuse_when_away()
        self.reports.append(report)

    def _call(self, incoming: Incoming) -> None:
        self._refuse_when_away()
        self.calls.append(incoming)

    def _refuse_when_away(self) -> None:
        if self.storage_away:
            raise StorageAway("The database is away.")


def row(ident: str, text: str, incoming: Incoming) -> OutgoingRow:
    return OutgoingRow(
        id=ident,
        person_id="p1",
        to=incoming.sender,
        provider="twilio",
        kind="reply",
        route="answer",
        text=text,
        response="utter_x",
        language="fr",
        encoding="GSM-7",
        segments=1,
        status=Status.SENDING,
        created_at=NOW,
    )


@pytest.fixture
def door() -> Door:
    return Door()
