"""Ask what is due: begin each check-in, remind once, and give up; each in a short transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import limits, phones
from bot.core.check_ins import CheckIn, overtaken
from bot.core.commands import Begin
from bot.core.deliveries import LOST
from bot.core.hours import day_began, month_of
from bot.core.messages import Address
from bot.core.outreach import Reason, Skip, Start, Wait, Wanted, may_start
from bot.core.plans import Plan
from bot.core.prices import Prices
from bot.core.quiet import Quiet
from bot.ports import Conflict, Known, OutgoingRow, Transaction
from bot.ports.check_ins import CheckIns
from bot.service.begin_flow import begin_flow
from bot.service.brain import Brain
from bot.service.decide import decide_begin
from bot.service.ports import Ports
from bot.service.standing import standing_of


@dataclass(frozen=True, slots=True)
class CheckInDesk:
    """What sending check-ins works with. Money in centimes."""

    brain: Brain
    ports: Ports
    check_ins: CheckIns
    quiet: Quiet
    prices: Callable[[], Prices]
    month_cap: int  # 0: none


def send_check_ins(desk: CheckInDesk, *, only: str | None = None) -> int:
    """Do what is due, slice after slice within one task's time; return how many rows were dealt with.

    A row and what is sent for it are written together, so a crash neither skips nor repeats. Whoever writes at this
    moment is left for the next round. `only` narrows it to one person by id, for a simulated phone.
    """
    began, done = desk.ports.clock.now(), 0
    while desk.ports.clock.now() - began < limits.PLAN_WITHIN:
        due = desk.check_ins.due(limit=limits.SLICE, now=desk.ports.clock.now(), person_id=only)
        dealt = sum(_deal(desk, row) for row in due)
        done += dealt
        if not dealt or done >= limits.PLANNED_AT_ONCE:
            break
    if done:
        desk.ports.wake.outgoing()
    return done


def _deal(desk: CheckInDesk, row: CheckIn) -> bool:
    """Deal with one row; False when it has to wait for the next round."""
    known = desk.ports.store.person(row.person_id) if row.person_id else Known()
    do: Callable[[_Case], CheckIn] = _ask if row.status == "planned" else _follow_up
    try:
        with desk.ports.store.write() as tx:
            after = do(_Case(desk, tx, known, row, desk.ports.clock.now()))
            tx.check_ins.change(after, expected=row.version)
    except Conflict:  # the person wrote, or another worker was here, at this moment
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Case:
    """One row in its transaction."""

    desk: CheckInDesk
    tx: Transaction
    known: Known
    row: CheckIn
    now: datetime

    @property
    def plan(self) -> Plan | None:
        return self.desk.brain.assistant.plan(self.row.plan)

    def verdict(self) -> Start | Wait | Skip:
        """Judge the person, then the hour, which is the same for everybody."""
        ident, now = self.row.person_id or "", self.now
        started = self.desk.check_ins.started_since(ident, day_began(now))
        found = may_start(standing_of(self.known, started_today=started, now=now), Wanted("check_in", now))
        allowed = self.desk.quiet.next_allowed(now)
        return Wait(allowed, "quiet_hours") if isinstance(found, Start) and allowed > now else found

    @property
    def flow(self) -> Begin:
        return Begin(self.row.flow, source=f"check_in:{self.row.id}")

    def begin(self, to: Address | None = None) -> tuple[OutgoingRow, ...]:
        """Say the flow's first question, or say it again; `to`: elsewhere than where they wrote from last."""
        return begin_flow(self.desk.brain, self.desk.ports, self.tx, self.known, self.flow, kind="check_in", to=to)

    @property
    def asked(self) -> OutgoingRow | None:
        """Return the message that asked."""
        return self.desk.ports.store.outgoing(self.row.outgoing_id) if self.row.outgoing_id else None

    def by_sms(self) -> Address | None:
        """Return where an SMS goes in the place of a WhatsApp message that did not arrive, if the plan allows one."""
        asked = self.asked
        if asked is None or asked.to.channel != "whatsapp" or asked.status not in LOST:
            return None
        return self.known.person.texted_to if self.plan and self.plan.sms_fallback and self.known.person else None

    def again_by_sms(self) -> Address | None:
        """Return the number that an SMS asked at, for the reminder; None: they are written to as usual."""
        texted_to = self.known.person.texted_to if self.known.person else None
        return texted_to if self.asked and self.asked.to == texted_to else None

    def pays(self, to: Address) -> bool:
        """Count the price of an SMS towards the month's budget; False where that does not suffice."""
        ports, now = self.desk.ports, self.now
        said = decide_begin(self.desk.brain, self.known, self.flow, channel=to.channel, now=now, draw=0).said
        operator, provider = phones.operator(to.reveal()), ports.carrier(to, self.known.provider or "")
        each = self.desk.prices().of("sms", now=now, operator=operator, provider=provider)
        cost = each * sum(wire.segments for _, wire in said)
        return self.tx.check_ins.pay(cost, month=month_of(now), cap=self.desk.month_cap)


def _ask(case: _Case) -> CheckIn:
    row, plan = case.row, case.plan
    others = case.desk.check_ins.of_person(row.person_id or "")
    late = overtaken(plan, row, others, case.now)
    if late or plan is None:
        return _skipped(row, late or "not_in_plan")
    match case.verdict():
        case Skip(reason):
            return _skipped(row, reason)
        case Wait(until, reason):
            return replace(row, next_at=until, reason=reason)
        case Start(note):
            said = case.begin()
            remind = case.now + plan.remind_after
            asked = replace(row, status="queued", asked_at=case.now, next_at=remind, reason=note)
            return replace(asked, outgoing_id=said[0].id if said else None)


def _skipped(row: CheckIn, reason: Reason) -> CheckIn:
    return replace(row, status="skipped", reason=reason, next_at=None)


def _follow_up(case: _Case) -> CheckIn:
    """Ask by SMS what WhatsApp did not deliver; remind whoever has not answered at all; after that it is over."""
    row, plan = case.row, case.plan
    if row.answered_at or row.finished_at:
        return replace(row, next_at=None)
    to = case.by_sms()
    if plan is None or (row.reminded_at and to is None):
        return _over(row, "no_answer", case.now)
    match case.verdict():
        case Skip(reason):
            return _over(row, reason, case.now)
        case Wait(until, _):
            return replace(row, next_at=until)
        case Start():
            return _ask_by_sms(case, plan, to) if to and case.pays(to) else _remind(case, plan)


def _ask_by_sms(case: _Case, plan: Plan, to: Address) -> CheckIn:
    said = case.begin(to)
    wait = plan.give_up_after if case.row.reminded_at else plan.remind_after
    asked = replace(case.row, asked_at=case.now, next_at=case.now + wait)
    return replace(asked, outgoing_id=said[0].id if said else None)


def _remind(case: _Case, plan: Plan) -> CheckIn:
    """Remind, or end it, once it is time."""
    row = case.row
    began, wait = (row.reminded_at, plan.give_up_after) if row.reminded_at else (row.asked_at, plan.remind_after)
    if began and began + wait > case.now:
        return replace(row, next_at=began + wait)
    if row.reminded_at:
        return _over(row, "no_answer", case.now)
    case.begin(case.again_by_sms())
    return replace(row, reminded_at=case.now, next_at=case.now + plan.give_up_after)


def _over(row: CheckIn, reason: Reason, now: datetime) -> CheckIn:
    return replace(row, finished_at=now, reason=reason, next_at=None)
