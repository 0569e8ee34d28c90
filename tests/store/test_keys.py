"""Keys: made once, kept to oneself, exchanged without losing anything."""

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Integer, LargeBinary, String, func, insert, select

from bot.adapters.crypto import Vault, WrongKey
from bot.adapters.keys import INDEX_FILE, SECRETS_FILE, BadKeys, Keys, add_newest, fresh, load_or_create
from bot.adapters.sql import rotation, rows
from bot.adapters.sql.sealed import SEALED, metadata
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.sql.store import SqlStore
from bot.adapters.sql.tables import UtcTime
from bot.core.cases import CaseEvent
from bot.core.effects import KeepUnmatched
from bot.ports import Reminder
from tests.duty.team import OUMOU, add_people
from tests.store.people import AWA, KEYS, NOW, case, look_up, meet, message, row

OLD, NEW = b"e" * 32, b"n" * 32
OLD_INDEX, NEW_INDEX = b"i" * 32, b"j" * 32


def test_it_makes_keys_on_the_first_start_and_keeps_them(tmp_path):
    made = load_or_create(tmp_path / "var" / "live")

    assert load_or_create(tmp_path / "var" / "live") == made
    assert len({*made.encryption, *made.index}) == 2
    assert stat.S_IMODE((tmp_path / "var" / "live").stat().st_mode) == 0o700
    for name in (SECRETS_FILE, INDEX_FILE):
        assert stat.S_IMODE((tmp_path / "var" / "live" / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "var" / "live").iterdir()) == [INDEX_FILE, SECRETS_FILE]


def test_processes_that_start_together_get_the_same_keys(tmp_path):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(load_or_create, [tmp_path] * 8))

    assert len(set(made)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_it_refuses_a_key_file_that_others_can_read(tmp_path, mode):
    load_or_create(tmp_path)
    (tmp_path / SECRETS_FILE).chmod(mode)

    with pytest.raises(BadKeys, match=f"chmod 600 {tmp_path}"):
        load_or_create(tmp_path)


def test_it_refuses_a_short_key_and_names_the_setting(tmp_path):
    with pytest.raises(BadKeys, match="SEGIN_SECRET_KEYS"):
        load_or_create(tmp_path, "short", fresh())
    with pytest.raises(BadKeys, match="SEGIN_INDEX_KEY"):
        load_or_create(tmp_path, fresh(), "short")


def test_the_same_text_makes_two_different_keys(tmp_path):
    text = fresh()
    made = load_or_create(tmp_path, text, text)

    assert made.encryption[0] != made.index[0]


def test_it_reads_several_keys_newest_first(tmp_path):
    one, two = fresh(), fresh()
    assert (
        load_or_create(tmp_path, f"{two}, {one}", one).encryption[1] == load_or_create(tmp_path, one, one).encryption[0]
    )

    before = load_or_create(tmp_path)
    add_newest(tmp_path / SECRETS_FILE)
    after = load_or_create(tmp_path)
    assert (after.encryption[1:], after.index) == (before.encryption, before.index)


@given(st.text(), st.text())
def test_what_was_sealed_opens_only_in_its_place(text, place):
    vault = Vault(KEYS)
    sealed = vault.seal(text, place)

    assert vault.open(sealed, place) == text
    with pytest.raises(WrongKey):
        vault.open(sealed, place + "x")


def test_it_seals_the_same_text_differently_each_time(vault):
    assert vault.seal("a", "b") != vault.seal("a", "b")


def test_it_names_the_column_and_no_data_when_a_key_is_missing(vault):
    sealed = Vault(Keys((NEW,), KEYS.index)).seal("+22370000001", "address.value:awa:sms")

    with pytest.raises(WrongKey, match="SEGIN_SECRET_KEYS") as caught:
        vault.open(sealed, "address.value:awa:sms")
    assert "0001" not in str(caught.value)
    assert "awa" not in str(caught.value)


def test_hashes_differ_by_kind_and_key(vault):
    other = Vault(Keys(KEYS.encryption, (NEW_INDEX,)))

    assert len({vault.hash("word", "a"), vault.hash("last", "a"), other.hash("word", "a")}) == 3


def fill(store):
    meet(store)
    wanted = case()
    with store.write() as tx:
        tx.claim(message(sid="SM1"), row_id="in1", person_id="awa")
        tx.save_state("awa", {"name": "Awa"}, expected=0, now=NOW)
        tx.save_contact("awa", {"name": "Awa Traoré"}, now=NOW)
        tx.add_outgoing([row(row_id="out1")])
        tx.open_case(wanted, now=NOW)
        tx.add_case_event(wanted.id, CaseEvent(NOW, "message", "person", "g perdu ma kart"))
        tx.add_reminder(Reminder("r1", "awa", "check_in", NOW, {"name": "Awa"}))
        tx.keep_unmatched("awa", KeepUnmatched("la chose", "fr"), now=NOW)
        tx.set_opt_out("awa", "all", word="stop", now=NOW)


SAMPLES = {UtcTime: NOW, String: "x", LargeBinary: b"x", Boolean: False, Integer: 1, JSON: []}


def seal_the_rest(database, vault):
    """Put one row with sealed texts into every other table that has some, so that none is forgotten."""
    for table in (table for table in metadata.sorted_tables if any(column.table is table for column in SEALED)):
        with database.writing() as connection:
            if connection.scalar(select(func.count()).select_from(table)) == 0:
                connection.execute(insert(table).values(_row_of(connection, vault, table)))


def _row_of(connection, vault, table):
    needed = [c for c in table.c if c in SEALED or (not c.nullable and c.server_default is None)]
    given = {c.name: _sample(connection, c) for c in needed}
    sealed = {
        c.name: rows.sealed(vault, c, "x", *(str(given[name]) for name in SEALED[c])) for c in needed if c in SEALED
    }
    return given | sealed


def _sample(connection, column):
    for key in column.foreign_keys:
        return connection.scalar(select(key.column).limit(1))
    return next(value for kind, value in SAMPLES.items() if isinstance(column.type, kind))


def everything(store):
    found = look_up(store, text="g perdu ma kart")
    stories = [store.timeline(item.id) for item in found.open_cases]
    return found, stories, store.outgoing("out1"), store.due_reminders(limit=1, now=NOW), store.search("traore")


def test_it_seals_everything_again_under_the_newest_key(store, database, vault, monkeypatch):
    monkeypatch.setattr(rotation, "_BATCH", 1)
    fill(store)
    seal_the_rest(database, vault)
    before = everything(store)
    rotation.check_keys(database, vault)

    done = rotation.reseal(database, Vault(Keys((NEW, OLD), KEYS.index)))

    newest = Vault(Keys((NEW,), KEYS.index))
    assert done == len(SEALED)  # one row of each was there
    assert everything(SqlStore(database, newest)) == before
    rotation.check_keys(database, newest)
    assert rotation.reseal(database, newest) == 0


def test_it_hashes_everything_again_and_still_knows_refusals_of_the_erased(store, database, vault):
    fill(store)
    before = everything(store)
    meet(store, "gone", gone := type(AWA)("sms", "+22370000066"))
    with store.write() as tx:
        tx.set_opt_out("gone", "all", word="stop", now=NOW)
        tx.forget("gone", receipt="K7421R", now=NOW)
    add_people(SqlStaff(database, vault), "oumou", now=NOW)
    both = Vault(Keys(KEYS.encryption, (NEW_INDEX, OLD_INDEX)))

    assert rotation.rehash(database, both) == 1

    again = SqlStore(database, both)
    assert everything(again)[1:] == before[1:]
    assert look_up(again).person == before[0].person
    assert look_up(again, gone).opted_out == "all"
    assert again.erased_at("K7421R") == NOW
    assert look_up(again, type(AWA)("sms", OUMOU)).staff_id == "oumou"


def test_it_says_which_key_does_not_fit(database, vault):
    rotation.check_keys(database, vault)
    rotation.check_keys(database, vault)

    with pytest.raises(WrongKey, match="SEGIN_SECRET_KEYS"):
        rotation.check_keys(database, Vault(Keys((NEW,), KEYS.index)))
    with pytest.raises(WrongKey, match="SEGIN_INDEX_KEY"):
        rotation.check_keys(database, Vault(Keys(KEYS.encryption, (NEW_INDEX,))))
    with pytest.raises(WrongKey, match="segin keys reindex"):
        rotation.check_keys(database, Vault(Keys(KEYS.encryption, (NEW_INDEX, *KEYS.index))))
