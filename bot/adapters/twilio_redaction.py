"""Takes texts and media away at Twilio once they are kept here."""

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.adapters.twilio import TIMEOUT, QuietHttp
from bot.config import Twilio
from bot.ports.retention import Held, NotNow

NOT_FOUND, SERVER_ERROR = 404, 500
WAITS = frozenset({401, 403, 429})  # a token is put right within days


class TwilioRedactor:
    """`bot.ports.retention.Redactor` for one account at Twilio. What it has of numbers and times stays there."""

    def __init__(self, account: Twilio, *, timeout: float = TIMEOUT) -> None:
        """Work on this account. `timeout` is in seconds."""
        http = QuietHttp(account.api_url, timeout)
        self._client = Client(account.account_sid, account.tokens[0], http_client=http)

    def redact(self, held: Held) -> str | None:
        """Empty a message's text and remove its media. Raises NotNow when Twilio is busy or away."""
        message = self._client.messages(held.provider_id)
        try:
            if held.has_media:
                for medium in message.media.list():
                    message.media(medium.sid).delete()
            message.update(body="")
        except TwilioRestException as error:
            if error.status == NOT_FOUND:
                return None
            if error.status in WAITS or error.status >= SERVER_ERROR:
                raise NotNow(str(error.code or error.status)) from None
            return str(error.code or error.status)
        except (requests.RequestException, TwilioException, ValueError) as error:
            raise NotNow(type(error).__name__) from None
        return None
