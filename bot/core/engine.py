"""The conversation's engine: state and commands in, next state and what is to be done out. Pure, deterministic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.core import limits
from bot.core.acting import Act, ActionCall, ActionFailed, ActionResult
from bot.core.assistant import Assistant
from bot.core.commands import CannotHandle, Clarify, Command, Expectation, Fill
from bot.core.conversation import Frame, State
from bot.core.effects import Effect, Say
from bot.core.engine_commands import apply
from bot.core.engine_outreach import follow
from bot.core.engine_steps import go_on
from bot.core.messages import Choice, Language
from bot.core.recovery import drop_what_vanished, recover
from bot.core.run import Fault, Run, base_of, drop_patterns, open_question, push

__all__ = ["Act", "ActionCall", "ActionFailed", "ActionResult", "Fault", "Turn", "advance", "expectation"]

_WELCOME: Final = "pattern_session_start"
_LAST_WORD: Final = "utter_internal_error"  # when even the patterns are missing, somebody must still be answered


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn comes to: the state afterwards, everything to be done in order, the sayings among it, flows begun."""

    state: State
    effects: tuple[Effect, ...]
    said: tuple[Say, ...]
    begun: tuple[str, ...] = ()


def advance(
    assistant: Assistant, state: State, commands: Sequence[Command], *, act: Act, given: Mapping[str, Any]
) -> Turn:
    """Decide one turn. `given` holds the turn's slot values and "now" (aware datetime or ISO text).

    A fault of the authors (a loop, a missing value, an action against its contract) becomes pattern_internal_error and
    a case; with `assistant.strict` it is raised as Fault or ActionFailed.
    """
    run = _open(assistant, state, act, given)
    seen = len(run.events)
    try:
        _decide(run, state, commands)
        _never_silent(run)
    except (Fault, ActionFailed) as fault:
        if assistant.strict:
            raise
        recover(run, fault)
    if not run.said and not run.paused:
        _last_word(run)
    follow(run, state.stack, seen, commands)
    return Turn(_close(run, state), tuple(run.effects), tuple(run.said), tuple(run.begun))


def expectation(assistant: Assistant, state: State, language: Language) -> Expectation:
    """Say what the conversation waits for, so that a bare digit or a name can be understood.

    The titles of `choices` are the sentences of the language where the catalogue has them.
    """
    texts = assistant.texts.get(language, {})
    choices = tuple(Choice(texts.get(choice.title, choice.title), choice.payload) for choice in state.menu)
    frame = state.stack[-1] if state.stack else None
    flow = assistant.flows.get(frame.flow) if frame else None
    step = flow.steps.get(frame.asked) if flow and frame and frame.asked else None
    slot = assistant.domain.slots.get(getattr(step.work, "slot", "")) if step else None
    if slot is None:
        return Expectation(choices=choices)
    return Expectation(slot.name, slot.type, slot.entity, choices)


def _open(assistant: Assistant, state: State, act: Act, given: Mapping[str, Any]) -> Run:
    now = given.get("now")
    moment = datetime.fromisoformat(now) if isinstance(now, str) else now
    kept = {name: value for name, value in state.slots.items() if name in assistant.initials}
    return Run(
        assistant=assistant,
        act=act,
        given=given,
        slots={**assistant.initials, **kept, **{name: value for name, value in given.items() if name != "now"}},
        now=moment.timestamp() if moment else state.ts,
        n=state.n,
        lang=state.lang,
        paused=state.paused,
        misses=state.misses,
        menu=state.menu,
        before=state.said,
        stack=list(state.stack),
        events=list(state.events),
    )


def _decide(run: Run, state: State, commands: Sequence[Command]) -> None:
    run.log("user", text=None, input_channel=run.given.get("channel"))
    if run.paused:  # what is no command belongs to the person of the team who has the word
        commands = [command for command in commands if not isinstance(command, CannotHandle | Clarify)]
    vanished = state.rev != run.assistant.rev and drop_what_vanished(run)
    stale = state.ts > 0 and run.now - state.ts > limits.CONVERSATION_STALE_AFTER.total_seconds()
    greet = state.ts == 0 or (stale and not run.stack)
    if stale and run.stack and not run.paused and _undecided(run, commands):
        _wake(run)
    else:
        apply(run, [c for c in commands if not (vanished and isinstance(c, Fill | CannotHandle))])
    late = _holds(state.stack, _WELCOME) and not _holds(run.stack, _WELCOME)  # another wish instead of a language
    urgent = bool(run.stack) and run.top.flow in {"pattern_emergency", "pattern_doubt"}
    if vanished and not urgent:
        push(run, "pattern_code_change", context={"more": bool(run.stack)})
    if (greet or late) and not urgent and not run.paused:
        _greet(run, late=late)
    run.resting |= run.paused and run.stack == list(
        state.stack
    )  # nothing was begun: the person of the team has the word
    go_on(run)


def _undecided(run: Run, commands: Sequence[Command]) -> bool:
    """Say whether a message after a long silence leaves open what the person wants."""
    place = len(run.stack) - 1
    while place > 0 and run.is_pattern(run.stack[place]):
        place -= 1
    question = open_question(run, place)
    for command in commands:
        if isinstance(command, CannotHandle):
            continue
        if not isinstance(command, Fill):
            return False
        slot = run.assistant.domain.slots.get(command.slot)
        clear = slot is not None and (slot.entity is not None or slot.type in {"categorical", "bool", "float"})
        if clear and question and question.slot == command.slot:
            return False
    return True


def _wake(run: Run) -> None:
    drop_patterns(run)
    if run.stack:
        base = run.stack[base_of(run, len(run.stack) - 1)]
        push(run, "pattern_continue_interrupted", context={"flow": base.flow, "stale": True})


def _holds(stack: Sequence[Frame], flow: str) -> bool:
    return any(frame.flow == flow for frame in stack)


def _greet(run: Run, *, late: bool) -> None:
    """Greet first, unless the flow that was begun does without (`metadata: {greeting: none}`) or greets itself."""
    greeting = run.flow(run.top).metadata.get("greeting") if run.stack else None
    if greeting == "none":
        return
    if greeting == "same":
        run.stack.pop()
    reason = "late" if late else run.top.context.get("reason") if run.stack else None
    below = run.top.flow if run.stack else None
    push(run, _WELCOME, context={"more": bool(run.stack), "reason": reason, "flow": below})


def _never_silent(run: Run) -> None:
    """Say something: the open question again, else how to go on."""
    if run.said or run.paused:
        return
    run.resting = False
    if not run.stack:
        push(run, "pattern_completed")
    go_on(run)


def _last_word(run: Run) -> None:
    say = Say(_LAST_WORD)
    run.said.append(say)
    run.effects.append(say)


def _remembered(run: Run, kept: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the events without answers that have been forgotten: an emptied slot must not live on in the history."""
    return [e for e in run.events if e["event"] != "slot" or (e["name"] in kept and kept[e["name"]] == e["value"])]


def _close(run: Run, state: State) -> State:
    slots = run.assistant.domain.slots
    kept = {
        name: value
        for name, value in run.slots.items()
        if name in slots and not slots[name].given and value != run.assistant.initials[name]
    }
    return replace(
        state,
        rev=run.assistant.rev,
        lang=run.lang,
        paused=run.paused,
        n=run.n,
        ts=run.now,
        slots=kept,
        stack=tuple(run.stack),
        menu=run.menu,
        said=tuple(run.said) or state.said,
        events=tuple(_remembered(run, kept)[-limits.EVENTS_KEPT :]),
        misses=run.misses,
    )
