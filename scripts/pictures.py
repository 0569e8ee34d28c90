"""Take the pictures of the documentation: the phone simulator's page, on a desktop and on a small phone."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.site import chromium, running

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST = 250_000  # bytes
TALK = (
    ("sms", "n ka papiyew tununa"),
    ("sms", "2"),
    ("whatsapp", "a fɔ kokura"),
)


def main() -> None:
    """Hold a talk on both phones and take its picture in two widths."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="segin-") as data, running(Path(data)) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/phone/")
        page.get_by_label("Heure").select_option("9 h")
        with page.expect_navigation():
            page.get_by_role("button", name="Appliquer").click()
        for channel, text in TALK:
            say(page, channel, text)
        page.mouse.click(5, 790)  # no ring of focus in the picture
        keep(page, "phone.png")
        page.set_viewport_size({"width": 360, "height": 780})
        page.reload()
        page.locator(".whatsapp").evaluate("section => section.scrollIntoView()")
        keep(page, "phone-360.png")


def say(page: Page, channel: str, text: str) -> None:
    """Write a message and wait for the answer."""
    answers = page.locator(f".{channel} .out")
    before = answers.count()
    page.locator(f"#text-{channel}").fill(text)
    page.locator(f"#text-{channel}").press("Enter")
    expect(answers.nth(before)).to_be_visible()


def keep(page: Page, name: str) -> None:
    """Save what is seen, and say how large it is."""
    path = FOLDER / name
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.name}: {size} bytes")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST} bytes: take less into the picture.")


if __name__ == "__main__":
    main()
