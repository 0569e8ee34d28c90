"""Messages of ours: reports in any order, and each row taken for sending once."""

from dataclasses import replace
from itertools import permutations

import pytest

from bot.core.messages import Address, Status
from tests.store.people import AWA, MINUTE, MOUSSA, NOW, meet, row

LEASE = NOW + 2 * MINUTE


@pytest.fixture(autouse=True)
def awa(store):
    meet(store)


def add(store, *rows):
    with store.write() as tx:
        tx.add_outgoing(rows)


def change(store, row_id, changes, **options):
    with store.write() as tx:
        return tx.update_outgoing(row_id, changes, **options)


def claim(store, *, limit=10, now=NOW, **options):
    return store.claim_due(limit=limit, lease_until=now + 2 * MINUTE, now=now, **options)


def test_it_gives_back_a_row_as_it_was(store):
    whole = row(not_before=NOW, lease_until=LEASE, attempts=2, case_id="c1", provider_id="SM9", error_code="30003")
    add(store, whole)

    assert store.outgoing(whole.id) == whole
    assert store.outgoing_by_provider_id("twilio", "SM9") == whole
    assert store.outgoing_by_provider_id("kannel", "SM9") is None


@pytest.mark.parametrize("order", list(permutations(["accepted", "sent", "delivered"])))
def test_it_takes_reports_in_any_order(store, order):
    add(store, row(row_id="a", status=Status.SENDING))

    for status in order:
        change(store, "a", {"status": Status(status), "provider_id": "SM1", "lease_until": None})

    assert store.outgoing("a").status is Status.DELIVERED
    assert store.outgoing("a").provider_id == "SM1"


def test_it_keeps_the_error_of_the_report_that_counted(store):
    add(store, row(row_id="a", status=Status.SENDING))
    change(store, "a", {"status": Status.UNDELIVERED, "error_code": "30003"})
    change(store, "a", {"status": Status.SENT, "error_code": None, "provider_id": "SM1"})

    found = store.outgoing("a")
    assert (found.status, found.error_code, found.provider_id) == (Status.UNDELIVERED, "30003", "SM1")


def test_it_keeps_a_provider_id_that_a_later_report_leaves_out(store):
    add(store, row(row_id="a", provider_id="SM1", status=Status.ACCEPTED))
    change(store, "a", {"status": Status.SENT, "provider_id": None})

    assert store.outgoing("a").provider_id == "SM1"


def test_it_puts_a_row_back_into_the_queue_only_while_it_is_being_sent(store):
    add(store, row(row_id="a", status=Status.SENDING, lease_until=NOW), row(row_id="b", status=Status.SENT))

    for row_id in ("a", "b"):
        change(store, row_id, {"status": Status.QUEUED, "route": "rest", "not_before": NOW, "lease_until": None})

    assert store.outgoing("a").status is Status.QUEUED
    assert store.outgoing("b").status is Status.SENT


def test_a_provider_saying_queued_does_not_send_a_message_twice(store):
    add(store, row(row_id="a", status=Status.SENDING, lease_until=LEASE))
    change(store, "a", {"status": Status.QUEUED, "provider_id": "SM1", "lease_until": None})

    assert store.outgoing("a").status is Status.SENDING
    assert store.outgoing("a").lease_until == LEASE


def test_it_leaves_a_row_to_whoever_holds_it_now(store):
    add(store, row(row_id="a", status=Status.SENDING, lease_until=LEASE))

    again = {"status": Status.QUEUED, "not_before": NOW, "lease_until": None}
    assert change(store, "a", again, held=NOW) is False
    assert store.outgoing("a").status is Status.SENDING
    assert change(store, "a", again, held=LEASE) is True
    assert store.outgoing("a").status is Status.QUEUED


def test_it_says_that_there_is_no_such_row_or_column(store):
    assert change(store, "nothing", {"status": Status.SENT}) is False
    with pytest.raises(ValueError, match="text"):
        change(store, "a", {"text": "autre chose"})


def test_it_claims_what_is_due_once_and_under_a_lease(store):
    add(store, row(row_id="now"), row(row_id="past", not_before=NOW - MINUTE), row(row_id="later", not_before=LEASE))

    first, second = claim(store), claim(store)

    assert sorted(found.id for found in first) == ["now", "past"]
    assert second == ()
    assert {found.status for found in first} == {Status.SENDING}
    assert store.outgoing("now") == next(found for found in first if found.id == "now")
    assert [found.id for found in claim(store, now=LEASE)] == ["later"]


def test_it_claims_answers_and_alerts_before_what_we_start(store):
    kinds = ["broadcast", "check_in", "reminder", "caseworker", "reply", "alert"]
    add(store, *(row(row_id=kind, kind=kind, created_at=NOW + n * MINUTE) for n, kind in enumerate(kinds)))

    order = [found.id for _ in kinds for found in claim(store, limit=1)]

    assert order == ["alert", "caseworker", "reply", "reminder", "check_in", "broadcast"]


def test_it_claims_the_replies_to_one_message_in_their_order(store):
    add(store, row(row_id="b", position=1), row(row_id="c", position=2), row(row_id="a", position=0))

    assert [found.id for found in claim(store)] == ["a", "b", "c"]


def test_it_claims_for_one_provider(store):
    add(store, row(row_id="a"), row(row_id="b", provider="kannel"))

    assert [found.id for found in claim(store, provider="kannel")] == ["b"]


@pytest.mark.parametrize(
    ("scope", "skipped"),
    [
        ("all", {"reminder", "check_in", "broadcast"}),
        ("check_ins", {"reminder", "check_in", "broadcast"}),
        ("none", set()),
    ],
)
def test_it_skips_what_we_start_for_somebody_who_opted_out(store, scope, skipped):
    kinds = {"reply", "caseworker", "reminder", "check_in", "broadcast"}
    add(store, *(row(row_id=kind, kind=kind) for kind in kinds))
    with store.write() as tx:
        tx.set_opt_out("awa", scope, word="stop", now=NOW)

    claimed = {found.id for found in claim(store)}

    assert claimed == kinds - skipped
    for kind in skipped:
        assert (store.outgoing(kind).status, store.outgoing(kind).error_code) == (Status.SKIPPED, "opted_out")


def test_skipped_rows_do_not_hide_the_others(store):
    meet(store, "moussa", MOUSSA)
    add(store, *(row(kind="broadcast") for _ in range(5)), row("moussa", row_id="m", kind="broadcast", position=9))
    with store.write() as tx:
        tx.set_opt_out("awa", "all", word="stop", now=NOW)

    assert [found.id for found in claim(store, limit=2)] == ["m"]


def test_it_shows_rows_whose_lease_is_over(store):
    add(store, row(row_id="a", status=Status.SENDING, lease_until=NOW), row(row_id="b"))
    late = row(row_id="c", status=Status.SENDING, lease_until=NOW - MINUTE)
    add(store, late, row(row_id="d", status=Status.SENDING, lease_until=LEASE))

    assert [found.id for found in store.expired(limit=10, now=NOW)] == ["c", "a"]
    assert store.expired(limit=1, now=NOW) == (late,)


def test_an_alert_to_staff_has_no_person(store):
    alert = row(None, kind="alert", to=Address("sms", "+22370000099"))
    add(store, alert)

    assert claim(store) == (replace(alert, status=Status.SENDING, lease_until=LEASE),)


def test_it_keeps_the_recipient_sealed(store, database):
    add(store, row(row_id="a"))

    with database.reading() as connection:
        stored = connection.exec_driver_sql("SELECT recipient, text FROM outgoing").one()
    assert AWA.reveal().encode() not in bytes(stored.recipient)
    assert b"Segin" not in bytes(stored.text)


def test_what_came_to_a_telephone_of_staff_is_found_by_its_number_in_its_order(store):
    late = row(None, text="later", created_at=NOW + MINUTE)
    first, second = (row(None, text=text, position=place) for place, text in enumerate(("a", "b")))
    add(store, late, second, first, row(None, text="another's", to=MOUSSA), row("awa", text="a person's"))

    assert [one.text for one in store.sent_to(AWA.reveal())] == ["a", "b", "later"]
    assert [one.text for one in store.sent_to(AWA.reveal(), limit=1)] == ["later"]
