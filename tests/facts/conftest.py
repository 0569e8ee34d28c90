"""The shipped facts and French sentences, read once."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

from bot.core.facts import Facts
from bot.core.facts_reading import parse_facts

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def facts() -> Facts:
    files = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "flows/facts").glob("*.yml")}
    parsed, faults = parse_facts(files)
    assert not faults, "\n".join(map(str, faults))
    return parsed


@pytest.fixture(scope="session")
def sentences() -> Mapping[str, str]:
    with (ROOT / "locales/fr/LC_MESSAGES/flows.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.fixture(scope="session")
def rests_on() -> Mapping[str, tuple[str, ...]]:
    """{response: fact ids}, from all domain files."""
    found: dict[str, tuple[str, ...]] = {}
    for path in (ROOT / "flows/domain").glob("*.yml"):
        for name, variations in (yaml.safe_load(path.read_text("utf-8")).get("responses") or {}).items():
            found[name] = tuple(i for v in variations for i in (v.get("metadata") or {}).get("facts", ()))
    return found
