"""Whether a person of the team has the word with somebody: then nothing that we start ourselves is sent."""

from bot.core.cases import is_grave, is_held
from bot.core.conversation import State
from bot.ports import Known


def with_a_person(known: Known) -> bool:
    """Say whether check-ins and reminders have to wait: a case is in somebody's hands, or something grave is open.

    An ordinary request that nobody has taken up yet is no reason to break the word "je vous écris dans 7 jours", unless
    the person asked for somebody and waits for them. What was held back goes out once this is False again.
    """
    if any(is_held(case) or is_grave(case) for case in known.open_cases):
        return True
    return bool(known.open_cases and known.state) and State.from_json(known.state or {}).paused
