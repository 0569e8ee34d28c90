"""Checks that every message, at its longest, keeps to the number of SMS segments that it may cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.assistant import Assistant
from bot.core.catalogues import PLACEHOLDER
from bot.core.facts import InternalFact
from bot.core.loading import Parts
from bot.core.messages import Language, Outgoing
from bot.core.sms_text import Sized, fold, size
from bot.core.speech import Unsayable, longest
from bot.core.yaml_lines import Finding


@dataclass(frozen=True, slots=True)
class Cost:
    """What a response costs at its longest in one language."""

    response: str
    language: Language
    text: str
    sized: Sized
    budget: int


def costs(assistant: Assistant, *, words: Callable[[Outgoing], str], today: date) -> Iterator[Cost]:
    """Go through every response in every language; what has no sentence or an unknown value is left out."""
    for response in assistant.domain.responses.values():
        for language in _languages(assistant):
            if not _can_be_filled(assistant, response.name, language):
                continue
            try:
                said = longest(assistant, response.name, language=language, today=today)
            except (Unsayable, InternalFact, LookupError):  # findings of their own
                continue
            text = fold(words(said))
            yield Cost(response.name, language, text, size(text), response.budget)


def _languages(assistant: Assistant) -> Iterator[Language]:
    for language in ("fr", "bm"):
        if language in assistant.texts:
            yield language


def _can_be_filled(assistant: Assistant, response: str, language: Language) -> bool:
    names = set(PLACEHOLDER.findall(assistant.texts[language].get(response, "")))
    known = assistant.domain.longest.keys() | assistant.fact_values
    return response in assistant.texts[language] and all(
        name in known or (name in assistant.domain.slots and assistant.domain.slots[name].values) for name in names
    )


def check_budgets(
    assistant: Assistant, parts: Parts, *, words: Callable[[Outgoing], str], today: date
) -> Iterator[Finding]:
    """Return the messages that cost more than their budget."""
    for cost in costs(assistant, words=words, today=today):
        if cost.sized.segments > cost.budget:
            entry = parts.catalogues[cost.language].entries[cost.response]
            text = (
                f"{cost.response} takes {cost.sized.segments} SMS ({cost.sized.units} characters) at its longest; "
                f"its budget is {cost.budget}."
            )
            yield Finding(entry.file, entry.line, text)
