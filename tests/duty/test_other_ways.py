"""The same telephone by a gateway or by WhatsApp, an account that was closed, a person who was erased."""

from dataclasses import replace

import pytest

from bot.adapters.sql.staff import SqlStaff
from bot.core.messages import Address, Status
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_from_gateway import receive_from_gateway
from bot.service.receive_message import receive_message
from tests.duty.team import OUMOU, PIN, add_people, message, work, writes
from tests.service.letters import AWA, say


@pytest.fixture(autouse=True)
def team(book: SqlStaff, ports: Ports) -> None:
    add_people(book, "oumou", now=ports.clock.now())


def test_through_a_gateway_the_reply_is_a_row_and_a_repeat_makes_none(brain: Brain, ports: Ports) -> None:
    incoming = replace(message(ports, OUMOU, f"PIN {PIN}", ident="made-1"), provider="kannel")

    assert receive_from_gateway(brain, ports, incoming)
    assert not receive_from_gateway(brain, ports, incoming)
    (reply,) = work(brain, ports)
    assert (reply.to.reveal(), reply.provider, reply.kind) == (OUMOU, "kannel", "staff")


def test_by_whatsapp_the_same_number_is_the_same_telephone(brain: Brain, ports: Ports) -> None:
    incoming = replace(message(ports, OUMOU, f"PIN {PIN} AIDE"), sender=Address("whatsapp", OUMOU))
    (reply,) = receive_message(brain, ports, incoming).rows

    assert "FERME 12" in reply.text
    assert reply.to.channel == "whatsapp"


def test_the_telephone_of_a_closed_account_is_anybody_s(brain: Brain, ports: Ports, book: SqlStaff) -> None:
    book.change("oumou", {"active": False})
    taken = receive_message(brain, ports, message(ports, OUMOU, f"PIN {PIN}"))

    assert taken.decision is not None


def test_without_a_pin_of_their_own_nothing_works(brain: Brain, ports: Ports, book: SqlStaff) -> None:
    book.change("oumou", {"pin_hash": None})

    assert "Mon compte" in writes(brain, ports, OUMOU, "LISTE")


def test_stop_from_a_staff_telephone_is_a_pause_and_is_not_answered(brain: Brain, ports: Ports) -> None:
    incoming = replace(message(ports, OUMOU, "STOP"), opt_out="stop")

    assert receive_message(brain, ports, incoming).rows == ()
    assert ports.store.duty.paused_until("oumou", now=ports.clock.now())


def test_what_was_forwarded_goes_with_the_person_who_is_erased(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "il va me tuer")
    (case,) = ports.store.cases()
    writes(brain, ports, OUMOU, f"PIN {PIN} PRENDS {case.reference}")
    rows = [row for row in work(brain, ports) if row.response == "staff_forward"]
    with ports.store.write() as tx:
        for row in rows:
            tx.update_outgoing(row.id, {"status": Status.DELIVERED, "lease_until": None})
        tx.forget(case.person_id, receipt="R", now=ports.clock.now())

    assert rows
    assert [ports.store.outgoing(row.id).text for row in rows] == [""]
    assert "effac" in writes(brain, ports, OUMOU, f"R {case.reference} bonjour") or "pas de demande" in writes(
        brain, ports, OUMOU, f"QUI {case.reference}"
    )
    assert AWA not in str(rows)
