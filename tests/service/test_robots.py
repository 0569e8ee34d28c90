"""What an operator's robot writes from a full number is never a case and never an answer to a check-in."""

from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.figures import Asked
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.send_check_ins import CheckInDesk
from bot.simulator import StoppedClock
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


def test_whoever_erases_themselves_again_and_again_has_one_budget(
    brain: Brain, ports: Ports, clock: StoppedClock
) -> None:
    asked = ["c koi le pécule", "g perdu ma kart", "menu", "qui êtes vous", "je cherche du travail"] * 4
    spent, erased = 0, 0
    for text in [*asked, "0", "EFFACER", "oui"] * 6:
        clock.at += timedelta(seconds=20)
        taken = say(brain, ports, text)
        spent += sum(row.segments for row in taken.rows)
        erased += any(row.response == "utter_erased" for row in taken.rows)

    assert erased >= 1
    assert spent < limits.SEGMENTS_AN_HOUR + 6
