"""Whole conversations from phone to phone: an SMPP message centre, Debian's Kannel, and the product as it runs."""

from urllib.request import urlopen

import pytest

from bench.kannel import SECRET
from bot.core.sms_text import size
from tests.gateway.parts import DUTY, Road

pytestmark = pytest.mark.gateway
AWA, BAKARY, FANTA = "+22376000001", "+22366000002", "+22390000003"


def test_a_conversation_in_french_and_one_in_bambara(whole_road: Road) -> None:
    talk = whole_road.talk
    talk(AWA, "Bonjour", "Que cherchez-vous")
    talk(AWA, "c koi le pécule et c combien svp", "Je ne sais pas")
    talk(AWA, "Non", "menu")
    talk(BAKARY, "I ni sɔgɔma", "Segin")
    talk(BAKARY, "seginni wari ye joli ye", "N t'a dòn")
    talk(BAKARY, "ayi", "Baasi tè")
    rows = whole_road.settled()

    whole_road.nothing_lost_nothing_doubled(rows)
    assert {row.encoding for row in rows} == {"GSM-7"}
    assert {sms["coding"] for sms in whole_road.heard.sms} == {0}
    assert {row.language for row in rows} == {"fr", "bm"}


def test_every_way_of_writing_arrives_as_it_was_written(whole_road: Road) -> None:
    long_french = "Je suis rentré de Libye à Kayes, j'ai perdu mes papiers là-bas : passeport et carte NINA. " * 3
    long_bambara = "N seginna ka bɔ Libi, n ka papiyew tununna, n bɛ dɛmɛ ɲini walasa ka baara sɔrɔ Kayi. ŋ " * 2
    written = [("Bonjour, 5 € {oui} [non]", 1), ("ɛ ɔ ɲ ŋ Ɛ Ɔ", 1), (long_french.strip(), 2), (long_bambara.strip(), 3)]
    for number, (text, parts) in enumerate(written, start=1):
        whole_road.write(AWA, text, parts=parts)
        whole_road.heard.until(lambda number=number: whole_road.product.taken_in() == number, "it is taken in")

    assert whole_road.product.read(AWA) == [text for text, _ in written]
    whole_road.nothing_lost_nothing_doubled(whole_road.settled())


def test_what_gsm_has_no_letters_for_reaches_the_phone_as_it_was_written(whole_road: Road) -> None:
    short, long = "أهلا، نحن معك ɛ ɔ ɲ ŋ", ("نحن معك، اكتب لنا متى شئت. " * 8).strip()
    for text in (short, long):
        whole_road.product.give(AWA, text)
        whole_road.await_words(AWA, text)

    assert {sms["coding"] for sms in whole_road.heard.sms} == {8}
    assert [sms["parts"] for sms in whole_road.heard.sms] == [1, size(long).segments]
    whole_road.nothing_lost_nothing_doubled(whole_road.settled())


def test_the_longest_texts_arrive_whole(whole_road: Road) -> None:
    arabic = ("عدت من ليبيا وفقدت أوراقي وأحتاج إلى مساعدة لإيجاد عمل في كاي. " * 15)[: 14 * 67].strip()
    french = ("Je suis rentré de Libye à Kayes et j'ai perdu mes papiers. " * 90)[: 30 * 153].strip()
    for number, (text, parts) in enumerate(((arabic, 14), (french, 30)), start=1):
        whole_road.write(AWA, text, parts=parts)
        whole_road.heard.until(lambda number=number: whole_road.product.taken_in() == number, "it is taken in")

    assert whole_road.product.read(AWA) == [arabic, french]
    whole_road.nothing_lost_nothing_doubled(whole_road.settled())


def test_danger_reaches_the_phone_on_duty(whole_road: Road) -> None:
    whole_road.talk(FANTA, "au secours il veut me tuer", "")
    whole_road.await_words(DUTY, "")

    whole_road.nothing_lost_nothing_doubled(whole_road.settled())


def test_a_late_report_moves_nothing_back_and_a_failure_is_kept(whole_road: Road) -> None:
    whole_road.talk(AWA, "Bonjour", "Que cherchez-vous")
    delivered = whole_road.settled()
    for row in delivered:
        url = f"http://127.0.0.1:{whole_road.product.port}/webhooks/kannel/status?secret={SECRET}&m={row.id}&status=8"
        urlopen(url).close()
    whole_road.centre.order(report="UNDELIV")
    whole_road.talk(BAKARY, "Bonjour", "Que cherchez-vous")
    rows = whole_road.settled("delivered", "undelivered")

    assert [str(row.status) for row in rows] == ["delivered"] * len(delivered) + ["undelivered"] * len(delivered)
    assert {row.error_code for row in rows} == {None, "UNDELIV/027"}
    whole_road.nothing_lost_nothing_doubled(rows)


def test_the_link_is_lost_and_comes_back(whole_road: Road) -> None:
    whole_road.talk(AWA, "Bonjour", "Que cherchez-vous")
    first = len(whole_road.settled())
    whole_road.write(BAKARY, "I ni ce")
    whole_road.heard.until(lambda: whole_road.product.taken_in() == whole_road.written, "it is taken in")
    whole_road.settled()
    heard = len(whole_road.heard.sms)
    whole_road.centre.lose()
    for number in (AWA, BAKARY, FANTA):  # what comes another way while the link is down
        give_in(whole_road, number)
    whole_road.heard.until(lambda: len(waiting(whole_road)) >= 3, "Kannel keeps the replies")
    assert len(whole_road.heard.sms) == heard
    whole_road.centre.start()
    rows = whole_road.settled()

    assert len(rows) > first
    whole_road.nothing_lost_nothing_doubled(rows)
    whole_road.talk(FANTA, "merci", "")


def test_kannel_is_killed_while_messages_wait(whole_road: Road) -> None:
    whole_road.talk(AWA, "Bonjour", "Que cherchez-vous")
    whole_road.settled()
    whole_road.centre.lose()
    give_in(whole_road, BAKARY)
    whole_road.heard.until(lambda: waiting(whole_road), "Kannel keeps the replies")
    whole_road.boxes.stop()
    give_in(whole_road, FANTA)  # now they can only wait with us
    whole_road.boxes.start()
    whole_road.centre.start()
    rows = whole_road.settled("delivered", "accepted")  # what Kannel has to report about is lost with its memory

    whole_road.heard.until(lambda: len(whole_road.heard.sms) >= len(rows), "everything is heard")
    whole_road.nothing_lost_nothing_doubled(rows)


def test_the_product_is_away_while_people_write(whole_road: Road) -> None:
    whole_road.talk(AWA, "Bonjour", "Que cherchez-vous")
    whole_road.settled()
    whole_road.product.stop()
    for number in (AWA, BAKARY, FANTA):
        whole_road.write(number, "Bonjour")
    whole_road.heard.until(lambda: "queued" in whole_road.boxes.status(), "Kannel answers")
    whole_road.product.start()
    rows = whole_road.settled()

    whole_road.nothing_lost_nothing_doubled(rows)


def give_in(road: Road, number: str) -> None:
    """Hand a message in at our webhook, as a second gateway would."""
    road.written += 1
    fields = f"secret={SECRET}&from={number.lstrip('+')}&to=36000&text=Bonjour&id=other-{road.written}&charset=UTF-8"
    urlopen(f"http://127.0.0.1:{road.product.port}/webhooks/kannel/messages?{fields}").close()


def waiting(road: Road) -> list[object]:
    """Return the rows that Kannel has taken and the network has not."""
    return [row for row in road.product.rows() if row.status == "accepted"]
