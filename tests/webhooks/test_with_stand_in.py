"""Twilio's webhooks and sender against the stand-in, over real connections."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.adapters.twilio import TwilioSender
from bot.channels import twilio as twilio_channel
from bot.config import Twilio
from bot.core.messages import Address, Incoming, Status
from bot.ports import OutgoingRow, StorageAway
from bot.service.take_status import Report
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, stand_in
from tests.webhooks.conftest import row
from webhooks.twilio import Line, UseCases, blueprint

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AWA = "+22376123456"


class House:
    """A server of ours that says one thing to everybody and remembers who came."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.reports: list[Report] = []
        self.calls: list[Incoming] = []
        self.away = 0  # so many knocks find no storage
        self.url = ""

    def serve(self) -> Any:
        server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        use_cases = UseCases(self.receive, self.reports.append, self.calls.append, lambda: NOW)
        server.app.register_blueprint(blueprint(Line(self.url, ACCOUNT_SID, (TOKEN,)), use_cases))
        return server

    def receive(self, incoming: Incoming) -> tuple[OutgoingRow, ...]:
        if self.away:
            self.away -= 1
            raise StorageAway("The database is away.")
        self.received.append(incoming)
        texts = ("I ni ce ! <b>", "1 oui & 2 non")
        return tuple(row(f"{incoming.provider_id}x{place}", text, incoming) for place, text in enumerate(texts))


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    server = house.serve()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield house
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def twilio() -> StandIn:
    return stand_in(now=lambda: NOW)


def test_a_person_writes_and_reads_the_answers(house: House, twilio: StandIn) -> None:
    message = twilio.person_writes(house.url + "/webhooks/twilio/messages", "Bonjour ŋ", sender=AWA)

    assert [reply.body for reply in twilio.account.outgoing()] == ["I ni ce ! <b>", "1 oui & 2 non"]
    assert house.received[0].text == "Bonjour ŋ"
    twilio.report()
    assert [(report.row_id, report.status) for report in house.reports] == [
        (f"{message.sid}x0", Status.SENT),
        (f"{message.sid}x0", Status.DELIVERED),
        (f"{message.sid}x1", Status.SENT),
        (f"{message.sid}x1", Status.DELIVERED),
    ]
    assert all(answer.status in {200, 204} for answer in twilio.answers)


def test_a_reply_that_opted_out_people_do_not_get_is_reported(house: House, twilio: StandIn) -> None:
    twilio.account.opted_out.add(AWA)
    twilio.person_writes(house.url + "/webhooks/twilio/messages", "Bonjour", sender=AWA)
    twilio.report()

    assert {(report.status, report.verdict) for report in house.reports} == {(Status.FAILED, "opted_out")}


def test_a_message_survives_storage_that_comes_back(house: House, twilio: StandIn) -> None:
    house.away = 2

    twilio.person_writes(house.url + "/webhooks/twilio/messages#rc=5&rp=ct,rt,5xx", "Bonjour", sender=AWA)

    assert [answer.status for answer in twilio.answers] == [503, 503, 200]
    assert len(twilio.account.outgoing()) == 2


def test_a_call_is_not_answered_and_not_billed(house: House, twilio: StandIn) -> None:
    assert twilio.person_calls(house.url + "/webhooks/twilio/voice", sender=AWA) is False
    assert house.calls[0].sender.reveal() == AWA


def test_what_we_send_is_reported_even_before_the_call_returns(house: House, twilio: StandIn) -> None:
    twilio.reports = "before the answer"
    with twilio.running():
        sender = TwilioSender(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, twilio.url), public_url=house.url)
        incoming = Incoming("twilio", "SM1", sender=Address("sms", AWA), recipient=SMS_NUMBER, text="", received_at=NOW)
        result = sender.send(row("row1", "Bonjour", incoming))

    assert [(report.row_id, report.provider_id, report.status) for report in house.reports] == [
        ("row1", result.provider_id, Status.SENT),
        ("row1", result.provider_id, Status.DELIVERED),
    ]


def test_what_a_lost_webhook_missed_is_found_and_answered_by_a_call(house: House, twilio: StandIn) -> None:
    twilio.lost_webhooks = 1
    lost = twilio.person_writes(house.url + "/webhooks/twilio/messages", "Bonjour", sender=AWA)
    with twilio.running():
        sender = TwilioSender(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, twilio.url), public_url=house.url)
        missed = [twilio_channel.parse(form, received_at=at) for form, at in sender.missed(NOW)]

    assert [(one.provider_id, one.text, one.sender.reveal()) for one in missed] == [(lost.sid, "Bonjour", AWA)]
