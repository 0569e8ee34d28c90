"""What of a person's data may leave by whose hands: complaints by the focal point's alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.staff import Staff

COMPLAINT: Final = "complaint"  # in the name of each response of that conversation
Row = Mapping[str, Any]


def for_hands(whole: Mapping[str, Any], staff: Staff) -> Mapping[str, Any]:
    """Return an export (rows by table) without what is for the focal point's eyes only, unless it is for theirs.

    Left out are sensitive cases with all that hangs on them, the turns in which the complaint was told, what stands
    word for word in its story, and the state of a conversation that has such turns.
    """
    if staff.may("focal_point"):
        return whole
    tables = {name: rows for name, rows in whole.items() if isinstance(rows, list)}
    secret = {case["id"] for case in tables.get("case_", []) if case["sensitive"]}
    turns = _turns(tables, secret)
    if not secret and not turns:
        return whole
    gone = secret | turns
    kept = {name: [row for row in rows if gone.isdisjoint(_ids(row))] for name, rows in tables.items()}
    kept["outgoing"] = [row for row in kept.get("outgoing", []) if COMPLAINT not in row["response"]]
    return {**whole, **kept, "conversation": []}


def _turns(tables: Mapping[str, Sequence[Row]], secret: set[str]) -> set[str]:
    """Return the messages in which a complaint was told."""
    answered = {
        row["in_reply_to"]
        for row in tables.get("outgoing", [])
        if row.get("in_reply_to") and (COMPLAINT in row["response"] or row.get("case_id") in secret)
    }
    told = {event.get("text") for event in tables.get("case_event", []) if event["case_id"] in secret} - {None, ""}
    return answered | {row["id"] for row in tables.get("incoming", []) if _text(row) in told}


def _text(row: Row) -> str:
    body = row.get("body")
    return str(body.get("text", "")) if isinstance(body, Mapping) else ""


def _ids(row: Row) -> set[str]:
    return {str(row.get(name)) for name in ("id", "case_id", "in_reply_to", "message_id")}
