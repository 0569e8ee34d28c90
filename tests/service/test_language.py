"""The conversation follows the person into another language on a clear sign, and on nothing less."""

import pytest

from bot.service.brain import Brain
from bot.service.ports import Ports
from tests.service.letters import say


@pytest.mark.parametrize(
    ("first", "texts", "spoken"),
    [
        ("Français", ["n b'a fɛ ka jago baara dɔ kalan"], "bm"),
        ("Français", ["n ka papiye tununna", "n t'a dɔn cogo min"], "bm"),
        ("Français", ["n ka papiye tununna"], "fr"),
        ("Français", ["n ka papiye tununna", "j'ai perdu ma carte", "n ka papiye tununna"], "fr"),
        ("Français", ["je veux faire du jago à bamako"], "fr"),
        ("Français", ["i ni ce"], "fr"),
        ("Bamanankan", ["je voudrais apprendre la soudure à kayes"], "fr"),
        ("Bamanankan", ["n b'a fɛ ka formation kɛ"], "bm"),
        ("Bamanankan", ["ok merci"], "bm"),
    ],
)
def test_it_changes_language_on_a_clear_sign_only(
    first: str, texts: list[str], spoken: str, brain: Brain, ports: Ports
) -> None:
    say(brain, ports, first)
    taken = [say(brain, ports, text) for text in texts]

    assert taken[-1].decision is not None
    assert taken[-1].decision.state.lang == spoken
    assert taken[-1].decision.language == spoken


def test_a_figure_between_two_sentences_is_no_sentence_of_the_old_language(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "Français")
    taken = [say(brain, ports, text) for text in ("n ka papiye tununna", "1", "n ma nin faamu")]

    assert taken[-1].decision is not None
    assert taken[-1].decision.state.lang == "bm"
