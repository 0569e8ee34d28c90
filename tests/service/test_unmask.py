"""A whole number is shown to whoever says why, and the audit trail keeps it."""

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.audit import SqlTrail
from bot.adapters.sql.staff import SqlStaff
from bot.core.messages import Address
from bot.core.staff import Staff
from bot.ports.audit import Wanted
from bot.service.unmask import REASONS, Asked, BadReason, unmask
from tests.conftest import KEYS, MORNING

AWA = Staff("s1", "Awa", frozenset({"caseworker"}))
NUMBER = Address("sms", "+22376112233")


@pytest.fixture
def ask(database, ports):
    """Ask for a person's numbers with a reason."""
    with ports.store.write() as tx:
        tx.ensure_person("p1", NUMBER, now=MORNING)
    book = SqlStaff(database, Vault(KEYS))
    return lambda person_id, reason: unmask(ports.store, book, ports.clock, AWA, Asked(person_id, reason))


@pytest.fixture
def trail(database):
    return SqlTrail(database, Vault(KEYS))


@pytest.mark.parametrize("reason", REASONS)
def test_with_a_reason_the_number_is_shown_and_the_trail_says_so(ask, trail, reason):
    assert ask("p1", reason) == (NUMBER,)

    line = trail.lines(Wanted(object_id="p1"), limit=1)[0]
    assert (line.actor, line.action, line.detail) == ("s1", "person.unmask", reason)


@pytest.mark.parametrize("reason", ["", "because", "elle s'appelle Fatoumata, 76 11 22 33"])
def test_without_one_of_the_reasons_nothing_is_shown(ask, trail, reason):
    with pytest.raises(BadReason):
        ask("p1", reason)

    assert trail.lines(Wanted(object_id="p1"), limit=1) == ()


def test_of_an_erased_person_there_is_nothing_to_show(ask):
    assert ask("nobody", "call") == ()
