"""Fetch voice notes and pictures that came with messages, and keep them sealed."""

from datetime import timedelta

from bot.core.media import ENDINGS
from bot.ports import Clock
from bot.ports.media import MediaBook, MediaSource, NotFetched, NotKept, Wanted

SLICE = 4  # each may take a minute
LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=5)  # doubled with each try
TRIES = 8  # about a day


def fetch_media(book: MediaBook, source: MediaSource, clock: Clock) -> int:
    """Fetch what is due and return how many were tried. Raises StorageAway."""
    wanted = book.claim(limit=SLICE, now=clock.now(), until=clock.now() + LEASE)
    for one in wanted:
        _fetch(book, source, clock, one)
    return len(wanted)


def _fetch(book: MediaBook, source: MediaSource, clock: Clock, one: Wanted) -> None:
    if one.content_type and one.content_type not in ENDINGS:
        book.refuse(one.id, "kind")
        return
    try:
        book.keep(one.id, source.fetch(one.address))
    except NotKept as never:
        book.refuse(one.id, never.args[0])
    except NotFetched:
        if one.tries + 1 >= TRIES:
            book.refuse(one.id, "away")
        else:
            book.later(one.id, clock.now() + PAUSE * 2**one.tries)
