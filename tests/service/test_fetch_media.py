"""A voice note is written down with its message, fetched, kept sealed, and gone with its person."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.media import PIECE, SqlMedia
from bot.adapters.sql.tables_calls import media_part
from bot.core.messages import Media
from bot.ports.media import Fetched, Medium, NotFetched, NotKept
from bot.service.brain import Brain
from bot.service.fetch_media import TRIES, fetch_media
from bot.service.receive_message import Ports, receive_message
from bot.simulator import StoppedClock
from tests.conftest import KEYS
from tests.service.letters import letter

VOICE = b"OggS" + b"v" * (2 * PIECE + 7)


@dataclass
class Source:
    """A provider that says what it is told to."""

    says: Fetched | Exception

    def fetch(self, address: str) -> Fetched:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def book(database: Database) -> SqlMedia:
    return SqlMedia(database, Vault(KEYS))


def sent(brain: Brain, ports: Ports, *kinds: str) -> str:
    """Let a person send attachments of these kinds and return who they are."""
    files = tuple(Media(f"https://api.twilio.com/{number}", kind) for number, kind in enumerate(kinds))
    one = replace(letter("", ports=ports, channel="whatsapp"), content="voice_note", media=files)
    receive_message(brain, ports, one)
    known = ports.store.look_up(one.sender, provider="twilio", provider_id="", now=ports.clock.now())
    assert known.person
    return known.person.id


def newest(book: SqlMedia, person: str) -> Medium:
    return book.of_person(person)[-1]


def test_it_is_kept_as_it_came(brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock) -> None:
    person = sent(brain, ports, "audio/ogg; codecs=opus")
    tried = fetch_media(book, Source(Fetched("audio/ogg", VOICE)), clock)
    kept = newest(book, person)

    assert tried == 1
    assert (kept.status, kept.size, kept.content_type) == ("kept", len(VOICE), "audio/ogg")
    assert b"".join(book.content(kept.id)) == VOICE
    assert fetch_media(book, Source(AssertionError()), clock) == 0


def test_nothing_of_it_stands_in_the_database_in_clear(
    brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock, database: Database
) -> None:
    sent(brain, ports, "audio/ogg")
    fetch_media(book, Source(Fetched("audio/ogg", VOICE)), clock)

    with database.reading() as connection:
        pieces = [bytes(piece) for piece in connection.execute(select(media_part.c.content)).scalars()]
    assert len(pieces) == 3
    assert not any(b"vvvv" in piece or b"dnZ2" in piece for piece in pieces)


def test_a_kind_that_is_not_kept_is_not_even_fetched(
    brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock
) -> None:
    person = sent(brain, ports, "video/mp4")
    fetch_media(book, Source(AssertionError()), clock)

    assert (newest(book, person).status, newest(book, person).reason) == ("refused", "kind")


def test_what_could_not_be_fetched_is_tried_again_later_and_given_up_in_the_end(
    brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock
) -> None:
    person = sent(brain, ports, "audio/ogg")
    away, tries = Source(NotFetched("503")), 0
    at_once = fetch_media(book, away, clock) + fetch_media(book, away, clock)
    while newest(book, person).status == "wanted":
        clock.at += timedelta(days=1)
        tries += fetch_media(book, away, clock)

    assert (at_once, tries) == (1, TRIES - 1)
    assert newest(book, person).reason == "away"


def test_what_is_never_kept_says_why(brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock) -> None:
    person = sent(brain, ports, "audio/ogg")
    fetch_media(book, Source(NotKept("too_big")), clock)

    assert newest(book, person).reason == "too_big"


def test_it_goes_with_its_person_and_does_not_come_back(
    brain: Brain, ports: Ports, book: SqlMedia, clock: StoppedClock, database: Database
) -> None:
    person = sent(brain, ports, "audio/ogg", "audio/ogg")
    (first, _) = book.claim(limit=2, now=clock.now(), until=clock.now())
    book.keep(first.id, Fetched("audio/ogg", VOICE))
    with ports.store.write() as tx:
        tx.forget(person, receipt="K7421R", now=clock.now())
    book.keep(first.id, Fetched("audio/ogg", VOICE))

    assert book.of_person(person) == ()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(media_part)) == 0


def test_a_message_that_comes_twice_has_its_voice_note_once(brain: Brain, ports: Ports, book: SqlMedia) -> None:
    one = replace(letter("", ports=ports), media=(Media("https://api.twilio.com/1", "audio/ogg"),))
    receive_message(brain, ports, one)
    receive_message(brain, ports, one)
    known = ports.store.look_up(one.sender, provider="twilio", provider_id="", now=ports.clock.now())

    assert known.person
    assert len(book.of_person(known.person.id)) == 1
