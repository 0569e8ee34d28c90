"""The files of facts by themselves, for whoever needs neither flows nor sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.core.facts import Facts
from bot.core.facts_reading import parse_facts


class BrokenFacts(Exception):
    """The files of facts cannot be used; the text holds every fault, one a line."""


@dataclass(frozen=True, slots=True)
class FactFiles:
    """What the files say, and their texts by path below the project."""

    facts: Facts
    texts: Mapping[str, str]


def read_facts(root: Path) -> FactFiles:
    """Read flows/facts/ of the project in `root`. Raises BrokenFacts."""
    paths = sorted((root / "flows" / "facts").glob("*.yml"))
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    facts, faults = parse_facts({name: yaml.safe_load(text) for name, text in texts.items()})
    if faults:
        raise BrokenFacts("\n".join(map(str, faults)))
    return FactFiles(facts, texts)
