"""Folding loses no word and costs no second alphabet; counting is Twilio's; splitting cuts between words."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sms_text import SEPTETS, fold, is_gsm7, size, split, split_at

VECTORS = json.loads(Path(__file__).with_name("segments_vectors.json").read_text(encoding="utf-8"))
ANY_TEXT = st.text(max_size=400) | st.text(alphabet="aɛɔɲŋƝŊŒœéèêç’«» \u00a0\u202f…€[\r\n1️😀e\u0302", max_size=400)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("I ni ce, kɔseginni ka ɲɛ", "I ni ce, kòseginni ka nyè"),
        ("Ɛɛ, Ɔwɔ", "Eè, Owò"),  # È and Ò are not in GSM-7
        ("Ɲɛnama, Ŋaniya", "Nyènama, Nganiya"),
        ("ƝƐNAMA, BAŊA", "NYENAMA, BANGA"),
        ("ɛ\u0301 ɔ\u0300", "è ò"),  # tone marks
        ("εntεrεnεti, ᴐwᴐ, ɳaniya", "èntèrènèti, òwò, nganiya"),  # letters that keyboards give instead
        ("être sûr, déçu, Noël, maïs, cœur, ŒUVRE", "etre sur, déçu, Noel, mais, coeur, OEUVRE".replace("ç", "c")),
        ("À bientôt. Également. Ça va.", "A bientot. Également. Ça va."),
        ("e\u0302tre, e\u0301te\u0301", "etre, été"),  # decomposed, as some phones send
        ("l’aide, « oui », “non”…", 'l\'aide, "oui", "non"...'),
        ("10–12 h — midi ‑ soir", "10-12 h - midi - soir"),
        ("• Kayes\u2028• Ségou", "- Kayes\n- Ségou"),
        ("150\u202f000\u00a0F\u2009CFA", "150 000 F CFA"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("1️⃣ oui 👍🏿", "1 oui "),
        ("n°5, 2½, 10 m²", "no5, 21/2, 10 m2"),
        ("Ɓii Ɗemɓa ƙ ɣ", "Bii Demba k g"),
        ("٧٦ ١٢ ٣٤ ٥٦", "76 12 34 56"),
        ("السلام", "_"),  # another script: seen, and never a question mark
        ("\x1b[0m", "[0m"),  # a bare ESC is not a character
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_it_folds_what_sms_cannot_carry(written: str, sent: str) -> None:
    assert fold(written) == sent


@given(ANY_TEXT)
def test_whatever_is_folded_is_gsm7_and_stays_as_it_is(text: str) -> None:
    folded = fold(text)

    assert is_gsm7(folded)
    assert fold(folded) == folded
    assert len(folded) <= 18 * len(text)  # the longest sign in Unicode stands for 18 letters
    assert folded.count("?") <= sum(text.count(mark) for mark in "?︖﹖？⁇⁇⁈⁉")


@given(st.text(alphabet=sorted(set(SEPTETS) - set("\f\r")), max_size=400))
def test_what_is_in_gsm7_is_left_alone(text: str) -> None:
    assert fold(text) == text


def test_gsm7_has_the_137_characters_of_the_standard_without_the_bare_escape() -> None:
    assert len(SEPTETS) == 137
    assert "\x1b" not in SEPTETS
    assert {c for c, cost in SEPTETS.items() if cost == 2} == set("\f^{}\\[~]|€")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"][:20]))
def test_it_counts_like_twilio(vector: dict[str, Any]) -> None:
    sized = size(vector["text"])

    assert (sized.encoding, sized.segments) == (vector["encoding"], vector["segments"])
    assert sized.units * (7 if sized.encoding == "GSM-7" else 16) == vector["bits"]


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),  # an escape pair is not cut, so one septet is lost
        ("ɛ" * 70, "UCS-2", 1),
        ("ɛ" * 71, "UCS-2", 2),
        ("ɛ" * 66 + "😀" + "ɛ" * 66, "UCS-2", 3),  # a surrogate pair is not cut
        ("\x1b", "UCS-2", 1),
        pytest.param("\ud800", "UCS-2", 1, id="a lone surrogate is counted, not refused"),
    ],
)
def test_it_counts_the_edges(text: str, encoding: str, segments: int) -> None:
    sized = size(text)

    assert (sized.encoding, sized.segments) == (encoding, segments)


@given(ANY_TEXT, st.integers(1, 3))
def test_splitting_loses_nothing_but_spaces_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(size(piece).segments <= limit for piece in pieces)


def test_it_splits_between_words() -> None:
    pieces = split("mot " * 60)

    assert pieces == (("mot " * 40).strip(), ("mot " * 20).strip())
    assert split("") == ("",)


def test_it_cuts_a_word_that_is_longer_than_a_message() -> None:
    assert [len(piece) for piece in split("a" * 400)] == [160, 160, 80]


@given(st.text(max_size=100), st.integers(20, 60))
def test_a_channel_without_segments_is_split_by_length(text: str, characters: int) -> None:
    pieces = split_at(text, characters)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(
        len(piece) <= characters or len(piece.encode("utf-16-le", "surrogatepass")) > characters for piece in pieces
    )
