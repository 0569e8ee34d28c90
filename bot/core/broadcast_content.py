"""What a broadcast says: which conversations may go to many, what a text may hold, and whether it can be answered."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from bot.core import phones
from bot.core.assistant import Assistant
from bot.core.broadcasts import Broadcast, Kind, is_sender
from bot.core.flow import PATTERN
from bot.core.messages import LANGUAGES, Language

PLACEHOLDERS: Mapping[str, str] = {  # what a text may hold, and the longest value that it is counted with
    "name": "Fatoumata",
    "region": "Tombouctou",
    "trade": "Mécanique auto",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"\+?\d[\d .-]{1,}\d")
SHORT_CODE = 5  # digits at most
_ANSWERS: Final = frozenset(  # they follow what a person wrote, or what the team did for that person
    (
        *("abuse", "affirm", "deny", "emergency", "erase_data", "goodbye", "greet", "money_request", "operator_notice"),
        *("start", "stop", "thanks", "wrong_number", "menu_last", "menu_more", "discreet", "complaint"),
        *("talk_to_person", "case_closed", "handed_back", "partner_helped", "lost_document_follow_up"),
    )
)


def flows_for(assistant: Assistant, kind: Kind) -> frozenset[str]:
    """Return the conversations that a broadcast of this kind may begin: none that answers a word of the person.

    Begun unasked, those would tell thousands that they are in danger, stop their messages or erase them.
    """
    if kind == "check_in":
        return frozenset(step.flow for plan in assistant.plans for step in plan.steps)
    return frozenset(name for name in assistant.flows if not name.startswith(PATTERN) and name not in _ANSWERS)


def faults(broadcast: Broadcast, *, flows: Collection[str], word_sender: str | None) -> tuple[str, ...]:
    """Return what keeps a broadcast from being submitted, each a sentence for staff; () when nothing does.

    `flows` are those of `flows_for`.
    `word_sender` is the alphanumeric SMS sender that would be used, or None when a number is: nobody can answer a
    word (Twilio, "Alphanumeric Sender ID"), so its text has to name a number that can be written to.
    """
    found = []
    if not broadcast.name.strip():
        found.append("Donnez un nom à la diffusion.")
    if broadcast.kind == "text":
        found += [fault for language in LANGUAGES for fault in _of_text(broadcast.texts.get(language, ""), language)]
    elif broadcast.flow not in flows:
        found.append(
            "Choisissez une conversation de la liste : celles qui répondent à ce que quelqu'un écrit "
            "(danger, arrêt, effacement…) ne s'envoient pas à tous."
        )
    if broadcast.sender and not is_sender(broadcast.sender):
        found.append("L'expéditeur est un numéro, un mot de 11 signes au plus, ou un service de Twilio (MG…).")
    if word_sender and broadcast.channel != "whatsapp" and not _all_answerable(broadcast):
        found.append(
            f"Personne ne peut répondre à « {word_sender} » : ajoutez au texte, dans les deux langues, "
            "un numéro auquel on peut écrire, ou choisissez un numéro comme expéditeur."
        )
    return tuple(found)


def _of_text(text: str, language: Language) -> list[str]:
    tongue = {"fr": "français", "bm": "bambara"}[language]
    if not text.strip():
        return [f"Écrivez le texte en {tongue}."]
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})
    found = [
        f"Le texte en {tongue} contient {{{name}}}, qui n'existe pas ; possibles : {_offered()}." for name in unknown
    ]
    if re.sub(_PLACEHOLDER, "", text).count("{") or re.sub(_PLACEHOLDER, "", text).count("}"):
        found.append(f"Une accolade est seule dans le texte en {tongue} : écrivez par exemple {{name}}.")
    return found


def _offered() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def _all_answerable(broadcast: Broadcast) -> bool:
    return broadcast.kind == "text" and all(names_a_number(broadcast.texts.get(one, "")) for one in LANGUAGES)


def names_a_number(text: str) -> bool:
    """Say whether a text names a telephone number that exists, or a short code (3 to 5 digits)."""
    for found in _NUMBER.findall(text):
        digits = re.sub(r"\D", "", found)
        if len(digits) <= SHORT_CODE or phones.parse(found) is not None:
            return True
    return False


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put a person's values into a text; a placeholder without a value leaves nothing, and no double space."""
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
    return re.sub(r" {2,}", " ", filled).strip()


def longest(text: str) -> str:
    """Return a text at its longest."""
    return fill(text, PLACEHOLDERS)
