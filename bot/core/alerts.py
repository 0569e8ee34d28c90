"""What staff are sent by SMS about cases and ways out: a reference and what to do, never a datum of a person."""

from collections.abc import Mapping

from bot.core.cases import Case
from bot.core.ways import Trouble

URGENT = "Segin: cas urgent {reference} ({priority}), repondez PRENDS {reference}"
URGENT_ANYBODY = "Segin: cas urgent {reference} ({priority}). Lisez-le et repondez a la personne maintenant."
URGENT_AGAIN = "Segin: nouveau message urgent dans {reference} que vous avez pris. QUI {reference}"
BACK = "Segin: {reference} n'est pas regle, dit la personne. La demande est de nouveau ouverte."
RAISED = "Segin: {reference} que vous avez pris est maintenant {priority}. QUI {reference}"
ASSIGNED = "Segin: demande {reference} ({priority}) pour vous, repondez PRENDS {reference}"
LOCKED = "Segin: telephone de {name} bloque apres {tries} codes PIN faux. Verifiez avec cette personne."
PROVIDER: Mapping[Trouble, str] = {
    "down": "Segin: {provider} ne repond plus, {waiting} SMS attendent. Verifiez la passerelle.",
    "waiting": "Segin: {waiting} SMS attendent chez {provider}. Verifiez la passerelle.",
    "silent": "Segin: plus aucun message recu par {provider}. Verifiez la passerelle et le numero.",
}
_CASE = {"reference": "K7421S", "priority": "P1"}
LONGEST: Mapping[str, str] = {
    "alert_urgent_case": URGENT.format(**_CASE),
    "alert_urgent_case_anybody": URGENT_ANYBODY.format(**_CASE),
    "alert_urgent_again": URGENT_AGAIN.format(**_CASE),
    "alert_case_back": BACK.format(**_CASE),
    "alert_case_raised": RAISED.format(**_CASE),
    "alert_case_assigned": ASSIGNED.format(**_CASE),
    "alert_phone_locked": LOCKED.format(name="N" * 40, tries=5),
    "alert_provider": PROVIDER["down"].format(provider="smsgate", waiting=99999),
}


def urgent(case: Case, *, by_phone: bool = True) -> str:
    """Write the alert for a P1 or P2 case; plain GSM-7, one segment.

    `by_phone`: it goes to a registered telephone, which may answer PRENDS; any other number is a stranger's to us.
    """
    return (URGENT if by_phone else URGENT_ANYBODY).format(reference=case.reference, priority=case.priority)


def urgent_again(case: Case) -> str:
    """Tell whoever holds a case that danger was heard in it once more."""
    return URGENT_AGAIN.format(reference=case.reference)


def back(case: Case) -> str:
    """Tell the team that the person says it is not solved, or that the partner did not help."""
    return BACK.format(reference=case.reference)


def raised(case: Case) -> str:
    """Tell whoever holds a case that a colleague has made it more urgent."""
    return RAISED.format(reference=case.reference, priority=case.priority)


def assigned(case: Case) -> str:
    """Tell somebody that a case was put into their hands; PRENDS confirms it, and brings the person's words."""
    return ASSIGNED.format(reference=case.reference, priority=case.priority)


def phone_locked(name: str, *, tries: int) -> str:
    """Tell supervisors that somebody's telephone was locked."""
    return LOCKED.format(name=name[:40], tries=tries)


def provider_trouble(provider: str, what: Trouble, *, waiting: int) -> str:
    """Write what is wrong with a provider; plain GSM-7, one segment."""
    return PROVIDER[what].format(provider=provider, waiting=waiting)
