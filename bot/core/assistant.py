"""The whole assistant as one value: flows, domain, sentences and facts, with what follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.domain import Domain
from bot.core.facts import Facts
from bot.core.flow import Collect, Flow, SetSlots
from bot.core.messages import Choice
from bot.core.plans import Plan

URGENT_PATTERNS = ("pattern_emergency", "pattern_doubt")


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to a flow and the flows that it calls: slots it empties at its end, slots that a start may fill."""

    empties: frozenset[str] = frozenset()
    fills: frozenset[str] = frozenset()  # also what linked flows collect


@dataclass(frozen=True, slots=True)
class Assistant:
    """Flows, domain, texts {language: {msgid: sentence}} and facts. `rev` changes with any flow or slot.

    `validates` names the slots that have a `validate_<slot>` method. `strict` (tests) raises an author's fault instead
    of telling the person that something went wrong and opening a case.
    """

    flows: Mapping[str, Flow]
    domain: Domain
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    plans: tuple[Plan, ...] = ()
    planned_by: str = ""  # digest of the plans: check-ins made by another one are planned anew
    rev: str = ""
    digest: str = ""  # of the domain that actions get, which changes with the facts too: action servers keep it by this
    validates: frozenset[str] = frozenset()
    signed: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # {language: msgids that a native reader has signed}
    strict: bool = False
    triggers: Mapping[str, str] = field(default_factory=dict)
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    placeholders: Mapping[str, frozenset[str]] = field(default_factory=dict)  # {msgid: names of its {values}}
    persisted: frozenset[str] = frozenset()
    urgent: frozenset[str] = frozenset()
    rasa_domain: Mapping[str, Any] = field(default_factory=dict)  # what actions get as `domain`, the facts included
    initials: Mapping[str, Any] = field(default_factory=dict)
    fact_values: frozenset[str] = frozenset()  # placeholders that facts fill

    def is_urgent(self, response: str) -> bool:
        """Say whether a response is said to somebody who may be in danger."""
        return response in self.urgent

    def is_signed(self, response: str, language: str = "bm") -> bool:
        """Say whether a native reader has signed the sentence."""
        return response in self.signed.get(language, frozenset())

    def plan(self, plan_id: str) -> Plan | None:
        """Return a check-in plan, or None when there is none of that id."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def choices(self, response: str) -> tuple[Choice, ...]:
        """Return a response's own buttons, titles being msgids."""
        known = self.domain.responses.get(response)
        return known.pick({}).buttons if known else ()


def scopes_of(flows: Mapping[str, Flow]) -> dict[str, Scope]:
    """Work out each flow's scope with its calls (and, for filling, its links) resolved."""
    return {name: _scope(flows, name) for name in flows}


def _scope(flows: Mapping[str, Flow], name: str) -> Scope:
    called = reach(flows, name, links=False)
    touched: set[str] = set()
    kept = {slot for flow in called for slot in flow.persisted}
    for flow in called:
        for step in flow.steps.values():
            work = step.work
            if isinstance(work, SetSlots):
                touched.update(slot for slot, _ in work.values)
            elif isinstance(work, Collect):
                (touched if work.reset_after_flow_ends else kept).add(work.slot)
    fills = frozenset(slot for flow in reach(flows, name, links=True) for slot in flow.collects())
    return Scope(frozenset(touched - kept), fills)


def reach(flows: Mapping[str, Flow], name: str, *, links: bool) -> list[Flow]:
    """Return a flow and all that it calls (and links to), each once; missing ones are left out."""
    found: dict[str, Flow] = {}
    waiting = [name]
    while waiting:
        flow = flows.get(waiting.pop())
        if flow and flow.id not in found:
            found[flow.id] = flow
            waiting += [*flow.calls(), *(flow.links() if links else ())]
    return list(found.values())


def urgent_responses(flows: Mapping[str, Flow], domain: Domain, extra: Iterable[str] = ()) -> frozenset[str]:
    """Return the responses that the emergency patterns say, and those marked `urgent`."""
    said = {r.name for r in domain.responses.values() if r.urgent} | set(extra)
    for name in URGENT_PATTERNS:
        for flow in reach(flows, name, links=True):
            for step in flow.steps.values():
                said.add(getattr(step.work, "name", "") or getattr(step.work, "utter", ""))
    return frozenset(said & domain.responses.keys())
