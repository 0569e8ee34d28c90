"""A reading as plain data, for scripts and outside checks."""

from typing import Any

from bot.understanding.read import Reading, Understanding


def describe(text: str, reading: Reading, understanding: Understanding) -> dict[str, Any]:
    """Return what `segin understand --json` prints for one text."""
    danger = reading.danger
    return {
        "text": text,
        "language": reading.language,
        "outcome": reading.outcome,
        "intents": [scored.name for scored in reading.intents],
        "scores": [round(scored.score, 3) for scored in reading.intents],
        "example": understanding.example(text, reading),
        "entities": dict(reading.entities),
        "danger": {"kind": danger.kind, "priority": danger.priority, "words": list(danger.words), "doubt": danger.doubt}
        if danger
        else None,
    }
