"""Reads an assistant from its folder: flows/, flows/domain*, flows/facts/, flows/plans/ and locales/."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.config import ConfigError
from bot.core.assistant import Assistant
from bot.core.loading import Sources, load
from bot.core.messages import LANGUAGES
from bot.core.yaml_lines import Finding


class BrokenAssistant(ConfigError):
    """The files cannot be run; the text holds every fault, one a line, with file and line."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings for whoever shows them."""
        self.findings = tuple(findings)
        super().__init__(*map(str, self.findings))


def read_sources(
    root: Path, *, actions: frozenset[str] | None = None, validates: frozenset[str] = frozenset()
) -> Sources:
    """Read every file of the assistant that lies in `root`; nothing is judged yet."""
    flows = root / "flows"
    domain = [path for path in (flows / "domain.yml", *sorted(flows.glob("domain/*.yml"))) if path.is_file()]
    return Sources(
        flows=_texts(root, (path for path in sorted(flows.glob("*.yml")) if path.name != "domain.yml")),
        domain=_texts(root, domain),
        catalogues={
            language: _texts(root, sorted((root / "locales" / language / "LC_MESSAGES").glob("flows*.po")))
            for language in LANGUAGES
        },
        facts=_texts(root, sorted(flows.glob("facts/*.yml"))),
        plans=_texts(root, sorted(flows.glob("plans/*.yml"))),
        actions=actions,
        validates=validates,
        code=_texts(root, sorted((*flows.glob("actions/*.py"), *root.glob("bot/service/*.py")))),
    )


def load_assistant(
    root: Path,
    *,
    actions: frozenset[str] | None = None,
    validates: frozenset[str] = frozenset(),
    strict: bool = False,
) -> Assistant:
    """Load the assistant in `root`. Raises BrokenAssistant with every structural fault.

    `actions` and `validates` come from `bot.adapters.actions.known`, or stay empty for flows without actions.
    """
    assistant, findings = load(read_sources(root, actions=actions, validates=validates), strict=strict)
    if assistant is None:
        raise BrokenAssistant(findings)
    return assistant


def _texts(root: Path, paths: Iterable[Path]) -> Mapping[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
