"""Digits, number words, titles and yes or no, as thumbs type them."""

from random import Random

import pytest

from bot.core.messages import Choice
from bot.understanding import choices, noise

MENU = tuple(
    Choice(title, f"/SetSlots(document={value})")
    for title, value in (
        ("Carte d'identité", "identity_card"),
        ("Passeport", "passport"),
        ("Acte de naissance", "birth_act"),
        ("Autre", "other"),
    )
)


@pytest.fixture
def numbers(ears):
    return ears.ears.numbers


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        " 2 ",
        "n°2",
        "N° 2",
        "(2)",
        "deux",
        "fila",
        "2eme",
        "le deuxieme",
        "option 2",
        "2 svp",
        "２",
        "٢",
        "②",
        "2️⃣",
        "22",
        "é",
        "je choisis le 2",
        "filanan",
        "c'est le 2",
        "passeport",
        "Paspor",
        "PASS",
        "le passeport svp",
    ],
)
def test_it_hears_the_second_choice(text, numbers):
    assert choices.pick(text, MENU, numbers) == 1


@pytest.mark.parametrize("text", ["1 et 3", "1,3", "1 ou 2", "kelen ani saba", "2 et 4 svp"])
def test_two_choices_are_asked_again(text, numbers):
    assert choices.pick(text, MENU, numbers) == "two_choices"


@pytest.mark.parametrize("text", ["7", "le 8", "6"])
def test_a_choice_that_is_not_there_is_refused(text, numbers):
    assert choices.pick(text, MENU, numbers) == "no_such_choice"


@pytest.mark.parametrize("text", ["j'ai 2 enfants", "bonjour", "", "carte ou passeport", "?"])
def test_what_is_no_answer_stays_none(text, numbers):
    assert choices.pick(text, MENU, numbers) is None


@pytest.mark.parametrize(
    "text", ["oui", "OUI", "ouii", "wi", "d'accord", "ok", "awɔ", "awo", "ɔwɔ", "oui svp", "n sɔnna"]
)
def test_it_hears_yes(text, numbers):
    assert choices.yes_no(text, numbers) is True


@pytest.mark.parametrize(
    "text", ["non", "nn", "NON merci", "ayi", "aayi", "ayi dɛ", "pas du tout", "non je n'ai rien reçu", "👎"]
)
def test_it_hears_no(text, numbers):
    assert choices.yes_no(text, numbers) is False


@pytest.mark.parametrize("text", ["peut-être", "oui et non", "je ne sais pas", "12", ""])
def test_it_does_not_guess_yes_or_no(text, numbers):
    assert choices.yes_no(text, numbers) is None


@pytest.mark.parametrize("language", ["fr", "bm"])
def test_noisy_answers_are_understood_97_times_in_100_and_hardly_ever_wrongly(language, numbers):
    dice = Random(7)  # noqa: S311 - a fixed seed: the figure can be repeated
    counts = [
        noise.tally(menu, noise.answers(menu, dice=dice, count=1000, language=language), numbers)
        for menu in noise.MENUS[language]
    ]
    total = sum(c.total for c in counts)

    assert sum(c.right for c in counts) / total >= 0.97
    assert sum(c.wrong for c in counts) / total < 0.01
