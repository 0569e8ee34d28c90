"""`make chaos`: a broadcast while workers, web and Redis are killed (kill -9); counts what Twilio's stand-in got."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from bot.adapters.clock import SystemClock
from bot.adapters.sql.tables import person
from bot.bootstrap import at_home
from bot.core.broadcasts import Broadcast
from bot.core.messages import Address, Language
from bot.core.staff import Staff
from bot.house import House
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, StandIn, stand_in
from tests.twilio_stand_in.account import Fault
from tests.twilio_stand_in.reporter import reporting

ROUNDS = int(os.environ.get("ROUNDS", "50"))
PEOPLE = int(os.environ.get("PEOPLE", "2000"))
SERVERS = ("valkey-server", "redis-server")
KILLS = 7  # a round; ten deaths within a minute are a fault that `segin run` gives up on
KILL_WITHIN = 20.0  # seconds from the first message
A_SECOND = 150  # so that the broadcast goes on while the killing does
ENDS_WITHIN = 300.0  # seconds
FAULTS: tuple[Fault, ...] = ("429", "close", "500 after accepting", "500")  # met now and then on top of the kills
ENDED = frozenset({"accepted", "sent", "delivered", "read", "undelivered", "failed", "skipped"})


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to."""

    killed: Counter[str]
    lost: int
    doubled: int
    seconds: float
    unfinished: int


def main() -> int:
    """Run the rounds; the exit status is 1 when anything was lost or doubled."""
    seed = int(os.environ.get("SEED", "1"))
    chance = random.Random(seed)  # noqa: S311 dice for kills
    lost = doubled = unfinished = 0
    with tempfile.TemporaryDirectory(prefix="segin-chaos-") as folder:
        first = Path(folder) / "seed"
        _seed(first)
        for number in range(1, ROUNDS + 1):
            here = Path(folder) / f"round{number}"
            shutil.copytree(first, here)
            one = _round(here, chance)
            shutil.rmtree(here)
            lost, doubled, unfinished = lost + one.lost, doubled + one.doubled, unfinished + one.unfinished
            killed = ", ".join(f"{name} {times}x" for name, times in sorted(one.killed.items()))
            print(f"round {number:3}: killed {killed}; {one.seconds:.0f} s; lost {one.lost}, doubled {one.doubled}")
            sys.stdout.flush()
    print(f"{ROUNDS} rounds of {PEOPLE} recipients (seed {seed}): lost {lost}, doubled {doubled}")
    if unfinished:
        print(f"{unfinished} recipients had no end within {ENDS_WITHIN:.0f} s")
    return 1 if lost or doubled or unfinished else 0


def _settings(folder: Path, port: int, api_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}
    return kept | {
        "SEGIN_MODE": "demo",
        "SEGIN_DATA_DIR": str(folder),
        "SEGIN_PORT": str(port),
        "SEGIN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SEGIN_QUIET_HOURS": "0",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "SEGIN_TWILIO_SMS_FROM": SMS_NUMBER,
        "SEGIN_TWILIO_SMS_A_SECOND": str(A_SECOND),
        "SEGIN_TWILIO_API_URL": api_url,
    }


def _seed(folder: Path) -> None:
    """Lay a database with people and a broadcast that is to begin at once."""
    os.environ.update(_settings(folder, 1, "http://127.0.0.1:1"))
    with at_home() as house:
        now = house.ports.clock.now()
        with house.ports.store.write() as tx:
            for number in range(PEOPLE):
                tx.ensure_person(f"person{number}", _address(number), now=now)
        with house.database.writing() as connection:
            connection.execute(update(person).values(consent="given", language="fr"))
        _schedule(house)


def _address(number: int) -> Address:
    return Address("sms", f"+223{70000000 + number}")


def _schedule(house: House) -> None:
    writer = Staff("chaos-writer", "", frozenset({"broadcaster"}))
    second = Staff("chaos-second", "", frozenset({"broadcaster"}))
    texts: dict[Language, str] = {"fr": "Bonjour, réunion lundi à 9 h.", "bm": "I ni ce."}
    wanted = Broadcast("", "Chaos", "draft", "text", writer.id, SystemClock().now(), texts)
    desk = house.broadcast_desk
    made = broadcasts.draft(desk, writer, wanted)
    broadcasts.submit(desk, Seen(writer, made.id))
    broadcasts.approve(desk, Seen(second, made.id))
    broadcasts.schedule(desk, Seen(writer, made.id))


def _round(folder: Path, chance: random.Random) -> Round:
    twilio = stand_in(now=SystemClock().now)
    with twilio.running(), _segin(folder, twilio.url) as process, reporting(twilio, seed=chance.randrange(1 << 30)):
        began = time.monotonic()
        _until(lambda: bool(twilio.account.messages))
        killed = _kill(process, twilio, chance)
        left = _until_ended(folder)
        took = time.monotonic() - began
    times = Counter(message.to for message in twilio.account.outgoing())
    wanted = [_address(number).reveal() for number in range(PEOPLE)]
    lost = sum(not times[one] for one in wanted)
    return Round(killed, lost, sum(count - 1 for count in times.values()), took, left)


@contextmanager
def _segin(folder: Path, api_url: str) -> Iterator[subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = _settings(folder, port, api_url)
    segin = Path(sys.executable).with_name("segin")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([segin, "run"], env=environ, stdout=log, stderr=log)  # noqa: S603 our own program
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _kill(process: subprocess.Popen[bytes], twilio: StandIn, chance: random.Random) -> Counter[str]:
    """Kill children at random moments, and let some calls meet a fault."""
    killed: Counter[str] = Counter()
    for pause in sorted(chance.uniform(0, KILL_WITHIN) for _ in range(KILLS)):
        time.sleep(max(0.0, pause / KILLS))
        twilio.account.fail_next(chance.choice(FAULTS))
        children = _children(process.pid)
        if children:
            name = chance.choice(["worker", "worker", *children])
            os.kill(children.get(name, next(iter(children.values()))), signal.SIGKILL)
            killed[name] += 1
    return killed


def _children(pid: int) -> dict[str, int]:
    """Name the children of `segin run`: Redis by its program, web and worker by the order of their start."""
    found = sorted(
        int(child)
        for children in Path(f"/proc/{pid}/task").glob("*/children")
        for child in children.read_text(encoding="ascii").split()
    )
    redis = [one for one in found if _program(one).endswith(SERVERS)]
    others = [one for one in found if one not in redis]
    web = [one for one in others if _listens(one)]
    worker = [one for one in others if one not in web]
    return {name: pids[0] for name, pids in (("Redis", redis), ("web", web), ("worker", worker)) if pids}


def _program(pid: int) -> str:
    """Name the program that runs, not its arguments: a data folder may be called anything."""
    try:
        return Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return ""


def _listens(pid: int) -> bool:
    """Say whether a process holds the listening socket: the worker has closed it."""
    tcp = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    listening = {f"socket:[{line.split()[9]}]" for line in tcp if line.split()[3] == "0A"}
    try:
        return any(str(one.readlink()) in listening for one in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + ENDS_WITHIN
    while not true():
        if time.monotonic() > end:
            msg = "Nothing was sent: read the log of `segin run`."
            raise RuntimeError(msg)
        time.sleep(0.05)


def _until_ended(folder: Path) -> int:
    """Wait until every recipient is at an end; return how many are not."""
    os.environ.update(_settings(folder, 1, "http://127.0.0.1:1"))
    end = time.monotonic() + ENDS_WITHIN
    with at_home() as house:
        (one,) = house.broadcasts.all()
        left = PEOPLE
        while left and time.monotonic() < end:
            counts = house.broadcasts.counts(one.id)
            left = sum(count for status, count in counts.items() if status not in ENDED)
            time.sleep(0.5)
    return left


if __name__ == "__main__":
    raise SystemExit(main())
