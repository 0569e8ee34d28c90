"""Erasing a person: everything personal goes, the counts and the refusal to be written to stay."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.adapters.sql.sealed import SEALED, metadata
from bot.adapters.sql.tables_spent import spent_before
from bot.core.cases import CaseEvent
from bot.core.effects import KeepUnmatched
from bot.core.messages import Address, Status
from bot.ports import Reminder
from tests.store.people import AWA, MINUTE, MOUSSA, NOW, case, look_up, meet, message, row

LATER = NOW + MINUTE


@pytest.fixture
def awas_case(store):
    meet(store)
    wanted = case()
    with store.write() as tx:
        tx.claim(message(sid="SM1"), row_id="in1", person_id="awa")
        tx.save_state("awa", {"name": "Awa"}, expected=0, now=NOW)
        tx.save_contact("awa", {"name": "Awa Traoré", "number": AWA.reveal()}, now=NOW)
        tx.add_outgoing([row(row_id="sent", status=Status.SENT), row(row_id="waiting", kind="check_in")])
        tx.open_case(wanted, now=NOW)
        tx.add_case_event(wanted.id, CaseEvent(NOW, "message", "person", "g perdu ma kart"))
        tx.add_reminder(Reminder("r1", "awa", "check_in", NOW, {"name": "Awa"}))
        tx.keep_unmatched("awa", KeepUnmatched("la chose", "fr"), now=NOW)
    return wanted


def forget(store, *, opt_out="none", rows=()):
    with store.write() as tx:
        if opt_out != "none":
            tx.set_opt_out("awa", opt_out, word="stop", now=NOW)
        tx.claim(message(text="efface", sid="SM2", at=LATER), row_id="in2", person_id="awa")
        tx.add_outgoing(rows)
        tx.forget("awa", receipt="K7421R", now=LATER)


def test_it_leaves_nothing_to_open_or_to_look_up(store, database, awas_case):
    forget(store)

    ours = [table.c.person_id for table in metadata.sorted_tables if "person_id" in table.c]
    with database.reading() as connection:
        left = [str(c) for c in (*SEALED, *ours) if connection.scalar(select(func.count(c)))]
    assert left == []
    assert look_up(store).person is None
    assert store.person("awa").person is None
    assert store.search("awa") == store.search("0001") == ()


def test_it_keeps_the_counts(store, database, awas_case):
    forget(store)

    with database.reading() as connection:
        counts = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM incoming), (SELECT count(*) FROM outgoing), (SELECT count(*) FROM case_)"
        ).one()
    assert tuple(counts) == (2, 2, 1)


def test_it_sends_nothing_more(store, awas_case):
    forget(store)

    assert store.claim_due(limit=9, lease_until=LATER, now=LATER) == ()
    assert (store.outgoing("waiting").status, store.outgoing("waiting").error_code) == (Status.SKIPPED, "erased")
    assert store.due_reminders(limit=9, now=LATER) == ()


def test_what_was_spent_on_the_number_is_remembered_for_a_day_and_no_more(store, awas_case):
    forget(store, rows=[row(row_id="bye", created_at=LATER, segments=2)])
    known, other = look_up(store, now=LATER), look_up(store, MOUSSA, now=LATER)
    later = look_up(store, now=LATER + timedelta(hours=2))

    assert (known.person, known.segments_an_hour, known.segments_a_day) == (None, 3, 3)
    assert (other.segments_an_hour, other.segments_a_day) == (0, 0)
    assert (later.segments_an_hour, later.segments_a_day) == (0, 3)
    assert look_up(store, now=LATER + timedelta(days=2)).segments_a_day == 0


def test_what_was_spent_is_gone_a_day_later(store, database, awas_case):
    forget(store)
    store.tidy(now=LATER + timedelta(days=1))

    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(spent_before)) == 0


def test_it_closes_their_cases_without_a_word(store, awas_case):
    forget(store)

    found = store.case(awas_case.reference)
    assert (found.status, found.person_id, found.words, dict(found.note)) == ("closed", "", (), {})
    story = [(event.kind, event.text) for event in store.timeline(awas_case.id)]
    assert story == [("message", ""), ("erased", "")]


def test_the_last_reply_still_leaves_and_is_blanked_a_day_later(store, awas_case):
    reply = row(row_id="bye", created_at=LATER, in_reply_to="in2", text="C'est effacé.")
    forget(store, rows=[reply])

    assert [found.text for found in look_up(store, sid="SM2").answered] == ["C'est effacé."]
    assert [found.to for found in store.claim_due(limit=9, lease_until=LATER, now=LATER)] == [AWA]

    assert store.tidy(now=LATER) == 0
    assert store.tidy(now=LATER + timedelta(days=1)) == 1
    assert (store.outgoing("bye").text, store.outgoing("bye").to) == ("", Address("sms", ""))


def test_a_refusal_outlives_the_person(store, awas_case):
    forget(store, opt_out="all")

    assert look_up(store).opted_out == "all"
    meet(store, "awa2", AWA)
    assert look_up(store).person.opt_out == "all"


def test_an_opt_in_outlives_an_earlier_refusal(store, awas_case):
    with store.write() as tx:
        tx.set_opt_out("awa", "all", word="stop", now=NOW)
        tx.set_opt_out("awa", "none", word="start", now=NOW)
    forget(store)

    assert look_up(store).opted_out == "none"


def test_it_keeps_a_receipt_by_hash(store, database, awas_case):
    forget(store)

    assert store.erased_at("K7421R") == LATER
    assert store.erased_at("K7421S") is None
    with database.reading() as connection:
        assert "K7421R" not in str(connection.exec_driver_sql("SELECT * FROM erasure_receipt").all())
