"""What waited for somebody's answer to a WhatsApp template follows that answer, unless they want none of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.cases import is_grave
from bot.core.commands import Alarm, Begin, Cancel, CannotHandle, Clarify, Command, Start
from bot.core.conversation import State
from bot.core.effects import Effect, EndOutreach, HoldBack, JoinCase, OpenHeld
from bot.core.engine import Turn
from bot.core.engine_outreach import source_of
from bot.core.messages import Incoming
from bot.ports import Known
from bot.understanding.tokens import normal

_GREETS: Final = frozenset({"greet", "thanks", "affirm"})
_AGAINST: Final = {  # whoever says so never gets it
    "stop": HoldBack("opted_out"),
    "discreet": HoldBack("discreet"),
    "deny": HoldBack("refused"),
    "wrong_number": HoldBack("refused"),
}
_NOT_NOW: Final = frozenset({"goodbye", "operator_notice", "erase_data"})  # it goes on waiting, while there is time
_NO_WORDS: Final = frozenset({"emoji", "no_such_choice", "paused"})  # a thumb, a digit; or the team has the word
_READ: Final = frozenset({"lire", "lis", "voir", "ouvrir"})  # what the button says, typed
_AROUND: Final = frozenset({"oui", "ok", "je", "veux", "le", "message", "texte", "svp"})


def as_seen(known: Known, state: State) -> State:
    """Return the conversation as somebody knows it who saw a template, and no question that waits behind it.

    What we have asked in answer to their own words they have seen.
    """
    if not known.held:
        return state
    clarified = any(say.response == "utter_clarify" for say in state.said)
    return replace(state, stack=(), menu=state.menu if clarified else ())


def opening(known: Known, commands: Sequence[Command], incoming: Incoming) -> tuple[Effect, ...]:
    """Return what an answer leads to that asks for nothing else: a pressed button, "oui", a greeting.

    It was said to the template and to no question that they have not seen yet, so it fills nothing in. () for the rest.
    """
    opens = _presses(incoming, commands) or all(_lets_go(known, one) for one in commands)
    if not known.held or not opens or any(isinstance(one, Alarm) for one in commands):
        return ()
    return (OpenHeld(), *((JoinCase(),) if known.open_cases else ()))


def following(known: Known, commands: Sequence[Command]) -> tuple[Effect, ...]:
    """Return what comes after the answer to somebody who asked for something, or whose words were not understood.

    The held text follows; not where they want none, and not yet where a doubt of ours has to be answered first.
    """
    if not known.held or any(isinstance(one, Alarm | Clarify) for one in commands):
        return ()
    against = _against(commands)
    if against:
        return (against, *((JoinCase(),) if known.open_cases and against.reason == "refused" else ()))
    later = any(_wish(one) in _NOT_NOW for one in commands)
    return () if later else (OpenHeld(),)


def is_aside(known: Known, commands: Sequence[Command]) -> bool:
    """Say whether a message is answered beside the question that waits: a no, a doubt, what nobody understands."""
    unsettled = all(isinstance(one, CannotHandle | Clarify) or _wish(one) in _NOT_NOW for one in commands)
    return known.held and (unsettled or _against(commands) is not None)


def set_back(turn: Turn, before: State, commands: Sequence[Command]) -> Turn:
    """Return a turn beside the question that waits: with it again, or without it, if they want none of it."""
    if _against(commands):
        sources = {source_of(frame) for frame in before.stack} - {""}
        ended = tuple(EndOutreach(source, "refused") for source in sorted(sources))
        return replace(turn, effects=(*turn.effects, *ended))
    asks = before.stack and not any(isinstance(one, Clarify) for one in commands)
    menu = before.menu if asks else turn.state.menu
    return replace(turn, state=replace(turn.state, stack=(*before.stack, *turn.state.stack), menu=menu))


def _presses(incoming: Incoming, commands: Sequence[Command]) -> bool:
    """Say whether it is the template's button, pressed (what it carries is no word of ours) or typed."""
    unclear = all(isinstance(one, CannotHandle | Clarify) for one in commands)
    words = set(normal(incoming.text).lower().split())
    return unclear and (incoming.payload is not None or bool(words & _READ and words <= _READ | _AROUND))


def _lets_go(known: Known, command: Command) -> bool:
    """Say whether a command asks for nothing; what is unclear in an open case is read by the team."""
    match command:
        case Start() | Begin():
            return _wish(command) in _GREETS
        case CannotHandle(reason):
            return reason in _NO_WORDS or bool(known.open_cases)
        case Clarify():
            return any(map(is_grave, known.open_cases))
        case _:
            return not isinstance(command, Cancel)


def _against(commands: Sequence[Command]) -> HoldBack | None:
    """Return how the held text is kept back, if somebody says no."""
    return next((_AGAINST[_wish(one)] for one in commands if _wish(one) in _AGAINST), None)


def _wish(command: Command) -> str:
    """Name what a command asks for; what is chosen from a list of ours begins the flow of the same name."""
    match command:
        case Start(intent):
            return intent
        case Begin(flow):
            return flow
        case Cancel():
            return "deny"
        case _:
            return ""
