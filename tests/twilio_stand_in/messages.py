"""One message as the provider keeps it and shows it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from bot.core.sms_text import size

FINAL = frozenset({"delivered", "read", "undelivered", "failed", "canceled", "received"})


@dataclass(slots=True)
class Message:
    """A message resource. `ends`: the statuses (with error code) that are still to come."""

    sid: str
    account_sid: str
    sender: str | None
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    service: str | None = None
    content: str | None = None  # the template's id
    callback: str | None = None
    sent: datetime | None = None
    updated: datetime | None = None
    error_code: int | None = None
    media: tuple[str, ...] = ()
    ends: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def on_whatsapp(self) -> bool:
        return self.to.startswith("whatsapp:")

    def to_json(self) -> dict[str, Any]:
        """Return the resource as the API shows it: dates in RFC 2822, numbers as text."""
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self.sid}"
        fresh = self.service is not None and self.status == "accepted"
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.updated or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": f"Error {self.error_code}" if self.error_code else None,
            "from": self.sender,
            "messaging_service_sid": self.service,
            "num_media": str(len(self.media)),
            "num_segments": "0" if fresh else "1" if self.on_whatsapp else str(size(self.body).segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }
