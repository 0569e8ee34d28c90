"""What staff do with a broadcast: write, submit, approve, schedule, pause, resume, fund, call off, retry, try out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.broadcast_content import faults, flows_for, longest
from bot.core.broadcasts import Action, Broadcast, Preview, Refused, after, is_word
from bot.core.messages import LANGUAGES, Address, Channel, Language, Outgoing, Status, Wire
from bot.core.prices import in_francs
from bot.core.staff import Staff
from bot.ports import Conflict, OutgoingRow
from bot.ports.broadcasts import Also
from bot.ports.staff import Note
from bot.service.broadcast_desk import Desk, first_words, weigh, wires

# Each verb raises Refused with a sentence for staff, and returns the broadcast as it is then.


@dataclass(frozen=True, slots=True)
class Seen:
    """Which broadcast somebody acts on, in the version that they had before their eyes."""

    staff: Staff
    broadcast_id: str
    version: int | None = None  # None: whatever it is by now (the terminal)


def draft(desk: Desk, staff: Staff, wanted: Broadcast) -> Broadcast:
    """Keep a new broadcast as a draft; id, state, author and time are ours."""
    if not staff.may("broadcaster"):
        msg = "Il faut le rôle « diffusion » pour écrire une diffusion : demandez à un administrateur."
        raise Refused(msg)
    new = replace(wanted, id=desk.ports.ids.new(), state="draft", created_by=staff.id, created_at=desk.now, version=1)
    new = replace(new, writers=(staff.id,))
    desk.broadcasts.add(new, _note(desk, Seen(staff, new.id), "draft"))
    return new


def edit(desk: Desk, seen: Seen, changed: Broadcast) -> Broadcast:
    """Change name, content, audience, sender or money; it is a draft again, and whoever changed it is an author too."""
    old = _load(desk, seen)
    following = after(old, "edit", seen.staff)
    content = ("name", "kind", "texts", "flow", "channel", "sender", "template", "audience", "sms_fallback", "budget")
    new = replace(old, **{name: getattr(changed, name) for name in content}, state=following)
    before = () if old.approved_by else (old.created_by, *old.writers)  # a second person has read what they wrote
    writers = tuple(dict.fromkeys((*before, seen.staff.id)))
    cleared = replace(new, created_by=seen.staff.id, submitted_at=None, approved_by=None, approved_at=None)
    return _save(desk, replace(cleared, starts_at=None, writers=writers), _note(desk, seen, "edit"))


def submit(desk: Desk, seen: Seen) -> Broadcast:
    """Hand a draft over to whoever approves, with its price. Raises Refused with everything that is wrong with it."""
    old = _load(desk, seen)
    following = after(old, "submit", seen.staff)
    word = old.sender if is_word(old.sender) else None if old.sender else desk.word_sender
    flows = flows_for(desk.brain.assistant, old.kind)
    wrong = faults(old, flows=flows, word_sender=word, short_codes=desk.short_codes)
    if wrong:
        raise Refused(" ".join(wrong))
    expected = preview(desk, old)
    if not expected.people:
        msg = "Cette diffusion n'atteindrait personne : changez le public."
        raise Refused(msg)
    priced = replace(
        old,
        expected_people=expected.people,
        expected_segments=expected.segments,
        expected_centimes=expected.centimes,
    )
    return _save(desk, replace(priced, state=following, submitted_at=desk.now), _note(desk, seen, "submit"))


def preview(desk: Desk, one: Broadcast) -> Preview:
    """Count whom a broadcast would reach, whom not and why, and what it would cost."""
    return desk.broadcasts.preview(one.audience, one.channel, weigh(desk, one))


def shown(desk: Desk, one: Broadcast, language: Language, channel: Channel) -> tuple[tuple[Outgoing, Wire], ...]:
    """Return what phones would show first, at its longest."""
    if one.kind != "text":
        return first_words(desk, one.flow or "", language, channel)
    return wires(desk, longest(one.texts.get(language, ""), desk.brain.assistant.facts), channel)


def reject(desk: Desk, seen: Seen) -> Broadcast:
    """Give a submitted broadcast back to its author."""
    return _simply(desk, seen, "reject", submitted_at=None)


def approve(desk: Desk, seen: Seen) -> Broadcast:
    """Approve what somebody else has written."""
    return _simply(desk, seen, "approve", approved_by=seen.staff.id, approved_at=desk.now)


def schedule(desk: Desk, seen: Seen, at: datetime | None = None) -> Broadcast:
    """Let an approved broadcast begin at a time (now, when none is given); quiet hours push it on by themselves."""
    starts_at = max(at, desk.now) if at else desk.now
    return _simply(desk, seen, "schedule", starts_at=starts_at)


def pause(desk: Desk, seen: Seen) -> Broadcast:
    """Stop at once: nothing that is not with the provider leaves any more."""
    return _simply(desk, seen, "pause", pause_reason="staff")


def resume(desk: Desk, seen: Seen) -> Broadcast:
    """Go on where it stopped."""
    return _simply(desk, seen, "resume", also="wait_anew", pause_reason="")


def fund(desk: Desk, seen: Seen, budget: int) -> Broadcast:
    """Raise the budget (centimes), and nothing else, of a broadcast that is paused; it goes on once it is resumed."""
    old = _load(desk, seen)
    following = after(old, "fund", seen.staff)
    if old.budget is None:
        msg = "Cette diffusion n'a pas de budget à elle : c'est celui du mois qui compte."
        raise Refused(msg)
    if budget <= old.budget:
        msg = f"Le nouveau budget doit dépasser l'ancien, {in_francs(old.budget)}."
        raise Refused(msg)
    changed = f"{old.budget // 100} -> {budget // 100} FCFA"
    return _save(desk, replace(old, state=following, budget=budget), _note(desk, seen, "fund", changed))


def cancel(desk: Desk, seen: Seen) -> Broadcast:
    """End it for good; whoever has not been written to is left out, with that reason."""
    return _simply(desk, seen, "cancel", also="call_off", ended_at=desk.now)


def retry_failed(desk: Desk, seen: Seen) -> Broadcast:
    """Try once more whom it did not reach: failed and undelivered, never those left out."""
    return _simply(desk, seen, "retry", also="retry_failed", ended_at=None)


def test_send(desk: Desk, seen: Seen, to: Sequence[Address]) -> int:
    """Send the texts, at their longest, to telephones of staff; return how many messages."""
    one = _load(desk, seen)
    if not seen.staff.may("broadcaster"):
        msg = "Il faut le rôle « diffusion » pour un envoi d'essai."
        raise Refused(msg)
    said = [
        (address, language, wire)
        for address in to
        for language in LANGUAGES
        for _, wire in shown(desk, one, language, address.channel)
    ]
    rows = [
        replace(_test_row(desk, address, language, position, wire), sender=one.sender)
        for position, (address, language, wire) in enumerate(said)
    ]
    with desk.ports.store.write() as tx:
        tx.add_outgoing(rows)
        tx.audit(actor=seen.staff.id, action="broadcast.test", object_id=one.id, now=desk.now, detail=str(len(rows)))
    desk.ports.wake.outgoing()
    return len(rows)


def _test_row(desk: Desk, to: Address, language: Language, position: int, wire: Wire) -> OutgoingRow:
    return OutgoingRow(
        id=desk.ports.ids.new(),
        person_id=None,
        to=to,
        provider=desk.ports.carrier(to, ""),
        kind="staff",
        route="rest",
        text=wire.text,
        response="broadcast",
        language=language,
        encoding=wire.encoding,
        segments=wire.segments,
        status=Status.QUEUED,
        created_at=desk.now,
        position=position,
    )


def _simply(desk: Desk, seen: Seen, action: Action, *, also: Also = "", **changes: object) -> Broadcast:
    """Take one step of a broadcast's life."""
    old = _load(desk, seen)
    following = after(old, action, seen.staff)
    new = replace(old, state=following, **changes)  # type: ignore[arg-type]
    return _save(desk, new, _note(desk, seen, action), also)


def _load(desk: Desk, seen: Seen) -> Broadcast:
    found = desk.broadcasts.get(seen.broadcast_id)
    if found is None:
        msg = "Cette diffusion n'existe pas."
        raise Refused(msg)
    if seen.version is not None and found.version != seen.version:
        raise Refused(_CHANGED)
    return found


_CHANGED = "Quelqu'un a changé cette diffusion entre-temps : regardez-la de nouveau."


def _save(desk: Desk, new: Broadcast, note: Note, also: Also = "") -> Broadcast:
    try:
        desk.broadcasts.save(new, note, also=also)
    except Conflict as faster:
        raise Refused(_CHANGED) from faster
    return replace(new, version=new.version + 1)


def _note(desk: Desk, seen: Seen, action: Action | Literal["draft"], detail: str = "") -> Note:
    return Note(seen.staff.id, f"broadcast.{action}", seen.broadcast_id, desk.now, detail)
