"""Broadcasts under measurement: how fast an audience is frozen, messages leave, a pace is kept, and replies wait."""

import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert

from bot.adapters.clock import SystemClock
from bot.adapters.pace import LocalPace
from bot.adapters.sql import rows
from bot.adapters.sql.tables import address, contact_item, person
from bot.adapters.twilio import TwilioSender
from bot.bootstrap import at_home
from bot.core.broadcasts import Audience, Broadcast
from bot.core.messages import Address, Language, Status
from bot.core.staff import Staff
from bot.house import House
from bot.ports import OutgoingRow, SendResult
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.feed_broadcasts import begin
from bot.service.hand_out import Road
from bot.service.send_broadcasts import Gait, send_broadcasts
from bot.service.send_due import send_due
from bot.twilio_settings import Twilio

MANY = 100_000
SLICE = 5_000
TEXTS: dict[Language, str] = {"fr": "Bonjour {name}, réunion lundi à 9 h.", "bm": "I ni ce {name}."}
LATENCY = 0.08
PACE = 80
REPLY_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Prepared:
    """What freezing an audience took."""

    people: int
    seconds: float
    more_memory: float  # megabytes above what the process had before


@dataclass(frozen=True, slots=True)
class Paced:
    """How well a pace was kept, and how long replies waited meanwhile, in seconds."""

    a_second: float
    kept: float
    reply_p50: float
    reply_p99: float


def prepared(folder: Path) -> Prepared:
    """Freeze 100,000 recipients, in a process of its own so that its peak of memory is its own."""
    command = [sys.executable, "-m", "bench.broadcasts", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 our own program
    return Prepared(**json.loads(told.stdout.splitlines()[-1]))


def _freeze(folder: Path) -> Prepared:
    with _house(folder, "http://127.0.0.1:1") as house:
        _people(house, MANY, "all")
        one = _scheduled(house, "all")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        while house.broadcasts.get(one.id).state in ("scheduled", "preparing"):  # type: ignore[union-attr]
            begin(house.broadcast_desk, house.broadcasts.get(one.id))  # type: ignore[arg-type]
        took = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        counted = house.broadcasts.counts(one.id)["queued"]
    return Prepared(counted, took, (peak - before) / 1024)


def rates(folder: Path, *, messages: int) -> dict[tuple[float, int], float]:
    """Return messages a second by latency (seconds) and threads."""
    found = {}
    for latency, threads in ((0.0, 1), (0.0, 16), (LATENCY, 4), (LATENCY, 8), (LATENCY, 16), (LATENCY, 32)):
        some = messages if not latency else min(messages, 20 * threads * 4)
        with _sink(latency) as url, _house(folder / f"{latency}-{threads}", url) as house:
            _people(house, some, "all")
            _scheduled(house, "all")
            found[latency, threads] = _send(house, url, threads, some)
    return found


def _send(house: House, url: str, threads: int, messages: int) -> float:
    road = Road({"twilio": Watched(_sender(url, 2000.0))}, each=ThreadPoolExecutor(threads).map)
    desk, gait, sent = house.broadcast_desk, Gait(), 0
    start = time.perf_counter()
    while sent < messages:
        sent += send_broadcasts(desk, road, gait, lanes=2)
    return messages / (time.perf_counter() - start)


def paced(folder: Path, *, seconds: int = 15) -> Paced:
    """Send at 80 a second to a sink with 80 ms of latency, while somebody gets a reply four times a second."""
    messages = PACE * seconds
    with _sink(LATENCY) as url, _house(folder, url) as house:
        _people(house, messages, "all")
        _scheduled(house, "all")
        sender = Watched(_sender(url, PACE))
        road = Road({"twilio": sender}, each=ThreadPoolExecutor(4).map, beside=ThreadPoolExecutor(16).map)
        done = threading.Event()
        writer = threading.Thread(target=_reply, args=(house, road, done))
        writer.start()
        sent, gait = 0, Gait()
        while sent < messages:
            sent += send_broadcasts(house.broadcast_desk, road, gait, lanes=2)
        done.set()
        writer.join()
    took = sender.bulk[-1] - sender.bulk[0]
    cuts = statistics.quantiles(sender.late, n=100)
    rate = (len(sender.bulk) + len(sender.late)) / took
    return Paced(rate, rate / PACE, cuts[49], cuts[98])


@dataclass(slots=True)
class Watched:
    """A sender that notes when messages left, and how late replies were."""

    sender: TwilioSender
    name: str = "twilio"
    bulk: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def send(self, row: OutgoingRow) -> SendResult:
        """Send it, and note the time at which it was with the provider."""
        if row.kind == "reply":
            self.late.append((SystemClock().now() - row.created_at).total_seconds())
        result = self.sender.send(row)
        if row.kind != "reply":
            self.bulk.append(time.perf_counter())
        return result

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Ask for it."""
        return self.sender.find(row)


def _reply(house: House, road: Road, done: threading.Event) -> None:
    """Queue a reply now and then and wake the worker at once, as a turn does."""
    known = house.ports.store.person("all00000")
    to = known.person.addresses[0] if known.person else Address("sms", "+22370000000")
    while not done.wait(REPLY_EVERY):
        now = house.ports.clock.now()
        row = OutgoingRow(
            house.ports.ids.new(), "all00000", to, "twilio", "reply", "rest", "Oui.", "bench", "fr", "GSM-7", 1,
            Status.QUEUED, now,
        )  # fmt: skip
        with house.ports.store.write() as tx:
            tx.add_outgoing([row])
        send_due(house.ports.store, house.ports.clock, road)


def _sender(url: str, a_second: float) -> TwilioSender:
    account = Twilio("AC" + "0" * 32, "token", "+33700000001", None, url)
    pace = LocalPace(a_second)
    return TwilioSender(account, public_url="http://127.0.0.1", paces={"sms": pace, "whatsapp": pace})


@contextmanager
def _sink(latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.sink", str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own program
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip() if process.stdout else ''}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _house(folder: Path, url: str) -> Iterator[House]:
    own = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(folder), "SEGIN_QUIET_HOURS": "0", "SEGIN_TWILIO_API_URL": url}
    own |= {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "SEGIN_TWILIO_SMS_FROM": "+33700000001",
    }
    before = dict(os.environ)
    os.environ.update(own)
    try:
        with at_home() as house:
            yield house
    finally:
        os.environ.clear()
        os.environ.update(before)


def _people(house: House, count: int, tag: str) -> None:
    """Lay people with a sealed number and name, in slices."""
    now, vault = house.ports.clock.now(), house.vault
    for start in range(0, count, SLICE):
        some = [
            (f"{tag}{number:05d}", f"+223{70000000 + number}") for number in range(start, min(count, start + SLICE))
        ]
        with house.database.writing() as connection:
            common = {"consent": "given", "opt_out": "none", "first_seen": now, "language": "fr"}
            connection.execute(insert(person), [{"id": ident, **common} for ident, _ in some])
            connection.execute(
                insert(address),
                [
                    {
                        "hash": vault.hash("address", number),
                        "channel": "sms",
                        "person_id": ident,
                        "value": rows.sealed(vault, address.c.value, number, ident, "sms"),
                        "seen_at": now,
                        "operator": "orange",
                    }
                    for ident, number in some
                ],
            )
            names = [
                {
                    "person_id": ident,
                    "name": "name",
                    "value": rows.sealed(vault, contact_item.c.value, "Awa Traoré", ident, "name"),
                    "changed_at": now,
                }
                for ident, _ in some
            ]
            connection.execute(insert(contact_item), names)


def _scheduled(house: House, name: str) -> Broadcast:
    writer, second = (Staff(ident, "", frozenset({"broadcaster"})) for ident in ("writer", "second"))
    desk = house.broadcast_desk
    wanted = Broadcast("", name, "draft", "text", writer.id, desk.now, TEXTS, audience=Audience())
    one = broadcasts.draft(desk, writer, wanted)
    broadcasts.submit(desk, Seen(writer, one.id))
    broadcasts.approve(desk, Seen(second, one.id))
    return broadcasts.schedule(desk, Seen(writer, one.id))


if __name__ == "__main__":
    found = _freeze(Path(sys.argv[1]))
    print(json.dumps({name: getattr(found, name) for name in Prepared.__dataclass_fields__}))
