"""A call to our number becomes one request to be called back, at most one an hour."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.adapters.sql.calls import SqlCalls
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import case_, outgoing
from bot.core.deadlines import Deadlines
from bot.service.answer_person import NobodyThere, answer
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.end_case import close
from bot.service.note_call import note_call
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.simulator import StoppedClock
from tests.service.letters import AWA, OUMOU, letter, say


def ring(ports: Ports, database: Database) -> bool:
    return note_call(ports, SqlCalls(database), letter("", ports=ports, channel="voice"), deadlines=Deadlines())


def close_all(database: Database, ports: Ports) -> None:
    with database.writing() as connection:
        connection.execute(update(case_).values(status="closed", closed_at=ports.clock.now()))


def test_however_often_it_rings_there_is_one_request(ports: Ports, database: Database) -> None:
    assert [ring(ports, database) for _ in range(3)] == [True, False, False]
    assert [case.kind for case in ports.store.cases()] == ["call_back"]


def test_a_request_that_was_closed_at_once_is_not_opened_again_within_the_hour(
    ports: Ports, clock: StoppedClock, database: Database
) -> None:
    ring(ports, database)
    close_all(database, ports)
    again = ring(ports, database)
    clock.at += timedelta(minutes=61)

    assert (again, ring(ports, database)) == (False, True)


def test_a_later_call_joins_the_request_that_is_still_open(
    ports: Ports, clock: StoppedClock, database: Database
) -> None:
    ring(ports, database)
    clock.at += timedelta(minutes=61)

    assert ring(ports, database) is False
    (case,) = ports.store.cases()
    assert [event.kind for event in ports.store.timeline(case.id)].count("call") == 2


def test_calls_at_the_same_moment_make_one_request(ports: Ports, database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: ring(ports, database), range(4)))

    assert (sum(made), len(ports.store.cases())) == (1, 1)


def test_whoever_calls_is_the_person_who_wrote_and_their_language_is_known(
    brain: Brain, ports: Ports, database: Database
) -> None:
    say(brain, ports, "I ni ce, n be bamanankan fo")
    ring(ports, database)
    (case,) = ports.store.cases()

    known = ports.store.person(case.person_id)
    assert known.person
    assert (known.person.language, known.person.addresses[0].reveal()) == ("bm", AWA)


def test_a_call_does_not_change_the_way_by_which_a_text_is_answered(
    brain: Brain, ports: Ports, database: Database
) -> None:
    receive_message(brain, ports, replace(letter("Bonjour", ports=ports), provider="kannel"))
    ring(ports, database)

    assert ports.store.person(ports.store.cases()[0].person_id).provider == "kannel"


def rows_of(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(outgoing.c.channel, outgoing.c.kind))]


def test_whoever_only_called_is_answered_by_sms(brain: Brain, ports: Ports, database: Database) -> None:
    ring(ports, database)
    (case,) = ports.store.cases()
    done = answer(brain, ports, Seen(case.reference, OUMOU), "Bonjour, vous avez appelé. Que voulez-vous ?")
    close(brain, ports, Seen(case.reference, OUMOU))

    assert done.segments == 1
    assert rows_of(database)[0] == ("sms", "caseworker")
    assert {channel for channel, _ in rows_of(database)} == {"sms"}


def test_whoever_called_from_a_fixed_line_is_not_written_to_and_their_case_can_be_closed(
    brain: Brain, ports: Ports, database: Database
) -> None:
    call = letter("", ports=ports, channel="voice", sender="+22320221234")
    note_call(ports, SqlCalls(database), call, deadlines=Deadlines())
    (case,) = ports.store.cases()

    with pytest.raises(NobodyThere, match="appelez-la"):
        answer(brain, ports, Seen(case.reference, OUMOU), "Bonjour.")
    assert close(brain, ports, Seen(case.reference, OUMOU)).status == "closed"
    assert rows_of(database) == []
