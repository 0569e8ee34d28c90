"""The condition language of flows: parsed once at load, evaluated against slots and context."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, Any]
Test: TypeAlias = Callable[[Values, Values], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<sign>==|!=|>=|<=|[=<>(){}])"""
    r"""|(?P<word>[A-Za-z_][\w.\-]*))""",
)
_WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None}
_ORDERS = {">": gt, ">=": ge, "<": lt, "<=": le}
_EQUALS = {"is", "is not", "=", "==", "!="}
_OPERATORS = {*_EQUALS, *_ORDERS, "contains", "matches"}


class BadCondition(ValueError):
    """A condition cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read: the slots it looks at, what it compares them with, and the test itself."""

    text: str
    slots: frozenset[str]
    compared: tuple[tuple[str, Any], ...]  # a slot and the fixed value that `is` or `is not` holds against it
    test: Test = field(compare=False, repr=False)

    def holds(self, slots: Values, context: Values) -> bool:
        """Say whether the condition is true for these slots and this context."""
        return bool(self.test(slots, context))


@dataclass(frozen=True, slots=True)
class _Value:
    get: Test
    slot: str | None = None
    fixed: bool = False


@dataclass(slots=True)
class _Reader:
    """The tokens of one condition and how far they were read."""

    tokens: list[tuple[str, str]]
    known_slots: Collection[str]
    known_context: Collection[str]
    at: int = 0
    slots: set[str] = field(default_factory=set)
    compared: list[tuple[str, Any]] = field(default_factory=list)

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            msg = "it ends too early"
            raise BadCondition(msg)
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, word: str) -> bool:
        found = self.peek() == word
        self.at += found
        return found


def parse(text: str, *, slots: Collection[str], context: Collection[str]) -> Condition:
    """Read a condition whose names must be among `slots` and `context`.

    Raises BadCondition with the fault in words; a bare word and an unknown slot are faults, because a condition that is
    silently false sends people down the wrong branch.
    """
    reader = _Reader(_tokens(text), slots, context)
    test = _any_of(reader)
    if reader.at < len(reader.tokens):
        msg = f"{reader.peek()!r} is not expected there"
        raise BadCondition(msg)
    return Condition(text, frozenset(reader.slots), tuple(reader.compared), test)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            msg = f"{text[at:].split(maxsplit=1)[0]!r} cannot be read"
            raise BadCondition(msg)
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


def _any_of(reader: _Reader) -> Test:
    tests = [_all_of(reader)]
    while reader.skip("or"):
        tests.append(_all_of(reader))
    if len(tests) == 1:
        return tests[0]
    return lambda slots, context: any(test(slots, context) for test in tests)


def _all_of(reader: _Reader) -> Test:
    tests = [_negation(reader)]
    while reader.skip("and"):
        tests.append(_negation(reader))
    if len(tests) == 1:
        return tests[0]
    return lambda slots, context: all(test(slots, context) for test in tests)


def _negation(reader: _Reader) -> Test:
    if not reader.skip("not"):
        return _comparison(reader)
    test = _negation(reader)
    return lambda slots, context: not test(slots, context)


def _comparison(reader: _Reader) -> Test:
    if reader.skip("("):
        test = _any_of(reader)
        if not reader.skip(")"):
            msg = "a closing bracket is missing"
            raise BadCondition(msg)
        return test
    left = _value(reader)
    if reader.peek() not in _OPERATORS:
        return left.get
    operator = reader.take()[1]
    if operator == "is" and reader.skip("not"):
        operator = "is not"
    right = _value(reader)
    _note(reader, operator, left, right)
    return _compare(operator, left, right)


def _note(reader: _Reader, operator: str, left: _Value, right: _Value) -> None:
    if operator not in _EQUALS:
        return
    for one, other in ((left, right), (right, left)):
        if one.slot and other.fixed:
            reader.compared.append((one.slot, other.get({}, {})))


def _compare(operator: str, left: _Value, right: _Value) -> Test:
    if operator in {"is", "=", "=="}:
        return lambda slots, context: left.get(slots, context) == right.get(slots, context)
    if operator in {"is not", "!="}:
        return lambda slots, context: left.get(slots, context) != right.get(slots, context)
    if operator == "contains":
        return lambda slots, context: _contains(left.get(slots, context), right.get(slots, context))
    if operator == "matches":
        return _matches(left, right)
    order = _ORDERS[operator]
    return lambda slots, context: _ordered(order, left.get(slots, context), right.get(slots, context))


def _matches(left: _Value, right: _Value) -> Test:
    pattern = right.get({}, {}) if right.fixed else None
    if not isinstance(pattern, str):
        msg = "'matches' needs a pattern in quotes on its right"
        raise BadCondition(msg)
    try:
        search = re.compile(pattern).search
    except re.error as error:
        msg = f"the pattern {pattern!r} cannot be read ({error})"
        raise BadCondition(msg) from error

    def test(slots: Values, context: Values) -> bool:
        value = left.get(slots, context)
        return isinstance(value, str) and search(value) is not None

    return test


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    return isinstance(whole, list | tuple) and part in whole


def _ordered(order: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    words = isinstance(left, str) and isinstance(right, str)
    return (numbers or words) and order(left, right)


def _value(reader: _Reader) -> _Value:
    kind, written = reader.take()
    if kind == "text":
        return _fixed(written[1:-1])
    if kind == "number":
        return _fixed(float(written))
    if written == "{":
        return _members(reader)
    if kind == "word" and written in _WORDS:
        return _fixed(_WORDS[written])
    return _name(reader, written)


def _fixed(value: Any) -> _Value:
    return _Value(lambda _slots, _context: value, fixed=True)


def _members(reader: _Reader) -> _Value:
    members = []
    while not reader.skip("}"):
        members.append(_value(reader))
    return _Value(lambda slots, context: [member.get(slots, context) for member in members])


def _name(reader: _Reader, token: str) -> _Value:
    place, _, name = token.partition(".")
    if place == "slots" and name:
        if name not in reader.known_slots:
            msg = f"there is no slot {name!r}"
            raise BadCondition(msg)
        reader.slots.add(name)
        return _Value(lambda slots, _context: slots.get(name), slot=name)
    if place == "context" and name:
        if name not in reader.known_context:
            msg = f"there is no {token!r}; known: {', '.join(sorted(reader.known_context))}"
            raise BadCondition(msg)
        return _Value(lambda _slots, context: context.get(name))
    msg = f"{token!r} is neither a name such as slots.x nor in quotes"
    raise BadCondition(msg)
