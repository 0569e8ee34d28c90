"""The chain over the audit trail: what was closed cannot be changed, added to or taken from without being seen."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.adapters.crypto import Vault
from bot.adapters.keys import Keys
from bot.adapters.sql.audit import SqlTrail
from bot.adapters.sql.staff import SqlStaff
from bot.ports.audit import Wanted
from bot.ports.staff import Note
from bot.service.close_audit import RIPE, close_audit
from tests.conftest import MORNING


@pytest.fixture
def trail(database, vault):
    return SqlTrail(database, vault)


@pytest.fixture
def written(database, vault):
    """Write a line of the trail: written("case.view", "k1")."""
    book = SqlStaff(database, vault)

    def write(action, object_id="k1", at=MORNING):
        book.note(Note("s1", action, object_id, at))

    return write


def behind_our_back(database, statement):
    """Do what somebody with the database's own password could do."""
    with database.writing() as connection:
        for table in ("audit", "audit_link"):
            if database.is_sqlite:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def later(clock):
    clock.at = clock.now() + RIPE


@pytest.fixture
def closed(trail, written, clock):
    for action in ("case.view", "case.take", "case.close"):
        written(action)
        later(clock)
        assert close_audit(trail, clock) == 1
        written("person.view", at=clock.now())
    return trail


def test_a_chain_that_nobody_touched_is_whole(closed):
    state = closed.verify()

    assert state.whole
    assert (state.links, state.closed, state.waiting) == (3, 5, 1)
    assert len(state.head) == 64


def test_nothing_is_closed_before_it_is_ripe(trail, written, clock):
    written("case.view", at=clock.now())

    assert close_audit(trail, clock) == 0
    assert trail.verify().waiting == 1


def test_nothing_new_makes_no_link(closed, clock):
    later(clock)
    assert close_audit(closed, clock) == 1
    assert close_audit(closed, clock) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 's2' WHERE id = 1",
        "UPDATE audit SET detail = 'x' WHERE id = 3",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit_link WHERE id = 2",
        "DELETE FROM audit_link WHERE id = 1",
        "UPDATE audit_link SET last_id = 2 WHERE id = 1",
    ],
)
def test_what_was_changed_behind_our_back_is_found(closed, database, statement):
    behind_our_back(database, statement)

    assert not closed.verify().whole


def test_the_log_holds_the_newest_hash_so_that_a_cut_end_is_noticed(closed, written, clock, caplog):
    with caplog.at_level(logging.INFO):
        later(clock)
        close_audit(closed, clock)

    assert closed.verify().head in caplog.text


def test_a_chain_made_anew_without_the_key_is_found(closed, database, clock):
    behind_our_back(database, "DELETE FROM audit_link")
    forger = SqlTrail(database, Vault(Keys(encryption=(b"f" * 32,), index=(b"f" * 32,))))
    later(clock)
    assert close_audit(forger, clock) == 1
    assert forger.verify().whole

    assert not closed.verify().whole


def test_the_chain_outlives_a_new_index_key(closed, database):
    newer = Vault(Keys(encryption=(b"e" * 32,), index=(b"n" * 32, b"i" * 32)))

    assert SqlTrail(database, newer).verify().whole


@pytest.mark.parametrize("statement", ["UPDATE audit_link SET hash = ''", "DELETE FROM audit_link"])
def test_the_database_itself_refuses_to_change_the_chain(closed, database, statement):
    with pytest.raises(Exception, match="only grows"), database.writing() as connection:
        connection.execute(text(statement))


def test_lines_are_found_by_actor_object_action_and_day(closed, database, vault):
    SqlStaff(database, vault).note(Note("s2", "case.view", "k9", MORNING + timedelta(days=1)))

    def actions(**wanted):
        return [line.action for line in closed.lines(Wanted(**wanted), limit=10)]

    assert actions(actors=("s2",)) == ["case.view"]
    assert actions(object_id="k9") == ["case.view"]
    assert actions(action="case.take") == ["case.take"]
    assert actions(since=MORNING + timedelta(days=1)) == ["case.view"]
    assert len(actions(until=MORNING + timedelta(days=1))) == 6
    assert actions(before=2) == ["case.view"]
    assert len(closed.lines(Wanted(), limit=3)) == 3
