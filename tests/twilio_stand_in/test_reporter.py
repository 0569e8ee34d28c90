"""Reports by themselves, as a network has them."""

import threading
from datetime import UTC, datetime

from tests.twilio_stand_in import stand_in
from tests.twilio_stand_in.knocks import Answer
from tests.twilio_stand_in.reporter import reporting


def test_every_message_is_reported_on_in_the_end():
    settled = threading.Event()
    seen = []

    def post(url: str, body: bytes, _headers: object) -> Answer:
        seen.append((url, body))
        if sum(b"MessageStatus=delivered" in one for _, one in seen) >= 5:
            settled.set()
        return Answer(204)

    twilio = stand_in(now=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC), post=post)
    for number in range(5):
        message = twilio.account.reply(
            twilio.account.take_in(sender=f"+2237000000{number}", to="+33700000001", body="?"),
            "Oui.",
            "http://127.0.0.1/s",
        )
        assert message

    with reporting(twilio):
        assert settled.wait(30)

    assert {url for url, _ in seen} == {"http://127.0.0.1/s"}
