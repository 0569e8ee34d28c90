"""Writes what staff changed back into the files of facts, comments kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from bot.core.facts import Fact, Facts
from bot.core.facts_editing import FactEdit, overlay

_WIDE = 4096  # no line of the files is broken anew


def export(texts: Mapping[str, str], facts: Facts, edits: Sequence[FactEdit]) -> dict[str, str]:
    """Write the edits into the files' YAML texts {file: text} and return those that changed, comments kept."""
    now = overlay(facts, edits)
    touched = {made.fact_id for made in edits} & facts.facts.keys()
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = _WIDE, True
    written = {}
    for file in {facts.files[fact_id] for fact_id in touched}:
        data = yaml.load(texts[file])
        for fact_id in touched:
            if facts.files[fact_id] == file:
                _write(data["facts"][fact_id], facts.facts[fact_id], now.facts[fact_id])
        out = StringIO()
        yaml.dump(data, out)
        written[file] = out.getvalue()
    return written


def _write(body: Any, old: Fact, new: Fact) -> None:
    """Put what changed of one fact into its YAML; an emptied field goes."""
    before = asdict(old)
    for key, value in asdict(new).items():
        if value == before[key]:
            continue
        if value in (None, "", False, (), {}):
            body.pop(key, None)
        else:
            body[key] = list(value) if isinstance(value, tuple) else value
