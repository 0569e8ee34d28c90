"""People on duty learn of a way that is down, blocked or silent: once an outage, and by another way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.providers import traffic
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.watch import Watch
from bot.core.messages import Address, Status
from bot.core.ways import Traffic, Way, trouble
from bot.ports import SendResult
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_from_gateway import receive_from_gateway
from bot.service.send_due import send_due
from bot.service.watch_providers import Look, Watched, by_provider, watch_providers
from bot.simulator import StoppedClock
from tests.duty.team import FANTA, add_people, on_duty
from tests.service.letters import letter
from tests.service.test_gateway import Slow
from tests.store.people import KEYS

DUTY = (Address("sms", "+22370000009"),)
SMS = frozenset({"sms"})
KANNEL, TWILIO = Way("kannel", SMS, fcfa=15), Way("twilio", SMS, fcfa=75)
DOWN = (KANNEL.seen(up=False), TWILIO)


def watch(ports: Ports, watched: Watched, ways: tuple[Way, ...], known: dict[str, Traffic] | None = None) -> int:
    return watch_providers(ports.store, ports.ids, Look(ways, known or {}, ports.clock.now()), watched, alert_to=DUTY)


def test_an_outage_is_told_once_and_by_another_way(ports: Ports, clock: StoppedClock) -> None:
    watched, twilio = Watched(), Slow(clock, name="twilio")
    told = [watch(ports, watched, DOWN) for _ in range(5)]
    send_due(ports.store, clock, {"twilio": twilio})
    (alert,) = [ports.store.outgoing(row) for row in twilio.sent]

    assert told == [0, 1, 0, 0, 0]
    assert alert is not None
    assert (alert.to, alert.kind) == (DUTY[0], "alert")
    assert "kannel ne repond plus" in alert.text


def test_whoever_supervises_on_duty_hears_of_it_and_the_numbers_of_the_setting_do_not(
    ports: Ports, database: Database, clock: StoppedClock
) -> None:
    add_people(SqlStaff(database, Vault(KEYS)), "oumou", "fanta", now=clock.now())
    on_duty(ports, "oumou")
    on_duty(ports, "fanta", "supervisor")
    watched, twilio = Watched(), Slow(clock, name="twilio")
    for _ in range(2):
        watch(ports, watched, DOWN)
    send_due(ports.store, clock, {"twilio": twilio})

    assert [row.to.reveal() for name in twilio.sent if (row := ports.store.outgoing(name))] == [FANTA]


def test_one_bad_look_is_a_restart_and_the_next_outage_is_told_anew(ports: Ports) -> None:
    watched = Watched()
    looks = [DOWN, (KANNEL, TWILIO), DOWN, DOWN, (KANNEL, TWILIO), DOWN, DOWN]

    assert [watch(ports, watched, ways) for ways in looks] == [0, 0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("way", "known", "what"),
    [
        (KANNEL, Traffic(), None),
        (KANNEL.seen(up=False), Traffic(), "down"),
        (KANNEL, Traffic(3, oldest=timedelta(minutes=6)), "waiting"),  # type: ignore[arg-type]
        (KANNEL, Traffic(3, oldest=timedelta(minutes=4)), None),  # type: ignore[arg-type]
        (KANNEL, Traffic(heard_at=timedelta(hours=13)), "silent"),  # type: ignore[arg-type]
        (KANNEL, Traffic(heard_at=timedelta(hours=11)), None),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_has_a_name(way: Way, known: Traffic, what: str | None, clock: StoppedClock) -> None:
    now = clock.now()
    at = {name: now - ago for name in ("oldest", "heard_at") if (ago := getattr(known, name)) is not None}

    assert trouble(way, replace(known, **at), now=now) == what


def test_the_figures_come_from_the_rows(brain: Brain, ports: Ports, database: Database, clock: StoppedClock) -> None:
    for number in range(2):
        one = replace(letter("Bonjour", ports=ports), provider="kannel", provider_id=f"k{number}")
        receive_from_gateway(brain, ports, one)
    clock.at += timedelta(minutes=7)
    waits = traffic(database, now=clock.now())["kannel"]
    post = Slow(clock, answer=SendResult(Status.ACCEPTED))
    sent = send_due(ports.store, clock, {"kannel": post})
    left = traffic(database, now=clock.now())["kannel"]
    figures = by_provider(Look((KANNEL.seen(up=True),), {"kannel": left}, clock.now()))

    assert (waits.waiting, waits.segments_today) == (sent, 0)
    assert waits.oldest == waits.heard_at == clock.now() - timedelta(minutes=7)
    assert (left.waiting, left.oldest) == (0, None)
    assert left.segments_today >= sent
    assert figures["provider_up"] == {("kannel",): 1}
    assert figures["provider_heard_seconds_ago"] == {("kannel",): 420}
    assert figures["provider_fcfa_a_day"] == {("kannel",): left.segments_today * 15}
    assert "provider_oldest_seconds" not in figures


def test_health_is_asked_at_most_twice_a_minute() -> None:
    at, asked = [0.0], []

    class Sender(Slow):
        def is_up(self) -> bool:
            asked.append(at[0])
            return True

    known = Watch((KANNEL, TWILIO), {"kannel": Sender(None), "twilio": Slow(None)}, monotonic=lambda: at[0])  # type: ignore[arg-type]
    for at[0] in (0.0, 10.0, 29.0, 31.0):
        ups = [way.up for way in known.ways()]

    assert (ups, asked) == ([True, None], [0.0, 31.0])
