"""Every scripted talk goes as it is written, through the whole assistant, and every flow has one in both languages."""

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
FIRSTS = [next(talk for talk in TALKS if talk.file == file) for file in dict.fromkeys(talk.file for talk in TALKS)]
FAULTS_OF_OURS = {"pattern_internal_error", "pattern_code_change"}  # only a broken or a changed file leads there


@pytest.mark.parametrize("talk", TALKS, ids=NAMES)
def test_it_answers_as_the_talk_says(talk: Talk, brain: Brain, sqlite: Databases) -> None:
    _holds(talk, brain, sqlite)


@pytest.mark.db
@pytest.mark.parametrize("talk", FIRSTS, ids=[f"{talk.file}: {talk.title}" for talk in FIRSTS])
def test_the_first_talk_of_each_file_goes_the_same_on_postgresql(
    talk: Talk, brain: Brain, postgresql: Databases
) -> None:
    _holds(talk, brain, postgresql)


@pytest.fixture(scope="module")
def there(brain: Brain, sqlite: Databases) -> list[Held]:
    """Every talk, held with the actions on a server of their own."""
    with action_server() as url:
        return [_hold(talk, replace(brain, act=Remote(url)), sqlite) for talk in TALKS]


@pytest.mark.tree
def test_every_talk_goes_the_same_with_the_actions_on_a_server_of_their_own(there: list[Held]) -> None:
    assert not {name: held.faults for name, held in zip(NAMES, there, strict=True) if held.faults}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flow_has_a_talk_in_both_languages(language: Language, brain: Brain, there: list[Held]) -> None:
    of_it = [held for talk, held in zip(TALKS, there, strict=True) if talk.language == language]
    shown = chain.from_iterable(held.begun for held in of_it)

    assert not set(brain.assistant.flows) - set(shown) - FAULTS_OF_OURS


def _holds(talk: Talk, brain: Brain, databases: Databases) -> None:
    held = _hold(talk, brain, databases)

    assert not held.faults, f"{talk.file}, {talk.title}:\n" + "\n".join(held.faults)


def _hold(talk: Talk, brain: Brain, databases: Databases) -> Held:
    """Hold a talk on a fresh database."""
    database = Database(databases.fresh())
    ports = Ports(SqlStore(database, Vault(KEYS)), StoppedClock(MORNING), RandomIds(), CountedWake())
    try:
        return Conversation(talk, brain, ports).hold()
    finally:
        database.close()
