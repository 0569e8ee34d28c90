"""Whom we may write to of our own accord, and why not: one rule for check-ins and broadcasts.

It never judges an answer: whoever writes gets one, whatever stands here. docs/check-ins.md argues each reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from bot.core import limits
from bot.core.cases import Case, is_grave, is_held
from bot.core.hours import next_day
from bot.core.people import Person

OutreachKind = Literal["check_in", "broadcast"]
Reason = Literal[
    "erased",
    "opted_out",
    "no_consent",
    "discreet",
    "minor_without_guardian",
    "do_not_call",
    "no_address",
    "dead_number",
    "with_a_person",
    "grave_case",
    "too_many_today",
    "quiet_hours",
    "busy",
    "date_past",
    "merged",
    "answered_already",
    "awaits_answer",
    "no_answer",
    "refused",
    "not_in_plan",
    "no_template",
    "daily_tier",
    "cancelled",
]

WORDS: Final[Mapping[Reason, str]] = {
    "erased": "Les données de la personne ont été effacées.",
    "opted_out": "La personne a demandé de ne plus recevoir nos messages.",
    "no_consent": "La personne n'a pas donné son accord pour être suivie.",
    "discreet": "Mode discret : quelqu'un d'autre peut lire ce téléphone, nous n'écrivons pas de nous-mêmes.",
    "minor_without_guardian": "Mineur sans accord d'un tuteur : une personne de l'équipe s'en occupe.",
    "do_not_call": "La personne ne veut pas être appelée : on lui écrit, on ne lui téléphone pas.",
    "no_address": "Nous n'avons ni numéro ni adresse où écrire.",
    "dead_number": "Le numéro ne marche plus : l'opérateur refuse nos messages.",
    "with_a_person": "Une personne de l'équipe est en conversation avec elle ; on attend la fin.",
    "grave_case": "Un dossier urgent ou sensible est ouvert ; on attend qu'il soit clos.",
    "too_many_today": "La personne a déjà reçu assez de messages de notre part aujourd'hui.",
    "quiet_hours": "Heure calme : le message part quand elle est passée.",
    "busy": "La personne est au milieu d'une autre question ; on la laisse finir.",
    "date_past": "La date était déjà passée quand le suivi a été préparé.",
    "merged": "Réuni avec le suivi suivant, pour ne pas demander deux fois la même chose.",
    "answered_already": "La personne a déjà répondu.",
    "awaits_answer": "Le modèle WhatsApp est parti ; le texte suit dès que la personne répond.",
    "no_answer": "Pas de réponse à temps.",
    "refused": "La personne a répondu : pas maintenant.",
    "not_in_plan": "Le plan ne prévoit plus cette étape.",
    "no_template": "WhatsApp n'accepte qu'un modèle après 24 h de silence, et aucun modèle n'est réglé.",
    "daily_tier": "WhatsApp limite le nombre de nouvelles personnes par jour ; la suite partira plus tard.",
    "cancelled": "La diffusion a été annulée avant que le message parte.",
}
if _unsaid := set(get_args(Reason)) - set(WORDS):
    _MSG = f"These reasons have no sentence for staff: {_unsaid}."
    raise RuntimeError(_MSG)


@dataclass(frozen=True, slots=True)
class Start:
    """It may be started. `note` is what the row says all the same: "do_not_call" means in writing only."""

    note: Reason | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: ask again at `until`."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Skip:
    """Not at all."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a person at the moment we want to write."""

    person: Person | None  # None: erased
    open_cases: tuple[Case, ...] = ()
    paused: bool = False  # the conversation is in the hands of somebody of the team
    busy: bool = False  # a question of ours is open that they are about to answer
    started_today: int = 0  # what we have started with them since midnight in Bamako, over all plans


@dataclass(frozen=True, slots=True)
class Wanted:
    """What we want to start, and when."""

    kind: OutreachKind
    now: datetime
    rings: bool = False  # it would make the telephone ring: a call, never a text
    a_day: int = limits.STARTED_A_DAY  # check-ins and broadcasts that one person gets at most on one day


def may_start(standing: Standing, wanted: Wanted) -> Start | Wait | Skip:
    """Say whether we may write to a person of our own accord now, later or not at all, and why.

    Quiet hours are judged apart (`core.quiet`), because they are the same for everybody.
    """
    never = never_start(standing.person, rings=wanted.rings)
    if never or standing.person is None:
        return Skip(never or "erased")
    if in_hand := _in_hand(standing):
        return Wait(wanted.now + limits.REMINDER_HELD, in_hand)
    if standing.busy:
        return Wait(wanted.now + limits.BUSY_FOR, "busy")
    if standing.started_today >= wanted.a_day:
        return Wait(next_day(wanted.now), "too_many_today")
    return Start("do_not_call" if standing.person.do_not_call else None)


def never_start(person: Person | None, *, rings: bool = False) -> Reason | None:
    """Return why a person is not written to by ourselves, whatever the hour; None when they may be."""
    if person is None:
        return "erased"
    barred: tuple[tuple[Reason, bool], ...] = (
        ("opted_out", person.opt_out != "none"),
        ("no_consent", person.consent != "given"),
        ("discreet", person.discreet),
        ("minor_without_guardian", person.minor and not person.guardian),
        ("do_not_call", rings and person.do_not_call),
        ("no_address", not person.written_to),
        ("dead_number", person.unreachable),
    )
    return next((reason for reason, applies in barred if applies), None)


def _in_hand(standing: Standing) -> Reason | None:
    """Return why we leave somebody to the team for now; released as soon as the case is closed."""
    if any(map(is_grave, standing.open_cases)):
        return "grave_case"
    held = standing.open_cases and (standing.paused or any(map(is_held, standing.open_cases)))
    return "with_a_person" if held else None
