"""Lists of numbers for an audience: each is a tag on the persons whom we know by them."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.adapters import sheets
from bot.core import imports
from bot.core.staff import Role
from bot.ports.imports import BadFile
from bot.service.tag_numbers import Tagged, note_tagged, tag_numbers
from console.doors import Desk, Door

HANDS: Final[frozenset[Role]] = frozenset({"broadcaster"})
_FRAME: Final = 64 * 1024


def _show(desk: Desk, *, problem: str = "", tag: str = "", made: Tagged | None = None) -> ResponseReturnValue:
    page = render_template(
        "console/number_lists.html",
        tags=desk.house.broadcasts.tags(),
        problem=problem,
        tag=tag,
        made=made,
        most=imports.MOST_BYTES // 1024 // 1024,
    )
    return page, 422 if problem else 200


def _upload(desk: Desk) -> ResponseReturnValue:
    file, tag = request.files.get("file"), request.form.get("tag", "").strip()
    if file is None or not file.filename:
        return _show(desk, problem="Choisissez d'abord le fichier de la liste.", tag=tag)
    try:
        made = tag_numbers(desk.house.ports, desk.house.broadcasts, sheets.read(file.stream), tag=tag)
    except BadFile as error:
        return _show(desk, problem=str(error), tag=tag)
    note_tagged(desk.house.ports, desk.staff, tag, made)
    return _show(desk, made=made, tag=tag)


DOORS = (
    Door("/number-lists", "number_lists", _show, HANDS),
    Door("/number-lists/new", "number_list_upload", _upload, HANDS, ("POST",), imports.MOST_BYTES + _FRAME),
)
