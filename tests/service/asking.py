"""Short ways to plan and ask in tests."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from bot.core.check_ins import CheckIn
from bot.core.messages import Address
from bot.core.prices import Prices
from bot.core.quiet import Quiet, Spell
from bot.ports import OutgoingRow
from bot.ports.check_ins import CheckIns
from bot.service.brain import Brain
from bot.service.plan_check_ins import plan_check_ins
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk
from tests.service.letters import AWA

HERE = Address("sms", AWA)
REGISTERED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)  # a month later; a Wednesday
ALWAYS = Quiet(night=Spell(time(2), time(3)), friday=None, ramadan_evening=None)


def desk_of(brain: Brain, ports: Ports, check_ins: CheckIns, quiet: Quiet = ALWAYS, **more: Any) -> CheckInDesk:
    """Return what check-ins work with; a segment costs 25 francs and the month has no cap unless told."""
    return CheckInDesk(brain, ports, check_ins, quiet, **({"prices": lambda: Prices((), 2_500), "month_cap": 0} | more))


def known(ports: Ports) -> Any:
    return ports.store.look_up(HERE, provider="twilio", provider_id="", now=ports.clock.now())


def profile(ports: Ports, person_id: str, **items: Any) -> None:
    with ports.store.write() as tx:
        tx.save_profile(person_id, items, now=ports.clock.now())


def plan(desk: CheckInDesk) -> int:
    return plan_check_ins(desk.brain, desk.ports, desk.check_ins)


def first(desk: CheckInDesk, person_id: str) -> CheckIn:
    return desk.check_ins.of_person(person_id)[0]


def waiting(ports: Ports) -> list[OutgoingRow]:
    """Take what would leave now, as a sender does."""
    now = ports.clock.now()
    return [row for row in ports.store.claim_due(limit=50, lease_until=now, now=now) if row.kind == "check_in"]


def side_by_side(works: list[Callable[[], Any]]) -> None:
    faults: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 whatever it is, it is shown below
            faults.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
