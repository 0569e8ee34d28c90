"""From a flow file's YAML to flows, with every fault named by file and line."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.core.conditions import BadCondition, Condition, parse
from bot.core.flow import END, Act, Branch, Call, Collect, Flow, Link, Noop, Rejection, SetSlots, Step, Work
from bot.core.yaml_lines import Finding, Node

CONTEXT = ("reason", "failures", "flow", "slot", "value", "names", "stale", "kind", "priority", "more", "choices")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FLOW_KEYS = {
    "description", "steps", "name", "if", "nlu_trigger", "persisted_slots", "run_pattern_completed", "metadata",
}  # fmt: skip
_KINDS = ("action", "collect", "link", "call", "set_slots", "noop")
_COLLECT_KEYS = {"utter", "ask_before_filling", "reset_after_flow_ends", "rejections", "description"}
_COMMON_KEYS = {"id", "next", "metadata"}
_REFUSED = {
    "always_include_in_prompt", "on_activate", "force_slot_filling", "dtmf", "silence_timeout", "translation",
    "mcp_server", "mapping", "exit_if",
}  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """One flow while it is read."""

    file: str
    flow: str
    slots: Collection[str]
    findings: list[Finding]
    steps: dict[str, Step] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    targets: list[tuple[str, int]] = field(default_factory=list)
    unnamed: Counter[str] = field(default_factory=Counter)

    def fault(self, line: int, text: str) -> None:
        self.findings.append(Finding(self.file, line, f"{self.flow}: {text}"))


def read_flows(root: Node, *, file: str, slots: Collection[str], findings: list[Finding]) -> Iterator[Flow]:
    """Read the flows of one file; faults are added to `findings`, and a flow that has no steps is left out."""
    for key, node in root.items():
        if key == "version":
            if not isinstance(node.value, str):
                findings.append(Finding(file, node.line, 'version must be a text: write version: "3.1".'))
        elif key != "flows":
            findings.append(Finding(file, node.line, f"{key!r} is no key of a flow file; known: version, flows."))
    flows = root.get("flows")
    if flows is None:
        findings.append(Finding(file, root.line, "There are no flows in this file; put them under flows:."))
        return
    for name, node in flows.items():
        flow = _flow(_Reading(file, name, slots, findings), node)
        if flow:
            yield flow


def _flow(reading: _Reading, node: Node) -> Flow | None:
    name = reading.flow
    if not _ID.fullmatch(name):
        reading.fault(node.line, f"the id {name!r} must consist of letters, digits and _.")
    _known_keys(reading, node, _FLOW_KEYS)
    if not _text(node, "description"):
        reading.fault(node.line, "description is missing; say in one sentence for staff what it is for.")
    steps = node.get("steps")
    if steps is None or not steps.members():
        reading.fault(node.line, "it has no steps.")
        return None
    first = _steps(reading, steps.members(), nested=False)
    _check_targets(reading)
    guard = node.get("if")
    return Flow(
        id=name,
        file=reading.file,
        line=node.line,
        name=_text(node, "name") or name.replace("_", " "),
        description=_text(node, "description"),
        steps=reading.steps,
        first=first,
        guard=_condition(reading, guard) if guard else None,
        triggers=tuple(_triggers(reading, node.get("nlu_trigger"))),
        persisted=frozenset(_persisted(reading, node.get("persisted_slots"))),
        run_pattern_completed=_flag(reading, node, "run_pattern_completed", default=True),
        metadata=_plain_mapping(node.get("metadata")),
    )


def _triggers(reading: _Reading, node: Node | None) -> Iterator[str]:
    for member in node.members() if node else ():
        intent = member.get("intent")
        name = intent.get("name") if intent and isinstance(intent.value, dict) else intent
        if name is None or not isinstance(name.value, str):
            reading.fault(member.line, "nlu_trigger takes a list of `intent: name`.")
        else:
            yield name.value


def _persisted(reading: _Reading, node: Node | None) -> Iterator[str]:
    for member in node.members() if node else ():
        if str(member.value) not in reading.slots:
            reading.fault(member.line, f"persisted_slots names {member.value!r}, which is not in the domain.")
        yield str(member.value)


def _steps(reading: _Reading, nodes: list[Node], *, nested: bool) -> str:
    """Read a list of steps into the table and return the id of the first."""
    ids = [_id(reading, node) for node in nodes]
    for place, node in enumerate(nodes):
        following = ids[place + 1] if place + 1 < len(ids) else None
        if following is None and not nested:
            following = END
        work = _work(reading, node)
        if work is not None:
            step = reading.steps[ids[place]] = Step(ids[place], node.line, work, ())  # before the steps nested in it
            reading.steps[step.id] = replace(step, ways=_ways(reading, node, work, following))
    return ids[0]


def _id(reading: _Reading, node: Node) -> str:
    given = node.get("id")
    if given is None:
        return _unnamed(reading, node)
    name = str(given.value)
    if name == END:
        reading.fault(given.line, "the step id END is reserved.")
    elif not _ID.fullmatch(name):
        reading.fault(given.line, f"the step id {name!r} must consist of letters, digits and _.")
    elif name in reading.ids:
        reading.fault(given.line, f"the step id {name!r} is used twice.")
    reading.ids.add(name)
    return name


def _unnamed(reading: _Reading, node: Node) -> str:
    """Name a step after what it does, not its place: who sleeps in a call wakes there after steps were inserted."""
    kind = next((kind for kind in _KINDS if node.get(kind)), "step")
    what = node.get(kind)
    label = f"{kind}:{what.value}" if what and isinstance(what.value, str) else kind
    reading.unnamed[label] += 1
    return f"{label}#{reading.unnamed[label]}"


def _work(reading: _Reading, node: Node) -> Work | None:
    kinds = [kind for kind in _KINDS if node.get(kind)]
    if len(kinds) != 1:
        reading.fault(node.line, f"a step needs exactly one of {', '.join(_KINDS)}.")
        return None
    kind = kinds[0]
    allowed = _COMMON_KEYS | {kind} | (_COLLECT_KEYS if kind == "collect" else set())
    _known_keys(reading, node, allowed)
    what = node.value[kind]
    name = str(what.value)
    match kind:
        case "collect":
            return _collect(reading, node, name)
        case "set_slots":
            return SetSlots(tuple(_settings(reading, what)))
        case "noop":
            return _noop(reading, node)
        case "link":
            return _link(reading, node, name)
    return Call(name) if kind == "call" else Act(name)


def _link(reading: _Reading, node: Node, name: str) -> Link:
    if node.get("next"):
        reading.fault(node.line, f"the link to {name!r} ends the flow, so it cannot have next.")
    return Link(name)


def _noop(reading: _Reading, node: Node) -> Noop:
    if node.get("next") is None:
        reading.fault(node.line, "a noop only branches, so it needs next.")
    return Noop()


def _settings(reading: _Reading, node: Node) -> Iterator[tuple[str, str | bool | float | None]]:
    members = node.members() or [node]
    for member in members:
        for slot, value in member.items():
            if slot not in reading.slots:
                reading.fault(value.line, f"set_slots names {slot!r}, which is not in the domain.")
            yield slot, value.plain()


def _collect(reading: _Reading, node: Node, slot: str) -> Collect:
    if node.get("id") is None:
        reading.fault(
            node.line, f"collect {slot!r} needs an id: people sleep at questions, and an id outlives new steps."
        )
    if slot not in reading.slots:
        reading.fault(node.line, f"collect names {slot!r}, which is not in the domain.")
    rejections = node.get("rejections")
    return Collect(
        slot=slot,
        utter=_text(node, "utter") or f"utter_ask_{slot}",
        ask_before_filling=_flag(reading, node, "ask_before_filling", default=False),
        reset_after_flow_ends=_flag(reading, node, "reset_after_flow_ends", default=True),
        rejections=tuple(_rejections(reading, rejections.members() if rejections else [])),
    )


def _rejections(reading: _Reading, nodes: list[Node]) -> Iterator[Rejection]:
    for node in nodes:
        _known_keys(reading, node, {"if", "utter"})
        when, utter = node.get("if"), _text(node, "utter")
        if when is None or not utter:
            reading.fault(node.line, "a rejection needs if and utter.")
        else:
            yield Rejection(_condition(reading, when), utter)


def _ways(reading: _Reading, node: Node, work: Work, following: str | None) -> tuple[Branch, ...]:
    if isinstance(work, Link):
        return ()
    ways = node.get("next")
    if ways is None:
        if following is None:
            reading.fault(node.line, "the last step of a branch needs next: a step id or END.")
        return (Branch(following or END),)
    if not isinstance(ways.value, list):
        return (Branch(_target(reading, ways)),)
    return tuple(_branches(reading, ways))


def _branches(reading: _Reading, ways: Node) -> Iterator[Branch]:
    has_else = False
    for node in ways.members():
        when, then, otherwise = node.get("if"), node.get("then"), node.get("else")
        if otherwise is not None:
            has_else = True
            _known_keys(reading, node, {"else"})
            yield Branch(_target(reading, otherwise))
        elif when is None or then is None:
            reading.fault(node.line, "next takes `if` with `then`, and `else` at the end.")
        else:
            _known_keys(reading, node, {"if", "then"})
            condition = _condition(reading, when)
            yield Branch(_target(reading, then), condition)
    if not has_else:
        reading.fault(ways.line, "next has no else: say where it goes when no condition holds.")


def _target(reading: _Reading, node: Node) -> str:
    if isinstance(node.value, list) and node.value:
        return _steps(reading, node.value, nested=True)
    name = str(node.value)
    reading.targets.append((name, node.line))
    return name


def _check_targets(reading: _Reading) -> None:
    for name, line in reading.targets:
        if name != END and name not in reading.steps:
            reading.fault(line, f"next leads to {name!r}, and there is no such step.")


def _condition(reading: _Reading, node: Node) -> Condition:
    """Read a condition; one that cannot be read is never true, so that its branch still counts as a way."""
    text = str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
    try:
        return parse(text, slots=reading.slots, context=CONTEXT)
    except BadCondition as error:
        reading.fault(node.line, f"the condition `{text}` cannot be used: {error}.")
        return Condition(text, frozenset(), (), lambda _slots, _context: False)


def _known_keys(reading: _Reading, node: Node, known: set[str]) -> None:
    for key, value in node.items():
        if key in _REFUSED:
            reading.fault(value.line, f"{key!r} belongs to language models or voice and is not used here; take it out.")
        elif key not in known:
            reading.fault(value.line, f"{key!r} is not a key that may stand here; known: {', '.join(sorted(known))}.")


def _flag(reading: _Reading, node: Node, key: str, *, default: bool) -> bool:
    found = node.get(key)
    if found is None:
        return default
    if not isinstance(found.value, bool):
        reading.fault(found.line, f"{key} is true or false.")
    return bool(found.value)


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return str(found.value) if found and found.value is not None else ""


def _plain_mapping(node: Node | None) -> Mapping[str, object]:
    return node.plain() if node and isinstance(node.value, dict) else {}
