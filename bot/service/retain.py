"""Take away, day by day, what is older than its period; and at the provider what is kept here by now."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.retention import Kind, cutoff
from bot.ports.retention import NotNow, RedactionBook, Redactor, RetentionBook
from bot.service.ports import Ports

log = logging.getLogger(__name__)

DAILY = timedelta(hours=23)  # the clock that calls comes each hour
BATCH = 200  # rows under one write lock: some milliseconds, so that people do not wait
BATCHES = 500  # a hundred thousand rows a call; the rest comes with the next hour
PERSONS = 20  # each is a transaction of its own
BY = "segin"
REDACTED_AT_ONCE = 50
PURGED: tuple[Kind, ...] = ("media", "messages", "cases")


def retain(ports: Ports, book: RetentionBook, periods: Mapping[Kind, int]) -> int:
    """Purge what is due, once a day, and return how much; one audit line says how much of what. Raises StorageAway."""
    now = ports.clock.now()
    last = book.last_run()
    if last is not None and now - last < DAILY:
        return 0
    counts = {kind: _purge(book, kind, cutoff(periods, kind, now)) for kind in PURGED}
    counts["persons"] = _forget_silent(ports, book, cutoff(periods, "persons", now))
    for kind, count in counts.items():
        if count:
            book.counted(kind, count, now)
    if max(counts.values()) < BATCH * BATCHES:
        book.counted("run", 1, now)
    _note(ports, {kind: count for kind, count in counts.items() if count}, now)
    return sum(counts.values())


def _purge(book: RetentionBook, kind: Kind, before: datetime) -> int:
    done = 0
    for _ in range(BATCHES):
        taken = book.purge(kind, before, limit=BATCH)
        done += taken
        if taken < BATCH:
            break
    return done


def _forget_silent(ports: Ports, book: RetentionBook, before: datetime) -> int:
    done = 0
    for _ in range(BATCHES):
        found = book.silent(before, limit=PERSONS)
        for person_id in found:
            with ports.store.write() as tx:
                done += tx.forget(person_id, receipt=ports.ids.new(), now=ports.clock.now())
        if len(found) < PERSONS:
            break
    return done


def _note(ports: Ports, counts: Mapping[str, int], now: datetime) -> None:
    if counts:
        detail = " ".join(f"{kind}={count}" for kind, count in counts.items())
        with ports.store.write() as tx:
            tx.audit(actor=BY, action="retention.purge", object_id="retention", now=now, detail=detail)


def redact_at_provider(book: RedactionBook, redactor: Redactor, *, now: datetime, after: timedelta) -> int:
    """Take away texts and media that the provider has had for longer than `after`, and return how many messages.

    What it refuses is remembered with its code, so that one message does not stand in the way of the others.
    """
    answers: dict[str, str | None] = {}
    try:
        for held in book.due(before=now - after, limit=REDACTED_AT_ONCE):
            answers[held.provider_id] = redactor.redact(held)
    except NotNow as later:
        log.info("The provider could not take texts away now: %s.", later)
    book.dealt_with(answers, now=now)
    return len(answers)
