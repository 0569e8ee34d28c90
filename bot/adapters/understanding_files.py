"""Reads the files that understanding is made of, and keeps what was learnt from them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.classifier import Table
from bot.understanding.read import Understanding
from bot.understanding.training import Sources, build, examples_of

_LANGUAGES = ("fr", "bm")
_STATISTICS = "letters.json"
_DISTRESS = "distress.json"


def load_understanding(root: Path, *, cache: Path | None = None) -> Understanding:
    """Build the understanding from `root`/locales; what was learnt is kept in `cache` under the sources' hash.

    A cache that cannot be read or written only costs the training (about a second).
    """
    sources = read_sources(root)
    file = cache / f"understanding-{_fingerprint(root)}.json" if cache else None
    kept = _kept(file) if file else None
    ears = build(sources, table=kept)
    if file and kept is None:
        _keep(file, ears.table)
    return Understanding(ears)


def read_sources(root: Path) -> Sources:
    """Parse words.yml, nlu.yml, places.yml and the letter statistics."""
    locales = root / "locales"
    words = {lang: _yaml(locales / lang / "words.yml") for lang in _LANGUAGES}
    examples = read_examples(root)
    statistics_file = locales / _STATISTICS
    statistics = json.loads(statistics_file.read_text(encoding="utf-8")) if statistics_file.exists() else {}
    statistics["words"] = _yaml(locales / "other_languages.yml")["words"]
    distress_file = locales / _DISTRESS
    distress = json.loads(distress_file.read_text(encoding="utf-8")) if distress_file.exists() else {}
    return Sources(words, examples, _yaml(locales / "places.yml"), statistics, distress)


def read_examples(root: Path) -> dict[str, dict[str, list[str]]]:
    """Parse nlu.yml of every language: language to intent to lines."""
    return {lang: examples_of(_yaml(root / "locales" / lang / "nlu.yml")) for lang in _LANGUAGES}


def _yaml(path: Path) -> Any:
    """Parse a file as strings only: "no", "on" and "1" are words here."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - it makes strings, nothing else


def _fingerprint(root: Path) -> str:
    code = sorted((root / "bot" / "understanding").glob("*.py"))
    data = sorted((root / "locales").glob("*/*.yml")) + sorted((root / "locales").glob("*.*"))
    digest = hashlib.sha256()
    for path in (*code, *data):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _kept(file: Path) -> Table | None:
    try:
        return Table.from_data(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(file: Path, table: Table) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".tmp")
        partial.write_text(json.dumps(table.to_data()), encoding="utf-8")
        partial.replace(file)
        for other in file.parent.glob("understanding-*.json"):
            if other != file:
                other.unlink(missing_ok=True)
    except OSError:
        return


def default_understanding() -> Understanding:
    """Build it from the project's own files, for commands that need no store; the cache lies in build/."""
    root = Path(__file__).resolve().parents[2]
    return load_understanding(root, cache=root / "build")
