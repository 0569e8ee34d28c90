"""Another process of the service, steered line by line: `python -m tests.store.workers URL STEP…`."""

import sys

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.ports import AlreadyTaken, Conflict
from tests.store.people import AWA, KEYS, NOW, look_up, message, row


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201 this is how it answers


def wait() -> None:
    sys.stdin.readline()


def take(store: SqlStore, person_id: str, sid: str) -> None:
    """Decide, wait for the word, then write the turn and say what became of it."""
    known = look_up(store, sid=sid)
    say("decided")
    wait()
    try:
        with store.write() as tx:
            tx.claim(message(sid=sid), row_id=f"in-{person_id}-{sid}", person_id=person_id)
            tx.ensure_person(person_id, AWA, now=NOW)
            tx.save_state(person_id, {"by": sid}, expected=known.version, now=NOW)
            tx.add_outgoing([row(person_id, row_id=f"out-{person_id}-{sid}")])
    except AlreadyTaken:
        say("taken")
    except Conflict:
        say("conflict")
    else:
        say("written")


def stop_inside(store: SqlStore) -> None:
    """Stop in the middle of a transaction, to be killed there."""
    with store.write() as tx:
        tx.claim(message(sid="SM-half"), row_id="in-half", person_id="awa")
        tx.add_outgoing([row(row_id="out-half")])
        say("inside")
        wait()


if __name__ == "__main__":
    the_store = SqlStore(Database(sys.argv[1]), Vault(KEYS))
    if sys.argv[2] == "take":
        take(the_store, *sys.argv[3:])
    else:
        stop_inside(the_store)
