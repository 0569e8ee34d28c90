"""An alert of an urgent case goes on until somebody's phone has it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.messages import Status
from bot.ports import OutgoingRow, SendResult
from bot.service import work_cases
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.escalate import Alarm, escalate
from bot.service.ports import Ports
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from bot.simulator import StoppedClock
from tests.service.letters import OUMOU, say

REFUSED = SendResult(Status.FAILED, error_code="21211", verdict="permanent")


class Line:
    """A provider that answers as it is told and keeps what it was handed."""

    name = "twilio"

    def __init__(self, answer: SendResult) -> None:
        self.answer = answer
        self.sent: list[OutgoingRow] = []

    def send(self, row: OutgoingRow) -> SendResult:
        self.sent.append(row)
        return self.answer

    def find(self, row: OutgoingRow) -> SendResult | None:
        return None


@pytest.fixture
def line(brain: Brain, ports: Ports) -> Line:
    say(brain, ports, "il va me tuer")
    return Line(SendResult(Status.ACCEPTED, "SM1"))


@pytest.fixture
def drain(brain: Brain, ports: Ports, line: Line) -> Callable[[], None]:
    def drained() -> None:
        escalate(brain, ports, Alarm())
        send_due(ports.store, ports.clock, {"twilio": line, "simulator": line})

    return drained


def test_a_refused_alert_is_followed_by_another_whatever_the_provider_says(
    clock: StoppedClock, line: Line, drain: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    line.answer = REFUSED
    drain()
    (alert,) = line.sent
    told = caplog.text
    line.answer = SendResult(Status.ACCEPTED, "SM1")
    clock.at += timedelta(minutes=2)
    drain()

    assert alert.id in told
    assert "21211" in told
    assert "+223" not in told
    assert [row.text for row in line.sent] == [alert.text, alert.text]


def test_alerts_are_given_up_after_about_a_day_and_it_says_so(
    clock: StoppedClock, line: Line, drain: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    line.answer = REFUSED
    began = clock.at
    while not caplog.text.count("NOBODY HAS TAKEN IT"):
        drain()
        clock.at += timedelta(minutes=5)

    assert timedelta(hours=20) < clock.at - began < timedelta(hours=30)
    assert len(line.sent) <= limits.ALERT_TRIES


def test_an_alert_to_a_phone_that_is_off_is_followed_by_another_once(
    ports: Ports, clock: StoppedClock, line: Line, drain: Callable[[], None]
) -> None:
    drain()
    report = Report("twilio", "SM1", Status.UNDELIVERED, row_id=line.sent[0].id, error_code="30003")
    take_status(ports.store, clock, report)
    take_status(ports.store, clock, report)
    clock.at += timedelta(minutes=2)
    drain()
    drain()

    assert [row.text for row in line.sent] == [line.sent[0].text] * 2


def test_no_alert_follows_once_somebody_has_the_case(
    ports: Ports, clock: StoppedClock, line: Line, drain: Callable[[], None]
) -> None:
    drain()
    (case,) = ports.store.cases()
    work_cases.take(ports, Seen(case.reference, OUMOU))
    take_status(ports.store, clock, Report("twilio", "SM1", Status.UNDELIVERED, row_id=line.sent[0].id))
    clock.at += timedelta(hours=1)
    drain()

    assert len(line.sent) == 1
