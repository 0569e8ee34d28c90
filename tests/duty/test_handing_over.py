"""A case that is assigned, or becomes more urgent, is told to whoever has to act on it."""

from datetime import timedelta

import pytest

from bot.adapters.sql.staff import SqlStaff
from bot.core.cases import Priority
from bot.core.staff import Staff
from bot.service import work_cases
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.ports import Ports
from bot.simulator import StoppedClock
from tests.duty.team import FANTA, OUMOU, PIN, SEKOU, add_people, alerted, on_duty, work, writes
from tests.service.letters import AWA, say

FIVE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def team(book: SqlStaff, ports: Ports) -> None:
    add_people(book, "oumou", "sekou", "fanta", now=ports.clock.now())
    on_duty(ports, "oumou", "main")


@pytest.fixture
def asked(brain: Brain, ports: Ports) -> str:
    """Return the reference of an ordinary question."""
    say(brain, ports, "9")
    return reference_of(ports)


@pytest.fixture
def danger(brain: Brain, ports: Ports) -> str:
    """Return the reference of an urgent case of which Oumou was alerted."""
    say(brain, ports, "il va me tuer")
    assert alerted(brain, ports) == [OUMOU]
    return reference_of(ports)


@pytest.fixture
def sekou_s(ports: Ports, book: SqlStaff, danger: str) -> Seen:
    """Assign the urgent case to Sekou and return it before his eyes."""
    assign(ports, book, danger, "sekou")
    return Seen(danger, staff(book, "sekou"))


def reference_of(ports: Ports) -> str:
    (case,) = ports.store.cases()
    return case.reference


def staff(book: SqlStaff, login: str) -> Staff:
    account = book.by_id(login)
    assert account
    return account.staff


def assign(ports: Ports, book: SqlStaff, reference: str, to: str) -> None:
    work_cases.assign(ports, Seen(reference, staff(book, "fanta")), staff(book, to))


def raise_to(priority: Priority, brain: Brain, ports: Ports, seen: Seen) -> None:
    work_cases.set_priority(brain, ports, seen, priority, "elle est menacée")


def read_by(number: str, brain: Brain, ports: Ports) -> list[str]:
    return [row.text for row in work(brain, ports) if row.to.reveal() == number]


def story(ports: Ports, reference: str) -> list[str]:
    return [event.text for event in ports.store.timeline(ports.store.case(reference).id) if event.kind == "alert"]


@pytest.mark.parametrize("priority", ["P1", "P2"])
def test_a_case_in_nobody_s_hands_that_becomes_urgent_alerts_who_is_on_duty(
    brain: Brain, ports: Ports, book: SqlStaff, asked: str, priority: Priority
) -> None:
    assert alerted(brain, ports) == []
    raise_to(priority, brain, ports, Seen(asked, staff(book, "fanta")))

    assert alerted(brain, ports) == [OUMOU]


def test_whoever_has_a_case_is_told_that_a_colleague_made_it_urgent(
    brain: Brain, ports: Ports, book: SqlStaff, asked: str
) -> None:
    work_cases.take(ports, Seen(asked, staff(book, "sekou")))
    raise_to("P1", brain, ports, Seen(asked, staff(book, "fanta")))

    assert read_by(SEKOU, brain, ports) == [f"Segin: {asked} que vous avez pris est maintenant P1. QUI {asked}"]
    assert story(ports, asked) == ["Sekou : demande plus urgente"]


def test_no_one_is_told_of_a_priority_that_falls_or_that_they_changed_themselves(
    brain: Brain, ports: Ports, book: SqlStaff, asked: str
) -> None:
    seen = Seen(asked, staff(book, "sekou"))
    work_cases.take(ports, seen)
    raise_to("P1", brain, ports, seen)
    raise_to("P3", brain, ports, Seen(asked, staff(book, "fanta")))

    assert alerted(brain, ports) == []


def test_whoever_an_ordinary_case_is_assigned_to_reads_of_it_once(
    brain: Brain, ports: Ports, book: SqlStaff, clock: StoppedClock, asked: str
) -> None:
    assign(ports, book, asked, "sekou")

    assert read_by(SEKOU, brain, ports) == [f"Segin: demande {asked} (P3) pour vous, repondez PRENDS {asked}"]
    assert story(ports, asked) == ["Sekou (demande attribuée) : SMS"]
    clock.at += timedelta(hours=2)
    assert alerted(brain, ports) == []


def test_an_assigned_case_is_worked_by_sms_from_its_first_command(
    brain: Brain, ports: Ports, book: SqlStaff, asked: str
) -> None:
    assign(ports, book, asked, "sekou")
    assert f"{asked} est à vous" in writes(brain, ports, SEKOU, f"PIN {PIN} PRENDS {asked}")
    work(brain, ports)
    say(brain, ports, "j'ai perdu mon papier")

    assert read_by(SEKOU, brain, ports) == [f"{asked}: j'ai perdu mon papier"]


def test_an_urgent_case_climbs_on_until_its_assignee_has_confirmed_it(
    brain: Brain, ports: Ports, book: SqlStaff, clock: StoppedClock, danger: str
) -> None:
    assign(ports, book, danger, "sekou")
    told = []
    for _ in range(3):
        told += alerted(brain, ports)
        clock.at += FIVE
    assert told == [SEKOU, OUMOU, FANTA]
    assert story(ports, danger)[1:3] == ["Sekou (demande attribuée) : SMS", "Oumou (de garde) : SMS"]
    writes(brain, ports, SEKOU, f"PIN {PIN} PRENDS {danger}")
    clock.at += timedelta(hours=1)

    assert alerted(brain, ports) == []


@pytest.mark.parametrize("does", ["note", "wait", "set_priority"])
def test_whatever_the_assignee_does_to_a_case_confirms_it(
    brain: Brain, ports: Ports, clock: StoppedClock, sekou_s: Seen, does: str
) -> None:
    assert alerted(brain, ports) == [SEKOU]
    if does == "set_priority":
        raise_to("P1", brain, ports, sekou_s)
    else:
        {"note": work_cases.note, "wait": work_cases.wait}[does](ports, sekou_s, "j'appelle la police")
    clock.at += FIVE

    assert alerted(brain, ports) == []


def test_a_colleague_who_is_alerted_instead_may_take_the_case(
    brain: Brain, ports: Ports, book: SqlStaff, clock: StoppedClock, danger: str
) -> None:
    assign(ports, book, danger, "sekou")
    work(brain, ports)
    clock.at += FIVE
    assert alerted(brain, ports) == [OUMOU]

    assert f"{danger} est à vous" in writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {danger}")
    assert "chez Oumou" in writes(brain, ports, SEKOU, f"PIN {PIN} PRENDS {danger}")


def test_who_assigns_a_case_to_themselves_is_told_nothing_and_it_climbs_no_more(
    brain: Brain, ports: Ports, book: SqlStaff, clock: StoppedClock, danger: str
) -> None:
    assign(ports, book, danger, "fanta")
    clock.at += FIVE

    assert alerted(brain, ports) == []


def test_an_assignee_without_a_telephone_holds_nothing_up(
    brain: Brain, ports: Ports, book: SqlStaff, danger: str
) -> None:
    book.change("sekou", {"phone": None})
    assign(ports, book, danger, "sekou")
    assert alerted(brain, ports) == []

    assert alerted(brain, ports) == [OUMOU]
    assert "Sekou (demande attribuée) : aucune voie" in story(ports, danger)
    assert AWA not in "".join(story(ports, danger))
