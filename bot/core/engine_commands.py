"""What each command does to the stack of frames."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.core import limits
from bot.core.answering import accept
from bot.core.commands import (
    Alarm,
    Back,
    Begin,
    Cancel,
    CannotHandle,
    Clarify,
    Command,
    Correct,
    Fill,
    Repeat,
    Start,
    Value,
)
from bot.core.engine_outreach import leave_older, mark, tell
from bot.core.flow import Collect, Flow
from bot.core.run import Run, base_of, cannot_handle, drop_patterns, leave, open_question, push, set_slot


def apply(run: Run, commands: Sequence[Command]) -> None:
    """Edit the stack by each command in turn; an alarm is heard alone."""
    alarm = next((command for command in commands if isinstance(command, Alarm)), None)
    for command in (alarm,) if alarm else commands:
        _EDITS[type(command)](run, command)


def _start(run: Run, command: Start) -> None:
    flow = run.assistant.flows.get(run.assistant.triggers.get(command.intent, ""))
    if flow is None:
        cannot_handle(run, "no_flow")
    elif flow.guard and not flow.guard.holds(run.slots, {}):
        cannot_handle(run, "not_available")
    else:
        begin(run, flow.id, command.slots)


def _begin(run: Run, command: Begin) -> None:
    if command.flow not in run.assistant.flows:
        cannot_handle(run, "no_flow")
        return
    leave_older(run, command)
    begin(run, command.flow, command.slots)
    tell(run, command)
    mark(run, command)


def begin(run: Run, flow: str, slots: Mapping[str, Value]) -> None:
    """Put a flow on top: a fresh one, or the one that is open already."""
    drop_patterns(run)
    run.misses = 0
    places = [place for place, frame in enumerate(run.stack) if frame.flow == flow]
    if not places:
        push(run, flow, context={"more": True} if run.stack else None)
    else:
        _bring_up(run, base_of(run, places[-1]))
    _prefill(run, flow, slots)


def _bring_up(run: Run, base: int) -> None:
    """Move a conversation that lies below, with the flows it has called, to the top of the stack."""
    end = base + 1
    while end < len(run.stack) and run.stack[end].kind == "call":
        end += 1
    run.stack[:] = [*run.stack[:base], *run.stack[end:], *run.stack[base:end]]


def _prefill(run: Run, flow: str, slots: Mapping[str, Value]) -> None:
    """Take what the message already said, as far as the flow asks for it; what does not fit will be asked."""
    for heard, value in slots.items():
        name = _slot_for(run, flow, heard)
        if name is None or value is None:
            continue
        question = open_question(run)
        if question and question.slot == name:
            _answer(run, value)
        elif run.top.past and _passed(run, len(run.stack) - 1, name):
            _fill(run, Fill(name, value))
        else:
            _quietly(run, name, value)


def _slot_for(run: Run, flow: str, name: str) -> str | None:
    """Return the flow's slot of that name, else the only one that looks for that entity; two of a kind are asked."""
    fills = run.assistant.scopes[flow].fills
    if name in fills:
        return name
    meant = [slot for slot in fills if run.assistant.domain.slots[slot].entity == name]
    return meant[0] if len(meant) == 1 else None


def _quietly(run: Run, name: str, value: Value) -> None:
    effects, said, log = len(run.effects), len(run.said), len(run.events)
    if not accept(run, name, value, question=None):
        del run.effects[effects:], run.said[said:], run.events[log:]


def _fill(run: Run, command: Fill) -> None:
    slot = run.assistant.domain.slots.get(command.slot)
    if slot is None or slot.given:
        cannot_handle(run, "no_such_choice")
        return
    question = open_question(run)
    if question is None or question.slot != command.slot:
        _leave_patterns_for(run, command.slot)
        question = open_question(run)
    if question and question.slot == command.slot:
        _answer(run, command.value)
    elif not _correct_answer(run, command):
        _fill_ahead(run, command)


def _leave_patterns_for(run: Run, slot: str) -> None:
    """Drop our own questions when the answer clearly belongs to the conversation under them."""
    for place in range(len(run.stack) - 1, -1, -1):
        if not run.is_pattern(run.stack[place]):
            asked = open_question(run, place)
            if (asked and asked.slot == slot) or _passed(run, place, slot):
                drop_patterns(run)
            return


def _answer(run: Run, value: Value) -> None:
    frame = run.top
    question = open_question(run)
    said = len(run.said)
    if question and frame.asked and accept(run, question.slot, value, question=question):
        run.misses = 0
        run.change(asked=None, kept=(*frame.kept, frame.asked))
    else:
        _refused(run, explained=len(run.said) > said)


def _refused(run: Run, *, explained: bool) -> None:
    """Ask again: after an explanation by itself, else with a word; from the second time on a person is offered."""
    if explained and run.misses == 0:
        run.misses = 1
    else:
        cannot_handle(run, "refused" if explained else "bad_value")


def _passed(run: Run, place: int, slot: str) -> str | None:
    """Return the step of a frame at which the slot was answered before."""
    frame = run.stack[place]
    steps = run.flow(frame).steps
    for name in reversed(frame.past):
        work = steps[name].work
        if isinstance(work, Collect) and work.slot == slot:
            return name
    return None


def _correct_answer(run: Run, command: Fill) -> bool:
    """Change an answer given before; False when no open conversation has asked for it."""
    for place in range(len(run.stack) - 1, -1, -1):
        step = _passed(run, place, command.slot)
        if step:
            break
    else:
        return False
    work = run.flow(run.stack[place]).steps[step].work
    before, said = run.slots.get(command.slot), len(run.said)
    if not accept(run, command.slot, command.value, question=work if isinstance(work, Collect) else None):
        _refused(run, explained=len(run.said) > said)
        return True
    run.misses = 0
    if run.slots[command.slot] != before:
        _rewind(run, place, step, keep=True)
        push(run, "pattern_correction", context={"slot": command.slot, "value": run.slots[command.slot]})
    return True


def _rewind(run: Run, place: int, step: str, *, keep: bool) -> None:
    """Set a frame back to one of its questions; flows that it has called since are left."""
    end = place + 1
    while end < len(run.stack) and run.stack[end].kind == "call":
        end += 1
    above = run.stack[end:]
    leave(run, place + 1)
    run.stack += above
    frame = run.stack[place]
    at = frame.past.index(step)
    kept = frame.past[at:] if keep else ()
    run.change(place, step=step, asked=None, past=frame.past[:at], kept=kept)


def _fill_ahead(run: Run, command: Fill) -> None:
    """Take an answer to a question that an open conversation will still ask; anything else is no choice of ours."""
    for frame in reversed(run.stack):
        if command.slot in run.assistant.scopes[frame.flow].fills and not run.is_pattern(frame):
            said = len(run.said)
            if accept(run, command.slot, command.value, question=None):
                run.misses = 0
            else:
                _refused(run, explained=len(run.said) > said)
            return
    cannot_handle(run, "no_such_choice")


def _correct(run: Run, command: Correct) -> None:
    drop_patterns(run)
    place = len(run.stack) - 1
    step = _passed(run, place, command.slot) if command.slot and run.stack else None
    if step is None or command.slot is None:
        _back(run, Back())
        return
    _rewind(run, place, step, keep=True)
    run.change(kept=run.top.kept[1:])
    set_slot(run, command.slot, None)


def _back(run: Run, _command: Back) -> None:
    if run.stack and not run.top.past:
        drop_patterns(run)
    place = len(run.stack) - 1
    while place > 0 and not run.stack[place].past and run.stack[place].kind == "call":
        place -= 1
    if not run.stack or (place == 0 and not run.stack[0].past):
        cannot_handle(run, "nothing_before")
        return
    run.misses = 0
    if not run.stack[place].past:  # the first question of a digression: back to what it interrupted
        leave(run, place)
        return
    leave(run, place + 1)
    step = run.top.past[-1]
    work = run.flow(run.top).steps[step].work
    _rewind(run, place, step, keep=False)
    if isinstance(work, Collect):
        set_slot(run, work.slot, None)


def _cancel(run: Run, _command: Cancel) -> None:
    """Leave the conversation on top; what it had interrupted is asked about, not dropped unseen."""
    drop_patterns(run)
    run.misses = 0
    left = None
    if run.stack:
        base = base_of(run, len(run.stack) - 1)
        left = run.stack[base].flow
        leave(run, base)
    push(run, "pattern_cancel_flow", context={"flow": left})


def _repeat(run: Run, _command: Repeat) -> None:
    if run.before:
        run.said += run.before
        run.effects += run.before
        run.resting = True


def _clarify(run: Run, command: Clarify) -> None:
    flows = (run.assistant.flows.get(run.assistant.triggers.get(intent, "")) for intent in command.intents)
    names = [flow.id for flow in flows if flow and _may_be_offered(run, flow)]
    drop_patterns(run)
    if not names or not push(run, "pattern_clarification", context={"names": names[: limits.MENU_CHOICES]}):
        cannot_handle(run, "unclear")


def _may_be_offered(run: Run, flow: Flow) -> bool:
    """Leave out what nobody picks from a list: a greeting, a yes, a goodbye (`metadata: {offered: false}`)."""
    return flow.metadata.get("offered") is not False and (flow.guard is None or flow.guard.holds(run.slots, {}))


def _cannot_handle(run: Run, command: CannotHandle) -> None:
    cannot_handle(run, command.reason)


def _alarm(run: Run, command: Alarm) -> None:
    """Let the emergency pattern speak at once; every conversation stays where it is."""
    drop_patterns(run)
    pattern = "pattern_doubt" if command.doubt else "pattern_emergency"
    for name, value in (
        ("danger_kind", command.kind),
        ("danger_priority", command.priority),
        ("danger_words", list(command.words)),
    ):
        if name in run.assistant.domain.slots:
            set_slot(run, name, value)
    push(run, pattern, context={"kind": command.kind, "priority": command.priority})


_EDITS: Final[Mapping[type[Any], Callable[[Run, Any], None]]] = {
    Start: _start,
    Begin: _begin,
    Fill: _fill,
    Correct: _correct,
    Back: _back,
    Cancel: _cancel,
    Repeat: _repeat,
    Clarify: _clarify,
    CannotHandle: _cannot_handle,
    Alarm: _alarm,
}
