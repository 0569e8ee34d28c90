"""A turn of the conversation is kept whole or not at all, on every database."""

from dataclasses import replace

import pytest

from bot.core.messages import Address, Media, Status
from bot.ports import AlreadyTaken, Conflict
from tests.store.people import AWA, FANTA, MINUTE, MOUSSA, NOW, case, look_up, meet, message, row

STATE = {"language": "bm", "stack": [{"flow": "lost_document", "step": "ask_kind"}], "words": "dɔnkili"}


def turn(store, incoming=None, *, person_id="awa", expected=0, rows=()):
    incoming = incoming or message()
    with store.write() as tx:
        tx.ensure_person(person_id, incoming.sender, now=NOW)
        tx.claim(incoming, row_id=f"in-{incoming.provider_id}"[:32], person_id=person_id)
        tx.save_state(person_id, STATE, expected=expected, now=NOW)
        tx.add_outgoing(rows)


def test_it_knows_nothing_of_somebody_who_never_wrote(store):
    known = look_up(store)

    assert (known.person, known.state, known.version, known.answered) == (None, None, 0, None)
    assert known.opted_out == "none"


def test_it_gives_back_the_whole_turn(store):
    turn(store)

    known = look_up(store)

    assert known.person.id == "awa"
    assert known.person.addresses == (AWA,)
    assert known.person.first_seen == NOW
    assert known.state == STATE
    assert known.version == 1
    assert known.provider == "twilio"


def test_it_takes_the_verbs_of_a_turn_in_any_order(store):
    with store.write() as tx:
        tx.claim(message(), row_id="in1", person_id="awa")
        tx.save_state("awa", STATE, expected=0, now=NOW)
        tx.add_outgoing([row()])
        tx.ensure_person("awa", AWA, now=NOW)

    assert look_up(store).version == 1


def test_it_keeps_nothing_of_a_turn_that_fails(store):
    class Stumbled(Exception):
        pass

    with pytest.raises(Stumbled), store.write() as tx:  # noqa: PT012 after the verbs
        tx.ensure_person("awa", AWA, now=NOW)
        tx.save_state("awa", STATE, expected=0, now=NOW)
        raise Stumbled

    assert look_up(store).person is None


def test_it_takes_a_provider_id_only_once(store):
    turn(store, message(sid="SM1"), rows=[row(in_reply_to="in-SM1")])

    with pytest.raises(AlreadyTaken):
        turn(store, message(sid="SM1"), expected=1)

    assert look_up(store).version == 1


def test_it_takes_the_same_id_from_another_provider(store):
    turn(store, message(sid="SM1"))

    with store.write() as tx:
        tx.claim(replace(message(sid="SM1"), provider="kannel"), row_id="in2", person_id="awa")

    assert look_up(store, sid="SM1").answered == ()


def test_it_returns_the_replies_of_a_repeated_id_in_their_order(store):
    rows = [row(in_reply_to="in-SM1", position=1, text="deux"), row(in_reply_to="in-SM1", text="un")]
    turn(store, message(sid="SM1"), rows=rows)

    answered = look_up(store, sid="SM1").answered

    assert [reply.text for reply in answered] == ["un", "deux"]
    assert answered[0] == rows[1]


def test_it_refuses_a_state_decided_on_an_older_version(store):
    turn(store)
    turn(store, expected=1)

    with pytest.raises(Conflict):
        turn(store, expected=1)
    with pytest.raises(Conflict):
        turn(store, expected=0)

    assert look_up(store).version == 2


def test_it_refuses_a_second_person_with_the_same_address(store):
    meet(store, "awa", AWA)

    with pytest.raises(Conflict):
        meet(store, "somebody", AWA)

    assert store.person("somebody").person is None


def test_it_sees_one_person_behind_one_number_on_two_channels(store):
    whatsapp = Address("whatsapp", AWA.reveal())
    meet(store, "awa", AWA)

    with pytest.raises(Conflict):
        meet(store, "somebody", whatsapp)
    assert look_up(store, whatsapp).person.id == "awa"

    meet(store, "awa", whatsapp, now=NOW + MINUTE)

    assert look_up(store).person.addresses == (whatsapp, AWA)  # the newest first


def test_it_counts_the_messages_of_the_last_hour_and_the_same_texts_in_a_row(store):
    meet(store)
    for minutes, text in [(-70, "ok"), (-50, "ok"), (-3, "bonjour"), (-2, "ok"), (-1, "ok")]:
        with store.write() as tx:
            tx.claim(message(text=text, at=NOW + minutes * MINUTE), row_id=f"in{minutes}", person_id="awa")

    known = look_up(store, text="ok")

    assert known.recent_count == 4
    assert known.same_in_a_row == 2
    assert look_up(store, text="non").same_in_a_row == 0


def test_it_does_not_take_two_pictures_for_the_same_text(store):
    meet(store)
    for number in range(3):
        picture = replace(message(text=""), media=(Media("https://example.org/1", "image/jpeg"),))
        with store.write() as tx:
            tx.claim(picture, row_id=f"in{number}", person_id="awa")

    assert look_up(store, text="").same_in_a_row == 0
    assert look_up(store, text="").recent_count == 3


def test_it_remembers_when_the_person_was_told_that_their_words_were_noted(store):
    meet(store)
    with store.write() as tx:
        tx.open_case(case(), now=NOW)
        tx.add_outgoing([row(response="utter_case_noted utter_menu"), row(created_at=NOW + MINUTE)])

    assert look_up(store).last_noted_at == NOW
    assert [found.kind for found in look_up(store).open_cases] == ["lost_document"]


def test_it_keeps_profile_in_clear_and_contact_sealed(store, database):
    meet(store)
    with store.write() as tx:
        tx.save_profile("awa", {"language": "bm", "region": "kayes", "discreet": True, "consent": "given"}, now=NOW)
        tx.save_contact("awa", {"name": "Awa Traoré", "place": "Kita"}, now=NOW)
        tx.save_contact("awa", {"place": "Bafoulabé", "name": ""}, now=NOW)
        tx.save_profile("awa", {"discreet": "", "region": ""}, now=NOW)

    person = look_up(store).person
    assert (person.language, person.region, person.discreet, person.consent) == ("bm", None, False, "given")
    assert dict(person.contact) == {"place": "Bafoulabé"}
    assert store.person("awa").person == person


def test_it_refuses_a_field_that_it_does_not_know(store):
    meet(store)

    with pytest.raises(ValueError, match="name"), store.write() as tx:
        tx.save_profile("awa", {"name": "Awa"}, now=NOW)


def test_it_finds_people_by_words_of_their_name_and_digits_of_their_number(store):
    meet(store, "awa", AWA)
    meet(store, "moussa", MOUSSA)
    meet(store, "fanta", FANTA)
    with store.write() as tx:
        tx.save_contact("awa", {"name": "Awa Traoré", "relative_number": "+22366554433"}, now=NOW)
        tx.save_contact("fanta", {"name": "Fanta TRAORE"}, now=NOW)

    assert store.search("traore") == ("awa", "fanta")
    assert store.search("Traoré awa") == ("awa",)
    assert store.search("4433") == ("awa",)
    assert store.search("+223 70 00 00 02") == ("moussa",)
    assert store.search("0003") == ("fanta",)
    assert store.search("Diallo") == store.search(" ") == ()


def test_it_does_not_find_a_name_that_was_removed(store):
    meet(store)
    with store.write() as tx:
        tx.save_contact("awa", {"name": "Awa Traoré"}, now=NOW)
        tx.save_contact("awa", {"name": "Awa Keïta"}, now=NOW)

    assert store.search("traore") == ()
    assert store.search("keita") == ("awa",)


def test_it_returns_replies_that_are_on_their_way(store):
    turn(store, message(sid="SM1"), rows=[row(row_id="a", status=Status.SENDING, lease_until=NOW, route="answer")])

    assert store.outgoing("a").status is Status.SENDING
    assert store.outgoing("b") is None


def test_it_shows_a_conversation_both_ways(store):
    replies = [row(created_at=NOW + MINUTE, position=1, text="deux"), row(created_at=NOW + MINUTE, text="un")]
    turn(store, message(text="bonjour", at=NOW), rows=replies)
    turn(store, message(text="merci", at=NOW + 2 * MINUTE), expected=1)

    shown = [(item.direction, item.text) for item in store.messages("awa")]

    assert shown == [("in", "bonjour"), ("out", "un"), ("out", "deux"), ("in", "merci")]
    assert [item.text for item in store.messages("awa", limit=2)] == ["deux", "merci"]


def test_a_turn_for_nobody_is_a_fault_and_keeps_nothing(store):
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.write() as tx:
        tx.claim(message(sid="SM1"), row_id="in1", person_id="nobody")

    assert look_up(store, sid="SM1").answered is None
    turn(store)


def test_it_refuses_a_time_without_zone(store):
    with pytest.raises(ValueError, match="without zone"):
        meet(store, now=NOW.replace(tzinfo=None))
