"""How the provider knocks at our webhooks: signed, repeated by its rules, and never outside this machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlencode, urlsplit

import requests
from flask import Flask
from twilio.request_validator import RequestValidator

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
READ_TIMEOUT = 15  # seconds, the provider's


class OutsideWorld(Exception):
    """A stand-in must never write to anybody real."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answered; status 0: nothing."""

    status: int
    body: bytes = b""
    content_type: str = ""


Post = Callable[[str, bytes, Mapping[str, str]], Answer]


def over_the_wire(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post to a server on this machine. Raises OutsideWorld for any other."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise OutsideWorld(f"The stand-in calls this machine only, not {urlsplit(url).hostname}.")
    try:
        answer = requests.post(url, data=body, headers=dict(headers), timeout=READ_TIMEOUT)
    except requests.RequestException:
        return Answer(0)
    return Answer(answer.status_code, answer.content, answer.headers.get("Content-Type", ""))


def into(app: Flask) -> Post:
    """Post to an application in this process, whatever its public address is."""

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = app.test_client().post(path, data=body, headers=dict(headers))
        return Answer(answer.status_code, answer.data, answer.content_type or "")

    return post


@dataclass
class Knocker:
    """Signs and posts forms."""

    token: str
    post: Post = over_the_wire

    def knock(self, url: str, form: Mapping[str, str], *, idempotency: str = "") -> list[Answer]:
        """Post a form, again by the rules in the address's fragment (#rc=5&rp=ct,rt,5xx); return every answer."""
        address, fragment = urldefrag(url)
        rules = parse_qs(fragment)
        tries = 1 + int(rules.get("rc", ["1"])[0])
        repeat_on = set(rules.get("rp", ["ct"])[0].split(","))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": RequestValidator(self.token).compute_signature(address, form),
            "I-Twilio-Idempotency-Token": idempotency,
        }
        answers: list[Answer] = []
        while len(answers) < tries:
            answers.append(self.post(address, urlencode(form).encode(), headers))
            if not repeat_on & _fault(answers[-1]):
                break
        return answers


def _fault(answer: Answer) -> set[str]:
    """Name what went wrong in the words of the provider's rules."""
    if answer.status == 0:
        return {"ct", "rt", "all"}
    family = f"{answer.status // 100}xx"
    return {family, "all"} if family in {"4xx", "5xx"} else set()
