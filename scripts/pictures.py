"""Take the pictures of the documentation: the phone simulator and the console, on a desktop and on a small phone."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.site import chromium, running, wait_for_people

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST = 250_000  # bytes
SMALL: ViewportSize = {"width": 360, "height": 780}
LARGE: ViewportSize = {"width": 1200, "height": 800}
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
        console(browser, address)


def console(browser: Browser, address: str) -> None:
    """Work as a caseworker does on a small phone, then as a supervisor on a desktop."""
    as_caseworker(browser, address)
    as_supervisor(browser, address)


def as_caseworker(browser: Browser, address: str) -> None:
    """Sign in, read, answer and close on a small phone."""
    page = browser.new_page(viewport=SMALL, base_url=address)
    page.goto("/console/")
    keep(page, "console-sign-in.png")
    wait_for_people(page)
    keep(page, "console-inbox.png")
    page.get_by_role("link", name="À moi").click()
    page.locator(".case-line", has_text="menace").get_by_role("link").first.click()
    keep(page, "console-case.png")
    page.get_by_text("Réponses toutes prêtes").click()
    page.locator("#text").fill("Je reste là. Écrivez quand vous êtes seul.")
    expect(page.locator("#count")).to_contain_text("1 SMS")
    keep(page, "console-reply.png", "#h-reply")
    page.locator("summary", has_text="Fermer").click()
    keep(page, "console-close.png", "#h-acts")
    page.goto("/console/duty")
    keep(page, "console-duty.png")


def as_supervisor(browser: Browser, address: str) -> None:
    """Look at a case, at answers and at a broadcast on a desktop."""
    page = browser.new_page(viewport=LARGE, base_url=address)
    page.goto("/console/")
    page.get_by_role("button", name="Moussa Keita").click()
    page.get_by_role("link", name="Toutes").click()
    page.locator(".case-line", has_text="menace").get_by_role("link").first.click()
    keep(page, "console.png")
    page.goto("/console/answers")
    keep(page, "console-answers.png")
    page.goto("/console/broadcasts")
    page.get_by_role("link", name="Comment allez-vous ?").click()
    keep(page, "console-broadcast.png")


def say(page: Page, channel: str, text: str) -> None:
    """Write a message and wait for the answer."""
    answers = page.locator(f".{channel} .out")
    before = answers.count()
    page.locator(f"#text-{channel}").fill(text)
    page.locator(f"#text-{channel}").press("Enter")
    expect(answers.nth(before)).to_be_visible()


def keep(page: Page, name: str, begins: str = "") -> None:
    """Save what is seen, from an element on if one is named, and say how large it is."""
    if begins:
        page.locator(begins).evaluate("element => element.scrollIntoView()")
    path = FOLDER / name
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.name}: {size} bytes")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST} bytes: take less into the picture.")


if __name__ == "__main__":
    main()
