"""The project's own ears, built once for all tests of understanding."""

from pathlib import Path

import pytest

from bot.adapters.understanding_files import load_understanding
from bot.understanding.read import Understanding

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    """Return the understanding of the project's own files."""
    return load_understanding(ROOT, cache=tmp_path_factory.mktemp("build"))
