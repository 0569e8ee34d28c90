"""The whole road under load: Kannel's fake message centre, Kannel, `segin run`, and back to the message centre."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import func, select

from bench.kannel import FAKE_CENTRE, KannelBoxes, await_port, free_ports, is_installed, kannel_boxes
from bot.adapters.crypto import Vault
from bot.adapters.keys import load_or_create
from bot.adapters.sql.engine import Database
from bot.adapters.sql.rows import opened
from bot.adapters.sql.tables import incoming, outgoing

PEOPLE = 300
IDLE_FOR = 120.0  # seconds without an end
LEFT = b"Got message"


@dataclass(frozen=True, slots=True)
class RoadFigures:
    """Messages a second, end to end: taken in from the message centre, and arrived there again."""

    taken_in: float
    arrived: float
    written: int
    replies: int


def road(folder: Path, texts: Sequence[str], *, messages: int) -> RoadFigures | None:
    """Let phones write so many messages at once; None where Kannel is not installed."""
    if not is_installed():
        return None
    (port,) = free_ports(1)
    with (
        kannel_boxes(folder / "kannel", f"http://127.0.0.1:{port}", fake=True) as boxes,
        _segin(folder / "data", port, boxes.settings),
    ):
        return _measure(folder, boxes, texts, messages)


def _measure(folder: Path, boxes: KannelBoxes, texts: Sequence[str], messages: int) -> RoadFigures:
    database = Database(f"sqlite:///{folder / 'data' / 'segin.db'}")
    log = folder / "centre.log"
    with _centre(boxes.ports["smsc_port"], texts, messages, log):
        start = time.perf_counter()
        _until(lambda: _count(database, incoming) >= messages)
        taken_in = time.perf_counter() - start
        _until(lambda: _arrived(log) >= _count(database, outgoing))
        while _arrived(log) < (lines := _lines(database, folder / "data")):
            _until(lambda lines=lines: _arrived(log) >= lines)  # type: ignore[misc]
        arrived = time.perf_counter() - start
    replies = _count(database, outgoing)
    database.close()
    return RoadFigures(messages / taken_in, replies / arrived, messages, replies)


def _count(database: Database, table: object) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def _arrived(log: Path) -> int:
    return log.read_bytes().count(LEFT)


def _lines(database: Database, data_dir: Path) -> int:
    """Count what the fake message centre writes down of all replies: it takes each line of one for a message."""
    vault = Vault(load_or_create(data_dir))
    with database.reading() as connection:
        found = connection.execute(select(outgoing.c.id, outgoing.c.text).where(outgoing.c.provider == "kannel"))
        return sum(opened(vault, outgoing.c.text, row.text, row.id).count("\n") + 1 for row in found)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + IDLE_FOR
    while not true():
        if time.monotonic() > end:
            msg = "The road did not come to rest within two minutes."
            raise RuntimeError(msg)
        time.sleep(0.05)


@contextmanager
def _centre(port: int, texts: Sequence[str], messages: int, log: Path) -> Iterator[None]:
    """Run Debian's fake message centre: it writes at random one of these messages, as fast as it can."""
    plain = [text for text in texts if text.isascii()]
    wanted = [f"2237{person:07d} 36000 text {plain[person % len(plain)]}" for person in range(PEOPLE)]
    command = [str(FAKE_CENTRE), "-H", "127.0.0.1", "-r", str(port), "-i", "0.0005", "-m", str(messages), *wanted]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603 Debian's own program
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def _segin(data_dir: Path, port: int, settings: dict[str, str]) -> Iterator[None]:
    own = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(data_dir), "SEGIN_PORT": str(port), **settings}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}
    command = [sys.executable, "-c", "from bot.cli import main; main()", "run"]
    process = subprocess.Popen(command, env=kept | own, stdout=subprocess.DEVNULL)  # noqa: S603 our own program
    try:
        await_port(port, process, "segin run")
        urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60).close()
        yield
    finally:
        process.terminate()
        process.wait()
