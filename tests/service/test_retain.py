"""What is older than its period goes, by itself and counted; a legal hold keeps everything of one person."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.holds import SqlHolds
from bot.adapters.sql.retention import SqlRetention
from bot.adapters.sql.tables import audit, case_
from bot.adapters.sql.tally import tally
from bot.core.retention import DAYS
from bot.core.staff import Staff
from bot.ports.retention import AlreadyHeld
from bot.service.brain import Brain
from bot.service.ordinary_case import ordinary_case
from bot.service.own_data import IsHeld, erase_person, find_person, hold_person, release_person
from bot.service.ports import Ports
from bot.service.retain import retain
from bot.simulator import StoppedClock
from tests.conftest import KEYS
from tests.service.letters import AWA, MODIBO, letter, say

SANA = Staff("Sana", "Sana", frozenset({"supervisor"}))
FANTA = Staff("Fanta", "Fanta", frozenset({"supervisor"}))


@pytest.fixture
def book(database: Database) -> SqlRetention:
    return SqlRetention(database)


@pytest.fixture
def holds(database: Database) -> SqlHolds:
    return SqlHolds(database, Vault(KEYS))


def person(ports: Ports, number: str = AWA) -> str | None:
    one = letter("", sender=number, ports=ports)
    known = ports.store.look_up(one.sender, provider="twilio", provider_id="", now=ports.clock.now())
    return known.person.id if known.person else None


def words(ports: Ports, number: str = AWA) -> list[str]:
    return [message.text for message in ports.store.messages(person(ports, number) or "") if message.text]


def written(database: Database, action: str) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(audit.c.detail).where(audit.c.action == action)).scalars())


def test_words_go_after_their_year_and_the_newer_ones_stay(
    brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention, database: Database
) -> None:
    say(brain, ports, "Bonjour, moi c'est Awa")
    clock.at += timedelta(days=DAYS["messages"] - 1)
    say(brain, ports, "0")
    before = words(ports)
    clock.at += timedelta(days=2)
    purged = retain(ports, book, DAYS)
    left = words(ports)

    assert "Bonjour, moi c'est Awa" in before
    assert "Bonjour, moi c'est Awa" not in left
    assert "0" in left
    assert written(database, "retention.purge") == [f"messages={purged}"]
    assert tally(database)["purged"] == {("messages",): purged}


def test_it_looks_once_a_day(brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention) -> None:
    say(brain, ports, "Bonjour")
    retain(ports, book, DAYS)
    clock.at += timedelta(hours=5)

    assert retain(ports, book, dict.fromkeys(DAYS, 0)) == 0
    clock.at += timedelta(hours=19)
    assert retain(ports, book, {**DAYS, "messages": 0}) > 0


def test_a_closed_case_loses_its_words_after_two_years_and_an_open_one_never(
    brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention, database: Database
) -> None:
    say(brain, ports, "on me menace avec un couteau")
    (case,) = ports.store.cases(include_sensitive=True)
    clock.at += timedelta(days=DAYS["cases"] + 1)
    retain(ports, book, DAYS)

    assert any(event.text for event in ports.store.timeline(case.id))
    close(ports, database, case.id)
    clock.at += timedelta(days=DAYS["cases"] + 1)
    retain(ports, book, {**DAYS, "persons": 99_999})
    assert not any(event.text for event in ports.store.timeline(case.id))
    assert ports.store.case(case.reference)


def test_whoever_gave_no_sign_of_life_for_three_years_is_forgotten_unless_a_case_is_open(
    brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention
) -> None:
    say(brain, ports, "Bonjour")
    say(brain, ports, "on me menace avec un couteau", sender=MODIBO)
    clock.at += timedelta(days=DAYS["persons"] + 1)
    retain(ports, book, DAYS)

    assert person(ports) is None
    assert person(ports, MODIBO) is not None


def test_a_legal_hold_keeps_the_words_and_the_person(
    brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention, holds: SqlHolds
) -> None:
    say(brain, ports, "Bonjour, moi c'est Awa")
    say(brain, ports, "Bonjour", sender=MODIBO)
    hold_person(ports, holds, person(ports) or "", reason="plainte au tribunal de Kayes", by="Fanta")
    clock.at += timedelta(days=DAYS["persons"] + 1)
    retain(ports, book, DAYS)

    assert "Bonjour, moi c'est Awa" in words(ports)
    assert person(ports, MODIBO) is None


def test_under_a_hold_the_wish_to_be_erased_waits_and_is_done_when_it_is_lifted(
    brain: Brain, ports: Ports, holds: SqlHolds, database: Database
) -> None:
    say(brain, ports, "Bonjour")
    awa = person(ports) or ""
    hold_person(ports, holds, awa, reason="enquête", by="Fanta")
    with pytest.raises(IsHeld, match="noted"):
        erase_person(brain, ports, awa, by=SANA, receipt="K7421R")
    kept = person(ports)
    was = release_person(brain, ports, holds, awa, by=FANTA, receipt="K7421R")

    assert kept == awa
    assert was
    assert (was.reason, was.erase, person(ports)) == ("enquête", True, None)
    assert ports.store.erased_at("K7421R")
    assert [len(written(database, f"hold.{what}")) for what in ("place", "lift")] == [1, 1]


def complains(brain: Brain, ports: Ports) -> tuple[str, str]:
    """Let somebody complain; return them and what is told of the case to the focal point."""
    say(brain, ports, "un agent me demande 25000 francs pour mon dossier")
    (case,) = ports.store.cases(include_sensitive=True)
    return case.person_id, case.reference


@pytest.mark.parametrize("asked_before", [False, True])
def test_whoever_may_not_see_a_complaint_cannot_make_it_go_away(
    brain: Brain, ports: Ports, database: Database, asked_before: bool
) -> None:
    awa, reference = complains(brain, ports)
    if asked_before:
        with ports.store.write() as tx:
            tx.open_case(ordinary_case(ports, brain.deadlines, awa, "erase"), now=ports.clock.now())
    with pytest.raises(IsHeld, match="noted"):
        erase_person(brain, ports, awa, by=SANA, receipt="x")

    assert ports.store.case(reference).status == "open"
    assert [case.kind for case in ports.store.cases()] == (["erase"] if asked_before else [])
    secret = [case for case in ports.store.cases(include_sensitive=True) if case.sensitive]
    told = [event.text for case in secret for event in ports.store.timeline(case.id) if event.actor == "Sana"]
    assert len(told) == 1
    assert "Effacement" in told[0]
    assert len(written(database, "person.erase_waits")) == 1


def test_the_focal_point_may_erase_whoever_complained(brain: Brain, ports: Ports) -> None:
    awa, _ = complains(brain, ports)
    erase_person(brain, ports, awa, by=Staff("n", "Néné", frozenset({"focal_point", "supervisor"})), receipt="x")

    assert person(ports) is None


def test_a_hold_that_is_lifted_over_a_complaint_erases_nobody(brain: Brain, ports: Ports, holds: SqlHolds) -> None:
    say(brain, ports, "Bonjour")
    awa = person(ports) or ""
    hold_person(ports, holds, awa, reason="enquête", by="Fanta")
    with pytest.raises(IsHeld):
        erase_person(brain, ports, awa, by=SANA, receipt="x")
    complains(brain, ports)
    was = release_person(brain, ports, holds, awa, by=FANTA, receipt="x")

    assert was
    assert not was.erase
    assert person(ports) == awa


def test_a_person_under_a_hold_who_writes_effacer_is_told_that_somebody_decides(
    brain: Brain, ports: Ports, holds: SqlHolds
) -> None:
    say(brain, ports, "Bonjour")
    hold_person(ports, holds, person(ports) or "", reason="enquête", by="Fanta")
    say(brain, ports, "EFFACER")
    told = say(brain, ports, "1")

    assert "utter_erase_waits" in " ".join(row.response for row in told.rows)
    assert person(ports)


def test_a_hold_that_is_lifted_keeps_nothing(
    brain: Brain, ports: Ports, clock: StoppedClock, book: SqlRetention, holds: SqlHolds
) -> None:
    say(brain, ports, "Bonjour")
    awa = person(ports) or ""
    hold_person(ports, holds, awa, reason="enquête", by="Fanta")
    release_person(brain, ports, holds, awa, by=FANTA, receipt="x")
    clock.at += timedelta(days=DAYS["persons"] + 1)
    retain(ports, book, DAYS)

    assert person(ports) is None


def test_there_is_one_hold_at_a_time_and_never_one_without_a_reason(
    brain: Brain, ports: Ports, holds: SqlHolds
) -> None:
    say(brain, ports, "Bonjour")
    awa = person(ports) or ""
    with pytest.raises(ValueError, match="motif"):
        hold_person(ports, holds, awa, reason=" ", by="Fanta")
    hold_person(ports, holds, awa, reason="enquête", by="Fanta")
    with pytest.raises(AlreadyHeld):
        hold_person(ports, holds, awa, reason="encore", by="Fanta")

    assert [hold.reason for hold in holds.in_force()] == ["enquête"]
    assert release_person(brain, ports, holds, "nobody", by=FANTA, receipt="x") is None


def test_a_person_is_named_by_a_case_or_an_id(brain: Brain, ports: Ports) -> None:
    say(brain, ports, "je veux parler a quelqu'un")
    (case,) = ports.store.cases()

    assert find_person(ports, case.reference.lower()) == find_person(ports, case.person_id) == case.person_id
    with pytest.raises(ValueError, match="nobody"):
        find_person(ports, "76123456")


def close(ports: Ports, database: Database, case_id: str) -> None:
    with database.writing() as connection:
        closed = update(case_).where(case_.c.id == case_id).values(status="closed", closed_at=ports.clock.now())
        connection.execute(closed)
