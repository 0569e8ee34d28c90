"""When the authors' files and a conversation no longer fit: nobody is left without an answer and a person."""

from dataclasses import replace

from bot.core.acting import ActionFailed
from bot.core.answering import BAD, read_value
from bot.core.conversation import Frame
from bot.core.effects import OpenCase
from bot.core.engine_steps import go_on
from bot.core.flow import END, Collect
from bot.core.run import Fault, Run, base_of, leave, push


def recover(run: Run, fault: Exception) -> None:
    """Leave the conversation that failed, say so, and put it before a person."""
    frame = run.top if run.stack else None
    where = {"flow": frame.flow, "step": frame.step} if frame else {}
    run.log("action_execution_rejected", name=where.get("step", ""), metadata={"fault": str(fault)})
    _open_case(run, {"fault": str(fault), **where})
    if run.stack:
        leave(run, base_of(run, len(run.stack) - 1))
    run.steps, run.resting = 0, False
    try:
        push(run, "pattern_internal_error", kind="interrupt")
        if run.stack:
            go_on(run)
    except (Fault, ActionFailed):
        run.stack.clear()


def _open_case(run: Run, note: dict[str, str]) -> None:
    """Open a technical case, unless the turn opens one anyway: only one reference is offered to a turn."""
    reference = run.given.get("next_reference")
    if reference and not any(isinstance(effect, OpenCase) for effect in run.effects):
        run.effects.append(OpenCase(kind="technical", priority="P2", reference=str(reference), note=note))


def drop_what_vanished(run: Run) -> bool:
    """After a change of the files: True when the conversation stood at a step that is gone and was dropped.

    What any flow persists is kept, every other answer is forgotten.
    """
    _drop_bad_values(run)
    if all(_still_there(run, frame) for frame in run.stack):
        run.stack[:] = [replace(f, past=_known(run, f, f.past), kept=_known(run, f, f.kept)) for f in run.stack]
        return False
    run.stack.clear()
    for scope in run.assistant.scopes.values():
        for name in scope.empties - run.assistant.persisted:
            run.slots[name] = run.assistant.initials[name]
    return True


def _still_there(run: Run, frame: Frame) -> bool:
    flow = run.assistant.flows.get(frame.flow)
    if flow is None or (frame.step != END and frame.step not in flow.steps):
        return False
    return frame.asked is None or (frame.asked in flow.steps and isinstance(flow.steps[frame.asked].work, Collect))


def _known(run: Run, frame: Frame, steps: tuple[str, ...]) -> tuple[str, ...]:
    known = run.flow(frame).steps
    return tuple(name for name in steps if name in known and isinstance(known[name].work, Collect))


def _drop_bad_values(run: Run) -> None:
    for slot in run.assistant.domain.slots.values():
        value = run.slots.get(slot.name)
        if value is not None and not slot.given and read_value(slot, value) is BAD:
            run.slots[slot.name] = slot.initial
