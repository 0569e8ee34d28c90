"""The stand-in behaves as Twilio's documentation says, checked with the real SDK and, where at hand, its OpenAPI."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import requests
from flask import Flask, Response, request
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.adapters.twilio import QuietHttp
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, spec, stand_in
from tests.twilio_stand_in.knocks import Answer, OutsideWorld, into, over_the_wire

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AWA, AWA_WHATSAPP = "+22376123456", "whatsapp:+22376123456"
HOOK = "https://segin.example/messages"
needs_the_specification = pytest.mark.skipif(
    not spec.FILE.exists(), reason="Twilio's OpenAPI (slim.json) is not at hand"
)


class Hook:
    """A webhook that writes down what came and answers in turn."""

    def __init__(self, *answers: tuple[int, str, str]) -> None:
        self.forms: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self._answers = list(answers) or [(204, "", "text/plain")]
        self.app = Flask(__name__)
        self.app.add_url_rule("/<path:_>", "hook", self._take, methods=["POST"])

    def _take(self, _: str) -> Response:
        url = "https://segin.example" + str(request.environ["RAW_URI"])
        assert RequestValidator(TOKEN).validate(url, request.form, request.headers["X-Twilio-Signature"])
        self.forms.append(request.form.to_dict())
        self.tokens.append(request.headers["I-Twilio-Idempotency-Token"])
        status, body, kind = self._answers[min(len(self.forms), len(self._answers)) - 1]
        return Response(body, status, content_type=kind)

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.forms]


def playing(hook: Hook) -> StandIn:
    return stand_in(now=lambda: NOW, post=into(hook.app))


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def twilio(hook: Hook) -> Iterator[StandIn]:
    with playing(hook).running() as running:
        yield running


@pytest.fixture
def client(twilio: StandIn) -> Client:
    return Client(ACCOUNT_SID, TOKEN, http_client=QuietHttp(twilio.url, 2))


def send(client: Client, **more: object) -> str:
    call = {"to": AWA, "from_": SMS_NUMBER, "body": "Bonjour", "status_callback": "https://segin.example/status?m=1"}
    return client.messages.create(**call | more).sid


def test_a_message_can_be_fetched_redacted_and_removed(client: Client, twilio: StandIn) -> None:
    sid = send(client)

    assert client.messages(sid).fetch().date_created == NOW
    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).delete() is True
    with pytest.raises(TwilioRestException, match="not found"):
        client.messages(sid).fetch()


def test_what_waits_can_be_cancelled_and_what_left_cannot(client: Client, twilio: StandIn) -> None:
    waiting, left = send(client), send(client)
    twilio.report(twilio.account.messages[left])

    assert client.messages(waiting).update(status="canceled").status == "canceled"
    with pytest.raises(TwilioRestException) as refused:
        client.messages(left).update(status="canceled")
    assert refused.value.status == 409


def test_a_list_comes_newest_first_and_in_pages(client: Client) -> None:
    sids = [send(client) for _ in range(5)]
    send(client, to="+22376123457")

    assert [message.sid for message in client.messages.list(to=AWA, page_size=2)] == sids[::-1]


@pytest.mark.parametrize(
    ("form", "code", "word"),
    [
        ({"Too": AWA}, 20001, "Too"),
        ({"To": AWA, "MessagingServiceSid": "MGx"}, 20001, "MessagingServiceSid"),
        ({"To": AWA, "ValidityPeriod": "soon"}, 20001, "ValidityPeriod"),
        ({"To": AWA, "ScheduleType": "fixed", "SendAt": "tomorrow"}, 20001, "SendAt"),
        ({"To": AWA, "ContentRetention": "for ever"}, 20001, "ContentRetention"),
        ({"From": SMS_NUMBER, "Body": "a"}, 21604, "To"),
        ({"To": AWA, "Body": "a"}, 21603, "From"),
    ],
)
@needs_the_specification
def test_it_names_the_parameter_that_is_wrong(twilio: StandIn, form: dict[str, str], code: int, word: str) -> None:
    url = f"{twilio.url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"

    answer = requests.post(url, data=form, auth=(ACCOUNT_SID, TOKEN), timeout=2)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert word in answer.json()["message"]
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


@pytest.mark.parametrize("auth", [None, (ACCOUNT_SID, "wrong"), ("AC" + "2" * 32, TOKEN)])
def test_nobody_gets_in_without_credentials(twilio: StandIn, auth: tuple[str, str] | None) -> None:
    url = f"{twilio.url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    answer = requests.get(url, auth=auth, timeout=2)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


@needs_the_specification
def test_its_answers_look_like_twilio_s(client: Client, twilio: StandIn) -> None:
    send(client)
    send(client, from_=None, messaging_service_sid="MG" + "b" * 32)
    twilio.account.silent.add("+22376123457")
    send(client, to="+22376123457")
    twilio.report()

    for message in twilio.account.messages.values():
        assert spec.answer_errors("api.v2010.account.message", message.to_json()) == []


@pytest.mark.parametrize(
    ("manner", "statuses"),
    [
        ("in order", ["sent", "delivered"]),
        ("doubled", ["sent", "sent", "delivered", "delivered"]),
        ("backwards", ["delivered", "sent"]),
    ],
)
def test_it_reports_in_any_manner(
    client: Client, twilio: StandIn, hook: Hook, manner: str, statuses: list[str]
) -> None:
    send(client)
    assert hook.forms == []  # late: only when it is asked to

    twilio.report(manner=manner)
    twilio.report()

    assert hook.statuses() == statuses


def test_it_can_report_before_its_own_answer(client: Client, twilio: StandIn, hook: Hook) -> None:
    twilio.reports = "before the answer"
    sid = send(client)

    assert [form["MessageSid"] for form in hook.forms] == [sid, sid]


def test_a_service_reports_one_status_more_and_counts_no_segments_at_first(
    client: Client, twilio: StandIn, hook: Hook
) -> None:
    made = client.messages.create(
        to=AWA, messaging_service_sid="MG" + "b" * 32, body="a", status_callback="https://segin.example/status"
    )
    twilio.report()

    assert (made.status, made.num_segments) == ("accepted", "0")
    assert hook.statuses() == ["queued", "sent", "delivered"]


def test_outside_the_window_whatsapp_fails_afterwards(client: Client, twilio: StandIn, hook: Hook) -> None:
    whatsapp = {"to": AWA_WHATSAPP, "from_": WHATSAPP_NUMBER}
    send(client, **whatsapp)
    twilio.account.take_in(sender=AWA_WHATSAPP, to=WHATSAPP_NUMBER, body="Bonjour")
    send(client, **whatsapp)
    twilio.report()

    assert [(form["MessageStatus"], form.get("ErrorCode")) for form in hook.forms] == [
        ("failed", "63016"),
        ("sent", None),
        ("delivered", None),
        ("read", None),
    ]


def test_only_so_many_people_can_be_written_to_first(client: Client, twilio: StandIn, hook: Hook) -> None:
    twilio.account.new_people_a_day = 1
    for number in (AWA_WHATSAPP, "whatsapp:+22376123457"):
        send(client, to=number, from_=WHATSAPP_NUMBER, content_sid="HX" + "c" * 32)
    twilio.report()

    assert [form.get("ErrorCode") for form in hook.forms] == [None, None, "63018"]


CALLBACK = "https://segin.example/status?m=1&amp;x"
TWIML = f'<Response><Message statusCallback="{CALLBACK}">Bonjour &amp; merci</Message></Response>'


def test_it_sends_what_the_webhook_answers() -> None:
    hook = Hook((200, TWIML, "text/xml; charset=utf-8"), (204, "", ""))
    twilio = playing(hook)

    twilio.person_writes(HOOK, "Salut", sender=AWA)
    twilio.report()

    (reply,) = twilio.account.outgoing()
    assert (reply.to, reply.body, reply.direction, reply.status) == (
        AWA,
        "Bonjour & merci",
        "outbound-reply",
        "delivered",
    )
    assert hook.forms[0]["Body"] == "Salut"
    assert [form["MessageStatus"] for form in hook.forms[1:]] == ["sent", "delivered"]


def test_a_reply_to_somebody_who_opted_out_fails_with_a_report() -> None:
    hook = Hook((200, TWIML, "text/xml"), (204, "", ""))
    twilio = playing(hook)
    twilio.account.opted_out.add(AWA)

    twilio.person_writes(HOOK, "Salut", sender=AWA)
    twilio.report()

    assert (hook.forms[-1]["MessageStatus"], hook.forms[-1]["ErrorCode"]) == ("failed", "21610")


@pytest.mark.parametrize(
    ("rules", "knocks"),
    [
        ("", 1),  # by default only a connection that did not come about is tried again
        ("#rc=5&rp=ct,rt,5xx", 3),
        ("#rc=1&rp=5xx", 2),
        ("#rc=5&rp=4xx", 1),
        ("#rc=5&rp=all", 3),
    ],
)
def test_it_repeats_a_webhook_by_the_rules_in_its_address(rules: str, knocks: int) -> None:
    hook = Hook((503, "", "text/plain"), (500, "", "text/plain"), (200, TWIML, "text/xml"))
    twilio = playing(hook)

    twilio.person_writes(HOOK + rules, "Salut", sender=AWA)

    assert len(hook.forms) == knocks
    assert len(set(hook.tokens)) == 1
    assert twilio.account.alarms == ([] if knocks == 3 else [11200])


def test_it_knocks_twice_where_nobody_answers() -> None:
    calls: list[str] = []

    def nobody(url: str, body: bytes, _: object) -> Answer:
        calls.append(url + str(parse_qs(body.decode())["Body"]))
        return Answer(0)

    twilio = stand_in(now=lambda: NOW, post=nobody)
    twilio.person_writes(HOOK, "Salut", sender=AWA)

    assert len(calls) == 2
    assert twilio.account.alarms == [11200]


def test_it_can_lose_a_webhook_and_knock_again_later(hook: Hook) -> None:
    twilio = playing(hook)
    twilio.lost_webhooks = 1
    lost = twilio.person_writes(HOOK, "Salut", sender=AWA)
    assert hook.forms == []

    twilio.knock_again(HOOK, lost)

    assert hook.forms[0]["MessageSid"] == lost.sid


def test_an_answer_that_is_no_xml_raises_an_alarm() -> None:
    twilio = playing(Hook((200, "hello", "text/plain")))

    twilio.person_writes(HOOK, "Salut", sender=AWA)

    assert twilio.account.alarms == [12300]


def test_it_stops_two_robots_that_answer_one_another() -> None:
    twilio = playing(Hook((200, TWIML, "text/xml")))

    for _ in range(17):
        twilio.person_writes(HOOK, "Salut", sender=AWA)

    assert len(twilio.account.outgoing()) == 15
    assert twilio.account.alarms == [14107, 14107]


@pytest.mark.parametrize(("first", "answered"), [("<Reject/>", False), ("<Pause/><Reject/>", True)])
def test_a_call_costs_nothing_only_when_it_is_rejected_first(first: str, *, answered: bool) -> None:
    twilio = playing(Hook((200, f"<Response>{first}</Response>", "text/xml")))

    assert twilio.person_calls(HOOK, sender=AWA) == answered


def test_it_never_calls_anything_outside_this_machine() -> None:
    with pytest.raises(OutsideWorld, match=r"not segin\.example"):
        over_the_wire("https://segin.example/status", b"", {})


def test_its_times_have_whole_seconds(client: Client, twilio: StandIn) -> None:
    twilio.account.now = lambda: NOW + timedelta(milliseconds=700)

    assert client.messages(send(client)).fetch().date_created == NOW
