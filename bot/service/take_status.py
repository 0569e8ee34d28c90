"""Take in what a provider reports about one of our messages."""

from dataclasses import dataclass
from typing import Literal

from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Store


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report, in our words."""

    provider: str
    provider_id: str
    status: Status
    row_id: str | None = None  # what our call-back address carried
    error_code: str | None = None
    verdict: Literal["ok", "opted_out"] = "ok"


def take_status(store: Store, clock: Clock, report: Report) -> bool:
    """Move the message forward, never back, and return whether it is one of ours.

    Reports come doubled, in any order, and before the provider's own answer is stored: the row is found by the id in
    the call-back address first, by the provider's id second. An opt-out known to the provider becomes ours.
    """
    row = _row(store, report)
    if row is None:
        return False
    with store.write() as tx:
        tx.update_outgoing(
            row.id,
            {
                "status": report.status,
                "provider_id": report.provider_id,
                "error_code": report.error_code,
                "lease_until": None,
            },
        )
        if report.verdict == "opted_out" and row.person_id:
            tx.set_opt_out(row.person_id, "all", word=f"{report.provider} {report.error_code}", now=clock.now())
    return True


def _row(store: Store, report: Report) -> OutgoingRow | None:
    by_id = store.outgoing(report.row_id) if report.row_id else None
    return by_id or store.outgoing_by_provider_id(report.provider, report.provider_id)
