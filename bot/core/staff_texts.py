"""What a caseworker reads on their own telephone, in plain French that is GSM-7; and what may stand there at all."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.core import limits, phones
from bot.core.accounts import Account
from bot.core.cases import Case
from bot.core.hours import BAMAKO
from bot.core.people import CASEWORKER_SEX, Person
from bot.core.sms_text import fold, split

ASK_PIN = "Segin: envoyez d'abord votre code: PIN 1234 (celui de Mon compte dans la console)."
NO_PIN = "Segin: choisissez d'abord un code PIN dans la console, page Mon compte."
PIN_RIGHT = "Segin: c'est bien vous, pour {hours} heures. LISTE: demandes. AIDE: commandes. Effacez le SMS du code."
PIN_WRONG = "Segin: ce code n'est pas le bon. Encore {left} essai(s)."
PIN_LOCKED = "Segin: ce téléphone est bloqué. Choisissez un nouveau code PIN dans la console."
HELP = (
    "PRENDS 12, R 12 texte, NOTE 12 texte, FERME 12, QUI 12, LISTE, PAUSE, GARDE. "
    "12: la fin du numéro de la demande (K7412W)."
)
UNKNOWN_VERB = "Rien n'est parti. Pour écrire à la personne: R 12 texte. AIDE: les commandes."
NO_SUCH_CASE = "Rien n'est fait: pas de demande {number} pour vous. LISTE les montre."
MISTYPED = "Rien n'est fait: {number} n'est pas un numéro de demande. Relisez-le. LISTE les montre."
WHICH_CASE = "Rien n'est fait. Quelle demande ? {references}"
WHICH_OF_ALL = "Rien n'est fait. Dites quelle demande: {verb} 12. LISTE les montre."
NONE_HELD = "Rien n'est fait: vous n'avez pris aucune demande. LISTE les montre."
NO_TEXT = "Rien n'est fait: écrivez aussi le texte, {verb} {number} texte."
TAKEN = "{reference} est à vous. {card} Pour écrire à la personne: R {short} texte."
SENT = "{reference}: parti ({segments} SMS)."
NOTED = "{reference}: note gardée, la personne ne la voit pas."
CLOSED = "{reference}: fermée ({outcome})."
ELSEWHERE = "... et {more} autres (console)"
NOTHING_OPEN = "Aucune demande ouverte pour vous."
PAUSED = "Pause jusqu'à {until}. Les alertes vont à la personne suivante. GARDE pour reprendre."
BACK = "Les alertes vous arrivent de nouveau pendant vos heures de garde."
NEW_MESSAGE = "{reference}: nouveau message. Envoyez votre code pour lire: PIN 1234"
OWN_NUMBER = "Rien n'est parti: votre numéro est dans le texte. La personne vous répond par Segin."
FORWARDED = "{reference}: {text}"
NO_WORDS = "(message sans texte: voir la console)"
MORE = "... (suite dans la console)"

_LONG = "K7421S"
_CARD = (
    "P1 veut être rappelé, langue bm, Tombouctou, appel: lundi à vendredi 8h, veut une femme, a écrit STOP. "
    "Ouverte 21/11 09:30."
)
LONGEST: Mapping[str, tuple[str, int]] = {  # each at its longest, with its budget of segments
    "staff_ask_pin": (ASK_PIN, 1),
    "staff_no_pin": (NO_PIN, 1),
    "staff_pin_right": (PIN_RIGHT.format(hours=12), 1),
    "staff_pin_wrong": (PIN_WRONG.format(left=4), 1),
    "staff_pin_locked": (PIN_LOCKED, 1),
    "staff_help": (HELP, 1),
    "staff_unknown_verb": (UNKNOWN_VERB, 1),
    "staff_no_such_case": (NO_SUCH_CASE.format(number=_LONG), 1),
    "staff_mistyped": (MISTYPED.format(number=_LONG), 1),
    "staff_which_case": (WHICH_CASE.format(references=" ".join([_LONG] * 8)), 1),
    "staff_which_of_all": (WHICH_OF_ALL.format(verb="PRENDS"), 1),
    "staff_none_held": (NONE_HELD, 1),
    "staff_no_text": (NO_TEXT.format(verb="NOTE", number=_LONG), 1),
    "staff_sent": (SENT.format(reference=_LONG, segments=10), 1),
    "staff_noted": (NOTED.format(reference=_LONG), 1),
    "staff_closed": (CLOSED.format(reference=_LONG, outcome="orienté vers un partenaire"), 1),
    "staff_nothing_open": (NOTHING_OPEN, 1),
    "staff_paused": (PAUSED.format(until="21h30"), 1),
    "staff_back": (BACK, 1),
    "staff_new_message": (NEW_MESSAGE.format(reference=_LONG), 1),
    "staff_own_number": (OWN_NUMBER, 1),
    "staff_taken": (TAKEN.format(reference=_LONG, card=_CARD, short="7421"), 2),
    "staff_who": (f"{_LONG}: {_CARD} {'N' * 40}.", 2),
    "staff_list": ("\n".join(["7421: K7421S P1 à prendre"] * limits.LISTED + [ELSEWHERE.format(more=999)]), 2),
    "staff_forward": ("é" * (limits.FORWARDED_SEGMENTS * 153), limits.FORWARDED_SEGMENTS),  # 153: a part of a long SMS
}

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\.\S+")
KINDS: Mapping[str, str] = {
    "question": "question",
    "call_back": "veut être rappelé",
    "medical": "santé",
    "suicide": "détresse",
    "threat": "menace",
    "kidnapping": "enlèvement",
    "violence_home": "violence",
    "sexual_violence": "violence",
    "trafficking": "exploitation",
    "child_alone": "enfant seul",
    "hunger": "faim",
    "other_danger": "danger",
    "doubt": "doute",
    "wellbeing": "moral",
    "lost_document": "papiers",
    "papers_taken": "papiers pris",
    "contact_change": "nouveau numéro",
    "other_language": "autre langue",
    "voice_note": "message vocal",
    "interest": "métier",
    "status": "suivi",
    "erase": "effacement",
    "complaint": "plainte",
    "complaint_money": "plainte: argent",
    "complaint_body": "plainte: gestes",
    "gone_quiet": "sans nouvelles",
    "health": "santé",
    "papers": "papiers",
    "technical": "panne de l'assistant",
    "work": "travail",
}
NAMED = 8  # references in one SMS when there are several to choose from


def is_confirmed(account: Account, now: datetime) -> bool:
    """Say whether somebody has given their PIN from this telephone within the time that it holds."""
    at = account.phone_confirmed_at
    return at is not None and now - at < limits.PIN_HOLDS


def masked(text: str) -> str:
    """Return a text without telephone numbers, links and e-mail addresses: neither side shall see the other's."""
    return phones.IN_TEXT.sub("[numéro]", _MAIL.sub("[adresse]", _LINK.sub("[lien]", text)))


def forwarded(reference: str, text: str) -> str:
    """Write what a person said for a caseworker's telephone, within its budget of segments."""
    plain = " ".join(masked(text).split())
    first, *rest = split(fold(FORWARDED.format(reference=reference, text=plain or NO_WORDS)), limits.FORWARDED_SEGMENTS)
    return first[: -len(MORE)] + MORE if rest else first


def card(case: Case, person: Person | None) -> str:
    """Write what a caseworker has to know before they write: no number, no name, no word of the person."""
    if person is None:
        return f"{case.priority}, données effacées."
    kind = KINDS.get(case.kind, case.kind.replace("_", " "))
    parts = [f"{case.priority} {kind}", f"langue {person.language or '?'}", person.region or "région ?", _call(person)]
    wish = {"f": "veut une femme", "m": "veut un homme"}.get(person.contact.get(CASEWORKER_SEX, ""), "")
    stop = "a écrit STOP" if person.opt_out != "none" else ""
    return ", ".join(filter(None, [*parts, wish, stop])) + f". Ouverte {_day(case.opened_at)}."


def _call(person: Person) -> str:
    if person.do_not_call or person.discreet:
        return "NE PAS APPELER"
    hours = person.contact.get("call_hours")
    return f"appel: {masked(hours)[:20]}" if hours else "écrire d'abord"


def line(case: Case, short: str) -> str:
    """Write one case of the list."""
    return f"{short}: {case.reference} {case.priority} {_STATUS.get(case.status, case.status)}"


_STATUS: Mapping[str, str] = {"open": "à prendre", "taken": "prise", "waiting": "attend", "answered": "répondue"}


def _day(at: datetime) -> str:
    return f"{at.astimezone(BAMAKO):%d/%m %H:%M}"


def clock(at: datetime) -> str:
    """Write a time of day in Bamako: "21h30"."""
    return f"{at.astimezone(BAMAKO):%Hh%M}"
