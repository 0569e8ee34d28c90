"""The verbs of duty within a transaction: `bot.ports.duty.DutyWrites`."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.adapters.sql.tables import case_, case_event
from bot.adapters.sql.tables_duty import duty_pause, duty_shift, escalation, phone_case
from bot.adapters.sql.tables_staff import staff
from bot.core.duty import Shift


class SqlDutyWrites:
    """On one connection within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alarm(self, case_id: str, *, at: datetime) -> None:
        """Let a case's alerts begin (anew) at this moment."""
        fresh = {"step": 0, "alerted": [], "next_at": at}
        again = update(escalation).where(escalation.c.case_id == case_id).values(fresh)
        if self._connection.execute(again).rowcount == 0:
            self._connection.execute(insert(escalation).values(case_id=case_id, **fresh))

    def hasten(self, case_id: str, *, at: datetime, below: int) -> None:
        """Bring the next alert forward, unless there were `below` alerts already."""
        later = escalation.c.next_at > at  # one that has ended has no time
        mine = update(escalation).where(escalation.c.case_id == case_id, escalation.c.step < below, later)
        self._connection.execute(mine.values(next_at=at))

    def climb(self, case_id: str, *, expected: int, step: int, alerted: Collection[str], at: datetime | None) -> bool:
        """Move a case's alerts on and say whether it was us."""
        mine = update(escalation).where(
            escalation.c.case_id == case_id, escalation.c.step == expected, escalation.c.next_at.is_not(None)
        )
        done = self._connection.execute(mine.values(step=step, alerted=list(alerted), next_at=at))
        return done.rowcount == 1

    def alerted(self, case_id: str, *, at: datetime) -> None:
        """Note with the case when people were last alerted."""
        self._connection.execute(update(case_).where(case_.c.id == case_id).values(alerted_at=at))

    def confirm_phone(self, staff_id: str, *, at: datetime) -> None:
        """Note that somebody has shown from their telephone that they know the PIN."""
        self._change(staff_id, phone_confirmed_at=at, pin_failed=0)

    def wrong_pin(self, staff_id: str) -> int:
        """Count a wrong PIN and return how many there were in a row."""
        self._change(staff_id, pin_failed=staff.c.pin_failed + 1, phone_confirmed_at=None)
        return int(self._connection.execute(select(staff.c.pin_failed).where(staff.c.id == staff_id)).scalar_one())

    def pause(self, staff_id: str, *, until: datetime | None) -> None:
        """Let alerts go to the next one until then; None: they come again."""
        self._connection.execute(delete(duty_pause).where(duty_pause.c.staff_id == staff_id))
        if until is not None:
            self._connection.execute(insert(duty_pause).values(staff_id=staff_id, until=until))

    def hold_by_phone(self, case_id: str, staff_id: str) -> None:
        """Forward the person's newest message in this case and what comes after it to somebody's telephone."""
        theirs = case_event.c.case_id == case_id, case_event.c.actor == "person"
        newest = select(func.coalesce(func.max(case_event.c.id), 1)).where(*theirs)
        told = self._connection.execute(newest).scalar_one() - 1  # the newest message, and what comes after it
        here = select(phone_case.c.staff_id).where(phone_case.c.case_id == case_id)
        if self._connection.execute(here).scalar() == staff_id:
            return
        self.let_go(case_id)
        self._connection.execute(insert(phone_case).values(case_id=case_id, staff_id=staff_id, told_event=told))

    def told(self, case_id: str, *, expected: int, event: int) -> bool:
        """Note up to where was forwarded and say whether it was us."""
        mine = update(phone_case).where(phone_case.c.case_id == case_id, phone_case.c.told_event == expected)
        return self._connection.execute(mine.values(told_event=event)).rowcount == 1

    def let_go(self, case_id: str) -> None:
        """Forward no more of a case."""
        self._connection.execute(delete(phone_case).where(phone_case.c.case_id == case_id))

    def add_shift(self, shift: Shift) -> None:
        """Keep a shift."""
        self._connection.execute(insert(duty_shift).values(**asdict(shift)))

    def drop_shift(self, shift_id: str) -> bool:
        """Remove a shift and say whether it was there."""
        return self._connection.execute(delete(duty_shift).where(duty_shift.c.id == shift_id)).rowcount == 1

    def _change(self, staff_id: str, **values: object) -> None:
        self._connection.execute(update(staff).where(staff.c.id == staff_id).values(**values))
