"""Bring what a person writes in a case to the telephone of the caseworker who took it by SMS, without any number."""

from itertools import groupby

from bot.core import limits, staff_texts
from bot.core.accounts import Account
from bot.core.cases import is_held
from bot.core.messages import Outgoing, Status
from bot.core.staff import may_see
from bot.ports import OutgoingRow
from bot.ports.duty import Untold
from bot.service.brain import Brain
from bot.service.ports import Ports


def forward_to_phones(brain: Brain, ports: Ports, *, limit: int = limits.SLICE) -> int:
    """Queue what is new in cases that are worked by telephone and return how many cases had something.

    Up to where was forwarded stands with the case and is moved by a conditional change in the same transaction, so
    that two workers at once tell nothing twice. A case that the caseworker no longer holds is let go.
    """
    waiting = ports.store.duty.untold(limit=limit)
    told = sum(_forward(brain, ports, one) for one in waiting)
    if told:
        ports.wake.outgoing()
    return len(waiting)


def _forward(brain: Brain, ports: Ports, one: Untold) -> bool:
    account = ports.store.duty.account(one.staff_id)
    mine = is_held(one.case) and one.case.taken_by == one.staff_id
    if account is None or account.phone is None or not mine or not may_see(account.staff, one.case):
        with ports.store.write() as tx:
            tx.duty.let_go(one.case.id)
        return False
    said = "\n".join(_words(ports, account, one))
    rows = to_phone(brain, ports, account, said, response="staff_forward", case_id=one.case.id)
    with ports.store.write() as tx:
        if not tx.duty.told(one.case.id, expected=one.told_event, event=one.newest_event):
            return False
        tx.add_outgoing(rows)
    return True


def _words(ports: Ports, account: Account, one: Untold) -> list[str]:
    """Return what may stand on the telephone: the words only while the PIN was given within its time."""
    if not staff_texts.is_confirmed(account, ports.clock.now()):
        return [staff_texts.NEW_MESSAGE.format(reference=one.case.reference)]
    # Words of danger stand twice in the story of a case that they open and join: on a telephone once is enough.
    return [staff_texts.forwarded(one.case.reference, text) for text, _ in groupby(one.texts)]


def to_phone(  # noqa: PLR0913 one row has that many origins
    brain: Brain, ports: Ports, account: Account, text: str, *, response: str, case_id: str | None = None
) -> list[OutgoingRow]:
    """Write a text to a member of staff as rows that a worker sends."""
    if account.phone is None:
        return []
    now = ports.clock.now()
    return [
        OutgoingRow(
            id=ports.ids.new(),
            person_id=None,
            to=account.phone,
            provider=ports.carrier(account.phone, ""),
            kind="staff",
            route="rest",
            text=wire.text,
            response=response,
            language="fr",
            encoding=wire.encoding,
            segments=wire.segments,
            status=Status.QUEUED,
            created_at=now,
            position=position,
            case_id=case_id,
        )
        for position, (_, wire) in enumerate(brain.render["sms"]([Outgoing(response, text)]))
    ]
