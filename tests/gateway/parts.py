"""The whole road on loopback: phones, a message centre, Kannel, and the product as `segin run` starts it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.kannel import KannelBoxes, free_ports, kannel_boxes
from bot.adapters.queue import SilentWake
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import incoming, outgoing
from bot.bootstrap import open_ports
from bot.config import read_settings
from bot.core.messages import Address, Status
from bot.core.sms_text import size
from bot.ports import OutgoingRow
from bot.service.ports import Ports

PATIENCE = 100.0  # seconds; what a gateway could not take is tried again after a minute
DUTY = "+22370000009"
SEGIN = Path(sys.executable).with_name("segin")


@dataclass
class Heard:
    """What phones received, in order, and a bell that rings whenever something happens."""

    bell: threading.Condition = field(default_factory=threading.Condition)
    sms: list[dict[str, Any]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for something to become true; looks again whenever the bell rings, and a few times a second."""
        end = time.monotonic() + PATIENCE
        with self.bell:
            while not true():
                assert time.monotonic() < end, f"Waited in vain: {what}. Heard so far: {self.sms}"
                self.bell.wait(0.2)


class CentreProcess:
    """The message centre as a process, which can be lost and come back."""

    def __init__(self, port: int, heard: Heard) -> None:
        self.port, self.heard = port, heard
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        program = Path(__file__).with_name("centre.py")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, str(program), str(self.port)], **pipes)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def lose(self) -> None:
        assert self.process
        self.process.kill()
        self.process.communicate()
        self.process = None

    def order(self, **order: object) -> None:
        assert self.process
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            event = json.loads(line)
            with self.heard.bell:
                self.heard.events.append(event["event"])
                if event["event"] == "sms":
                    self.heard.sms.append(event)
                self.heard.bell.notify_all()


@dataclass
class Product:
    """`segin run` on its own data, and its rows."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        own = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(self.folder), "SEGIN_PORT": str(self.port), **self.settings}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}
        self.settings = own
        self.process = subprocess.Popen([SEGIN, "run"], env={**kept, **own}, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        greeted = any("runs in demo mode" in line for line in self.process.stdout)
        assert greeted, "`segin run` ended before it greeted."

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.communicate()
        self.process = None

    def rows(self) -> list[Any]:
        """Return our messages as the store has them, oldest first."""
        with self._opened() as (database, ports):
            order = (outgoing.c.created_at, outgoing.c.in_reply_to, outgoing.c.position)
            return [ports.store.outgoing(ident) for ident in _ids(database, select(outgoing.c.id).order_by(*order))]

    def give(self, number: str, text: str) -> None:
        """Let a message of ours wait for a phone, as a caseworker's words do."""
        sized = size(text)
        with self._opened() as (_, ports), ports.store.write() as tx:
            now, to = ports.clock.now(), Address("sms", number)
            kind = {"kind": "staff", "route": "rest", "response": "given", "language": "fr", "person_id": None}
            wire = {"text": text, "encoding": sized.encoding, "segments": sized.segments}
            made = {"id": ports.ids.new(), "to": to, "provider": "kannel", "status": Status.QUEUED, "created_at": now}
            tx.add_outgoing([OutgoingRow(**kind, **wire, **made)])

    def taken_in(self) -> int:
        """Return how many incoming messages the store has."""
        with self._opened() as (database, _):
            return len(_ids(database, select(incoming.c.id)))

    def read(self, number: str) -> list[str]:
        """Return what the store has of a phone's messages, in order."""
        with self._opened() as (_, ports):
            now = ports.clock.now()
            known = ports.store.look_up(Address("sms", number), provider="-", provider_id="-", now=now)
            kept = ports.store.messages(known.person.id) if known.person else ()
            return [one.text for one in kept if one.direction == "in"]

    @contextmanager
    def _opened(self) -> Iterator[tuple[Database, Ports]]:
        settings = read_settings(self.settings)
        database = Database(settings.database_url)
        try:
            yield database, open_ports(settings, database, SilentWake())
        finally:
            database.close()


def _ids(database: Database, query: Any) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(query).scalars())


@dataclass
class Road:
    """All of it."""

    heard: Heard
    centre: CentreProcess
    boxes: KannelBoxes
    product: Product
    written: int = 0

    def write(self, number: str, text: str, *, parts: int = 1) -> None:
        """Let a phone send an SMS."""
        self.written += 1
        self.centre.order(**{"from": number, "text": text, "parts": parts})

    def got(self, number: str) -> list[str]:
        """Return what a phone received."""
        return [sms["text"] for sms in self.heard.sms if sms["to"].lstrip("+") == number.lstrip("+")]

    def talk(self, number: str, text: str, expected: str, *, parts: int = 1) -> None:
        """Let a phone send an SMS and wait until it has received one with these words."""
        before = len(self.got(number))
        self.write(number, text, parts=parts)
        self.await_words(number, expected, after=before)

    def await_words(self, number: str, expected: str, *, after: int = 0) -> None:
        self.heard.until(lambda: any(expected in one for one in self.got(number)[after:]), f"{expected!r} for {number}")

    def settled(self, *statuses: str) -> list[Any]:
        """Wait until everything written was taken in and every row stands at one of these; return the rows."""
        wanted = set(statuses or ("delivered",))
        self.heard.until(lambda: self.product.taken_in() >= self.written, "everything written is taken in")
        self.heard.until(lambda: {str(row.status) for row in self.product.rows()} <= wanted, f"all rows {wanted}")
        return self.product.rows()

    def nothing_lost_nothing_doubled(self, rows: list[Any]) -> None:
        """Compare what phones wrote and received with what the store has, message by message."""
        sent = sorted((row.to.reveal(), row.text) for row in rows)
        assert sorted((f"+{sms['to'].lstrip('+')}", sms["text"]) for sms in self.heard.sms) == sent
        assert self.product.taken_in() == self.written


@contextmanager
def road(folder: Path) -> Iterator[Road]:
    """Build the whole road, and take it down."""
    (port,) = free_ports(1)
    heard = Heard()
    with kannel_boxes(folder / "kannel", f"http://127.0.0.1:{port}") as boxes:
        centre = CentreProcess(boxes.ports["smsc_port"], heard)
        product = Product(folder / "data", port, boxes.settings | {"SEGIN_ALERT_TO": DUTY})
        try:
            product.start()
            centre.start()
            heard.until(lambda: "bound" in heard.events, "Kannel binds to the message centre")
            yield Road(heard, centre, boxes, product)
        finally:
            product.stop()
            if centre.process:
                centre.lose()
