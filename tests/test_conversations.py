"""Every scripted talk goes as it is written, through the whole assistant, and every flow has one in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest

from bot.adapters.actions import Remote
from bot.adapters.crypto import Vault
from bot.adapters.ids import RandomIds
from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.core.messages import LANGUAGES, Language
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.simulator import StoppedClock
from tests.action_server import action_server
from tests.conftest import KEYS, MORNING, CountedWake
from tests.servers import Databases
from tests.talks import FOLDER, Conversation, Held, Talk, read_talks

TALKS = [talk for path in sorted(FOLDER.glob("*.yml")) for talk in read_talks(path)]
NAMES = [f"{talk.file}: {talk.title}" for talk in TALKS]
FAULTS_OF_OURS = {"pattern_internal_error", "pattern_code_change"}  # only a broken or a changed file leads there


@pytest.mark.parametrize("talk", TALKS, ids=NAMES)
def test_it_answers_as_the_talk_says(talk: Talk, brain: Brain, ports: Ports) -> None:
    held = Conversation(talk, brain, ports).hold()

    assert not held.faults, f"{talk.file}, {talk.title}:\n" + "\n".join(held.faults)


@pytest.fixture(scope="module")
def here(brain: Brain, sqlite: Databases) -> list[Held]:
    """Every talk, held with the actions in this process."""
    return list(_all_talks(brain, sqlite))


@pytest.mark.tree
def test_every_talk_is_the_same_with_the_actions_on_a_server_of_their_own(
    brain: Brain, sqlite: Databases, here: list[Held]
) -> None:
    with action_server() as url:
        there = list(_all_talks(replace(brain, act=Remote(url)), sqlite))

    different = [name for name, one, other in zip(NAMES, here, there, strict=True) if _told(one) != _told(other)]
    assert not different


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flow_has_a_talk_in_both_languages(language: Language, brain: Brain, here: list[Held]) -> None:
    shown = chain.from_iterable(held.begun for talk, held in zip(TALKS, here, strict=True) if talk.language == language)

    assert not set(brain.assistant.flows) - set(shown) - FAULTS_OF_OURS


def _all_talks(brain: Brain, databases: Databases) -> Iterator[Held]:
    """Hold each talk on a fresh database."""
    for talk in TALKS:
        database = Database(databases.fresh())
        ports = Ports(SqlStore(database, Vault(KEYS)), StoppedClock(MORNING), RandomIds(), CountedWake())
        yield Conversation(talk, brain, ports).hold()
        database.close()


def _told(held: Held) -> tuple[object, ...]:
    """Return what must not depend on where actions run: the transcript and the conversation at its end."""
    return held.steps, held.faults, held.begun, held.state
