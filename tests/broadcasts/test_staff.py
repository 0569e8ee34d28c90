"""What staff may do with a broadcast, in which state, and that everything they do stands in the audit trail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.adapters.sql.tables import audit
from bot.core.broadcast_content import longest_values, names_a_number, short_name
from bot.core.broadcasts import Audience, Refused, actions
from bot.core.messages import Address
from bot.core.sms_text import fold, size
from bot.core.staff import Staff
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.hand_out import Road
from bot.service.send_broadcasts import send_broadcasts
from tests.broadcasts.conftest import AMINATA, BAKARY, MARIAM, Post, scheduled, wanted

FANTA = Staff("s4", "Fanta", frozenset({"broadcaster"}))
NENE = Staff("s5", "Néné", frozenset({"supervisor"}))
MODIBO = Staff("s6", "Modibo", frozenset({"administrator"}))
NOT_OURS = ("pattern_emergency", "pattern_doubt", "stop", "erase_data", "discreet", "complaint", "case_closed")


def units(text):
    return size(fold(text)).units


def drafted(desk, **changes):
    return broadcasts.draft(desk, AMINATA, wanted(**changes))


def test_a_second_person_approves(desk, village):
    village.person()
    one = drafted(desk)
    broadcasts.submit(desk, Seen(AMINATA, one.id))

    with pytest.raises(Refused, match="deuxième personne"):
        broadcasts.approve(desk, Seen(AMINATA, one.id))

    assert broadcasts.approve(desk, Seen(BAKARY, one.id)).approved_by == BAKARY.id


def test_whoever_changed_it_last_is_its_author_and_it_is_a_draft_again(desk, village):
    village.person()
    one = drafted(desk)
    broadcasts.submit(desk, Seen(AMINATA, one.id))

    changed = broadcasts.edit(desk, Seen(BAKARY, one.id), replace(one, texts={"fr": "Autre", "bm": "Do wɛrɛ"}))
    broadcasts.submit(desk, Seen(AMINATA, one.id))

    assert changed.state == "draft"
    with pytest.raises(Refused, match="deuxième personne"):
        broadcasts.approve(desk, Seen(BAKARY, one.id))


def test_nobody_who_has_written_it_approves_it_though_another_changed_it_last(desk, village):
    village.person()
    one = drafted(desk)
    broadcasts.edit(desk, Seen(BAKARY, one.id), replace(one, name="Autre nom"))
    broadcasts.submit(desk, Seen(AMINATA, one.id))

    for writer in (AMINATA, BAKARY):
        with pytest.raises(Refused, match="deuxième personne"):
            broadcasts.approve(desk, Seen(writer, one.id))

    assert broadcasts.approve(desk, Seen(FANTA, one.id)).approved_by == FANTA.id


def test_whose_words_were_approved_may_approve_what_another_changed_since(desk, village):
    village.person()
    one = scheduled(desk)
    broadcasts.edit(desk, Seen(FANTA, one.id), replace(one, name="Autre nom"))
    broadcasts.submit(desk, Seen(FANTA, one.id))

    with pytest.raises(Refused, match="deuxième personne"):
        broadcasts.approve(desk, Seen(FANTA, one.id))

    assert broadcasts.approve(desk, Seen(AMINATA, one.id)).state == "approved"


@pytest.fixture
def short_of_money(desk, village):
    village.people(3)
    price = broadcasts.preview(desk, wanted()).centimes
    one = scheduled(desk, budget=price - 1)
    send_broadcasts(desk, Road({"twilio": Post()}))
    return desk.broadcasts.get(one.id)


def test_a_broadcast_goes_on_once_a_second_person_has_raised_its_budget(desk, short_of_money, database):
    one, more = short_of_money, short_of_money.budget + 100
    assert (one.state, one.pause_reason) == ("paused", "budget")
    for writer in (AMINATA, MARIAM):
        with pytest.raises(Refused):
            broadcasts.fund(desk, Seen(writer, one.id), more)
    with pytest.raises(Refused, match="dépasser"):
        broadcasts.fund(desk, Seen(BAKARY, one.id), one.budget)

    assert broadcasts.fund(desk, Seen(NENE, one.id), more).budget == more
    broadcasts.resume(desk, Seen(AMINATA, one.id))
    post = Post()
    send_broadcasts(desk, Road({"twilio": post}))

    assert (len(post.taken), desk.broadcasts.counts(one.id)) == (1, {"accepted": 3})
    noted = select(audit.c.actor, audit.c.detail).where(audit.c.action == "broadcast.fund")
    with database.reading() as connection:
        assert [tuple(row) for row in connection.execute(noted)] == [
            (NENE.id, f"{one.budget // 100} -> {more // 100} FCFA")
        ]


def test_only_a_paused_broadcast_with_a_budget_of_its_own_gets_more(desk, village):
    village.person()
    one = scheduled(desk)

    with pytest.raises(Refused, match="programmée"):
        broadcasts.fund(desk, Seen(BAKARY, one.id), 100)


def test_what_paused_for_money_can_be_held_as_well_and_only_once(desk, short_of_money):
    assert "pause" in actions(short_of_money, MODIBO)

    held = broadcasts.pause(desk, Seen(MODIBO, short_of_money.id))

    assert (held.state, held.pause_reason) == ("paused", "staff")
    assert "pause" not in actions(held, MODIBO)


def test_only_a_broadcaster_writes_one(desk):
    with pytest.raises(Refused, match="rôle"):
        broadcasts.draft(desk, MARIAM, wanted())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"texts": {"fr": "Bonjour", "bm": ""}}, "bambara"),
        ({"texts": {"fr": "Bonjour {prenom}", "bm": "I ni ce"}}, "{prenom}"),
        ({"texts": {"fr": "Bonjour {name", "bm": "I ni ce"}}, "accolade"),
        ({"name": " "}, "nom"),
        ({"kind": "flow", "flow": "not_there"}, "conversation"),
        *(({"kind": "flow", "flow": name}, "ne s'envoient pas à tous") for name in NOT_OURS),
        ({"kind": "check_in", "flow": "advice"}, "conversation"),
        ({"audience": Audience(regions=("nowhere",))}, "personne"),
    ],
)
def test_what_cannot_be_sent_is_not_submitted(desk, village, changes, said):
    village.person()
    one = drafted(desk, **changes)

    with pytest.raises(Refused, match=said):
        broadcasts.submit(desk, Seen(AMINATA, one.id))

    assert desk.broadcasts.get(one.id).state == "draft"


def test_a_sender_that_nobody_can_answer_needs_a_number_in_both_texts(desk, village):
    village.person()
    word = replace(desk, word_sender="SEGIN")
    mute = drafted(word)
    answerable = drafted(word, texts={"fr": "Écrivez au 76 12 34 56.", "bm": "76 12 34 56"})

    with pytest.raises(Refused, match="SEGIN"):
        broadcasts.submit(word, Seen(AMINATA, mute.id))

    assert broadcasts.submit(word, Seen(AMINATA, answerable.id)).state == "submitted"


NO_NUMBERS = (
    *("en 2026", "15000 FCFA", "100 jours", "le 24.11", "le 24.11.2026 à 9 h 30", "appelez le 20 22 33 44"),
    *("au 36100", "carte 1234 5678 9012 3456", "dossier 7612345"),
)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_figure_but_a_mobile_number_is_one_to_write_to(text):
    assert not names_a_number(text)


@pytest.mark.parametrize("text", ["au 76123456", "le 24.11 au 76 12 34 56.", "+223 66-12-34-56 ?", "0022376123456"])
def test_a_whole_mobile_number_can_be_written_to(text):
    assert names_a_number(text)


def test_a_short_code_can_be_written_to_where_it_is_ours(desk, village):
    village.person()
    texts = {"fr": "Écrivez OUI au 36100.", "bm": "36100"}
    theirs = replace(desk, word_sender="SEGIN")
    ours = replace(theirs, short_codes=frozenset({"36100"}))
    one = drafted(ours, texts=texts)

    with pytest.raises(Refused, match="SEGIN"):
        broadcasts.submit(theirs, Seen(AMINATA, one.id))

    assert not names_a_number("136100", short_codes={"36100"})
    assert broadcasts.submit(ours, Seen(AMINATA, one.id)).state == "submitted"


def test_no_value_is_longer_than_what_a_text_is_counted_with(desk):
    facts = desk.brain.assistant.facts
    longest = longest_values(facts)
    names = ["Ɲ" * 90, "[" * 40, "Alassane Ag Mohamed Ould Sidi Elmoctar " * 3, "", "A", "œ" * 20, "汉" * 50]
    assert all(units(short_name(name)) <= units(longest["name"]) for name in names)
    assert all(units(one.name) <= units(longest["trade"]) for one in facts.trades.values())
    assert all(
        units(name) <= units(longest["region"]) for one in facts.regions.values() for name in (one.name, one.bambara)
    )


def test_a_long_name_is_cut_at_a_space_where_there_is_one():
    assert short_name("Fatoumata  Djénéba Coulibaly") == "Fatoumata Djénéba Coulibaly"
    assert short_name("Alassane Ag Mohamed Ould Sidi") == "Alassane Ag Mohamed Ould"
    assert short_name("x" * 99) == "x" * 27
    assert short_name("") == ""


def test_whoever_has_a_long_name_and_trade_costs_no_more_than_was_said(desk, village):
    name = "Fatoumata Djénéba Coulibaly dite Madame la Présidente de la Coopérative"
    ident = village.person(trade="electricite_batiment")
    with desk.ports.store.write() as tx:
        tx.save_contact(ident, {"name": name}, now=desk.now)
    text = "{name}, {trade}. " + "x" * (160 - len("Fatoumata Djénéba Coulibaly, Électricité et bâtiment. "))
    one = scheduled(desk, texts=dict.fromkeys(("fr", "bm"), text))
    expected = broadcasts.preview(desk, one)
    send_broadcasts(desk, Road({"twilio": Post()}))

    assert (expected.segments, desk.broadcasts.spent(one.id)) == (1, expected.centimes)


def test_two_people_at_once_do_not_undo_one_another(desk, village):
    village.person()
    one = drafted(desk)
    broadcasts.submit(desk, Seen(AMINATA, one.id, one.version))

    with pytest.raises(Refused, match="entre-temps"):
        broadcasts.cancel(desk, Seen(BAKARY, one.id, one.version))


def test_it_waits_for_its_time(desk, village, clock):
    village.person()
    one = scheduled(desk)
    later = broadcasts.schedule(desk, Seen(AMINATA, one.id), clock.now() + timedelta(days=1))

    assert (later.state, later.starts_at) == ("scheduled", clock.now() + timedelta(days=1))
    assert "edit" in actions(later, AMINATA)
    assert actions(later, MARIAM) == ()


def test_a_broadcast_that_has_ended_stays_ended(desk, village):
    village.person()
    one = scheduled(desk)
    broadcasts.cancel(desk, Seen(AMINATA, one.id))

    for verb in (broadcasts.pause, broadcasts.resume, broadcasts.cancel, broadcasts.approve):
        with pytest.raises(Refused, match="annulée"):
            verb(desk, Seen(BAKARY, one.id))


def test_a_test_goes_to_staff_in_both_languages_at_its_longest(desk, ports, clock):
    one = drafted(desk)

    sent = broadcasts.test_send(desk, Seen(AMINATA, one.id), [Address("sms", "+22370000009")])

    due = ports.store.claim_due(limit=9, lease_until=clock.now(), now=clock.now())
    assert (sent, [row.kind for row in due]) == (2, ["staff", "staff"])
    assert due[0].text.startswith("Bonjour Fatoumata Djénéba Coulibaly")


def test_every_step_stands_in_the_audit_trail(desk, village, database):
    village.person()
    one = scheduled(desk)
    broadcasts.cancel(desk, Seen(BAKARY, one.id))

    with database.reading() as connection:
        found = connection.execute(select(audit.c.actor, audit.c.action).where(audit.c.object_id == one.id)).all()
    assert [tuple(row) for row in found] == [
        (AMINATA.id, "broadcast.draft"),
        (AMINATA.id, "broadcast.submit"),
        (BAKARY.id, "broadcast.approve"),
        (AMINATA.id, "broadcast.schedule"),
        (BAKARY.id, "broadcast.cancel"),
    ]
