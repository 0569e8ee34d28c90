"""Close the audit trail: put links of a hash chain over its lines, never inside a turn."""

import logging
from datetime import timedelta

from bot.ports import Clock
from bot.ports.audit import Trail

RIPE = timedelta(minutes=5)  # PostgreSQL gives numbers before the commit: by then the last such line is there

log = logging.getLogger(__name__)


def close_audit(trail: Trail, clock: Clock) -> int:
    """Close every line that is old enough; return how many links were made.

    The newest hash goes to the log, which lies outside the database: it proves that nothing was cut off the end.
    """
    now, made, head = clock.now(), 0, ""
    while newest := trail.close(until=now - RIPE, now=now):
        made, head = made + 1, newest
    if head:
        log.info("The audit trail is closed; its newest link is %s.", head)
    return made
