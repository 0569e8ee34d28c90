"""A load of signed webhooks from a process of its own, over loopback only."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

PATH = "/webhooks/twilio/messages"
FIELDS = {  # what a real SMS webhook carries beside the text (twilio.md: about twenty fields)
    "ToCountry": "ML",
    "ToState": "",
    "SmsStatus": "received",
    "NumMedia": "0",
    "ToCity": "",
    "FromZip": "",
    "FromState": "",
    "FromCity": "",
    "FromCountry": "ML",
    "To": "+15005550006",
    "ToZip": "",
    "NumSegments": "1",
    "ApiVersion": "2010-04-01",
    "MessageType": "text",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a load came to: messages a second and latencies in milliseconds."""

    a_second: float
    p50: float
    p99: float
    failed: int


@dataclass(frozen=True, slots=True)
class Signed:
    """One form ready to be posted."""

    body: bytes
    headers: dict[str, str]


def signed(texts: Sequence[str], *, url: str, token: str, account: str, count: int, people: int, tag: str) -> list[Signed]:  # noqa: PLR0913
    """Make `count` signed forms of `people` senders who write through the texts in turn."""
    validator, lines = RequestValidator(token), cycle(texts)
    forms = []
    for number in range(count):
        sid = f"SM{tag}{number:030x}"[:34]
        fields = FIELDS | {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": account,
            "From": f"+2237{number % people:07d}",
            "Body": next(lines),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": validator.compute_signature(url + PATH, fields),
        }
        forms.append(Signed(urlencode(fields).encode(), headers))
    return forms


def closed_loop(forms: Sequence[Signed], *, port: int, connections: int) -> Figures:
    """Post as fast as `connections` keep-alive connections can."""
    return _run(forms, port=port, connections=connections, due=lambda _: 0.0)


def open_loop(forms: Sequence[Signed], *, port: int, connections: int, rate: float) -> Figures:
    """Post at a fixed rate; a late answer counts from when it was due, not from when it was sent."""
    return _run(forms, port=port, connections=connections, due=lambda number: number / rate)


def _run(forms: Sequence[Signed], *, port: int, connections: int, due) -> Figures:  # type: ignore[no-untyped-def]  # noqa: ANN001
    times: list[float] = []
    failures: list[int] = []
    work, lock = iter(enumerate(forms)), threading.Lock()
    start = time.perf_counter()

    def post() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number, form in _taken(work, lock):
            wanted = start + due(number)
            time.sleep(max(0.0, wanted - time.perf_counter()))
            began = max(wanted, time.perf_counter()) if wanted == start else wanted
            connection.request("POST", PATH, form.body, form.headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != http.HTTPStatus.OK:
                failures.append(answer.status)

    threads = [threading.Thread(target=post) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=100)
    return Figures(len(times) / (time.perf_counter() - start), cuts[49] * 1000, cuts[98] * 1000, len(failures))


def _taken(work: Iterator[tuple[int, Signed]], lock: threading.Lock) -> Iterator[tuple[int, Signed]]:
    while True:
        with lock:
            found = next(work, None)
        if found is None:
            return
        yield found
