"""The PIN that a caseworker shows from their own telephone, once a shift; after a few wrong ones it is locked."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import alerts, limits, staff_texts, staff_words
from bot.core.accounts import Account
from bot.core.staff_words import Asked
from bot.ports import Transaction
from bot.service.escalate import alert_row
from bot.service.ports import Ports


@dataclass(frozen=True, slots=True)
class Pin:
    """What a message says of who writes it: `told` is the reply, `asked` what is to be done if they are let in."""

    asked: Asked
    told: str = ""
    let_in: bool = True
    right: bool = False  # the PIN was in this message
    wrong: bool = False


def look_at_pin(ports: Ports, account: Account, asked: Asked, *, now: datetime) -> Pin:
    """Say whether this telephone may work now. Hashing takes a moment, so this is done before any transaction."""
    if account.pin_hash is None:
        return Pin(asked, staff_texts.NO_PIN, let_in=False)
    if account.pin_failed >= limits.PIN_TRIES:
        return Pin(asked, staff_texts.PIN_LOCKED, let_in=False)
    if asked.verb != "pin":
        known = staff_texts.is_confirmed(account, now)
        return Pin(asked, let_in=known, told="" if known else staff_texts.ASK_PIN)
    if not ports.store.duty.pin_fits(account, asked.number):
        return Pin(asked, _wrong(account), let_in=False, wrong=True)
    right = staff_texts.PIN_RIGHT.format(hours=int(limits.PIN_HOLDS.total_seconds() // 3600))
    return Pin(staff_words.read(asked.text) if asked.text else asked, right, right=True)


def _wrong(account: Account) -> str:
    left = limits.PIN_TRIES - account.pin_failed - 1
    return staff_texts.PIN_WRONG.format(left=left) if left > 0 else staff_texts.PIN_LOCKED


def keep_pin(ports: Ports, tx: Transaction, account: Account, pin: Pin) -> None:
    """Write down that a PIN was right or wrong; supervisors are told of a telephone that is locked by it."""
    now = ports.clock.now()
    if pin.right:
        tx.duty.confirm_phone(account.id, at=now)
        tx.audit(actor=account.id, action="phone.confirmed", object_id=account.id, now=now)
    if not pin.wrong:
        return
    tries = tx.duty.wrong_pin(account.id)
    tx.audit(actor=account.id, action="phone.wrong_pin", object_id=account.id, now=now, detail=str(tries))
    if tries == limits.PIN_TRIES:
        text = alerts.phone_locked(account.name, tries=tries)
        told = [one for one in ports.store.duty.roster(now=now) if one.staff.may("supervisor", "administrator")]
        to = [address for one in told for address in one.to if address.channel != "email"]
        tx.add_outgoing([alert_row(ports, address, text, response="alert_phone_locked") for address in to])


def confirmed(account: Account, pin: Pin, *, now: datetime) -> Account:
    """Return the account as it is after this message."""
    return replace(account, phone_confirmed_at=now) if pin.right else account
