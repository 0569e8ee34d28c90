"""Attachments come from Twilio's own addresses alone, and never too much of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.twilio import TwilioSender
from bot.adapters.twilio_media import TwilioMedia
from bot.core.media import AT_MOST
from bot.ports.media import Fetched, NotFetched, NotKept
from bot.twilio_settings import Twilio
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, StandIn, stand_in

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MESSAGE = "MM" + "3" * 32
VOICE = b"OggS" + bytes(range(256)) * 10
OWN = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{MESSAGE}/Media/ME{'4' * 32}"


@pytest.fixture
def twilio() -> Iterator[StandIn]:
    with stand_in(now=lambda: NOW).running() as running:
        yield running


@pytest.fixture
def source(twilio: StandIn) -> TwilioMedia:
    return TwilioMedia(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, twilio.url))


def test_a_voice_note_is_fetched_with_credentials_that_go_to_the_api_alone(
    twilio: StandIn, source: TwilioMedia
) -> None:
    address = twilio.switchboard.attach(MESSAGE, "audio/ogg; codecs=opus", VOICE)

    assert source.fetch(address) == Fetched("audio/ogg", VOICE)
    assert twilio.switchboard.fetched == [False]


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://api.twilio.com.evil.example" + OWN.removeprefix("https://api.twilio.com"),
        "https://api.twilio.com@evil.example" + OWN.removeprefix("https://api.twilio.com"),
        "https://api.twilio.com:8443" + OWN.removeprefix("https://api.twilio.com"),
        OWN.replace("https://", "http://"),
        OWN.replace(ACCOUNT_SID, "AC" + "9" * 32),
        OWN.replace("/Media/", "/../Media/"),
        OWN + "?x=1",
        OWN + ".json",
        "https://api.twilio.com/2010-04-01/Accounts.json",
        "",
    ],
)
def test_nothing_is_fetched_from_anywhere_else(twilio: StandIn, source: TwilioMedia, address: str) -> None:
    with pytest.raises(NotKept, match="elsewhere"):
        source.fetch(address)


@pytest.mark.parametrize(
    "onward",
    [
        "http://127.0.0.1:1/",
        "http://mms.twiliocdn.com/x",
        "https://mms.twiliocdn.com.evil.example/x",
        "https://s3-external-1.amazonaws.com/other-bucket/x",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com/../other-bucket/x",
    ],
)
def test_it_is_not_led_on_to_anywhere_else(twilio: StandIn, source: TwilioMedia, onward: str) -> None:
    address = twilio.switchboard.attach(MESSAGE, "audio/ogg", VOICE)
    twilio.switchboard.onward = onward

    with pytest.raises(NotKept, match="elsewhere"):
        source.fetch(address)


def test_it_does_not_go_round_in_circles(twilio: StandIn, source: TwilioMedia) -> None:
    address = twilio.switchboard.attach(MESSAGE, "audio/ogg", VOICE)
    twilio.switchboard.onward = twilio.url + address.removeprefix("https://api.twilio.com")

    with pytest.raises(NotFetched):  # without credentials the second time
        source.fetch(address)


def test_what_is_too_big_is_left_after_that_much(twilio: StandIn, source: TwilioMedia) -> None:
    with pytest.raises(NotKept, match="too_big"):
        source.fetch(twilio.switchboard.attach(MESSAGE, "audio/ogg", b"x" * (AT_MOST + 1)))


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "video/mp4"])
def test_what_a_browser_could_run_is_not_kept(twilio: StandIn, source: TwilioMedia, kind: str) -> None:
    with pytest.raises(NotKept, match="kind"):
        source.fetch(twilio.switchboard.attach(MESSAGE, kind, b"<script>"))


def test_what_twilio_no_longer_has_is_gone(source: TwilioMedia) -> None:
    with pytest.raises(NotKept, match="gone"):
        source.fetch(OWN)


def test_what_comes_too_slowly_is_tried_again(twilio: StandIn) -> None:
    ticks = iter(range(0, 1000, 100))
    account = Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, twilio.url)
    source = TwilioMedia(account, monotonic=lambda: float(next(ticks)))

    with pytest.raises(NotFetched):
        source.fetch(twilio.switchboard.attach(MESSAGE, "audio/ogg", VOICE))


def test_a_provider_that_is_away_is_asked_again() -> None:
    with pytest.raises(NotFetched):
        TwilioMedia(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, "http://127.0.0.1:1")).fetch(OWN)


def test_a_voice_note_that_no_webhook_brought_is_found_with_its_message(twilio: StandIn, source: TwilioMedia) -> None:
    message = twilio.account.take_in(sender="+22376123456", to=SMS_NUMBER, body="")
    address = twilio.switchboard.attach(message.sid, "audio/ogg", VOICE)
    message.media = (address,)
    sender = TwilioSender(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, twilio.url), public_url="https://segin.example")
    ((form, _),) = sender.missed(NOW - timedelta(hours=1))

    assert (form["MediaUrl0"], form["MediaContentType0"]) == (address, "audio/ogg")
    assert source.fetch(form["MediaUrl0"]).content == VOICE
