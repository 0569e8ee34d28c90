"""The product as it runs, between a provider that is played and people who are: nothing lost, doubled or told on."""

import contextlib
import itertools
import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from bot.adapters.clock import SystemClock
from bot.adapters.crypto import Vault
from bot.adapters.keys import load_or_create
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.core.messages import Address
from bot.ports import Reminder
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, stand_in

pytestmark = [pytest.mark.tree, pytest.mark.redis]
SEGIN = Path(sys.executable).with_name("segin")
DUTY = "+22370000009"
AWA = "+22376987654"
READY = "runs in demo mode"


@dataclass
class Installation:
    """One data folder, its settings, and the programs that run on it."""

    twilio: StandIn
    data: Path
    port: int
    told: Path  # all that the programs write

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/twilio/messages"

    def settings(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}
        return clean | {
            "SEGIN_MODE": "demo",
            "SEGIN_DATA_DIR": str(self.data),
            "SEGIN_PORT": str(self.port),
            "SEGIN_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "SEGIN_ALERT_TO": DUTY,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "SEGIN_TWILIO_SMS_FROM": SMS_NUMBER,
            "SEGIN_TWILIO_WHATSAPP_FROM": WHATSAPP_NUMBER,
            "SEGIN_TWILIO_API_URL": self.twilio.url,
        }

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        with self.told.open("ab") as told:
            process = subprocess.Popen([SEGIN, *command], env=self.settings(), stdout=told, stderr=told)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.running("serve") as process:
            until(lambda: self.get("/readyz") == 200, process)
            yield process

    def get(self, path: str) -> int:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=5).status_code
        except requests.RequestException:
            return 0

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        database = Database(f"sqlite:///{self.data / 'segin.db'}")
        try:
            yield SqlStore(database, Vault(load_or_create(self.data)))
        finally:
            database.close()

    def sent_to(self, number: str) -> list[str]:
        return [message.body for message in self.twilio.account.outgoing() if message.to == number]


def until(found: Callable[[], bool], *processes: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Look ten times a second; what ends meanwhile, or never comes, is a failure."""
    for _ in range(int(seconds * 10)):
        if found():
            return
        ended, _, _ = select.select([os.pidfd_open(one.pid) for one in processes], [], [], 0.1)
        assert not ended, "a program ended"
    pytest.fail("It did not come about.")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with stand_in(now=SystemClock().now).running() as twilio:
        yield Installation(twilio, tmp_path / "data", port, tmp_path / "told")


def test_a_message_whose_webhook_was_lost_is_taken_in_and_answered_once(here: Installation):
    with here.serving() as web:
        here.twilio.lost_webhooks = 1
        lost = here.twilio.person_writes(here.webhook, "Bonjour", sender=AWA)
        with here.running("worker") as worker:
            until(lambda: here.sent_to(AWA) != [], web, worker)
        first = here.sent_to(AWA)
        with here.running("worker") as worker:
            here.twilio.knock_again(here.webhook, lost)
            until(lambda: here.get("/readyz") == 200, web, worker)

    assert "Segin" in first[0]
    assert here.sent_to(AWA) == first
    assert b"<Message" not in here.twilio.answers[-1].body


def test_a_reply_that_nobody_confirmed_is_asked_for_and_then_sent_once(here: Installation):
    with here.serving() as web:
        message = here.twilio.person_writes(here.webhook, "Bonjour", sender=AWA)
        arrived, lost = here.twilio.account.outgoing()
        del here.twilio.account.messages[lost.sid]  # the provider never made it out of our answer
        _let_leases_end(here)
        with here.running("worker") as worker:
            until(lambda: len(here.sent_to(AWA)) == 2, web, worker)
        here.twilio.knock_again(here.webhook, message)

    assert sorted(here.sent_to(AWA)) == sorted([arrived.body, lost.body])
    assert [one.direction for one in here.twilio.account.outgoing()] == ["outbound-reply", "outbound-api"]
    assert b"<Message" not in here.twilio.answers[-1].body


def _let_leases_end(here: Installation) -> None:
    database = Database(f"sqlite:///{here.data / 'segin.db'}")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE outgoing SET lease_until = created_at WHERE status = 'sending'")
    database.close()


def test_a_reminder_whose_day_has_come_is_sent_by_a_call_of_ours(here: Installation):
    with here.serving() as web:
        here.twilio.person_writes(here.webhook, "Bonjour", sender=AWA)
        answered = len(here.sent_to(AWA))
        yesterday = SystemClock().now() - timedelta(days=1)
        with here.store() as store, store.write() as tx:
            known = store.look_up(Address("sms", AWA), provider="twilio", provider_id="-", now=yesterday)
            assert known.person
            tx.add_reminder(Reminder("r" * 32, known.person.id, "lost_document_follow_up", yesterday))
        with here.running("worker") as worker:
            until(lambda: len(here.sent_to(AWA)) > answered, web, worker)

    assert [one.direction for one in here.twilio.account.outgoing()][answered:] == ["outbound-api"]


def test_nothing_is_lost_or_doubled_when_any_part_is_killed(here: Installation):
    people = [f"+22376000{number:03d}" for number in range(4)]
    texts = ["Bonjour", "j'ai perdu ma carte", "1", "il va me tuer", "menu", "2", "merci", "bonjour"]
    with here.running("run") as process:
        until(lambda: here.get("/readyz") == 200, process)
        enough, written = threading.Event(), []
        threads = [threading.Thread(target=_write_on, args=(here, person, texts, enough, written)) for person in people]
        for thread in threads:
            thread.start()
        for part in ("worker", "redis", "web process", "web server", "worker", "web process"):
            until(lambda part=part: _killed(process.pid, part), process)
            until(lambda: here.get("/readyz") == 200, process)
        enough.set()
        for thread in threads:
            thread.join()
        _let_leases_end(here)
        until(lambda: len(here.sent_to(DUTY)) == len(people), process)
        watched = [os.pidfd_open(pid) for pid in _below(process.pid)]
        process.kill()

    for one in watched:
        assert select.select([one], [], [], 30)[0], "a process was left behind"
    listening = socket.create_server(("127.0.0.1", here.port))
    listening.close()
    assert len(set(here.sent_to(DUTY))) == len(here.sent_to(DUTY)) == len(people)
    assert _kept(here) == (len(written), len(set(written)), 0)


def _kept(here: Installation) -> tuple[int, ...]:
    """Count messages taken in, their different ids, and replies that stand there twice."""
    doubled = "SELECT 1 FROM outgoing WHERE in_reply_to IS NOT NULL GROUP BY in_reply_to, position HAVING count(*) > 1"
    counts = "count(*), count(DISTINCT provider_id)"
    with contextlib.closing(sqlite3.connect(here.data / "segin.db")) as database:
        taken = database.execute(f"SELECT {counts} FROM incoming").fetchone()  # noqa: S608 - our own words
        return (*taken, len(database.execute(doubled).fetchall()))


def _write_on(here: Installation, person: str, texts: list[str], enough: threading.Event, written: list[str]) -> None:
    """Write one text after the other, each until it is taken in, as the provider and a patient person would."""
    for number, text in enumerate(itertools.cycle(texts)):
        if enough.is_set() and number > len(texts):
            return
        sid = here.twilio.account.take_in(sender=person, to=SMS_NUMBER, body=text).sid
        form = {"MessageSid": sid, "AccountSid": ACCOUNT_SID, "From": person, "To": SMS_NUMBER, "Body": text}
        statuses = (here.twilio.knocker.knock(here.webhook, form)[-1].status for _ in range(500))
        assert 200 in statuses
        written.append(sid)


def _parts(run: int) -> dict[str, int]:
    """Name the processes of the tree, {} until all are there: the web server is the one that has children."""
    found: dict[str, int] = {}
    for pid in (pid for pid in _below(run) if _read(f"/proc/{pid}/cmdline") and _parent(pid) == run):
        below = _below(pid)
        is_redis = "valkey" in _read(f"/proc/{pid}/cmdline")
        found["redis" if is_redis else "web server" if below else "worker"] = pid
        found |= {"web process": below[0]} if below else {}
    return found if set(found) == {"redis", "worker", "web server", "web process"} else {}


def _killed(run: int, part: str) -> bool:
    """Kill one part of a tree that is whole, and say whether it was."""
    pid = _parts(run).get(part)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    return pid is not None


def _read(path: str) -> str:
    """Read a file about a process; what has ended in between has none."""
    with contextlib.suppress(OSError):
        return Path(path).read_text()
    return ""


def _parent(pid: int) -> int:
    return int((_read(f"/proc/{pid}/stat").rpartition(")")[2].split() or ["", "0"])[1])


def _below(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in _read(str(children)).split()]
    return found[1:]


CANARY = ("kanari", "76987654", "66987654", "76 98 76 54", "66 98 76 54")
TOLD = (
    "Bonjour, ici Kanarikaba",
    "3",
    "1",
    "Kanarikaba",
    "Kayes",
    "66 98 76 54",
    "1",
    "mon frere Kanarimugu 66 98 76 54",
    "j'ai perdu ma carte Kanarikaba",
    "1",
    "un agent m'a demande de l'argent, il s'appelle Kanaritigi",
    "Kanarikaba va me tuer, appelez 76 98 76 54",
    "kanarikaba blablabla 66987654",
    "9",
)


def test_canary_personal_data_appears_in_no_log_file_metric_or_process_list(here: Installation):
    with here.running("run") as process:
        until(lambda: here.get("/readyz") == 200, process)
        here.twilio.account.fail_next(*["429"] * 9)  # so that there is something to complain about
        for sender in (AWA, f"whatsapp:{AWA}"):
            for text in TOLD:
                here.twilio.person_writes(here.webhook, text, sender=sender)
        here.twilio.person_writes(here.webhook, "Kanarikaba", sender=f"{AWA}:kanari")
        here.twilio.person_calls(here.webhook.replace("messages", "voice"), sender=AWA)
        with _locked(here):
            here.twilio.person_writes(here.webhook, "Kanarikaba 76987654", sender=AWA)
        here.twilio.report()
        requests.post(here.webhook, data={"From": AWA, "Body": "Kanarikaba"}, timeout=20)
        requests.get(here.webhook, params={"From": AWA, "Body": "Kanarikaba"}, timeout=20)
        until(lambda: b" was refused " in here.told.read_bytes(), process)
        metrics = requests.get(here.webhook.replace("webhooks/twilio/messages", "metrics"), timeout=20).text
        commands = "".join(_read(f"/proc/{pid}/cmdline") for pid in _below(process.pid))

    with here.store() as store:
        assert any("Kanarikaba" in event.text for case in store.cases() for event in store.timeline(case.id))
    files = [path for path in (*here.data.rglob("*"), here.told) if path.is_file()]
    assert len(files) > 8
    assert any(answer.status == 503 for answer in here.twilio.answers)
    for where, text in {path.name: path.read_bytes() for path in files}.items():
        assert [bird for bird in CANARY if bird.encode() in text.lower()] == [], where
    others = " ".join([metrics, commands, *here.sent_to(DUTY), *(str(path) for path in files)]).lower()
    assert [bird for bird in CANARY if bird in others] == []


@contextmanager
def _locked(here: Installation) -> Iterator[None]:
    stranger = sqlite3.connect(here.data / "segin.db", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        stranger.execute("ROLLBACK")
        stranger.close()
