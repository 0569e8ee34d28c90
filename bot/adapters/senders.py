"""The ways out that need no provider: the simulated phone, and the one that says that there is none."""

from bot.core.messages import Status
from bot.ports import OutgoingRow, Sender, SendResult


class SimulatedPhones:
    """Delivers to the phone simulator, which shows the stored rows themselves."""

    name = "simulator"

    def send(self, row: OutgoingRow) -> SendResult:
        """Say that it has arrived."""
        return SendResult(Status.DELIVERED, provider_id=row.id)

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Say that it has arrived: what is stored is seen."""
        return self.send(row)


class NotConfigured:
    """Keeps messages of a provider whose settings are gone: they wait and are tried again, and then fail visibly."""

    def __init__(self, name: str) -> None:
        """Stand for the provider `name`."""
        self.name = name

    def send(self, row: OutgoingRow) -> SendResult:  # noqa: ARG002 - as every sender
        """Refuse for now."""
        return SendResult(Status.QUEUED, error_code="not-configured", verdict="retry")

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Leave what may have been sent as it is: nobody can be asked."""
        return SendResult(row.status, error_code="not-configured", verdict="unknown")


class Senders(dict[str, Sender]):
    """Senders by provider; one that is not configured is there, too, and says so."""

    def __missing__(self, name: str) -> Sender:
        """Stand in for a provider that is not configured."""
        return NotConfigured(name)
