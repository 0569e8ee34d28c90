"""Whoever leaves, or loses a role, leaves no case behind in their hands."""

from datetime import timedelta

import pytest

from bot.adapters.ids import RandomIds
from bot.adapters.passwords import Argon2, Totp
from bot.adapters.sql.staff import SqlStaff
from bot.core.accounts import Account
from bot.core.staff import Role
from bot.service import work_cases
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.come_in import Entrance
from bot.service.ports import Ports
from bot.service.staffing import Asked, change_staff, set_active
from bot.simulator import StoppedClock
from tests.duty.team import NENE, OUMOU, PIN, SEKOU, add_people, alerted, on_duty, work, writes
from tests.service.letters import say

BY = "administrator"


@pytest.fixture
def entrance(book: SqlStaff, ports: Ports) -> Entrance:
    add_people(book, "oumou", "sekou", "fanta", "nene", now=ports.clock.now())
    on_duty(ports, "sekou", "main")
    return Entrance(book, Argon2(), Totp(), ports.clock, RandomIds())


def account(entrance: Entrance, login: str) -> Account:
    found = entrance.book.by_id(login)
    assert found
    return found


def close(entrance: Entrance, ports: Ports, login: str) -> None:
    set_active(entrance, ports, account(entrance, login), active=False, by=BY)


def gives(entrance: Entrance, ports: Ports, login: str, *roles: Role) -> None:
    before = account(entrance, login)
    phone = before.phone.reveal() if before.phone else ""
    change_staff(entrance, ports, before, Asked(login, before.name, frozenset(roles), phone=phone), by=BY)


def taken(ports: Ports, entrance: Entrance, login: str) -> str:
    """Let somebody take the only case and return its reference."""
    (case,) = ports.store.cases(include_sensitive=True)
    work_cases.take(ports, Seen(case.reference, account(entrance, login).staff))
    return case.reference


def test_an_ordinary_case_of_a_closed_account_is_free_again(brain: Brain, ports: Ports, entrance: Entrance) -> None:
    say(brain, ports, "9")
    reference = taken(ports, entrance, "oumou")
    close(entrance, ports, "oumou")

    case = ports.store.case(reference)
    assert (case.status, case.taken_by, case.holder) == ("open", None, "")
    last = ports.store.timeline(case.id)[-1]
    assert (last.kind, last.actor, last.text) == ("freed", "segin", "Oumou ne peut plus s'en occuper")
    assert alerted(brain, ports) == []


def test_an_urgent_case_of_a_closed_account_rings_again(
    brain: Brain, ports: Ports, entrance: Entrance, clock: StoppedClock
) -> None:
    say(brain, ports, "il va me tuer")
    taken(ports, entrance, "oumou")
    alerted(brain, ports)
    clock.at += timedelta(hours=1)
    assert alerted(brain, ports) == []
    close(entrance, ports, "oumou")

    assert alerted(brain, ports) == [SEKOU]


def test_a_case_that_was_reopened_for_somebody_who_left_is_nobody_s(
    brain: Brain, ports: Ports, entrance: Entrance
) -> None:
    say(brain, ports, "9")
    reference = taken(ports, entrance, "oumou")
    writes(brain, ports, OUMOU, f"PIN {PIN} FERME {reference}")
    work(brain, ports)
    say(brain, ports, "2")
    assert ports.store.case(reference).taken_by == "oumou"
    close(entrance, ports, "oumou")

    assert ports.store.case(reference).taken_by is None


def test_a_complaint_is_free_again_when_its_focal_point_is_one_no_more(
    brain: Brain, ports: Ports, entrance: Entrance
) -> None:
    gives(entrance, ports, "fanta", "focal_point")
    say(brain, ports, "un agent me demande 25000 francs pour mon dossier")
    reference = taken(ports, entrance, "fanta")
    gives(entrance, ports, "fanta", "supervisor")

    assert ports.store.case(reference).status == "open"
    assert alerted(brain, ports) == [NENE]


def test_whoever_keeps_the_role_that_counts_keeps_their_cases(brain: Brain, ports: Ports, entrance: Entrance) -> None:
    say(brain, ports, "9")
    reference = taken(ports, entrance, "oumou")
    gives(entrance, ports, "oumou", "supervisor", "broadcaster")
    close(entrance, ports, "sekou")

    assert ports.store.case(reference).taken_by == "oumou"
