"""The documentation tells the truth about paths."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MENTIONED = re.compile(r"`((?:bot|flows|locales|webhooks|console|tests|bench|docs|scripts)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    missing = [path for path in MENTIONED.findall(page.read_text(encoding="utf-8")) if not (ROOT / path).exists()]

    assert not missing


def test_the_journey_names_every_room() -> None:
    text = (ROOT / "docs" / "journey.md").read_text(encoding="utf-8")

    for room in ("webhooks/", "bot/channels/", "bot/service/", "bot/understanding/", "bot/core/", "flows/", "locales/"):
        assert room in text
