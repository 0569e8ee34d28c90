"""Somebody of the team who is in danger is a person in danger; a telephone of staff makes no difference to that."""

import pytest

from bot.adapters.sql.staff import SqlStaff
from bot.core.cases import Case
from bot.core.messages import Address
from bot.service.brain import Brain
from bot.service.ports import Ports
from tests.duty.team import OUMOU, PIN, SEKOU, add_people, alerted, on_duty, work, writes
from tests.service.letters import AWA, say


@pytest.fixture(autouse=True)
def team(book: SqlStaff, ports: Ports) -> None:
    add_people(book, "oumou", "sekou", now=ports.clock.now())


def cases_of(ports: Ports, number: str) -> tuple[Case, ...]:
    return ports.store.look_up(Address("sms", number), provider="", provider_id="", now=ports.clock.now()).open_cases


def takes_a_case(brain: Brain, ports: Ports) -> str:
    say(brain, ports, "il va me tuer", sender=AWA)
    (case,) = cases_of(ports, AWA)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {case.reference}")
    work(brain, ports)
    return case.reference


@pytest.mark.parametrize("text", ["au secours", "on me frappe", "je vais me suicider", "n ye den faga"])
def test_danger_from_a_telephone_of_staff_is_an_urgent_case_without_any_pin(
    brain: Brain, ports: Ports, text: str
) -> None:
    assert "PIN" not in writes(brain, ports, OUMOU, text)

    assert [case.priority for case in cases_of(ports, OUMOU)] == ["P1"]


def test_a_caseworker_s_own_call_for_help_never_reaches_the_person_whose_case_they_hold(
    brain: Brain, ports: Ports
) -> None:
    takes_a_case(brain, ports)

    assert "parti" not in writes(brain, ports, OUMOU, "ils veulent me tuer")
    assert AWA not in {row.to.reveal() for row in work(brain, ports)}
    assert [case.priority for case in cases_of(ports, OUMOU)] == ["P1"]


@pytest.mark.parametrize("text", ["il vous frappe encore, allez chez votre soeur", "l'enfant est blesse ?"])
def test_an_answer_about_danger_still_goes_to_the_person(brain: Brain, ports: Ports, text: str) -> None:
    reference = takes_a_case(brain, ports)

    assert f"{reference}: parti" in writes(brain, ports, OUMOU, text)
    assert cases_of(ports, OUMOU) == ()


def test_what_follows_a_call_for_help_is_part_of_it_and_commands_still_work(brain: Brain, ports: Ports) -> None:
    writes(brain, ports, OUMOU, "au secours")
    (case,) = cases_of(ports, OUMOU)

    assert "Rien n'est parti" not in writes(brain, ports, OUMOU, "je suis derriere le marche")
    assert "bien vous" in writes(brain, ports, OUMOU, f"PIN {PIN}")
    told = [event.text for event in ports.store.timeline(case.id)]
    assert "je suis derriere le marche" in told
    assert PIN not in "".join(told)


def test_somebody_else_than_who_is_in_need_is_alerted(brain: Brain, ports: Ports) -> None:
    on_duty(ports, "oumou")
    on_duty(ports, "sekou", "substitute")
    writes(brain, ports, OUMOU, "au secours")

    assert alerted(brain, ports) == [SEKOU]


def test_danger_heard_once_more_is_forwarded_once(brain: Brain, ports: Ports) -> None:
    takes_a_case(brain, ports)
    say(brain, ports, "il est revenu, il va me tuer", sender=AWA)

    assert "".join(row.text for row in work(brain, ports)).count("il est revenu") == 1
