"""A turn while it is decided: the conversation being edited, and the verbs that edit it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.core import limits
from bot.core.acting import Act
from bot.core.assistant import URGENT_PATTERNS, Assistant
from bot.core.commands import Value
from bot.core.conversation import Frame, FrameKind
from bot.core.effects import Effect, Say
from bot.core.flow import Collect, Flow, Step
from bot.core.messages import Choice, Language

DANGER_SLOTS: Final = frozenset({"danger_kind", "danger_priority", "danger_words"})  # what an alarm tells its pattern


class Fault(Exception):
    """An author's mistake came to light while talking; the text says which, without anything a person said."""


@dataclass(slots=True)
class Run:
    """One turn. `slots` holds the given values too; `resting`: nothing more is asked in this turn."""

    assistant: Assistant
    act: Act
    given: Mapping[str, Any]
    slots: dict[str, Value]
    now: float
    n: int = 0
    lang: Language | None = None
    paused: bool = False
    misses: int = 0
    menu: tuple[Choice, ...] = ()
    before: tuple[Say, ...] = ()  # what was said in the turn before
    stack: list[Frame] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    said: list[Say] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)  # flows that began in this turn, patterns among them
    steps: int = 0
    resting: bool = False

    @property
    def top(self) -> Frame:
        """Return the frame that speaks."""
        return self.stack[-1]

    def flow(self, frame: Frame) -> Flow:
        """Return the flow of a frame."""
        return self.assistant.flows[frame.flow]

    def step(self, frame: Frame) -> Step:
        """Return the step that a frame stands at."""
        return self.assistant.flows[frame.flow].steps[frame.step]

    def is_pattern(self, frame: Frame) -> bool:
        """Say whether a frame runs one of the patterns, or asks something in passing (`metadata: {aside: true}`)."""
        flow = self.assistant.flows[frame.flow]
        return flow.is_pattern or bool(flow.metadata.get("aside"))

    def change(self, place: int = -1, **parts: Any) -> None:
        """Put new values into the frame at a place of the stack."""
        self.stack[place] = replace(self.stack[place], **parts)

    def log(self, event: str, **parts: Any) -> None:
        """Append a rasa_sdk event."""
        self.events.append({"event": event, "timestamp": self.now, **parts})

    def count_step(self) -> None:
        """Count one step. Raises Fault when the turn takes too many."""
        self.steps += 1
        if self.steps > limits.STEPS_A_TURN:
            raise Fault(f"{self.top.flow}: more than {limits.STEPS_A_TURN} steps in one turn; the flow loops.")


def push(run: Run, flow: str, *, kind: FrameKind = "interrupt", context: Mapping[str, Value] | None = None) -> bool:
    """Put a flow on top of the stack at its first step; False when the assistant has no such flow.

    A pattern takes the place of the same one that waits, so that picture after picture does not pile up questions.
    """
    known = run.assistant.flows.get(flow)
    if known is None:
        return False
    if known.is_pattern:
        _replace_pattern(run, flow, (context or {}).get("reason"))
    run.n += 1
    run.begun.append(flow)
    run.stack.append(Frame(run.n, flow, known.first, kind if run.stack else "regular", context=context or {}))
    return True


def _replace_pattern(run: Run, flow: str, reason: Value) -> None:
    waiting = [frame for frame in run.stack if frame.flow == flow and frame.context.get("reason") == reason]
    for frame in waiting:
        run.stack.remove(frame)
        empty(run, flow)


def set_slot(run: Run, name: str, value: Value) -> None:
    """Give a slot a value and note it among the events."""
    run.slots[name] = value
    run.log("slot", name=name, value=value)


def base_of(run: Run, place: int) -> int:
    """Return the place of the frame that a called frame belongs to."""
    while place > 0 and run.stack[place].kind == "call":
        place -= 1
    return place


def leave(run: Run, place: int) -> None:
    """Take the frames from a place upwards off the stack and empty what belonged to them."""
    gone = run.stack[place:]
    del run.stack[place:]
    for frame in gone:
        empty(run, frame.flow)


def empty(run: Run, flow: str) -> None:
    """Give a flow's own slots their initial values, except what a flow that is still open below has asked for too."""
    scopes = run.assistant.scopes
    open_slots = frozenset().union(*(scopes[frame.flow].empties for frame in run.stack))
    own = scopes[flow].empties | (DANGER_SLOTS & run.slots.keys() if flow in URGENT_PATTERNS else frozenset())
    for name in own - open_slots:
        if run.slots.get(name) != run.assistant.initials[name]:
            set_slot(run, name, run.assistant.initials[name])


def drop_patterns(run: Run) -> None:
    """Take patterns off the top: whoever says something of their own is not held up by our questions."""
    place = len(run.stack)
    while place and run.is_pattern(run.stack[place - 1]):
        place -= 1
    leave(run, place)


def open_question(run: Run, place: int = -1) -> Collect | None:
    """Return the question that the frame at a place has asked and that is not answered."""
    if not run.stack:
        return None
    frame = run.stack[place]
    if frame.asked is None:
        return None
    work = run.flow(frame).steps[frame.asked].work
    return work if isinstance(work, Collect) else None


def cannot_handle(run: Run, reason: str) -> None:
    """Count a failure and let the pattern speak; from the second in a row it offers a person."""
    run.misses += 1
    context: dict[str, Value] = {"reason": reason, "failures": float(run.misses), "more": bool(run.stack)}
    push(run, "pattern_cannot_handle", context=context)


def shown(run: Run, slot: str, value: Value) -> str:
    """Return how a slot's value stands in `Say.values`: text; a value with a title of its own as that title's msgid."""
    plain = plain_text(value)
    msgid = f"value.{slot}.{plain}"
    return msgid if any(msgid in texts for texts in run.assistant.texts.values()) else plain


def plain_text(value: Any) -> str:
    """Write a value as text: true, 3, a comma-separated list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(plain_text, value))
    return str(value)
