"""Kannel's sendsms: hands messages over in the exact coding, and asks the status page before anything goes twice."""

import threading
import xml.etree.ElementTree as ET
from http import HTTPStatus

import requests

from bot.adapters.connections import never_left
from bot.adapters.kannel_words import MASK, report_url
from bot.adapters.pace import NOT_YET, LocalPace, Pace, keep
from bot.core import phones
from bot.core.broadcasts import is_service
from bot.core.messages import Status
from bot.gateway_settings import Kannel
from bot.ports import OutgoingRow, SendResult

TIMEOUT = 10.0  # seconds for an answer; sendsms queues at once
CONNECT_TIMEOUT = 3.0  # seconds; the gateway stands in the same network
STATUS_AT_MOST = 256 * 1024  # bytes
BEING_MENDED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, 407, 408, 429})

_UNKNOWN = SendResult(Status.SENDING, verdict="unknown")


class KannelSender:
    """The way out through one Kannel gateway; safe to share between threads."""

    name = "kannel"

    def __init__(self, account: Kannel, *, public_url: str, timeout: float = TIMEOUT, pace: Pace | None = None) -> None:
        """Send through the gateway, which reports to us. `timeout` is in seconds."""
        self._account = account
        self._our_url = account.callback_url or public_url
        self._timeout = (min(CONNECT_TIMEOUT, timeout), timeout)
        self._pace = pace or LocalPace(account.a_second)
        self._threads = threading.local()  # a session is not promised to be thread-safe

    def send(self, row: OutgoingRow) -> SendResult:
        """Hand one message over, once, at the contract's pace. A lost answer is `unknown`: Kannel may have it."""
        if row.to.channel == "whatsapp" or phones.parse(row.to.reveal()) is None:
            return SendResult(Status.FAILED, error_code="no_sender", verdict="permanent")
        if not keep(self._pace, row):
            return NOT_YET
        try:
            answer = self._session().post(
                self._account.send_url,
                data=row.text.encode(),
                headers=self._headers(row),
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return (
                SendResult(Status.QUEUED, error_code="kannel-away", verdict="retry") if never_left(error) else _UNKNOWN
            )
        return _result(answer.status_code)

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Say what can be known of a message that nobody confirmed. Kannel keeps no list of what it took.

        But whatever it takes it reports (with dlr-mask 31 first that the network has it), so a message without any
        report still waits in Kannel or never got there: an empty store on its status page means the latter, and None.
        Where the page is not configured, an alert is sent again (rather twice than never), and anything else is taken
        for accepted, with the code `unconfirmed` to be seen, until a report says more.
        """
        if self._account.status_url is None:
            if row.kind == "alert":
                return None
            return SendResult(Status.ACCEPTED, error_code="unconfirmed")
        waiting = self.waiting()
        return None if waiting == 0 else _UNKNOWN

    def waiting(self) -> int | None:
        """Return how many messages wait in Kannel; None when it cannot be asked."""
        page = self._status_page()
        if page is None:
            return None
        counts = [page.findtext(path) for path in ("sms/sent/queued", "sms/storesize")]
        return max((int(count) for count in counts if count and count.isdigit()), default=None)

    def is_up(self) -> bool | None:
        """Say whether a link to an operator is up; None when Kannel cannot be asked about it."""
        if self._account.status_url is None:
            return None
        page = self._status_page()
        states = [one.text or "" for one in page.iterfind("smscs/smsc/status")] if page is not None else []
        return any(state.startswith("online") for state in states)

    def _status_page(self) -> ET.Element | None:
        if self._account.status_url is None:
            return None
        try:
            answer = self._session().get(self._account.status_url, timeout=self._timeout, allow_redirects=False)
            return ET.fromstring(answer.content[:STATUS_AT_MOST]) if answer.ok else None  # noqa: S314 the gateway's own
        except (requests.RequestException, ET.ParseError):
            return None

    def _headers(self, row: OutgoingRow) -> dict[str, str]:
        """Write everything but the text into headers: addresses (of pages) end up in logs, and numbers with them."""
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self._account.username,
            "X-Kannel-Password": self._account.password,
            "X-Kannel-From": self._from(row),
            "X-Kannel-To": row.to.reveal(),
            "X-Kannel-DLR-Mask": str(MASK),
            "X-Kannel-DLR-Url": report_url(self._our_url, row.id, secret=self._account.secrets[0]),
        }
        return headers if row.encoding == "GSM-7" else headers | {"X-Kannel-Coding": "2"}

    def _from(self, row: OutgoingRow) -> str:
        """Choose the usual sender, or the one that a message names; a service of Twilio's is none of a gateway."""
        return self._account.sender if row.sender is None or is_service(row.sender) else row.sender

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.trust_env = False  # no proxy and no .netrc between us and a gateway in our own network
        return session


def _result(status: int) -> SendResult:
    """Weigh sendsms' answer: what it did not take with 2xx it does not have."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return SendResult(Status.ACCEPTED)
    code = f"kannel-{status}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in BEING_MENDED:  # a password is put right within the hour
        return SendResult(Status.QUEUED, error_code=code, verdict="retry")
    return SendResult(Status.FAILED, error_code=code, verdict="permanent")
