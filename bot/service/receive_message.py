"""Take in one message: decide without a lock, write in one short transaction, hand the replies over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core import limits
from bot.core.cases import REFERENCES, is_held
from bot.core.effects import Forget, OpenCase, OpenHeld
from bot.core.messages import Incoming, Outgoing, Status, Wire
from bot.ports import AlreadyTaken, Conflict, Known, OutgoingRow, Route, StorageAway
from bot.service.apply_effects import apply
from bot.service.brain import Brain
from bot.service.caseworker_says import caseworker_says
from bot.service.decide import Decision, decide
from bot.service.keep_answers import ROBOT, hear
from bot.service.ports import Ports
from bot.service.scene import Scene
from bot.service.staff_in_need import writes_as_a_person


@dataclass(frozen=True, slots=True)
class Taken:
    """A message taken in: the replies, in order, and (for the terminal and the simulator) how it was decided."""

    rows: tuple[OutgoingRow, ...]
    decision: Decision | None = None  # none: a repeat, or a message of staff
    repeated: bool = False


def receive_message(brain: Brain, ports: Ports, incoming: Incoming, *, route: Route = "answer") -> Taken:
    """Return the replies to one message; a repeat of a provider's id has no second effect and gets the same replies.

    `route` "answer": the replies travel in the webhook's own answer; "rest": a worker sends them.
    Raises StorageAway when nothing could be kept; the provider then has to try again.
    """
    for _ in range(limits.TURN_TRIES):
        now = ports.clock.now()
        known = ports.store.look_up(
            incoming.sender, provider=incoming.provider, provider_id=incoming.provider_id, text=incoming.text, now=now
        )
        if known.answered is not None:
            return Taken(repeatable(known.answered), repeated=True)
        try:
            if known.staff_id is not None and not writes_as_a_person(brain, ports, known, incoming):
                return Taken(caseworker_says(brain, ports, incoming, known.staff_id, route=route))
            decision = decide(brain, known, incoming, now=now, draw=ports.ids.number(REFERENCES))
            rows = commit(brain, ports, Turn(known, incoming, decision, route, now))
        except (Conflict, AlreadyTaken):  # another message, or the same one elsewhere, was faster: look again
            continue
        opened = any(isinstance(effect, OpenCase | OpenHeld) for effect in decision.effects)
        if route == "rest" or opened or any(map(is_held, known.open_cases)):
            # The replies, an alert, what a caseworker's telephone gets; to wake for nothing costs as much as deciding.
            ports.wake.outgoing()
        return Taken(rows, decision)
    msg = "The conversation changed too often to be written; the message is not kept."
    raise StorageAway(msg)


def repeatable(rows: tuple[OutgoingRow, ...]) -> tuple[OutgoingRow, ...]:
    """Return the replies that may be given again in an answer: none once they went (or go) another way."""
    return rows if all(row.route == "answer" for row in rows) else ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One decided turn on its way into storage."""

    known: Known
    incoming: Incoming
    decision: Decision
    route: Route
    now: datetime


def commit(brain: Brain, ports: Ports, turn: Turn) -> tuple[OutgoingRow, ...]:
    """Write a decided turn in one transaction and return its replies. Raises Conflict, AlreadyTaken or StorageAway."""
    person_id = turn.known.person.id if turn.known.person else ports.ids.new()
    message_id = ports.ids.new()
    scene = Scene(person_id, turn.known, turn.incoming.text, turn.now, ports.ids, brain.deadlines)
    rows = _reply_rows(turn, person_id, message_id, ports.ids.new)
    with ports.store.write() as tx:
        tx.ensure_person(person_id, turn.incoming.sender, now=turn.now)
        tx.claim(turn.incoming, row_id=message_id, person_id=person_id)
        tx.save_state(person_id, turn.decision.state.to_json(), expected=turn.known.version, now=turn.now)
        tx.add_outgoing(rows)
        if turn.decision.state.lang != (turn.known.person.language if turn.known.person else None):
            tx.save_profile(person_id, {"language": turn.decision.state.lang}, now=turn.now)
        if turn.known.person and ROBOT not in turn.decision.begun:
            hear(tx, turn.known.person, now=turn.now)
        for effect in sorted(turn.decision.effects, key=lambda effect: isinstance(effect, Forget)):
            apply(effect, tx, scene)
    return rows


def _reply_rows(turn: Turn, person_id: str, message_id: str, new_id: Callable[[], str]) -> tuple[OutgoingRow, ...]:
    return tuple(
        outgoing_row(turn, said, person_id=person_id, message_id=message_id, ident=new_id(), position=position)
        for position, said in enumerate(turn.decision.said)
    )


def outgoing_row(  # noqa: PLR0913 one row has that many origins
    turn: Turn, said: tuple[Outgoing, Wire], *, person_id: str, message_id: str, ident: str, position: int
) -> OutgoingRow:
    """Write one reply as a row: leased when it travels in the answer, queued when a worker sends it."""
    outgoing, wire = said
    answered = turn.route == "answer"
    return OutgoingRow(
        id=ident,
        person_id=person_id,
        to=turn.incoming.sender,
        provider=turn.incoming.provider,
        kind="reply",
        route=turn.route,
        text=wire.text,
        response=outgoing.response,
        language=turn.decision.language,
        encoding=wire.encoding,
        segments=wire.segments,
        status=Status.SENDING if answered else Status.QUEUED,
        created_at=turn.now,
        in_reply_to=message_id,
        position=position,
        lease_until=turn.now + limits.ANSWER_LEASE if answered else None,
    )
