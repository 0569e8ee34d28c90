"""Every page of the console is a door with the roles that may pass it; there is no other way to add one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from bot.core.staff import Role, Staff
from bot.house import House


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with: the house, and who sits there."""

    house: House
    staff: Staff


@dataclass(frozen=True, slots=True)
class Door:
    """One page or form. `view` is called with the Desk and what the rule's placeholders matched."""

    rule: str  # below /console, such as "/cases/<reference>"
    name: str  # for url_for: "console.<name>"
    view: Callable[..., ResponseReturnValue]
    roles: frozenset[Role]  # any of these
    methods: tuple[str, ...] = ("GET",)


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
