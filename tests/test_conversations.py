"""Every scripted talk goes as it is written, through the whole assistant, and every flow has one in both languages."""

import pytest

from bot.service.brain import Brain
from bot.service.receive_message import Ports
from tests.talks import FOLDER, Conversation, Talk, read_talks

FILES = sorted(FOLDER.glob("*.yml"))
TALKS = [(path, talk) for path in FILES for talk in read_talks(path)]


@pytest.mark.parametrize("talk", [pytest.param(talk, id=f"{path.stem}: {talk.title}") for path, talk in TALKS])
def test_it_answers_as_the_talk_says(talk: Talk, brain: Brain, ports: Ports) -> None:
    held = Conversation(talk, brain, ports).hold()

    assert not held.faults, f"{talk.file}, {talk.title}:\n" + "\n".join(held.faults)
