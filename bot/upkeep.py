"""Background work around data: fetching voice notes, purging by period, redaction at the provider, missed messages."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.adapters.sql.media import SqlMedia
from bot.adapters.sql.redactions import SqlRedactions
from bot.adapters.sql.retention import SqlRetention
from bot.adapters.twilio import TwilioSender
from bot.adapters.twilio_media import TwilioMedia
from bot.adapters.twilio_redaction import TwilioRedactor
from bot.channels import twilio
from bot.core import limits
from bot.service.fetch_media import fetch_media
from bot.service.retain import redact_at_provider, retain
from bot.service.take_in_missed import take_in_missed

if TYPE_CHECKING:
    from bot.house import House


def fetch(house: "House") -> int:
    """Fetch voice notes and pictures that came through Twilio."""
    account = house.settings.twilio
    return fetch_media(SqlMedia(house.database, house.vault), TwilioMedia(account), house.ports.clock) if account else 0


def purge(house: "House") -> int:
    """Take away what is older than its period."""
    return retain(house.ports, SqlRetention(house.database), house.settings.retention)


def redact(house: "House") -> int:
    """Take away at Twilio what is kept here by now."""
    account = house.settings.twilio
    if account is None or not account.redact_after:
        return 0
    book = SqlRedactions(house.database, TwilioSender.name)
    after = timedelta(days=account.redact_after)
    return redact_at_provider(book, TwilioRedactor(account), now=house.ports.clock.now(), after=after)


def missed(house: "House") -> int:
    """Take in what Twilio has and no webhook brought."""
    sender = house.senders.get(TwilioSender.name)
    if not isinstance(sender, TwilioSender):
        return 0
    ours = house.broadcasts.senders(since=house.ports.clock.now() - limits.ANSWERS_COME)
    return take_in_missed(
        house.brain,
        house.ports,
        lambda since: (twilio.parse(form, received_at=at) for form, at in sender.missed(since, senders=ours)),
    )
