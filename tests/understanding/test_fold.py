"""The sound of words: spellings that mean the same share a key, words that differ do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import fold


@pytest.mark.parametrize(
    "spellings",
    [
        "faire fèr fair fere",
        "tué tuer tue",
        "enlevé anlevé enlever enleve",
        "frappe frappé frapper frape",
        "moi mwa",
        "quoi koi kwa",
        "demain 2m1 dem1",
        "merci mersi mer6",
        "carte kart kartes",
        "papier papié papiers",
        "mange manger mangé",
        "cherche xerche cherché",
        "perdu perdue perdus",
        "oui wi",
        "temps tan",
        "jour jours",
    ],
)
def test_french_spellings_of_one_word_share_a_sound(spellings):
    assert len({fold.french(fold.plain(word)) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        "yɛrɛ yere yèrè",
        "tununna tounouna tununa",
        "cɛ tchè cè",
        "jugu djougou",
        "segin segi seguin",
        "muso mousso",
        "nba mba",
        "ɲɛ nyè gnè",
        "dɛmɛ deme dèmè",
        "mɔgɔ mogo mògò",
        "kunnafoni kounafoni",
    ],
)
def test_bambara_spellings_of_one_word_share_a_sound(spellings):
    assert len({fold.bambara(fold.plain(word)) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "words",
    ["tu tue tout", "mort mer mère2", "agent argent", "vous vu", "peur perd", "faim femme", "père peur", "mari mairie"],
)
def test_french_words_that_differ_keep_their_sounds(words):
    assert len({fold.french(fold.plain(word)) for word in words.split()}) == len(words.split())


@pytest.mark.parametrize("words", ["den dan", "ka ko", "faga fara", "sɔn san", "man mun", "bugɔ baga"])
def test_bambara_words_that_differ_keep_their_sounds(words):
    assert len({fold.bambara(fold.plain(word)) for word in words.split()}) == len(words.split())


@given(st.text(max_size=60))
def test_any_text_folds_to_plain_letters_and_twice_changes_nothing(text):
    plain = fold.plain(text)

    assert all(c.isascii() and (c.isalnum() or c == "+") for c in plain)
    assert fold.plain(plain) == plain
    assert fold.french(plain) is not None
    assert fold.bambara(plain) is not None


@given(st.text(alphabet="abcdefgijklmnoprstuvɛɔ", min_size=1, max_size=12))
def test_capitals_and_accents_do_not_change_a_sound(word):
    accented = word.replace("e", "é").replace("a", "à")

    assert fold.french(fold.plain(accented.upper())) == fold.french(fold.plain(word))
