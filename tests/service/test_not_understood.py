"""Which messages are kept to learn from, and which never."""

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.unmatched import SqlUnmatched
from bot.core.messages import Address
from bot.service.receive_message import receive_message
from tests.conftest import KEYS
from tests.service.letters import AWA, letter, say

ASKED_ABOUT = "je veux la chose"
UNCLEAR = "quand est ce que la pluie"


@pytest.fixture
def desk(database):
    return SqlUnmatched(database, Vault(KEYS))


@pytest.fixture
def awa(brain, ports):
    """Somebody who writes French and has agreed that what they write is kept."""
    say(brain, ports, "Français")
    ident = _person(ports).id
    with ports.store.write() as tx:
        tx.save_profile(ident, {"consent": "given"}, now=ports.clock.now())
    return ident


def _person(ports):
    now = ports.clock.now()
    return ports.store.look_up(Address("sms", AWA), provider="twilio", provider_id="SMx", now=now).person


def kept(desk):
    return [(one.text, one.language) for one in desk.all()]


def test_a_message_that_was_not_understood_is_kept(brain, ports, desk, awa):
    say(brain, ports, UNCLEAR)

    (one,) = desk.all()
    assert (one.text, one.language, one.offered) == (UNCLEAR, "fr", ())


def test_a_message_with_several_readings_is_kept_with_what_was_offered(brain, ports, desk, awa):
    taken = say(brain, ports, ASKED_ABOUT)

    (one,) = desk.all()
    assert one.offered == taken.decision.reading.commands[0].intents
    assert len(one.offered) > 1


def test_nothing_is_kept_without_consent(brain, ports, desk, awa):
    for answer in ("none", "refused"):
        with ports.store.write() as tx:
            tx.save_profile(awa, {"consent": answer}, now=ports.clock.now())
        say(brain, ports, UNCLEAR)
        say(brain, ports, ASKED_ABOUT)

    assert kept(desk) == []


def test_nothing_is_kept_of_somebody_who_has_never_been_asked(brain, ports, desk):
    say(brain, ports, UNCLEAR)

    assert kept(desk) == []


@pytest.mark.parametrize(
    "text",
    ["g perdu ma kart", "2", "0", "merci", "on va me tuer aidez moi", "au secours", "STOP", "👍"],
)
def test_what_was_understood_and_what_is_danger_is_not_kept(brain, ports, desk, awa, text):
    say(brain, ports, text)

    assert kept(desk) == []


def test_what_joins_a_case_or_follows_danger_is_the_case_s(brain, ports, desk, awa):
    say(brain, ports, "on va me tuer aidez moi")
    say(brain, ports, UNCLEAR)
    say(brain, ports, ASKED_ABOUT)

    assert kept(desk) == []


def test_nothing_is_kept_of_a_complaint(brain, ports, desk, awa):
    say(brain, ports, "l'agent m'a demandé de l'argent pour mon dossier")
    say(brain, ports, UNCLEAR)

    assert kept(desk) == []


def test_nothing_is_kept_while_a_number_is_asked_for(brain, ports, desk, awa):
    for answer in ("je veux garder le contact", "1", "Sitan", "Kayes", "Kita", "2"):
        taken = say(brain, ports, answer)
    assert taken.decision.state.stack[-1].asked == "phone"
    taken = say(brain, ports, UNCLEAR)

    assert taken.decision.reading.outcome == "unclear"
    assert kept(desk) == []


def test_a_name_said_earlier_in_the_talk_is_taken_out(brain, ports, desk, awa):
    for answer in ("je veux garder le contact", "1", "Sitanba"):
        say(brain, ports, answer)
    say(brain, ports, "quand est ce que la pluie sitanba")

    assert kept(desk) == [("quand est ce que la pluie #", "fr")]


def test_names_and_numbers_are_taken_out_also_the_ones_we_know(brain, ports, desk, awa):
    with ports.store.write() as tx:
        tx.save_contact(awa, {"name": "Sitan Kanouté", "relation": "la"}, now=ports.clock.now())
    say(brain, ports, "quand est ce que la pluie sitan 76123456")

    assert kept(desk) == [("quand est ce que la pluie #", "fr")]


def test_taking_the_consent_back_takes_back_what_was_kept(brain, ports, desk, awa):
    say(brain, ports, UNCLEAR)
    assert kept(desk)
    with ports.store.write() as tx:
        tx.save_profile(awa, {"consent": "none"}, now=ports.clock.now())
    say(brain, ports, "0")
    taken = say(brain, ports, "je veux garder le contact")
    while "consent" not in str(taken.decision.state.stack[-1].asked):
        taken = say(brain, ports, "1")
    say(brain, ports, "2")

    assert _person(ports).consent == "refused"
    assert kept(desk) == []


def test_erasing_takes_away_what_was_kept(brain, ports, desk, awa):
    say(brain, ports, UNCLEAR)
    say(brain, ports, "EFFACER")
    say(brain, ports, "1")

    assert _person(ports) is None
    assert kept(desk) == []


def test_nothing_is_kept_of_an_answer_to_the_next_question(brain, ports, desk, awa):
    for answer in ("je veux garder le contact", "1", "Sitan", "Kayes", "Kita"):
        taken = say(brain, ports, answer)
    assert taken.decision.state.stack[-1].asked == "same_number"
    taken = say(brain, ports, "c est mon num 76123456 la")

    assert taken.decision.state.stack[-1].asked != "same_number"
    assert kept(desk) == []


def test_a_message_that_comes_twice_is_kept_once(brain, ports, desk, awa):
    incoming = letter(UNCLEAR, ports=ports, ident="SM" + "c" * 32)
    for _ in range(2):
        receive_message(brain, ports, incoming)

    assert kept(desk) == [(UNCLEAR, "fr")]
