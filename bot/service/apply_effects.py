"""Act on what a turn wants done, inside its one transaction; nothing else changes storage for a conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.core import alerts
from bot.core.cases import Case, CaseEvent
from bot.core.effects import (
    Effect,
    Forget,
    JoinCase,
    OpenCase,
    OptIn,
    OptOut,
    Remind,
    SaveContact,
    SaveProfile,
    Say,
)
from bot.core.messages import Address, Status
from bot.ports import Ids, Known, OutgoingRow, Reminder, Transaction


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom a turn is about, and what came in."""

    person_id: str
    known: Known
    text: str
    now: datetime
    ids: Ids
    alert_to: tuple[Address, ...]
    alert_provider: str


def apply(effect: Effect, tx: Transaction, scene: Scene) -> None:
    """Carry out one effect. `Say` has been rendered already and is stored with the replies."""
    match effect:
        case Say():
            return
        case OpenCase():
            _open_case(effect, tx, scene)
        case JoinCase():
            _join_case(tx, scene)
        case SaveContact():
            tx.save_contact(scene.person_id, effect.items, now=scene.now)
        case SaveProfile():
            tx.save_profile(scene.person_id, effect.items, now=scene.now)
        case Remind():
            _remind(effect, tx, scene)
        case OptOut():
            _opt_out(effect.scope, tx, scene)
        case OptIn():
            tx.set_opt_out(scene.person_id, "none", word=scene.text, now=scene.now)
        case Forget():
            tx.forget(scene.person_id, receipt=effect.receipt or scene.ids.new(), now=scene.now)
        case _:
            assert_never(effect)


def _open_case(effect: OpenCase, tx: Transaction, scene: Scene) -> None:
    wanted = Case(
        id=scene.ids.new(),
        reference=effect.reference,
        person_id=scene.person_id,
        kind=effect.kind,
        priority=effect.priority,
        status="open",
        sensitive=effect.sensitive,
        opened_at=scene.now,
        words=effect.words,
        note=effect.note,
    )
    case = tx.open_case(wanted, now=scene.now)
    tx.add_case_event(case.id, CaseEvent(scene.now, "message", "person", scene.text))
    raised = case.id == wanted.id or _was_lower(case, scene.known)
    if case.priority != "P3" and raised:
        tx.add_outgoing([_alert(case, to, scene) for to in scene.alert_to])


def _was_lower(case: Case, known: Known) -> bool:
    return any(old.id == case.id and old.priority > case.priority for old in known.open_cases)


def _alert(case: Case, to: Address, scene: Scene) -> OutgoingRow:
    return OutgoingRow(
        id=scene.ids.new(),
        person_id=None,
        to=to,
        provider=scene.alert_provider,
        kind="alert",
        route="rest",
        text=alerts.urgent(case),
        response="alert_urgent_case",
        language="fr",
        encoding="GSM-7",
        segments=1,
        status=Status.QUEUED,
        created_at=scene.now,
        case_id=case.id,
    )


def _join_case(tx: Transaction, scene: Scene) -> None:
    """Put the message into the most urgent open case; the first of `open_cases` is that one."""
    for case in scene.known.open_cases[:1]:
        tx.add_case_event(case.id, CaseEvent(scene.now, "message", "person", scene.text))


def _remind(effect: Remind, tx: Transaction, scene: Scene) -> None:
    due = scene.now + timedelta(days=effect.days)
    tx.add_reminder(Reminder(scene.ids.new(), scene.person_id, effect.flow, due, effect.slots))


def _opt_out(scope: str, tx: Transaction, scene: Scene) -> None:
    tx.set_opt_out(scene.person_id, scope, word=scene.text, now=scene.now)
    tx.drop_reminders(scene.person_id)
