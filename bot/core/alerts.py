"""What staff are sent by SMS: a reference and what to do, never a name, a number or a word of a person."""

from collections.abc import Mapping

from bot.core.cases import Case
from bot.core.ways import Trouble

URGENT = "Segin: cas urgent {reference} ({priority}). Lisez-le et repondez a la personne maintenant."
PROVIDER: Mapping[Trouble, str] = {
    "down": "Segin: {provider} ne repond plus, {waiting} SMS attendent. Verifiez la passerelle.",
    "waiting": "Segin: {waiting} SMS attendent chez {provider}. Verifiez la passerelle.",
    "silent": "Segin: plus aucun message recu par {provider}. Verifiez la passerelle et le numero.",
}
LONGEST: Mapping[str, str] = {
    "alert_urgent_case": URGENT.format(reference="K7421R", priority="P1"),
    "alert_provider": PROVIDER["down"].format(provider="smsgate", waiting=99999),
}


def urgent(case: Case) -> str:
    """Write the alert for a P1 or P2 case; it is plain GSM-7, one segment."""
    return URGENT.format(reference=case.reference, priority=case.priority)


def provider_trouble(provider: str, what: Trouble, *, waiting: int) -> str:
    """Write what is wrong with a provider; plain GSM-7, one segment."""
    return PROVIDER[what].format(provider=provider, waiting=waiting)
