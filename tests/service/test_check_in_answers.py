"""What people answer to a check-in, and what ends it: answers one by one, silence, not now, STOP."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.figures import Asked, Cell
from bot.service.brain import Brain
from bot.service.send_check_ins import CheckInDesk, send_check_ins
from bot.simulator import StoppedClock
from tests.service.asking import DUE, first, waiting
from tests.service.letters import say, texts


def test_an_erased_person_is_asked_nothing_more_and_their_answers_stay_as_counts(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    say(brain, desk.ports, "1")
    with desk.ports.store.write() as tx:
        tx.forget(asked, receipt="K7421S", now=clock.at)
    clock.at += timedelta(days=400)

    assert send_check_ins(desk) == 0
    assert desk.check_ins.of_person(asked) == ()
    assert desk.check_ins.answers(Asked("check_in_mood", by="region")) == (Cell("kayes", "well", 1),)


def test_it_reminds_once_and_then_gives_up(desk: CheckInDesk, asked: str, clock: StoppedClock) -> None:
    waiting(desk.ports)
    clock.at = DUE + timedelta(days=3)
    send_check_ins(desk)

    (again,) = waiting(desk.ports)
    assert "Comment ca va" in again.text
    assert first(desk, asked).reminded_at == clock.at

    clock.at += timedelta(days=4)
    send_check_ins(desk)

    over = first(desk, asked)
    assert (over.reason, over.finished_at, over.next_at) == ("no_answer", clock.at, None)
    assert waiting(desk.ports) == []


def test_whoever_has_begun_to_answer_is_not_reminded(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    waiting(desk.ports)
    say(brain, desk.ports, "2")
    clock.at = DUE + timedelta(days=3)
    send_check_ins(desk)

    assert waiting(desk.ports) == []
    assert first(desk, asked).answered_at == DUE
    assert first(desk, asked).finished_at is None


def test_answers_are_kept_one_by_one_with_what_plots_are_drawn_by(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    say(brain, desk.ports, "2")

    by_trade = desk.check_ins.answers(Asked("check_in_mood", by="trade"))
    assert by_trade == (Cell("couture", "so_so", 1),)
    assert first(desk, asked).finished_at is None

    say(brain, desk.ports, "1")
    say(brain, desk.ports, "2")

    assert desk.check_ins.answers(Asked("check_in_basics", by="month")) == (Cell("2026-12", "true", 1),)
    assert desk.check_ins.answers(Asked("check_in_person", by="sex", region="kayes")) == (Cell("f", "false", 1),)
    assert desk.check_ins.answers(Asked("check_in_person", region="gao")) == ()
    assert (first(desk, asked).finished_at, first(desk, asked).reason) == (DUE, None)


def test_a_corrected_answer_takes_the_first_ones_place(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    del asked
    say(brain, desk.ports, "1")
    say(brain, desk.ports, "retour")
    say(brain, desk.ports, "3")

    assert desk.check_ins.answers(Asked("check_in_mood", by="language")) == (Cell("fr", "bad", 1),)


def test_not_now_is_a_refusal_and_is_not_asked_again(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    waiting(desk.ports)
    say(brain, desk.ports, "4")
    clock.at += timedelta(days=10)
    send_check_ins(desk)

    assert (first(desk, asked).reason, waiting(desk.ports)) == ("refused", [])


@pytest.mark.parametrize("said", [("STOP", "all"), ("stop questions", "check_ins")])
def test_an_opt_out_ends_what_is_open_and_what_is_to_come(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock, said: tuple[str, str]
) -> None:
    word, scope = said
    say(brain, desk.ports, word)
    person = desk.ports.store.person(asked).person
    assert person is not None
    assert person.opt_out == scope
    assert first(desk, asked).reason == "opted_out"

    clock.at = DUE + timedelta(days=70)
    send_check_ins(desk)

    second = desk.check_ins.of_person(asked)[1]
    assert (second.status, second.reason) == ("skipped", "opted_out")
    assert waiting(desk.ports) == []
    assert texts(say(brain, desk.ports, "j'ai perdu ma carte d'identité"))


def test_stop_questions_does_not_loosen_stop(desk: CheckInDesk, brain: Brain, asked: str) -> None:
    say(brain, desk.ports, "STOP")
    say(brain, desk.ports, "stop questions")
    say(brain, desk.ports, "je veux rester en contact")
    say(brain, desk.ports, "oui")

    person = desk.ports.store.person(asked).person
    assert person is not None
    assert person.opt_out == "all"


def test_the_next_check_in_takes_the_place_of_the_one_that_was_left(
    desk: CheckInDesk, brain: Brain, asked: str, clock: StoppedClock
) -> None:
    waiting(desk.ports)
    say(brain, desk.ports, "1")
    clock.at = datetime(2027, 2, 23, 10, tzinfo=UTC)
    send_check_ins(desk)
    assert "Comment ca va" in waiting(desk.ports)[0].text

    say(brain, desk.ports, "3")

    rows = desk.check_ins.of_person(asked)
    assert (rows[0].reason, rows[1].answered_at) == ("no_answer", clock.at)
    moods = desk.check_ins.answers(Asked("check_in_mood", by="month"))
    assert moods == (Cell("2026-12", "well", 1), Cell("2027-02", "bad", 1))
