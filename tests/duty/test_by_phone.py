"""A caseworker works cases from their own telephone; nobody else's telephone can."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.sql.staff import SqlStaff
from bot.core import staff_texts
from bot.core.messages import Address
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.simulator import StoppedClock
from console import words
from tests.duty.team import NENE, OUMOU, PIN, SEKOU, add_people, message, on_duty, work, writes
from tests.service.letters import AWA, MODIBO, say


@pytest.fixture(autouse=True)
def team(book: SqlStaff, ports: Ports) -> None:
    add_people(book, "oumou", "sekou", "fanta", "nene", now=ports.clock.now())


def in_danger(brain: Brain, ports: Ports, sender: str = AWA, text: str = "il va me tuer") -> str:
    """Let somebody write and return the reference of their case."""
    say(brain, ports, text, sender=sender)
    known = ports.store.look_up(Address("sms", sender), provider="", provider_id="", now=ports.clock.now())
    return known.open_cases[0].reference


def let_in(brain: Brain, ports: Ports, *numbers: str) -> None:
    for number in numbers:
        assert "bien vous" in writes(brain, ports, number, f"PIN {PIN}")


def to(ports: Ports, number: str, rows: list) -> list[str]:
    return [row.text for row in rows if row.to.reveal() == number]


def test_nothing_is_done_before_the_pin(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)

    assert "PIN 1234" in writes(brain, ports, OUMOU, f"PRENDS {reference}")
    assert ports.store.case(reference).status == "open"


def test_a_case_is_taken_answered_noted_and_closed(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    let_in(brain, ports, OUMOU)

    assert f"{reference} est a vous" in writes(brain, ports, OUMOU, f"prend {reference.lower()}").replace("à", "a")
    assert ports.store.case(reference).taken_by == "oumou"
    assert "parti (1 SMS)" in writes(brain, ports, OUMOU, "R Je m'appelle Oumou, je vous lis.")
    assert "note" in writes(brain, ports, OUMOU, f"NOTE {reference[3:5]} rappeler demain")
    assert "fermée" in writes(brain, ports, OUMOU, f"Fermé {reference} orienté centre de santé")
    assert ports.store.case(reference).outcome == "referred"
    assert "Je m'appelle Oumou, je vous lis." in to(ports, AWA, work(brain, ports))


def test_what_the_person_writes_reaches_the_telephone_without_numbers(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    say(brain, ports, "il est parti, appelez ma soeur 76 12 34 56")
    rows = work(brain, ports)

    (forwarded,) = (text for text in to(ports, OUMOU, rows) if "soeur" in text)
    assert reference in forwarded
    assert "[num" in forwarded
    assert "12 34" not in forwarded
    assert AWA[-8:] not in "".join(row.text for row in rows)
    assert work(brain, ports) == []


@pytest.mark.parametrize("by_provider", [False, True])
def test_a_stop_reaches_the_caseworker_s_telephone_and_the_case(brain: Brain, ports: Ports, by_provider: bool) -> None:
    reference = in_danger(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    work(brain, ports)
    stop = message(ports, AWA, "STOP")
    receive_message(brain, ports, replace(stop, opt_out="stop") if by_provider else stop)

    assert f"{reference}: STOP" in to(ports, OUMOU, work(brain, ports))
    assert ports.store.timeline(ports.store.case(reference).id)[-1].text == "STOP"
    assert "a écrit STOP" in writes(brain, ports, OUMOU, f"QUI {reference}")


def test_words_wait_for_the_pin_once_the_shift_is_over(brain: Brain, ports: Ports, clock: StoppedClock) -> None:
    reference = in_danger(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    work(brain, ports)
    clock.at += timedelta(hours=13)
    say(brain, ports, "il revient avec un couteau")
    told = "".join(to(ports, OUMOU, work(brain, ports)))

    assert "couteau" not in told
    assert f"{reference}: nouveau message" in told


def test_with_two_cases_a_reply_without_a_number_is_asked_about(brain: Brain, ports: Ports) -> None:
    first, second = in_danger(brain, ports), in_danger(brain, ports, MODIBO)
    let_in(brain, ports, OUMOU)
    writes(brain, ports, OUMOU, f"PRENDS {first}")
    writes(brain, ports, OUMOU, f"PRENDS {second}")
    asked = writes(brain, ports, OUMOU, "R courage")

    assert first in asked
    assert second in asked
    assert "courage" not in "".join(row.text for row in work(brain, ports))
    assert f"{second}: parti" in writes(brain, ports, OUMOU, f"R {second[1:5]} courage")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("PRENDS K0000A", "n'est pas un num"),
        ("R 9999 bonjour", "pas de demande 9999"),
        ("FERME", "aucune demande"),
        ("R bonjour", "aucune demande"),
        ("PRENDS", "PRENDS 12"),
        ("PRNEDS 12", "Rien n'est parti"),
        ("merci", "Rien n'est parti"),
        ("LISTE", "Aucune demande"),
        ("AIDE", "FERME 12"),
        ("QUI K7421", "n'est pas un num"),
    ],
)
def test_what_cannot_be_done_is_said(brain: Brain, ports: Ports, command: str, said: str) -> None:
    let_in(brain, ports, OUMOU)

    assert said in writes(brain, ports, OUMOU, command)


def test_a_slip_reaches_nobody_and_a_plain_answer_the_only_case(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")

    assert "Rien n'est parti" in writes(brain, ports, OUMOU, "REPPOND 12 ok bien")
    assert "Rien n'est parti" in writes(brain, ports, OUMOU, "ok")
    assert f"{reference}: parti" in writes(brain, ports, OUMOU, "Je suis avec vous, où êtes-vous ?")
    assert "numéro est dans le texte" in writes(brain, ports, OUMOU, "R appelez-moi au 70 00 00 11")


def test_a_colleague_s_case_is_not_answered(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    let_in(brain, ports, OUMOU, SEKOU)
    writes(brain, ports, OUMOU, f"PRENDS {reference}")

    assert "déjà chez Oumou" in writes(brain, ports, SEKOU, f"PRENDS {reference}")
    assert "chez Oumou" in writes(brain, ports, SEKOU, f"R {reference} bonjour")


def test_a_sensitive_case_exists_for_the_focal_point_alone(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports, text="un agent me demande 25000 francs pour mon dossier")
    assert ports.store.case(reference).sensitive
    let_in(brain, ports, OUMOU, NENE)

    for command in ("PRENDS", "QUI", "R", "NOTE", "FERME"):
        assert "pas de demande" in writes(brain, ports, OUMOU, f"{command} {reference} bonjour")
        assert "pas de demande" in writes(brain, ports, OUMOU, f"{command} {reference[1:5]} bonjour")
    assert reference not in writes(brain, ports, OUMOU, "LISTE")
    assert reference in writes(brain, ports, NENE, "LISTE")
    assert "à vous" in writes(brain, ports, NENE, f"PRENDS {reference}")


def test_who_says_neither_name_nor_number(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    known = ports.store.look_up(Address("sms", AWA), provider="", provider_id="", now=ports.clock.now())
    with ports.store.write() as tx:
        tx.save_contact(known.person.id, {"name": "Fatoumata Coulibaly"}, now=ports.clock.now())
    let_in(brain, ports, OUMOU)
    card = writes(brain, ports, OUMOU, f"qui {reference}")

    assert "P1" in card
    assert "Fatoumata" not in card
    assert AWA[-4:] not in card


def test_a_bare_prends_takes_the_case_that_the_telephone_was_alerted_of_last(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    on_duty(ports, "oumou")
    let_in(brain, ports, OUMOU, SEKOU)
    in_danger(brain, ports)
    work(brain, ports)
    clock.at += timedelta(minutes=1)
    last = in_danger(brain, ports, MODIBO)
    work(brain, ports)

    assert "Dites quelle demande" in writes(brain, ports, SEKOU, "PRENDS")
    assert f"{last} est à vous" in writes(brain, ports, OUMOU, "Prends")
    assert "Dites quelle demande" in writes(brain, ports, OUMOU, "PRENDS")


def test_a_bare_prends_takes_nothing_when_a_colleague_was_faster(brain: Brain, ports: Ports) -> None:
    on_duty(ports, "oumou")
    let_in(brain, ports, OUMOU, SEKOU)
    reference = in_danger(brain, ports)
    work(brain, ports)
    writes(brain, ports, SEKOU, f"PRENDS {reference}")

    assert "Dites quelle demande" in writes(brain, ports, OUMOU, "PRENDS")
    assert ports.store.case(reference).taken_by == "sekou"


def test_every_kind_of_case_has_a_word_on_the_telephone() -> None:
    assert set(words.KINDS) <= set(staff_texts.KINDS)


def test_five_wrong_pins_lock_the_telephone_and_tell_the_supervisor(brain: Brain, ports: Ports) -> None:
    said = [writes(brain, ports, OUMOU, "PIN 9999") for _ in range(5)]
    rows = work(brain, ports)

    assert "Encore 4" in said[0]
    assert "bloqué" in said[4]
    assert "bloqué" in writes(brain, ports, OUMOU, f"PIN {PIN}")
    assert ["Oumou" in row.text for row in rows if row.response == "alert_phone_locked"] == [True]


def test_a_repeated_message_has_no_second_effect(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {reference}")
    first = writes(brain, ports, OUMOU, "R une seule fois", ident="SM1")
    second = writes(brain, ports, OUMOU, "R une seule fois", ident="SM1")

    assert first == second
    assert to(ports, AWA, work(brain, ports)).count("une seule fois") == 1


def test_from_an_unknown_number_the_commands_are_a_returnee_s_words(brain: Brain, ports: Ports) -> None:
    reference = in_danger(brain, ports)
    say(brain, ports, "Français", sender=MODIBO)
    for command in (f"PRENDS {reference}", f"QUI {reference}", f"R {reference} bonjour", "LISTE", f"PIN {PIN}"):
        said = writes(brain, ports, MODIBO, command)
        assert "est à vous" not in said
        assert "P1" not in said
        assert said

    assert ports.store.case(reference).status == "open"
    assert "bonjour" not in to(ports, AWA, work(brain, ports))


def test_a_robot_on_a_telephone_of_staff_is_left_alone(brain: Brain, ports: Ports) -> None:
    let_in(brain, ports, OUMOU)
    said = [writes(brain, ports, OUMOU, "Je suis absent, je vous rappelle") for _ in range(40)]

    assert said[0]
    assert said[-1] == ""
    assert "FERME" in writes(brain, ports, OUMOU, "AIDE")


def test_the_words_of_staff_are_not_kept_with_the_message(brain: Brain, ports: Ports, database) -> None:
    let_in(brain, ports, OUMOU)
    with database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM incoming").scalars().all()

    assert kept == [None]
