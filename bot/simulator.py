"""A person with a phone, without a phone: what terminal, simulator page and scripted talks write through."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.effects import Effect, Say, effect_name
from bot.core.messages import Address, Channel, ContentKind, Incoming, Status
from bot.core.people import Person
from bot.ports import Clock, OutgoingRow
from bot.service.begin_flow import send_reminders
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import Taken, receive_message

PROVIDER = "simulator"
OWN_NUMBER = "segin"


@dataclass(slots=True)
class ShiftedClock:
    """A clock that can be set forward, so that "after a week" can be tried at once."""

    base: Clock
    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the base clock's time, shifted."""
        return self.base.now() + self.shift


@dataclass(slots=True)
class StoppedClock:
    """A clock that shows what it was set to."""

    at: datetime

    def now(self) -> datetime:
        """Return the time it was set to, in UTC."""
        return self.at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Phone:
    """One simulated phone."""

    brain: Brain
    ports: Ports
    channel: Channel
    number: str

    def write(self, text: str, *, content: ContentKind = "text", payload: str | None = None) -> Taken:
        """Send one message to the assistant and return what came of it."""
        incoming = Incoming(
            provider=PROVIDER,
            provider_id=self.ports.ids.new(),
            sender=Address(self.channel, self.number),
            recipient=OWN_NUMBER,
            text=text,
            received_at=self.ports.clock.now(),
            content=content,
            payload=payload,
        )
        return receive_message(self.brain, self.ports, incoming)

    def reminders(self) -> tuple[OutgoingRow, ...]:
        """Let this person's reminders that are due be sent and return what reached them."""
        person = self.person()
        if person:
            send_reminders(self.brain, self.ports, only=person.id)
        return self.waiting()

    def person(self) -> Person | None:
        """Return who writes from this phone, once they have written."""
        here, now = Address(self.channel, self.number), self.ports.clock.now()
        return self.ports.store.look_up(here, provider=PROVIDER, provider_id="", now=now).person

    def waiting(self) -> tuple[OutgoingRow, ...]:
        """Deliver what waits on simulated phones and return what reached this one."""
        store, now, person = self.ports.store, self.ports.clock.now(), self.person()
        rows = store.claim_due(limit=100, lease_until=now, now=now, provider=PROVIDER)
        with store.write() as tx:
            for row in rows:
                tx.update_outgoing(row.id, {"status": Status.DELIVERED, "lease_until": None})
        return tuple(row for row in rows if person and row.person_id == person.id)


def account(text: str, taken: Taken) -> dict[str, Any]:
    """Describe one exchange in the words of the outside interface (`segin chat --json`)."""
    decision = taken.decision
    frame = decision.state.stack[-1] if decision and decision.state.stack else None
    return {
        "in": text,
        "out": [{"text": row.text, "encoding": row.encoding, "segments": row.segments} for row in taken.rows],
        "flow": frame.flow if frame else None,
        "step": frame.step if frame else None,
        "language": decision.state.lang if decision else None,
        "effects": [describe(effect) for effect in decision.effects if not isinstance(effect, Say)] if decision else [],
    }


def describe(effect: Effect) -> dict[str, Any]:
    """Return an effect as plain data: its name under "type", and its fields."""
    fields = {name: dict(value) if isinstance(value, Mapping) else value for name, value in asdict(effect).items()}
    return {"type": effect_name(effect), **fields}
