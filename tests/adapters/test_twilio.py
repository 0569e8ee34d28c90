"""The real SDK against the stand-in: what is refused, what is lost on the way, and that nothing is sent twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.twilio import TwilioSender
from bot.config import Twilio
from bot.core.messages import Address, Status
from bot.ports import OutgoingRow
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, stand_in

NOW = datetime(2026, 11, 21, 8, 0, 30, tzinfo=UTC)
AWA = Address("sms", "+22376123456")
AWA_WHATSAPP = Address("whatsapp", "+22376123456")
ROW = OutgoingRow(
    id="0a1b2c",
    person_id="p1",
    to=AWA,
    provider="twilio",
    kind="reminder",
    route="rest",
    text="I ni ce, Awa.",
    response="utter_x",
    language="bm",
    encoding="GSM-7",
    segments=1,
    status=Status.SENDING,
    created_at=NOW,
)


class Wrist:
    """A watch that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def watch() -> Wrist:
    return Wrist()


@pytest.fixture
def twilio(watch: Wrist) -> Iterator[StandIn]:
    with stand_in(now=watch).running() as running:
        yield running


@pytest.fixture
def account(twilio: StandIn) -> Twilio:
    return Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, twilio.url)


@pytest.fixture
def sender(account: Twilio) -> TwilioSender:
    return TwilioSender(account, public_url="http://127.0.0.1:8000", timeout=0.5)


def test_it_hands_a_message_over(sender: TwilioSender, twilio: StandIn) -> None:
    result = sender.send(ROW)

    (message,) = twilio.account.outgoing()
    assert (result.status, result.verdict, result.provider_id) == (Status.ACCEPTED, "ok", message.sid)
    assert (message.sender, message.to, message.body) == (SMS_NUMBER, "+22376123456", "I ni ce, Awa.")
    assert message.callback == "http://127.0.0.1:8000/webhooks/twilio/status?m=0a1b2c"


def test_whatsapp_leaves_from_its_own_number(sender: TwilioSender, twilio: StandIn) -> None:
    assert sender.send(replace(ROW, to=AWA_WHATSAPP)).verdict == "ok"
    assert twilio.account.outgoing()[0].sender == WHATSAPP_NUMBER
    assert twilio.account.outgoing()[0].to == "whatsapp:+22376123456"


def test_who_called_is_answered_by_sms(sender: TwilioSender, twilio: StandIn) -> None:
    sender.send(replace(ROW, to=Address("voice", "+22376123456")))

    assert twilio.account.outgoing()[0].to == "+22376123456"


def test_a_messaging_service_and_a_word_can_be_the_sender(account: Twilio, twilio: StandIn) -> None:
    service = TwilioSender(replace(account, sms_from="MG" + "a" * 32), public_url="http://127.0.0.1:8000")
    twilio.account.senders.add("SEGIN")
    word = TwilioSender(replace(account, sms_from="SEGIN"), public_url="http://127.0.0.1:8000")

    assert service.send(ROW).status == Status.ACCEPTED
    assert word.send(ROW).verdict == "ok"
    assert [message.service for message in twilio.account.outgoing()] == ["MG" + "a" * 32, None]


def test_without_a_sender_for_the_channel_nothing_is_tried(account: Twilio, twilio: StandIn) -> None:
    silent = TwilioSender(replace(account, whatsapp_from=None), public_url="http://127.0.0.1:8000")

    result = silent.send(replace(ROW, to=AWA_WHATSAPP))

    assert (result.status, result.error_code, result.verdict) == (Status.FAILED, "no_sender", "permanent")
    assert twilio.account.messages == {}


def refused_rows() -> list[tuple[str, OutgoingRow, str, str]]:
    return [
        ("no recipient", replace(ROW, to=Address("sms", "")), "21604", "permanent"),
        ("a bad number", replace(ROW, to=Address("sms", "Orange")), "21211", "permanent"),
        ("no text", replace(ROW, text=""), "21602", "permanent"),
        ("too long", replace(ROW, text="a" * 1601), "21617", "permanent"),
        ("opted out", replace(ROW, to=Address("sms", "+22370000009")), "21610", "opted_out"),
        ("a landline", replace(ROW, to=Address("sms", "+22320221234")), "21614", "permanent"),
        ("another country", replace(ROW, to=Address("sms", "+33612345678")), "21408", "permanent"),
    ]


@pytest.mark.parametrize(("row", "code", "verdict"), [pytest.param(*row[1:], id=row[0]) for row in refused_rows()])
def test_what_twilio_refuses_is_not_tried_again(
    sender: TwilioSender, twilio: StandIn, row: OutgoingRow, code: str, verdict: str
) -> None:
    twilio.account.opted_out.add("+22370000009")
    twilio.account.landlines.add("+22320221234")

    result = sender.send(row)

    assert (result.status, result.error_code, result.verdict) == (Status.FAILED, code, verdict)
    assert twilio.account.messages == {}


def test_a_wrong_token_and_a_foreign_sender_stop_the_message(account: Twilio) -> None:
    wrong_token = TwilioSender(replace(account, auth_token="other"), public_url="http://127.0.0.1:8000")
    foreign = TwilioSender(replace(account, sms_from="+15005550006"), public_url="http://127.0.0.1:8000")
    no_channel = TwilioSender(replace(account, whatsapp_from="+15005550006"), public_url="http://127.0.0.1:8000")

    assert wrong_token.send(ROW).error_code == "20003"
    assert foreign.send(ROW).error_code == "21606"
    assert no_channel.send(replace(ROW, to=AWA_WHATSAPP)).error_code == "63007"


def test_the_newest_token_is_used_while_one_is_replaced(account: Twilio) -> None:
    both = TwilioSender(replace(account, auth_token=f"{TOKEN},older"), public_url="http://127.0.0.1:8000")

    assert both.send(ROW).verdict == "ok"


def test_too_many_at_once_are_tried_later(sender: TwilioSender, twilio: StandIn, watch: Wrist) -> None:
    twilio.account.messages_a_second = 1
    first, second = sender.send(ROW), sender.send(ROW)
    watch.time += timedelta(seconds=1)
    third = sender.send(ROW)

    assert [one.verdict for one in (first, second, third)] == ["ok", "retry", "ok"]
    assert (second.status, second.error_code) == (Status.QUEUED, "20429")


@pytest.mark.parametrize(
    ("fault", "verdict", "kept"),
    [
        ("429", "retry", False),  # never processed, safe to repeat
        ("500", "unknown", False),
        ("500 after accepting", "unknown", True),
        ("close", "unknown", True),
        ("hang", "unknown", True),
    ],
)
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    sender: TwilioSender, twilio: StandIn, fault: str, verdict: str, *, kept: bool
) -> None:
    twilio.account.fail_next(fault)

    result = sender.send(ROW)
    if fault == "hang":
        twilio.let_go()
    found = sender.find(ROW)

    assert result.verdict == verdict
    assert (found is not None) == kept
    assert len(twilio.account.outgoing()) == kept


def test_a_server_that_is_not_there_was_never_reached(account: Twilio) -> None:
    nobody = TwilioSender(replace(account, api_url="http://127.0.0.1:9"), public_url="http://127.0.0.1:8000")

    assert nobody.send(ROW).verdict == "retry"
    assert nobody.find(ROW) is not None  # not to be asked is no leave to send
    assert nobody.find(ROW).verdict == "unknown"  # type: ignore[union-attr]


@pytest.mark.parametrize("fault", ["500", "429", "hang"])
def test_when_twilio_cannot_be_asked_nothing_is_known(sender: TwilioSender, twilio: StandIn, fault: str) -> None:
    twilio.account.fail_next(fault)

    found = sender.find(ROW)

    assert found is not None
    assert found.verdict == "unknown"


def test_it_finds_only_the_same_words_to_the_same_person_since_the_row_was_made(
    sender: TwilioSender, twilio: StandIn, watch: Wrist
) -> None:
    sent = sender.send(ROW)

    assert sender.find(ROW) == sent
    assert sender.find(replace(ROW, text=ROW.text + "\n")) == sent
    assert sender.find(replace(ROW, text="Autre chose")) is None
    assert sender.find(replace(ROW, to=Address("sms", "+22376123457"))) is None
    assert sender.find(replace(ROW, created_at=NOW + timedelta(minutes=1))) is None
    twilio.account.take_in(sender="+22376123456", to=SMS_NUMBER, body=ROW.text)
    assert sender.find(ROW) == sent


def test_it_finds_how_a_message_ended(sender: TwilioSender, twilio: StandIn) -> None:
    twilio.account.silent.add("+22376123456")
    sender.send(ROW)
    twilio.account.outgoing()[0].callback = None
    twilio.report()

    found = sender.find(ROW)

    assert found is not None
    assert (found.status, found.error_code) == (Status.UNDELIVERED, "30003")


def test_it_lists_what_no_webhook_brought(sender: TwilioSender, twilio: StandIn, watch: Wrist) -> None:
    twilio.account.take_in(sender="+22376123456", to=SMS_NUMBER, body="hier")
    watch.time += timedelta(hours=3)
    since = watch.time - timedelta(hours=1)
    sms = twilio.account.take_in(sender="+22376123456", to=SMS_NUMBER, body="SOS ɛ")
    chat = twilio.account.take_in(sender="whatsapp:+22370000001", to=WHATSAPP_NUMBER, body="")
    sender.send(ROW)

    missed = list(sender.missed(since))

    assert [(form["MessageSid"], form["Body"], at) for form, at in missed] == [
        (sms.sid, "SOS ɛ", watch.time),
        (chat.sid, "", watch.time),
    ]
    assert missed[1][0]["From"] == "whatsapp:+22370000001"


def test_a_service_s_numbers_are_all_asked_for(account: Twilio, twilio: StandIn) -> None:
    service = TwilioSender(replace(account, sms_from="MG" + "a" * 32), public_url="http://127.0.0.1:8000")
    twilio.account.take_in(sender="+22376123456", to="+33700000077", body="Bonjour")

    assert [form["To"] for form, _ in service.missed(NOW - timedelta(hours=1))] == ["+33700000077"]


def test_the_numbers_that_broadcasts_left_from_are_asked_too_and_no_word(sender: TwilioSender, twilio: StandIn) -> None:
    twilio.account.take_in(sender="+22376123456", to="36200", body="Bonjour")
    since = NOW - timedelta(hours=1)

    assert list(sender.missed(since)) == []
    found = sender.missed(since, senders=("36200", "Segin", "Segin 24", SMS_NUMBER))
    assert [form["To"] for form, _ in found] == ["36200"]
    twilio.account.take_in(sender="+22376123456", to="+33700000077", body="Bonjour")
    found = sender.missed(since, senders=("36200", "MG" + "a" * 32))
    assert sorted(form["To"] for form, _ in found) == ["+33700000077", "36200"]


def test_each_thread_has_a_client_of_its_own(sender: TwilioSender, twilio: StandIn) -> None:
    results = []
    threads = [threading.Thread(target=lambda: results.append(sender.send(ROW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(result.verdict for result in results) == ["ok"] * 4
    assert len({result.provider_id for result in results}) == 4


def test_no_number_is_logged(sender: TwilioSender, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sender.send(ROW)
    sender.find(ROW)

    assert "76123456" not in caplog.text
