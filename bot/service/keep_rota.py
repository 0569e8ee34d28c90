"""Keep the rota: shifts for weeks ahead, a pause for oneself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from bot.core.accounts import Account
from bot.core.duty import DUTY_CHANNELS, DUTY_ROLES, PAUSE_AT_MOST, DutyChannel, DutyRole, Shift
from bot.core.hours import BAMAKO
from bot.service.ports import Ports

LONGEST = timedelta(days=7)  # a week of standing by; nobody is on duty longer without a break
WEEKS_AT_MOST = 12


class BadShift(ValueError):
    """A shift cannot be kept: the field that is wrong, and what to do, for staff."""

    def __init__(self, field: str, sentence: str) -> None:
        """Take the field's name and the sentence."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """A shift as it was typed: times in Bamako such as "2026-11-23T08:00", repeated every week."""

    staff_id: str = ""
    starts: str = ""
    ends: str = ""
    role: str = "main"
    channel: str = "sms"
    weeks: str = "1"


def add_shifts(ports: Ports, asked: Asked, *, by: str) -> tuple[Shift, ...]:
    """Keep a shift for each week asked for. Raises BadShift; then none is kept."""
    first = _read(ports, asked)
    weeks = int(asked.weeks) if asked.weeks.isascii() and asked.weeks.isdigit() else 0
    if not 1 <= weeks <= WEEKS_AT_MOST:
        raise BadShift("weeks", f"De 1 à {WEEKS_AT_MOST} semaines.")
    shifts = tuple(_later(ports, first, timedelta(weeks=week)) for week in range(weeks))
    for shift in shifts:
        _refuse_overlap(ports, shift)
    now = ports.clock.now()
    with ports.store.write() as tx:
        for shift in shifts:
            tx.duty.add_shift(shift)
            tx.audit(actor=by, action="duty.add", object_id=shift.id, now=now, detail=f"{shift.role} {shift.staff_id}")
    return shifts


def drop_shift(ports: Ports, shift_id: str, *, by: str) -> bool:
    """Remove a shift and say whether it was there."""
    with ports.store.write() as tx:
        dropped = tx.duty.drop_shift(shift_id)
        if dropped:
            tx.audit(actor=by, action="duty.drop", object_id=shift_id, now=ports.clock.now())
    return dropped


def pause(ports: Ports, staff_id: str, *, on: bool) -> None:
    """Let alerts go to the next one for half a day at most, or come again."""
    now = ports.clock.now()
    with ports.store.write() as tx:
        tx.duty.pause(staff_id, until=now + PAUSE_AT_MOST if on else None)
        tx.audit(actor=staff_id, action="duty.pause" if on else "duty.back", object_id=staff_id, now=now)


def _read(ports: Ports, asked: Asked) -> Shift:
    account = ports.store.duty.account(asked.staff_id)
    if account is None:
        raise BadShift("staff_id", "Choisissez une personne de l'équipe.")
    if asked.role not in DUTY_ROLES or asked.channel not in DUTY_CHANNELS:
        raise BadShift("role", "Choisissez le rôle et la voie dans les listes.")
    role: DutyRole = next(one for one in get_args(DutyRole) if one == asked.role)
    channel: DutyChannel = next(one for one in get_args(DutyChannel) if one == asked.channel)
    _refuse_unreachable(account, channel)
    starts, ends = _time(asked.starts, "starts"), _time(asked.ends, "ends")
    if not starts < ends <= starts + LONGEST:
        raise BadShift("ends", "La fin vient après le début, au plus sept jours plus tard.")
    if ends <= ports.clock.now():
        raise BadShift("ends", "Cette garde est déjà passée.")
    return Shift(ports.ids.new(), account.id, starts, ends, role, channel)


def _refuse_unreachable(account: Account, channel: DutyChannel) -> None:
    if channel == "email" and not account.email:
        raise BadShift("channel", f"{account.name} n'a pas d'adresse de courriel.")
    if channel != "email" and account.phone is None:
        raise BadShift("channel", f"{account.name} n'a pas de téléphone : ajoutez-le d'abord dans son compte.")


def _time(text: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=BAMAKO)
    except ValueError:
        raise BadShift(field, "Écrivez le jour et l'heure, par exemple 2026-11-23T08:00.") from None


def _later(ports: Ports, shift: Shift, by: timedelta) -> Shift:
    ident = ports.ids.new() if by else shift.id
    return Shift(ident, shift.staff_id, shift.starts_at + by, shift.ends_at + by, shift.role, shift.channel)


def _refuse_overlap(ports: Ports, shift: Shift) -> None:
    there = ports.store.duty.shifts(since=shift.starts_at, until=shift.ends_at)
    if any(other.staff_id == shift.staff_id for other in there):
        day = f"{shift.starts_at.astimezone(BAMAKO):%d/%m}"
        raise BadShift("starts", f"Cette personne a déjà une garde à ce moment-là (le {day}).")
