"""Lists, broadcasts and follow-up in a real browser, on a small and a large screen, looked at by axe."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_cases import barriers
from tests.browser.test_phone import reaches_out

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SEGIN_SHOTS")  # a folder for pictures of what was looked at
Works = Callable[..., Page]
LIST = (
    "Nom et prénoms;Téléphone;Région;Métier;Âge\nAwa Traoré;76 4{n} 00 01;Kayes;maçon;30\nMoussa Keïta;12;Mopti;;16\n"
)


@pytest.fixture
def sits(browser: Browser, address: str) -> Iterator[Works]:
    """Sign one of the demonstration's staff in."""
    contexts = []

    def sit(name: str, *, width: int = 1200, script: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{address}/console/")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
        return page

    yield sit
    for context in contexts:
        context.close()


def look(page: Page, name: str, *, axe: bool = True) -> None:
    """See that nothing bars anybody and nothing reaches out of the screen."""
    if SHOTS:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    if axe:
        assert barriers(page) == []
    assert reaches_out(page) <= 0


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()


def bring_in(page: Page, tag: str) -> None:
    """Bring a list in by the pages for it."""
    menu(page, "Contacts")
    look(page, "contacts")
    page.get_by_label("Liste des personnes").set_input_files(
        {"name": "l.csv", "mimeType": "text/csv", "buffer": LIST.format(n=len(tag) % 10).encode()}
    )
    page.get_by_role("button", name="Envoyer la liste").click()
    look(page, "columns")
    page.get_by_label("Où et quand").fill("formulaire Kayes, mai 2026")
    page.get_by_label("Étiquette pour toute la liste").fill(tag)
    page.get_by_role("button", name="Lire la liste").click()
    expect(page.get_by_text("Ligne 3, « Téléphone »")).to_be_visible(timeout=30_000)
    look(page, "dry-run")
    page.get_by_label("garder les bonnes lignes").check()
    if page.get_by_label("Je confirme").is_visible():
        page.get_by_label("Je confirme").check()
    page.get_by_role("button", name="Faire entrer").click()
    expect(page.get_by_text(re.compile("1 ligne.s. (sont entrées|ont complété)"))).to_be_visible(timeout=30_000)
    look(page, "let-in")


def write(page: Page, tag: str) -> None:
    """Write a broadcast to whoever has this tag, and submit it."""
    menu(page, "Envois groupés")
    page.get_by_role("link", name="Écrire un envoi").click()
    page.get_by_label("Nom de l'envoi").fill("Rencontre à Kayes")
    page.get_by_label("Texte en français").fill("Bonjour {name}, rencontre des métiers le 3 à Kayes. Très bonne fête.")
    page.get_by_label("Texte en bambara").fill("I ni ce {name}.")
    page.get_by_label("Avec l'étiquette").select_option(tag)
    page.get_by_role("button", name="Voir le public").click()
    expect(page.get_by_text("1 personne(s)", exact=True)).to_be_visible()
    look(page, "compose")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    look(page, "draft")
    page.get_by_role("button", name="Soumettre").click()
    expect(page.get_by_text("Une deuxième personne doit approuver")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1200])
def test_a_list_comes_in_and_a_broadcast_goes_out_once_a_second_person_agrees(sits: Works, width: int):
    page, tag = sits("Moussa Keita", width=width), f"kayes-{width}"
    bring_in(page, tag)
    write(page, tag)

    other = sits("Ibrahim Cissé", width=width)
    other.goto(page.url)
    look(other, "submitted")
    other.get_by_role("button", name="Approuver").click()
    other.get_by_role("button", name="Programmer le départ").click()
    expect(other.get_by_role("status").first).to_contain_text("programmé")
    look(other, "scheduled")


@pytest.mark.parametrize("width", [360, 1200])
def test_follow_up_pages_bar_nobody(sits: Works, width: int):
    page = sits("Moussa Keita", width=width)
    menu(page, "Suivis")
    look(page, "check-ins")
    page.get_by_role("link", name="Sans nouvelles").click()
    look(page, "gone-quiet")
    menu(page, "Suivis")
    page.get_by_role("link", name="Réponses").click()
    look(page, "answers")
    menu(page, "Envois groupés")
    look(page, "broadcasts")
    page.get_by_role("link", name="Prix et calendrier").click()
    look(page, "prices")
    page.go_back()
    page.get_by_role("link", name="Listes de numéros").click()
    look(page, "number-lists")


def test_a_broadcast_can_be_written_without_script(sits: Works):
    page = sits("Moussa Keita", width=360, script=False)
    menu(page, "Envois groupés")
    page.get_by_role("link", name="Écrire un envoi").click()
    page.get_by_label("Nom de l'envoi").fill("Sans script")
    page.get_by_label("Budget de cet envoi").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("alert")).to_contain_text("nombre entier")
    expect(page.get_by_label("Nom de l'envoi")).to_have_value("Sans script")
    look(page, "no-script", axe=False)
