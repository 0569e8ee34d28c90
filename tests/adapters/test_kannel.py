"""The way out through Kannel: exact coding, what each fault means, and that nothing is sent twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.kannel import KannelSender
from bot.adapters.kannel_words import error_code
from bot.adapters.pace import LocalPace
from bot.core.messages import Address, Status
from bot.ports import OutgoingRow
from tests.kannel_stand_in import KannelStandIn, kannel_stand_in

ROW = OutgoingRow(
    id="0a1b2c",
    person_id="p1",
    to=Address("sms", "+22376123456"),
    provider="kannel",
    kind="reply",
    route="rest",
    text="I ni ce, Awa. Votre reponse : é à € 1 Oui",
    response="utter_x",
    language="bm",
    encoding="GSM-7",
    segments=1,
    status=Status.SENDING,
    created_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
)


@pytest.fixture
def kannel() -> Iterator[KannelStandIn]:
    with kannel_stand_in() as running:
        yield running


@pytest.fixture
def sender(kannel: KannelStandIn) -> KannelSender:
    return KannelSender(kannel.account(), public_url="http://127.0.0.1:8000", timeout=0.5)


def test_it_hands_a_message_over_with_the_address_of_its_report(sender: KannelSender, kannel: KannelStandIn) -> None:
    result = sender.send(ROW)

    (sms,) = kannel.taken
    assert (result.status, result.verdict) == (Status.ACCEPTED, "ok")
    assert (sms.sender, sms.to, sms.text, sms.coding) == ("36000", "+22376123456", ROW.text, 0)
    assert sms.dlr_mask == 31
    assert sms.dlr_url == "http://127.0.0.1:8000/webhooks/kannel/status?secret=secret&m=0a1b2c&status=%d&answer=%A"


def test_a_message_may_name_its_sender(sender: KannelSender, kannel: KannelStandIn) -> None:
    sender.send(replace(ROW, sender="36111"))
    sender.send(replace(ROW, sender="MG" + "a" * 32))  # Twilio's, and none of a gateway

    assert [sms.sender for sms in kannel.taken] == ["36111", "36000"]


def test_letters_outside_gsm_7_go_as_ucs_2(sender: KannelSender, kannel: KannelStandIn) -> None:
    sender.send(replace(ROW, text="I ni ce, ɛ ɔ ɲ ŋ", encoding="UCS-2"))

    assert [(sms.text, sms.coding) for sms in kannel.taken] == [("I ni ce, ɛ ɔ ɲ ŋ", 2)]


def test_the_gateway_may_know_us_by_another_address_and_the_newest_secret(kannel: KannelStandIn) -> None:
    account = kannel.account(callback_url="http://10.0.0.5:8000", secret="newer,secret")
    KannelSender(account, public_url="https://segin.example").send(ROW)

    url = urlsplit(kannel.taken[0].dlr_url)
    assert url.netloc == "10.0.0.5:8000"
    assert parse_qs(url.query)["secret"] == ["newer"]


@pytest.mark.parametrize(
    ("answer", "status", "verdict"),
    [
        (503, Status.QUEUED, "retry"),  # "Temporal failure"
        (500, Status.QUEUED, "retry"),
        (403, Status.QUEUED, "retry"),  # a wrong password is put right within the hour, and nobody's answer is lost
        (404, Status.QUEUED, "retry"),
        (429, Status.QUEUED, "retry"),
        (400, Status.FAILED, "permanent"),
        (413, Status.FAILED, "permanent"),
        (302, Status.FAILED, "permanent"),
    ],
)
def test_what_a_refusal_means(
    sender: KannelSender, kannel: KannelStandIn, answer: int, status: Status, verdict: str
) -> None:
    kannel.answers = [answer]
    result = sender.send(ROW)

    assert (result.status, result.verdict, result.error_code) == (status, verdict, f"kannel-{answer}")
    assert kannel.taken == []


@pytest.mark.parametrize(("cut", "taken"), [("cut before", 0), ("cut after", 1)])
def test_a_cut_connection_leaves_it_unknown(sender: KannelSender, kannel: KannelStandIn, cut: str, taken: int) -> None:
    kannel.answers = [cut]

    assert sender.send(ROW).verdict == "unknown"
    assert len(kannel.taken) == taken


def test_without_a_connection_it_is_tried_again() -> None:
    with kannel_stand_in() as gone:
        account = gone.account()
    result = KannelSender(account, public_url="http://127.0.0.1:8000", timeout=0.5).send(ROW)

    assert (result.verdict, result.error_code) == ("retry", "kannel-away")


@pytest.mark.parametrize("to", [Address("whatsapp", "+22376123456"), Address("sms", "ML.123"), Address("sms", "")])
def test_it_cannot_send_to_what_is_no_number(sender: KannelSender, kannel: KannelStandIn, to: Address) -> None:
    assert sender.send(replace(ROW, to=to)).verdict == "permanent"
    assert kannel.taken == []


def test_what_nobody_reported_never_got_there_when_nothing_waits(sender: KannelSender, kannel: KannelStandIn) -> None:
    kannel.waiting = 0

    assert sender.find(ROW) is None


def test_it_is_not_sent_again_while_something_waits(sender: KannelSender, kannel: KannelStandIn) -> None:
    kannel.waiting = 3
    found = sender.find(ROW)

    assert found is not None
    assert found.verdict == "unknown"


def test_it_is_not_sent_again_while_the_gateway_cannot_be_asked() -> None:
    with kannel_stand_in() as gone:
        account = gone.account()
    found = KannelSender(account, public_url="http://127.0.0.1:8000", timeout=0.5).find(ROW)

    assert found is not None
    assert found.verdict == "unknown"


def test_without_a_status_page_only_an_alert_is_sent_again(kannel: KannelStandIn) -> None:
    sender = KannelSender(kannel.account(status_url=None), public_url="http://127.0.0.1:8000")
    found = sender.find(ROW)

    assert sender.find(replace(ROW, kind="alert", person_id=None)) is None
    assert found is not None
    assert (found.status, found.error_code) == (Status.ACCEPTED, "unconfirmed")


@pytest.mark.parametrize(("link", "up"), [("online 5s", True), ("re-connecting", False), ("dead", False)])
def test_it_says_whether_the_link_to_the_operator_is_up(
    sender: KannelSender, kannel: KannelStandIn, link: str, up: bool
) -> None:
    kannel.link = link

    assert sender.is_up() is up


def test_a_status_page_with_another_password_tells_nothing(kannel: KannelStandIn) -> None:
    account = kannel.account(status_url=f"{kannel.url}/status.xml?password=wrong")
    sender = KannelSender(account, public_url="http://127.0.0.1:8000")

    assert (sender.is_up(), sender.waiting()) == (False, None)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("NACK/0x0000000b/Invalid Destination Address", "NACK/0x0000000b"),
        ("NACK/1034/Unknown", "NACK/1034"),
        ("id:7 sub:001 dlvrd:000 submit date:2611211200 stat:UNDELIV err:027 text:Awa, merci", "UNDELIV/027"),
        ("id:7 stat:EXPIRED text:Awa", "EXPIRED"),
        ("id:7 stat:DELIVRD err:000 text:Awa", None),
        ("ACK/", None),
        ("", None),
        ("Awa Coulibaly, 76 12 34 56", None),
    ],
)
def test_only_the_network_s_code_is_kept_of_its_answer(answer: str, code: str | None) -> None:
    assert error_code(answer) == code


def test_the_pace_of_the_contract_is_kept_by_parts() -> None:
    at, slept = [0.0], []
    pace = LocalPace(2.0, monotonic=lambda: at[0], sleep=slept.append)
    for parts in (1, 3, 1):
        pace.wait(parts)
    at[0] = 60.0
    pace.wait()

    assert slept == [0.5, 2.0]
