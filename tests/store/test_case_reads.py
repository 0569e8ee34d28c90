"""Lists of cases from the database: their order, their counts, and the marks that say when something has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.case_reads import SqlCaseReads
from bot.core.case_life import Act, close, take
from bot.core.cases import CaseEvent
from bot.ports.case_reads import Narrowed
from tests.conftest import KEYS, MORNING
from tests.service.letters import AWA, MARIAM, MODIBO, OUMOU, say


@pytest.fixture
def reads(database):
    return SqlCaseReads(database, Vault(KEYS))


@pytest.fixture
def two(brain, ports, reads):
    """An urgent case of Modibo's, and one of Awa's that waits since earlier."""
    say(brain, ports, "je veux parler à quelqu'un", sender=AWA)
    ports.clock.at += timedelta(minutes=1)
    say(brain, ports, "aidez moi il va me tuer", sender=MODIBO)
    return reads.lines(Narrowed(MARIAM), now=ports.clock.now(), limit=10)


def test_the_most_urgent_comes_first(two):
    assert [line.case.priority for line in two] == ["P1", "P3"]
    assert two[0].wrote_at == MORNING + timedelta(minutes=1)
    assert two[1].language == "fr"


def test_a_page_begins_where_the_last_one_ended(reads, two):
    pages = [reads.lines(Narrowed(MARIAM), now=MORNING, limit=1, offset=offset) for offset in (0, 1, 2)]

    assert [*pages[0], *pages[1]] == list(two)
    assert pages[2] == ()


def test_tabs_are_counted_under_the_filters(ports, reads, two):
    now = MORNING + timedelta(hours=1)

    assert reads.counts(Narrowed(MARIAM), now=now) == {
        "mine": 0, "unassigned": 2, "all": 2, "overdue": 1, "sensitive": 0, "closed": 0,
    }  # fmt: skip
    assert reads.counts(Narrowed(MARIAM, filters={"priority": "P3"}), now=now)["overdue"] == 0
    assert reads.lines(Narrowed(MARIAM, "overdue"), now=now, limit=9)[0].case.priority == "P1"


def test_a_case_in_hand_is_mine_and_a_closed_one_is_nobodys(ports, reads, two):
    store, case = ports.store, two[1].case
    with store.write() as tx:
        tx.change_case(case, take(case, Act(MARIAM, MORNING)))
    held = store.case(case.reference)

    assert [line.case.id for line in reads.lines(Narrowed(MARIAM, "mine"), now=MORNING, limit=9)] == [case.id]
    assert reads.lines(Narrowed(OUMOU, "mine"), now=MORNING, limit=9) == ()
    with store.write() as tx:
        tx.change_case(held, close(held, Act(MARIAM, MORNING), "solved"))
    assert reads.counts(Narrowed(MARIAM), now=MORNING)["mine"] == 0
    assert [line.case.id for line in reads.lines(Narrowed(MARIAM, "closed"), now=MORNING, limit=9)] == [case.id]


def test_marks_change_with_what_they_stand_for(brain, ports, reads, two):
    urgent, calm = (line.case for line in two)
    before = reads.stamp(urgent), reads.stamp(calm), reads.list_stamp(MARIAM)
    with ports.store.write() as tx:
        tx.add_case_event(urgent.id, CaseEvent(MORNING, "note", "Mariam", "vu"))

    assert reads.stamp(urgent) != before[0]
    assert reads.stamp(calm) == before[1]
    assert reads.list_stamp(MARIAM) != before[2]
    say(brain, ports, "bonjour", sender=AWA)
    assert reads.stamp(calm) != before[1]


def test_nothing_is_found_for_persons_whose_cases_are_not_for_these_eyes(ports, reads, two):
    persons = [line.case.person_id for line in two]
    stranger = replace(MARIAM, roles=frozenset({"partner"}), partner="apej")

    assert {line.case.id for line in reads.of_persons(MARIAM, persons, limit=9)} == {line.case.id for line in two}
    assert reads.of_persons(stranger, persons, limit=9) == ()
    assert reads.of_persons(MARIAM, (), limit=9) == ()
