"""From the text of a plan file to plans, with every fault named by file and line."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core import limits
from bot.core.assistant import reach
from bot.core.domain import Domain
from bot.core.flow import Collect, Flow
from bot.core.plans import LATE, QUESTIONS, SINCE, Plan, PlanStep
from bot.core.yaml_lines import Finding, Node

_KEYS = {"name", "since", "hour", "remind_after_days", "give_up_after_days", "sms_fallback", "steps"}
_STEP_KEYS = {"id", "months", "flow", "late"}
_ID_LENGTH = 64
_HOURS = range(24)
_MONTHS = range(121)
_DAYS = range(1, 61)


def digest_of(files: Mapping[str, str]) -> str:
    """Return what changes with any plan: whoever was planned by another one is planned anew."""
    return hashlib.sha256("\0".join(part for item in sorted(files.items()) for part in item).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan and where it stands: its file, its line, and the line of each step by id."""

    plan: Plan
    file: str
    line: int
    lines: Mapping[str, int]


def read_plans(root: Node, *, file: str, findings: list[Finding]) -> Iterator[Placed]:
    """Read the plans of one file; faults are added to `findings`, and a plan without a sound step is left out."""
    for key, node in root.items():
        if key not in {"version", "plans"}:
            findings.append(Finding(file, node.line, f"{key!r} is no key of a plan file; known: version, plans."))
    plans = root.get("plans")
    if plans is None or not list(plans.items()):
        findings.append(Finding(file, root.line, "There are no plans in this file; put them under plans:."))
        return
    for name, node in plans.items():
        reading = _Reading(file, name, findings)
        plan = reading.plan(node)
        if plan:
            yield Placed(plan, file, node.line, _lines(node))


class _Reading:
    """One plan while it is read."""

    def __init__(self, file: str, plan: str, findings: list[Finding]) -> None:
        self._file, self._id, self._findings = file, plan, findings

    def plan(self, node: Node) -> Plan | None:
        self._known(node, _KEYS)
        steps = node.get("steps")
        read = [step for member in steps.members() if (step := self._step(member))] if steps else []
        if not read:
            self._fault(node.line, "a plan needs steps, each with id, months and flow.")
            return None
        self._apart(steps or node, read)
        return Plan(
            id=self._id,
            name=str(self._one(node, "name", self._id)),
            steps=tuple(sorted(read, key=lambda step: step.months)),
            since=self._of(node, "since", SINCE, "return"),
            hour=self._of(node, "hour", _HOURS, 10),
            remind_after=timedelta(days=self._of(node, "remind_after_days", _DAYS, 3)),
            give_up_after=timedelta(days=self._of(node, "give_up_after_days", _DAYS, 4)),
            sms_fallback=self._yes_or_no(node, "sms_fallback"),
        )

    def _step(self, node: Node) -> PlanStep | None:
        self._known(node, _STEP_KEYS)
        ident, months, flow = (node.get(name) for name in ("id", "months", "flow"))
        if not (ident and months and flow) or not 0 < len(str(ident.value)) <= _ID_LENGTH:
            self._fault(node.line, f"a step needs id (at most {_ID_LENGTH} letters), months and flow.")
            return None
        late = self._of(node, "late", LATE, "merge")
        return PlanStep(str(ident.value), self._of(node, "months", _MONTHS, 0), str(flow.value), late)

    def _apart(self, node: Node, steps: list[PlanStep]) -> None:
        for what in ("id", "months"):
            values = [getattr(step, what) for step in steps]
            for value in sorted({value for value in values if values.count(value) > 1}):
                self._fault(node.line, f"two steps have the {what} {value}; each needs its own.")

    def _known(self, node: Node, keys: set[str]) -> None:
        for key, value in node.items():
            if key not in keys:
                self._fault(value.line, f"{key!r} is no key here; known: {', '.join(sorted(keys))}.")

    def _one(self, node: Node, key: str, otherwise: Any) -> Any:
        found = node.get(key)
        return otherwise if found is None or found.value is None else found.value

    def _of(self, node: Node, key: str, allowed: Any, otherwise: Any) -> Any:
        value = self._one(node, key, otherwise)
        if value in allowed and not isinstance(value, bool):
            return value
        found = node.get(key)
        words = f"from {allowed[0]} to {allowed[-1]}" if isinstance(allowed, range) else f"one of {', '.join(allowed)}"
        self._fault(found.line if found else node.line, f"{key} is {words}, not {value!r}.")
        return otherwise

    def _yes_or_no(self, node: Node, key: str) -> bool:
        value = self._one(node, key, otherwise=False)
        if not isinstance(value, bool):
            self._fault(node.line, f"{key} is true or false, not {value!r}.")
        return value is True

    def _fault(self, line: int, text: str) -> None:
        self._findings.append(Finding(self._file, line, f"{self._id}: {text}"))


def _lines(node: Node) -> dict[str, int]:
    steps = node.get("steps")
    members = steps.members() if steps else []
    return {str(ident.value): member.line for member in members if (ident := member.get("id"))}


def check_plans(plans: Iterable[Placed], flows: Mapping[str, Flow], domain: Domain) -> Iterator[Finding]:
    """Say what keeps the steps of plans from being asked."""
    for placed in plans:
        for step in placed.plan.steps:
            line = placed.lines.get(step.id, placed.line)
            yield from (Finding(placed.file, line, f"{placed.plan.id}: {one}") for one in _faults(step, flows, domain))


def _faults(step: PlanStep, flows: Mapping[str, Flow], domain: Domain) -> Iterator[str]:
    flow = flows.get(step.flow)
    if flow is None or flow.is_pattern:
        yield f"the step {step.id} begins the flow {step.flow!r}, which there is not."
        return
    if len(flow.collects()) > QUESTIONS:
        yield f"{flow.id} asks {len(flow.collects())} questions; a check-in asks at most {QUESTIONS}."
    for called in reach(flows, flow.id, links=True):
        for one in called.steps.values():
            if isinstance(one.work, Collect) and not _closed(domain, one.work.slot):
                yield f"{called.id} asks for {one.work.slot!r} in words; a check-in asks closed questions only."


def _closed(domain: Domain, name: str) -> bool:
    """Say whether a slot is answered by a digit, so that nothing personal can stand among the answers."""
    slot = domain.slots.get(name)
    if slot is None:
        return True  # told elsewhere
    return slot.type == "bool" or (slot.type == "categorical" and len(slot.values) <= limits.MENU_CHOICES)
