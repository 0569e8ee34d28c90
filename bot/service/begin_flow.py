"""Begin a flow for a person by ourselves: a reminder that is due, or the end of a case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import limits
from bot.core.broadcasts import Broadcast
from bot.core.cases import REFERENCES
from bot.core.commands import Begin
from bot.core.messages import Address, Outgoing, Status, Wire
from bot.ports import Conflict, Known, OutgoingKind, OutgoingRow, Reminder, Transaction
from bot.service.apply_effects import apply
from bot.service.brain import Brain
from bot.service.case_effects import PARTNER_FLOW, note_asked
from bot.service.decide import decide_begin
from bot.service.ports import Ports
from bot.service.scene import Scene
from bot.service.with_a_person import with_a_person


def send_reminders(brain: Brain, ports: Ports, *, limit: int = limits.SLICE, only: str | None = None) -> int:
    """Begin the flows whose day has come and return how many; a person who wrote meanwhile is tried again later.

    `only` narrows it to one person by id: on a simulated phone the clock is ahead of everybody else's.
    """
    due = ports.store.due_reminders(limit=limit, now=ports.clock.now())
    reminders = [reminder for reminder in due if only in {None, reminder.person_id}]
    for reminder in reminders:
        _remind(brain, ports, reminder)
    if reminders:
        ports.wake.outgoing()
    return len(reminders)


def _remind(brain: Brain, ports: Ports, reminder: Reminder) -> None:
    known = ports.store.person(reminder.person_id)
    asks_for_team = reminder.flow == PARTNER_FLOW  # the caseworker's own question does not wait for them
    try:
        with ports.store.write() as tx:
            tx.drop_reminders(reminder.person_id, reminder_id=reminder.id)
            if with_a_person(known) and not asks_for_team:
                tx.add_reminder(replace(reminder, due_at=ports.clock.now() + limits.REMINDER_HELD))
            elif known.person and known.person.opt_out == "none" and known.person.answered_to:
                begin_flow(brain, ports, tx, known, Begin(reminder.flow, reminder.slots), kind="reminder")
                if asks_for_team:
                    note_asked(tx, reminder, now=ports.clock.now())
    except Conflict:  # the person wrote at this moment; the reminder stands and comes with the next round
        return


def begin_flow(  # noqa: PLR0913 the turn's parts
    brain: Brain,
    ports: Ports,
    tx: Transaction,
    known: Known,
    begin: Begin,
    *,
    kind: OutgoingKind,
    to: Address | None = None,
    broadcast: Broadcast | None = None,
) -> tuple[OutgoingRow, ...]:
    """Run a flow's beginning inside `tx`, queue what it says, return it. `to`: not the address they wrote from last."""
    to = to or (known.person.answered_to if known.person else None)
    if known.person is None or to is None:
        msg = "A flow can only be begun for somebody who is known and can be written to."
        raise ValueError(msg)
    now = ports.clock.now()
    decision = decide_begin(brain, known, begin, channel=to.channel, now=now, draw=ports.ids.number(REFERENCES))
    tx.save_state(known.person.id, decision.state.to_json(), expected=known.version, now=now)
    rows = rows_to(known, decision.said, kind=kind, ports=ports, now=now, language=decision.language, to=to)
    if broadcast:
        template = broadcast.template if to.channel == "whatsapp" else None  # the text itself within the window
        more = {"broadcast_id": broadcast.id, "sender": broadcast.sender, "template": template}
        rows = [replace(row, **more) for row in rows]  # type: ignore[arg-type]
    tx.add_outgoing(rows)
    scene = Scene(known.person.id, known, "", now, ports.ids, brain.deadlines)
    for effect in decision.effects:
        apply(effect, tx, scene)
    return tuple(rows)


def rows_to(  # noqa: PLR0913 one row has that many origins
    known: Known,
    said: Sequence[tuple[Outgoing, Wire]],
    *,
    kind: OutgoingKind,
    ports: Ports,
    now: datetime,
    language: str,
    case_id: str | None = None,
    to: Address | None = None,
) -> list[OutgoingRow]:
    """Queue messages that we start, to where an answer reaches the person, by the provider that suits it best."""
    to = to or (known.person.answered_to if known.person else None)
    if known.person is None or to is None:
        return []
    provider = ports.carrier(to, known.provider or "")
    return [
        OutgoingRow(
            id=ports.ids.new(),
            person_id=known.person.id,
            to=to,
            provider=provider,
            kind=kind,
            route="rest",
            text=wire.text,
            response=outgoing.response,
            language="bm" if language == "bm" else "fr",
            encoding=wire.encoding,
            segments=wire.segments,
            status=Status.QUEUED,
            created_at=now,
            position=position,
            case_id=case_id,
        )
        for position, (outgoing, wire) in enumerate(said)
    ]
