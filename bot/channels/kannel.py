"""SMS through a Kannel gateway: the fields that it hands in, in whatever character set, to Incoming."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import gsm0338
import regex

from bot.channels import gateway
from bot.channels.gateway import BadMessage
from bot.core.messages import Address, Incoming

PROVIDER = "kannel"
SAME_WORDS_WITHIN = timedelta(seconds=20)  # a gateway's repeats come within seconds, a person's next "1" later
_TEXT_AT_MOST = 255 * 160  # characters; no phone can join more parts

Fields = Mapping[str, bytes]  # values are octets: only their character set says what they mean

_ID = regex.compile(rb"[!-~]{1,128}")
_CONTROLS = regex.compile(rb"[\x00-\x08]")  # never in a text in UTF-8, always in one in UTF-16
_CODECS = {"gsm": "gsm03.38", "ucs-2": "utf-16-be", "ucs2": "utf-16-be", "utf-16": "utf-16-be", "utf-16be": "utf-16-be"}
_NAMED = regex.compile(r"utf-8|utf-16(be|le)?|iso-8859-\d+|windows-\d+|cp\d+|us-ascii")  # no codec that is no alphabet
_GSM = gsm0338.Codec()


@dataclass(frozen=True, slots=True)
class Received:
    """A message taken in. `twin` is the id that it had if it is a repeat from the time just before; None with an id."""

    incoming: Incoming
    twin: str | None = None


def parse(fields: Fields, *, key: bytes, received_at: datetime) -> Received | None:
    """Read from, to, text, id, ts, coding and charset; None for a robot: a short number or a word for a sender.

    A gateway without ids (reference: Kannel's own is %I) gets one made of the words and their time, under `key` so that
    nobody can guess the number back. Raises BadMessage.
    """
    sender = _needed(fields, "from")
    if "text" not in fields:
        raise BadMessage("There is no text: let the gateway use post-url, or text=%b (an empty one is a message, too).")
    address = gateway.person(sender)
    if address is None:
        return None
    incoming = Incoming(
        provider=PROVIDER,
        provider_id=fields.get("id", b"").strip().decode("latin-1"),
        sender=address,
        recipient=_plain(fields.get("to", b""))[:128],
        text=read_text(
            fields["text"], charset=_plain(fields.get("charset", b"")), coding=_plain(fields.get("coding", b""))
        ),
        received_at=received_at,
    )
    return _with_id(incoming, given=fields.get("id", b"").strip(), sent_at=fields.get("ts", b"").strip(), key=key)


def parse_call(fields: Fields, *, key: bytes, received_at: datetime) -> Incoming | None:
    """Read who called a SIM of ours (from, to, id, ts), a call that was hung up before it cost anything.

    None for a hidden number and for a robot. Any program beside a modem can hand it in, such as gammu-smsd's
    RunOnIncomingCall. Raises BadMessage.
    """
    address = gateway.person(_plain(fields.get("from", b"")))
    if address is None:
        return None
    incoming = Incoming(
        provider=PROVIDER,
        provider_id="",
        sender=Address("voice", address.reveal()),
        recipient=_plain(fields.get("to", b""))[:128],
        text="",
        received_at=received_at,
        content="other",
    )
    given = fields.get("id", b"").strip()
    return _with_id(incoming, given=given, sent_at=fields.get("ts", b"").strip(), key=key).incoming


def read_text(octets: bytes, *, charset: str, coding: str) -> str:
    """Decode a text by what the gateway says of it, or by what it can be; nothing that somebody wrote is refused.

    With `mo-recode = true` Kannel hands over UTF-8 and coding 0. Without, UCS-2 comes as UTF-16BE (coding 2), and the
    rest in a character set that it names, or does not. Half a character, which a joined message may be cut in, becomes
    a mark.
    """
    unsaid = "utf-16-be" if coding == "2" and _CONTROLS.search(octets) else "utf-8"
    said = charset.lower()
    named = _CODECS.get(said) or (said if _NAMED.fullmatch(said) else unsaid)
    halved = ("utf-16-be", "replace") if named.startswith("utf-16") and _CONTROLS.search(octets) else (named, "strict")
    for name, errors in ((named, "strict"), halved, (unsaid, "strict"), ("utf-8", "strict"), ("cp1252", "strict")):
        text = _decoded(octets, name, errors)
        if text is not None:
            return text.removeprefix("\ufeff")[:_TEXT_AT_MOST]
    return octets.decode("latin-1")[:_TEXT_AT_MOST]


def _decoded(octets: bytes, name: str, errors: str) -> str | None:
    try:
        if name == "gsm03.38":
            return str(_GSM.decode(octets)[0])
        return octets.decode(name, errors)
    except (UnicodeError, LookupError, ValueError):
        return None


def _needed(fields: Fields, name: str) -> str:
    value = _plain(fields.get(name, b""))
    if not value:
        raise BadMessage(f"There is no {name}: let the post-url hand over from=%p, to=%P and id=%I.")
    return value


def _plain(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").replace("\0", "").strip()  # PostgreSQL takes no NUL in a text


def _with_id(incoming: Incoming, *, given: bytes, sent_at: bytes, key: bytes) -> Received:
    if given:
        if not _ID.fullmatch(given):
            raise BadMessage("The id is no id: let the post-url hand over id=%I, at most 128 plain characters.")
        return Received(replace(incoming, provider_id=given.decode("ascii")))
    if sent_at:  # the gateway's own time does not change when it repeats a message
        return Received(replace(incoming, provider_id=_made(incoming, sent_at, key)))
    window = int(incoming.received_at.timestamp() // SAME_WORDS_WITHIN.total_seconds())
    mine, before = (_made(incoming, str(number).encode(), key) for number in (window, window - 1))
    return Received(replace(incoming, provider_id=mine), twin=before)


def _made(incoming: Incoming, when: bytes, key: bytes) -> str:
    parts = (incoming.sender.reveal(), incoming.recipient, incoming.text)
    said = b"\0".join([*(part.encode("utf-8", "surrogatepass") for part in parts), when])
    return f"made-{hmac.new(key, said, hashlib.sha256).hexdigest()[:32]}"
