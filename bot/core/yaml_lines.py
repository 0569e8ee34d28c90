"""YAML that remembers where each value stood, so that a fault can name its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, the same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a file, as a sentence for whoever wrote the file."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        """Print as editors understand it: file:line: sentence."""
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line it stands on: a dict of Nodes, a list of Nodes, or a plain scalar."""

    value: Any
    line: int

    def get(self, key: str) -> "Node | None":
        """Return the Node under a key, or None when there is none or this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Go through a mapping; nothing when it is none."""
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def members(self) -> "list[Node]":
        """Return a list's members; nothing when it is no list."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """Return ordinary Python values without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read(text: str, *, file: str) -> tuple[Node, list[Finding]]:
    """Read a YAML text; a text that is no YAML gives an empty mapping and a finding, a key used twice a finding."""
    findings: list[Finding] = []
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "it cannot be read"
        return Node({}, 1), [Finding(file, line, f"This is not YAML: {problem}.")]
    if root is None:
        return Node({}, 1), []
    return _node(root, file, findings), findings


def _node(node: yaml.Node, file: str, findings: list[Finding]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node, file, findings), line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_node(member, file, findings) for member in node.value], line)
    return Node(_scalar(node), line)


def _mapping(node: yaml.MappingNode, file: str, findings: list[Finding]) -> dict[str, Node]:
    pairs: dict[str, Node] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in pairs:
            findings.append(
                Finding(file, line, f"{key!r} stands here a second time; the first is on line {pairs[key].line}.")
            )
            continue
        value = _node(value_node, file, findings)
        # The key's line is where the reader looks, also when the value begins on the next one.
        pairs[key] = Node(value.value, line)
    return pairs


def _scalar(node: yaml.Node) -> Any:
    kind, text = node.tag.removeprefix(_TAG), node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    if kind == "int":
        return int(text.replace("_", ""), 0) if not text.lstrip("+-").startswith("0") or text == "0" else text
    if kind == "float":
        return float(text.replace("_", ""))
    return text
