"""The phone simulator's page: what is typed comes out on both phones, and no address tells anything about anybody."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from bot.ports import StorageAway
from console.phone import blueprint
from console.scene import COOKIE, FURTHEST, NUMBER, NoNumber, Scene, later

NOW = datetime(2026, 11, 23, 22, 17, tzinfo=UTC)


def page(client: FlaskClient) -> str:
    return unescape(client.get("/phone/").get_data(as_text=True))


def screen(client: FlaskClient, channel: str) -> str:
    found = re.search(rf'data-part="log-{channel}">(.*?)</ol>', page(client), re.DOTALL)
    assert found
    return found[1]


def say(client: FlaskClient, text: str, channel: str = "sms", **more: str) -> None:
    answer = client.post(f"/phone/{channel}", data={"text": text, **more})
    assert (answer.status_code, answer.location) == (303, "/phone/")


def clock(client: FlaskClient) -> datetime:
    found = re.search(r'<time datetime="([^"]+)"', page(client))
    assert found
    return datetime.fromisoformat(found[1])


def test_a_fresh_number_starts_empty(browser: FlaskClient):
    say(browser, "bonjour")
    browser.post("/phone/scene", data={"fresh": "1"})

    assert 'class="in"' not in screen(browser, "sms") + screen(browser, "whatsapp")
    assert "Écrivez par exemple" in screen(browser, "sms")


def test_an_sms_shows_encoding_characters_parts_and_price(browser: FlaskClient):
    say(browser, "bonjour")

    assert re.search(r'GSM-7 · \d+ caractères · <span class="whole">1 SMS · 25 F CFA<', screen(browser, "sms"))


def test_one_person_writes_on_both_phones_in_folded_and_in_official_letters(browser: FlaskClient):
    say(browser, "Bamanankan")
    say(browser, "n ka papiyew tununa", "whatsapp")

    assert "unicode" in screen(browser, "whatsapp")
    assert re.search("[ɛɔɲŋ]", screen(browser, "whatsapp"))
    assert not re.search("[ɛɔɲŋ]", screen(browser, "sms"))


def test_a_tapped_button_answers_with_its_payload(browser: FlaskClient):
    say(browser, "g perdu ma carte", "whatsapp")
    buttons = re.findall(r'name="text" value="([^"]*)">\s*<button name="payload" value="([^"]*)"', page(browser))
    assert buttons
    title, payload = buttons[0]

    say(browser, title, "whatsapp", payload=payload)

    assert f"<p>{title}</p>" in screen(browser, "whatsapp")
    assert not re.search(r"SetSlots", screen(browser, "whatsapp"))


def test_buttons_show_only_where_the_menu_came(browser: FlaskClient):
    say(browser, "bonjour")

    assert 'name="payload"' not in page(browser)


def test_the_current_step_is_lit_and_named(browser: FlaskClient):
    say(browser, "g perdu ma carte")
    shown = page(browser)

    assert shown.count('id="lit"') == 1
    step = re.search(r'href="#lit"><code>(\w+)</code>', shown)
    assert step
    assert f"<title>{step[1]}</title>" in shown
    assert "flows/lost_document.yml" in shown


def test_a_voice_note_goes_to_a_person(browser: FlaskClient):
    say(browser, "", "whatsapp", quick="voice_note")

    assert "(note vocale)" in screen(browser, "whatsapp")
    assert "dossier" in page(browser)


def test_a_language_button_writes_its_word(browser: FlaskClient):
    say(browser, "", quick="bm")

    assert "Bamanankan" in screen(browser, "sms")


def test_a_reminder_arrives_when_days_go_by(browser: FlaskClient):
    for text in ("j'ai perdu ma carte d'identité", "non pas encore", "1", "2"):  # to be reminded: yes; a person: no
        say(browser, text)
    number = re.search(r'name="number" value="([^"]+)"', page(browser))
    said, before = screen(browser, "sms").count('class="out"'), clock(browser)
    assert number

    browser.post("/phone/scene", data={"number": number[1], "days": "30"})

    assert clock(browser) - before >= timedelta(days=30)
    assert screen(browser, "sms").count('class="out"') > said


def test_a_month_after_somebody_agreed_they_are_asked_how_they_are(browser: FlaskClient):
    for text in ("Français", "je veux rester en contact", "oui", "0"):
        say(browser, text)
    number = re.search(r'name="number" value="([^"]+)"', page(browser))
    assert number

    browser.post("/phone/scene", data={"number": number[1], "days": "7", "hour": "11"})
    assert "Comment ca va pour vous ?" not in screen(browser, "sms")
    for _ in range(3):  # whatever day it is today: one of three mornings is no holiday and no Friday
        browser.post("/phone/scene", data={"number": number[1], "days": "30", "hour": "11"})
        browser.post("/phone/scene", data={"number": number[1], "days": "1", "hour": "11"})

    assert "Comment ca va pour vous ?" in screen(browser, "sms")


def test_another_number_is_another_person(browser: FlaskClient):
    say(browser, "bonjour")
    browser.post("/phone/scene", data={"number": "+212 612 34 56 78"})

    assert 'value="+212612345678"' in page(browser)
    assert 'class="in"' not in screen(browser, "sms")


def test_what_is_no_number_is_told_and_nothing_is_lost(browser: FlaskClient):
    say(browser, "bonjour")
    answer = browser.post("/phone/scene", data={"number": "12"})
    shown = browser.get(answer.location).get_data(as_text=True)

    assert 'role="alert"' in shown
    assert "bonjour" in screen(browser, "sms")


def test_no_address_carries_a_number_or_a_word(browser: FlaskClient):
    say(browser, "g perdu ma carte", "whatsapp")
    addresses = re.findall(r'(?:href|action|src)="([^"?]*)[^"]*"', page(browser))

    assert set(addresses) <= {
        "#lit", "/phone/scene", "/phone/sms", "/phone/whatsapp",
        "/phone/static/icon.svg", "/phone/static/phone.css", "/phone/static/phone.js",
    }  # fmt: skip


def test_a_script_that_changes_has_another_address(browser: FlaskClient):
    found = re.findall(r'(/phone/static/[^"?]+)\?v=([0-9a-f]{8})"', page(browser))

    assert len(found) == 3
    for path, version in found:
        with browser.get(path) as answer:
            assert sha256(answer.get_data()).hexdigest().startswith(version)


def test_markup_in_a_message_is_only_text(browser: FlaskClient):
    say(browser, "<script>alert(1)</script>")

    assert "<script>alert" not in browser.get("/phone/").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/phone", "/phone/"])
def test_the_page_answers_and_allows_nothing_foreign(demo: Flask, path: str):
    answer = demo.test_client().get(path)
    cookie = answer.headers["Set-Cookie"]

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/phone"))


def test_nothing_in_the_page_is_inline(browser: FlaskClient):
    say(browser, "g perdu ma carte")
    shown = browser.get("/phone/").get_data(as_text=True)

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>|javascript:", shown)


def test_page_style_and_script_are_light(browser: FlaskClient):
    say(browser, "g perdu ma carte")
    sizes = []
    for path in ("/phone/", "/phone/static/phone.css", "/phone/static/phone.js"):
        with browser.get(path) as answer:
            sizes.append(len(answer.get_data()))

    assert sum(sizes) < 40_000, sizes


def test_a_form_that_is_too_large_is_refused(browser: FlaskClient):
    assert browser.post("/phone/sms", data={"text": "m" * 100_000}).status_code == 413


@pytest.mark.parametrize("kept", ["", "x", "22376000002", "22376000002.-5", "999.1", "22376000002.1e9", "٢٢٣٧٦.٠"])
def test_a_cookie_that_is_not_ours_is_the_first_scene(kept: str):
    assert Scene.read(kept) == Scene(NUMBER, 0)


def test_a_scene_reads_what_it_wrote():
    scene = Scene("+212612345678", 90)

    assert Scene.read(scene.cookie()) == scene
    assert Scene.read("22376000002.999999999999").ahead == FURTHEST


def test_the_clock_never_runs_back():
    assert Scene().at(NOW - timedelta(days=1), real=NOW).ahead == 0
    assert later(NOW, MultiDict({"hour": "9", "days": "0"})) == datetime(2026, 11, 24, 9, 17, tzinfo=UTC)
    assert later(NOW, MultiDict({"hour": "22", "days": "7"})) == NOW + timedelta(days=7)
    assert later(NOW, MultiDict({"hour": "99", "days": "5"})) == NOW


def test_the_same_number_keeps_its_clock_and_another_starts_on_ours():
    ahead = Scene("+22376000002", 60)

    assert ahead.called("76 00 00 02") == ahead
    assert ahead.called("76 00 00 03") == Scene("+22376000003", 0)
    with pytest.raises(NoNumber):
        ahead.called("12")


def test_the_cookie_is_the_only_thing_that_is_kept(demo: Flask):
    client = demo.test_client()
    client.get("/phone/")

    assert client.get_cookie(COOKIE, path="/phone")


def test_without_its_database_it_says_so_and_takes_nothing_in():
    def away():
        raise StorageAway

    app = Flask("test")
    app.register_blueprint(blueprint(away, away, away, fcfa_a_segment=25))
    answer = app.test_client().get("/phone/")

    assert answer.status_code == 503
    assert "réessayez" in answer.get_data(as_text=True)


def test_between_conversations_it_says_where_each_digit_leads(browser: FlaskClient):
    say(browser, "bonjour")

    assert "<li>Papiers perdus → papiers perdus</li>" in page(browser)
