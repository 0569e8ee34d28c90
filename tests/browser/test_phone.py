"""The phone simulator as people use it: a real browser before the real program."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

CONTRASTS = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = color.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const words = [...document.body.querySelectorAll("*")].filter((e) =>
    !e.closest("svg") && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
  return words.map((e) => {
    const [a, b] = [channels(getComputedStyle(e).color).slice(0, 3), behind(e)].map(light);
    return [e.tagName + " " + e.textContent.trim().slice(0, 30), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  });
}"""


def type_in(page: Page, channel: str, text: str) -> None:
    """Write a message and wait until it stands on the screen; its answer comes with it."""
    written = page.locator(f".{channel} .in")
    before = written.count()
    page.locator(f"#text-{channel}").fill(text)
    page.locator(f"#text-{channel}").press("Enter")
    expect(written).to_have_count(before + 1)


def said_by_us(page: Page, channel: str) -> Locator:
    return page.locator(f".{channel} .out p")


def reaches_out(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def within(inner: Locator, outer: Locator) -> bool:
    small, large = inner.bounding_box(), outer.bounding_box()
    assert small
    assert large
    return (
        large["y"] <= small["y"] + 1
        and small["y"] + small["height"] <= large["y"] + large["height"] + 1
        and large["x"] <= small["x"] + 1
        and small["x"] + small["width"] <= large["x"] + large["width"] + 1
    )


def test_an_sms_is_answered_below_it(opens: Opens):
    page = opens()
    type_in(page, "sms", "bonjour")

    expect(page.locator(".sms .in p")).to_have_text("bonjour")
    expect(said_by_us(page, "sms").last).to_contain_text("1 ")
    expect(page.locator(".sms .out small").last).to_contain_text(
        re.compile(r"GSM-7 · \d+ caractères · 1 SMS · 25 F CFA")
    )
    assert page.url.endswith("/phone/")


def test_bambara_comes_in_official_letters_on_whatsapp_and_folded_by_sms(opens: Opens):
    page = opens()
    type_in(page, "whatsapp", "n ka papiyew tununa")
    expect(said_by_us(page, "whatsapp").last).to_contain_text(re.compile("[ɛɔɲŋ]"))
    type_in(page, "sms", "0")

    expect(said_by_us(page, "sms").last).to_contain_text(re.compile("[èò]"))
    expect(said_by_us(page, "sms").last).not_to_contain_text(re.compile("[ɛɔɲŋ]"))


def test_a_button_on_whatsapp_is_an_answer(opens: Opens):
    page = opens()
    type_in(page, "whatsapp", "bonjour")
    button = page.locator(".choices button").first
    title = button.inner_text()

    button.click()

    expect(page.locator(".whatsapp .in p").last).to_have_text(title)
    expect(page.locator("#lit")).to_have_count(1)


def test_the_drawing_shows_the_step_where_the_talk_stands(opens: Opens):
    page = opens()
    type_in(page, "sms", "g perdu ma carte")
    first = page.locator(".drawing code").first.inner_text()
    assert page.locator("#lit title").text_content() == first
    assert within(page.locator("#lit"), page.locator(".scroll"))

    type_in(page, "sms", "2")
    expect(page.locator(".drawing code").first).not_to_have_text(first)
    assert within(page.locator("#lit"), page.locator(".scroll"))


def test_time_goes_by_and_the_reminder_arrives(opens: Opens):
    page = opens()
    for text in ("j'ai perdu ma carte d'identité", "non pas encore", "1", "2"):
        before = said_by_us(page, "sms").count()
        type_in(page, "sms", text)
        expect(said_by_us(page, "sms").nth(before)).to_be_visible()
    said = said_by_us(page, "sms").count()

    page.get_by_label("Avancer").select_option("7 jours")
    page.get_by_role("button", name="Appliquer").click()

    expect(said_by_us(page, "sms").nth(said)).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_reaches_out_of_the_window(opens: Opens, width: int):
    page = opens(width=width)
    type_in(page, "whatsapp", "n ka papiyew tununa")
    expect(page.locator("#lit")).to_have_count(1)
    type_in(page, "sms", "m" * 200)

    assert reaches_out(page) <= 0


def test_it_works_without_script(opens: Opens):
    page = opens(width=360, script=False)
    for text in ("bonjour", "g perdu ma carte", "2"):
        page.locator("#text-sms").fill(text)
        page.locator(".sms").get_by_role("button", name="Envoyer").click()

    expect(page.locator(".sms .in p").last).to_have_text("2")
    newest = page.locator(".sms li").last
    assert within(newest, page.locator(".sms .screen"))
    assert page.locator("#lit").count() == 1

    page.locator(".whatsapp").get_by_role("button", name="Note vocale").click()
    expect(page.locator(".whatsapp .in p")).to_have_text("(note vocale)")
    assert page.url.endswith("/phone/")


def test_the_keyboard_is_enough(opens: Opens):
    page = opens()
    page.locator("#text-sms").focus()
    page.keyboard.type("bonjour")
    page.keyboard.press("Enter")
    expect(page.locator(".sms .in p")).to_have_text("bonjour")
    expect(page.locator("#text-sms")).to_be_focused()
    expect(page.locator("#text-sms")).to_have_value("")

    page.keyboard.press("Tab")
    expect(page.locator(".sms").get_by_role("button", name="Envoyer")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".sms .in p").last).to_have_text("(note vocale)")


def test_every_control_has_a_name(opens: Opens):
    page = opens()
    type_in(page, "whatsapp", "bonjour")
    controls = page.locator("input:not([type=hidden]), select, textarea, button")

    for number in range(controls.count()):
        expect(controls.nth(number)).to_have_accessible_name(re.compile(r"\w"))


def test_words_stand_out_from_what_is_behind_them(opens: Opens):
    page = opens()
    type_in(page, "whatsapp", "bonjour")
    type_in(page, "sms", "g perdu ma carte")
    page.get_by_label("Numéro").fill("12")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    contrasts = page.evaluate(CONTRASTS)

    assert len(contrasts) > 20
    assert [pair for pair in contrasts if pair[1] < 4.5] == []  # WCAG 2.2, 1.4.3, level AA
