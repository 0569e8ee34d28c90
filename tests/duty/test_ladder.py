"""Who is alerted, in which order: the pure part, as a table that a supervisor can read."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.cases import Case, Priority
from bot.core.duty import ANYBODY, DutyRole, OnCall, Wish, after_alert, next_opening, waits_for_hours, whom_next
from bot.core.hours import Hours
from bot.core.messages import Address, Language
from bot.core.staff import Role, Staff

NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # a Monday night


def one(
    login: str, role: DutyRole | None, *, sex: str = "m", can: Role = "caseworker", speaks: Language = "fr"
) -> OnCall:
    staff = Staff(login, login.title(), frozenset({can}))
    return OnCall(staff, (Address("sms", "+22370000011"),), (speaks,), sex, role)


def case(priority: Priority = "P1", *, sensitive: bool = False) -> Case:
    return Case("c", "K7421R", "p", "threat", priority, "open", sensitive, NOW)


ROSTER = (
    one("sub", "substitute", sex="f"),
    one("main", "main"),
    one("chief", "supervisor", sex="f", can="supervisor"),
    one("boss", None, can="supervisor"),
    one("nene", None, sex="f", can="focal_point"),
)


def climb(a_case: Case, roster: tuple[OnCall, ...], wish: Wish, steps: int) -> list[str]:
    """Return who is alerted step by step, several at once joined."""
    alerted: tuple[str, ...] = ()
    told = []
    for _ in range(steps):
        call = whom_next(a_case, roster, wish, alerted)
        names = [person.staff.id for person in call.people] + [ANYBODY] * call.anybody
        alerted = (*(() if call.begins_round else alerted), *names)
        told.append("+".join(names))
    return told


def test_main_then_substitute_then_supervisor_then_every_supervisor_then_the_numbers_of_the_setting() -> None:
    assert climb(case(), ROSTER, Wish(), 7) == ["main", "sub", "chief", "boss", ANYBODY, "main", "sub"]


def test_a_caseworker_of_the_wished_sex_comes_first_and_the_supervisor_still_last() -> None:
    assert climb(case(), ROSTER, Wish(sex="f"), 3) == ["sub", "main", "chief"]


def test_of_two_alike_the_one_who_speaks_the_language_comes_first() -> None:
    roster = (one("a", "main"), one("b", "main", speaks="bm"))

    assert climb(case(), roster, Wish(language="bm"), 2) == ["b", "a"]


def test_a_sensitive_case_is_the_focal_point_s_alone_day_and_night() -> None:
    assert climb(case(sensitive=True), ROSTER, Wish(), 3) == ["nene", "nene", "nene"]


def test_without_a_focal_point_a_sensitive_case_still_reaches_the_numbers_of_the_setting() -> None:
    assert climb(case(sensitive=True), ROSTER[:4], Wish(), 2) == [ANYBODY, ANYBODY]


def test_with_nobody_on_duty_every_supervisor_is_alerted_at_once() -> None:
    roster = (one("fanta", None, can="supervisor"), one("boss", None, can="supervisor"), one("oumou", None))

    assert climb(case(), roster, Wish(), 2) == ["fanta+boss", ANYBODY]


def test_whoever_cannot_be_reached_is_left_out() -> None:
    silent = OnCall(Staff("oumou", "Oumou", frozenset({"caseworker"})), (), role="main")

    assert climb(case(), (silent, one("sub", "substitute")), Wish(), 1) == ["sub"]


@pytest.mark.parametrize(
    ("priority", "rota", "on_duty", "waits"),
    [("P1", True, False, False), ("P2", True, False, True), ("P2", True, True, False), ("P2", False, False, False)],
)
def test_a_p2_waits_for_the_morning_unless_somebody_is_on_duty(
    priority: Priority, rota: bool, on_duty: bool, waits: bool
) -> None:
    call = whom_next(case(priority), ROSTER if on_duty else ROSTER[3:], Wish(), ())

    assert waits_for_hours(case(priority), call, rota=rota) is waits
    assert next_opening(Hours(), NOW) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_a_p1_moves_on_within_its_fifteen_minutes() -> None:
    call = whom_next(case(), ROSTER, Wish(), ())

    assert 3 * (after_alert(case(), call, NOW) - NOW) <= timedelta(minutes=15)
    assert after_alert(case(), call, NOW, timedelta(minutes=2)) == NOW + timedelta(minutes=2)
    assert after_alert(case("P2"), call, NOW, timedelta(minutes=2)) == NOW + timedelta(hours=1)
