"""What a change of a fact would do to the sentences that rest on it, before it is kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.core.assistant import Assistant
from bot.core.checks_budgets import costs
from bot.core.facts_editing import BadEdit, FactEdit, overlay
from bot.core.messages import Outgoing


def weigh(assistant: Assistant, made: FactEdit, *, words: Callable[[Outgoing], str], today: date) -> FactEdit:
    """Return the change when every sentence can still be said. Raises BadEdit with the sentences that could not.

    `assistant` holds the facts as they are before the change; `words` prints a message with its choices.
    """
    facts = overlay(assistant.facts, [made])
    resting = _resting_on(assistant, made.fact_id)
    if facts.facts[made.fact_id].status == "internal" and resting:
        raise BadEdit(
            f"{made.fact_id} cannot be internal: sentences rest on it ({', '.join(sorted(resting))}). Suspend it."
        )
    heavy = list(_too_long(replace(assistant, facts=facts), resting, words=words, today=today))
    if heavy:
        raise BadEdit(f"{made.fact_id}: {heavy[0]} Shorten the value, or suspend the fact.")
    return made


def _resting_on(assistant: Assistant, fact_id: str) -> frozenset[str]:
    values = assistant.facts.facts[fact_id].says.keys()
    named = {response.name for response in assistant.domain.responses.values() if fact_id in response.facts}
    used = {name for name, placeholders in assistant.placeholders.items() if placeholders & values}
    return frozenset(named | (used & assistant.domain.responses.keys()))


def _too_long(
    assistant: Assistant, responses: frozenset[str], *, words: Callable[[Outgoing], str], today: date
) -> Iterator[str]:
    for cost in costs(assistant, words=words, today=today):
        if cost.response in responses and cost.sized.segments > cost.budget:
            yield (
                f"with this change {cost.response} would take {cost.sized.segments} SMS in {cost.language} "
                f"({cost.sized.units} characters); its budget is {cost.budget}."
            )
