"""An answer to the question after the open one: "another number?" answered by the number itself."""

from collections.abc import Iterator, Mapping

from bot.core.assistant import Assistant
from bot.core.commands import Fill, Value
from bot.core.conversation import State
from bot.core.domain import Slot
from bot.core.flow import Call, Collect, Flow, Step


def answer_ahead(assistant: Assistant, state: State, heard: Mapping[str, Value]) -> tuple[Fill, ...]:
    """Return the answers to the open question and to the next one, when the message answered only the next.

    `heard` is {entity: value} of the message. The open question must be a choice, and exactly one of its answers must
    lead straight to a question about something that was heard; otherwise nothing is concluded and () comes back.
    """
    if not heard or not state.stack or state.stack[-1].asked is None:
        return ()
    frame = state.stack[-1]
    flow = assistant.flows[frame.flow]
    step = flow.steps[str(frame.asked)]
    if not isinstance(step.work, Collect):
        return ()
    slot = assistant.domain.slots[step.work.slot]
    found = [fills for value in _answers(slot) for fills in _led_to(assistant, state, (flow, step, slot, value), heard)]
    return found[0] if len(found) == 1 else ()


def _answers(slot: Slot) -> tuple[Value, ...]:
    return (True, False) if slot.type == "bool" else slot.values


def _led_to(
    assistant: Assistant, state: State, chosen: tuple[Flow, Step, Slot, Value], heard: Mapping[str, Value]
) -> Iterator[tuple[Fill, ...]]:
    flow, step, slot, value = chosen
    following = _next(assistant, flow, step, {**state.slots, slot.name: value})
    if following and isinstance(following.work, Collect):
        asked = assistant.domain.slots[following.work.slot]
        if asked.entity and asked.entity in heard and asked.entity != slot.entity:
            yield Fill(slot.name, value), Fill(asked.name, heard[asked.entity])


def _next(assistant: Assistant, flow: Flow, step: Step, slots: Mapping[str, Value]) -> Step | None:
    """Return the step that follows with these slots, the first one of a called flow included."""
    known = {**assistant.initials, **slots}
    to = next((way.to for way in step.ways if way.condition is None or way.condition.holds(known, {})), "")
    following = flow.steps.get(to)
    if following and isinstance(following.work, Call):
        called = assistant.flows[following.work.flow]
        return called.steps[called.first]
    return following
