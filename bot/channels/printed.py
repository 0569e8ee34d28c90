"""What text channels share on the way out: choices as numbered lines, and short neighbours as one message."""

from collections.abc import Callable, Sequence

from bot.core.messages import Outgoing


def text(outgoing: Outgoing) -> str:
    """Write a message with its choices below it, a digit for each: "1 Garder le contact"."""
    lines = (f"{digit} {choice.title}" for digit, choice in enumerate(outgoing.choices, start=1))
    return "\n".join(filter(None, (outgoing.text, *lines)))


def merge(outgoings: Sequence[Outgoing], fits: Callable[[str], bool]) -> tuple[Outgoing, ...]:
    """Join neighbours whose printed text fits together; order stays, and only a last message brings choices."""
    merged: list[Outgoing] = []
    for outgoing in outgoings:
        joined = _joined(merged[-1], outgoing) if merged and not merged[-1].choices else None
        if joined is not None and fits(text(joined)):
            merged[-1] = joined
        else:
            merged.append(outgoing)
    return tuple(merged)


def _joined(first: Outgoing, second: Outgoing) -> Outgoing:
    return Outgoing(
        response=f"{first.response} {second.response}",
        text="\n".join(filter(None, (first.text, second.text))),
        choices=second.choices,
    )
