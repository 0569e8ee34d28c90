"""What we ask by ourselves: which answers of a turn are kept under what they were asked for, and when that is over.

A frame that we began carries its `source` in its context, so no flow has to be written for it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.answering import BAD, read_value
from bot.core.check_ins import LATER
from bot.core.commands import Begin, Command
from bot.core.conversation import Frame
from bot.core.effects import Ending, EndOutreach, KeepAnswer, OptOut
from bot.core.run import Run, base_of, leave, plain_text, set_slot

SOURCE: Final = "source"
_CLOSED: Final = frozenset({"bool", "categorical"})  # codes; what is said in words is never an answer for the plots


def leave_older(run: Run, begin: Begin) -> None:
    """Take what we asked for earlier off the stack: two check-ins at once would confuse anybody."""
    if not begin.source:
        return
    for place in range(len(run.stack) - 1, -1, -1):
        if place < len(run.stack) and source_of(run.stack[place]) not in {"", begin.source}:
            base, above = place, place + 1
            while above < len(run.stack) and run.stack[above].kind == "call":
                above += 1
            kept = run.stack[above:]
            leave(run, base)
            run.stack += kept


def mark(run: Run, begin: Begin) -> None:
    """Write on the conversation that was begun what it is asked for."""
    if begin.source:
        base = base_of(run, len(run.stack) - 1)
        run.change(base, context={**run.stack[base].context, SOURCE: begin.source})


def tell(run: Run, begin: Begin) -> None:
    """Set what a flow that we begin is told and never asks for, such as which case was closed."""
    known, asked = run.assistant.domain.slots, run.assistant.scopes[begin.flow].fills
    for name, value in begin.slots.items():
        if value is not None and name in known and name not in asked and not known[name].given:
            read = read_value(known[name], value)
            if read is not BAD:
                set_slot(run, name, read)


def source_of(frame: Frame) -> str:
    """Return what a frame is asked for; "" when the person began it."""
    return str(frame.context.get(SOURCE) or "")


def follow(run: Run, before: Sequence[Frame], seen: int, commands: Sequence[Command]) -> None:
    """Keep the turn's answers to our questions, and end what left the stack. `seen`: how many events were there."""
    sources = {source_of(frame) for frame in (*before, *run.stack)} - {""}
    if not sources:
        return
    answers = [answer for source in sorted(sources) for answer in _answers(run, source, before, seen)]
    run.effects += answers
    for source in sorted(sources - {source_of(frame) for frame in run.stack}):
        run.effects.append(EndOutreach(source, _outcome(run, source, answers, commands)))


def _answers(run: Run, source: str, before: Iterable[Frame], seen: int) -> list[KeepAnswer]:
    """Return the newest value of each closed question that was answered in this turn."""
    flows = {frame.flow for frame in (*before, *run.stack) if source_of(frame) == source}
    asked = frozenset().union(*(run.assistant.scopes[flow].fills for flow in flows if flow in run.assistant.scopes))
    values = {
        str(event["name"]): event["value"]
        for event in run.events[seen:]
        if event["event"] == "slot" and event["name"] in asked and event["value"] is not None
    }
    slots = run.assistant.domain.slots
    return [
        KeepAnswer(source, name, plain_text(value)) for name, value in values.items() if slots[name].type in _CLOSED
    ]


def _outcome(run: Run, source: str, answers: Sequence[KeepAnswer], commands: Sequence[Command]) -> Ending:
    """Say how it ended: answered to the end, refused, or overtaken by the next one that we began."""
    values = {answer.value for answer in answers if answer.source == source}
    if any(isinstance(effect, OptOut) for effect in run.effects):
        return "opted_out"
    if any(isinstance(command, Begin) and command.source for command in commands):
        return "no_answer"
    return "" if values - {LATER} else "refused"
