"""The cases as caseworkers use them: a real browser before the real program, with and without script."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opens
from tests.browser.test_phone import reaches_out, type_in

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Works = Callable[..., Page]


@pytest.fixture
def works(browser: Browser, address: str) -> Iterator[Works]:
    """Sign one of the demonstration's staff in, in a window of any kind."""
    complaints: list[str] = []
    contexts = []

    def open_console(*, name: str = "Awa Diarra", width: int = 1200, script: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/console/")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", name="Demandes")).to_be_visible()
        return page

    yield open_console
    for context in contexts:
        context.close()
    # Answers of 409 and 422 are what these tests want; a browser lists them as errors.
    assert [line for line in complaints if not re.search("status of (409|422)", line)] == []


def ask(opens: Opens) -> tuple[Page, str]:
    """Let somebody ask for a person of the team; return their phone and the reference they were told."""
    phone = opens()
    type_in(phone, "sms", "je veux parler à quelqu'un")
    told = phone.locator(".sms .out p", has_text=re.compile(r"[A-Z]\d{4}[A-Z]")).last.inner_text()
    found = re.search(r"\b[A-Z]\d{4}[A-Z]\b", told)
    assert found
    return phone, found[0]


def open_case(page: Page, reference: str) -> None:
    page.get_by_role("searchbox").fill(reference)
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def barriers(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on the page as it stands."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_caseworker_takes_answers_and_closes(opens: Opens, works: Works, width: int, script: bool):
    phone, reference = ask(opens)
    page = works(width=width, script=script)
    page.get_by_role("link", name=re.compile("À prendre")).click()
    open_case(page, reference)
    page.get_by_role("button", name="Prendre cette demande").click()
    expect(page.get_by_role("status").first).to_contain_text("est à vous")

    page.locator("#text").fill("I ni ce. An ka mɔgɔ dɔ don.")
    if not script:
        page.get_by_role("button", name="Compter").click()
    expect(page.locator("#count")).to_contain_text("1 SMS · 25 F CFA")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".thread .team p").last).to_have_text("I ni ce. An ka mògò dò don.")

    page.get_by_text("Fermer", exact=True).click()
    page.get_by_label("Comment la demande finit").select_option("réglé")
    page.get_by_role("button", name="Fermer la demande").click()
    expect(page.locator(".state")).to_contain_text("fermée")
    assert reaches_out(page) <= 0
    assert phone.url.endswith("/phone/")


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_bars_anybody(opens: Opens, works: Works, width: int):
    _, reference = ask(opens)
    page = works(width=width)
    page.get_by_text("Filtrer").first.click()
    assert barriers(page) == []
    assert reaches_out(page) <= 0

    open_case(page, reference)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("#text").fill("Vous aurez de l'argent")
    expect(page.locator("#count .warning")).to_be_visible()
    assert barriers(page) == []
    assert reaches_out(page) <= 0


def test_what_the_person_writes_appears_by_itself(opens: Opens, works: Works):
    phone, reference = ask(opens)
    page = works()
    open_case(page, reference)
    page.locator("#text").fill("Je commence à")
    seen = page.locator("#reply [name=seen]").input_value()

    type_in(phone, "sms", "je suis à Kayes maintenant")
    expect(page.locator(".thread .theirs p").last).to_have_text("je suis à Kayes maintenant", timeout=20_000)
    expect(page.locator("#news")).to_contain_text("Segin")  # said by a screen reader
    expect(page.locator("#text")).to_have_value("Je commence à")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#reply [name=seen]")).not_to_have_value(seen)


def test_a_ready_reply_is_one_touch_away(opens: Opens, works: Works):
    _, reference = ask(opens)
    page = works(width=360)
    open_case(page, reference)
    page.get_by_text("Réponses toutes prêtes").click()
    page.get_by_role("button", name="I bɛ lafiya la sisan wa?").click()

    expect(page.locator("#text")).to_have_value("I bɛ lafiya la sisan wa?")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#count")).to_contain_text("1 SMS")


def test_the_keyboard_is_enough_to_answer(opens: Opens, works: Works):
    _, reference = ask(opens)
    page = works()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(reference)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)

    page.locator("#text").focus()
    page.keyboard.type("Bonjour")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".thread .team p").last).to_have_text("Bonjour")


def test_the_second_of_two_keeps_their_words_and_reads_what_changed(opens: Opens, works: Works):
    _, reference = ask(opens)
    first, second = works(), works(name="Moussa Keita")
    open_case(first, reference)
    second.goto(first.url)
    second.locator("#text").fill("Mes mots")
    first.get_by_role("button", name="Prendre cette demande").click()
    expect(first.locator(".state")).to_contain_text("Awa Diarra")
    second.get_by_role("button", name="Envoyer").click()

    expect(second.get_by_role("alert").first).to_contain_text("Awa Diarra")
    expect(second.locator("#text, #lost").first).to_have_value("Mes mots")
