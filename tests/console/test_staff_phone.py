"""The phone simulator on a number of staff: what they wrote and what came to them stand there, in order."""

import re
from html import unescape

import pytest

from bot.core.messages import Address
from bot.service.forward_to_phones import forward_to_phones
from console import phone_memory
from tests.console.conftest import make_account
from tests.console.letters import asks, fresh

PIN = "2580"


@pytest.fixture
def handset(console_app, console_house):
    """Open the simulator on the telephone of a caseworker."""
    number = fresh()
    hashed = console_house.entrance.passwords.hash(PIN)
    make_account(console_house, "caseworker", name="Awa Essai", phone=Address("sms", number), pin_hash=hashed)
    return on(console_app, number)


def on(app, number):
    browser = app.test_client()
    browser.get("/phone/")
    assert browser.post("/phone/scene", data={"number": number}).status_code == 303
    return browser


def shown(browser):
    """Return what stands on the simple telephone: [("in" or "out", text)]."""
    page = unescape(browser.get("/phone/").get_data(as_text=True))
    screen = page.partition('data-part="log-sms">')[2].partition("</ol>")[0]
    return re.findall(r'<li class="(in|out)">\s*<p[^>]*>(.*?)</p>', screen, re.DOTALL)


def say(browser, text):
    assert browser.post("/phone/sms", data={"text": text}).status_code == 303


def test_it_shows_what_was_written_and_what_was_answered_in_order(handset):
    say(handset, "LISTE")
    say(handset, f"PIN {PIN}")

    found = shown(handset)
    assert [side for side, _ in found] == ["in", "out", "in", "out"]
    assert [text for side, text in found if side == "in"] == ["LISTE", f"PIN {PIN}"]
    assert "PIN" in found[1][1]


def test_it_shows_the_words_of_a_person_whose_case_they_took(handset, console_house):
    one, case = asks(console_house)
    say(handset, f"PIN {PIN}")
    say(handset, f"PRENDS {case.reference}")
    one.write("la carte de mon frère")
    forward_to_phones(console_house.brain, console_house.ports)

    assert "la carte de mon frère" in shown(handset)[-1][1]


def test_it_says_whose_telephone_it_is(handset):
    assert "Téléphone de l'équipe : Awa Essai" in unescape(handset.get("/phone/").text)


def test_what_came_to_one_telephone_is_on_no_other(handset, console_app):
    say(handset, "LISTE")

    assert shown(on(console_app, fresh())) == []


def test_whoever_is_erased_sees_the_last_reply(console_app):
    browser = on(console_app, fresh())
    for text in ("bonjour", "EFFACER", "1"):
        say(browser, text)

    assert [side for side, _ in shown(browser)] == ["out"]


@pytest.mark.parametrize("cookie", ["", "x", "e30=", "W3t9XQ==", "WyJhIl0=", "ww=="])
def test_a_cookie_that_is_not_ours_reads_as_nothing(cookie):
    assert phone_memory.read(cookie) == ()


def test_of_much_that_was_written_the_newest_is_kept():
    wrote = [phone_memory.Wrote("+22376009091", "sms", number, "text", "é" * 300) for number in range(20)]
    cookie = phone_memory.write(wrote)

    assert len(cookie) <= phone_memory.LARGEST
    assert phone_memory.read(cookie)[-1] == wrote[-1]
