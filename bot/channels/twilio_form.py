"""Twilio's form for a message or a call, read once for all its channels."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from bot.core.messages import Address, Channel, ContentKind, Incoming, Media

PROVIDER = "twilio"
ID_AT_MOST = 64  # characters; Twilio's have 34, ours 32
MEDIA_AT_MOST = 10  # Twilio's own limit for one message

Form = Mapping[str, str]  # the first value of each field; Twilio adds fields without notice, so none is unknown

_PREFIXES: dict[str, Channel] = {"": "sms", "whatsapp": "whatsapp"}
MESSAGE_SIDS = ("MessageSid", "SmsMessageSid", "SmsSid")  # the same value; the last two are the older names
_KINDS: dict[str, ContentKind] = {"audio": "voice_note", "image": "picture", "video": "video"}
_CONTACT_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
_OPT_OUTS: dict[str, Literal["stop", "start", "help"]] = {"STOP": "stop", "START": "start", "HELP": "help"}
_WORDLESS = frozenset({"", "text", "interactive", "button"})  # types of message that nothing but a text belongs to


class BadForm(ValueError):
    """The form is not a message: the sender of the request has to correct it."""


def channel_of(form: Form) -> Channel:
    """Say by the prefix of From ("whatsapp:…", none for SMS) which channel a message came by. Raises BadForm."""
    prefix = _split(_needed(form, "From"))[0]
    if prefix not in _PREFIXES:
        raise BadForm("Only SMS and WhatsApp are taken in: point no other kind of sender to this address.")
    return _PREFIXES[prefix]


def read(form: Form, *, text: str, payload: str | None, received_at: datetime) -> Incoming:
    """Read what every message form has in common; `text` and `payload` are the channel's. Raises BadForm."""
    media = _media(form)
    location = _location(form)
    return Incoming(
        provider=PROVIDER,
        provider_id=sid(form, MESSAGE_SIDS),
        sender=sender(form, channel_of(form)),
        recipient=_split(form.get("To", ""))[1],
        text=text,
        received_at=received_at,
        content=_content(form, media=media, located=location is not None),
        payload=payload,
        media=media,
        opt_out=_OPT_OUTS.get(form.get("OptOutType", "").strip().upper()),
        location=location,
    )


def sender(form: Form, channel: Channel) -> Address:
    """Return who wrote or called: a number, or whatever identifier the provider gives instead. Raises BadForm."""
    return Address(channel, _split(_needed(form, "From"))[1])


def _needed(form: Form, name: str) -> str:
    value = form.get(name, "").strip()
    if not _split(value)[1]:
        raise BadForm(f"The form has no {name}: a message names its sender.")
    return value


def is_id(value: str) -> bool:
    """Say whether a value can be an id of a provider or of ours: printable ASCII, not longer than any of them."""
    return value.isascii() and value.isalnum() and len(value) <= ID_AT_MOST


def sid(form: Form, names: Sequence[str]) -> str:
    """Return the provider's own id from the first of these fields that has one. Raises BadForm."""
    found = next((form[name].strip() for name in names if form.get(name, "").strip()), "")
    if not is_id(found):
        raise BadForm(
            f"The form has no {names[0]}: without the provider's id a repeated message could not be told apart."
        )
    return found


def _split(address: str) -> tuple[str, str]:
    """Part "whatsapp:+223…" into channel prefix and value; the value is opaque and may hold anything but a colon."""
    prefix, colon, value = address.strip().partition(":")
    return (prefix.lower(), value.strip()) if colon else ("", prefix)


def _media(form: Form) -> tuple[Media, ...]:
    urls = (form.get(f"MediaUrl{number}", "").strip() for number in range(MEDIA_AT_MOST))
    types = (form.get(f"MediaContentType{number}", "").strip().lower() for number in range(MEDIA_AT_MOST))
    return tuple(Media(url, kind) for url, kind in zip(urls, types, strict=True) if url)


def _location(form: Form) -> str | None:
    latitude, longitude = form.get("Latitude", "").strip(), form.get("Longitude", "").strip()
    if not (latitude and longitude):
        return None
    names = (form.get("Label", "").strip(), form.get("Address", "").strip())
    return " ".join([f"{latitude},{longitude}", *filter(None, names)])


def _content(form: Form, *, media: tuple[Media, ...], located: bool) -> ContentKind:
    if media:
        return _media_kind(media[0].content_type)
    if located:
        return "location"
    wordless = not form.get("Body", "").strip()
    announced = form.get("NumMedia", "0").strip() not in {"", "0"}
    if wordless and (announced or form.get("MessageType", "").strip().lower() not in _WORDLESS):
        return "other"  # a sticker, a reaction, something new: a person will look
    return "text"


def _media_kind(content_type: str) -> ContentKind:
    plain = content_type.partition(";")[0].strip()
    if plain in _CONTACT_CARDS:
        return "contact"
    return _KINDS.get(plain.partition("/")[0], "document" if plain else "other")
