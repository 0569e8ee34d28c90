"""From the domain files' YAML to slots, responses and actions, with every fault named by file and line."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import get_args

from bot.core.domain import Domain, Longest, Response, Slot, SlotType, Variation
from bot.core.messages import Choice
from bot.core.yaml_lines import Finding, Node

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ROOT_KEYS = {"version", "slots", "responses", "actions", "session_config", "values"}
_SLOT_KEYS = {"type", "values", "initial_value", "mappings", "metadata", "min_value", "max_value"}
_SLOT_METADATA = {"entity", "given", "max_length", "secret"}
_RESPONSE_KEYS = {"id", "text", "channel", "condition", "buttons", "image", "custom", "metadata"}
_RESPONSE_METADATA = {"budget", "facts", "urgent"}
_LONGEST_KEYS = {"max_length", "example", "slot"}


@dataclass(slots=True)
class _Reading:
    findings: list[Finding]
    file: str = ""
    slots: dict[str, Slot] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    actions: dict[str, tuple[str, int]] = field(default_factory=dict)
    longest: dict[str, Longest] = field(default_factory=dict)

    def fault(self, line: int, text: str) -> None:
        self.findings.append(Finding(self.file, line, text))


def read_domain(roots: Iterable[tuple[str, Node]], findings: list[Finding]) -> Domain:
    """Merge the domain files; a name that two files give is a finding."""
    reading = _Reading(findings)
    for file, root in roots:
        reading.file = file
        _known(reading, root, _ROOT_KEYS, "a domain file")
        _section(reading, root.get("slots"), _slot)
        _section(reading, root.get("responses"), _response)
        _section(reading, root.get("values"), _longest)
        _actions(reading, root.get("actions"))
    return Domain(reading.slots, reading.responses, reading.actions, reading.longest)


def _section(reading: _Reading, node: Node | None, read: Callable[[_Reading, str, Node], None]) -> None:
    for name, body in node.items() if node else ():
        read(reading, name, body)


def _actions(reading: _Reading, node: Node | None) -> None:
    for member in node.members() if node else ():
        name = str(member.value)
        if name in reading.actions:
            reading.fault(member.line, f"The action {name!r} is declared twice.")
        reading.actions[name] = (reading.file, member.line)


def _slot(reading: _Reading, name: str, node: Node) -> None:
    if not _NAME.fullmatch(name):
        reading.fault(
            node.line, f"{name!r} is no name for a slot: letters, digits, _ and -, not beginning with a digit."
        )
    if name in reading.slots:
        reading.fault(node.line, f"The slot {name!r} stands in {reading.slots[name].file} too.")
    _known(reading, node, _SLOT_KEYS, f"the slot {name!r}")
    metadata = node.get("metadata") or Node({}, node.line)
    _known(reading, metadata, _SLOT_METADATA, f"the metadata of the slot {name!r}")
    plain = node.plain() if isinstance(node.value, dict) else {}
    kind: SlotType = plain.get("type", "any")
    if kind not in get_args(SlotType):
        reading.fault(node.line, f"The slot {name!r} has the type {kind!r}; known: {', '.join(get_args(SlotType))}.")
        kind = "any"
    if kind == "categorical" and not plain.get("values"):
        reading.fault(node.line, f"The categorical slot {name!r} needs values.")
    reading.slots[name] = Slot(
        name=name,
        type=kind,
        values=tuple(map(_word, plain.get("values") or ())),
        initial=plain.get("initial_value"),
        min_value=plain.get("min_value"),
        max_value=plain.get("max_value"),
        file=reading.file,
        line=node.line,
        **metadata.plain(),
    )


def _word(value: object) -> str:
    """Return a categorical value as text; YAML reads a bare `no` as false, which nobody means here."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _response(reading: _Reading, name: str, node: Node) -> None:
    if name in reading.responses:
        reading.fault(node.line, f"The response {name!r} stands in {reading.responses[name].file} too.")
    if not name.startswith("utter_"):
        reading.fault(node.line, f"The response {name!r} must begin with utter_.")
    variations = [_variation(reading, name, member) for member in node.members()]
    if not variations:
        reading.fault(node.line, f"The response {name!r} needs at least one variation: write [{{}}].")
        variations = [Variation(name)]
    metadata: dict[str, object] = {}
    for member in node.members():
        found = member.get("metadata") or Node({}, member.line)
        _known(reading, found, _RESPONSE_METADATA, f"the metadata of the response {name!r}")
        metadata |= found.plain()
    facts = metadata.get("facts") or ()
    reading.responses[name] = Response(
        name=name,
        variations=tuple(variations),
        budget=int(str(metadata.get("budget") or 1)),
        facts=tuple(map(str, facts if isinstance(facts, list) else ())),
        urgent=bool(metadata.get("urgent")),
        file=reading.file,
        line=node.line,
    )


def _variation(reading: _Reading, name: str, node: Node) -> Variation:
    _known(reading, node, _RESPONSE_KEYS, f"the response {name!r}")
    for key in ("text", "image", "custom"):
        if node.get(key):
            reading.fault(
                node.value[key].line, f"{name}: sentences stand in the catalogues, so {key!r} has no place here."
            )
    plain = node.plain() if isinstance(node.value, dict) else {}
    buttons = plain.get("buttons") or ()
    if not all({"title", "payload"} == set(button) for button in buttons):
        reading.fault(node.line, f"{name}: a button needs title and payload, and nothing else.")
        buttons = ()
    return Variation(
        msgid=str(plain.get("id") or name),
        channel=plain.get("channel"),
        conditions=tuple((c.get("name", ""), c.get("value")) for c in plain.get("condition") or ()),
        buttons=tuple(Choice(str(button["title"]), str(button["payload"])) for button in buttons),
    )


def _longest(reading: _Reading, name: str, node: Node) -> None:
    _known(reading, node, _LONGEST_KEYS, f"the longest value of {name!r}")
    plain = node.plain() if isinstance(node.value, dict) else {}
    if not plain.keys() & _LONGEST_KEYS:
        reading.fault(node.line, f"The longest value of {name!r} needs max_length, example or slot.")
    example = plain.get("example")
    reading.longest[name] = Longest(
        plain.get("max_length"), None if example is None else str(example), plain.get("slot")
    )


def _known(reading: _Reading, node: Node, known: set[str], where: str) -> None:
    for key, value in node.items():
        if key not in known:
            reading.fault(value.line, f"{key!r} is no key of {where}; known: {', '.join(sorted(known))}.")
