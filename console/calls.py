"""A case's telephone and its voice notes: call the person, play what they sent."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from bot.core.cases import Case
from bot.core.media import ENDINGS
from bot.core.messages import Address
from bot.ports.media import Medium
from bot.service.call_person import NotCalled, Wish, call_person
from bot.service.read_case import read_case
from console.case import EYES, TEAM, for_my_eyes, page
from console.case_view import EVERYTHING, Form, case_view
from console.doors import Desk, Door

RINGS = "Votre téléphone sonne dans un instant : décrochez, puis tapez 1 pour appeler la personne."
# Nothing in an attachment may run or load anything, whatever it is.
ALONE = "default-src 'none'; media-src 'self'; img-src 'self'; sandbox; frame-ancestors 'none'"


def call(desk: Desk, reference: str) -> ResponseReturnValue:
    """Let one's own telephone ring, then the person's; what speaks against it is said, and nothing typed is lost."""
    case = for_my_eyes(desk, reference)
    wish = Wish(case, desk.staff, _own_phone(desk), request.form.get("override", ""))
    try:
        call_person(desk.house.telephone, wish)
    except NotCalled as error:
        return page(case_view(desk, case), Form("call", request.form.to_dict(), str(error)), status=422)
    return desk.back("case", RINGS, reference=case.reference)


def _own_phone(desk: Desk) -> Address | None:
    """Return the telephone of whoever sits there, once they have shown that it is theirs."""
    account = desk.house.entrance.book.by_id(desk.staff.id)
    return account.phone if account and account.phone_confirmed_at else None


def play(desk: Desk, reference: str, medium_id: str) -> ResponseReturnValue:
    """Hand over a voice note or picture of this case's conversation; the audit trail keeps who heard it."""
    case = for_my_eyes(desk, reference)
    medium = _of_case(desk, case, medium_id)
    if medium is None or medium.status != "kept" or medium.content_type not in ENDINGS:
        abort(404)
    desk.saw("media.play", case.id, medium.id)
    answer = Response(desk.house.media.content(medium.id), content_type=medium.content_type)
    name = f"{case.reference}-{medium.id[:6]}.{ENDINGS[medium.content_type]}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Length"] = str(medium.size)
    answer.headers["Content-Security-Policy"] = ALONE
    return answer


def _of_case(desk: Desk, case: Case, medium_id: str) -> Medium | None:
    """Find an attachment among the messages that these eyes may see in this case."""
    house = desk.house
    read = read_case(house.ports.store, house.case_reads, desk.staff, case, limit=EVERYTHING)
    return next((one for message in read.messages for one in message.media if one.id == medium_id), None)


DOORS = (
    Door("/cases/<reference>/call", "case_call", call, TEAM, ("POST",)),
    Door("/cases/<reference>/media/<medium_id>", "case_media", play, EYES),
)
