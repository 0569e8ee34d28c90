"""An account at the provider: its messages, its rules, and what tests may make go wrong."""

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from werkzeug.datastructures import MultiDict

from tests.twilio_stand_in.messages import FINAL, Message
from tests.twilio_stand_in.refusals import E164, Refusal, refusal

Fault = Literal["500", "429", "hang", "close", "500 after accepting"]  # "close": accepted, then the line is cut
DAY = timedelta(days=1)
LOOP = 15


@dataclass
class Account:
    """Everything that a real account would remember. `now` is its clock."""

    sid: str
    tokens: list[str]
    now: Callable[[], datetime]
    senders: set[str]
    countries: set[str] = field(default_factory=lambda: {"ML"})
    opted_out: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)  # switched-off phones: undelivered, 30003
    new_people_a_day: int | None = None  # WhatsApp: people written to first
    messages_a_second: int | None = None
    faults: deque[Fault] = field(default_factory=deque)
    messages: dict[str, Message] = field(default_factory=dict)
    alarms: list[int] = field(default_factory=list)  # codes that the provider's debugger would show
    _wrote_last: dict[str, datetime] = field(default_factory=dict)
    _approached: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fail_next(self, *faults: Fault) -> None:
        """Let the next calls of the API meet these faults, one each."""
        self.faults.extend(faults)

    def outgoing(self) -> list[Message]:
        """Return the messages to people, oldest first."""
        return [message for message in list(self.messages.values()) if message.direction != "inbound"]

    def create(self, form: MultiDict[str, str]) -> Message:
        """Take a message to be sent. Raises Refusal."""
        refused = refusal(self, form)
        if refused:
            raise refused
        if self.messages_a_second is not None and self._made_this_second() >= self.messages_a_second:
            raise Refusal(20429, "Too Many Requests", 429)
        message = self._keep(
            sender=form.get("From") or None,
            to=form["To"],
            body=form.get("Body", ""),
            direction="outbound-api",
            service=form.get("MessagingServiceSid"),
            callback=form.get("StatusCallback"),
            media=tuple(form.getlist("MediaUrl")),
            content=form.get("ContentSid"),
        )
        message.ends = self._fate(message, template=bool(form.get("ContentSid")))
        return message

    def reply(self, incoming: Message, body: str, callback: str | None) -> Message | None:
        """Take a message from a webhook's answer: what a call would refuse becomes a failed status here.

        More than 15 replies between two numbers in 30 seconds are a loop, and none is sent.
        """
        if self._replied_lately(incoming) >= LOOP:
            self.alarms.append(14107)
            return None
        message = self._keep(
            sender=incoming.to, to=incoming.sender or "", body=body, direction="outbound-reply", callback=callback
        )
        refused = refusal(self, MultiDict({"To": message.to, "From": message.sender or "", "Body": body}))
        message.ends = [("failed", refused.code)] if refused else self._fate(message, template=False)
        return message

    def _replied_lately(self, incoming: Message) -> int:
        since = self.now() - timedelta(seconds=30)
        replies = (one for one in self.outgoing() if one.direction == "outbound-reply" and one.created >= since)
        return sum((one.sender, one.to) == (incoming.to, incoming.sender) for one in replies)

    def take_in(self, *, sender: str, to: str, body: str) -> Message:
        """Keep a person's message; it opens their WhatsApp window."""
        self._wrote_last[sender] = self.now()
        message = self._keep(sender=sender, to=to, body=body, direction="inbound")
        message.status, message.sent = "received", message.created
        return message

    def move(self, message: Message, status: str, code: int | None) -> None:
        """Let a message take its next status."""
        message.status, message.error_code, message.updated = status, code, self.now()
        if status == "sent":
            message.sent = self.now()

    def cancel(self, message: Message) -> None:
        """Stop what has not left. Raises Refusal."""
        if message.status in FINAL or message.status == "sent":
            raise Refusal(30409, "Message cannot be canceled in its current state.", 409)
        message.ends = []
        self.move(message, "canceled", None)

    def listed(self, *, to: str | None, sender: str | None, after: datetime | None) -> list[Message]:
        """Return messages, newest first."""
        found: Iterable[Message] = reversed(list(self.messages.values()))  # others may be taken in meanwhile
        return [
            message
            for message in found
            if to in {None, message.to}
            and sender in {None, message.sender}
            and (after is None or (message.sent is not None and message.sent >= after))
        ]

    def _keep(self, **fields: object) -> Message:
        sid = f"SM{next(self._numbers):032x}"
        status = "accepted" if fields.get("service") else "queued"
        message = Message(sid=sid, account_sid=self.sid, status=status, created=self._second(), **fields)  # type: ignore[arg-type]
        self.messages[sid] = message
        return message

    def _second(self) -> datetime:
        return self.now().replace(microsecond=0)  # the provider's times have whole seconds

    def _made_this_second(self) -> int:
        return sum(message.created == self._second() for message in self.outgoing())

    def _fate(self, message: Message, *, template: bool) -> list[tuple[str, int | None]]:
        start: list[tuple[str, int | None]] = [("queued", None)] if message.service else []
        if message.on_whatsapp:
            return start + self._whatsapp_fate(message, template=template)
        if not E164.fullmatch(message.to) or message.to in self.silent:
            return [*start, ("sent", None), ("undelivered", 30003)]
        return [*start, ("sent", None), ("delivered", None)]

    def _whatsapp_fate(self, message: Message, *, template: bool) -> list[tuple[str, int | None]]:
        if self.now() - self._wrote_last.get(message.to, self.now() - 2 * DAY) < DAY:
            return [("sent", None), ("delivered", None), ("read", None)]
        if not template:
            return [("failed", 63016)]
        self._approached.add(message.to)
        if self.new_people_a_day is not None and len(self._approached) > self.new_people_a_day:
            return [("failed", 63018)]
        return [("sent", None), ("delivered", None)]


def read_date(text: str) -> datetime | None:
    """Read a date or time of a list's filter, in UTC."""
    plain = re.sub(r"Z$", "+00:00", text)
    return datetime.fromisoformat(plain if "T" in plain else f"{plain}T00:00:00+00:00") if plain else None
