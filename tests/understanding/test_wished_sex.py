"""A woman or a man of the team is asked for, and nobody's wife is taken for that."""

import pytest

from bot.understanding.wished_sex import wished_sex


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("FEMME", "f"),
        ("femme svp", "f"),
        ("une fame", "f"),
        ("muso", "f"),
        ("je veux parler à une femme", "f"),
        ("N b'a fɛ ka kuma muso dɔ fɛ", "f"),
        ("homme", "m"),
        ("cɛ", "m"),
        ("je préfère un homme", "m"),
        ("homme ou femme", None),
        ("je veux parler avec ma femme", None),
        ("ma femme est malade", None),
        ("une femme m'a pris mon sac", None),
        ("", None),
    ],
)
def test_a_wish_is_heard(text: str, wish: str | None) -> None:
    assert wished_sex(text) == wish
