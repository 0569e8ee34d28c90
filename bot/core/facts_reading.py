"""Reads the data of flows/facts/ into Facts, and says everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeAlias

from bot.core.facts import STATUSES, Fact, Facts, Fault, Partner, Region, Source, Trade
from bot.core.phones import parse

_ROOT_KEYS = {"version", "sources", "facts", "partners", "trades", "trade_groups", "regions"}
_FACT_KEYS = {f.name for f in fields(Fact)} - {"id"}
_REQUIRED = ("topic", "source", "status", "text")

_Files: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class _Reading:
    """What is gathered on the way."""

    faults: list[Fault] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)


def parse_facts(files: Mapping[str, Any]) -> tuple[Facts, tuple[Fault, ...]]:
    """Read {file name: parsed YAML} into Facts, with every fault found; a faulty entry is left out."""
    reading = _Reading()
    roots: _Files = {name: data for name, data in files.items() if isinstance(data, Mapping)}
    for name, data in files.items():
        reading.faults += _root_faults(name, data)
    sources = _build(Source, roots, "sources", reading, key_field="id")
    for name, key, body in _entries(roots, "facts"):
        _take(reading, name, key, _read_fact(key, body, sources))
    parsed = Facts(
        facts=reading.facts,
        sources=sources,
        partners=_build(Partner, roots, "partners", reading, key_field="id"),
        trades=_build(Trade, _with_groups(roots), "trades", reading, key_field="code"),
        trade_groups={i: tuple(codes) for _, i, codes in _entries(roots, "trade_groups")},
        regions=_build(Region, roots, "regions", reading, key_field="code"),
        files=reading.homes,
    )
    return parsed, (*reading.faults, *_value_faults(parsed), *_directory_faults(parsed, roots))


def faults_of(fact: Fact) -> list[str]:
    """Return what is wrong with one fact, as sentences; empty when it can be used. Edits by staff pass here too."""
    found = []
    if fact.status not in STATUSES:
        found.append(f"status {fact.status!r} does not exist; use one of {', '.join(STATUSES)}.")
    if not any(c.isdigit() for c in fact.year):
        found.append("the year is missing; write of which year the information is.")
    if fact.written_as and fact.written_as not in STATUSES:
        found.append(f"written_as {fact.written_as!r} is no status; take it out once the sentences are written anew.")
    if fact.status == "internal" and (fact.says or fact.given):
        found.append("an internal fact must not have values for sentences; remove `says`.")
    if bool(fact.verified_on) != bool(fact.verified_by.strip()):
        found.append("verified_on and verified_by go together; give both or neither.")
    if fact.verified_on is not None and type(fact.verified_on) is not date:
        found.append("verified_on is not a date; write it as 2026-11-23.")
    wrong = [phone for phone in fact.phones if not ((read := parse(phone)) and read.e164 == phone)]
    return found + [f"{phone} is not a valid telephone number; write it as +22320227697." for phone in wrong]


def _root_faults(name: str, data: Any) -> list[Fault]:
    if not isinstance(data, Mapping):
        return [Fault(name, "file", f"is not a mapping; it needs one of {', '.join(sorted(_ROOT_KEYS))}.")]
    known = ", ".join(sorted(_ROOT_KEYS))
    return [Fault(name, str(key), f"unknown key; known: {known}.") for key in sorted(data.keys() - _ROOT_KEYS)]


def _entries(roots: _Files, section: str) -> Iterator[tuple[str, str, Any]]:
    for name, data in roots.items():
        for key, body in (data.get(section) or {}).items():
            yield name, str(key), body


def _tupled(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}


def _build(made: type, roots: _Files, section: str, reading: _Reading, *, key_field: str) -> dict[str, Any]:
    """Make one value of `made` for each entry of a section; what does not fit is a fault."""
    built = {}
    for name, key, body in _entries(roots, section):
        try:
            built[key] = made(**{key_field: key}, **_tupled(body))
        except (TypeError, AttributeError) as error:
            reading.faults.append(Fault(name, key, f"does not fit: {error}."))
    return built


def _with_groups(roots: _Files) -> _Files:
    """Give each trade the group that lists it."""
    group_of = {code: group for _, group, codes in _entries(roots, "trade_groups") for code in codes}
    return {
        name: {
            "trades": {
                code: {**body, "group": group_of.get(code, "")} for code, body in (data.get("trades") or {}).items()
            }
        }
        for name, data in roots.items()
    }


def _take(reading: _Reading, name: str, key: str, read: tuple[Fact | None, list[str]]) -> None:
    fact, found = read
    reading.faults += [Fault(name, key, text) for text in found]
    if key in reading.homes:
        reading.faults.append(Fault(name, key, f"stands in {reading.homes[key]} too; give one of them another id."))
    elif fact:
        reading.facts[key], reading.homes[key] = fact, name


def _read_fact(key: str, body: Any, sources: Mapping[str, Source]) -> tuple[Fact | None, list[str]]:
    if not isinstance(body, Mapping):
        return None, ["is not a mapping; write topic, source, status and text."]
    found = [f"unknown key {k!r}." for k in sorted(body.keys() - _FACT_KEYS)]
    found += [f"{k} is missing." for k in _REQUIRED if not body.get(k)]
    if not found and body["source"] not in sources:
        found.append(f"source {body['source']!r} does not exist; known: {', '.join(sorted(sources))}.")
    if found:
        return None, found
    given = _tupled(body)
    given["year"] = str(body.get("year") or sources[body["source"]].year)
    given["says"] = {str(k): str(v) for k, v in (body.get("says") or {}).items()}
    given["verified_by"] = str(body.get("verified_by") or "")
    fact = Fact(id=key, **given)
    found = faults_of(fact)
    return (None if found else fact), found


def _value_faults(parsed: Facts) -> list[Fault]:
    """Return values that two facts claim."""
    faults, owners = [], dict[str, str]()
    for fact in parsed.facts.values():
        for key in fact.says:
            if owners.setdefault(key, fact.id) != fact.id:
                text = f"the value {{{key}}} belongs to {owners[key]} already; give it another name."
                faults.append(Fault(parsed.files[fact.id], fact.id, text))
    return faults


def _directory_faults(parsed: Facts, roots: _Files) -> list[Fault]:
    """Return partners, trades and regions that name what does not exist."""
    faults = []
    for name, key, _ in _entries(roots, "partners"):
        if key in parsed.partners:
            faults += [Fault(name, key, text) for text in _partner_faults(parsed, parsed.partners[key])]
    for name, key, _ in _entries(roots, "trades"):
        if key in parsed.trades and not parsed.trades[key].group:
            faults.append(Fault(name, key, "stands in no group; add it to trade_groups."))
    for name, key, _ in _entries(roots, "regions"):
        if key in parsed.regions and parsed.regions[key].old not in parsed.regions:
            faults.append(Fault(name, key, f"the old region {parsed.regions[key].old} does not exist."))
    return faults


def _partner_faults(parsed: Facts, partner: Partner) -> list[str]:
    facts = [*partner.facts, *([partner.contact] if partner.contact else [])]
    found = [f"the fact {i} does not exist." for i in facts if i not in parsed.facts]
    found += [f"the trade {t} does not exist." for t in partner.trades if t not in parsed.trades]
    found += [f"the region {r} does not exist." for r in partner.regions if r not in parsed.regions]
    return found
