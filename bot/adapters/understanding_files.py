"""Reads the files that understanding is made of, and keeps what was learnt from them."""

import gc
import hashlib
import json
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.understanding.read import Understanding
from bot.understanding.training import Learnt, Sources, build, examples_of

_LANGUAGES = ("fr", "bm")
_STATISTICS = "letters.json"
_WEIGHTS = ("distress.json", "intents.json", "kinds.json")
_KEPT = "understanding-"


def load_understanding(root: Path, *, cache: Path | None = None) -> Understanding:
    """Build the understanding from `root`/locales; what was learnt is kept in `cache` under the sources' hash.

    A cache that cannot be read or written only costs the learning (about a second).
    """
    with _without_collection():
        file = cache / f"{_KEPT}{_fingerprint(root)}-{sys.implementation.cache_tag}.marshal" if cache else None
        kept = _kept(file) if file else None
        ears = build(read_sources(root), learnt=kept)
    if file and kept is None:
        _keep(file, ears.learnt())
    return Understanding(ears)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Make a million small objects without the search for garbage, which there is none of: it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_sources(root: Path) -> Sources:
    """Parse words.yml, nlu.yml, places.yml and the letter statistics."""
    locales = root / "locales"
    words = {lang: _yaml(locales / lang / "words.yml") for lang in _LANGUAGES}
    examples = read_examples(root)
    statistics_file = locales / _STATISTICS
    statistics = json.loads(statistics_file.read_text(encoding="utf-8")) if statistics_file.exists() else {}
    statistics["words"] = _yaml(locales / "other_languages.yml")["words"]
    weights = (json.loads(file.read_text(encoding="utf-8")) if file.exists() else {} for file in _weights(root))
    return Sources(words, examples, _yaml(locales / "places.yml"), statistics, *weights)


def _weights(root: Path) -> list[Path]:
    return [root / "locales" / name for name in _WEIGHTS]


def towns(root: Path) -> dict[str, list[str]]:
    """Return the towns that are known, by the region they lie in."""
    return dict(_yaml(root / "locales" / "places.yml")["towns"])


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


def _kept(file: Path) -> Learnt | None:
    try:
        return Learnt.from_data(marshal.loads(file.read_bytes()))  # noqa: S302 - our own file, like Python's .pyc
    except (OSError, ValueError, TypeError, KeyError, EOFError):
        return None


def _keep(file: Path, learnt: Learnt) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_bytes(marshal.dumps(learnt.to_data()))
        partial.replace(file)
        for other in file.parent.glob(f"{_KEPT}*"):
            if other != file:
                other.unlink(missing_ok=True)
    except OSError:
        return


def default_understanding() -> Understanding:
    """Build it from the project's own files, for commands that need no store; the cache lies in build/."""
    root = Path(__file__).resolve().parents[2]
    return load_understanding(root, cache=root / "build")
