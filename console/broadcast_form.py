"""What is typed into the form of a broadcast, and the broadcast that it means."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from bot.core.broadcasts import Audience, Broadcast, Kind, Way

LISTS = ("languages", "regions", "trades", "origins", "consents", "tags", "without_tags")
COUNTS = {
    "months_since_return_min": "Le nombre de mois depuis le retour",
    "months_since_return_max": "Le nombre de mois depuis le retour",
    "heard_within_days": "Le nombre de jours depuis le dernier message",
    "silent_for_days": "Le nombre de jours de silence",
    "budget": "Le budget",
}
MONTHS = ("returned_from", "returned_until")
KINDS: dict[Kind, str] = {"text": "un texte", "flow": "une conversation", "check_in": "un suivi"}
WAYS: dict[Way, str] = {
    "any": "là où la personne a écrit en dernier",
    "sms": "SMS seulement",
    "whatsapp": "WhatsApp seulement",
}
LONGEST = 1600  # characters of a text: Twilio's limit of a Body
_NAMES = {field.name for field in fields(Audience)}


@dataclass(frozen=True, slots=True)
class Read:
    """A form: the broadcast that it means, what cannot be understood of it, and what was typed, for the next page."""

    wanted: Broadcast
    problems: tuple[str, ...]
    typed: Mapping[str, Any]


def read(form: "MultiDict[str, str]", old: Broadcast) -> Read:
    """Read a form over the broadcast that it changes; nothing typed is lost."""
    typed: dict[str, Any] = {name: form.getlist(name) for name in LISTS}
    typed |= {name: form.get(name, "").strip() for name in (*COUNTS, *MONTHS, *_PLAIN)}
    numbers, problems = _numbers(typed)
    problems += [f"« {typed[name]} » n'est pas un mois." for name in MONTHS if typed[name] and not _month(typed[name])]
    problems += ["Un texte a 1600 signes au plus."] * any(len(typed[name]) > LONGEST for name in _TEXTS)
    problems += [_NO_MONEY] * (numbers.get("budget") == 0)
    given = {name: typed[name] for name in (*LISTS, *MONTHS)} | numbers
    audience = Audience.from_json({name: value for name, value in given.items() if name in _NAMES})
    kind: Kind = typed["kind"] if typed["kind"] in KINDS else "text"
    wanted = Broadcast(
        id=old.id,
        name=typed["name"][:128],
        state=old.state,
        kind=kind,
        created_by=old.created_by,
        created_at=old.created_at,
        texts={"fr": typed["text_fr"], "bm": typed["text_bm"]} if kind == "text" else {},
        flow=(typed["check_in"] if kind == "check_in" else typed["flow"]) or None if kind != "text" else None,
        channel=typed["channel"] if typed["channel"] in WAYS else "any",
        sender=typed["sender"] or None,
        template=old.template,
        audience=audience,
        sms_fallback=typed["sms_fallback"] == "1",
        budget=numbers["budget"] * 100 if "budget" in numbers else None,
        version=old.version,
    )
    return Read(wanted, tuple(problems), typed)


_NO_MONEY = "Avec un budget de 0 franc rien ne part ; écrivez une somme, ou rien si seul le budget du mois compte."
_TEXTS = ("text_fr", "text_bm")
_PLAIN = ("name", "kind", *_TEXTS, "flow", "check_in", "channel", "sender", "sms_fallback")


def _numbers(typed: Mapping[str, Any]) -> tuple[dict[str, int], list[str]]:
    numbers, problems = {}, []
    for name, words in COUNTS.items():
        number = whole_number(typed[name])
        if number is not None:
            numbers[name] = number
        elif typed[name]:
            problems.append(f"{words} est un nombre entier, pas « {typed[name]} ».")
    return numbers, problems


def whole_number(text: str) -> int | None:
    """Read a number as people write it, "10 000" too; None where it is none or could never be meant."""
    plain = "".join(text.split())
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < len("1000000000") else None


def _month(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m")  # noqa: DTZ007 a month has no zone
    except ValueError:
        return False
    return True


def typed_of(one: Broadcast) -> dict[str, Any]:
    """Return a broadcast as its form shows it."""
    audience = {name: getattr(one.audience, name) for name in _NAMES}
    plain = {name: "" if value is None else value for name, value in audience.items()}
    return plain | {
        "name": one.name,
        "kind": one.kind,
        "text_fr": one.texts.get("fr", ""),
        "text_bm": one.texts.get("bm", ""),
        "flow": one.flow or "",
        "check_in": one.flow or "",
        "channel": one.channel,
        "sender": one.sender or "",
        "sms_fallback": "1" if one.sms_fallback else "",
        "budget": "" if one.budget is None else str(one.budget // 100),
    }
