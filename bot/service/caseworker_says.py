"""Take in what a caseworker writes from their own registered telephone: cases are worked by SMS alone.

Whoever writes from any other number never comes here: for them the same words are a returnee's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import limits, staff_words
from bot.core.accounts import Account
from bot.core.case_life import NotAllowed
from bot.core.duty import PAUSE_AT_MOST
from bot.core.messages import Incoming, Outgoing, Status
from bot.ports import Conflict, OutgoingRow, Route, Transaction
from bot.service.answer_person import NobodyThere
from bot.service.brain import Brain
from bot.service.change_case import CaseChanged, NoSuchCase
from bot.service.phone_cases import Refusal
from bot.service.phone_pin import Pin, confirmed, keep_pin, look_at_pin
from bot.service.phone_verbs import Work, do
from bot.service.ports import Ports

Write = Callable[[Transaction], str]


@dataclass(frozen=True, slots=True)
class Heard:
    """One message from a telephone of staff."""

    brain: Brain
    ports: Ports
    incoming: Incoming
    route: Route
    now: datetime


def caseworker_says(
    brain: Brain, ports: Ports, incoming: Incoming, staff_id: str, *, route: Route
) -> tuple[OutgoingRow, ...]:
    """Do what a caseworker asks for and return the reply; message, deed and reply are one transaction.

    What cannot be done has no effect but the reply that says why. Raises AlreadyTaken for a repeat, Conflict when
    somebody else was faster, StorageAway.
    """
    heard = Heard(brain, ports, incoming, route, ports.clock.now())
    account = ports.store.duty.account(staff_id)
    if account is None:
        raise Conflict("The account was closed while its telephone wrote.")
    if incoming.opt_out:  # the provider has answered the word itself, and brings no alert any more
        return _keep(heard, lambda tx: _away(heard, tx, account))
    asked = staff_words.read(incoming.text)
    if asked.verb is None and _is_robot(heard):
        return _keep(heard, lambda _: "")
    pin = look_at_pin(ports, account, asked, now=heard.now)
    if not pin.let_in:
        return _keep(heard, lambda tx: _refused(heard, tx, account, pin))
    return _worked(heard, confirmed(account, pin, now=heard.now), pin)


def _is_robot(heard: Heard) -> bool:
    """Say whether something answers our answers by itself."""
    since = heard.now - limits.STAFF_SPAN
    return heard.ports.store.duty.heard(heard.incoming.sender, since=since) >= limits.STAFF_TEXTS


def _away(heard: Heard, tx: Transaction, account: Account) -> str:
    until = heard.now + PAUSE_AT_MOST if heard.incoming.opt_out == "stop" else None
    tx.duty.pause(account.id, until=until)
    tx.audit(actor=account.id, action="duty.opt_out", object_id=account.id, now=heard.now)
    return ""


def _refused(heard: Heard, tx: Transaction, account: Account, pin: Pin) -> str:
    keep_pin(heard.ports, tx, account, pin)
    return pin.told


def _worked(heard: Heard, account: Account, pin: Pin) -> tuple[OutgoingRow, ...]:
    """Carry the command out, or say in a transaction of its own why not."""

    def work(tx: Transaction) -> str:
        keep_pin(heard.ports, tx, account, pin)
        if pin.asked.verb == "pin":
            return pin.told
        joined = replace(heard.ports, store=heard.ports.store.joined(tx))
        return do(Work(heard.brain, joined, tx, account, pin.asked, heard.now))

    def refuse(tx: Transaction, why: str) -> str:
        keep_pin(heard.ports, tx, account, pin)
        return why

    try:
        rows = _keep(heard, work)
    except (Refusal, NoSuchCase, NotAllowed, NobodyThere, CaseChanged) as error:
        why = str(error)
        return _keep(heard, lambda tx: refuse(tx, why))
    heard.ports.wake.outgoing()
    return rows


def _keep(heard: Heard, write: Write) -> tuple[OutgoingRow, ...]:
    """Record the message by its id, do what is to be done, queue or return what is said."""
    ident = heard.ports.ids.new()
    with heard.ports.store.write() as tx:
        tx.claim(heard.incoming, row_id=ident, person_id=None)
        text = write(tx)
        rows = _rows(heard, text, in_reply_to=ident) if text else ()
        tx.add_outgoing(rows)
    if heard.route == "rest":
        heard.ports.wake.outgoing()
    return rows


def _rows(heard: Heard, text: str, *, in_reply_to: str) -> tuple[OutgoingRow, ...]:
    answered = heard.route == "answer"
    sender = heard.incoming.sender
    return tuple(
        OutgoingRow(
            id=heard.ports.ids.new(),
            person_id=None,
            to=sender,
            provider=heard.incoming.provider,
            kind="staff",
            route=heard.route,
            text=wire.text,
            response="staff_reply",
            language="fr",
            encoding=wire.encoding,
            segments=wire.segments,
            status=Status.SENDING if answered else Status.QUEUED,
            created_at=heard.now,
            in_reply_to=in_reply_to,
            position=position,
            lease_until=heard.now + limits.ANSWER_LEASE if answered else None,
        )
        for position, (_, wire) in enumerate(heard.brain.render[sender.channel]([Outgoing("staff_reply", text)]))
    )
