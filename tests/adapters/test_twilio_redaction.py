"""At Twilio, texts and media go once they are kept here: the real SDK against the stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.media import SqlMedia
from bot.adapters.sql.redactions import LOOK_BACK, SqlRedactions
from bot.adapters.twilio_redaction import TwilioRedactor
from bot.core.messages import Media
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.service.retain import redact_at_provider
from bot.simulator import StoppedClock
from bot.twilio_settings import Twilio
from tests.conftest import KEYS
from tests.service.letters import AWA, letter
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, StandIn, stand_in
from tests.twilio_stand_in.account import Fault

AFTER = timedelta(days=3)


@pytest.fixture
def twilio(clock: StoppedClock) -> Iterator[StandIn]:
    with stand_in(now=clock.now).running() as running:
        yield running


@dataclass(frozen=True, slots=True)
class Office:
    """Awa writes, days pass, and Twilio is asked to forget."""

    brain: Brain
    ports: Ports
    clock: StoppedClock
    twilio: StandIn
    media: SqlMedia
    book: SqlRedactions

    def hears(self, text: str, *media: Media) -> str:
        """Let Awa write and return Twilio's id of it; the reply gets to her, too."""
        sid = self.twilio.account.take_in(sender=AWA, to=SMS_NUMBER, body=text).sid
        one = replace(letter(text, ports=self.ports, ident=sid), media=media, content="voice_note" if media else "text")
        for row in receive_message(self.brain, self.ports, one).rows:
            sent = self.twilio.account.reply(self.twilio.account.messages[sid], row.text, None)
            with self.ports.store.write() as tx:
                tx.update_outgoing(row.id, {"status": "delivered", "provider_id": sent.sid if sent else None})
        return sid

    def redacts(self) -> int:
        redactor = TwilioRedactor(Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, self.twilio.url))
        return redact_at_provider(self.book, redactor, now=self.clock.now(), after=AFTER)

    def waits(self, time: timedelta = AFTER + timedelta(minutes=1)) -> None:
        self.clock.at += time

    def bodies(self) -> list[str]:
        return [message.body for message in self.twilio.account.messages.values() if message.body]


@pytest.fixture
def office(brain: Brain, ports: Ports, clock: StoppedClock, twilio: StandIn, database: Database) -> Office:
    return Office(brain, ports, clock, twilio, SqlMedia(database, Vault(KEYS)), SqlRedactions(database, "twilio"))


def test_what_was_written_both_ways_goes_after_some_days_and_is_not_asked_for_again(office: Office) -> None:
    office.hears("Bonjour")
    at_once = office.redacts()
    office.waits()

    assert (at_once, office.redacts()) == (0, len(office.twilio.account.messages))
    assert office.bodies() == []
    assert office.redacts() == 0


def test_a_voice_note_stays_until_it_is_dealt_with_here(office: Office) -> None:
    sid = office.hears("", Media("https://api.twilio.com/x", "audio/ogg"))
    office.twilio.switchboard.attach(sid, "audio/ogg", b"OggS")
    office.waits()
    office.redacts()
    waiting = len(office.twilio.switchboard.media)
    (wanted,) = office.media.claim(limit=1, now=office.clock.now(), until=office.clock.now())
    office.media.refuse(wanted.id, "too_big")
    office.redacts()

    assert (waiting, len(office.twilio.switchboard.media)) == (1, 0)


def test_what_twilio_no_longer_has_is_done(office: Office) -> None:
    office.hears("Bonjour")
    office.twilio.account.messages.clear()
    office.waits()

    assert office.redacts() > 0
    assert office.redacts() == 0


@pytest.mark.parametrize("fault", ["500", "429"])
def test_when_twilio_is_away_it_goes_on_later(office: Office, fault: Fault) -> None:
    office.hears("Bonjour")
    office.waits()
    office.twilio.account.fail_next(fault)
    first = office.redacts()
    office.redacts()

    assert first == 0
    assert office.bodies() == []


def test_nothing_is_looked_for_longer_than_it_can_matter(office: Office) -> None:
    office.hears("Bonjour")
    office.waits(AFTER + LOOK_BACK + timedelta(days=1))

    assert office.redacts() == 0


def test_what_is_erased_here_goes_there_too(office: Office) -> None:
    office.hears("Bonjour")
    known = office.ports.store.look_up(
        letter("", ports=office.ports).sender, provider="twilio", provider_id="", now=office.clock.now()
    )
    with office.ports.store.write() as tx:
        tx.forget(known.person.id if known.person else "", receipt="K7421R", now=office.clock.now())
    office.waits()
    office.redacts()

    assert office.bodies() == []
