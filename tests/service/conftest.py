"""Somebody who has agreed to be followed, and what asking them works with."""

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.check_ins import SqlCheckIns
from bot.adapters.sql.engine import Database
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.simulator import StoppedClock
from tests.conftest import KEYS
from tests.service.asking import DUE, REGISTERED, desk_of, known, plan, profile
from tests.service.letters import say


@pytest.fixture
def check_ins(database: Database) -> SqlCheckIns:
    return SqlCheckIns(database, Vault(KEYS))


@pytest.fixture
def desk(brain: Brain, ports: Ports, check_ins: SqlCheckIns) -> CheckInDesk:
    return desk_of(brain, ports, check_ins)


@pytest.fixture
def awa(brain: Brain, ports: Ports) -> str:
    """Somebody who has chosen French and agreed to be followed."""
    say(brain, ports, "Français")
    person = known(ports).person
    assert person is not None
    profile(ports, person.id, consent="given", consent_at=REGISTERED, region="kayes", trade="couture", sex="f")
    return str(person.id)


@pytest.fixture
def asked(desk: CheckInDesk, awa: str, clock: StoppedClock) -> str:
    """Somebody who has just been asked how they are."""
    plan(desk)
    clock.at = DUE
    send_check_ins(desk)
    return awa
