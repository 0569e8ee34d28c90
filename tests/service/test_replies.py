"""Answers to what we began are conversations: danger, then stop, then the answer to our question, then all the rest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.core.commands import Start
from bot.core.figures import Asked, Cell
from bot.core.messages import Status
from bot.ports import OutgoingRow, SendResult
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.service.send_due import settle_all
from bot.service.take_status import Report, take_status
from bot.simulator import StoppedClock
from tests.service.asking import DUE, HERE, first, known, plan, waiting
from tests.service.letters import say, texts

NEWS = OutgoingRow(
    *("news", None, HERE, "twilio", "broadcast", "rest", "Foire aux métiers jeudi.", "broadcast", "fr", "GSM-7", 1),
    status=Status.DELIVERED,
    created_at=DUE,
)


@pytest.fixture
def told(desk: CheckInDesk, database: Database, awa: str, clock: StoppedClock) -> str:
    """Somebody whom a plain text of a broadcast has reached."""
    clock.at = DUE
    row = {"broadcast_id": "b", "person_id": awa, "status": "delivered", "language": "fr", "channel": "sms"}
    made = {"name": "foire", "state": "running", "kind": "text", "channel": "any", "audience": {}, "created_by": "ami"}
    with database.writing() as connection:
        connection.execute(insert(broadcast).values(id="b", created_at=DUE, **made))
        connection.execute(insert(recipient).values(changed_at=DUE, not_before=DUE, **row))
    with desk.ports.store.write() as tx:
        tx.add_outgoing([replace(NEWS, person_id=awa)])
    return awa


def answered(database: Database) -> datetime | None:
    with database.reading() as connection:
        return connection.execute(select(recipient.c.answered_at)).scalar_one()


def kinds(ports: Ports) -> list[tuple[str, str]]:
    return [(case.kind, case.priority) for case in known(ports).open_cases]


def test_danger_in_an_answer_to_a_check_in_comes_first(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    said = texts(say(brain, desk.ports, "1 ils veulent me tuer"))

    assert ("threat", "P1") in kinds(desk.ports)
    assert "1 Oui" not in said
    assert first(desk, asked).finished_at is None


def test_danger_in_an_answer_to_a_broadcast_comes_first(
    desk: CheckInDesk, database: Database, brain: Brain, told: str
) -> None:
    del told
    say(brain, desk.ports, "merci mais on veut me tuer")

    assert ("threat", "P1") in kinds(desk.ports)
    assert answered(database) == DUE


def test_stop_comes_before_the_answer(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    say(brain, desk.ports, "STOP")

    assert known(desk.ports).opted_out == "all"
    assert first(desk, asked).answered_at is None


def test_stop_after_a_broadcast_ends_broadcasts_and_check_ins(desk: CheckInDesk, brain: Brain, told: str) -> None:
    say(brain, desk.ports, "stop")
    with desk.ports.store.write() as tx:
        tx.add_outgoing([replace(NEWS, id="more", person_id=told, status=Status.QUEUED)])
    now = desk.ports.clock.now()
    desk.ports.store.claim_due(limit=9, lease_until=now, now=now)

    kept = desk.ports.store.outgoing("more")
    assert kept is not None
    assert (kept.status, kept.error_code) == (Status.SKIPPED, "opted_out")


def test_a_digit_answers_what_was_asked_last_though_a_text_came_in_between(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    clock.at = DUE + timedelta(days=2)
    with desk.ports.store.write() as tx:
        tx.add_outgoing([replace(NEWS, person_id=asked, created_at=clock.at)])
    say(brain, desk.ports, "1")

    assert desk.check_ins.answers(Asked("check_in_mood", by="region")) == (Cell("kayes", "well", 1),)


def test_a_digit_answers_the_menu_that_came_after_the_check_in(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    del asked
    waiting(desk.ports)
    clock.at = DUE + timedelta(hours=2)
    say(brain, desk.ports, "0")
    said = texts(say(brain, desk.ports, "1"))

    assert desk.check_ins.answers(Asked("check_in_mood")) == ()
    assert "police" in said


def test_an_answer_days_later_still_answers(desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock) -> None:
    waiting(desk.ports)
    clock.at = DUE + timedelta(days=3)
    send_check_ins(desk)
    clock.at = DUE + timedelta(days=12)
    send_check_ins(desk)
    assert first(desk, asked).reason == "no_answer"

    said = texts(say(brain, desk.ports, "2"))

    assert "Manger" in said
    assert desk.check_ins.answers(Asked("check_in_mood", by="sex")) == (Cell("f", "so_so", 1),)
    assert first(desk, asked).answered_at == clock.at


def test_a_question_goes_to_its_flow_and_the_check_in_waits(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    assert "police" in texts(say(brain, desk.ports, "j'ai perdu ma carte d'identité"))
    assert first(desk, asked).finished_at is None


def test_words_that_nobody_understands_end_with_a_person(
    desk: CheckInDesk, database: Database, brain: Brain, told: str
) -> None:
    del told
    say(brain, desk.ports, "grmpf tchlak")
    said = texts(say(brain, desk.ports, "vroum zblik"))

    assert "9" in said
    say(brain, desk.ports, "9")
    assert ("question", "P3") in kinds(desk.ports)
    assert answered(database) == DUE


def test_an_operators_robot_has_not_answered_a_broadcast(
    desk: CheckInDesk, database: Database, brain: Brain, told: str
) -> None:
    del told
    say(brain, desk.ports, "Cher client, votre forfait expire le 30/11. Rechargez avec le *123#. Orange Mali")

    assert answered(database) is None


@pytest.mark.parametrize("way", ["at once", "by report"])
def test_a_dead_number_is_left_alone_until_somebody_writes_from_it(
    desk: CheckInDesk, brain: Brain, awa: str, clock: StoppedClock, way: str
) -> None:
    plan(desk)
    clock.at = DUE
    send_check_ins(desk)
    (row,) = waiting(desk.ports)
    if way == "at once":
        settle_all(desk.ports.store, [(row, SendResult(Status.FAILED, None, "21614", "permanent", dead=True))], now=DUE)
    else:
        take_status(desk.ports.store, clock, Report("twilio", "SM1", Status.UNDELIVERED, row.id, "30005", dead=True))
    clock.at = DUE + timedelta(days=3)
    send_check_ins(desk)
    assert (first(desk, awa).reason, waiting(desk.ports)) == ("dead_number", [])

    say(brain, desk.ports, "bonjour")
    person = known(desk.ports).person
    assert person is not None
    assert person.unreachable is False


Write = Callable[[str], tuple[bool, str]]


@pytest.fixture
def after_stop(brain: Brain, ports: Ports, awa: str, clock: StoppedClock) -> Write:
    """Write a text after STOP, from somebody who has time, and return whether it was read as START, and the scope."""
    del awa

    def write(text: str) -> tuple[bool, str]:
        clock.at += timedelta(hours=2)  # nobody is silenced for writing too much
        say(brain, ports, "STOP")
        taken = say(brain, ports, text)
        heard = taken.decision.reading.commands if taken.decision and taken.decision.reading else ()
        return Start("start") in heard, known(ports).opted_out

    return write


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.sampled_from(["oui", "ok je veux bien", "1", "écrivez moi", "stop questions", "merci", "n b'a fɛ", "encore"])
)
def test_stop_holds_against_every_later_text_but_start(after_stop: Write, text: str) -> None:
    is_start, scope = after_stop(text)

    assert scope == ("none" if is_start else "all")


@pytest.mark.parametrize("word", ["START", "start", "je veux reprendre", "unstop"])
def test_start_undoes_it(after_stop: Write, word: str) -> None:
    assert after_stop(word) == (True, "none")
