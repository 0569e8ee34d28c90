"""The two cookies of the console: who sits here, and what is to be said on the next page."""

import hmac
import secrets
from urllib.parse import quote, unquote

from flask import Request, Response

from bot.config import Settings

NOTICE = "segin_notice"
DEVICE = "segin_device"
NOTICE_SECONDS = 60
DEVICE_SECONDS = 180 * 24 * 3600  # half a year: longer than a leave, shorter than a telephone's life
SHORTEST = 40  # characters of a token that we made ourselves


def is_secure(settings: Settings) -> bool:
    """Say whether browsers reach us by https, so that cookies may insist on it."""
    return settings.public_url.startswith("https://")


def name(settings: Settings) -> str:
    """Return the session cookie's name; `__Host-` lets no other host and no plain connection set it."""
    return "__Host-segin" if is_secure(settings) else "segin_console"


def token(request: Request, settings: Settings) -> str:
    """Return the browser's token, "" when it has none."""
    found = request.cookies.get(name(settings), "")
    return found if len(found) >= SHORTEST and found.isalnum() else ""


def new_token() -> str:
    """Return a token for somebody who has not signed in: it only binds the form to the browser."""
    return secrets.token_hex(32)


def give(answer: Response, settings: Settings, new: str) -> None:
    """Let the browser keep a token until it is closed."""
    _set(answer, settings, name(settings), new, None)


def remember(answer: Response, settings: Settings, mark: str) -> None:
    """Let the browser be known again as one in which this person has signed in before."""
    _set(answer, settings, DEVICE, mark, DEVICE_SECONDS)


def say(answer: Response, settings: Settings, sentence: str) -> None:
    """Say a sentence on the next page that is shown; it holds no personal datum."""
    _set(answer, settings, NOTICE, quote(sentence), NOTICE_SECONDS)


def said(request: Request) -> str:
    """Return the sentence to say, "" when there is none."""
    return unquote(request.cookies.get(NOTICE, ""))[:300]


def hush(answer: Response, settings: Settings) -> None:
    """Take back the sentence that has been said."""
    _set(answer, settings, NOTICE, "", 0)


def form_token(browser_token: str) -> str:
    """Return what each form carries: only a page of this browser's session can know it."""
    return hmac.digest(browser_token.encode(), b"segin form", "sha256").hex()


def _set(answer: Response, settings: Settings, key: str, value: str, seconds: int | None) -> None:
    # Strict: no link from elsewhere leads into the console signed in, and no other site's form either.
    answer.set_cookie(
        key, value, max_age=seconds, path="/", httponly=True, samesite="Strict", secure=is_secure(settings)
    )
