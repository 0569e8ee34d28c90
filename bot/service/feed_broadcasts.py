"""Feed running broadcasts: begin those that are due, judge each recipient, hand over, stop before the money is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core import limits, phones
from bot.core.broadcasts import Broadcast, PauseReason
from bot.core.commands import Begin
from bot.core.hours import month_of
from bot.core.messages import Language, Status
from bot.core.outreach import Skip, Standing, Start, Wait, Wanted, may_start
from bot.core.prices import Prices
from bot.core.ways import SIMULATOR
from bot.ports import Conflict, OutgoingRow
from bot.ports.broadcasts import Handed, Handing, Ready
from bot.service.begin_flow import begin_flow
from bot.service.broadcast_desk import Desk, weigh, written_for
from bot.service.standing import standing_of

_DAY = timedelta(days=1)
Verdict = Start | Wait | Skip


def feed_broadcasts(desk: Desk) -> int:
    """Begin what is due and queue the next messages of each running broadcast; return how many were dealt with.

    In quiet hours nothing is begun and nothing is queued. Safe with any number of workers, killed at any moment.
    """
    if desk.quiet.is_quiet(desk.now):
        return 0
    waiting = desk.broadcasts.all(states=("preparing", "scheduled"))
    due = [one for one in waiting if one.state == "preparing" or one.starts_at is None or one.starts_at <= desk.now]
    prepared = sum(begin(desk, one) for one in due)
    return prepared + sum(_feed(desk, running) for running in desk.broadcasts.all(states=("running",)))


def begin(desk: Desk, due: Broadcast) -> int:
    """Write down recipients of a broadcast, slice after slice for about a second; return how many slices.

    It runs once everybody is written down. Another worker may be at it, too, and whoever was killed is gone on from.
    """
    if due.state == "scheduled":
        try:
            desk.broadcasts.save(replace(due, state="preparing"))
        except Conflict:
            return 0
    weight, slices, more = weigh(desk, due), 0, True
    while more and desk.now - weight.now < limits.PREPARE_FOR:
        more = desk.broadcasts.prepare(due, weight, limit=limits.PREPARE_SLICE)
        slices += 1
    return slices


def _feed(desk: Desk, running: Broadcast) -> int:
    """Queue up to a slice of messages of one broadcast, or end it when nobody is left."""
    if desk.broadcasts.waiting(running.id) > limits.BROADCAST_AHEAD // 2:
        return 0
    some = limits.BROADCAST_AHEAD if running.kind == "text" else limits.SLICE
    ready = desk.broadcasts.ready(running, limit=some, now=desk.now)
    if not ready:
        desk.broadcasts.finish(running.id, now=desk.now)
        return 0
    if running.kind == "text":
        return _hand_over(Feeder(desk, running, _tier_left(desk)), ready)
    feeder = Feeder(desk, running, _tier_left(desk))
    return sum(_hand_over(feeder, (one,)) for one in ready)


def _tier_left(desk: Desk) -> int:
    if not desk.new_people_a_day:
        return limits.BROADCAST_AHEAD
    return max(0, desk.new_people_a_day - desk.broadcasts.approached(since=desk.now - _DAY))


@dataclass(slots=True)
class Feeder:
    """One feeding of one broadcast; `tier` is how many more people WhatsApp lets us write to first today."""

    desk: Desk
    running: Broadcast
    tier: int

    def judge(self, ready: Ready) -> Verdict:
        """Say whether a recipient's turn has come: by the rules for everybody, then by WhatsApp's."""
        now = self.desk.now
        found = may_start(self._standing(ready), Wanted("broadcast", now))
        if isinstance(found, Start):
            found = self._whatsapp(ready)
        if isinstance(found, Wait) and found.until > (ready.held_since or now) + limits.BROADCAST_HELD:
            return Skip(found.reason)
        return found

    def _standing(self, ready: Ready) -> Standing:
        if ready.person and ready.look_closer:
            known = self.desk.ports.store.person(ready.person.id)
            return standing_of(known, started_today=ready.started_today, now=self.desk.now)
        return Standing(ready.person, started_today=ready.started_today)

    def _whatsapp(self, ready: Ready) -> Verdict:
        to = ready.person.addresses[0] if ready.person else None
        if to is None or to.channel != "whatsapp" or ready.last_provider == SIMULATOR:
            return Start()
        if ready.just_written:
            return Wait(self.desk.now + limits.WHATSAPP_PAIR, "too_many_today")
        if ready.in_window:
            return Start()
        if not (self.running.template or self.desk.template):
            return Skip("no_template")
        if self.tier <= 0:
            return Wait(self.desk.now + limits.TIER_AGAIN, "daily_tier")
        self.tier -= 1
        return Start()

    def written(self, ready: Ready) -> tuple[OutgoingRow, ...]:
        """Put the text into words for one recipient: their language, their name, their channel."""
        person, now = ready.person, self.desk.now
        if person is None:
            return ()
        language: Language = person.language or "fr"
        to = person.addresses[0]
        provider = self.desk.ports.carrier(to, ready.last_provider)
        return tuple(
            OutgoingRow(
                id=self.desk.ports.ids.new(),
                person_id=person.id,
                to=to,
                provider=provider,
                kind="broadcast",
                route="rest",
                text=wire.text,
                response=outgoing.response,
                language=language,
                encoding=wire.encoding,
                segments=wire.segments,
                status=Status.QUEUED,
                created_at=now,
                position=position,
                broadcast_id=self.running.id,
                sender=self.running.sender,
                template=None if ready.in_window or to.channel != "whatsapp" else self.running.template,
            )
            for position, (outgoing, wire) in enumerate(written_for(self.desk, self.running, person))
        )

    def begun(self, handing: Handing, ready: Ready) -> tuple[OutgoingRow, ...]:
        """Begin the flow with one recipient; what it says first is queued already. Raises Conflict."""
        known = self.desk.ports.store.person(ready.person.id if ready.person else "")
        flow = Begin(self.running.flow or "", source=f"broadcast:{ready.id}")
        desk = self.desk
        to = ready.person.addresses[0] if ready.person and ready.person.addresses else None
        return begin_flow(
            desk.brain, desk.ports, handing.tx, known, flow, kind="broadcast", to=to, broadcast=self.running
        )

    def price(self, ready: Ready, rows: tuple[OutgoingRow, ...], prices: Prices) -> Handed:
        """Count what a recipient costs."""
        first, now = rows[0], self.desk.now
        if first.to.channel == "whatsapp":
            each = prices.of("whatsapp", now=now, provider=first.provider)
            opened = 0 if ready.in_window else prices.of("template", now=now, provider=first.provider)
            return Handed(ready.id, first, len(rows), opened + each * len(rows))
        segments = sum(row.segments for row in rows)
        each = prices.of("sms", now=now, operator=phones.operator(first.to.reveal()), provider=first.provider)
        return Handed(ready.id, first, segments, segments * each)


def _hand_over(feeder: Feeder, ready: Sequence[Ready]) -> int:
    """Judge and hand over a few recipients in one short transaction; return how many were dealt with.

    Everything about them is decided before it opens. Whoever somebody else has taken meanwhile is left alone.
    """
    judged = [(one, feeder.judge(one)) for one in ready]
    is_text = feeder.running.kind == "text"
    texts = {one.id: feeder.written(one) for one, verdict in judged if is_text and isinstance(verdict, Start)}
    prices = feeder.desk.prices
    try:
        with feeder.desk.broadcasts.handing(feeder.running.id) as handing:
            if handing is None:
                return 0
            still = handing.still([one.id for one in ready])
            purse = Purse(feeder, handing)
            for one, verdict in judged:
                if one.id in still and not purse.is_empty:
                    _deal(purse, one, verdict, texts.get(one.id), prices)
            purse.close()
    except Conflict:  # the person wrote at this moment: the next round looks again
        return 0
    except OverBudget as over:  # one recipient's conversation is not begun after all
        _pause(feeder, str(over))
        return 0
    return len(still)


def _pause(feeder: Feeder, reason: str) -> None:
    with feeder.desk.broadcasts.handing(feeder.running.id) as handing:
        if handing is not None:
            handing.pause(reason=reason)


def _deal(purse: "Purse", one: Ready, verdict: Verdict, rows: tuple[OutgoingRow, ...] | None, prices: Prices) -> None:
    now, handing = purse.feeder.desk.now, purse.handing
    match verdict:
        case Skip(reason):
            handing.skip(one.id, reason=reason, now=now)
        case Wait(until, reason):
            handing.put_off(one.id, until=until, reason=reason, now=now)
        case Start():
            said = rows if rows is not None else purse.feeder.begun(handing, one)
            if not said:
                handing.skip(one.id, reason="not_in_plan", now=now)
            elif over := purse.pays(purse.feeder.price(one, said, prices)):
                purse.stop(over, begun=rows is None)
            elif rows:
                handing.tx.add_outgoing(rows)


class OverBudget(Exception):
    """A recipient's conversation would pass this cap: nothing of it may be written."""


class Purse:
    """What may still be spent within one transaction; the broadcast pauses before the cap is passed."""

    def __init__(self, feeder: Feeder, handing: Handing) -> None:
        """Look at what has been spent; nobody else spends before the transaction ends."""
        self.feeder, self.handing = feeder, handing
        self.is_empty = False
        self._month = month_of(feeder.desk.now)
        self._mine, self._all = handing.spent(month=self._month)
        self._handed: list[Handed] = []

    def pays(self, handed: Handed) -> PauseReason:
        """Take the price of one recipient; "", or which cap it would pass."""
        budget, cap = self.feeder.running.budget, self.feeder.desk.month_cap
        if budget is not None and self._mine + handed.centimes > budget:
            return "budget"
        if cap and self._all + handed.centimes > cap:
            return "month_budget"
        self._mine += handed.centimes
        self._all += handed.centimes
        self._handed.append(handed)
        return ""

    def stop(self, reason: PauseReason, *, begun: bool) -> None:
        """Pause the broadcast. Raises OverBudget where a flow was begun, which must not stand."""
        if begun:
            raise OverBudget(reason)
        self.is_empty = True
        self.handing.pause(reason=reason)

    def close(self) -> None:
        """Write down what was handed over."""
        self.handing.hand_over(self._handed, month=self._month, now=self.feeder.desk.now)
