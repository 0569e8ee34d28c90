"""The card of a case: what to know before one writes or calls, the rule for calls first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.assistant import Assistant
from bot.core.cases import Case, is_overdue
from bot.core.directory import partners_for
from bot.core.facts import Partner
from bot.core.people import Person
from bot.service.read_case import Reading
from console import masking, words

NEAREST: Final = 2  # partners that are named
NUMBERS: Final = frozenset({"new_number", "old_number"})


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a row; with a reference it leads to that case."""

    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the card; `grave` ones stand out, by more than their colour: they say so in words."""

    name: str
    values: tuple[Part, ...]
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What the card needs beside the case: the assistant's words and facts, the time, who is on duty."""

    assistant: Assistant
    now: datetime
    on_duty: tuple[str, ...] = ()
    whole: bool = False  # numbers in full: somebody has said why


def card(reading: Reading, setting: Setting) -> tuple[Row, ...]:
    """Return the rows of the card; what nobody knows says so, for a gap may be read as "no"."""
    person = reading.known.person
    rows = [*_of_case(reading.case, setting)]
    if person:
        rows += [*_calls(person, setting), *_person(person, reading.case, setting), *_referral(person, setting)]
    rows += [*_notes(reading.case, setting), *_others(reading.others)]
    return tuple(rows)


def _of_case(case: Case, setting: Setting) -> Iterator[Row]:
    yield _row("Priorité", f"{case.priority} {words.PRIORITIES[case.priority]}", grave=case.priority == "P1")
    if case.words:
        yield _row("Mots d'alerte", ", ".join(case.words), grave=True)
    yield _row("Reçue", f"{words.moment(case.opened_at)} ({words.ago(case.opened_at, setting.now)})")
    if case.due_at:
        due = f"{words.moment(case.due_at)} ({words.deadline(case.due_at, setting.now)})"
        yield _row("À répondre avant", due, grave=is_overdue(case, setting.now))
    yield _row("De permanence", ", ".join(setting.on_duty) or "personne en ce moment", grave=not setting.on_duty)


def _calls(person: Person, setting: Setting) -> Iterator[Row]:
    hours = person.contact.get("call_hours", "")
    when = setting.assistant.texts["fr"].get(f"value.call_hours.{hours}", hours).lower()
    if person.do_not_call or person.discreet:
        yield _row("Appeler", "NON : écrire seulement", grave=True)
    else:
        yield _row("Appeler", f"oui, {when}" if when else "on ne sait pas si c'est sans risque : écrire d'abord")
    shared = "oui, d'autres peuvent lire ce téléphone : rester vague" if person.discreet else "pas signalé"
    yield _row("Téléphone partagé", shared, grave=person.discreet)
    if person.opt_out != "none":
        yield _row("A écrit STOP", words.OPT_OUTS[person.opt_out], grave=True)
    where = [
        f"{words.CHANNELS.get(one.channel, one.channel)} {masking.number(one.reveal(), whole=setting.whole)}"
        for one in person.addresses
    ]
    if number := person.contact.get("number"):
        where.append(f"à rappeler : {masking.number(number, whole=setting.whole)}")
    yield Row("Numéro", tuple(map(Part, where)))
    yield _row("Autre contact", _relative(person, setting))


def _relative(person: Person, setting: Setting) -> str:
    number = person.contact.get("relative_number")
    if not number:
        return "aucun"
    relation = person.contact.get("relation", "")
    who = setting.assistant.texts["fr"].get(f"value.relation.{relation}", relation).lower()
    knows = {"yes": "sait pour le retour", "no": "NE SAIT PAS pour le retour"}.get(
        person.contact.get("relative_knows", ""), "on ne sait pas s'il est au courant du retour"
    )
    return ", ".join(filter(None, (who, masking.number(number, whole=setting.whole), knows)))


def _person(person: Person, case: Case, setting: Setting) -> Iterator[Row]:
    texts = setting.assistant.texts["fr"]
    yield _row("Nom", person.contact.get("name") or "pas donné")
    yield _row("Langue", words.LANGUAGES.get(person.language or "", "pas connue"))
    region = texts.get(f"value.region.{person.region}", person.region or "")
    yield _row("Région", ", ".join(filter(None, (region, person.contact.get("place")))) or "pas connue")
    back = " ".join(
        filter(None, (words.ORIGINS.get(person.origin or "", person.origin), words.month(person.return_month)))
    )
    yield _row("Retour", back or "pas connu")
    minor = person.minor or case.kind == "child_alone"
    yield _row("Mineur", "OUI : une personne tout de suite" if minor else "pas signalé", grave=minor)
    wish = {"f": "une femme", "m": "un homme"}.get(person.contact.get("caseworker_sex", ""), "pas de souhait connu")
    yield _row("Souhaite parler à", wish)
    yield _row("Accord pour garder ses données", words.CONSENTS[person.consent])


def _referral(person: Person, setting: Setting) -> Iterator[Row]:
    facts = setting.assistant.facts
    fits = [fit for fit in partners_for(facts, trade=person.trade, region=person.region) if fit.region]
    if fits:
        named = tuple(Part(_contact(fit.partner, setting)) for fit in fits[:NEAREST])
        yield Row("Orientation proche (à vérifier)", named)


def _contact(partner: Partner, setting: Setting) -> str:
    known = setting.assistant.facts.facts.get(partner.contact)
    return known.text if known else partner.name


def _notes(case: Case, setting: Setting) -> Iterator[Row]:
    for name, value in case.note.items():
        plain = words.note_value(setting.assistant.texts["fr"], name, value)
        shown = masking.number(plain, whole=setting.whole) if name in NUMBERS else plain
        yield _row(f"A dit : {words.NOTES.get(name, name)}", masking.text(shown, whole=setting.whole))


def _others(others: Sequence[Case]) -> Iterator[Row]:
    parts = tuple(Part(_told(other), other.reference) for other in others)
    yield Row("Autres demandes", parts or (Part("aucune"),))


def _told(case: Case) -> str:
    return f"{case.reference} {words.kind(case.kind)}, {words.status(case)}, {words.moment(case.opened_at)}"


def _row(name: str, value: str, *, grave: bool = False) -> Row:
    return Row(name, (Part(value),), grave)
