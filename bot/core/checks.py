"""Every static check of the assistant at once: what breaks a conversation, and what readers would stumble over."""

from collections.abc import Callable, Iterator
from datetime import date

from bot.core.catalogues import Catalogue
from bot.core.checks_budgets import check_budgets
from bot.core.checks_buttons import check_buttons
from bot.core.checks_names import check_names
from bot.core.checks_texts import check_texts
from bot.core.facts import response_faults
from bot.core.loading import Parts, Sources, assemble, read_parts
from bot.core.messages import Outgoing
from bot.core.yaml_lines import Finding


def check(sources: Sources, *, words: Callable[[Outgoing], str], today: date) -> tuple[Finding, ...]:
    """Return every finding, ordered by file and line. `words` prints a message as the SMS channel does."""
    parts, findings = read_parts(sources)
    assistant = assemble(parts, sources)
    found = [
        *findings,
        *check_names(parts, sources.code),
        *check_buttons(parts),
        *check_texts(assistant, parts),
        *check_budgets(assistant, parts, words=words, today=today),
        *_facts(parts),
    ]
    return tuple(sorted(set(found), key=lambda finding: (finding.file, finding.line, finding.text)))


def _facts(parts: Parts) -> Iterator[Finding]:
    named = {name: response.facts for name, response in parts.domain.responses.items()}
    for catalogue in parts.catalogues.values():
        for name, fault in response_faults(parts.facts, named, catalogue.texts):
            file, line = _place(parts, catalogue, name, in_domain="without naming" not in fault)
            yield Finding(file, line, f"{name} {fault}")


def _place(parts: Parts, catalogue: Catalogue, name: str, *, in_domain: bool) -> tuple[str, int]:
    entry = catalogue.entries.get(name)
    if entry and not in_domain:
        return entry.file, entry.line
    response = parts.domain.responses[name]
    return response.file, response.line
