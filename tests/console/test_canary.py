"""A name, a number and words that only a person knows: no log line, no address, no metric and no file name has them."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.core.messages import Address, Incoming
from bot.service.receive_message import receive_message
from tests.console.letters import asks, phone, version

NAME, NUMBER, ENDING = "Kanarikaba", "+22376987654", "987654"
TOLD = f"Kanarikaba va me tuer, appelez {NUMBER}"
BIRDS = ("kanari", ENDING, "76 98 76 54")
STAFF_PHONE = "+22376987111"
LIST = f"Nom;Téléphone;Région\n{NAME};66{ENDING};Kayes\n{NAME};12{ENDING}9{ENDING};Mopti\n"
BROADCAST = {"name": "Rencontre", "kind": "text", "channel": "any", "tags": ["kanari-liste"], "text_bm": "I ni ce."}


def birds(text: str) -> list[str]:
    return [bird for bird in BIRDS if bird in text.lower()]


@contextmanager
def heard() -> Iterator[list[str]]:
    """Listen to every logger at its most talkative."""
    told: list[str] = []
    ear = logging.Handler(logging.DEBUG)
    ear.emit = lambda record: told.append(logging.Formatter("%(name)s %(message)s %(exc_text)s").format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield told
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


def addresses(answer):
    """Return what a browser keeps in its history or asks others for: links, targets of forms, names of files."""
    links = re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"]*)"', answer.get_data(as_text=True))
    return " ".join([*links, *answer.headers.getlist("Location"), answer.headers.get("Content-Disposition", "")])


@pytest.fixture
def slices(console_house):
    return lambda: [console_house.slices[name].run() for name in sorted(console_house.slices)]


@pytest.mark.parametrize("where", ["cases", "persons", "lists", "broadcasts", "telephones"])
def test_canary_data_stays_where_it_belongs(where, staff_client, console_app, console_house, slices):
    with heard() as told:
        answers = DOINGS[where](staff_client, console_house, slices)
        slices()
        metrics = console_app.test_client().get("/metrics").get_data(as_text=True)

    assert len(answers) > 2
    assert birds(" ".join(map(addresses, answers))) == []
    assert [line for line in told if birds(line)] == []
    assert birds(metrics) == []


def writes(house, number=NUMBER):
    one = phone(house, number)
    for text in (f"je suis {NAME}", "je veux parler à quelqu'un", TOLD):
        one.write(text)
    return one


def work_cases(sit, house, _):
    writes(house)
    _, case = asks(house, number=NUMBER)
    desk = sit("caseworker")
    path = f"/console/cases/{case.reference}"

    def act(name, **typed):
        seen = version(desk.get(path).get_data(as_text=True))
        return desk.post_form(f"{path}/{name}", {"seen": seen, **typed})

    return [
        desk.get(path),
        desk.post_form("/console/cases/search", {"sought": NAME}),
        act("answer", text=f"Bonjour {NAME}, {NUMBER}"),
        act("note", reason=TOLD),
        act("wait", reason=TOLD, until="2027-01-01"),
        act("wait", reason="", until=TOLD),
        act("numbers", why="call"),
        act("call", override=TOLD),
        act("refer", partner="apej", reason=TOLD),
        act("close", outcome="solved", reason=TOLD),
    ]


def work_persons(sit, house, _):
    one = writes(house)
    desk, path = sit("supervisor"), f"/console/persons/{one.person().id}"
    form = {"name": NAME, "relative_number": NUMBER, "place": NAME, "seen": ""}
    return [
        desk.post_form("/console/persons", {"sought": NAME}),
        desk.get(path),
        desk.post_form(f"{path}/numbers", {"why": "call"}),
        desk.post_form(f"{path}/change", form),
        desk.post_form(f"{path}/hold", {"reason": TOLD}),
        desk.post_form(f"{path}/export"),
        desk.get("/console/audit"),
        desk.post_form(f"{path}/release"),
        desk.post_form(f"{path}/erase", {"sure": "1"}),
    ]


def work_lists(sit, house, slices):
    desk = sit("broadcaster")
    file = (io.BytesIO(LIST.encode()), f"{NAME}-{NUMBER}.csv")
    uploaded = desk.post_form("/console/contacts/new", {"file": file})
    path = uploaded.location
    terms = {"column": ["name", "number", "region"], "consent_source": "formulaire", "tag": "kanari-liste"}
    checked = desk.post_form(f"{path}/check", terms)
    slices()
    entered = [desk.get(path), desk.get(f"{path}/problems.csv"), desk.post_form(f"{path}/let-in", {})]
    slices()
    return [uploaded, checked, *entered, desk.get("/console/contacts")]


def work_broadcasts(sit, house, slices):
    house.broadcasts.tag("kanari-liste", [Address("sms", NUMBER)], now=house.ports.clock.now())
    writes(house)
    desk = sit("broadcaster")
    made = desk.post_form("/console/broadcasts/new", BROADCAST | {"text_fr": TOLD, "do": "keep"})
    path = made.location or "/console/broadcasts"
    return [made, desk.get(path), desk.get(f"{path}/ledger"), desk.post_form(f"{path}/test", {"phones": NUMBER})]


def work_telephones(sit, house, slices):
    one = writes(house, "+22366987654")
    desk = sit("caseworker", phone=Address("sms", STAFF_PHONE), pin_hash=house.entrance.passwords.hash("2580"))
    case, *_ = house.case_reads.cases_of(one.person().id)
    named = case.reference
    for text in ("PIN 2580", f"PRENDS {named}", f"R {named} {TOLD}", f"R 99 {TOLD}", f"PIN 1111 {NAME}"):
        ident, now, sender = house.ports.ids.new(), house.ports.clock.now(), Address("sms", STAFF_PHONE)
        receive_message(house.brain, house.ports, Incoming("simulator", ident, sender, "segin", text, now))
    assert house.ports.store.case(named).status == "answered"
    slices()
    path = f"/console/cases/{case.reference}"
    return [desk.get(path), desk.get("/console/account"), desk.get("/console/account/phone")]


DOINGS = {
    "cases": work_cases,
    "persons": work_persons,
    "lists": work_lists,
    "broadcasts": work_broadcasts,
    "telephones": work_telephones,
}
