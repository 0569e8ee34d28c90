"""What waited for somebody's answer to a WhatsApp template follows that answer."""

from collections.abc import Sequence

from bot.core.commands import Alarm, Command, Start
from bot.core.effects import Effect, JoinCase, OpenHeld
from bot.ports import Known

_GREETS = frozenset({"greet", "thanks", "affirm"})
_AGAINST = frozenset({"stop", "erase_data", "wrong_number", "operator_notice"})  # whoever says so gets no more of it


def opening(known: Known, commands: Sequence[Command]) -> tuple[Effect, ...]:
    """Return what an answer leads to that asks for nothing else: a pressed button, "oui", a greeting.

    It was said to the template and to no question that they have not seen yet, so it fills nothing in. () for the rest.
    """
    if not known.held or any(isinstance(one, Alarm) or _asks(one) for one in commands):
        return ()
    return (OpenHeld(), *((JoinCase(),) if known.open_cases else ()))


def following(known: Known, commands: Sequence[Command]) -> tuple[Effect, ...]:
    """Return what comes after the answer to somebody who asked for something: the held text, unless they want none."""
    against = any(isinstance(one, Alarm) or (isinstance(one, Start) and one.intent in _AGAINST) for one in commands)
    return (OpenHeld(),) if known.held and not against else ()


def _asks(command: Command) -> bool:
    return isinstance(command, Start) and command.intent not in _GREETS
