"""What broadcasts are made and sent with, and how a text reads and weighs for one recipient."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.broadcast_content import fill, longest, short_name
from bot.core.broadcasts import Broadcast
from bot.core.commands import Begin
from bot.core.conversation import State
from bot.core.messages import LANGUAGES, Channel, Language, Outgoing, Wire
from bot.core.people import Person
from bot.core.prices import Prices
from bot.core.quiet import Quiet
from bot.ports import Known
from bot.ports.broadcasts import Broadcasts, Weight
from bot.service.brain import Brain
from bot.service.decide import decide_begin
from bot.service.ports import Ports


@dataclass(frozen=True, slots=True)
class Desk:
    """What broadcasts are made and sent with. Money in centimes."""

    brain: Brain
    ports: Ports
    broadcasts: Broadcasts
    quiet: Quiet
    sms_centimes: int
    month_cap: int = 0  # 0: none
    new_people_a_day: int = 0  # whom WhatsApp lets us write to first; 0: no limit
    template: str | None = None
    word_sender: str | None = None  # the SMS sender where it is a word, which nobody can answer
    short_codes: frozenset[str] = frozenset()  # on which messages come in

    @property
    def prices(self) -> Prices:
        """Return the price table."""
        return Prices(self.broadcasts.prices(), self.sms_centimes)

    @property
    def now(self) -> datetime:
        """Return the time."""
        return self.ports.clock.now()


def weigh(desk: Desk, one: Broadcast) -> Weight:
    """Return how many SMS segments a broadcast has at its longest in each language, and the prices."""
    return Weight({language: _segments(desk, one, language) for language in LANGUAGES}, desk.prices, desk.now)


def _segments(desk: Desk, one: Broadcast, language: Language) -> int:
    """Count what is sent first; how much a conversation goes on to cost depends on its answers."""
    if one.kind == "text":
        said = wires(desk, longest(one.texts.get(language, ""), desk.brain.assistant.facts), "sms")
    else:
        said = first_words(desk, one.flow or "", language, "sms")
    return max(1, sum(wire.segments for _, wire in said))


def first_words(desk: Desk, flow: str, language: Language, channel: Channel) -> tuple[tuple[Outgoing, Wire], ...]:
    """Return what a conversation says before its first answer."""
    known = Known(Person(""), replace(State.new(), lang=language).to_json())
    if flow not in desk.brain.assistant.flows:
        return ()
    return decide_begin(desk.brain, known, Begin(flow), channel=channel, now=desk.now, draw=0).said


def wires(desk: Desk, text: str, channel: str) -> tuple[tuple[Outgoing, Wire], ...]:
    """Return a text as phones receive it: folded and counted for an SMS."""
    render = desk.brain.render["whatsapp" if channel == "whatsapp" else "sms"]
    return render([Outgoing("broadcast", text)]) if text.strip() else ()


def values_of(brain: Brain, person: Person, language: Language) -> dict[str, str]:
    """Return what a text may say of a person, as it is called in their language."""
    facts = brain.assistant.facts
    region, trade = facts.regions.get(person.region or ""), facts.trades.get(person.trade or "")
    place = (region.bambara if language == "bm" else region.name) if region else ""
    name = short_name(person.contact.get("name", ""))
    return {"name": name, "region": place, "trade": trade.name if trade else ""}


def written_for(desk: Desk, one: Broadcast, person: Person) -> tuple[tuple[Outgoing, Wire], ...]:
    """Put a text into words for one person: their language, their name, their channel."""
    language: Language = person.language or "fr"
    text = fill(one.texts.get(language, ""), values_of(desk.brain, person, language))
    return wires(desk, text, person.addresses[0].channel if person.addresses else "sms")
