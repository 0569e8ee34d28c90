"""Act on what a turn wants done, inside its one transaction; nothing else changes storage for a conversation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from bot.core import alerts
from bot.core.cases import Case, CaseEvent
from bot.core.effects import (
    Effect,
    Forget,
    JoinCase,
    KeepUnmatched,
    OpenCase,
    OptIn,
    OptOut,
    Remind,
    SaveContact,
    SaveProfile,
    Say,
)
from bot.core.messages import Address, Status
from bot.ports import Carrier, Ids, Known, OutgoingRow, Reminder, Transaction


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom a turn is about, and what came in."""

    person_id: str
    known: Known
    text: str
    now: datetime
    ids: Ids
    alert_to: tuple[Address, ...]
    carrier: Carrier


def apply(effect: Effect, tx: Transaction, scene: Scene) -> None:
    """Carry out one effect."""
    _HOW[type(effect)](effect, tx, scene)


def _say(_: Say, tx: Transaction, scene: Scene) -> None:
    """Do nothing: what is said has been rendered and is stored with the replies."""


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
        provider=scene.carrier(to, ""),
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


def _join_case(_: JoinCase, tx: Transaction, scene: Scene) -> None:
    """Put the message into the grave case that was opened last, else into the last one: what the person speaks of.

    A complaint is for the focal point's eyes only, so nothing said in it may land in an older case of the team. A P3
    opened after danger (a wish to be erased, a lost paper) must not draw away the words that whoever is on duty waits
    for.
    """
    if scene.known.open_cases:
        case = max(scene.known.open_cases, key=lambda case: (case.sensitive or case.priority != "P3", case.opened_at))
        tx.add_case_event(case.id, CaseEvent(scene.now, "message", "person", scene.text))


def _remind(effect: Remind, tx: Transaction, scene: Scene) -> None:
    due = scene.now + timedelta(days=effect.days)
    tx.add_reminder(Reminder(scene.ids.new(), scene.person_id, effect.flow, due, effect.slots))


def _save_contact(effect: SaveContact, tx: Transaction, scene: Scene) -> None:
    tx.save_contact(scene.person_id, effect.items, now=scene.now)


def _save_profile(effect: SaveProfile, tx: Transaction, scene: Scene) -> None:
    tx.save_profile(scene.person_id, effect.items, now=scene.now)
    if effect.items.get("consent", "given") != "given":
        tx.drop_unmatched(scene.person_id)


def _keep_unmatched(effect: KeepUnmatched, tx: Transaction, scene: Scene) -> None:
    tx.keep_unmatched(scene.person_id, effect, now=scene.now)


def _forget(effect: Forget, tx: Transaction, scene: Scene) -> None:
    tx.forget(scene.person_id, receipt=effect.receipt or scene.ids.new(), now=scene.now)


def _opt_in(_: OptIn, tx: Transaction, scene: Scene) -> None:
    tx.set_opt_out(scene.person_id, "none", word=scene.text, now=scene.now)


def _opt_out(effect: OptOut, tx: Transaction, scene: Scene) -> None:
    tx.set_opt_out(scene.person_id, effect.scope, word=scene.text, now=scene.now)
    tx.drop_reminders(scene.person_id)


_HOW: Mapping[type, Callable[[Any, Transaction, Scene], None]] = {
    Say: _say,
    OpenCase: _open_case,
    JoinCase: _join_case,
    SaveContact: _save_contact,
    SaveProfile: _save_profile,
    Remind: _remind,
    OptOut: _opt_out,
    OptIn: _opt_in,
    Forget: _forget,
    KeepUnmatched: _keep_unmatched,
}
if _forgotten := set(get_args(Effect)) - set(_HOW):
    msg = f"Nobody acts on these effects: {_forgotten}."
    raise RuntimeError(msg)
