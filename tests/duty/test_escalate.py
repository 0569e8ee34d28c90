"""Alerts climb until somebody takes the case, whatever dies in between."""

import threading
from datetime import timedelta

import pytest

from bot.adapters.queue import Rounds, Slice
from bot.adapters.sql.staff import SqlStaff
from bot.core import alerts
from bot.core.messages import Address, Status
from bot.ports import StorageAway
from bot.service import end_case, work_cases
from bot.service import escalate as module
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.escalate import Alarm, escalate
from bot.service.ports import Ports
from bot.service.take_status import Report, take_status
from bot.simulator import StoppedClock
from tests.conftest import DUTY
from tests.duty.team import FANTA, NENE, OUMOU, PIN, SEKOU, add_people, alerted, on_duty, work, writes
from tests.service.letters import AWA, say

FIVE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def team(book: SqlStaff, ports: Ports) -> None:
    add_people(book, "oumou", "sekou", "fanta", "nene", now=ports.clock.now())


@pytest.fixture
def rota(ports: Ports) -> None:
    on_duty(ports, "oumou", "main")
    on_duty(ports, "sekou", "substitute")
    on_duty(ports, "fanta", "supervisor")


def reference_of(ports: Ports) -> str:
    (case,) = ports.store.cases(include_sensitive=True)
    return case.reference


@pytest.mark.usefixtures("rota")
def test_it_goes_from_one_to_the_next_and_every_step_is_in_the_story(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "il va me tuer")
    (first,) = work(brain, ports)
    told = [first.to.reveal()]
    for _ in range(3):
        assert alerted(brain, ports) == []
        clock.at += FIVE
        told += alerted(brain, ports)

    assert told == [OUMOU, SEKOU, FANTA, DUTY.reveal()]
    reference = reference_of(ports)
    assert first.text == f"Segin: cas urgent {reference} (P1), repondez PRENDS {reference}"
    case = ports.store.case(reference)
    story = [event.text for event in ports.store.timeline(case.id) if event.kind == "alert"]
    assert story == [
        "Oumou (de garde) : SMS",
        "Sekou (remplaçant) : SMS",
        "Fanta (superviseur de garde) : SMS",
        "un numéro de dernier recours",
    ]


@pytest.mark.usefixtures("rota")
def test_it_ends_when_somebody_takes_the_case(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    say(brain, ports, "il va me tuer")
    work(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference_of(ports)}")
    clock.at += FIVE

    assert alerted(brain, ports) == []
    clock.at += timedelta(days=1)
    assert alerted(brain, ports) == []


@pytest.mark.usefixtures("rota")
def test_a_pause_sends_the_alert_to_the_next_one(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    writes(brain, ports, OUMOU, f"PIN {PIN} PAUSE")
    say(brain, ports, "il va me tuer")
    assert alerted(brain, ports) == [SEKOU]
    writes(brain, ports, OUMOU, "GARDE")
    clock.at += FIVE

    assert alerted(brain, ports) == [OUMOU]


@pytest.mark.parametrize("wish", ["FEMME", "muso", "je veux parler à une femme"])
def test_a_woman_is_alerted_as_soon_as_one_is_asked_for(brain: Brain, ports: Ports, book: SqlStaff, wish: str) -> None:
    book.change("nene", {"roles": frozenset({"caseworker"})})
    on_duty(ports, "sekou", "main")
    on_duty(ports, "nene", "substitute")
    say(brain, ports, "il va me tuer")
    assert alerted(brain, ports) == [SEKOU]
    say(brain, ports, wish)

    assert alerted(brain, ports) == [NENE]


@pytest.mark.usefixtures("rota")
def test_a_sensitive_complaint_rings_at_the_focal_point_s_alone(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "un agent me demande 25000 francs pour mon dossier")
    told = []
    for _ in range(5):
        told += alerted(brain, ports)
        clock.at += timedelta(hours=1)

    assert set(told) == {NENE}


def test_until_there_is_a_rota_supervisors_and_the_numbers_of_the_setting_are_alerted_at_once(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "il va me tuer")
    assert set(alerted(brain, ports)) == {FANTA, DUTY.reveal()}
    clock.at += timedelta(minutes=15)

    assert set(alerted(brain, ports)) == {FANTA, DUTY.reveal()}


@pytest.mark.usefixtures("rota")
def test_an_alert_that_reaches_no_telephone_brings_the_next_one_sooner(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    say(brain, ports, "il va me tuer")
    (alert,) = work(brain, ports)
    report = Report("twilio", "SM1", Status.UNDELIVERED, row_id=alert.id, error_code="30003")
    take_status(ports.store, clock, report)
    take_status(ports.store, clock, report)
    clock.at += timedelta(minutes=1)

    assert alerted(brain, ports) == [SEKOU]


@pytest.mark.usefixtures("rota")
def test_danger_in_a_case_that_somebody_has_is_told_to_them(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    say(brain, ports, "il va me tuer")
    work(brain, ports)
    reference = reference_of(ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    work(brain, ports)
    clock.at += timedelta(hours=1)
    say(brain, ports, "il va me tuer")
    rows = work(brain, ports)

    assert (OUMOU, f"Segin: nouveau message urgent dans {reference} que vous avez pris. QUI {reference}") in [
        (row.to.reveal(), row.text) for row in rows if row.kind == "alert"
    ]


@pytest.mark.usefixtures("rota")
def test_two_workers_at_once_alert_once(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "il va me tuer")
    steps: list[int] = []
    together = threading.Barrier(4)

    def go() -> None:
        together.wait()
        steps.append(escalate(brain, ports, Alarm()))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(steps) == [0, 0, 0, 1]
    assert len(work(brain, ports)) == 1


@pytest.mark.usefixtures("rota")
def test_a_worker_that_dies_within_the_step_leaves_it_to_the_next(
    brain: Brain, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(brain, ports, "il va me tuer")

    def killed(*_: object) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_story", killed)  # the step is claimed and its alert is written, nothing is committed
        with pytest.raises(KeyboardInterrupt):
            escalate(brain, ports, Alarm())

    assert alerted(brain, ports) == [OUMOU]


@pytest.mark.usefixtures("rota")
def test_without_a_queue_the_worker_s_own_rounds_go_on(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    say(brain, ports, "il va me tuer")
    seconds = [0.0]
    rounds = Rounds({"escalate": Slice(lambda: escalate(brain, ports, Alarm()), 15.0)}, monotonic=lambda: seconds[0])
    rounds.catch_up()
    clock.at += FIVE
    seconds[0] = 300.0
    rounds.catch_up()

    assert [row.to.reveal() for row in work(brain, ports)] == [OUMOU, SEKOU]


def test_it_says_loudly_when_there_is_nobody(
    brain: Brain, ports: Ports, book: SqlStaff, caplog: pytest.LogCaptureFixture
) -> None:
    from dataclasses import replace

    book.change("fanta", {"active": False})
    say(brain, ports, "il va me tuer")
    escalate(replace(brain, alert_to=()), ports, Alarm())

    assert "NOBODY TO ALERT" in caplog.text
    assert AWA not in caplog.text


@pytest.mark.usefixtures("rota")
def test_e_mail_goes_beside_the_sms_only_where_it_is_configured(brain: Brain, ports: Ports, book: SqlStaff) -> None:
    book.change("oumou", {"email": "oumou@example.org"})
    say(brain, ports, "il va me tuer")
    rows = work(brain, ports, Alarm(mail=True))

    assert {(row.to.channel, row.provider) for row in rows} == {("sms", "simulator"), ("email", "smtp")}
    assert Address("email", "oumou@example.org") in [row.to for row in rows]


def test_an_alarm_stands_or_falls_with_its_case(brain: Brain, ports: Ports) -> None:
    def fails() -> None:
        with ports.store.write() as tx:
            tx.duty.alarm("nobody's", at=ports.clock.now())
            raise StorageAway

    with pytest.raises(StorageAway):
        fails()

    assert ports.store.duty.due(limit=9, now=ports.clock.now()) == ()


@pytest.mark.usefixtures("rota")
@pytest.mark.parametrize("given_back", [True, False])
def test_a_grave_case_that_is_in_nobody_s_hands_again_rings_again(
    brain: Brain, ports: Ports, book: SqlStaff, given_back: bool
) -> None:
    say(brain, ports, "il va me tuer")
    reference, oumou = reference_of(ports), book.by_id("oumou")
    assert oumou
    seen = Seen(reference, oumou.staff)
    work_cases.take(ports, seen)
    alerted(brain, ports)
    if given_back:
        end_case.hand_back(brain, ports, seen)
    else:
        end_case.close(brain, ports, seen)
        assert alerted(brain, ports) == []
        end_case.reopen(brain, ports, seen)

    assert alerted(brain, ports) == [OUMOU]


@pytest.mark.usefixtures("rota")
def test_whoever_closed_a_case_is_told_that_it_is_not_solved(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "9")
    reference = reference_of(ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    writes(brain, ports, OUMOU, f"FERME {reference}")
    work(brain, ports)
    say(brain, ports, "2")

    assert ports.store.case(reference).status == "open"
    assert (OUMOU, alerts.back(ports.store.case(reference))) in [
        (row.to.reveal(), row.text) for row in work(brain, ports)
    ]
    assert alerted(brain, ports) == []
