"""A broadcast in words and figures: how it looks on a phone, whom it reaches, what it costs, how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import prices, sms_text
from bot.core.broadcast_content import longest
from bot.core.broadcasts import Broadcast, Preview
from bot.core.messages import LANGUAGES, Channel, Wire
from bot.core.outreach import WORDS
from bot.core.prices import Letter, in_francs
from bot.service.broadcast_desk import Desk as BroadcastDesk
from bot.service.broadcasts import preview, shown
from console import words

TOGETHER = ("with_a_person", "grave_case")  # told apart they would say who has a complaint or is in danger
DONE = ("accepted", "sent", "delivered", "read", "undelivered", "failed", "skipped")
STILL = ("queued", "sending")
_RATED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Phone:
    """One message as a phone shows it, and what it costs."""

    language: str
    channel: Channel
    lines: tuple[str, ...]
    encoding: str
    segments: int
    francs: str
    left: int  # letters until one more SMS begins


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a broadcast before it is sent."""

    phones: tuple[Phone, ...]
    letters: tuple[str, ...]
    people: int
    segments: int
    francs: str
    excluded: tuple[tuple[str, int], ...]
    groups: tuple[tuple[str, str, int], ...]


def look(desk: BroadcastDesk, one: Broadcast) -> Look:
    """Work out how a broadcast looks, whom it reaches and what it costs; nothing is written."""
    expected = preview(desk, one)
    texts = [longest(one.texts.get(language, ""), desk.brain.assistant.facts) for language in LANGUAGES]
    return Look(
        phones=phones(desk, one),
        letters=tuple(sentence for text in texts for sentence in _letters(text)),
        people=expected.people,
        segments=expected.segments,
        francs=in_francs(expected.centimes),
        excluded=reasons({("", reason): count for reason, count in expected.excluded.items()}),
        groups=_groups(expected),
    )


def phones(desk: BroadcastDesk, one: Broadcast) -> tuple[Phone, ...]:
    """Return how it looks on each kind of phone, in both languages."""
    both: tuple[Channel, ...] = ("sms", "whatsapp")
    channels = tuple(channel for channel in both if one.channel in ("any", channel))
    found = [(channel, language, shown(desk, one, language, channel)) for channel in channels for language in LANGUAGES]
    return tuple(
        _phone(desk, channel, language, [wire for _, wire in said]) for channel, language, said in found if said
    )


def _phone(desk: BroadcastDesk, channel: Channel, language: str, wires: list[Wire]) -> Phone:
    segments = sum(wire.segments for wire in wires)
    table = desk.prices
    each = table.of("sms" if channel == "sms" else "whatsapp", now=desk.now)
    return Phone(
        language=words.LANGUAGES[language],
        channel=channel,
        lines=tuple(wire.text for wire in wires),
        encoding=wires[0].encoding,
        segments=segments,
        francs=in_francs(each * segments),
        left=prices.letters_left(wires[-1].text) if channel == "sms" else 0,
    )


def _letters(text: str) -> list[str]:
    """Say what single letters cost: those that the SMS folds, and the extension table's double ones."""
    return [_letter(one) for one in prices.dear_letters(text)] + _doubled(text)


def _letter(one: Letter) -> str:
    sent = f"part comme « {one.plain} »" if one.plain else "ne part pas"
    return f"« {one.character} » {sent} par SMS : tel quel, il coûterait {one.with_it} SMS au lieu de {one.without}."


def _doubled(text: str) -> list[str]:
    """Say which letter fewer would make one SMS less."""
    folded = sms_text.fold(text)
    whole = sms_text.size(folded).segments
    cheaper = {
        one: whole - sms_text.size(folded.replace(one, "")).segments for one in sorted(set(folded)) if one not in " \n"
    }
    twice = {one: saved for one, saved in cheaper.items() if saved > 0 and sms_text.SEPTETS.get(one, 1) > 1}
    return [f"Sans le « {one} » (compté double), {saved} SMS de moins." for one, saved in twice.items()]


def reasons(counted: Mapping[tuple[str, str], int]) -> tuple[tuple[str, int], ...]:
    """Return reasons in words with how many have them, the commonest first."""
    summed: dict[str, int] = {}
    for (_, reason), count in counted.items():
        said = reason_words(reason)
        summed[said] = summed.get(said, 0) + count
    return tuple(sorted(summed.items(), key=lambda pair: -pair[1]))


def reasons_meant(asked: str) -> tuple[str, ...]:
    """Return what a filter by this reason lets through: those that are one to the reader are never told apart."""
    return TOGETHER if asked in TOGETHER else tuple(filter(None, (asked,)))


def reason_choices() -> tuple[tuple[str, str], ...]:
    """Return the reasons to filter by, each of those that are one to the reader once."""
    return tuple((name, said) for name, said in WORDS.items() if name not in TOGETHER[1:])


def reason_words(reason: str) -> str:
    """Say why; a provider's error code stays a code, and what the team has in hand stays its own business."""
    if reason in TOGETHER:
        return WORDS["with_a_person"]
    return next((said for name, said in WORDS.items() if name == reason), "") or f"code du fournisseur : {reason}"


def _groups(expected: Preview) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (words.LANGUAGES.get(language, language), words.CHANNELS.get(channel, channel), count)
        for (language, channel), count in sorted(expected.groups.items())
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: `rate` in persons a minute over the last minute, None where nothing moved."""

    total: int
    done: int
    statuses: tuple[tuple[str, int], ...]
    rate: int | None
    left: str
    francs: str
    answered: int

    @property
    def percent(self) -> int:
        """Return how much is done, in whole hundredths."""
        return 100 * self.done // self.total if self.total else 0


def progress(desk: BroadcastDesk, one: Broadcast, moved: int) -> Progress:
    """Count where a broadcast stands; `moved` are the recipients that got to an end within the last minute."""
    counts = desk.broadcasts.counts(one.id)
    still = sum(counts.get(status, 0) for status in STILL)
    running = one.state == "running"
    return Progress(
        total=sum(counts.values()),
        done=sum(counts.get(status, 0) for status in DONE),
        statuses=tuple((words.SENDING[name], counts[name]) for name in words.SENDING if counts.get(name)),
        rate=moved if moved and running else None,
        left=words.span(timedelta(minutes=still / moved)) if still and moved and running else "",
        francs=in_francs(desk.broadcasts.spent(one.id)),
        answered=desk.broadcasts.answered(one.id),
    )


def since(now: datetime) -> datetime:
    """Return from when on recipients count for the rate."""
    return now - _RATED
