"""What happens to a message of a broadcast happens to its recipient: the ledger follows the outgoing rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, or_, select, update

from bot.adapters.sql import hot, money
from bot.adapters.sql.tables import outgoing
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.core import limits
from bot.core.deliveries import ENDS, LOST
from bot.core.messages import Status

_GOES_ON = broadcast.c.state.in_(("running", "paused"))

# Of no broadcast, or of one that runs: what is paused or called off stays where it is. A broadcast that pauses for want
# of money has paid for what is queued.
_PAID = and_(broadcast.c.state == "paused", broadcast.c.pause_reason.in_(("budget", "month_budget")))
IS_BULK = outgoing.c.priority == 4  # noqa: PLR2004 a broadcast's, see rows.py; as a number it fits the index
IS_NOT_BULK = outgoing.c.priority < 4  # noqa: PLR2004
RUNS = or_(
    outgoing.c.broadcast_id.is_(None),
    IS_NOT_BULK,  # its text, to somebody who has answered the template: they wait for it
    exists().where(broadcast.c.id == outgoing.c.broadcast_id, or_(broadcast.c.state == "running", _PAID)),
)
AWAITS = "awaits_answer"  # of `core.outreach.Reason`: the template has left, the text has not
# A recipient whose template has left, and nothing else: its arrival is not that of the text.
ASKED = and_(recipient.c.reason == AWAITS, recipient.c.status.in_((Status.ACCEPTED.value, Status.SENT.value)))

_FOLLOWS = (
    update(recipient)
    .where(recipient.c.outgoing_id == bindparam("row"))
    .values(status=bindparam("now_status"), reason=bindparam("now_reason"))
)


def follow(connection: Connection, row_id: str, changes: Mapping[str, Any], *, asks: bool) -> None:
    """Write what became of a message on its recipient's row; a WhatsApp message that failed may go as SMS instead.

    `asks`: it is a template, and the text waits for its answer.
    """
    status, code = str(changes["status"]), str(changes.get("error_code") or "")
    if status == Status.QUEUED.value:  # a try that was refused for now: the recipient is still being sent to
        connection.execute(_of(row_id).values(reason=code))
        return
    if status in LOST and _as_sms(connection, row_id, code):
        return
    if status == Status.SKIPPED.value:
        money.give_back(connection, recipient.c.outgoing_id == row_id)
    if asks and status not in ENDS:
        status, code = Status.ACCEPTED.value if status == Status.ACCEPTED.value else Status.SENT.value, AWAITS
    # The message's own change brings the time; a report that is late by hours is written down when it comes.
    hot.execute(connection, _FOLLOWS, {"row": row_id, "now_status": status, "now_reason": code})


def _of(row_id: str) -> Any:
    return update(recipient).where(recipient.c.outgoing_id == row_id)


def _as_sms(connection: Connection, row_id: str, code: str) -> bool:
    again = {"status": Status.QUEUED.value, "channel": "sms", "reason": code, "not_before": recipient.c.changed_at}
    allowed = exists().where(broadcast.c.id == recipient.c.broadcast_id, broadcast.c.sms_fallback, _GOES_ON)
    query = _of(row_id).where(recipient.c.channel == "whatsapp", allowed).values(again)
    return connection.execute(query).rowcount > 0


def send_again(connection: Connection, row_id: str, *, not_before: datetime) -> bool:
    """Let a recipient whose message did not arrive wait for another; False when there were enough tries."""
    goes_on = exists().where(broadcast.c.id == recipient.c.broadcast_id, _GOES_ON)
    lost = and_(recipient.c.status.in_(LOST), recipient.c.tries < limits.BROADCAST_TRIES)
    query = _of(row_id).where(lost, goes_on).values(status=Status.QUEUED.value, not_before=not_before)
    return connection.execute(query).rowcount > 0


def opened(connection: Connection, row_id: str, text_id: str, *, now: datetime) -> None:
    """Let a recipient who has answered the template follow the text itself."""
    values = {"outgoing_id": text_id, "status": Status.SENDING.value, "reason": "", "changed_at": now}
    connection.execute(_of(row_id).values(values | {"tries": recipient.c.tries + 1}))


def end_unanswered(connection: Connection, broadcast_id: str, *, now: datetime) -> None:
    """Leave out whoever has not answered the template in time; what comes of it later is about a template alone."""
    late = recipient.c.changed_at <= now - limits.TEMPLATE_WAITS
    _end(connection, "no_answer", recipient.c.broadcast_id == broadcast_id, ASKED, late)


def end_asked(connection: Connection, row_ids: list[str], reason: str) -> None:
    """Leave out whoever got these templates: the text will not follow."""
    _end(connection, reason, recipient.c.outgoing_id.in_(row_ids))


def _end(connection: Connection, reason: str, *which: ColumnElement[bool]) -> None:
    values = {"status": Status.SKIPPED.value, "reason": reason, "outgoing_id": None}
    connection.execute(update(recipient).where(*which).values(values))


def stop(connection: Connection, broadcast_id: str, reason: str) -> None:
    """Pause a broadcast that runs."""
    values = {"state": "paused", "pause_reason": reason, "version": broadcast.c.version + 1}
    query = update(broadcast).where(broadcast.c.id == broadcast_id, broadcast.c.state == "running")
    connection.execute(query.values(values))


def skip(connection: Connection, row_ids: list[str], reason: str) -> None:
    """Note that messages which had been queued will not be sent."""
    handed = and_(recipient.c.outgoing_id.in_(row_ids), recipient.c.status == "sending")
    money.give_back(connection, handed)
    connection.execute(update(recipient).where(handed).values(status=Status.SKIPPED.value, reason=reason))


def forget(connection: Connection, person_id: str) -> None:
    """Leave out somebody who has been erased, wherever nothing has left yet; asked before their messages are."""
    queued = select(outgoing.c.id).where(outgoing.c.person_id == person_id, outgoing.c.status == Status.QUEUED.value)
    waits = or_(recipient.c.status == "queued", recipient.c.outgoing_id.in_(queued))
    mine = and_(recipient.c.person_id == person_id, waits)
    money.give_back(connection, mine)
    connection.execute(update(recipient).where(mine, recipient.c.tries == 0).values(centimes=0))
    connection.execute(update(recipient).where(mine).values(status=Status.SKIPPED.value, reason="erased"))


def kind_of(bulk: bool | None) -> list[ColumnElement[bool]]:  # noqa: FBT001 as the port has it
    """Select broadcasts, all else, or (None) everything."""
    if bulk is None:
        return []
    return [IS_BULK if bulk else IS_NOT_BULK]
