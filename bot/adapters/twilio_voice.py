"""Calls through Twilio Voice: the caseworker's telephone rings first; what is said then is asked of our webhook."""

import threading
from urllib.parse import quote

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from bot.adapters.twilio import TIMEOUT, client_of
from bot.config import Twilio
from bot.core.messages import Address
from bot.ports.calls import Rung

RINGS = 25  # seconds; a mailbox picks up later than that


def call_url(public_url: str, call_id: str, step: str = "") -> str:
    """Return where Twilio asks what to do with a call; an id stands in it and no number."""
    return f"{public_url}/webhooks/twilio/call/{quote(call_id, safe='')}{step}"


class TwilioCaller:
    """`bot.ports.calls.Caller` through one account at Twilio; safe to share between threads."""

    def __init__(self, account: Twilio, *, public_url: str, timeout: float = TIMEOUT) -> None:
        """Call from the account's voice number; Twilio asks `public_url`. `timeout` is in seconds."""
        self._account = account
        self._public_url = public_url
        self._timeout = timeout
        self._threads = threading.local()  # the SDK's client is not promised to be thread-safe

    def ring(self, call_id: str, caseworker: Address) -> Rung:
        """Let the caseworker's telephone ring, once. Without an answer of Twilio's nobody knows whether it does."""
        try:
            made = self._client().calls.create(
                to=caseworker.reveal(),
                from_=self._account.voice_from,
                url=call_url(self._public_url, call_id),
                status_callback=call_url(self._public_url, call_id, "/ended"),
                timeout=RINGS,
            )
        except (TwilioRestException, TwilioServiceException) as error:
            return Rung(error_code=str(error.code or error.status))
        except (requests.RequestException, TwilioException, ValueError):
            return Rung()
        return Rung(provider_id=made.sid)

    def _client(self) -> Client:
        return client_of(self._threads, self._account, self._timeout)
