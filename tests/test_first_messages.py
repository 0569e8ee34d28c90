"""Forty first messages of unknown numbers, through the whole assistant: what it says, keeps, and never says.

tests/first_messages.tsv, one message a row: its text, its language, the case that it opens (kind, priority,
"sensitive"; - for none), what is done besides (words of one effect), what must be said and must not (between bars),
and why an outcome differs from what one might expect.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.core.messages import ContentKind
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import Taken
from bot.simulator import Phone, StoppedClock, describe
from tests.conftest import KEYS, MORNING, CountedWake
from tests.servers import Databases
from tests.talks import CountedIds

FILE = Path(__file__).parent / "first_messages.tsv"
LIBRARY = Path(__file__).parents[1] / "../shared/domain/first_messages.tsv"
UNKNOWN_NUMBER = "+22376000001"
NOT_TEXT: dict[str, tuple[str, ContentKind]] = {"<EMPTY>": ("", "text"), "<VOICE_NOTE 0:42>": ("", "voice_note")}
AMOUNT = re.compile(r"F ?CFA|francs?\b|euros?\b|dɔrɔmɛ|dòròmè|\bmille\b|(?<!\d)\d{1,3}[ .]?000\b")
PROMISE = re.compile(r"vous (aurez|recevrez|toucherez|avez droit)|an bɛna i dɛmɛ|an bèna i dèmè", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One first message and what it leads to."""

    text: str
    language: str
    case: str
    does: str
    says: str
    never: str
    note: str


def rows() -> list[Row]:
    with FILE.open(encoding="utf-8") as file:
        return [Row(*row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]


@dataclass(frozen=True)
class Answer:
    """What a first message came to."""

    taken: Taken
    texts: str
    cases: list[str]
    seen_by_all: int
    effects: list[set[str]]


@pytest.fixture
def ports(sqlite: Databases) -> Iterator[Ports]:
    database = Database(sqlite.fresh())
    yield Ports(SqlStore(database, Vault(KEYS)), StoppedClock(MORNING), RandomIds(), CountedWake())
    database.close()


def write(brain: Brain, ports: Ports, row: Row) -> Answer:
    text, content = NOT_TEXT.get(row.text, (row.text, "text"))
    counted = replace(ports, ids=CountedIds(ports.ids))  # a drawn reference may hold a figure that must not be said
    taken = Phone(brain, counted, "sms", UNKNOWN_NUMBER).write(text, content=content)
    cases = ports.store.cases(include_sensitive=True)
    decision = taken.decision
    return Answer(
        taken=taken,
        texts="\n".join(one.text for one in taken.rows),
        cases=[f"{c.kind} {c.priority}{' sensitive' if c.sensitive else ''}" for c in cases],
        seen_by_all=len(ports.store.cases()),
        effects=[words(describe(effect)) for effect in decision.effects] if decision else [],
    )


def words(value: object) -> set[str]:
    return set(re.findall(r"\w+", str(value)))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_a_first_message_has_the_right_outcome(row: Row, brain: Brain, ports: Ports) -> None:
    answer = write(brain, ports, row)

    assert answer.cases == ([] if row.case == "-" else [row.case])
    assert answer.seen_by_all == (0 if "sensitive" in row.case else len(answer.cases))
    assert [w for w in row.says.split("|") if w not in answer.texts] == [], answer.texts
    assert [w for w in row.never.split("|") if w.casefold() in answer.texts.casefold()] == [], answer.texts
    assert not row.does or any(words(row.does) <= done for done in answer.effects), answer.effects


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_a_first_answer_names_no_amount_promises_nothing_and_stays_within_an_sms_each(
    row: Row, brain: Brain, ports: Ports
) -> None:
    answer = write(brain, ports, row)

    assert answer.taken.rows
    assert not AMOUNT.search(answer.texts)
    assert not PROMISE.search(answer.texts)
    assert {one.segments for one in answer.taken.rows} == {1}


def test_empty_messages_again_and_again_end_in_silence(brain: Brain, ports: Ports) -> None:
    phone = Phone(brain, ports, "sms", UNKNOWN_NUMBER)

    answered = [bool(phone.write("").rows) for _ in range(12)]

    assert answered[0]
    assert not answered[-1]


def test_every_first_message_of_the_library_is_tried() -> None:
    if not LIBRARY.exists():
        pytest.skip(f"the reference library is not here: {LIBRARY}")
    with LIBRARY.open(encoding="utf-8") as file:
        wanted = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]

    assert [row.text for row in rows()] == wanted
