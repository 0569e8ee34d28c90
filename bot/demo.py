"""A demonstration's throw-away data: a dozen invented people, played through the real engine in the past."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain, product
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from sqlalchemy import select

from bot.adapters.queue import SilentWake
from bot.adapters.senders import SimulatedPhones
from bot.adapters.sql.tables import person
from bot.config import Settings
from bot.core.broadcasts import Broadcast
from bot.core.check_ins import Dates, due_at
from bot.core.hours import BAMAKO
from bot.core.messages import Address, Incoming
from bot.core.people import RETURN_DATE
from bot.core.quiet import NEVER
from bot.core.staff import Staff, may_see
from bot.house import ROOT, House
from bot.service import broadcasts, import_contacts, work_cases
from bot.service.answer_person import answer
from bot.service.begin_flow import send_reminders
from bot.service.change_case import Seen
from bot.service.end_case import close
from bot.service.escalate import Alarm, escalate
from bot.service.hand_out import Road
from bot.service.keep_rota import Asked, add_shifts
from bot.service.note_call import note_call
from bot.service.plan_check_ins import plan_check_ins
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_check_ins import send_check_ins
from bot.service.send_due import send_due
from bot.simulator import OWN_NUMBER, PROVIDER, Phone, StoppedClock

log = logging.getLogger(__name__)

FOLDER = ROOT / "flows" / "demo"
FIRST_NUMBER = 22376009000  # the block of the invented people
CONTACT = ("place", "call_hours")
ANSWERED_AFTER = timedelta(minutes=20)  # after a check-in
BEFORE = timedelta(minutes=10)  # the worker's work is done so long before each moment
A_MESSAGE = timedelta(seconds=40)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
A_TIME = "%Y-%m-%dT%H:%M"
SHIFTS = (("demo.awa", "main"), ("demo.moussa", "supervisor"), ("demo.fatou", "substitute"))
TEXTS = {
    "fr": "Bonjour {name}. Vous pouvez écrire ici à tout moment. 9 : une personne.",
    "bm": "I ni ce {name}. I bɛ se ka sɛbɛn yan waati bɛɛ. 9: mɔgɔ dɔ.",
}


Moment: TypeAlias = tuple[datetime, Callable[[], object]]


def may_seed(settings: Settings) -> bool:
    """Say whether invented people may be here: in a demonstration that no provider carries messages for.

    Somebody may really have such a number, and would be written to.
    """
    return settings.demo and not settings.ways


def seed(house: House, data: Path = FOLDER / "persons.yml") -> int:
    """Play the invented people of a file into an empty installation that may have them; return how many there are."""
    if not may_seed(house.settings) or _has_people(house):
        return 0
    people = yaml.safe_load(data.read_text(encoding="utf-8"))
    now = house.ports.clock.now()
    _Play(house, now).all(people)
    log.info("the demonstration has %s invented people", len(people))
    return len(people)


def _has_people(house: House) -> bool:
    with house.database.reading() as connection:
        return connection.execute(select(person.c.id).limit(1)).first() is not None


class _Play:
    """The demonstration being played, on a clock of its own; `now` is where it ends."""

    def __init__(self, house: House, now: datetime) -> None:
        self._house, self._now, self._clock = house, now, StoppedClock(now)
        self._ports = replace(house.ports, clock=self._clock, wake=SilentWake())
        self._brain = house.brain
        self._staff = {one.login: one.staff for one in house.entrance.book.all()}
        self._check_ins = replace(house.check_in_desk, ports=self._ports, quiet=NEVER)
        self._broadcasts = replace(house.broadcast_desk, ports=self._ports, quiet=NEVER)
        self._road = Road({PROVIDER: SimulatedPhones()})

    def all(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Go through every moment of everybody in the order of time; the worker's work is done before each."""
        moments = [*chain.from_iterable(map(self._moments, people)), *self._of_the_team()]
        for at, happen in sorted(moments, key=lambda moment: moment[0]):
            if at > self._now:
                continue
            self._clock.at = at - BEFORE
            self._work()
            self._clock.at = at
            happen()
        self._clock.at = self._now
        self._work()

    def _work(self) -> None:
        """Do what the worker does by the clock."""
        ports = self._ports
        escalate(self._brain, ports, Alarm(self._house.settings.escalate_after))
        plan_check_ins(self._brain, ports, self._house.check_ins)
        send_check_ins(self._check_ins)
        send_reminders(self._brain, ports)
        send_due(ports.store, self._clock, self._road)

    def _moments(self, who: Mapping[str, Any]) -> Iterator[Moment]:
        for day in who["days"]:
            ((when, deeds),) = day.items()
            yield self._time(str(when), who), partial(self._live, who, deeds)

    def _time(self, when: str, who: Mapping[str, Any]) -> datetime:
        """Read "9d 10:30", "40m", "3h", or "m3": the answer to the check-in of month 3."""
        if when.startswith("m"):
            plan = self._brain.assistant.plans[0]
            step = next(one for one in plan.steps if one.months == int(when[1:]))
            return due_at(plan, step, Dates(self._now, self._returned(who))) + ANSWERED_AFTER
        if when[-1] in UNITS:
            return self._now - int(when[:-1]) * UNITS[when[-1]]
        days, hour = when.split("d ")
        day = self._now.astimezone(BAMAKO).date() - timedelta(days=int(days))
        return datetime.combine(day, time.fromisoformat(hour), BAMAKO)

    def _returned(self, who: Mapping[str, Any]) -> date | None:
        days = who["known"].get("returned")
        return self._now.astimezone(BAMAKO).date() - timedelta(days=days) if days else None

    def _live(self, who: Mapping[str, Any], deeds: Iterable[Any]) -> None:
        """Let one person write, or somebody of the team work on what they asked for."""
        for deed in deeds:
            if isinstance(deed, dict):
                ((verb, value),) = deed.items()
                self._do(who, verb, value)
            else:
                self._phone(who).write(str(deed))
            self._know(who)
            self._clock.at += A_MESSAGE
        send_due(self._ports.store, self._clock, self._road)

    def _phone(self, who: Mapping[str, Any]) -> Phone:
        return Phone(self._brain, self._ports, who.get("channel", "sms"), f"+{FIRST_NUMBER + who['number']}")

    def _do(self, who: Mapping[str, Any], verb: str, value: Any) -> None:
        if verb == "voice":
            self._phone(who).write("", content="voice_note")
        elif verb == "call":
            caller = Address("voice", self._phone(who).number)
            rings = Incoming(PROVIDER, self._ports.ids.new(), caller, OWN_NUMBER, "", self._clock.now())
            note_call(self._ports, self._house.calls, rings, deadlines=self._brain.deadlines)
        else:
            self._work_on(self._newest(who, self._staff[f"demo.{verb}"]), *value)

    def _newest(self, who: Mapping[str, Any], staff: Staff) -> Seen:
        """Return the newest case of a person that somebody may see."""
        known = self._phone(who).person()
        cases = self._ports.store.cases(include_sensitive=True)
        theirs = [case for case in cases if known and case.person_id == known.id and may_see(staff, case)]
        return Seen(max(theirs, key=lambda case: case.opened_at).reference, staff)

    def _work_on(self, seen: Seen, verb: str, *rest: Any) -> None:
        brain, ports = self._brain, self._ports
        match verb, rest:
            case "take", ():
                work_cases.take(ports, seen)
            case "answer", (text,):
                answer(brain, ports, seen, text)
            case "note", (text,):
                work_cases.note(ports, seen, text)
            case "wait", (reason, days):
                work_cases.wait(ports, seen, reason, self._now.date() + timedelta(days=days))
            case "refer", (partner, reason):
                work_cases.refer(brain, ports, seen, partner, reason)
            case "close", (outcome,):
                close(brain, ports, seen, outcome)
            case _:
                raise ValueError(f"flows/demo/persons.yml: nobody of the team can do {verb!r} with {rest}.")

    def _know(self, who: Mapping[str, Any]) -> None:
        """Write down what the team knows of a person besides what they wrote."""
        known = self._phone(who).person()
        if known is None or known.sex:
            return
        returned, now = self._returned(who), self._clock.now()
        given = {name: value for name, value in who["known"].items() if name != "returned"}
        profile = {name: value for name, value in given.items() if name not in CONTACT} | {"sex": who["sex"]}
        contact = {name: value for name, value in given.items() if name in CONTACT}
        if returned:
            profile["return_month"], contact[RETURN_DATE] = f"{returned:%Y-%m}", returned.isoformat()
        with self._ports.store.write() as tx:
            tx.save_profile(known.id, profile, now=now)
            tx.save_contact(known.id, contact, now=now)

    def _of_the_team(self) -> Iterator[Moment]:
        """Return what happens beside the conversations: the rota of two weeks, a broadcast, and one that waits."""
        yield self._now - timedelta(days=20), self._broadcast
        yield (
            self._now - timedelta(days=1),
            lambda: self._submit("Comment allez-vous ?", kind="check_in", flow="check_in"),
        )
        yield self._now - timedelta(hours=6), self._rota
        yield self._now - timedelta(hours=5), self._list

    def _list(self) -> None:
        """Let somebody upload a list, which then waits for what its columns mean."""
        desk = replace(self._house.import_desk, clock=self._clock)
        with (FOLDER / "contacts.csv").open("rb") as file:
            import_contacts.upload(desk, file, by=self._staff["demo.moussa"].id)

    def _rota(self) -> None:
        """Let each be on duty from eight to eight, every day for two weeks."""
        today = self._now.astimezone(BAMAKO)
        monday = datetime.combine(today - timedelta(days=today.weekday()), time(8))
        for (login, role), day in product(SHIFTS, range(7)):
            begins = monday + timedelta(days=day)
            until = begins + timedelta(days=1)
            if until.replace(tzinfo=BAMAKO) > self._clock.at:
                shift = Asked(self._staff[login].id, f"{begins:{A_TIME}}", f"{until:{A_TIME}}", role, weeks="2")
                add_shifts(self._ports, shift, by=self._staff["demo.ibrahim"].id)

    def _submit(self, name: str, **content: Any) -> broadcasts.Seen:
        """Let somebody write a broadcast and hand it over."""
        author, now = self._staff["demo.moussa"], self._clock.now()
        wanted = Broadcast(id="", name=name, state="draft", created_by=author.id, created_at=now, **content)
        seen = broadcasts.Seen(author, broadcasts.draft(self._broadcasts, author, wanted).id)
        broadcasts.submit(self._broadcasts, seen)
        return seen

    def _broadcast(self) -> None:
        seen = self._submit("Écrire à tout moment", kind="text", texts=TEXTS)
        broadcasts.approve(self._broadcasts, replace(seen, staff=self._staff["demo.ibrahim"]))
        broadcasts.schedule(self._broadcasts, seen)
        send_broadcasts(self._broadcasts, self._road)
