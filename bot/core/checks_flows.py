"""Do the flows fit together and with the domain? Every answer is a sentence with file and line."""

from collections.abc import Iterator, Mapping

from bot.core.assistant import reach
from bot.core.commands import Value
from bot.core.domain import Domain
from bot.core.flow import END, PATTERN, Act, Call, Collect, Flow, Link, SetSlots, Step
from bot.core.yaml_lines import Finding

BUILT_IN = ("action_continue_interrupted_flow", "action_cancel_interrupted_flows")
VALIDATION = "action_validate_slot_mappings"


def check_flows(flows: Mapping[str, Flow], domain: Domain, actions: frozenset[str] | None = None) -> list[Finding]:
    """Return every fault in how flows name one another, the domain and the `actions` that exist."""
    findings = [*_intents(flows), *_declared(domain, actions)]
    for flow in flows.values():
        findings += [*_names(flow, domain), *_others(flow, flows), *_paths(flow), *_persisted(flow, flows)]
    return findings


def at(flow: Flow, line: int, text: str) -> Finding:
    """Make a finding about a flow."""
    return Finding(flow.file, line, f"{flow.id}: {text}")


def _intents(flows: Mapping[str, Flow]) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for flow in flows.values():
        for intent in flow.triggers:
            if intent in owners:
                yield at(flow, flow.line, f"the intent {intent!r} triggers {owners[intent]} already.")
            owners[intent] = flow.id


def _declared(domain: Domain, actions: frozenset[str] | None) -> Iterator[Finding]:
    for name, (file, line) in domain.actions.items():
        if actions is not None and name not in actions and name not in BUILT_IN:
            yield Finding(file, line, f"The action {name!r} is declared, but flows/actions has none of that name.")


def _names(flow: Flow, domain: Domain) -> Iterator[Finding]:
    for step in flow.steps.values():
        for name in _spoken(step, domain):
            if name.startswith("utter_"):
                if name not in domain.responses:
                    yield at(flow, step.line, f"the response {name!r} is not in the domain.")
            elif name not in domain.actions and name not in BUILT_IN:
                yield at(flow, step.line, f"the action {name!r} is not in the domain.")
        yield from _values(flow, step, domain)


def _spoken(step: Step, domain: Domain) -> Iterator[str]:
    if isinstance(step.work, Act):
        yield step.work.name
    elif isinstance(step.work, Collect):
        if f"action_ask_{step.work.slot}" not in domain.actions:
            yield step.work.utter
        yield from (rejection.utter for rejection in step.work.rejections)


def _values(flow: Flow, step: Step, domain: Domain) -> Iterator[Finding]:
    fixed = list(_settings(step))
    for condition in conditions_of(step):
        fixed += condition.compared
    for name, value in fixed:
        slot = domain.slots.get(name)
        if slot and slot.type == "categorical" and value is not None and value not in slot.values:
            yield at(flow, step.line, f"the slot {name!r} is never {value!r}; its values: {', '.join(slot.values)}.")
        if slot and slot.type == "bool" and not isinstance(value, bool | None):
            yield at(flow, step.line, f"the slot {name!r} is true or false, never {value!r}.")
    if isinstance(step.work, Collect) and domain.slots.get(step.work.slot) and domain.slots[step.work.slot].given:
        yield at(flow, step.line, f"the slot {step.work.slot!r} is given with each turn, so it cannot be asked for.")


def conditions_of(step: Step) -> "Iterator":  # type: ignore[type-arg]
    """Return the conditions of a step's ways out and rejections."""
    yield from (way.condition for way in step.ways if way.condition)
    if isinstance(step.work, Collect):
        yield from (rejection.condition for rejection in step.work.rejections)


def _others(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    for step in flow.steps.values():
        if not isinstance(step.work, Link | Call):
            continue
        verb = "link" if isinstance(step.work, Link) else "call"
        other = step.work.flow
        if other.startswith(PATTERN) or flow.is_pattern:
            yield at(flow, step.line, f"no flow may {verb} to or from a pattern ({other}).")
        if other not in flows:
            yield at(flow, step.line, f"the {verb} goes to {other!r}, and there is no such flow.")
        elif verb == "call":
            yield from _called(flow, step, flows[other], flows)


def _called(flow: Flow, step: Step, other: Flow, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    if other.links():
        yield at(flow, step.line, f"the called flow {other.id!r} contains a link, so it would never come back.")
    if any(flow.id in member.calls() for member in reach(flows, other.id, links=False)):
        yield at(flow, step.line, f"the call of {other.id!r} leads back to {flow.id!r} without end.")


def _persisted(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    filled: set[str] = set()
    for member in reach(flows, flow.id, links=False):
        for step in member.steps.values():
            if isinstance(step.work, Collect):
                filled.add(step.work.slot)
            elif isinstance(step.work, SetSlots):
                filled.update(name for name, _ in step.work.values)
    for name in sorted(flow.persisted - filled):
        yield at(flow, flow.line, f"persisted_slots names {name!r}, which this flow never fills.")


def _paths(flow: Flow) -> Iterator[Finding]:
    reached = _reached(flow, flow.first)
    for step in flow.steps.values():
        if step.id not in reached:
            yield at(flow, step.line, f"the step {step.id!r} can never be reached.")
        elif not _ends(flow, step.id):
            yield at(flow, step.line, f"from the step {step.id!r} the end cannot be reached: there is no way out.")
        elif _spins(flow, step):
            yield at(flow, step.line, f"the step {step.id!r} leads back to itself without asking anything.")


def _reached(flow: Flow, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in flow.steps and name not in found:
            found.add(name)
            waiting += [way.to for way in flow.steps[name].ways]
    return found


def _ends(flow: Flow, start: str) -> bool:
    steps = (flow.steps[name] for name in _reached(flow, start))
    return any(isinstance(step.work, Link) or any(way.to == END for way in step.ways) for step in steps)


def _spins(flow: Flow, start: Step) -> bool:
    """Say whether a step can come back to itself over steps that need not wait for the person.

    A question whose slot is filled is passed by, so it only counts when it always asks or when the flow empties it.
    """
    emptied = {name for step in flow.steps.values() for name, value in _settings(step) if value is None}
    found: set[str] = set()
    waiting = [start.id]
    while waiting:
        step = flow.steps.get(waiting.pop())
        if step is None or _waits(step, emptied):
            continue
        for way in step.ways:
            if way.to == start.id:
                return True
            if way.to not in found:
                found.add(way.to)
                waiting.append(way.to)
    return False


def _waits(step: Step, emptied: set[str]) -> bool:
    if isinstance(step.work, Collect):
        return step.work.ask_before_filling or step.work.slot in emptied
    return isinstance(step.work, Call)


def _settings(step: Step) -> tuple[tuple[str, Value], ...]:
    return step.work.values if isinstance(step.work, SetSlots) else ()
