"""A correction that names what was wrong changes that answer, and nothing else does."""

import pytest

from bot.core.commands import Fill
from bot.core.domain import Slot
from bot.understanding.amended import amended
from bot.understanding.read import Understanding

SLOTS = {
    "region": Slot("region", "categorical", entity="region", values=("kayes", "sikasso")),
    "trade": Slot("trade", "categorical", entity="trade", values=("couture", "plomberie")),
}


@pytest.mark.parametrize(
    "text",
    [
        "non c'est Sikasso pas Kayes",
        "Sikasso pas Kayes",
        "pas Kayes, Sikasso",
        "c'est pas Kayes c'est Sikasso",
        "ayi, Kayi tɛ, Sikaso don",
        "Sikaso don, Kayi te",
    ],
)
def test_it_changes_the_answer_that_the_text_calls_wrong(ears: Understanding, text: str) -> None:
    changed = amended(ears.ears, text, kept={"region": "kayes", "trade": "couture"}, slots=SLOTS)

    assert changed == (Fill("region", "sikasso"),)


def test_it_changes_a_trade(ears: Understanding) -> None:
    changed = amended(ears.ears, "c'est pas couture, c'est plomberie", kept={"trade": "couture"}, slots=SLOTS)

    assert changed == (Fill("trade", "plomberie"),)


@pytest.mark.parametrize(
    "text",
    [
        "non",
        "non je n'ai pas de dossier a Kayes",
        "non c'est Sikasso pas Gao",  # nobody has said Gao before
        "je ne suis pas a Kayes",
        "pas encore",
    ],
)
def test_it_changes_nothing_where_no_kept_answer_is_called_wrong_and_replaced(ears: Understanding, text: str) -> None:
    assert amended(ears.ears, text, kept={"region": "kayes"}, slots=SLOTS) == ()
