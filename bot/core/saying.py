"""Put a response into the turn: choose the variation, fill in the values, remember the menu."""

from collections.abc import Mapping
from typing import Any

from bot.core import limits
from bot.core.domain import Response
from bot.core.effects import Say
from bot.core.messages import Choice
from bot.core.run import Fault, Run, plain_text, shown


def say(run: Run, name: str, values: Mapping[str, Any] | None = None, *, choices: tuple[Choice, ...] = ()) -> None:
    """Say a response. Raises Fault when it does not exist or one of its {values} is empty: nobody must read "None"."""
    response = run.assistant.domain.responses.get(name)
    if response is None:
        raise Fault(f"The response {name!r} is not in the domain.")
    variation = response.pick(run.slots)
    filled = _filled(run, response, variation.msgid, values or {})
    buttons = choices or variation.buttons or _candidates(run)
    if len(buttons) > limits.MENU_CHOICES:
        raise Fault(f"The response {name!r} offers {len(buttons)} choices; at most {limits.MENU_CHOICES} have a digit.")
    spoken = Say(name, filled, buttons, "" if variation.msgid == name else variation.msgid)
    run.said.append(spoken)
    run.effects.append(spoken)
    run.log("bot", metadata={"utter_action": name})
    if buttons:
        run.menu = buttons


def _filled(run: Run, response: Response, msgid: str, values: Mapping[str, Any]) -> dict[str, str]:
    filled = {name: plain_text(value) for name, value in values.items() if value is not None}
    for name in run.assistant.placeholders.get(msgid, frozenset()) - filled.keys():
        value = _value(run, name)
        if value is not None:
            filled[name] = value
        elif name not in run.assistant.fact_values:
            raise Fault(f"The response {response.name!r} needs a value for {{{name}}}, and there is none.")
    return filled


def _value(run: Run, name: str) -> str | None:
    context = run.top.context if run.stack else {}
    if name == "flow" and context.get("flow"):
        return f"flow.{context['flow']}"
    if name == "value" and "slot" in context:
        return shown(run, str(context["slot"]), context.get("value"))
    value = run.slots.get(name, context.get(name))
    return None if value is None else plain_text(value)


def _candidates(run: Run) -> tuple[Choice, ...]:
    """Return the menu that a clarification offers: the flows named in its context."""
    names = run.top.context.get("names") if run.stack else None
    return tuple(Choice(f"flow.{name}", f"/start({name})") for name in names) if isinstance(names, list) else ()
