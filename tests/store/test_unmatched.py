"""Messages that were not understood: kept sealed, labelled, for a set time, and gone with the person."""

import pytest
from sqlalchemy import text

from bot.adapters.sql.unmatched import SqlUnmatched
from bot.core import limits
from bot.core.effects import KeepUnmatched
from tests.store.people import AWA, MINUTE, MOUSSA, NOW, meet

CHOSE = KeepUnmatched("je veux la chose", "fr", ("menu", "advice"))
FEN = KeepUnmatched("n bɛ fɛn dɔ fɛ", "bm")


@pytest.fixture
def desk(database, vault):
    return SqlUnmatched(database, vault)


@pytest.fixture
def kept(store, desk):
    meet(store, "awa", AWA)
    meet(store, "moussa", MOUSSA)
    with store.write() as tx:
        tx.keep_unmatched("awa", CHOSE, now=NOW)
        tx.keep_unmatched("moussa", FEN, now=NOW + MINUTE)
    return desk.all()


def test_they_come_back_newest_first(kept):
    assert [(one.text, one.language, one.offered, one.label) for one in kept] == [
        ("n bɛ fɛn dɔ fɛ", "bm", (), None),
        ("je veux la chose", "fr", ("menu", "advice"), None),
    ]
    assert kept[0].kept_at == NOW + MINUTE


def test_their_texts_lie_sealed(kept, database):
    with database.reading() as connection:
        found = [bytes(value) for value in connection.execute(text("SELECT text FROM unmatched")).scalars()]

    assert not any(b"chose" in value for value in found)


def test_a_label_is_kept_with_who_gave_it_and_replaced_by_a_later_one(kept, desk):
    ident = kept[1].id
    assert desk.label(ident, "menu", danger=False, by="Awa", now=NOW)
    assert desk.label(ident, "health_support", danger=True, by="Modibo", now=NOW + MINUTE)

    found = desk.all()[1]
    assert (found.label, found.danger, found.labelled_by) == ("health_support", True, "Modibo")


def test_what_was_done_stands_in_the_audit_trail_without_the_text(kept, desk, database):
    desk.label(kept[1].id, "menu", danger=False, by="Awa", now=NOW)
    desk.drop(kept[0].id, by="Awa", now=NOW)

    with database.reading() as connection:
        trail = connection.execute(text("SELECT actor, action, object_id, detail FROM audit ORDER BY id")).all()
    assert [tuple(row) for row in trail] == [
        ("Awa", "unmatched.label", str(kept[1].id), ""),
        ("Awa", "unmatched.drop", str(kept[0].id), ""),
    ]


def test_one_that_is_gone_is_said_to_be_gone_and_its_number_is_never_another_s(kept, desk, store):
    newest = kept[0].id
    assert desk.drop(newest, by="Awa", now=NOW)

    assert not desk.drop(newest, by="Awa", now=NOW)
    assert not desk.label(newest, "menu", danger=False, by="Awa", now=NOW)
    with store.write() as tx:
        tx.keep_unmatched("awa", CHOSE, now=NOW)
    assert newest not in [one.id for one in desk.all()]


def test_they_are_kept_for_a_set_time_labelled_or_not(kept, desk, store):
    desk.label(kept[1].id, "menu", danger=False, by="Awa", now=NOW)

    assert store.tidy(now=NOW + limits.UNMATCHED_KEPT - MINUTE) == 0
    assert store.tidy(now=NOW + limits.UNMATCHED_KEPT) == 1
    assert [one.text for one in desk.all()] == ["n bɛ fɛn dɔ fɛ"]


def test_they_go_with_the_person_and_only_theirs(kept, desk, store):
    with store.write() as tx:
        tx.forget("awa", receipt="K7421R", now=NOW + MINUTE)

    assert [one.text for one in desk.all()] == ["n bɛ fɛn dɔ fɛ"]


def test_they_go_when_the_person_takes_the_consent_back(kept, desk, store):
    with store.write() as tx:
        tx.drop_unmatched("moussa")

    assert [one.text for one in desk.all()] == ["je veux la chose"]
