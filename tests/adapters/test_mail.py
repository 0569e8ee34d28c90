"""E-mail to staff through a real SMTP server on this machine."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from bot.adapters.mail import SmtpSender
from bot.config import ConfigError, read_settings
from bot.core.messages import Address, Status
from bot.mail_settings import Smtp
from bot.ports import OutgoingRow
from tests.ground.test_bootstrap import ROW

TEXT = "Segin: cas urgent K7421R (P1), repondez PRENDS K7421R"


class Box(Handler):
    """Keeps what it is sent, or refuses with a code."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Message] = []
        self.refusal = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.kept.append(message)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def sender(box: Box) -> Iterator[SmtpSender]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield SmtpSender(Smtp("127.0.0.1", "segin@example.org", port, "none"), timeout=5)
    controller.stop()


def alert() -> OutgoingRow:
    return replace(ROW, to=Address("email", "oumou@example.org"), provider="smtp", text=TEXT, case_id="c")


def test_it_hands_an_alert_over_with_the_reference_and_nothing_else(box: Box, sender: SmtpSender) -> None:
    result = sender.send(alert())

    (mail,) = box.kept
    assert result.status is Status.SENT
    assert mail["To"] == "oumou@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail.get_payload()).strip() == TEXT
    assert mail["Message-ID"] == f"<{ROW.id}@example.org>"


@pytest.mark.parametrize(
    ("refusal", "verdict", "status"),
    [("550 no such user", "permanent", Status.FAILED), ("451 try later", "retry", Status.QUEUED)],
)
def test_it_weighs_what_the_server_refuses(
    box: Box, sender: SmtpSender, refusal: str, verdict: str, status: Status
) -> None:
    box.refusal = refusal
    result = sender.send(alert())

    assert (result.verdict, result.status) == (verdict, status)
    assert result.error_code == f"smtp-{refusal[:3]}"


def test_a_server_that_is_away_is_tried_again(sender: SmtpSender) -> None:
    away = SmtpSender(Smtp("127.0.0.1", "segin@example.org", 9, "none"), timeout=1)

    assert away.send(alert()).verdict == "retry"
    assert away.find(alert()) is None


def test_a_server_that_cannot_keep_the_line_secret_gets_nothing(box: Box, sender: SmtpSender) -> None:
    port = sender._account.port
    strict = SmtpSender(Smtp("127.0.0.1", "segin@example.org", port, "starttls"), timeout=5)

    assert strict.send(alert()).verdict == "retry"
    assert box.kept == []


def test_half_a_server_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match="SEGIN_SMTP_FROM"):
        read_settings({"SEGIN_MODE": "demo", "SEGIN_SMTP_HOST": "mail.example.org"})
