"""Checks that buttons lead somewhere: to a value of the slot that is asked for, to a flow, to an intent."""

from collections.abc import Iterator

from bot.core import limits
from bot.core.answering import BAD, read_value
from bot.core.commands import Begin, Fill, Start
from bot.core.domain import Response
from bot.core.flow import Collect
from bot.core.loading import Parts
from bot.core.messages import Choice
from bot.core.payloads import commands_of
from bot.core.yaml_lines import Finding


def check_buttons(parts: Parts) -> Iterator[Finding]:
    """Return menus that are too long and buttons that lead nowhere."""
    asked = _asked(parts)
    for response in parts.domain.responses.values():
        for variation in response.variations:
            if len(variation.buttons) > limits.MENU_CHOICES:
                many = len(variation.buttons)
                text = f"{response.name} has {many} choices; at most {limits.MENU_CHOICES} can be kept in mind."
                yield Finding(response.file, response.line, text)
            for button in variation.buttons:
                for fault in _faults(parts, button, asked.get(response.name, set())):
                    yield _at(response, f"the button {button.payload} {fault}")


def _at(response: Response, text: str) -> Finding:
    return Finding(response.file, response.line, f"{response.name}: {text}")


def _asked(parts: Parts) -> dict[str, set[str]]:
    """Return {response: slots that it asks for}."""
    asked: dict[str, set[str]] = {}
    for flow in parts.flows.values():
        for step in flow.steps.values():
            if isinstance(step.work, Collect):
                asked.setdefault(step.work.utter, set()).add(step.work.slot)
    return asked


def _faults(parts: Parts, button: Choice, asked: set[str]) -> Iterator[str]:
    commands = commands_of(button.payload)
    if not commands:
        yield "is none of /SetSlots(slot=value), /start(flow), /intent{...}."
    for command in commands:
        match command:
            case Fill():
                yield from _filled(parts, command, asked)
            case Begin() if command.flow not in parts.flows:
                yield "starts a flow that does not exist."
            case Start() if not any(command.intent in flow.triggers for flow in parts.flows.values()):
                yield "names an intent that triggers no flow."


def _filled(parts: Parts, command: Fill, asked: set[str]) -> Iterator[str]:
    slot = parts.domain.slots.get(command.slot)
    if slot is None:
        yield "sets a slot that is not in the domain."
    elif asked and command.slot not in asked:
        yield f"sets another slot than the one asked for ({', '.join(sorted(asked))})."
    elif read_value(slot, command.value) is BAD:
        yield "sets a value that the slot does not take."
