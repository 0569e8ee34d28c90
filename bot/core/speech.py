"""Put what a turn says into words: sentence, values, facts by their status, numbered choices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.core.assistant import Assistant
from bot.core.domain import Longest
from bot.core.effects import Say
from bot.core.facts import present
from bot.core.messages import Choice, Language, Outgoing

PLACEHOLDER = re.compile(r"\{(\w+)\}")
SOURCE: Language = "fr"
ASK_TO_CONFIRM = "fact.status.ask"  # how the sentences of facts/status end that send to a person: "9 pour confirmer."
_NINE = "9."  # of the other ones: "ou 9."


class Unsayable(LookupError):
    """A response has no sentence, or a placeholder no value; the checks at load are there to prevent it."""


def speak(assistant: Assistant, say: Say, *, language: Language, today: date) -> Outgoing:
    """Return the words for a response, in official letters and with every value filled in.

    A sentence that the language lacks is said in French. What rests on facts is presented by their status on that
    day. Raises Unsayable for a response or a value that does not exist: nobody must read "None".
    """
    values = {name: _shown(assistant, name, value, language) for name, value in say.values.items()}
    return _put(assistant, say, values, language=language, today=today)


def once(assistant: Assistant, spoken: Sequence[Outgoing], *, language: Language) -> list[Outgoing]:
    """Return a turn's messages with "9 to confirm" left to the last one that leads to a person; years stay in each."""
    way = _text(assistant, ASK_TO_CONFIRM, language)
    last = max((place for place, one in enumerate(spoken) if one.text.endswith((way, _NINE))), default=0)
    return [
        replace(one, text=one.text.removesuffix(way).rstrip()) if place < last and not one.choices else one
        for place, one in enumerate(spoken)
    ]


def longest(assistant: Assistant, response: str, *, language: Language, today: date) -> Outgoing:
    """Return a response with the longest value that each of its placeholders can take, for its budget."""
    sentence = _text(assistant, response, language)
    values = {name: _longest_value(assistant, name, language) for name in PLACEHOLDER.findall(sentence)}
    buttons = assistant.domain.responses[response].pick({}).buttons
    return _put(assistant, Say(response, {}, buttons), values, language=language, today=today)


def _put(assistant: Assistant, say: Say, values: Mapping[str, str], *, language: Language, today: date) -> Outgoing:
    sentence = _text(assistant, say.msgid or say.response, language)
    names = PLACEHOLDER.findall(sentence)
    known = values if values.keys() >= set(names) else {**assistant.facts.values(), **values}
    filled = _fill(sentence, names, known, say)
    ids = assistant.domain.responses[say.response].facts if say.response in assistant.domain.responses else ()
    text = present(assistant.facts.of(ids), filled, texts=assistant.texts[language], today=today) if ids else filled
    choices = tuple(Choice(title(assistant, choice.title, language), choice.payload) for choice in say.choices)
    return Outgoing(say.response, text, choices)


def title(assistant: Assistant, msgid: str, language: Language) -> str:
    """Return the words of a button or a flow's name."""
    return assistant.texts[language].get(msgid) or assistant.texts[SOURCE].get(msgid) or msgid


def _text(assistant: Assistant, msgid: str, language: Language) -> str:
    text = assistant.texts[language].get(msgid) or assistant.texts[SOURCE].get(msgid)
    if not text:
        msg = f"The catalogue has no sentence for {msgid}."
        raise Unsayable(msg)
    return text


def _fill(sentence: str, names: Sequence[str], values: Mapping[str, str], say: Say) -> str:
    missing = [name for name in names if name not in values]
    if missing:
        msg = f"The sentence of {say.response} needs a value for {', '.join(missing)}."
        raise Unsayable(msg)
    return PLACEHOLDER.sub(lambda found: values[found[1]], sentence)


def _shown(assistant: Assistant, name: str, value: str, language: Language) -> str:
    """Show a value by its title (value.<name>.<value>) where it has one, else as it is, within its length."""
    rule = assistant.domain.longest.get(name, Longest())
    msgid = value if value.startswith(("flow.", "value.")) else f"value.{rule.slot or name}.{value}"
    shown = title(assistant, msgid, language)
    plain = value if shown == msgid else shown
    return plain[: rule.max_length] if rule.max_length else plain


def _longest_value(assistant: Assistant, name: str, language: Language) -> str:
    if name in assistant.facts.values():
        return assistant.facts.values()[name]
    rule = assistant.domain.longest.get(name, Longest())
    if rule.example is not None:
        return rule.example
    if rule.max_length is not None:
        return "m" * rule.max_length
    slot = assistant.domain.slots[rule.slot or name]
    return max((title(assistant, f"value.{slot.name}.{value}", language) for value in slot.values), key=len)
