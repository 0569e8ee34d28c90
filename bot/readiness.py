"""What an installation still lacks before people are served: the part of `segin check --live` that settings decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from bot.config import ConfigError, Settings, read_settings
from bot.core.ways import Way

Health = Callable[[Settings], Iterable[Way]]

NOT_HTTPS = (
    "SEGIN_PUBLIC_URL is not https: people's words would travel in clear, and a phone with SMSGate would not call it; "
    "give it the https address by which Segin is reached from outside."
)
NO_SMS_FROM_MALI = (
    "No SMS from a Malian number can come in, for Twilio receives none of them: connect Kannel (SEGIN_KANNEL_SEND_URL "
    "and its neighbours) or a phone with SMSGate (SEGIN_SMSGATE_API_URL and its neighbours)."
)
NO_STATUS_URL = (
    "SEGIN_KANNEL_STATUS_URL is missing: nobody would see that the link to the operator is down, and a message that "
    "nobody confirmed would never be sent again; give the gateway's status.xml with its password."
)
NO_ALLOW = (
    "SEGIN_KANNEL_ALLOW is missing: whoever learns the secret could hand in messages from anywhere; name the gateway's "
    "address, or behind a proxy the proxy's, and let that one choose who reaches /webhooks/kannel."
)


def hindrances(environ: Mapping[str, str], health: Health) -> list[str]:
    """Return a sentence for each thing that an operator has to mend; `health` tells which ways are up."""
    try:
        settings = read_settings({**environ, "SEGIN_MODE": "live"})
    except ConfigError as error:
        return list(error.problems)
    return [*_start(settings), *settings.doubts, *_reach(settings), *_down(health(settings))]


def _start(settings: Settings) -> Sequence[str]:
    try:
        settings.require_startable()
    except ConfigError as error:
        return error.problems
    return ()


def _reach(settings: Settings) -> list[str]:
    found = {
        NOT_HTTPS: urlsplit(settings.public_url).scheme != "https",
        NO_SMS_FROM_MALI: settings.kannel is None and settings.smsgate is None,
        NO_STATUS_URL: settings.kannel is not None and settings.kannel.status_url is None,
        NO_ALLOW: settings.kannel is not None and not settings.kannel.allowed,
    }
    return [sentence for sentence, is_so in found.items() if is_so]


def _down(ways: Iterable[Way]) -> list[str]:
    return [
        f"The way {way.provider} is not up: see that its gateway, link or phone runs and is reached from here, "
        "until `segin providers` says so."
        for way in ways
        if way.up is False
    ]
