"""Every page of the console is a door with the roles that may pass it; there is no other way to add one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.core.messages import Address
from bot.core.staff import Role, Staff
from bot.house import House
from bot.ports.staff import Note
from bot.service.unmask import Asked, unmask
from console import cookies

LARGEST_FORM = 64 * 1024  # bytes; a door for files says more


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with: the house, and who sits there."""

    house: House
    staff: Staff

    def saw(self, action: str, object_id: str, detail: str = "") -> None:
        """Note in the audit trail that they looked at something, such as ("person.view", its id)."""
        now = self.house.ports.clock.now()
        self.house.entrance.book.note(Note(self.staff.id, action, object_id, now, detail))

    def unmask(self, asked: Asked) -> tuple[Address, ...]:
        """Return a person's addresses to `reveal()`, for one of the REASONS of bot.service.unmask. Raises BadReason."""
        ports, book = self.house.ports, self.house.entrance.book
        return unmask(ports.store, book, ports.clock, self.staff, asked)

    def back(self, name: str, notice: str = "", **values: Any) -> Response:
        """Lead to a door after a form was carried out, and let it say a sentence that holds no personal datum."""
        answer = make_response(redirect(url_for(f"console.{name}", **values), 303))
        if notice:
            cookies.say(answer, self.house.settings, notice)
        return answer


@dataclass(frozen=True, slots=True)
class Door:
    """One page or form. `view` is called with the Desk and what the rule's placeholders matched."""

    rule: str  # below /console, such as "/cases/<reference>"
    name: str  # for url_for: "console.<name>"
    view: Callable[..., ResponseReturnValue]
    roles: frozenset[Role]  # any of these
    methods: tuple[str, ...] = ("GET",)
    largest: int = LARGEST_FORM  # bytes of a form


def lay(pages: Blueprint, doors: Iterable[Door], house: House, who: Callable[[], Staff]) -> None:
    """Add the doors to the blueprint. `who` returns who is signed in, or ends the request by itself."""
    for door in doors:
        pages.add_url_rule(door.rule, door.name, _guarded(door, house, who), methods=door.methods)


def _guarded(door: Door, house: House, who: Callable[[], Staff]) -> Callable[..., ResponseReturnValue]:
    def view(**matched: Any) -> ResponseReturnValue:
        staff = who()
        if not staff.may(*door.roles):
            abort(403)
        return door.view(Desk(house, staff), **matched)

    return view
