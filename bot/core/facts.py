"""What the assistant may say about aid: facts with source, year and status, presented by status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Status = Literal["stable", "to_verify", "dated", "closed", "unknown", "internal"]
STATUSES: tuple[Status, ...] = get_args(Status)
FRESH_MONTHS = 12  # after a year nobody may assume that a telephone or a programme is still there


@dataclass(frozen=True, slots=True)
class Source:
    """A document or a set of pages that facts come from."""

    id: str
    title: str
    publisher: str
    year: str
    audience: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, with where from, of which year, for whom, and who checked it when.

    `text` is for staff; `says` are the values that sentences may use. `timeless` advice does not age. A `check_first`
    fact is said to nobody before a person has verified it. An `emergency` number is said bare, without any doubt added:
    whoever needs it has no time to read one (`segin check --live` sees to the doubt). `given`: sentences carry it.
    """

    id: str
    topic: str
    status: Status
    source: str
    year: str
    text: str
    scope: str = ""  # for whom it holds, as a word that the sentence must contain; "" = for everybody
    says: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()  # E.164
    fax: str = ""
    email: str = ""
    site: str = ""
    address: str = ""
    town: str = ""
    note: str = ""
    reliability: str = ""
    links: tuple[str, ...] = ()
    verified_on: date | None = None
    verified_by: str = ""
    timeless: bool = False
    check_first: bool = False
    emergency: bool = False
    given: bool = False
    suspended: bool = False
    written_as: str = ""  # the status that its sentences were written for, where staff gave it another since


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation of the sources: what it offered, in which trades and regions (empty: not said, so everywhere)."""

    id: str
    name: str
    short: str
    helps: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    all_trades: bool = False
    regions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    contact: str = ""
    same_as: str = ""
    listed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of the leaflet, with the words that people type."""

    code: str
    name: str
    group: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A region of today, the old region it belonged to and what people call it."""

    code: str
    name: str
    old: str
    bambara: str
    words: tuple[str, ...] = ()
    kind: str = "region"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file of facts: where, and what somebody has to do."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        """Write the fault as one line."""
        return f"{self.file}: {self.key}: {self.text}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in flows/facts/: what may be said, and the directory."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    partners: Mapping[str, Partner] = field(default_factory=dict)
    trades: Mapping[str, Trade] = field(default_factory=dict)
    trade_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    regions: Mapping[str, Region] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # fact id -> file it stands in

    def values(self) -> dict[str, str]:
        """Return all values that sentences may use: {placeholder: value}; internal facts have none."""
        return {key: value for fact in self.facts.values() for key, value in fact.says.items()}

    def owner(self, placeholder: str) -> Fact | None:
        """Return the fact that a placeholder's value belongs to."""
        return next((fact for fact in self.facts.values() if placeholder in fact.says), None)

    def of(self, ids: Iterable[str]) -> tuple[Fact, ...]:
        """Return facts by id. Raises KeyError for an unknown id, which the loader refuses beforehand."""
        return tuple(self.facts[i] for i in ids)


# ---------------------------------------------------------------- saying


def is_fresh(fact: Fact, today: date) -> bool:
    """Say whether somebody has verified the fact within the last twelve months."""
    if fact.verified_on is None:
        return False
    checked = fact.verified_on
    months = (today.year - checked.year) * 12 + today.month - checked.month - (today.day < checked.day)
    return months < FRESH_MONTHS


def standing(fact: Fact) -> Status:
    """Return the status by which a fact is presented: suspended, or unchecked though it must be, is unknown."""
    if fact.suspended or (fact.check_first and fact.verified_on is None):
        return "unknown"
    return fact.status


def _wrapper(fact: Fact, today: date) -> str | None:
    """Name the catalogue entry that a fact's sentence is put into, or None for a sentence said as it is."""
    if fact.emergency:
        return None  # an unchecked number is kept out by `unchecked_emergency`, never by a sentence full of doubt
    status, fresh = standing(fact), is_fresh(fact, today)
    if status in {"unknown", "closed", "dated"}:
        # A sentence that was written in the present is not said of what has been closed or dated since.
        since = status != "unknown" and fact.written_as in {"stable", "to_verify"}
        return f"fact.status.{status}_since" if since else f"fact.status.{status}"
    if fact.timeless:
        return None
    if fresh:
        return "fact.status.verified" if status == "to_verify" else None
    if status == "stable":
        return "fact.status.doubt"
    return "fact.status.to_verify_call" if fact.phones else "fact.status.to_verify"


WRAPPERS = (
    "fact.status.unknown",
    "fact.status.closed_since",
    "fact.status.closed",
    "fact.status.dated_since",
    "fact.status.dated",
    "fact.status.to_verify_call",
    "fact.status.to_verify",
    "fact.status.doubt",
    "fact.status.verified",
)  # gravest first: when a sentence rests on several facts, the gravest one decides


class InternalFact(ValueError):
    """A sentence rests on a fact that never leaves the team. The loader refuses it; this is the second lock."""


def present(facts: Sequence[Fact], sentence: str, *, texts: Mapping[str, str], today: date) -> str:
    """Return the sentence as the gravest status of its facts allows it to be said.

    `texts` is the catalogue of the language; its `fact.status.*` entries hold {sentence} and {year}. Unknown and
    suspended facts replace the sentence whole, and so does a fact that staff have closed or dated since the sentence
    was written. Raises InternalFact.
    """
    if any(fact.status == "internal" for fact in facts):
        names = ", ".join(fact.id for fact in facts if fact.status == "internal")
        msg = f"The facts {names} are internal and must not reach a person: take them out of the response."
        raise InternalFact(msg)
    wrapped = [(WRAPPERS.index(name), fact) for fact in facts if (name := _wrapper(fact, today))]
    if not wrapped:
        return _capital(sentence)
    gravest, fact = min(wrapped, key=lambda pair: pair[0])
    month = f"{fact.verified_on:%m/%Y}" if fact.verified_on else ""
    wrapper = texts[WRAPPERS[gravest]]
    start = wrapper.startswith("{sentence}") or ". {sentence}" in wrapper
    return _fill(wrapper, sentence=_capital(sentence) if start else sentence, year=fact.year, month=month)


def _fill(wrapper: str, **values: str) -> str:
    for key, value in values.items():
        wrapper = wrapper.replace("{" + key + "}", value)
    return wrapper


def _capital(sentence: str) -> str:
    """Begin with a capital: a dated sentence begins small, for it follows its year. No SMS carries Ɛ and Ɔ."""
    first = sentence[:1]
    return sentence if first in {"ɛ", "ɔ"} else first.upper() + sentence[1:]


# ---------------------------------------------------------------- guarding


def response_faults(
    facts: Facts, responses: Mapping[str, Sequence[str]], texts: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Check sentences against facts: {response: fact ids of its metadata} and one catalogue {msgid: text}.

    Returns (response, fault): an unknown or internal fact, or a value whose fact the response does not name. Names of
    organisations (stable and timeless) need no naming.
    """
    faults = []
    for response, ids in responses.items():
        for i in ids:
            fact = facts.facts.get(i)
            if fact is None:
                faults.append((response, f"rests on the fact {i}, which does not exist."))
            elif fact.status == "internal":
                faults.append((response, f"rests on the fact {i}, which is internal and never said; take it out."))
        text = texts.get(response, "")
        owners = [f for f in facts.facts.values() if any("{" + key + "}" in text for key in f.says)]
        faults += [
            (response, f"uses a value of the fact {f.id} without naming it in metadata.facts.")
            for f in owners
            if f.id not in ids and not (f.status == "stable" and f.timeless)
        ]
    return faults


def unchecked_emergency(facts: Facts, *, today: date | None = None) -> list[str]:
    """Return a sentence for each emergency number that people may be given and that nobody has checked (lately)."""
    given = [fact for fact in facts.facts.values() if fact.emergency and fact.given]
    return [fault for fact in given if (fault := _emergency_fault(fact, today))]


def _emergency_fault(fact: Fact, today: date | None) -> str:
    do = f"dial it, then run `segin facts verify {fact.id}`."
    if fact.suspended:
        return f"The emergency number of {fact.id} is suspended: {do}"
    if fact.verified_on is None:
        return f"The emergency number of {fact.id} was never checked: {do}"
    if today and not is_fresh(fact, today):
        return f"The emergency number of {fact.id} was last checked on {fact.verified_on}: {do}"
    return ""


def stale(facts: Facts, today: date) -> tuple[Fact, ...]:
    """Return the facts that age, may be said, and were not verified within the last twelve months."""
    return tuple(
        f
        for f in facts.facts.values()
        if f.status in {"stable", "to_verify", "dated"} and not f.timeless and not is_fresh(f, today)
    )
