"""Act on what a turn wants done, inside its one transaction; nothing else changes storage for a conversation."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, get_args

from bot.core import limits
from bot.core.effects import (
    AnswerCase,
    Effect,
    EndOutreach,
    Forget,
    HoldBack,
    JoinCase,
    KeepAnswer,
    KeepUnmatched,
    OpenCase,
    OpenHeld,
    OptIn,
    OptOut,
    Remind,
    SaveContact,
    SaveProfile,
    Say,
)
from bot.core.people import CASEWORKER_SEX, RETURN_DATE
from bot.ports import Reminder, Transaction
from bot.service.case_effects import answer_case, join_case, open_case
from bot.service.keep_answers import end_outreach, keep_answer
from bot.service.scene import Scene


def apply(effect: Effect, tx: Transaction, scene: Scene) -> None:
    """Carry out one effect."""
    _HOW[type(effect)](effect, tx, scene)


def _say(_: Say, tx: Transaction, scene: Scene) -> None:
    """Do nothing: what is said has been rendered and is stored with the replies."""


def _open_held(_: OpenHeld, tx: Transaction, scene: Scene) -> None:
    tx.open_held(scene.person_id, now=scene.now, new_id=scene.ids.new)


def _hold_back(effect: HoldBack, tx: Transaction, scene: Scene) -> None:
    tx.hold_back(scene.person_id, reason=effect.reason, now=scene.now)


def _remind(effect: Remind, tx: Transaction, scene: Scene) -> None:
    due = scene.now + timedelta(days=effect.days)
    tx.add_reminder(Reminder(scene.ids.new(), scene.person_id, effect.flow, due, effect.slots))


def _save_contact(effect: SaveContact, tx: Transaction, scene: Scene) -> None:
    tx.save_contact(scene.person_id, effect.items, now=scene.now)
    waiting = [case for case in scene.known.open_cases if case.priority != "P3" and case.status == "open"]
    for case in waiting if CASEWORKER_SEX in effect.items else ():  # whoever was asked for is alerted now
        tx.duty.hasten(case.id, at=scene.now, below=limits.ALERT_HURRIES)


def _save_profile(effect: SaveProfile, tx: Transaction, scene: Scene) -> None:
    asked: dict[str, Any] = {"consent_at": scene.now, "consent_source": "message"} if "consent" in effect.items else {}
    tx.save_profile(scene.person_id, {**effect.items, **asked}, now=scene.now)
    month, day = effect.items.get("return_month"), scene.known.person and scene.known.person.contact.get(RETURN_DATE)
    if month and day and not day.startswith(str(month)):  # the day that was known is not the one they mean
        tx.save_contact(scene.person_id, {RETURN_DATE: ""}, now=scene.now)
    if effect.items.get("consent", "given") != "given":
        tx.drop_unmatched(scene.person_id)


def _keep_unmatched(effect: KeepUnmatched, tx: Transaction, scene: Scene) -> None:
    tx.keep_unmatched(scene.person_id, effect, now=scene.now)


def _forget(effect: Forget, tx: Transaction, scene: Scene) -> None:
    tx.forget(scene.person_id, receipt=effect.receipt or scene.ids.new(), now=scene.now)


def _opt_in(_: OptIn, tx: Transaction, scene: Scene) -> None:
    tx.set_opt_out(scene.person_id, "none", word=scene.text, now=scene.now)


def _opt_out(effect: OptOut, tx: Transaction, scene: Scene) -> None:
    scope = "all" if scene.known.opted_out == "all" else effect.scope  # only START takes anything back
    tx.set_opt_out(scene.person_id, scope, word=scene.text, now=scene.now)
    tx.drop_reminders(scene.person_id)
    tx.check_ins.end_all(scene.person_id, "opted_out", now=scene.now)


_HOW: Mapping[type, Callable[[Any, Transaction, Scene], None]] = {
    Say: _say,
    OpenCase: open_case,
    JoinCase: join_case,
    AnswerCase: answer_case,
    SaveContact: _save_contact,
    SaveProfile: _save_profile,
    Remind: _remind,
    OptOut: _opt_out,
    OptIn: _opt_in,
    Forget: _forget,
    KeepUnmatched: _keep_unmatched,
    KeepAnswer: keep_answer,
    EndOutreach: end_outreach,
    OpenHeld: _open_held,
    HoldBack: _hold_back,
}
if _forgotten := set(get_args(Effect)) - set(_HOW):
    msg = f"Nobody acts on these effects: {_forgotten}."
    raise RuntimeError(msg)
