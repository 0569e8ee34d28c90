"""Check-ins from plan to answer, through the real store: who is asked, when, and only once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.sql.check_ins import SqlCheckIns
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.core import limits
from bot.core.cases import Case, CaseEvent
from bot.core.messages import Status
from bot.core.quiet import Quiet
from bot.ports import Known, OutgoingRow
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.end_case import close
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.simulator import StoppedClock
from tests.conftest import KEYS, CountedWake
from tests.service.asking import DUE, HERE, REGISTERED, desk_of, first, plan, profile, side_by_side, waiting
from tests.service.letters import OUMOU, say


def test_whoever_has_agreed_is_planned_for_by_themselves(desk: CheckInDesk, awa: str) -> None:
    assert plan(desk) == 1

    rows = desk.check_ins.of_person(awa)
    assert [row.step for row in rows] == ["month_1", "month_3", "month_6", "month_9", "month_12"]
    assert rows[0].due_at == DUE
    assert {row.status for row in rows} == {"planned"}


def test_planning_twice_is_planning_once(desk: CheckInDesk, awa: str) -> None:
    plan(desk)
    before = desk.check_ins.of_person(awa)

    assert plan(desk) == 0
    assert desk.check_ins.of_person(awa) == before


@pytest.mark.parametrize("consent", ["none", "refused"])
def test_whoever_has_not_agreed_is_not(desk: CheckInDesk, awa: str, consent: str) -> None:
    profile(desk.ports, awa, consent=consent)

    assert plan(desk) == 0


def test_the_month_of_return_that_somebody_tells_moves_them(desk: CheckInDesk, awa: str) -> None:
    plan(desk)
    told = ["1", "2", "2", "2", "il y a 2 mois"]  # number, relative, calls, Morocco, month
    for text in ("je veux rester en contact", "Awa", "Kayes", "Yélimané", *told):
        say(desk.brain, desk.ports, text)
    plan(desk)

    assert desk.ports.store.person(awa).person.return_month == "2026-09"
    assert [row.due_at.month for row in desk.check_ins.of_person(awa)] == [
        11,
        12,
        3,
        6,
        9,
    ]  # the first is late: at once


def test_a_corrected_day_of_return_moves_what_is_not_sent(desk: CheckInDesk, awa: str) -> None:
    plan(desk)
    with desk.ports.store.write() as tx:
        tx.save_contact(awa, {"return_date": "2026-11-10"}, now=REGISTERED)
    plan(desk)

    assert first(desk, awa).due_at == datetime(2026, 12, 10, 10, 0, tzinfo=UTC)

    profile(desk.ports, awa, return_month="2026-09")
    with desk.ports.store.write() as tx:
        tx.save_contact(awa, {"return_date": ""}, now=REGISTERED)
    plan(desk)

    assert {row.step: row.due_at.date().isoformat() for row in desk.check_ins.of_person(awa)}["month_3"] == "2026-12-15"


@pytest.mark.parametrize(("day", "kept"), [("2026-09-20", "2026-09-20"), ("2026-05-03", None)])
def test_a_month_that_somebody_tells_clears_the_day_of_another_one(desk: CheckInDesk, awa: str, day: str, kept: str):
    with desk.ports.store.write() as tx:
        tx.save_profile(awa, {"return_month": day[:7]}, now=REGISTERED)
        tx.save_contact(awa, {"return_date": day}, now=REGISTERED)
    for text in ("je veux rester en contact", "Awa", "Kayes", "Yélimané", "1", "2", "2", "2", "il y a 2 mois"):
        say(desk.brain, desk.ports, text)

    person = desk.ports.store.person(awa).person
    assert (person.return_month, person.contact.get("return_date")) == ("2026-09", kept)


def test_another_plan_plans_everybody_anew(desk: CheckInDesk, awa: str) -> None:
    plan(desk)
    (mine,) = desk.brain.assistant.plans
    shorter = replace(desk.brain.assistant, plans=(replace(mine, steps=mine.steps[:2]),), planned_by="another")
    plan(replace(desk, brain=replace(desk.brain, assistant=shorter)))

    fates = {row.step: (row.status, row.reason) for row in desk.check_ins.of_person(awa)}
    assert fates["month_3"] == ("planned", None)
    assert fates["month_6"] == ("skipped", "not_in_plan")


def test_two_workers_plan_a_person_once(databases: Any, brain: Brain, clock: StoppedClock) -> None:
    url = databases.fresh()
    made = [Database(url) for _ in range(2)]
    ports = [Ports(SqlStore(one, Vault(KEYS)), clock, RandomIds(), CountedWake()) for one in made]
    with ports[0].store.write() as tx:
        for number in range(30):
            tx.ensure_person(f"person-{number}", replace(HERE, value=f"+223760000{number:02}"), now=REGISTERED)
            tx.save_profile(f"person-{number}", {"consent": "given"}, now=REGISTERED)
    desks = [desk_of(brain, one, SqlCheckIns(base, Vault(KEYS))) for one, base in zip(ports, made, strict=True)]

    side_by_side([partial(plan, desk) for desk in desks])

    assert all(len(desks[0].check_ins.of_person(f"person-{number}")) == 5 for number in range(30))
    for base in made:
        base.close()


def test_it_asks_when_the_day_has_come_and_not_before(desk: CheckInDesk, awa: str, clock: StoppedClock) -> None:
    plan(desk)
    clock.at = DUE - timedelta(minutes=1)
    assert send_check_ins(desk) == 0

    clock.at = DUE
    assert send_check_ins(desk) == 1
    assert send_check_ins(desk) == 0

    (row,) = waiting(desk.ports)
    asked = first(desk, awa)
    assert "Comment ca va" in row.text
    assert (asked.status, asked.outgoing_id, asked.asked_at) == ("queued", row.id, DUE)


def test_quiet_hours_put_it_off_with_the_reason(desk: CheckInDesk, awa: str, clock: StoppedClock) -> None:
    plan(desk)
    clock.at = DUE.replace(hour=22)
    send_check_ins(replace(desk, quiet=Quiet()))

    held = first(desk, awa)
    assert (held.status, held.reason, held.next_at) == ("planned", "quiet_hours", datetime(2026, 12, 24, 8, tzinfo=UTC))

    clock.at = datetime(2026, 12, 24, 8, tzinfo=UTC)
    send_check_ins(replace(desk, quiet=Quiet()))
    assert first(desk, awa).status == "queued"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"discreet": True}, "discreet"),
        ({"minor": True}, "minor_without_guardian"),
        ({"unreachable": True}, "dead_number"),
        ({"consent": "refused"}, "no_consent"),
    ],
)
def test_why_somebody_is_left_out_stands_in_the_row(
    desk: CheckInDesk, awa: str, clock: StoppedClock, change: dict[str, Any], reason: str
) -> None:
    plan(desk)
    profile(desk.ports, awa, **change)
    clock.at = DUE
    send_check_ins(desk)

    assert (first(desk, awa).status, first(desk, awa).reason) == ("skipped", reason)
    assert waiting(desk.ports) == []


def test_a_minor_whose_guardian_agreed_is_asked(desk: CheckInDesk, awa: str, clock: StoppedClock) -> None:
    plan(desk)
    profile(desk.ports, awa, minor=True, guardian=True)
    clock.at = DUE
    send_check_ins(desk)

    assert first(desk, awa).status == "queued"


def test_whoever_wants_no_calls_is_asked_in_writing_and_the_row_says_so(
    desk: CheckInDesk, awa: str, clock: StoppedClock
) -> None:
    plan(desk)
    profile(desk.ports, awa, do_not_call=True)
    clock.at = DUE
    send_check_ins(desk)

    assert (first(desk, awa).status, first(desk, awa).reason) == ("queued", "do_not_call")


def test_an_urgent_case_holds_it_back_until_it_is_closed(
    desk: CheckInDesk, brain: Brain, awa: str, clock: StoppedClock
) -> None:
    plan(desk)
    clock.at = DUE
    case = Case("c1", "K7421S", awa, "hunger", "P2", "open", False, DUE)
    with desk.ports.store.write() as tx:
        tx.open_case(case, now=DUE)
        tx.add_case_event("c1", CaseEvent(DUE, "message", "person", "faim"))
    send_check_ins(desk)
    assert (first(desk, awa).reason, first(desk, awa).next_at) == ("grave_case", DUE + limits.REMINDER_HELD)

    close(brain, desk.ports, Seen("K7421S", OUMOU))
    clock.at = DUE + limits.REMINDER_HELD
    send_check_ins(desk)
    assert first(desk, awa).status == "queued"


def test_somebody_in_the_middle_of_a_question_is_left_to_it(
    desk: CheckInDesk, brain: Brain, awa: str, clock: StoppedClock
) -> None:
    plan(desk)
    clock.at = DUE - timedelta(minutes=5)
    say(brain, desk.ports, "j'ai perdu ma carte d'identité")
    clock.at = DUE
    send_check_ins(desk)
    assert (first(desk, awa).status, first(desk, awa).reason) == ("planned", "busy")

    clock.at = DUE + limits.BUSY_FOR
    send_check_ins(desk)
    assert first(desk, awa).status == "queued"


def test_enough_a_day_is_enough(desk: CheckInDesk, awa: str, clock: StoppedClock) -> None:
    plan(desk)
    clock.at = DUE
    told = OutgoingRow(
        "b1", awa, HERE, "twilio", "broadcast", "rest", "x", "broadcast", "fr", "GSM-7", 1, Status.DELIVERED, DUE
    )
    with desk.ports.store.write() as tx:
        tx.add_outgoing([replace(told, id=f"b{number}") for number in range(limits.STARTED_A_DAY)])
    send_check_ins(desk)

    assert (first(desk, awa).reason, first(desk, awa).next_at) == ("too_many_today", datetime(2026, 12, 24, tzinfo=UTC))


def test_whoever_writes_at_this_moment_is_asked_with_the_next_round(
    desk: CheckInDesk, database: Database, brain: Brain, awa: str, clock: StoppedClock
) -> None:
    plan(desk)
    clock.at = DUE

    letters = ["bonjour"]

    class Meanwhile(SqlStore):
        """Lets the person write between our look and our write."""

        def person(self, person_id: str) -> Known:
            found = super().person(person_id)
            if letters:
                say(brain, desk.ports, letters.pop())
            return found

    slow = replace(desk, ports=replace(desk.ports, store=Meanwhile(database, Vault(KEYS))))
    assert send_check_ins(slow) == 0
    assert (first(desk, awa).status, waiting(desk.ports)) == ("planned", [])

    assert send_check_ins(slow) == 1
    assert len(waiting(desk.ports)) == 1


def test_two_workers_ask_once(databases: Any, brain: Brain, clock: StoppedClock) -> None:
    url = databases.fresh()
    made = [Database(url) for _ in range(2)]
    ports = [Ports(SqlStore(one, Vault(KEYS)), clock, RandomIds(), CountedWake()) for one in made]
    desks = [desk_of(brain, one, SqlCheckIns(base, Vault(KEYS))) for one, base in zip(ports, made, strict=True)]
    with ports[0].store.write() as tx:
        for number in range(20):
            tx.ensure_person(f"person-{number}", replace(HERE, value=f"+223760000{number:02}"), now=REGISTERED)
            tx.save_profile(f"person-{number}", {"consent": "given", "language": "bm"}, now=REGISTERED)
    plan(desks[0])
    clock.at = DUE + timedelta(days=1)

    side_by_side([partial(send_check_ins, desk) for desk in desks])
    send_check_ins(desks[0])

    sent = [str(row.person_id) for row in waiting(ports[0])]
    assert sorted(sent) == sorted(f"person-{number}" for number in range(20))
    for base in made:
        base.close()


def test_somebody_who_never_wrote_is_asked_in_their_language(desk: CheckInDesk, clock: StoppedClock) -> None:
    with desk.ports.store.write() as tx:
        tx.ensure_person("sekou", replace(HERE, value="+22376000077"), now=REGISTERED)
        tx.save_profile("sekou", {"consent": "given", "language": "bm"}, now=REGISTERED)
    plan(desk)
    clock.at = DUE
    send_check_ins(desk)

    (row,) = waiting(desk.ports)
    assert row.language == "bm"
    assert row.text.startswith("I ni ce")
