"""From the texts of all files to one assistant, with every fault found on the way."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.assistant import Assistant, scopes_of, urgent_responses
from bot.core.catalogues import Catalogue, placeholders_of, read_catalogue
from bot.core.checks_flows import check_flows
from bot.core.directory import domain_digest, for_actions
from bot.core.domain import Domain
from bot.core.domain_reading import read_domain
from bot.core.facts import Facts
from bot.core.facts_reading import parse_facts
from bot.core.flow import Flow
from bot.core.flow_reading import read_flows
from bot.core.plans import Plan
from bot.core.plans_reading import Placed, check_plans, digest_of, read_plans
from bot.core.yaml_lines import Finding, Node, read


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts of all files by name. `actions` are the names of the actions that there are (None: not looked at)."""

    flows: Mapping[str, str] = field(default_factory=dict)
    domain: Mapping[str, str] = field(default_factory=dict)
    catalogues: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # {language: {file: text}}
    facts: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, str] = field(default_factory=dict)
    actions: frozenset[str] | None = None
    validates: frozenset[str] = frozenset()
    code: Mapping[str, str] = field(default_factory=dict)  # Python that names responses and slots; for the checks only


@dataclass(frozen=True, slots=True)
class Parts:
    """What the files say, before it is known whether it fits together."""

    flows: Mapping[str, Flow]
    domain: Domain
    catalogues: Mapping[str, Catalogue]
    facts: Facts
    plans: tuple[Plan, ...] = ()


def load(sources: Sources, *, strict: bool = False) -> tuple[Assistant | None, tuple[Finding, ...]]:
    """Return the assistant, or None and every structural fault: what would keep a conversation from running.

    What readers would notice (missing or long sentences, unused names) is the business of `bot.core.checks.check`.
    """
    parts, findings = read_parts(sources)
    if findings:
        return None, findings
    return assemble(parts, sources, strict=strict), ()


def read_parts(sources: Sources) -> tuple[Parts, tuple[Finding, ...]]:
    """Read all files and return what they say with every structural fault, in the order of files and lines."""
    findings: list[Finding] = []
    domain = read_domain(list(_roots(sources.domain, findings).items()), findings)
    flows: dict[str, Flow] = {}
    for file, root in _roots(sources.flows, findings).items():
        for flow in read_flows(root, file=file, slots=domain.slots, findings=findings):
            if flow.id in flows:
                findings.append(Finding(file, flow.line, f"{flow.id}: this flow stands in {flows[flow.id].file} too."))
            flows[flow.id] = flow
    catalogues = {language: read_catalogue(language, files, findings) for language, files in sources.catalogues.items()}
    facts = _facts(sources.facts, findings)
    findings += check_flows(flows, domain, sources.actions)
    plans = _plans(sources.plans, findings)
    findings += check_plans(plans, flows, domain)
    parts = Parts(flows, domain, catalogues, facts, tuple(one.plan for one in plans))
    return parts, tuple(sorted(set(findings), key=lambda f: (f.file, f.line, f.text)))


def assemble(parts: Parts, sources: Sources, *, strict: bool = False) -> Assistant:
    """Put the parts together and work out what follows from them."""
    texts = {language: catalogue.texts for language, catalogue in parts.catalogues.items()}
    return Assistant(
        flows=parts.flows,
        domain=parts.domain,
        texts=texts,
        facts=parts.facts,
        plans=parts.plans,
        planned_by=digest_of(sources.plans),
        rev=_revision(sources),
        validates=sources.validates,
        signed={language: catalogue.signed for language, catalogue in parts.catalogues.items()},
        strict=strict,
        triggers={intent: flow.id for flow in parts.flows.values() for intent in flow.triggers},
        scopes=scopes_of(parts.flows),
        placeholders=placeholders_of(texts),
        persisted=frozenset(slot for flow in parts.flows.values() for slot in flow.persisted),
        urgent=urgent_responses(parts.flows, parts.domain),
        rasa_domain=_rasa_domain(parts.domain) | for_actions(parts.facts),
        digest=domain_digest(_revision(sources), parts.facts),
        initials={slot.name: slot.initial for slot in parts.domain.slots.values()},
        fact_values=frozenset(parts.facts.values()),
    )


def _roots(files: Mapping[str, str], findings: list[Finding]) -> dict[str, Node]:
    roots = {}
    for file, text in sorted(files.items()):
        roots[file], found = read(text, file=file)
        findings += found
    return roots


def _plans(files: Mapping[str, str], findings: list[Finding]) -> list[Placed]:
    found: dict[str, Placed] = {}
    for file, root in _roots(files, findings).items():
        for placed in read_plans(root, file=file, findings=findings):
            if placed.plan.id in found:
                findings.append(Finding(file, placed.line, f"{placed.plan.id}: this plan stands twice."))
            found[placed.plan.id] = placed
    return list(found.values())


def _facts(files: Mapping[str, str], findings: list[Finding]) -> Facts:
    data: dict[str, Any] = {}
    for file, text in files.items():
        _, found = read(text, file=file)
        findings += found
        data[file] = {} if found else yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe loaders
    facts, faults = parse_facts(data)
    findings += [
        Finding(fault.file, _line_of(files[fault.file], fault.key), f"{fault.key}: {fault.text}") for fault in faults
    ]
    return facts


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"^\s*{re.escape(key)}:", text, re.MULTILINE)
    return text.count("\n", 0, found.start(0)) + 1 + found[0].count("\n") if found else 1


def _revision(sources: Sources) -> str:
    """Hash flows and domain: a new sentence wakes nobody, a new step may."""
    digest = hashlib.sha256()
    for files in (sources.flows, sources.domain):
        for file, text in sorted(files.items()):
            digest.update(f"{file}\0{text}\0".encode())
    return digest.hexdigest()[:12]


def _rasa_domain(domain: Domain) -> dict[str, Any]:
    """Return the domain as rasa_sdk hands it to actions: slot types and values, names of responses and actions."""
    slots = {
        slot.name: {"type": slot.type, "initial_value": slot.initial, "mappings": [{"type": "custom"}]}
        | ({"values": list(slot.values)} if slot.values else {})
        for slot in domain.slots.values()
    }
    responses = {name: [{"text": ""}] for name in domain.responses}
    return {"version": "3.1", "slots": slots, "responses": responses, "actions": sorted(domain.actions)}
