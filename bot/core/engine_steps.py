"""Go through the steps of the top frame until a question is asked or nothing is left."""

from dataclasses import replace
from typing import Any, Final

from bot.core.answering import BAD, read_value, rejected
from bot.core.engine_actions import run_action
from bot.core.engine_outreach import SOURCE
from bot.core.flow import END, Act, Call, Collect, Link, SetSlots, Step
from bot.core.run import Fault, Run, base_of, empty, push, set_slot
from bot.core.saying import say

# After these nothing below speaks in the same turn: a menu under an emergency text would bury it, a question under a
# choice would take its digits.
SLEEP_AFTER: Final = frozenset({"pattern_emergency", "pattern_clarification", "pattern_internal_error"})
ASK_AFTER: Final = frozenset({"pattern_cancel_flow"})


def go_on(run: Run) -> None:
    """Run steps until the turn rests. Raises Fault, ActionFailed."""
    while run.stack and not run.resting:
        run.count_step()
        if run.top.step == END:
            _end_frame(run)
        else:
            _take(run, run.step(run.top))


def _take(run: Run, step: Step) -> None:
    match step.work:
        case Collect():
            _collect(run, step, step.work)
        case Act():
            run_action(run, step.work.name)
            _go(run, step)
        case SetSlots():
            _set_slots(run, step.work)
            _go(run, step)
        case Link():
            _link(run, step.work.flow)
        case Call():
            push(run, step.work.flow, kind="call")
        case _:
            _go(run, step)


def _go(run: Run, step: Step) -> None:
    context = run.top.context
    if "more" in context:  # what lay below may be gone by now
        context = {**context, "more": len(run.stack) > 1, "choices": bool(run.menu)}
    for way in step.ways:
        if way.condition is None or way.condition.holds(run.slots, context):
            run.change(step=way.to)
            return
    raise Fault(f"{run.top.flow}: no way leads on from the step {step.id!r}.")


def _set_slots(run: Run, work: SetSlots) -> None:
    for name, value in work.values:
        read: Any = None if value is None else read_value(run.assistant.domain.slots[name], value)
        if read is BAD:
            raise Fault(f"{run.top.flow}: the slot {name!r} cannot be set to {value!r}.")
        set_slot(run, name, read)


def _collect(run: Run, step: Step, question: Collect) -> None:
    frame = run.top
    must_ask = question.ask_before_filling and step.id not in frame.kept
    if must_ask and run.slots.get(question.slot) is not None:
        set_slot(run, question.slot, None)
    if run.slots.get(question.slot) is not None:
        if not rejected(run, question):
            past = (*(name for name in frame.past if name != step.id), step.id)
            # A kept answer stands for one passage: a flow that comes round again asks again.
            run.change(asked=None, past=past, kept=tuple(name for name in frame.kept if name != step.id))
            _go(run, step)
            return
        set_slot(run, question.slot, None)
    ask(run, step, question)


def ask(run: Run, step: Step, question: Collect) -> None:
    """Say the question; the turn then rests."""
    before = len(run.said)
    action = f"action_ask_{question.slot}"
    if action in run.assistant.domain.actions:
        run_action(run, action)
    if len(run.said) == before:
        say(run, question.utter)
    if not run.said[-1].choices:
        run.menu = ()
    run.change(asked=step.id)
    run.resting = True


def _link(run: Run, flow: str) -> None:
    ended = run.stack.pop()
    empty(run, ended.flow)
    run.n += 1
    run.begun.append(flow)
    first = run.assistant.flows[flow].first
    context = {SOURCE: ended.context[SOURCE]} if SOURCE in ended.context else {}
    run.stack.append(
        replace(ended, id=run.n, flow=flow, step=first, kind="link", asked=None, past=(), kept=(), context=context)
    )


def _end_frame(run: Run) -> None:
    ended = run.stack.pop()
    flow = run.flow(ended)
    if ended.kind == "call":
        _go(run, run.step(run.top))
        return
    empty(run, flow.id)
    if flow.is_pattern:
        run.resting = run.paused or flow.id in SLEEP_AFTER
        if flow.id in ASK_AFTER:
            _ask_to_continue(run)
    elif run.paused:
        run.resting = True
    elif run.stack:
        if not flow.metadata.get("aside"):  # a thank-you interrupts nothing: the open question is simply asked again
            _ask_to_continue(run)
    elif flow.run_pattern_completed:
        push(run, "pattern_completed")


def _ask_to_continue(run: Run) -> None:
    """Ask before going back to what was interrupted, unless it had not really begun."""
    if not run.stack or run.is_pattern(run.top):
        return
    base = run.stack[base_of(run, len(run.stack) - 1)]
    if run.top.asked or base.past:
        push(run, "pattern_continue_interrupted", context={"flow": base.flow, "stale": False})
