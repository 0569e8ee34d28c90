"""What the console calls things, in French: kinds, priorities, times."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.case_life import STATUSES
from bot.core.cases import Case, is_held
from bot.core.hours import BAMAKO

PRIORITIES = {"P1": "urgent", "P2": "aujourd'hui", "P3": "normal"}
KINDS = {
    "call_back": "demande de rappel",
    "child_alone": "enfant seul",
    "complaint": "plainte",
    "complaint_body": "plainte : gestes, corps",
    "complaint_money": "plainte : argent",
    "contact_change": "changement de coordonnées",
    "doubt": "doute : est-ce un danger ?",
    "erase": "demande d'effacement",
    "gone_quiet": "sans nouvelles",
    "health": "santé",
    "hunger": "faim",
    "interest": "métier ou formation",
    "kidnapping": "enlèvement",
    "lost_document": "papiers perdus",
    "medical": "urgence médicale",
    "other_danger": "danger",
    "other_language": "autre langue",
    "papers": "papiers",
    "papers_taken": "papiers retenus par quelqu'un",
    "question": "veut parler à une personne",
    "sexual_violence": "violence sexuelle",
    "status": "où en est le dossier",
    "suicide": "risque de suicide",
    "technical": "panne de l'assistant",
    "threat": "menace",
    "trafficking": "traite, travail forcé",
    "violence_home": "violence à la maison",
    "voice_note": "note vocale à écouter",
    "wellbeing": "prendre des nouvelles",
    "work": "travail",
}
LANGUAGES = {"fr": "français", "bm": "bambara"}
CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp", "voice": "appel"}
CONSENTS = {"given": "donné", "refused": "refusé", "none": "pas encore demandé"}
OPT_OUTS = {
    "none": "reçoit tout",
    "check_ins": "plus de questions ni d'envois ; on lui répond encore",
    "all": "plus rien de notre initiative ; on lui répond encore",
}
ORIGINS = {"MA": "Maroc", "LY": "Libye", "DZ": "Algérie", "TN": "Tunisie", "NE": "Niger", "MR": "Mauritanie"}
SENDING = {
    "queued": "en attente d'envoi",
    "sending": "envoi en cours",
    "accepted": "remis à l'opérateur",
    "sent": "parti",
    "delivered": "arrivé",
    "read": "lu",
    "undelivered": "pas arrivé",
    "failed": "échec",
    "skipped": "non envoyé",
}
FAILED = frozenset({"undelivered", "failed", "skipped"})
CONTENTS = {
    "voice_note": "note vocale",
    "picture": "image",
    "video": "vidéo",
    "document": "document",
    "location": "position",
    "contact": "fiche de contact",
    "other": "contenu non lisible",
}
NOTES = {
    "about": "sujet",
    "basics": "manger, sécurité, papiers, travail : tout va",
    "danger": "en danger",
    "declared": "déclaration de perte faite",
    "document_kind": "papier",
    "has_receipt": "a le récépissé",
    "loss_kind": "perdu, volé ou retenu",
    "mood": "comment ça va",
    "name": "nom",
    "need": "besoin",
    "new_number": "nouveau numéro",
    "old_number": "ancien numéro",
    "partner": "partenaire",
    "person": "veut parler à une personne",
    "question": "question",
    "references": "références citées",
    "region": "région",
    "trade": "métier",
    "trouble": "ce qui ne va pas",
    "words": "ses mots",
}
ACTORS = {"person": "la personne", "segin": "Segin"}
YES_NO = {"yes": "oui", "no": "non"}
_VALUES = {"leaving again": "veut repartir", "money": "argent"}
_SLOTS = {"mood": "check_in_mood", "need": "health_need", "trouble": "check_in_trouble"}  # whose titles a note has
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def kind(name: str) -> str:
    """Name a kind of case."""
    return KINDS.get(name, name.replace("_", " "))


def is_complaint(name: str) -> bool:
    """Say whether a kind is one that only the focal point deals with."""
    return name.startswith("complaint")


def status(case: Case) -> str:
    """Say where a case stands, and with whom."""
    plain = STATUSES[case.status]
    return f"{plain}, {case.holder}" if is_held(case) and case.holder else plain


def span(length: timedelta) -> str:
    """Write a length of time as people say it: "8 min", "2 h", "3 jours"."""
    if length < _HOUR:
        return f"{max(length // _MINUTE, 1)} min"
    if length < 2 * _DAY:
        return f"{length // _HOUR} h"
    return f"{length // _DAY} jours"


def deadline(due_at: datetime, now: datetime) -> str:
    """Say when a case is due: "dans 8 min", "en retard de 2 h"."""
    return f"dans {span(due_at - now)}" if due_at >= now else f"en retard de {span(now - due_at)}"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago something was: "il y a 3 h", "à l'instant"."""
    return f"il y a {span(now - at)}" if now - at >= _MINUTE else "à l'instant"


def moment(at: datetime) -> str:
    """Write a time in Bamako: "23/11 à 09:05"."""
    return f"{at.astimezone(BAMAKO):%d/%m à %H:%M}"


def note_value(texts: Mapping[str, str], name: str, value: str) -> str:
    """Write a value of a case's note by its title in the French catalogue, where it has one."""
    return YES_NO.get(value) or _VALUES.get(value) or texts.get(f"value.{_SLOTS.get(name, name)}.{value}") or value


def month(value: str | None) -> str:
    """Write a month as people do: "2026-08" is "08/2026"."""
    return "/".join(reversed((value or "").split("-")))
