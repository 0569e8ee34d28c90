"""Every page of the console in a real browser, wide and small, looked at by axe, for each of those who are let in.

Pages are found as people find them, by the links of other pages, from the menu of each of the demonstration's staff. A
new door that no link leads to fails here until it has one, or is named below with the reason.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from bot.service.demo_staff import PEOPLE
from console.desk import all_doors
from tests.browser.site import running, wait_for_people
from tests.browser.test_phone import reaches_out

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (1200, 360)
NO_PAGES = {
    "start": "leads on",
    "case_lines": "a part of the inbox",
    "case_live": "a part of the case",
    "case_media": "a voice note",
    "contact_live": "a part of the import",
    "contact_problems": "a file",
    "broadcast_live": "a part of the broadcast",
    "answers_take": "a file",
    "check_ins_take": "a file",
    "ledger_take": "a file",
    "texts_po": "a file",
    "figures_csv": "a file",
}
FILES = re.compile(r"\.(csv|xlsx|po|json)$")
DOORS = Map([Rule("/console" + door.rule, endpoint=door.name) for door in all_doors() if "GET" in door.methods])
ADDRESSES = DOORS.bind("127.0.0.1")
OF_EACH = {"case": 4, "broadcast": 2}  # of each for each of the staff; of other doors one page is enough


@dataclass
class Found:
    """What was seen of the console: pages by door, and what bars somebody from using one."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    barriers: list[str] = field(default_factory=list)


def door_of(path: str) -> str | None:
    try:
        return str(ADDRESSES.match(path)[0])
    except HTTPException:
        return None


def walk(page: Page, found: Found) -> Iterator[str]:
    """Open every page that links lead to, a few of each door, and give its address."""
    waiting, opened, mine = [urlsplit(page.url).path, *links(page)], set[str](), Counter[str]()
    while waiting:
        link = waiting.pop(0)
        path = urlsplit(link).path
        door = door_of(path)
        if link in opened or door is None or door in NO_PAGES or FILES.search(path):
            continue
        if mine[door] >= OF_EACH.get(door, 1):
            continue
        opened.add(link)
        mine[door] += 1
        answer = page.goto(link)
        assert answer is not None
        if answer.status != 200:  # the menu shows only what is for them
            found.barriers.append(f"{link}: {answer.status}")
            continue
        found.seen.setdefault(door, []).append(path)
        yield link
        waiting += links(page)


def links(page: Page) -> list[str]:
    """Return the addresses that the page leads to, without what only sorts or turns a page."""
    hrefs = page.locator("a[href]").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    inside = [href for href in hrefs if href.startswith("/console/")]
    return sorted({href.partition("#")[0].partition("?")[0] for href in inside})


def look(page: Page, link: str, found: Found) -> None:
    """Note what axe finds in both widths, everything unfolded, and what is wider than the window."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        violations = Axe().run(page, options=RULES).response["violations"]
        nodes = [(rule["id"], node["html"][:150]) for rule in violations for node in rule["nodes"]]
        found.barriers += [f"{link} at {width}: {rule}: {html}" for rule, html in nodes]
        if reaches_out(page) > 0:
            found.barriers.append(f"{link} at {width}: {reaches_out(page)} px too wide")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of its own: what other tests leave would be opened in place of what is shipped."""
    with running(tmp_path_factory.mktemp("pages")) as address:
        yield address


@pytest.fixture(scope="module")
def found(browser: Browser, address: str) -> Found:
    found = Found()
    waiting = browser.new_page(base_url=address)
    wait_for_people(waiting)
    waiting.context.close()
    for name, _ in PEOPLE.values():
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error, who=name: found.barriers.append(f"{who}: {error}"))
        page.goto("/console/")
        page.get_by_role("button", name=name).click()
        page.wait_for_load_state()
        for link in walk(page, found):
            look(page, link, found)
        context.close()
    return found


def test_every_page_is_found_and_looked_at(found: Found):
    doors = {door.name for door in all_doors() if "GET" in door.methods}

    assert doors - set(found.seen) == set(NO_PAGES)


def test_nothing_bars_anybody_from_any_page(found: Found):
    assert found.barriers == []
