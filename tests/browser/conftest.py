"""A page of the running program; a complaint of the browser fails the test that caused it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import chromium, running

Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def opens(browser: Browser, address: str) -> Iterator[Opens]:
    """Open the phone's page on a number that nobody has used, in a window of any kind."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/phone/")
        with page.expect_navigation():
            page.get_by_role("button", name="Nouveau numéro").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
