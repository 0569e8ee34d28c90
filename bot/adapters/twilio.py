"""Twilio's REST API: hands messages over, asks what became of them, and lists those that no webhook brought."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from bot.adapters.connections import never_left
from bot.adapters.pace import NOT_YET, LocalPace, Pace, keep
from bot.adapters.twilio_words import STATUSES, is_dead, status_url, verdict_on
from bot.core.broadcasts import is_service, is_word
from bot.core.messages import Address, Status
from bot.ports import OutgoingRow, SendResult
from bot.twilio_settings import TWILIO_API_URL, Twilio

TIMEOUT = 10.0  # seconds; the SDK has none of its own and would wait for ever
LOOKED_THROUGH = 100  # the newest messages to one person; nobody gets that many within a lease
MISSED_AT_MOST = 5000  # messages; five pages of Twilio's largest size
PAGE = 1000  # Twilio's largest
CLOCKS_DIFFER = timedelta(seconds=5)  # and Twilio's times have whole seconds
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class QuietHttp(TwilioHttpClient):  # type: ignore[misc]  # the SDK ships no types for it
    """Sends every call to one base URL (Twilio's, or a stand-in's) and logs nothing: its addresses hold numbers."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(base_url)
        self.asked_to_wait = 0.0  # seconds, by the newest answer
        self._settle_environment(base_url)

    def _settle_environment(self, base_url: str) -> None:
        """Look once for a proxy and certificates in the environment: to do so at each call costs a third of it."""
        found = self.session.merge_environment_settings(base_url, {}, None, None, None)
        self.session.proxies, self.session.verify, self.session.cert = found["proxies"], found["verify"], found["cert"]
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        """Make one call."""
        wanted = urlsplit(url)
        path = self._base.path.rstrip("/") + wanted.path
        url = urlunsplit((self._base.scheme, self._base.netloc, path, wanted.query, ""))
        answer = super().request(method, url, *args, **options)
        asked = str((answer.headers or {}).get("Retry-After", ""))
        self.asked_to_wait = float(asked) if asked.isdigit() else 0.0
        return answer

    def log_request(self, kwargs: Mapping[str, Any]) -> None:
        """Keep numbers out of the logs."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Keep numbers out of the logs."""


def client_of(threads: threading.local, account: Twilio, timeout: float) -> Client:
    """Return this thread's client of the account: the SDK's is not promised to be thread-safe."""
    client: Client | None = getattr(threads, "client", None)
    if client is None:
        http = QuietHttp(account.api_url, timeout)
        client = threads.client = Client(account.account_sid, account.tokens[0], http_client=http)
    return client


class TwilioSender:
    """The way out through one account at Twilio; safe to share between threads."""

    name = "twilio"

    def __init__(
        self, account: Twilio, *, public_url: str, timeout: float = TIMEOUT, paces: Mapping[str, Pace] | None = None
    ) -> None:
        """Send from the account's senders; Twilio reports to `public_url`.

        `timeout` is in seconds; `paces` are those of the SMS and of the WhatsApp sender.
        """
        self._account = account
        self._public_url = public_url
        self._timeout = timeout
        self._paces = paces or paces_of(account, lambda _, a_second: LocalPace(a_second))
        logging.getLogger("urllib3.connectionpool").setLevel(
            logging.INFO
        )  # its DEBUG lines show addresses with numbers
        self._threads = threading.local()  # the SDK's client is not promised to be thread-safe

    def send(self, row: OutgoingRow) -> SendResult:
        """Hand one message over, once. A lost answer is `unknown`: Twilio must be asked before it is sent again."""
        sender = _sender(self._account, row)
        if sender is None:
            return SendResult(Status.FAILED, error_code="no_sender", verdict="permanent")
        call = {"to": _to(row.to), **_content(row), "status_callback": status_url(self._public_url, row.id)}
        if not keep(self._paces["whatsapp" if row.to.channel == "whatsapp" else "sms"], row):
            return NOT_YET
        try:
            return _result(self._client().messages.create(**call, **sender))
        except (TwilioRestException, TwilioServiceException) as error:
            return _refused(error, after=self._client().http_client.asked_to_wait)
        except requests.ConnectionError as error:
            return _RETRY if never_left(error) else _UNKNOWN
        except (requests.RequestException, TwilioException, ValueError):  # time-out, cut connection, unreadable answer
            return _UNKNOWN

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Look for a message of ours to the same person with the same text, made since the row was; None when none is.

        When Twilio cannot be asked the answer is `unknown`, so that nothing is sent twice.
        """
        try:
            messages = self._client().messages.list(to=_to(row.to), limit=LOOKED_THROUGH, page_size=LOOKED_THROUGH)
        except (requests.RequestException, TwilioException, ValueError):
            return _UNKNOWN
        since = row.created_at - CLOCKS_DIFFER
        return next((_result(message) for message in reversed(messages) if _is(message, row, since)), None)

    def missed(self, since: datetime, *, senders: Collection[str] = ()) -> Iterator[tuple[Mapping[str, str], datetime]]:
        """List incoming messages since a time as the forms that their webhooks brought, with the time of each.

        `senders` are what broadcasts left from lately, beside the usual ones: whoever got one answers there.
        Raises TwilioException or requests.RequestException when the list cannot be had.
        """
        for receiver in _receivers(self._account, senders):
            to = {"to": receiver} if receiver else {}
            listed = self._client().messages.stream(
                **to, date_sent_after=since.astimezone(UTC), limit=MISSED_AT_MOST, page_size=PAGE
            )
            yield from (
                (_form(one) | _attached(one), one.date_sent or since) for one in listed if one.direction == "inbound"
            )

    def _client(self) -> Client:
        return client_of(self._threads, self._account, self._timeout)


_UNKNOWN = SendResult(Status.SENDING, verdict="unknown")
_RETRY = SendResult(Status.QUEUED, verdict="retry")


def paces_of(account: Twilio, make: Callable[[str, float], Pace]) -> Mapping[str, Pace]:
    """Return the pace of each sender of an account, made from its name and its messages a second."""
    wanted = {"sms": account.sms_a_second, "whatsapp": account.whatsapp_a_second}
    return {channel: make(f"twilio:{channel}", a_second) for channel, a_second in wanted.items()}


def _content(row: OutgoingRow) -> dict[str, str]:
    """Return the text, or the template that asks whether it may come."""
    return {"body": row.text} if row.template is None else {"content_sid": row.template}


def _to(address: Address) -> str:
    """Write an address as Twilio does; who called is answered by SMS."""
    return f"whatsapp:{address.reveal()}" if address.channel == "whatsapp" else address.reveal()


def _sender(account: Twilio, row: OutgoingRow) -> dict[str, str] | None:
    """Choose our number, word (up to 11 letters) or Messaging Service; an SMS may name another than the usual one."""
    whatsapp = row.to.channel == "whatsapp"
    ours = account.whatsapp_from if whatsapp else row.sender or account.sms_from
    if not ours:
        return None
    if is_service(ours):
        return {"messaging_service_sid": ours}
    return {"from_": _as_whatsapp(ours) if whatsapp else ours}


def _as_whatsapp(number: str) -> str:
    return number if number.startswith("whatsapp:") else f"whatsapp:{number}"


def _receivers(account: Twilio, senders: Collection[str]) -> list[str | None]:
    """Return the numbers of ours that people can write to; [None] (ask for all) when a service hides them."""
    usual = [one for one in (account.sms_from, account.whatsapp_from and _as_whatsapp(account.whatsapp_from)) if one]
    ours = dict.fromkeys((*usual, *senders))
    if any(one.removeprefix("whatsapp:").startswith("MG") for one in ours):
        return [None]
    return [one for one in ours if not is_word(one.removeprefix("whatsapp:"))]  # nobody can write to a word


def _result(message: MessageInstance) -> SendResult:
    code = str(message.error_code) if message.error_code else None
    return SendResult(
        status=STATUSES.get(str(message.status), Status.ACCEPTED),
        provider_id=message.sid,
        error_code=code,
        verdict="opted_out" if code and verdict_on(code) == "opted_out" else "ok",
    )


def _refused(error: TwilioRestException | TwilioServiceException, *, after: float) -> SendResult:
    """Weigh an answer that is an error: 429 was never processed, after a 5xx nobody knows."""
    code = str(error.code or error.status)
    if error.status >= SERVER_ERROR:
        return SendResult(Status.SENDING, error_code=code, verdict="unknown")
    if error.status == TOO_MANY_REQUESTS or verdict_on(code) == "retry":
        return SendResult(Status.QUEUED, error_code=code, verdict="retry", after=after)
    return SendResult(Status.FAILED, error_code=code, verdict=verdict_on(code), dead=is_dead(code))


def _is(message: MessageInstance, row: OutgoingRow, since: datetime) -> bool:
    """Compare by words: spaces at the ends of a TwiML text do not survive everywhere.

    A template's words are not ours to know: outside the window nothing else than a template can have been taken.
    """
    made = message.date_created
    ours = message.direction != "inbound" and made is not None and made >= since
    same = row.template is not None or str(message.body or "").split() == row.text.split()
    return ours and same


def _attached(message: MessageInstance) -> dict[str, str]:
    """Ask for what came with a message, and name it as the webhook would have done."""
    if str(message.num_media or "0") == "0":
        return {}
    fields = {}
    for place, medium in enumerate(message.media.list()):
        fields[f"MediaUrl{place}"] = TWILIO_API_URL + str(medium.uri).removesuffix(".json")
        fields[f"MediaContentType{place}"] = str(medium.content_type)
    return fields


def _form(message: MessageInstance) -> dict[str, str]:
    fields = {
        "MessageSid": message.sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": message.num_media,
    }
    return {name: str(value) for name, value in fields.items() if value is not None}
