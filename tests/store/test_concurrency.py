"""Several processes and threads write at the same instant, and one is killed."""

import multiprocessing
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.adapters.sql.store import SqlStore
from bot.ports import Conflict
from tests.store.people import AWA, NOW, look_up, meet, message, row

ROOT = Path(__file__).parents[2]


class Worker:
    """A process of its own."""

    def __init__(self, url, *step):
        command = [sys.executable, "-m", "tests.store.workers", url, *step]
        self.process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def hear(self):
        return self.process.stdout.readline().strip()

    def go(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()


def race(url, *steps):
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(url, "take", *step)) for step in steps]
        assert [worker.hear() for worker in workers] == ["decided"] * len(steps)
        for worker in workers:
            worker.go()
        return sorted(worker.hear() for worker in workers)


@pytest.fixture
def text_url(database):
    return database.url.render_as_string(hide_password=False)


def test_the_same_message_twice_at_the_same_instant_counts_once(store, text_url):
    meet(store)

    assert race(text_url, ("awa", "SM1"), ("awa", "SM1")) == ["taken", "written"]
    assert look_up(store).version == 1


def test_two_messages_of_one_person_at_the_same_instant_are_not_decided_on_the_same_state(store, text_url):
    meet(store)
    with store.write() as tx:
        tx.save_state("awa", {}, expected=0, now=NOW)

    assert race(text_url, ("awa", "SM1"), ("awa", "SM2")) == ["conflict", "written"]
    assert look_up(store).version == 2


def test_two_first_messages_at_the_same_instant_make_one_person(store, text_url):
    outcome = race(text_url, ("one", "SM1"), ("two", "SM2"))

    assert outcome == ["conflict", "written"]
    assert [store.person(name).person is None for name in ("one", "two")].count(False) == 1


def test_a_killed_writer_loses_only_what_was_not_committed(store, text_url):
    meet(store)
    with store.write() as tx:
        tx.claim(message(sid="SM-whole"), row_id="in-whole", person_id="awa")
        tx.add_outgoing([row(row_id="out-whole", in_reply_to="in-whole")])
    with Worker(text_url, "stop_inside") as worker:
        assert worker.hear() == "inside"
        worker.process.kill()
        worker.process.wait()

    with store.write() as tx:
        tx.save_state("awa", {}, expected=0, now=NOW)
    assert store.outgoing("out-half") is None
    assert look_up(store, sid="SM-half").answered is None
    assert [reply.id for reply in look_up(store, sid="SM-whole").answered] == ["out-whole"]


def test_a_row_is_claimed_by_one_of_many_threads(store):
    meet(store)
    with store.write() as tx:
        tx.add_outgoing([row(row_id=f"out{n}") for n in range(40)])
    claimed = []

    def work():
        while rows := store.claim_due(limit=3, lease_until=NOW, now=NOW):
            claimed.extend(found.id for found in rows)

    run_all([work] * 4)

    assert sorted(claimed) == sorted(f"out{n}" for n in range(40))


def test_no_message_of_many_threads_is_lost(store):
    meet(store)

    def write():
        for _ in range(10):
            written = False
            while not written:
                known = look_up(store)
                try:
                    with store.write() as tx:
                        tx.save_state("awa", {}, expected=known.version, now=NOW)
                    written = True
                except Conflict:
                    written = False

    run_all([write] * 4)

    assert look_up(store).version == 40


def run_all(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write_in_child(store: SqlStore) -> None:
    with store.write() as tx:
        tx.save_state("awa", {"by": "child"}, expected=look_up(store).version, now=NOW)


def test_it_works_on_both_sides_of_a_fork(store):
    meet(store)
    child = multiprocessing.get_context("fork").Process(target=write_in_child, args=(store,))
    child.start()
    child.join()

    assert child.exitcode == 0
    known = look_up(store)
    assert known.state == {"by": "child"}
    with store.write() as tx:
        tx.save_state("awa", {"by": "parent"}, expected=known.version, now=NOW)
    assert look_up(store, AWA).version == 2


def test_writers_of_two_processes_wait_for_each_other_after_a_fork(store):
    meet(store)
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=write_ten, args=(store,)) for _ in range(2)]
    for child in children:
        child.start()
    write_ten(store)
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0]
    assert look_up(store).version == 30


def write_ten(store: SqlStore) -> None:
    written = 0
    while written < 10:
        try:
            with store.write() as tx:
                tx.save_state("awa", {}, expected=look_up(store).version, now=NOW)
            written += 1
        except Conflict:
            continue
