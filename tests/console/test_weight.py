"""What a page weighs on a weak link, as it is sent: everything together, and a page once the rest is kept."""

import gzip
import re
from pathlib import Path

import pytest

from bot.web import create_app
from tests.console.conftest import make_house
from tests.console.conftest import seat as sit_down
from tests.console.letters import Sit, asks

AT_MOST = 30_000  # bytes for a first visit; a minute on a bad 2G link
AFTERWARDS = 6_000
GZIP = {"Accept-Encoding": "gzip"}


def weight(seat, path: str) -> tuple[int, int]:
    """Return the bytes of a page with all it loads, and of the page alone."""
    sent = seat.get(path, headers=GZIP)
    text = gzip.decompress(sent.data).decode()
    assert text == seat.get(path).get_data(as_text=True)
    loaded = set(re.findall(r'(?:src|href)="(/console/static/[^"]+)"', text))
    assert len(loaded) > 3
    return len(sent.data) + sum(len(seat.get(one, headers=GZIP, buffered=True).data) for one in loaded), len(sent.data)


@pytest.mark.parametrize("page", ["list", "case"])
def test_a_page_is_light(tmp_path: Path, page):
    house = make_house(tmp_path)  # of its own: no page lists what other tests have made
    for _ in range(25):
        _, case = asks(house)
    path = "/console/cases?tab=all" if page == "list" else f"/console/cases/{case.reference}"
    first, later = weight(sit_down(create_app(house), house, "caseworker"), path)
    house.database.close()

    assert first < AT_MOST
    assert later < AFTERWARDS


def test_a_browser_that_cannot_unpack_gets_plain_text(staff_client: Sit):
    answer = staff_client("caseworker").get("/console/cases")

    assert "Content-Encoding" not in answer.headers
    assert answer.get_data(as_text=True).startswith("<!doctype html>")
