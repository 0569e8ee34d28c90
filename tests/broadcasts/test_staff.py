"""What staff may do with a broadcast, in which state, and that everything they do stands in the audit trail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.adapters.sql.tables import audit
from bot.core.broadcasts import Audience, Refused, actions
from bot.core.messages import Address
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from tests.broadcasts.conftest import AMINATA, BAKARY, MARIAM, scheduled, wanted

NOT_OURS = ("pattern_emergency", "pattern_doubt", "stop", "erase_data", "discreet", "complaint", "case_closed")


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
    assert due[0].text.startswith("Bonjour Fatoumata")


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
