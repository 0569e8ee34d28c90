"""The hand-over, our messages, and the person's own data."""

from flows.actions.own_data import Forget, OpenErase, OptIn, OptOut
from flows.actions.patterns import OpenLanguageCase, OpenMediaCase, RaiseMediaCase
from flows.actions.person import OpenQuestion, Pause, Resume


def test_it_opens_a_question_with_what_is_known_already(act):
    case = act(OpenQuestion(), trade="couture", region="kayes").effects[0]

    assert (case["kind"], case["priority"]) == ("question", "P3")
    assert case["note"] == {"trade": "couture", "region": "kayes"}


def test_it_leaves_and_takes_back_the_word(act):
    assert act(Pause()).events == ["pause"]
    assert act(Resume()).events == ["resume"]


def test_it_raises_the_same_voice_note_when_it_is_urgent(act):
    assert act(OpenMediaCase()).effects[0]["priority"] == "P3"

    raised = act(RaiseMediaCase(), open_kinds=["voice_note:A0001B"]).effects[0]

    assert (raised["kind"], raised["priority"], raised["reference"]) == ("voice_note", "P2", "A0001B")


def test_it_passes_on_what_it_cannot_read(act):
    assert act(OpenLanguageCase()).effects[0]["kind"] == "other_language"


def test_it_opts_out_of_everything_and_in_again(act):
    assert act(OptOut()).effects == [{"effect": "opt_out", "scope": "all"}]
    assert act(OptIn()).effects == [{"effect": "opt_in"}]


def test_it_erases_at_once_with_a_receipt(act):
    done = act(Forget())

    assert done.effects == [{"effect": "forget", "receipt": "K7421R"}]
    assert done.values["receipt"] == "K7421R"


def test_it_asks_a_person_before_erasing_in_a_grave_matter(act):
    assert act(OpenErase()).effects[0]["kind"] == "erase"
