"""Who has gone quiet, and the ledgers, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.adapters.sql.gone_quiet import SqlGoneQuiet
from bot.adapters.sql.ledgers import SqlLedgers
from bot.adapters.sql.tables import person
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.adapters.sql.tables_check_ins import answer, check_in
from bot.core.gone_quiet import KIND, Silent, by_risk, risk
from bot.ports.ledgers import CheckInFilter
from tests.store.people import AWA, FANTA, MOUSSA, NOW, case, meet, message

DAY = timedelta(days=1)


@pytest.fixture
def people(store):
    for ident, address in (("awa", AWA), ("moussa", MOUSSA), ("fanta", FANTA)):
        meet(store, ident, address)
        with store.write() as tx:
            tx.save_profile(ident, {"consent": "given", "return_month": "2026-10", "region": "kita"}, now=NOW)


def asked(database, ident, *days, **more):
    with database.writing() as connection:
        for ago in days:
            row = {"id": f"{ident}{ago}", "person_id": ident, "plan": "year", "step": f"m{ago}", "flow": "check_in"}
            times = {"due_at": NOW - ago * DAY, "asked_at": NOW - ago * DAY, "status": "skipped"}
            connection.execute(insert(check_in).values(row | times | more))


def broadcast_to(database, ident, kind):
    base = {"id": f"b-{kind}", "name": "x", "state": "done", "kind": kind, "audience": {}, "created_by": "x"}
    row = {"broadcast_id": f"b-{kind}", "person_id": ident, "status": "delivered", "language": "fr", "channel": "sms"}
    with database.writing() as connection:
        connection.execute(insert(broadcast).values(base | {"created_at": NOW}))
        connection.execute(insert(recipient).values(row | {"changed_at": NOW - DAY, "not_before": NOW}))


def silent(database):
    return {one.person_id: one for one in SqlGoneQuiet(database).silent(now=NOW, tries=2, limit=10)}


@pytest.mark.usefixtures("people")
def test_two_questions_without_an_answer_are_a_silence(database):
    asked(database, "awa", 3, 30)
    asked(database, "moussa", 3)
    asked(database, "fanta", 3, 30, answered_at=NOW)

    assert set(silent(database)) == {"awa"}
    assert silent(database)["awa"].unanswered == 2
    assert silent(database)["awa"].months_since_return == 1


@pytest.mark.usefixtures("people")
def test_a_broadcast_counts_only_where_it_asked_something(database):
    asked(database, "awa", 3)
    asked(database, "moussa", 3)
    broadcast_to(database, "awa", "flow")
    broadcast_to(database, "moussa", "text")

    assert set(silent(database)) == {"awa"}


@pytest.mark.usefixtures("people")
def test_whoever_has_written_since_is_not_silent(database, store):
    asked(database, "awa", 3, 30)
    with store.write() as tx:
        tx.claim(message(at=NOW - DAY), row_id="in1", person_id="awa")

    assert silent(database) == {}


@pytest.mark.usefixtures("people")
def test_whoever_the_team_looks_after_or_has_looked_for_is_left_out(database, store):
    for ident in ("awa", "moussa", "fanta"):
        asked(database, ident, 3, 30)
    open_case = case("awa", number=1)
    sought = case("moussa", number=2, kind=KIND, status="closed")
    long_ago = case("fanta", number=3, kind=KIND, status="closed", opened_at=NOW - 200 * DAY)
    with store.write() as tx:
        for one in (open_case, sought, long_ago):
            tx.open_case(one, now=NOW)

    assert set(silent(database)) == {"fanta"}


@pytest.mark.usefixtures("people")
def test_danger_in_the_past_shows_and_a_complaint_does_not(database, store):
    for ident in ("awa", "moussa"):
        asked(database, ident, 3, 30)
    urgent = case("awa", number=1, priority="P1", status="closed")
    secret = case("moussa", number=2, priority="P2", sensitive=True, status="closed")
    with store.write() as tx:
        tx.open_case(urgent, now=NOW)
        tx.open_case(secret, now=NOW)

    assert (silent(database)["awa"].grave_before, silent(database)["moussa"].grave_before) == (True, False)


@pytest.mark.usefixtures("people")
def test_a_dead_number_is_enough(database):
    with database.writing() as connection:
        connection.execute(update(person).where(person.c.id == "awa").values(unreachable=True))

    assert silent(database)["awa"].dead_number is True


def worry(**more):
    base = {"unanswered": 2, "dead_number": False, "heard_at": NOW, "asked_at": NOW, "grave_before": False}
    return Silent("x", **(base | {"minor": False, "months_since_return": 8} | more))


@pytest.mark.parametrize("sign", [{"grave_before": True}, {"minor": True}, {"dead_number": True}, {"unanswered": 4}])
def test_each_sign_worries_more(sign):
    assert risk(worry(**sign), NOW).points > risk(worry(), NOW).points


def test_the_gravest_come_first_then_the_longest_silence():
    grave, long = worry(grave_before=True), worry(heard_at=NOW - 30 * DAY)
    found = by_risk((worry(), long, grave), NOW)

    assert [one for one, _ in found] == [grave, long, worry()]


@pytest.mark.usefixtures("people")
def test_the_ledger_of_check_ins_is_read_in_pages_and_filtered(database, vault):
    asked(database, "awa", 1, 2, 3, reason="no_answer")
    asked(database, "moussa", 4, status="planned")
    ledgers = SqlLedgers(database, vault)

    first = ledgers.check_ins(CheckInFilter(), limit=3)
    rest = ledgers.check_ins(CheckInFilter(), after=(first[-1].due_at, first[-1].id), limit=3)

    assert [one.step for one in (*first, *rest)] == ["m4", "m3", "m2", "m1"]
    assert len(ledgers.check_ins(CheckInFilter(reasons=("no_answer",), region="kita", answered=False))) == 3
    assert ledgers.check_in_counts(CheckInFilter()) == {("skipped", "no_answer"): 3, ("planned", ""): 1}


@pytest.mark.usefixtures("people")
def test_names_are_opened_only_where_they_are_asked_for(database, vault, store):
    with store.write() as tx:
        tx.save_contact("awa", {"name": "Awa Traoré"}, now=NOW)
    ledgers = SqlLedgers(database, vault)

    assert ledgers.people(["awa"], names=False)["awa"].name == ""
    named = ledgers.people(["awa", "nobody"], names=True)
    assert (named["awa"].name, named["awa"].number, named["awa"].region) == ("Awa Traoré", "sms:…01", "kita")


@pytest.mark.usefixtures("people")
def test_questions_are_counted(database, vault):
    row = {"person_id": "awa", "source_kind": "check_in", "source_id": "c1", "plan": "year", "value": "well", "at": NOW}
    with database.writing() as connection:
        connection.execute(insert(answer).values(row | {"question": "mood"}))

    assert SqlLedgers(database, vault).questions() == {"mood": 1}


@pytest.mark.usefixtures("people")
def test_the_rate_counts_who_has_got_on_lately(database, vault):
    broadcast_to(database, "awa", "flow")
    ledgers = SqlLedgers(database, vault)

    assert ledgers.moved("b-flow", since=NOW - 2 * DAY) == 1
    assert ledgers.moved("b-flow", since=NOW) == 0
