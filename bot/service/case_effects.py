"""What a turn does to cases: open one, put a message into one, take in what the person says of one."""

from datetime import datetime

from bot.core import limits
from bot.core.case_answers import answered, asked
from bot.core.cases import Case, CaseEvent, is_grave, is_held
from bot.core.effects import AnswerCase, JoinCase, OpenCase
from bot.ports import Known, Reminder, Transaction
from bot.service.scene import Scene

PARTNER_FLOW = "partner_helped"


def open_case(effect: OpenCase, tx: Transaction, scene: Scene) -> None:
    """Open a case or join the open one of its kind; alert the team of what is grave."""
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
        due_at=scene.deadlines.due(effect.priority, scene.now),
        first_due_at=scene.deadlines.due(effect.priority, scene.now),
    )
    case = tx.open_case(wanted, now=scene.now)
    tx.add_case_event(case.id, CaseEvent(scene.now, "message", "person", scene.text))
    anew = case.id == wanted.id or _was_lower(case, scene.known) or _alerted_long_ago(case, scene)
    if case.priority != "P3" and anew:
        tx.duty.alarm(case.id, at=scene.now)


def _was_lower(case: Case, known: Known) -> bool:
    return any(old.id == case.id and old.priority > case.priority for old in known.open_cases)


def _alerted_long_ago(case: Case, scene: Scene) -> bool:
    """Say whether danger was heard again after the last alert: five messages in a row ring no telephone five times."""
    return case.alerted_at is None or scene.now - case.alerted_at >= limits.ALERT_AGAIN_AFTER


def join_case(effect: JoinCase, tx: Transaction, scene: Scene) -> None:
    """Put the message into the grave case that was opened last, else into the last one: what the person speaks of.

    A complaint is for the focal point's eyes only, so nothing said in it may land in an older case of the team. A P3
    opened after danger (a wish to be erased, a lost paper) must not draw away the words that whoever is on duty waits
    for. What a person of the team has in hand comes before what nobody has.
    """
    # Danger has a case of its own beside this one: a partner to whom papers were referred is not told of it.
    fit = [case for case in scene.known.open_cases if not (effect.raised and case.referred_to)]
    if not fit:
        return
    case = max(fit, key=lambda case: (is_grave(case), is_held(case), case.opened_at))
    raised = effect.raised if is_held(case) else None
    event = CaseEvent(scene.now, "danger" if raised else "message", "person", scene.text)
    due = scene.deadlines.due(raised or case.priority, scene.now)
    tx.join_case(case.id, event, raised=raised, due_at=due)
    if raised:
        tx.duty.alarm(case.id, at=scene.now)


def answer_case(effect: AnswerCase, tx: Transaction, scene: Scene) -> None:
    """Take in whether a case is solved or the partner helped; a no brings the case back to the team, who are told."""
    case = tx.case_of(scene.person_id, effect.reference)
    if case is None:
        return
    other = next((known for known in scene.known.open_cases if known.kind == case.kind and known.id != case.id), None)
    if other is not None:  # it cannot be opened again beside another one of its kind: its place is there
        tx.join_case(
            other.id,
            CaseEvent(scene.now, "message", "person", f"{case.reference} : {scene.text}"),
            raised=None,
            due_at=scene.now,
        )
        return
    due = scene.deadlines.due(case.priority, scene.now)
    found = answered(case, effect.about, effect.answer, now=scene.now, due=due)
    tx.change_case(case, found.step)
    if found.tell_team:
        tx.duty.alarm(case.id, at=scene.now)


def partner_reminder(ident: str, case: Case, partner: str, now: datetime) -> Reminder:
    """Return the reminder that asks a person whether the partner (its name) has helped."""
    slots = {"helped_case": case.reference, "helped_partner": partner}
    return Reminder(ident, case.person_id, PARTNER_FLOW, now + limits.PARTNER_ASKED_AFTER, slots)


def note_asked(tx: Transaction, reminder: Reminder, *, now: datetime) -> None:
    """Note in the case that the person is asked whether the partner helped."""
    case = tx.case_of(reminder.person_id, str(reminder.slots.get("helped_case", "")))
    if case is not None:
        tx.change_case(case, asked(case, now))
