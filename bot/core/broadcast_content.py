"""What a broadcast says: which conversations may go to many, what a text may hold, and whether it can be answered."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from bot.core import phones, sms_text
from bot.core.assistant import Assistant
from bot.core.broadcasts import Broadcast, Kind, is_sender
from bot.core.facts import Facts
from bot.core.flow import PATTERN
from bot.core.messages import LANGUAGES, Language

PLACEHOLDERS: Final = ("name", "region", "trade")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DIGITS = re.compile(r"\d+")
NAME: Final = "Fatoumata Djénéba Coulibaly"  # a longer name is cut to this length, so that the price is known
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


def faults(
    broadcast: Broadcast, *, flows: Collection[str], word_sender: str | None, short_codes: Collection[str] = ()
) -> tuple[str, ...]:
    """Return what keeps a broadcast from being submitted, each a sentence for staff; () when nothing does.

    `flows` are those of `flows_for`.
    `word_sender` is the alphanumeric SMS sender that would be used, or None when a number is: nobody can answer a
    word (Twilio, "Alphanumeric Sender ID"), so its text has to name a number that can be written to: a mobile one, or
    one of our own `short_codes`.
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
    if word_sender and broadcast.channel != "whatsapp" and not _all_answerable(broadcast, short_codes):
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


def _all_answerable(broadcast: Broadcast, short_codes: Collection[str]) -> bool:
    texts = [broadcast.texts.get(one, "") for one in LANGUAGES]
    return broadcast.kind == "text" and all(names_a_number(text, short_codes=short_codes) for text in texts)


def names_a_number(text: str, *, short_codes: Collection[str] = ()) -> bool:
    """Say whether a text names a mobile number, or one of the short codes that messages really come in on."""
    return phones.mobile_in(text) or any(found in short_codes for found in _DIGITS.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put a person's values into a text; a placeholder without a value leaves nothing, and no double space."""
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)
    return re.sub(r" {2,}", " ", filled).strip()


def longest_values(facts: Facts) -> dict[str, str]:
    """Return the longest value of each placeholder, by what it takes in an SMS."""
    regions = [name for one in facts.regions.values() for name in (one.name, one.bambara)]
    trades = [one.name for one in facts.trades.values()]
    return {"name": NAME, "region": max(regions, key=_units, default=""), "trade": max(trades, key=_units, default="")}


def short_name(name: str) -> str:
    """Return a name as texts hold it: whole words as far as `NAME` is long; of one longer word its beginning."""
    kept, *words = name.split() or [""]
    while _units(kept) > _units(NAME):
        kept = kept[:-1]
    for word in words:
        if _units(f"{kept} {word}") > _units(NAME):
            break
        kept = f"{kept} {word}"
    return kept


def _units(text: str) -> int:
    return sms_text.size(sms_text.fold(text)).units


def longest(text: str, facts: Facts) -> str:
    """Return a text at its longest."""
    return fill(text, longest_values(facts))
