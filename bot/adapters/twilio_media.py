"""Attachments from Twilio's own addresses and nowhere else: whoever forges an address makes us fetch nothing."""

import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import regex
import requests

from bot.adapters.twilio import TIMEOUT
from bot.config import Twilio
from bot.core.media import AT_MOST, ENDINGS, plain
from bot.ports.media import Fetched, NotFetched, NotKept
from bot.twilio_settings import TWILIO_API_URL

WITHIN = 60.0  # seconds for all of it: a server that hands over a byte a second is left
HOPS = 3
PIECE = 64 * 1024  # bytes
# Twilio, "Protect Media Access with HTTP Basic Authentication": where its API sends one on to, and the path there.
STORES = {"mms.twiliocdn.com": "/", "media.twiliocdn.com": "/", "s3-external-1.amazonaws.com": "/media.twiliocdn.com/"}
_ID = "[0-9a-fA-F]{32}"
_MEDIUM = regex.compile(rf"/2010-04-01/Accounts/(AC{_ID})/Messages/[SM]M{_ID}/Media/ME{_ID}")
_GONE = frozenset({404, 410})


class TwilioMedia:
    """`bot.ports.media.MediaSource` for one account at Twilio."""

    def __init__(
        self, account: Twilio, *, timeout: float = TIMEOUT, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Fetch with the account's credentials, which go to the API alone. `timeout` is in seconds, for each answer."""
        self._account = account
        self._timeout = timeout
        self._monotonic = monotonic

    def fetch(self, address: str) -> Fetched:
        """Return an attachment. Raises NotFetched, or NotKept with the reason."""
        try:
            with self._answer(self._own(address)) as answer:
                return self._read(answer)
        except requests.RequestException as error:
            raise NotFetched(type(error).__name__) from error

    def _own(self, address: str) -> str:
        """Return the address at the API that is ours to ask. Raises NotKept for any other."""
        asked = urlsplit(address)
        found = _MEDIUM.fullmatch(asked.path)
        ours = found is not None and found[1] == self._account.account_sid
        if not ours or f"{asked.scheme}://{asked.netloc}" != TWILIO_API_URL or asked.query or asked.fragment:
            raise NotKept("elsewhere")
        return self._account.api_url + asked.path

    def _answer(self, url: str) -> requests.Response:
        """Ask, and follow where Twilio sends us on to, without our credentials and to its own stores alone."""
        auth: tuple[str, str] | None = (self._account.account_sid, self._account.tokens[0])
        for _ in range(HOPS):
            answer = requests.get(url, auth=auth, timeout=self._timeout, allow_redirects=False, stream=True)
            if not answer.is_redirect:
                return answer
            answer.close()
            url, auth = urljoin(url, answer.headers["Location"]), None
            if not self._is_twilio_s(url):
                raise NotKept("elsewhere")
        raise NotFetched("Twilio sends us on and on.")

    def _is_twilio_s(self, url: str) -> bool:
        asked = urlsplit(url)
        if f"{asked.scheme}://{asked.netloc}" == self._account.api_url:
            return True
        path = STORES.get(asked.netloc)
        climbs = ".." in asked.path or "%" in asked.path
        return asked.scheme == "https" and path is not None and asked.path.startswith(path) and not climbs

    def _read(self, answer: requests.Response) -> Fetched:
        if answer.status_code in _GONE:
            raise NotKept("gone")
        if not answer.ok:
            raise NotFetched(str(answer.status_code))
        kind = plain(answer.headers.get("Content-Type", ""))
        if kind not in ENDINGS:
            raise NotKept("kind")
        content, until = bytearray(), self._monotonic() + WITHIN
        for piece in answer.iter_content(PIECE):
            content += piece
            if len(content) > AT_MOST:
                raise NotKept("too_big")
            if self._monotonic() > until:
                raise NotFetched("It takes too long.")
        return Fetched(kind, bytes(content))
