"""What staff are sent by SMS: a reference and what to do, never a name, a number or a word of a person."""

from collections.abc import Mapping

from bot.core.cases import Case

URGENT = "Segin: cas urgent {reference} ({priority}). Lisez-le et repondez a la personne maintenant."
LONGEST: Mapping[str, str] = {"alert_urgent_case": URGENT.format(reference="K7421R", priority="P1")}


def urgent(case: Case) -> str:
    """Write the alert for a P1 or P2 case; it is plain GSM-7, one segment."""
    return URGENT.format(reference=case.reference, priority=case.priority)
