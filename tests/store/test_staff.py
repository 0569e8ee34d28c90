"""Accounts and sessions in the database, on every engine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.adapters.crypto import Vault
from bot.adapters.keys import Keys
from bot.adapters.sql.rotation import rehash, reseal
from bot.adapters.sql.staff import SqlStaff
from bot.core.accounts import LONGEST, Account, Session
from bot.core.messages import Address
from bot.ports.staff import Failures, LoginTaken, Note
from tests.conftest import KEYS, MORNING

AWA = Account(
    id="a" * 32,
    login="awa",
    name="Awa Diarra",
    roles=frozenset({"caseworker", "supervisor"}),
    created_at=MORNING,
    password_hash="$argon2id$…",
    languages=("bm", "fr"),
    sex="f",
    phone=Address("sms", "+22376112233"),
    email="awa@example.org",
    totp="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    totp_confirmed_at=MORNING,
)
MADE = Note("test", "staff.add", AWA.id, MORNING)


@pytest.fixture
def book(database, vault):
    book = SqlStaff(database, vault)
    book.add(AWA, MADE)
    return book


def session(ident="s1", at=MORNING):
    return Session(ident, AWA.id, True, at, at, "Firefox")


def test_an_account_comes_back_as_it_was(book):
    assert book.by_id(AWA.id) == book.by_login(" AWA ") == book.by_phone("+22376112233") == AWA
    assert book.all() == (AWA,)


def test_what_is_personal_or_secret_is_sealed(book, database):
    with database.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM staff")).all())

    for secret in ("22376112233", "awa@example.org", AWA.totp):
        assert secret not in kept
        assert secret not in repr(AWA)


def test_a_login_and_a_telephone_are_taken_once(book):
    with pytest.raises(LoginTaken):
        book.add(replace(AWA, id="b" * 32, phone=None), MADE)
    with pytest.raises(LoginTaken):
        book.add(replace(AWA, id="b" * 32, login="other"), MADE)
    assert book.all() == (AWA,)


def test_fields_change_with_their_hashes(book):
    book.change(AWA.id, {"phone": Address("sms", "+22370000001"), "roles": {"reviewer"}, "email": None})

    assert book.by_phone("+22376112233") is None
    assert book.by_phone("+22370000001").roles == {"reviewer"}
    assert book.by_id(AWA.id).email is None


def test_keys_are_exchanged_for_accounts_too(book, database):
    rotated = Vault(Keys(encryption=(b"n" * 32, *KEYS.encryption), index=(b"x" * 32, *KEYS.index)))
    reseal(database, rotated)
    rehash(database, rotated)
    only_new = SqlStaff(database, Vault(Keys(encryption=(b"n" * 32,), index=(b"x" * 32,))))

    assert only_new.by_phone("+22376112233") == AWA


def test_a_step_is_used_once_and_never_backwards(book):
    assert book.use_step(AWA.id, 100)
    assert not book.use_step(AWA.id, 100)
    assert not book.use_step(AWA.id, 99)
    assert book.use_step(AWA.id, 101)


def test_a_recovery_code_is_used_once_and_outlives_a_new_index_key(book, database):
    book.keep_codes(AWA.id, ["abcde23456", "bcdef34567"])
    newer = SqlStaff(database, Vault(Keys(encryption=KEYS.encryption, index=(b"x" * 32, *KEYS.index))))

    assert newer.use_code(AWA.id, "abcde23456")
    assert not book.use_code(AWA.id, "abcde23456")
    assert not book.use_code("b" * 32, "bcdef34567")
    assert book.codes_left(AWA.id) == 1


def test_a_session_is_found_by_its_token_and_replaced(book):
    book.open_session(session(), "token 1")
    assert book.session("token 1") == session()

    book.open_session(session("s2"), "token 2", instead_of="token 1")
    assert book.session("token 1") is None
    book.seen("s2", MORNING + timedelta(minutes=5))
    assert book.session("token 2").seen_at == MORNING + timedelta(minutes=5)


def test_sessions_that_are_long_over_are_thrown_away(book):
    book.open_session(session(), "token 1")
    book.open_session(session("s2", MORNING + LONGEST), "token 2")

    assert [one.id for one in book.sessions(AWA.id)] == ["s2"]


def test_sessions_end_one_by_one_all_but_one_or_all(book):
    for number in range(4):
        book.open_session(session(f"s{number}", MORNING + timedelta(minutes=number)), f"token {number}")

    assert book.end_sessions(AWA.id, only="s1") == 1
    assert book.end_sessions("b" * 32, only="s2") == 0
    assert book.end_sessions(AWA.id, but="s3") == 2
    assert [one.id for one in book.sessions(AWA.id)] == ["s3"]
    assert book.end_sessions(AWA.id) == 1


def test_refusals_are_counted_and_forgotten(book):
    book.refused("login awa", "from 192.0.2.1", now=MORNING)
    later = MORNING + timedelta(minutes=1)
    book.refused("login awa", now=later)
    assert book.failures("login awa", "from 192.0.2.1", "x") == (Failures(2, later), Failures(1, MORNING), Failures())

    book.let_in("login awa")
    assert book.failures("login awa") == (Failures(),)
    book.refused("x", now=MORNING + timedelta(days=2))
    assert book.failures("from 192.0.2.1") == (Failures(),)
