"""Checks that everything has a sentence in every language, that a phone can show it and that its values exist."""

from collections.abc import Iterator

from bot.core.assistant import Assistant
from bot.core.catalogues import PLACEHOLDER, Catalogue, Entry
from bot.core.domain import Domain
from bot.core.flow import Collect
from bot.core.flow_reading import CONTEXT
from bot.core.loading import Parts
from bot.core.sms_text import fold
from bot.core.yaml_lines import Finding

_UNSENDABLE = "_"  # what folding leaves where a character cannot be sent
# Said by the service itself, facts put into words, and what caseworkers pick: no response of the domain names them.
CANNED = "canned."  # replies that caseworkers pick
_OTHER_ENTRIES = ("fact.", "case.", "language.", CANNED)


def check_texts(assistant: Assistant, parts: Parts) -> Iterator[Finding]:
    """Return missing and superfluous entries, characters that no SMS carries, and values that nothing fills."""
    wanted = needed_msgids(parts)
    for catalogue in parts.catalogues.values():
        yield from _missing(catalogue, wanted)
        for msgid, entry in catalogue.entries.items():
            yield from _entry(msgid, entry, wanted)
            yield from _values(assistant, parts.domain, msgid, entry)


def needed_msgids(parts: Parts) -> dict[str, tuple[str, int]]:
    """Return every msgid that can be said, and the file and line that asks for it."""
    wanted: dict[str, tuple[str, int]] = {}
    for response in parts.domain.responses.values():
        for variation in response.variations:
            wanted.setdefault(variation.msgid, (response.file, response.line))
            for button in variation.buttons:
                wanted.setdefault(button.title, (response.file, response.line))
    for flow in parts.flows.values():
        if not flow.is_pattern and (flow.triggers or any(isinstance(s.work, Collect) for s in flow.steps.values())):
            wanted.setdefault(f"flow.{flow.id}", (flow.file, flow.line))
    return wanted | _shown_values(parts, wanted)


def _shown_values(parts: Parts, wanted: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Return the titles of the values of categorical slots that a sentence shows."""
    shown: dict[str, tuple[str, int]] = {}
    for catalogue in parts.catalogues.values():
        for msgid in wanted.keys() & catalogue.texts.keys():
            for name in PLACEHOLDER.findall(catalogue.texts[msgid]):
                rule = parts.domain.longest.get(name)
                slot = parts.domain.slots.get(rule.slot if rule and rule.slot else name)
                for value in slot.values if slot else ():
                    shown[f"value.{slot.name if slot else name}.{value}"] = wanted[msgid]
    return shown


def _missing(catalogue: Catalogue, wanted: dict[str, tuple[str, int]]) -> Iterator[Finding]:
    for msgid, (file, line) in wanted.items():
        if msgid not in catalogue.texts:
            yield Finding(file, line, f"{msgid} has no sentence in the catalogue of {catalogue.language}.")


def _entry(msgid: str, entry: Entry, wanted: dict[str, tuple[str, int]]) -> Iterator[Finding]:
    superfluous = msgid not in wanted and not msgid.startswith((*_OTHER_ENTRIES, "value.", "flow."))
    if superfluous:
        yield Finding(entry.file, entry.line, f"{msgid} is in the catalogue, but nothing says it.")
    if _UNSENDABLE in fold(entry.text) and _UNSENDABLE not in entry.text:
        bad = sorted({character for character in entry.text if _UNSENDABLE in fold(character)})
        yield Finding(entry.file, entry.line, f"{msgid}: an SMS cannot carry {', '.join(bad)}.")


def _values(assistant: Assistant, domain: Domain, msgid: str, entry: Entry) -> Iterator[Finding]:
    if msgid.startswith("fact."):
        return
    for name in sorted(set(PLACEHOLDER.findall(entry.text))):
        slot = domain.slots.get(name)
        declared = name in domain.longest or name in assistant.fact_values
        if slot is None and name not in CONTEXT and not declared:
            yield Finding(entry.file, entry.line, f"{msgid}: nothing fills {{{name}}}.")
        elif not declared and not (slot and slot.values):
            text = f"{msgid}: the longest value of {{{name}}} is not declared; add it to values: in the domain."
            yield Finding(entry.file, entry.line, text)
