"""Tell when a telephone of staff writes for its owner: somebody of the team in danger is a person in danger."""

from typing import Final

from bot.core import staff_words
from bot.core.cases import is_grave, is_held
from bot.core.commands import Alarm
from bot.core.messages import Incoming
from bot.ports import Known
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.understanding import fold

# Who says these speaks to somebody: "il vous frappe encore", "i ka kɛnɛ wa". A question is one, too.
_TO_SOMEBODY: Final = frozenset(["vous", "votre", "vos", "tu", "te", "toi", "ton", "ta", "tes", "i", "aw"])


def writes_as_a_person(brain: Brain, ports: Ports, known: Known, incoming: Incoming) -> bool:
    """Say whether a message from a telephone of staff is its owner's own call for help, taken in like anybody's.

    It is when it holds no command and speaks of danger, or when such a call is open; no PIN is asked for then, and
    nothing of it goes to a person whose case they hold. With a case in hand, what addresses somebody is an answer.
    """
    if incoming.opt_out or staff_words.read(incoming.text).verb is not None:
        return False
    if any(map(is_grave, known.open_cases)):
        return True
    alarms = [one for one in brain.understanding.read(incoming.text).commands if isinstance(one, Alarm)]
    if not any(not one.doubt for one in alarms):
        return False
    return not (_is_said_to_somebody(incoming.text) and _holds_a_case(ports, known))


def _is_said_to_somebody(text: str) -> bool:
    words = {fold.plain(word) for word in "".join(c if c.isalnum() else " " for c in text).split()}
    return "?" in text or not words.isdisjoint(_TO_SOMEBODY)


def _holds_a_case(ports: Ports, known: Known) -> bool:
    cases = ports.store.duty.recent_cases(closed_since=ports.clock.now())
    return any(is_held(case) and case.taken_by == known.staff_id for case in cases)
