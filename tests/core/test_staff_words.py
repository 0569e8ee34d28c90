"""What caseworkers type with their thumbs, and what may stand on their telephones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sms_text import fold, size
from bot.core.staff_texts import LONGEST, forwarded, masked
from bot.core.staff_words import Asked, looks_like_a_verb, read


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("PRENDS 12", Asked("take", "12")),
        ("prend k 7421 r", Asked("take", "K7421R")),
        ("Prends K7421-R.", Asked("take", "K7421R")),
        ("PRENDS12", Asked("take", "12")),
        ("prends n°7421", Asked("take", "7421")),
        ("prends k7421", Asked("take", "K7421")),
        ("R 12 bonjour", Asked("answer", "12", "bonjour")),
        ("R K7421R: ça va ?", Asked("answer", "K7421R", "ça va ?")),
        ("Répond 12 ok", Asked("answer", "12", "ok")),
        ("R bonjour, je suis Oumou", Asked("answer", "", "bonjour, je suis Oumou")),
        ("R 12 heures demain", Asked("answer", "", "12 heures demain")),
        ("R 12h30 devant la mairie", Asked("answer", "", "12h30 devant la mairie")),
        ("R 500 F CFA suffisent", Asked("answer", "", "500 F CFA suffisent")),
        ("NOTE 12 rappeler demain", Asked("note", "12", "rappeler demain")),
        ("fermé 12 orienté", Asked("close", "12", "orienté")),
        ("qui 12", Asked("who", "12")),
        ("Liste", Asked("list")),
        ("pause.", Asked("pause")),
        ("PIN 2580", Asked("pin", "2580")),
        ("pin2580 prends 12", Asked("pin", "2580", "prends 12")),
        ("Garde courage", Asked(None, "", "Garde courage")),
        ("Bonjour, je suis là", Asked(None, "", "Bonjour, je suis là")),
        ("", Asked(None)),
    ],
)
def test_it_reads_what_is_meant(typed: str, asked: Asked) -> None:
    assert read(typed) == asked


@pytest.mark.parametrize("slip", ["PRNEDS 12", "REPPONDS oui", "NOT 12 ok", "LISTES", "", "12", "Garde courage"])
def test_a_slip_is_seen(slip: str) -> None:
    assert looks_like_a_verb(slip)


@pytest.mark.parametrize("sentence", ["Bonjour, je suis là", "Où êtes-vous ?", "I ni ce", "Merci de votre message"])
def test_a_sentence_is_no_slip(sentence: str) -> None:
    assert not looks_like_a_verb(sentence)


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    asked = read(text)

    assert asked.number == asked.number.upper()
    looks_like_a_verb(text)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("appelez 76 12 34 56", "appelez [numéro]"),
        ("+223 76.12.34.56 vite", "[numéro] vite"),
        ("voir https://exemple.ml/a?b et www.x.org", "voir [lien] et [lien]"),
        ("awa@exemple.ml", "[adresse]"),
        ("500 000 F le 12/05/2026", "500 000 F le 12/05/2026"),
    ],
)
def test_numbers_links_and_addresses_stay_off_the_telephone(said: str, shown: str) -> None:
    assert masked(said) == shown


@given(st.text(max_size=3000))
def test_what_is_forwarded_keeps_its_budget(text: str) -> None:
    assert size(fold(forwarded("K7421R", text))).segments <= LONGEST["staff_forward"][1]
