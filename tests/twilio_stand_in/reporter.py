"""Delivery reports by themselves: some late, some doubled, some backwards, as a real network has them."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.twilio_stand_in import Manner, StandIn

MANNERS: "tuple[Manner, ...]" = ("in order", "in order", "doubled", "backwards")
LATE = 0.2  # of the messages wait for another round
EVERY = 0.1  # seconds


@contextmanager
def reporting(twilio: "StandIn", *, seed: int = 0) -> Iterator[None]:
    """Report on every message of the stand-in while the block lasts."""
    done = threading.Event()
    chance = random.Random(seed)  # noqa: S311 a test's own dice

    def report() -> None:
        while not done.wait(EVERY):
            waiting = [one for one in list(twilio.account.messages.values()) if one.ends and one.callback]
            for message in waiting:
                if done.is_set():
                    return
                if chance.random() >= LATE:
                    twilio.report(message, manner=chance.choice(MANNERS))

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
