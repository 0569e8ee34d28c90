"""The real program in demo mode on a free port of this machine, and a real browser before it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SEGIN = Path(sys.executable).with_name("segin")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (  # nothing but the page that is looked at
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Start `segin run` on data of its own and give its address; everything is gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}
    own = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(data_dir), "SEGIN_PORT": str(port)}
    with subprocess.Popen(
        [SEGIN, "run"], env=kept | own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        told = []
        for line in process.stdout:
            told.append(line)
            if "runs in demo mode" in line:
                break
        else:
            raise AssertionError("`segin run` ended before it greeted: " + "".join(told))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that CHROMIUM names, or one on the path."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise AssertionError("No browser was found: run `make browser`, which finds or installs one.")
    options = [*QUIET, "--no-sandbox"] if os.getuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def wait_for_people(page: Page) -> None:
    """Sign Awa in and wait until the demonstration's people are all there; they come just after the greeting."""
    page.goto("/console/")
    page.get_by_role("button", name="Awa Diarra").click()
    for _ in range(120):
        page.goto("/console/cases")
        if page.locator(".case-line", has_text="violence à la maison").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("The demonstration has no people: see what `segin run` says.")
