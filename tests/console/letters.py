"""Persons who write, for tests of the console's pages: each test has numbers of its own, for the data is shared."""

from collections.abc import Callable
from itertools import count

from bot.core.cases import Case
from bot.house import House
from bot.simulator import Phone
from tests.console.conftest import Seat

_numbers = count(76_100_000)


def fresh() -> str:
    """Return a number that nobody has."""
    return f"+223{next(_numbers)}"


def phone(house: House, number: str = "", channel: str = "sms") -> Phone:
    return Phone(house.brain, house.ports, "whatsapp" if channel == "whatsapp" else "sms", number or fresh())


def cases_of(house: House, one: Phone) -> tuple[Case, ...]:
    person = one.person()
    assert person
    return house.case_reads.cases_of(person.id)


def asks(house: House, *texts: str, number: str = "") -> tuple[Phone, Case]:
    """Let somebody ask for a person of the team after writing `texts`; return their phone and the case."""
    one = phone(house, number)
    for text in (*texts, "je veux parler à quelqu'un"):
        one.write(text)
    case, *_ = [case for case in cases_of(house, one) if case.kind == "question"]
    return one, case


def complains(house: House, number: str = "") -> tuple[Phone, Case]:
    """Let somebody complain of money asked for by staff."""
    one = phone(house, number)
    for text in ("je veux me plaindre", "un agent m'a demandé de l'argent pour mon dossier"):
        one.write(text)
    case, *_ = [case for case in cases_of(house, one) if case.sensitive]
    return one, case


def page(seat: Seat, path: str) -> str:
    answer = seat.get(f"/console/cases{path}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def version(text: str) -> int:
    """Return the version of the case that a page shows."""
    return int(text.split('name="seen" value="')[1].split('"', maxsplit=1)[0])


Sit = Callable[..., Seat]
