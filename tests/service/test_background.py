"""What goes on without the person: sending, asking what became of a message, reminders, the caseworker's side."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.case_life import NotAllowed
from bot.core.messages import Address, Incoming, Status
from bot.ports import OutgoingRow, SendResult
from bot.service import work_cases
from bot.service.answer_person import answer
from bot.service.begin_flow import send_reminders
from bot.service.brain import Brain
from bot.service.change_case import NoSuchCase, Seen, find_case
from bot.service.confirm_sent import confirm_sent
from bot.service.end_case import close
from bot.service.escalate import Alarm, escalate
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.service.send_due import send_due
from bot.service.take_in_missed import take_in_missed
from bot.service.take_status import Report, take_status
from bot.simulator import StoppedClock
from tests.service.letters import AWA, OUMOU, letter, say, texts


@dataclass(slots=True)
class Post:
    """A provider that keeps what it is handed, and answers as it is told."""

    name: str = "twilio"
    answer: SendResult = field(default_factory=lambda: SendResult(Status.ACCEPTED, "SM1"))
    has: list[str] = field(default_factory=list)
    sent: list[OutgoingRow] = field(default_factory=list)

    def send(self, row: OutgoingRow) -> SendResult:
        self.sent.append(row)
        return self.answer

    def find(self, row: OutgoingRow) -> SendResult | None:
        return SendResult(Status.SENT, "SM2") if row.text in self.has else None


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(autouse=True)
def french(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")


def test_it_asks_the_provider_before_it_sends_a_reply_itself(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    (row,) = say(brain, ports, "merci").rows
    post.has.append(row.text)
    clock.at += timedelta(minutes=3)
    confirm_sent(ports.store, clock, {"twilio": post})
    send_due(ports.store, clock, {"twilio": post})
    kept = ports.store.outgoing(row.id)

    assert kept is not None
    assert (kept.status, kept.provider_id) == (Status.SENT, "SM2")
    assert row.text not in [sent.text for sent in post.sent]


def test_it_sends_by_its_own_call_what_no_call_back_confirmed(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    incoming = letter("merci", ports=ports)
    (row,) = receive_message(brain, ports, incoming).rows
    clock.at += timedelta(minutes=3)
    confirm_sent(ports.store, clock, {"twilio": post})
    send_due(ports.store, clock, {"twilio": post})

    assert [sent.id for sent in post.sent if sent.id == row.id] == [row.id]
    assert receive_message(brain, ports, incoming).rows == ()


def test_it_leaves_a_reply_alone_that_a_call_back_confirmed(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    rows = say(brain, ports, "merci").rows
    for row in rows:
        take_status(ports.store, clock, Report("twilio", f"SM{row.position}", Status.DELIVERED, row_id=row.id))
    clock.at += timedelta(minutes=3)
    post.has = []
    confirm_sent(ports.store, clock, {"twilio": post})
    send_due(ports.store, clock, {"twilio": post})

    assert not {row.id for row in rows} & {sent.id for sent in post.sent}


def test_it_tries_again_later_what_the_provider_could_not_take(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    say(brain, ports, "il va me tuer")
    escalate(brain, ports, Alarm())
    post.answer = SendResult(Status.QUEUED, error_code="20429", verdict="retry")
    send_due(ports.store, clock, {"twilio": post, "simulator": post})
    tried = len(post.sent)
    send_due(ports.store, clock, {"twilio": post, "simulator": post})
    at_once = len(post.sent)
    clock.at += timedelta(minutes=2)
    send_due(ports.store, clock, {"twilio": post, "simulator": post})

    assert tried == at_once == 1
    assert len(post.sent) == 2


def test_it_takes_an_opt_out_from_the_provider(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    (row,) = say(brain, ports, "merci").rows
    report = Report("twilio", "SM3", Status.FAILED, row_id=row.id, error_code="21610", verdict="opted_out")
    take_status(ports.store, clock, report)
    known = ports.store.look_up(Address("sms", AWA), provider="twilio", provider_id="-", text="", now=clock.now())

    assert known.opted_out == "all"


def test_it_knows_nothing_of_a_stranger_s_report(ports: Ports, clock: StoppedClock) -> None:
    assert not take_status(ports.store, clock, Report("twilio", "SMunknown", Status.DELIVERED, row_id="nobody"))


def test_it_takes_in_what_no_webhook_brought_and_nothing_twice(brain: Brain, ports: Ports) -> None:
    seen, missed = letter("merci", ports=ports), letter("g perdu ma kart", ports=ports)
    receive_message(brain, ports, seen)

    def listed(_: object) -> list[Incoming]:
        return [seen, missed]

    assert take_in_missed(brain, ports, listed) == 1
    assert take_in_missed(brain, ports, listed) == 0


def test_a_caseworker_s_words_reach_the_person_and_the_case_s_story(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    say(brain, ports, "9")
    (case,) = ports.store.cases()
    work_cases.take(ports, Seen(case.reference.lower(), OUMOU))
    answer(brain, ports, Seen(case.reference, OUMOU), "Passez au bureau demain à 9 h.")
    send_due(ports.store, clock, {"twilio": post})

    assert "Passez au bureau demain à 9 h." in [row.text for row in post.sent]
    assert "Passez au bureau demain à 9 h." in [event.text for event in ports.store.timeline(case.id)]


def test_closing_a_case_tells_the_person_and_gives_the_word_back_to_the_assistant(
    brain: Brain, ports: Ports, clock: StoppedClock, post: Post
) -> None:
    say(brain, ports, "9")
    (case,) = ports.store.cases()
    close(brain, ports, Seen(case.reference, OUMOU))
    send_due(ports.store, clock, {"twilio": post})

    assert any(case.reference in row.text for row in post.sent)
    assert "police" in texts(say(brain, ports, "g perdu ma kart")).lower()


def test_a_closed_case_cannot_be_taken(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "9")
    (case,) = ports.store.cases()
    close(brain, ports, Seen(case.reference, OUMOU))

    with pytest.raises(NotAllowed):
        work_cases.take(ports, Seen(case.reference, OUMOU))


@pytest.mark.parametrize("typed", ["K7421", "0000", "Z9999Z", "k7421rr"])
def test_a_mistyped_reference_is_no_case(ports: Ports, typed: str) -> None:
    with pytest.raises(NoSuchCase):
        find_case(ports, typed, by=OUMOU)


def test_a_reminder_waits_while_a_person_of_the_team_has_the_word(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    _report_a_loss(brain, ports)
    say(brain, ports, "9")
    clock.at += timedelta(days=30)

    assert send_reminders(brain, ports) == 1
    assert not [row for row in _due(ports) if row.kind == "reminder"]
    for case in ports.store.cases():
        close(brain, ports, Seen(case.reference, OUMOU))
    assert send_reminders(brain, ports) == 0  # first "is it solved?" has its time
    clock.at += limits.BUSY_FOR
    send_reminders(brain, ports)
    assert [row for row in _due(ports) if row.kind == "reminder"]


def test_a_reminder_keeps_its_day_while_an_ordinary_request_waits(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    _report_a_loss(brain, ports)
    say(brain, ports, "oui")  # somebody of the team may follow it too
    clock.at += timedelta(days=8)
    send_reminders(brain, ports)

    assert ports.store.cases()
    assert [row for row in _due(ports) if row.kind == "reminder"]


def test_a_reminder_is_never_sent_to_who_said_stop(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    _report_a_loss(brain, ports)
    say(brain, ports, "STOP")
    clock.at += timedelta(days=30)
    send_reminders(brain, ports)

    assert not [row for row in _due(ports) if row.kind == "reminder"]


def _report_a_loss(brain: Brain, ports: Ports) -> None:
    from bot.core.effects import Remind

    say(brain, ports, "g perdu ma kart")
    for _ in range(12):  # the first choice of every question leads to a reminder
        taken = say(brain, ports, "1")
        if taken.decision and any(isinstance(effect, Remind) for effect in taken.decision.effects):
            return
    pytest.fail("The flow for lost papers offered no reminder.")


def _due(ports: Ports) -> tuple[OutgoingRow, ...]:
    now = ports.clock.now()
    return ports.store.claim_due(limit=99, lease_until=now, now=now)
