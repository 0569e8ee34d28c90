"""The door of the console in a real browser, on a small screen: with and without script, and looked at by axe."""

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SENTENCE = "la mangue dort sous le car jaune"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=request.param, base_url=address
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/console/")
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def looks(request: pytest.FixtureRequest):
    """Fail on what keeps somebody from using a page, and on one that is wider than the screen; axe is a script."""
    script = request.node.callspec.params["page"]

    def look(page: Page) -> None:
        if script:
            results = Axe().run(page, options=RULES)
            assert results.violations_count == 0, results.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360

    return look


def added(page: Page, looks, login: str) -> str:
    """Let an administrator add somebody; return the first password."""
    press(page, "Ibrahim Cissé")
    page.goto("/console/staff/new")
    looks(page)
    page.get_by_label("Nom de connexion").fill(login)
    page.get_by_label("Nom, comme les collègues le voient").fill("Kadi Koné")
    page.get_by_label("agent d'écoute").check()
    press(page, "Enregistrer")
    looks(page)
    first: str = page.locator("dd.code").nth(1).inner_text()
    press(page, "Se déconnecter")
    return first


def test_a_new_colleague_comes_in_for_the_first_time(page: Page, looks, request: pytest.FixtureRequest):
    login = "kadi-" + request.node.callspec.id.replace(" ", "-")
    first = added(page, looks, login)

    page.get_by_label("Nom de connexion").fill(login)
    page.get_by_label("Mot de passe").fill("wrong")
    press(page, "Continuer")
    assert page.get_by_role("alert").inner_text() == "Le nom ou le mot de passe ne va pas."
    page.get_by_label("Mot de passe").fill(first)
    press(page, "Continuer")
    looks(page)

    secret = page.locator("span.code").inner_text().replace(" ", "")
    page.get_by_label("Code à six chiffres").fill(pyotp.TOTP(secret).now())
    press(page, "Confirmer")
    looks(page)
    assert page.locator("ul.code li").count() == 10

    page.get_by_role("link", name="C'est fait").click()
    page.get_by_label("Ancien mot de passe").fill(first)
    page.get_by_label("Nouveau mot de passe").fill(SENTENCE)
    press(page, "Changer")
    looks(page)
    assert page.get_by_role("status").inner_text().startswith("Votre mot de passe est changé")


def test_a_supervisor_reads_the_journal(page: Page, looks):
    press(page, "Moussa Keita")
    page.goto("/console/audit")
    looks(page)
    press(page, "Vérifier la chaîne")
    assert "La chaîne est entière" in page.get_by_role("status").inner_text()


def test_the_keyboard_alone_is_enough_to_sign_in(page: Page):
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    page.get_by_role("button", name="Awa Diarra").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/console/cases")
