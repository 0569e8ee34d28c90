"""A conversation through a gateway: replies are rows, repeats are one message, and a slow provider doubles nothing."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.channels import smsgate
from bot.core import limits
from bot.core.messages import Address, Incoming, Status
from bot.core.ways import Way, detour
from bot.ports import OutgoingRow, SendResult
from bot.service.brain import Brain
from bot.service.confirm_sent import confirm_sent
from bot.service.escalate import Alarm, escalate
from bot.service.hand_out import Elsewhere, Road
from bot.service.ports import Ports
from bot.service.receive_from_gateway import receive_from_gateway
from bot.service.receive_message import receive_message
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from bot.simulator import StoppedClock
from tests.conftest import CountedWake
from tests.service.letters import AWA, letter, say


@dataclass(slots=True)
class Slow:
    """A gateway that takes its time, and says about a lost message what it is told to."""

    clock: StoppedClock
    takes: timedelta = timedelta(0)
    answer: SendResult = field(default_factory=lambda: SendResult(Status.ACCEPTED))
    found: SendResult | None = None
    sent: list[str] = field(default_factory=list)
    name: str = "kannel"

    def send(self, row: OutgoingRow) -> SendResult:
        self.clock.at += self.takes
        self.sent.append(row.id)
        return self.answer

    def find(self, row: OutgoingRow) -> SendResult | None:
        return self.found


SMS = frozenset({"sms"})
KANNEL, PHONE = Way("kannel", SMS), Way("smsgate", SMS)


def by(*ways: Way) -> Elsewhere:
    return lambda row: detour(ways, to=row.to, provider=row.provider, tried=row.attempts)


def sms(text: str, ports: Ports, provider_id: str = "") -> Incoming:
    one = letter(text, ports=ports)
    return replace(one, provider="kannel", provider_id=provider_id or one.provider_id)


def test_replies_leave_as_rows_and_the_worker_is_called(
    brain: Brain, ports: Ports, clock: StoppedClock, wake: CountedWake
) -> None:
    post = Slow(clock)
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    sent = send_due(ports.store, clock, {"kannel": post})

    assert wake.calls == 1
    assert sent == len(post.sent) >= 1


def test_a_repeat_is_no_second_message(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post, once = Slow(clock), sms("Bonjour", ports)
    taken = [receive_from_gateway(brain, ports, once) for _ in range(3)]
    send_due(ports.store, clock, {"kannel": post})

    assert taken == [True, False, False]
    assert len(post.sent) == len(set(post.sent))


def test_the_twin_of_a_message_without_id_is_no_second_message(brain: Brain, ports: Ports) -> None:
    first, again = sms("1", ports, "made-1"), sms("1", ports, "made-2")

    assert receive_from_gateway(brain, ports, first, twin="made-0")
    assert not receive_from_gateway(brain, ports, again, twin="made-1")
    assert receive_from_gateway(brain, ports, sms("1", ports, "made-4"), twin="made-3")


def test_reports_in_the_wrong_order_never_move_it_back(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post = Slow(clock)
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    send_due(ports.store, clock, {"kannel": post})
    for status in (Status.DELIVERED, Status.SENT, Status.SENT):
        take_status(ports.store, clock, Report("kannel", post.sent[0], status, row_id=post.sent[0]))
    kept = ports.store.outgoing(post.sent[0])

    assert kept is not None
    assert kept.status is Status.DELIVERED


def test_what_would_outlive_its_lease_goes_back_into_the_queue(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post = Slow(clock, takes=timedelta(seconds=50))
    for number in range(5):
        receive_from_gateway(brain, ports, sms("Bonjour", ports, f"id-{number}"))
    send_due(ports.store, clock, {"kannel": post})
    after_one_slice = len(post.sent)
    post.takes = timedelta(0)
    while send_due(ports.store, clock, {"kannel": post}):
        pass

    assert after_one_slice == 2
    assert len(post.sent) == len(set(post.sent)) >= 5


def test_what_nobody_can_be_asked_about_is_asked_again_later_and_not_sent(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    post = Slow(clock, answer=SendResult(Status.SENDING, verdict="unknown"))
    post.found = SendResult(Status.SENDING, verdict="unknown")
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    sent = send_due(ports.store, clock, {"kannel": post})
    clock.at += timedelta(minutes=3)
    asked = [confirm_sent(ports.store, clock, {"kannel": post}) for _ in range(2)]

    assert asked == [sent, 0]
    assert len(post.sent) == sent


def test_what_the_gateway_never_got_is_sent_once_more(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post = Slow(clock, answer=SendResult(Status.SENDING, verdict="unknown"))
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    sent = send_due(ports.store, clock, {"kannel": post})
    clock.at += timedelta(minutes=3)
    confirm_sent(ports.store, clock, {"kannel": post})
    post.answer = SendResult(Status.ACCEPTED)
    again = send_due(ports.store, clock, {"kannel": post})

    assert again == sent
    assert all(post.sent.count(row) == 2 for row in post.sent)


def test_what_one_provider_did_not_take_goes_by_another_once(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    away = Slow(clock, answer=SendResult(Status.QUEUED, error_code="kannel-away", verdict="retry"))
    phone = Slow(clock, name="smsgate")
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    senders = {"kannel": away, "smsgate": phone}
    tried = send_due(ports.store, clock, Road(senders, by(KANNEL, PHONE)))
    for _ in range(3):
        clock.at += timedelta(minutes=30)
        send_due(ports.store, clock, Road(senders, by(KANNEL, PHONE)))
    confirm_sent(ports.store, clock, senders)

    assert sorted(phone.sent) == sorted(set(away.sent))
    assert (len(phone.sent), len(away.sent)) == (tried, 2 * tried)


def test_what_is_known_to_be_down_is_not_even_tried(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    away, phone = Slow(clock), Slow(clock, name="smsgate")
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    senders = {"kannel": away, "smsgate": phone}
    tried = send_due(ports.store, clock, Road(senders, by(KANNEL.seen(up=False), PHONE)))
    kept = [ports.store.outgoing(row) for row in phone.sent]

    assert (away.sent, len(phone.sent)) == ([], tried)
    assert {row.provider for row in kept if row} == {"smsgate"}


def test_what_a_provider_may_have_taken_makes_no_detour(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    lost = Slow(clock, answer=SendResult(Status.SENDING, verdict="unknown"))
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    send_due(ports.store, clock, Road({"kannel": lost}, by(KANNEL, PHONE)))
    kept = [ports.store.outgoing(row) for row in lost.sent]

    assert {row.provider for row in kept if row} == {"kannel"}


def refused(ports: Ports, clock: StoppedClock, provider: str, rows: list[str], *, never_left: bool = True) -> None:
    """Let a provider report, twice, that it could not even send these."""
    for row in (*rows, *rows):
        report = Report(provider, row, Status.FAILED, row_id=row, error_code="NACK/0x45", never_left=never_left)
        take_status(ports.store, clock, report, by(KANNEL, PHONE))


def test_what_surely_never_left_goes_by_another_way_exactly_once(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    post, phone = Slow(clock), Slow(clock, name="smsgate")
    receive_from_gateway(brain, ports, sms("Bonjour", ports))
    send_due(ports.store, clock, {"kannel": post})
    refused(ports, clock, "kannel", post.sent)
    send_due(ports.store, clock, {"smsgate": phone})
    refused(ports, clock, "smsgate", phone.sent)
    first, then = ([ports.store.outgoing(row) for row in one.sent] for one in (post, phone))

    assert send_due(ports.store, clock, {}) == 0
    assert sorted(row.text for row in first if row) == sorted(row.text for row in then if row)
    assert {str(row.status) for row in (*first, *then) if row} == {"failed"}


def test_what_a_network_may_have_had_goes_by_no_other_way(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post = Slow(clock)
    for ident in ("first", "second"):
        receive_from_gateway(brain, ports, sms("Bonjour", ports, ident))
        send_due(ports.store, clock, {"kannel": post})
    for row in post.sent[::2]:
        take_status(ports.store, clock, Report("kannel", row, Status.SENT, row_id=row))
    refused(ports, clock, "kannel", post.sent[::2])
    refused(ports, clock, "kannel", post.sent[1::2], never_left=False)

    assert len(post.sent) >= 2
    assert send_due(ports.store, clock, {}) == 0


def test_an_alert_that_never_left_goes_by_another_way_at_once(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post, phone = Slow(clock), Slow(clock, name="smsgate")
    ports = replace(ports, carrier=lambda to, last: "kannel")
    receive_from_gateway(brain, ports, sms("au secours il veut me tuer", ports))
    escalate(brain, ports, Alarm())
    send_due(ports.store, clock, {"kannel": post})
    alerts = [row for row in post.sent if ports.store.outgoing(row).kind == "alert"]
    refused(ports, clock, "kannel", alerts)
    escalate(brain, ports, Alarm())
    send_due(ports.store, clock, {"smsgate": phone})

    assert [ports.store.outgoing(row).to for row in phone.sent] == [ports.store.outgoing(row).to for row in alerts]


def test_two_robots_that_answer_each_other_stop_within_a_budget(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    post = Slow(clock)
    words = ("Bonjour", "menu", "1", "0", "5", "2")  # never the same twice in a row
    for number in range(24 * 6):  # a message every ten minutes, far below what a person may write in an hour
        clock.at += timedelta(minutes=10)
        receive_from_gateway(brain, ports, sms(words[number % len(words)], ports, f"ping-{number}"))
        send_due(ports.store, clock, {"kannel": post})
    rows = [ports.store.outgoing(ident) for ident in post.sent]
    spent = sum(row.segments for row in rows if row)

    assert limits.SEGMENTS_A_DAY <= spent < limits.SEGMENTS_A_DAY + 6
    clock.at += timedelta(hours=25)
    assert receive_from_gateway(brain, ports, sms("Bonjour", ports, "later"))
    assert send_due(ports.store, clock, {"kannel": post})


def test_danger_is_answered_whatever_it_costs(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    post = Slow(clock)
    for number in range(limits.MESSAGES_AN_HOUR + 1):
        receive_from_gateway(brain, ports, sms(f"menu {number}", ports, f"robot-{number}"))
    while send_due(ports.store, clock, {"kannel": post, "simulator": post}):
        pass
    receive_from_gateway(brain, ports, sms("au secours il veut me tuer", ports, "danger"))

    assert send_due(ports.store, clock, {"kannel": post, "simulator": post})
    assert ports.store.cases()


def test_stop_holds_when_the_budget_is_spent(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    for number in range(limits.MESSAGES_AN_HOUR + 1):
        receive_from_gateway(brain, ports, sms(f"menu {number}", ports, f"much-{number}"))
    assert receive_from_gateway(brain, ports, sms("menu", ports, "no-answer"))
    receive_from_gateway(brain, ports, sms("stop", ports, "enough"))

    person = ports.store.look_up(Address("sms", AWA), provider="kannel", provider_id="", now=clock.at).person
    assert person is not None
    assert person.opt_out == "all"


def test_danger_words_cost_no_more_than_the_budget_and_are_answered_every_quarter_of_an_hour(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    began, spent, told = clock.at, [], []
    words = ("au secours il veut me tuer", "il dit qu'il va me tuer", "il veut me tuer")
    for number in range(120):
        clock.at = began + timedelta(seconds=30 * number)
        receive_from_gateway(brain, ports, sms(words[number % 3], ports, f"danger-{number}"))
        claimed = ports.store.claim_due(limit=9, lease_until=clock.at, now=clock.at)
        rows = [row for row in claimed if row.kind == "reply"]
        spent += [row.segments for row in rows]
        told += [clock.at - began for row in rows]
    (case,) = ports.store.cases()
    kept = [event for event in ports.store.timeline(case.id) if event.kind == "message"]

    assert len(kept) >= 119
    assert sum(spent) <= limits.SEGMENTS_AN_HOUR + 12
    assert any(at > timedelta(minutes=45) for at in told)


def test_whoever_sends_an_mms_learns_that_only_words_are_read(brain: Brain, ports: Ports) -> None:
    event = {"event": "mms:received", "id": "e1", "payload": {"messageId": "mms1", "sender": AWA}}
    incoming = smsgate.parse(json.dumps(event).encode(), received_at=ports.clock.now())
    say(brain, ports, "Français")

    assert "utter_only_words" in receive_message(brain, ports, incoming).rows[0].response


def test_an_operator_s_notice_opens_no_case(brain: Brain, ports: Ports) -> None:
    for number, text in enumerate(("Votre credit est de 120 FCFA valable jusqu'au 30/11", "Promo: 100% de bonus")):
        receive_from_gateway(brain, ports, sms(text, ports, f"notice-{number}"))

    assert ports.store.cases() == ()
