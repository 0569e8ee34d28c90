"""Which messages are kept to learn from: not understood, with consent, without a case, and nothing personal left."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.core import limits
from bot.core.commands import CannotHandle, Clarify
from bot.core.conversation import State
from bot.core.effects import Effect, Forget, JoinCase, KeepUnmatched, OpenCase
from bot.core.engine import expectation
from bot.core.messages import Incoming
from bot.ports import Known
from bot.service.brain import Brain
from bot.understanding.read import Reading
from bot.understanding.redact import redact, says_something

_THE_CASES = (OpenCase, JoinCase, Forget)  # a message that opened or joined a case is the case's
_ASIDE: Final = frozenset({"complaint", "pattern_emergency", "pattern_doubt"})  # what is told there is no example
_PERSONAL: Final = frozenset({"name", "place"})  # entities; what is said of them in this very talk is not stored yet
_NO_NAMES: Final = frozenset({"relation", "relative_knows", "call_hours"})  # contact items in words of ours


def keep_unmatched(  # noqa: PLR0913 what a turn consists of
    brain: Brain, known: Known, state: State, incoming: Incoming, *, reading: Reading, effects: Sequence[Effect]
) -> tuple[KeepUnmatched, ...]:
    """Return the effect that keeps a message, or nothing. `state` is the conversation before, `effects` the turn's.

    Only with consent, and only when there is no danger, no open case about danger or a complaint and no question open
    whose answer is somebody's name, number or place.
    """
    offered = _offered(reading)
    if offered is None or not _consented(known) or any(isinstance(effect, _THE_CASES) for effect in effects):
        return ()
    if _delicate(known, state) or _asked_for_secret(brain, state):
        return ()
    text = redact(incoming.text, names=_names(brain, known, state))[: limits.UNMATCHED_LETTERS]
    language = reading.language if reading.language in ("fr", "bm") else state.lang or "fr"
    return (KeepUnmatched(text, language, offered),) if says_something(text) else ()


def _offered(reading: Reading) -> tuple[str, ...] | None:
    """Return the intents that were asked about, none for a text that was not understood at all, or None: understood."""
    if reading.danger or len(reading.commands) != 1:
        return None
    match reading.commands[0]:
        case Clarify(intents):
            return intents
        case CannotHandle("unclear"):
            return ()
        case _:
            return None


def _consented(known: Known) -> bool:
    return known.person is not None and known.person.consent == "given"


def _delicate(known: Known, state: State) -> bool:
    grave = any(case.sensitive or case.priority != "P3" for case in known.open_cases)
    return grave or any(frame.flow in _ASIDE for frame in state.stack)


def _asked_for_secret(brain: Brain, state: State) -> bool:
    slot = brain.assistant.domain.slots.get(expectation(brain.assistant, state, state.lang or "fr").slot or "")
    return slot is not None and (slot.secret or slot.entity in _PERSONAL)


def _names(brain: Brain, known: Known, state: State) -> Iterator[str]:
    """Return what names the person or their people, from what is stored and from this very conversation."""
    contact = known.person.contact if known.person else {}
    yield from (value for name, value in contact.items() if name not in _NO_NAMES)
    for name, value in state.slots.items():
        slot = brain.assistant.domain.slots.get(name)
        if slot and isinstance(value, str) and (slot.secret or slot.entity in _PERSONAL):
            yield value
