"""What staff change about facts: checked edits, laid over the shipped files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from bot.core.facts import Fact, Facts
from bot.core.facts_reading import faults_of
from bot.core.phones import parse, pretty

EDITABLE: Final = ("status", "year", "text", "note", "address", "email", "phones", "says")
_LEAST_YEAR: Final = 2000


class BadEdit(ValueError):
    """The change cannot be made; the text says why, to whoever wanted it."""


@dataclass(frozen=True, slots=True)
class FactEdit:
    """One change of one fact: new values of its fields, by whom, when and why. `changes` is plain JSON."""

    fact_id: str
    changes: Mapping[str, Any]
    by: str
    at: datetime
    why: str = ""


def edit(facts: Facts, fact_id: str, changes: Mapping[str, Any], *, by: str, at: datetime) -> FactEdit:
    """Check a change of what a fact says; the earlier check no longer holds and is taken away.

    Telephone numbers may be given as people write them. Raises BadEdit: an unknown fact or field, a status or year
    that is none, an invalid number, a value that sentences need and would lose.
    """
    fact = known(facts, fact_id)
    for key in changes:
        if key not in EDITABLE:
            raise BadEdit(f"{key!r} cannot be changed; what can: {', '.join(EDITABLE)}.")
    made = dict(changes)
    if "says" in made:
        made["says"] = _says(fact, made["says"])
    if "phones" in made:
        made |= _phones(replace(fact, **{key: made[key] for key in ("says", "text") if key in made}), made["phones"])
    made |= {"verified_on": None, "verified_by": ""}
    return _checked(fact, FactEdit(fact_id, made, _name(by), at))


def verify(facts: Facts, fact_id: str, *, by: str, on: date, at: datetime) -> FactEdit:
    """Note that somebody has checked a fact on a day. Raises BadEdit for a day to come or an unknown fact."""
    fact = known(facts, fact_id)
    if on > at.date():
        raise BadEdit(f"{on.isoformat()} lies ahead: write the day on which the fact was really checked.")
    changes = {"verified_on": on.isoformat(), "verified_by": _name(by), "suspended": False}
    return _checked(fact, FactEdit(fact_id, changes, _name(by), at))


def suspend(facts: Facts, fact_id: str, *, by: str, at: datetime, suspended: bool = True) -> FactEdit:
    """Switch a fact off (or on again): from the next message on, "je ne sais pas" is said instead."""
    known(facts, fact_id)
    return FactEdit(fact_id, {"suspended": suspended}, _name(by), at)


def overlay(facts: Facts, edits: Iterable[FactEdit]) -> Facts:
    """Return the facts as they are after these edits, oldest first. An edit of a fact that is gone has no effect."""
    changed = dict(facts.facts)
    for made in edits:
        if made.fact_id in changed:
            changed[made.fact_id] = _apply(changed[made.fact_id], made.changes)
    return replace(facts, facts=changed)


def known(facts: Facts, fact_id: str) -> Fact:
    """Return a fact by its id. Raises BadEdit with what it might be called."""
    fact = facts.facts.get(fact_id)
    if fact is None:
        near = [i for i in facts.facts if fact_id and (fact_id in i or i.startswith(fact_id[:4]))]
        hint = f" Did you mean {', '.join(near[:3])}?" if near else " `segin facts list` shows them all."
        raise BadEdit(f"There is no fact called {fact_id!r}.{hint}")
    return fact


def _name(by: str) -> str:
    if not by.strip():
        raise BadEdit("Who makes this change? Give a name with --by.")
    return by.strip()


def _phones(fact: Fact, given: Iterable[str]) -> dict[str, Any]:
    """Return numbers as E.164, and the values that sentences show for them, in their order."""
    read = [(str(text), parse(str(text))) for text in given]
    wrong = [text for text, phone in read if phone is None]
    if wrong:
        raise BadEdit(
            f"{wrong[0]!r} is not a telephone number of any country; write it as 20 22 76 97 or +223 20 22 76 97."
        )
    numbers = [phone.e164 for _, phone in read if phone]
    shown = [key for key in fact.says if "phone" in key]
    if shown and len(numbers) != len(shown):
        raise BadEdit(f"Sentences show {len(shown)} number(s) of {fact.id}; give exactly so many.")
    says = {**fact.says, **dict(zip(shown, map(_display, numbers), strict=False))}
    text = fact.text
    for key in shown:
        text = text.replace(fact.says[key], says[key])
    return {"phones": numbers, "says": says, "text": text}


def _display(e164: str) -> str:
    return pretty(e164).removeprefix("+223 ")


def _says(fact: Fact, given: Mapping[str, str]) -> dict[str, str]:
    unknown = [key for key in given if key not in fact.says]
    if unknown:
        raise BadEdit(f"{fact.id} has no value {unknown[0]!r} for sentences; it has: {', '.join(fact.says) or 'none'}.")
    empty = [key for key, value in given.items() if not str(value).strip()]
    if empty:
        raise BadEdit(f"Sentences need the value {empty[0]!r}: suspend {fact.id} instead of emptying it.")
    return {**fact.says, **{key: str(value).strip() for key, value in given.items()}}


def _checked(fact: Fact, made: FactEdit) -> FactEdit:
    """Raise BadEdit when the fact would be faulty after the edit."""
    after = _apply(fact, made.changes)
    found = faults_of(after)
    years = [int(part) for part in after.year.replace("-", " ").split() if part.isdigit()]
    if not found and (not years or not all(_LEAST_YEAR <= year <= made.at.year for year in years)):
        found = [f"the year {after.year!r} is none between {_LEAST_YEAR} and {made.at.year}."]
    if not after.text.strip():
        found.append("the text is missing.")
    if found:
        raise BadEdit(f"{fact.id}: {found[0]}")
    return made


def _apply(fact: Fact, changes: Mapping[str, Any]) -> Fact:
    known = {f.name for f in fields(Fact)}
    made: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in changes.items() if key in known
    }
    if isinstance(made.get("verified_on"), str):
        made["verified_on"] = date.fromisoformat(made["verified_on"])
    if made.get("status", fact.status) != fact.status:
        written = fact.written_as or fact.status
        made["written_as"] = "" if made["status"] == written else written
    return replace(fact, **made)
