"""Real parts on loopback; `make gateway` installs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.kannel import ABSENT, is_installed
from tests.gateway.parts import Road, road


@pytest.fixture
def whole_road(tmp_path: Path) -> Iterator[Road]:
    if not is_installed():
        pytest.fail(ABSENT)
    with road(tmp_path) as built:
        yield built
