"""What an operator's robot writes from a full number is never a case and never an answer to a check-in."""

import pytest

from bot.core.figures import Asked
from bot.service.brain import Brain
from bot.service.send_check_ins import CheckInDesk
from tests.service.asking import first
from tests.service.letters import say

ROBOTS = (
    "Votre credit est de 2 FCFA valable jusqu'au 30/12. Tapez *123# pour recharger",
    "Promo Orange: rechargez 1000 FCFA et recevez 100% de bonus",
    "Vous avez 1 appel manque",
)


@pytest.mark.parametrize("text", ROBOTS)
def test_a_robot_has_not_answered_a_check_in(desk: CheckInDesk, brain: Brain, asked: str, text: str) -> None:
    say(brain, desk.ports, text)
    still = first(desk, asked)
    cases = desk.ports.store.cases(include_sensitive=True)
    say(brain, desk.ports, "2")

    assert (still.answered_at, still.finished_at, cases) == (None, None, ())
    assert [cell.value for cell in desk.check_ins.answers(Asked("check_in_mood", by="trade"))] == ["so_so"]
